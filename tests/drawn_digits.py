"""Digits drawn by hand, as strokes of a mouse, and how they vary from one hand to another."""

import numpy as np

# Each a list of strokes, a stroke a list of points (x, y) on a pad of 28 by 28.
DRAWN = {
    0: [[[(14, 4), (9, 7), (8, 14), (9, 21), (14, 24), (19, 21), (20, 14), (19, 7), (14, 4)]]],
    1: [[[(14, 4), (14, 24)]], [[(10, 8), (15, 4), (15, 24)]]],
    2: [[[(8, 9), (10, 5), (15, 4), (19, 7), (18, 12), (13, 18), (8, 24), (21, 24)]],
        [[(8, 8), (13, 4), (18, 7), (17, 13), (10, 21), (8, 23), (12, 21), (16, 24), (21, 22)]]],
    3: [[[(8, 5), (14, 4), (18, 7), (16, 12), (12, 13), (17, 14), (20, 19), (15, 24), (8, 22)]],
        [[(9, 7), (14, 4), (19, 8), (14, 13), (20, 18), (14, 24), (8, 21)]]],
    4: [[[(10, 4), (8, 14), (20, 14)], [(18, 4), (17, 25)]],
        [[(17, 4), (7, 17), (22, 17)], [(17, 4), (17, 25)]]],
    5: [[[(19, 4), (10, 4), (9, 13), (15, 11), (20, 16), (17, 23), (8, 23)]],
        [[(10, 4), (9, 13), (16, 12), (19, 18), (14, 24), (8, 22)], [(10, 4), (20, 4)]]],
    6: [[[(17, 4), (11, 10), (8, 18), (11, 24), (17, 23), (18, 17), (13, 15), (9, 19)]]],
    7: [[[(8, 5), (20, 5), (14, 15), (11, 25)]],
        [[(8, 5), (20, 5), (12, 25)], [(10, 15), (19, 15)]]],
    8: [[[(18, 7), (13, 4), (9, 8), (17, 17), (17, 23), (11, 24), (9, 19), (18, 9), (18, 7)]]],
    9: [[[(18, 9), (13, 12), (9, 9), (12, 4), (18, 6), (18, 12), (16, 25)]],
        [[(19, 6), (14, 4), (9, 8), (12, 13), (18, 10), (19, 6), (17, 24)]]],
}  # fmt: skip


def varied(strokes, rng):
    """The same digit by another hand: smaller, turned, slanted, elsewhere, less steady."""
    angle, slant = rng.uniform(-0.2, 0.2, 2)
    stretch = np.diag(rng.uniform(0.4, 0.7) * rng.uniform(0.85, 1.15, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    way = turn @ np.array([[1, slant], [0, 1]]) @ stretch
    move = 14 + rng.uniform(-4, 4, 2)
    unsteady = [np.array(s) + rng.normal(0, 0.6, (len(s), 2)) - 14 for s in strokes]
    return [np.clip(each @ way.T + move, 0, 28).round(1).tolist() for each in unsteady]


def many(count, seed=0):
    """So many digits of each kind: strokes, and what they are meant to be."""
    rng = np.random.default_rng(seed)
    for digit, ways in DRAWN.items():
        for i in range(count):
            yield varied(ways[i % len(ways)], rng), digit
