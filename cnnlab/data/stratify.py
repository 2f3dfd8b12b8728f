"""Whole numbers for a stratified split: sizes of parts, and each class's share of each."""

from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt


def part_sizes(sizes: float | Sequence[float], total: int) -> list[int]:
    """Images in each part, for fractions or sizes; the rest becomes one more part.

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
            f"split: every part must have an image and all together {total:,}, "
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
