"""Why a gradient is wrong: compare it with the right one and name the mistake."""

import itertools
from collections.abc import Callable

import numpy as np

from cnnlab.scratch.functional.checks import Array

_TOLERANCE = 1e-4  # share of the largest entry
_LISTED = 5  # more entries are counted, for nobody reads them one by one


def likely_cause(given: Array, right: Array) -> str:
    """Name the mistake that turns the right gradient into the one that was given.

    Parameters
    ----------
    given, right : arrays of one shape

    Returns
    -------
    str
        The first explanation that fits, or how many entries differ.

    Examples
    --------
    >>> right = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> likely_cause(-right, right)
    'the sign is wrong'
    >>> likely_cause(right.T, right)
    'axes 0 and 1 are exchanged (transposed)'
    >>> likely_cause(right * [1, 0], right)
    'only entry 0 of axis 1 (of 2) is right, the rest is 0'
    """
    if not np.isfinite(given).all():
        return "it holds NaN or infinity: a division by 0, or an overflow"
    if not given.any():
        return "it is all zeros: backward passes nothing on"
    for explain in _EXPLANATIONS:
        cause = explain(given, right)
        if cause:
            return cause
    wrong = ~_same_entries(given, right)
    return f"{wrong.sum()} of {wrong.size} entries differ"


def _same_entries(given: Array, right: Array) -> Array:
    slack = _TOLERANCE * max(float(np.abs(right).max()), np.finfo(float).tiny)
    close: Array = np.abs(given - right) <= slack
    return close


def _same(given: Array, right: Array) -> bool:
    return bool(_same_entries(given, right).all())


def _factor(given: Array, right: Array) -> str:
    energy = float((right * right).sum())
    factor = float((given * right).sum()) / energy if energy else 0.0
    if factor == 0 or f"{factor:.4g}" == "1" or not _same(given, factor * right):
        return ""
    if abs(factor + 1) < _TOLERANCE:
        return "the sign is wrong"
    if factor < 0:
        hint = "the sign is wrong, and a factor is missing or too much"
    elif abs(max(factor, 1 / factor) - round(max(factor, 1 / factor))) > _TOLERANCE:
        hint = "was it multiplied or divided by something else?"
    elif factor > 1:
        hint = "summed where it must be averaged, or counted twice?"
    else:
        hint = "a factor is missing, or averaged where it must be summed?"
    return f"it is {factor:.4g} times the right one: {hint}"


def _exchanged(given: Array, right: Array) -> str:
    for i, j in itertools.combinations(range(right.ndim), 2):
        if right.shape[i] == right.shape[j] and _same(given.swapaxes(i, j), right):
            return f"axes {i} and {j} are exchanged (transposed)"
    return ""


def _flipped(given: Array, right: Array) -> str:
    for count in range(1, right.ndim + 1):
        for axes in itertools.combinations(range(right.ndim), count):
            if _same(np.flip(given, axes), right):
                one = right.ndim == 1
                return "it is in reverse order" if one else f"it is flipped along {_axes(axes)}"
    return ""


def _shifted(given: Array, right: Array) -> str:
    for axis, shift in itertools.product(range(right.ndim), (1, -1)):
        if right.shape[axis] > 2 and _same(np.roll(given, -shift, axis), right):
            if right.ndim == 1:
                return "it is shifted by one place (off by one)"
            return f"it is shifted by {shift} along axis {axis} (off by one)"
    return ""


def _partial(given: Array, right: Array) -> str:
    for axis, size in enumerate(right.shape):
        others = tuple(other for other in range(right.ndim) if other != axis)
        good = _same_entries(given, right).all(axis=others)
        missing = ~given.any(axis=others)
        entries = [int(i) for i in np.flatnonzero(good)]
        verb = "is" if len(entries) == 1 else "are"
        if entries and (good | missing).all() and not good.all():
            return (
                f"only {_entries(entries)} of axis {axis} (of {size}) {verb} right, the rest is 0"
            )
    return ""


def _levelled(given: Array, right: Array) -> str:
    for axis, size in enumerate(right.shape):
        for mean, word in ((right.mean, "averaged"), (right.sum, "summed")):
            if size > 1 and _same(given, np.broadcast_to(mean(axis, keepdims=True), right.shape)):
                return f"it is {word} over axis {axis}, whose entries must stay apart"
    return ""


_EXPLANATIONS: tuple[Callable[[Array, Array], str], ...] = (
    _factor,
    _exchanged,
    _flipped,
    _shifted,
    _partial,
    _levelled,
)


def _entries(entries: list[int]) -> str:
    if len(entries) == 1:
        return f"entry {entries[0]}"
    few = len(entries) <= _LISTED
    return f"entries {', '.join(map(str, entries))}" if few else f"{len(entries)} entries"


def _axes(axes: tuple[int, ...]) -> str:
    return f"{'axis' if len(axes) == 1 else 'axes'} {', '.join(map(str, axes))}"
