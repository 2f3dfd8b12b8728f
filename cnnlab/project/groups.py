"""Examples that belong together, such as patches of one photograph, and splits that keep them so."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab.data.stratify import part_sizes

Indices = npt.NDArray[np.int64]

_DRAWS = 200


def split_groups(
    groups: npt.ArrayLike,
    sizes: float | Sequence[float],
    *,
    labels: npt.ArrayLike | None = None,
    seed: int | np.random.Generator = 0,
) -> tuple[Indices, ...]:
    """Divide examples at random into parts, so that no group lies in two of them.

    Of many draws the one is taken whose parts come nearest to the sizes and, with labels, to the
    classes' shares in the whole set.

    Parameters
    ----------
    groups : (N,) array
        What each example belongs to: a photograph, a patient, a writer.
    sizes : number or sequence of numbers
        As in :meth:`cnnlab.data.Dataset.split`, reached as nearly as whole groups allow.
    labels : (N,) integers, optional
    seed : int or Generator

    Returns
    -------
    tuple of (M,) int64 arrays
        Positions of the examples of each part, in order.

    Raises
    ------
    ValueError
        If there are fewer groups than parts, or labels and groups differ in length.

    Examples
    --------
    >>> photographs = ["cat", "cat", "cup", "cup", "cup", "hen", "hen", "owl", "owl", "owl"]
    >>> [part.tolist() for part in split_groups(photographs, 0.5)]
    [[2, 3, 4, 5, 6], [0, 1, 7, 8, 9]]
    """
    names, member = np.unique(np.asarray(groups), return_inverse=True)
    kinds = np.zeros(len(member), np.int64) if labels is None else np.asarray(labels)
    if len(kinds) != len(member):
        raise ValueError(
            f"split_groups: labels and groups must have the same length, not {len(kinds):,} and "
            f"{len(member):,}. Give one of each for every example."
        )
    wanted = part_sizes(sizes, len(member))
    if len(names) < len(wanted):
        raise ValueError(
            f"split_groups: each of {len(wanted)} parts must have a group, but there are only "
            f"{len(names)}. Make fewer parts or smaller groups."
        )
    classes, kinds = np.unique(kinds, return_inverse=True)
    counts = np.zeros((len(names), len(classes)), np.int64)  # (groups, classes)
    np.add.at(counts, (member, kinds), 1)
    ideal = np.outer(wanted, counts.sum(axis=0)) / len(member)  # (parts, classes)
    best = min(_draws(counts, wanted, seed), key=lambda part: _error(part, counts, ideal))
    return tuple(np.flatnonzero(best[member] == part) for part in range(len(wanted)))


def _draws(
    counts: Indices, wanted: list[int], seed: int | np.random.Generator
) -> Iterator[Indices]:
    """Parts of the groups: each group, in a random order, goes where most examples are lacking."""
    rng = np.random.default_rng(seed)
    sizes = counts.sum(axis=1)
    for _ in range(_DRAWS):
        part, lacking = np.empty(len(counts), np.int64), np.array(wanted)
        order = rng.permutation(len(counts))
        for place, group in enumerate(order):
            empty = np.setdiff1d(np.arange(len(wanted)), part[order[:place]])
            must = len(empty) and len(empty) >= len(order) - place
            part[group] = empty[0] if must else np.argmax(lacking)
            lacking[part[group]] -= sizes[group]
        yield part


def _error(part: Indices, counts: Indices, ideal: npt.NDArray[np.float64]) -> float:
    held = np.stack([counts[part == one].sum(axis=0) for one in range(len(ideal))])
    return float(np.abs(held - ideal).sum())


def shared(first: npt.ArrayLike | None, second: npt.ArrayLike | None) -> list[Any]:
    """Groups that two parts have in common.

    Examples
    --------
    >>> shared([1, 1, 2], [2, 3])
    [2]
    """
    if first is None or second is None:
        return []
    common: list[Any] = np.intersect1d(np.asarray(first), np.asarray(second)).tolist()
    return common


def duplicates(
    first: npt.NDArray[np.floating[Any]],
    second: npt.NDArray[np.floating[Any]],
    *,
    alike: float = 0.999,
) -> list[tuple[int, int]]:
    """Images of one set that the other holds too, be it darker or lighter.

    Parameters
    ----------
    first, second : (N, C, H, W) arrays
    alike : float
        Correlation of the pixels from which on two images count as one. Images of one colour
        throughout count as one if they are equal.

    Returns
    -------
    list of (int, int)
        Places in the first set and in the second.

    Examples
    --------
    >>> images = np.random.default_rng(0).random((3, 1, 4, 4))
    >>> duplicates(images, 0.5 * images[1:2])
    [(1, 0)]
    """
    if not len(first) or not len(second) or first.shape[1:] != second.shape[1:]:
        return []
    one, two = (array.reshape(len(array), -1) for array in (first, second))  # (N, pixels)
    flat, other = (np.ptp(array, axis=1) == 0 for array in (one, two))
    close = _unit(one) @ _unit(two).T >= alike  # (N, M)
    equal = flat[:, None] & other & (one[:, :1] == two[:, 0])
    return [(int(i), int(j)) for i, j in np.argwhere(close | equal)]


def _unit(rows: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float32]:
    """Rows less their mean, of length 1, so that products of two are correlations."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    unit: npt.NDArray[np.floating[Any]] = np.divide(
        centred, length, where=length > 0, out=np.zeros_like(centred)
    )
    return unit.astype(np.float32)
