"""Which members of a set go into a part: given positions, and splits that keep the classes' shares."""

from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt


def positions(indices: npt.ArrayLike, total: int) -> npt.NDArray[Any]:
    """Check the indices of a subset: whole numbers, or a boolean for each member.

    Raises
    ------
    IndexError
        If they are not such a list or point outside the set.

    Examples
    --------
    >>> positions([2, 0], 3), positions([], 3).dtype.kind
    (array([2, 0]), 'i')
    """
    pick = np.asarray(indices)
    if pick.size == 0:
        pick = pick.astype(np.int64)
    fits = pick.shape == (total,) if pick.dtype == bool else pick.ndim == 1
    if not fits or pick.dtype.kind not in "iub":
        raise IndexError(
            f"subset: indices must be a list of whole numbers, or {total} booleans, "
            f"not {pick.dtype} of shape {pick.shape}. Give positions to keep."
        )
    if pick.dtype != bool and pick.size and not -total <= pick.min() <= pick.max() < total:
        raise IndexError(
            f"subset: indices must lie in 0 … {total - 1}, not {pick.min()} … {pick.max()}. "
            f"The set has {total:,} members."
        )
    return pick


def part_sizes(sizes: float | Sequence[float], total: int) -> list[int]:
    """How many go into each part, for fractions or sizes; the rest becomes one more part.

    Examples
    --------
    >>> part_sizes(0.8, 5000), part_sizes((0.7, 0.15, 0.15), 10), part_sizes((3, 3), 10)
    ([4000, 1000], [7, 1, 2], [3, 3, 4])
    """
    given: Any = sizes
    every: list[Any] = list(given) if isinstance(given, Iterable) else [given]
    if not all(isinstance(size, Real) for size in every):
        raise TypeError(
            f"split: sizes must be numbers, not {sizes!r}. Write split(0.8) or split((4000, 1000))."
        )
    if every and all(isinstance(size, Integral) for size in every):
        parts = [int(size) for size in every]
        if sum(parts) < total:
            parts.append(total - sum(parts))
    elif every and not any(isinstance(size, Integral) for size in every):
        parts = _parts_of_fractions(every, total)
    else:
        raise TypeError(
            f"split: sizes must be all fractions or all whole numbers, not {sizes!r}. "
            f"Write split(0.8) or split((4000, 1000))."
        )
    if min(parts) < 1 or sum(parts) != total:
        raise ValueError(
            f"split: every part must have a member and all together {total:,}, "
            f"but {sizes!r} gives {parts}. Change the sizes."
        )
    return parts


def _parts_of_fractions(fractions: list[float], total: int) -> list[int]:
    ends = np.cumsum([0.0, *fractions])
    if not (min(fractions) > 0 and ends[-1] < 1 + 1e-9):
        raise ValueError(
            f"split: fractions must be positive and add up to 1 at most, not {fractions}. "
            f"Write for example split((0.7, 0.15, 0.15))."
        )
    if ends[-1] < 1 - 1e-9:
        ends = np.append(ends, 1.0)
    # Rounding the ends, not the sizes, makes the sizes add up.
    return [int(size) for size in np.diff(np.rint(ends * total))]


def draw_parts(
    kinds: npt.NDArray[np.int64],
    sizes: float | Sequence[float],
    rng: np.random.Generator,
) -> list[npt.NDArray[np.int64]]:
    """Positions of each part, shuffled: every kind has its share of each, to within one.

    Examples
    --------
    >>> parts = draw_parts(np.array([0, 0, 1, 1]), 0.5, np.random.default_rng(0))
    >>> [sorted((part // 2).tolist()) for part in parts]
    [[0, 1], [0, 1]]
    """
    totals = part_sizes(sizes, len(kinds))
    classes, counts = np.unique(kinds, return_counts=True)
    chunks: list[list[npt.NDArray[np.int64]]] = [[] for _ in totals]
    for label, shares in zip(classes, stratify(counts, totals), strict=True):
        members = rng.permutation(np.flatnonzero(kinds == label))
        for part, chunk in zip(chunks, np.split(members, np.cumsum(shares)[:-1]), strict=True):
            part.append(chunk)
    return [rng.permutation(np.concatenate(part)) for part in chunks]


def stratify(counts: npt.ArrayLike, sizes: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Images of each class for each part, each within one of its proportional share.

    Shares are rounded down; then each class hands its remaining images, at most one to a
    part, to the parts that lack most. Filling rows towards the largest remaining column
    sums always works out [1]_.

    Parameters
    ----------
    counts : (K,) integers
        Images of each class.
    sizes : (P,) integers
        Images of each part; the same total.

    Returns
    -------
    images : (K, P) array
        Rows add up to ``counts``, columns to ``sizes``.

    References
    ----------
    .. [1] D. Gale, "A theorem on flows in networks", Pacific J. Math. 7(2), 1957.

    Examples
    --------
    >>> stratify([5, 5, 5], [8, 4, 3])
    array([[3, 1, 1],
           [3, 1, 1],
           [2, 2, 1]])
    """
    rows, columns = np.asarray(counts, dtype=np.int64), np.asarray(sizes, dtype=np.int64)
    images: npt.NDArray[np.int64] = np.outer(rows, columns) // rows.sum()  # (K, P)
    lacking = columns - images.sum(axis=0)
    for row, extra in zip(images, rows - images.sum(axis=1), strict=True):
        receivers = np.argsort(-lacking, kind="stable")[:extra]
        row[receivers] += 1
        lacking[receivers] -= 1
    return images
