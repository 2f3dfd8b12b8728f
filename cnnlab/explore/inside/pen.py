"""A drawing becomes a digit as MNIST has them: of one size, one pen, its weight in the middle.

The strokes are moved and scaled before they are drawn, so that the line is equally wide however
small or large somebody writes. ``pen.js`` does the same in the page.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Stroke: TypeAlias = Sequence[Sequence[float]]

PAD = 28  # units of the side of the pad
SIDE = 28  # pixels of an image
BOX = 20  # pixels that the longer side of a digit fills, as in MNIST
RADIUS = 1.15  # pixels from the middle of a line to its edge
LEAST = 4  # units: a dot is not blown up to a blot
MOST = 2000  # points of a drawing


def checked(strokes: Any) -> list[list[list[float]]]:
    """Return strokes as plain lists, or say what is wrong with them.

    Parameters
    ----------
    strokes : sequence of sequences of (x, y)
        Each from 0 to 28, to the right and down.

    Raises
    ------
    ValueError
        If it is no such sequence.

    Examples
    --------
    >>> checked([[(3, 4)]])
    [[[3.0, 4.0]]]
    """
    try:
        found = [[[float(x), float(y)] for x, y in stroke] for stroke in strokes]
    except (TypeError, ValueError):
        raise ValueError(
            f"strokes must be a list of lists of points (x, y), not {strokes!r:.60}. "
            "Write one such as [[(14, 4), (14, 24)]]."
        ) from None
    points = [value for stroke in found for point in stroke for value in point]
    if not all(0 <= value <= PAD for value in points):
        raise ValueError(f"points of strokes must lie from 0 to {PAD}, and one does not. Move it.")
    if len(points) > 2 * MOST:
        raise ValueError(
            f"strokes must have at most {MOST:,} points, not {len(points) // 2:,}. Leave some out."
        )
    return [stroke for stroke in found if stroke]


def drawn(strokes: Sequence[Stroke]) -> npt.NDArray[np.float32]:
    """Draw strokes as a digit.

    Parameters
    ----------
    strokes : sequence of sequences of (x, y)

    Returns
    -------
    (28, 28) float32 array
        0 is paper and 1 is ink; its longer side fills 20 pixels, and its centre of mass is
        the middle.

    Examples
    --------
    >>> one = drawn([[(9, 4), (9, 14)]])
    >>> rows = np.flatnonzero(one.any(axis=1))
    >>> int(rows[0]), int(rows[-1]), round(float(one.sum()))
    (4, 23, 45)
    """
    if not strokes:
        return np.zeros((SIDE, SIDE), np.float32)
    points = np.array([point for stroke in strokes for point in stroke], float)  # (P, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (BOX - 2 * RADIUS) / max(*(high - low), LEAST)
    ends = _segments(strokes)  # (S, 2, 2)
    placed = (ends - (low + high) / 2) * scale + SIDE / 2
    ink = _inked(placed)
    grid = np.arange(SIDE) + 0.5
    mass = ink.sum()
    middle = np.array([ink.sum(axis=0) @ grid, ink.sum(axis=1) @ grid]) / mass
    return _inked(placed + SIDE / 2 - middle).astype(np.float32)


def _segments(strokes: Sequence[Stroke]) -> npt.NDArray[np.float64]:
    """Pairs of neighbouring points; a dot is a pair of its own."""
    pairs = [
        (start, end)
        for stroke in strokes
        for start, end in pairwise([*stroke, stroke[-1]] if len(stroke) == 1 else stroke)
    ]
    return np.array(pairs, np.float64)


def _inked(segments: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How dark each pixel is: by how far its middle is from the nearest line."""
    grid = np.arange(SIDE) + 0.5
    pixels = np.stack(np.meshgrid(grid, grid), axis=-1)  # (28, 28, 2), x and y
    nearest = np.full((SIDE, SIDE), np.inf)
    for start, end in segments:
        way = end - start
        share = np.clip((pixels - start) @ way / max(way @ way, 1e-9), 0, 1)  # (28, 28)
        gap = pixels - start - share[..., None] * way
        nearest = np.minimum(nearest, np.hypot(gap[..., 0], gap[..., 1]))
    ink: npt.NDArray[np.float64] = np.clip(RADIUS + 0.5 - nearest, 0, 1)
    return ink
