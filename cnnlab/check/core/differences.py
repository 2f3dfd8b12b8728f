"""How an array differs from the right one, in a sentence that does not tell the right one."""

import itertools
import re
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from cnnlab.check.core.arrays import Array, same, tolerance

_ROUNDED = 5e-3
_FEW = 10  # an array with fewer values could be guessed, one by one
_FAR = 1000
_OF_BATCH = ", that of the batch,"


def difference(given: Array, right: Array, axes: str = "", on_paper: bool = False) -> str:
    """Say how an array differs from the right one, without telling the right one.

    Parameters
    ----------
    given, right : arrays
        Any shapes.
    axes : str
        Names of the axes asked for, such as "(N, C, H, W)".
    on_paper : bool
        Whether it was written by hand, so that there are rows and columns, and no code.

    Returns
    -------
    str
        One sentence; empty if they agree.

    Examples
    --------
    >>> difference(np.ones((3, 2)), np.ones((2, 3)))
    'Its shape is (3, 2): axes 0 and 1 are exchanged.'
    >>> right = np.array([[1.0, 2.0], [3.0, 5.0]])
    >>> difference(right + 4, right)
    'Every value is off by the same number: was something added, or a bias forgotten?'
    """
    text = _difference(given, right, axes)
    return _of_rows(text) if on_paper and right.ndim <= 2 else text


_ON_PAPER = (
    (r"axes 0 and 1 are exchanged( \(transposed\))?", "rows and columns are exchanged"),
    (r"it is flipped along axes 0, 1", "it is turned by half a turn"),
    (r"it is flipped along axis 0", "its rows are in reverse order"),
    (r"it is flipped along axis 1", "each of its rows is in reverse order"),
    (r"shifted by (one place|-?\d+) along (axis \d|one of the axes)( \(off by one\))?", "shifted"),
    (r"only entries [\d, ]+ of axis \d \(of \d+\) are right", "only a part is right"),
    (r": it is a single number, as if an axis.*?(?=[;.])", ": it is a single number"),
    (r": axis \d was summed, averaged or left out", ": it is one line of numbers"),
    (r": it is flattened to one axis", ": all numbers are in one line, not in rows"),
    (r": it has (one axis|\d axes), which is not the number asked for", ""),
    (r": it has axes too many, though", ": it has brackets too many, though"),
    (r"; the axes asked for are [^.]*", ""),
    (r"was something added, or a bias forgotten\?", "was something added, or forgotten?"),
)


def _of_rows(text: str) -> str:
    """A sentence about axes, as one about rows and columns."""
    for pattern, words in _ON_PAPER:
        text = re.sub(pattern, words, text)
    return text


def _difference(given: Array, right: Array, axes: str) -> str:
    if given.dtype.kind == "b" or (given.dtype.kind in "iu" and given.dtype.itemsize < 8):
        given = given.astype(int)  # small whole numbers would overflow
    if right.dtype.kind == "b":
        right = right.astype(int)  # NumPy subtracts no truth values
    if given.shape != right.shape:
        return of_shape(given, next(iter(shape_causes(given, right)), ""), axes)
    if same(given, right):
        return ""
    if not right.ndim and np.isfinite(given):
        return next(filter(None, (tell(given, right) for tell in _NUMBER)), "It is another number.")
    if not np.isfinite(given).all() and np.isfinite(right).all():
        return (
            "It holds NaN or infinity: was something divided by 0, or did numbers grow without end?"
        )
    cause = next(filter(None, (tell(given, right) for tell in _VALUES)), "")
    return cause or "Its type and shape are right, its values are not."


def of_shape(given: Array, cause: str, axes: str) -> str:
    """A sentence on a wrong shape, with what may have caused it; empty if nothing is known.

    Examples
    --------
    >>> of_shape(np.ones(3), "a number is missing", "(D,)")
    'Its shape is (3,): a number is missing; the axes asked for are (D,).'
    """
    if axes and not axes.startswith("(N"):
        cause = cause.replace(_OF_BATCH, "")
    wanted = f"; the axes asked for are {axes}".replace(
        "axes asked for are of", "shape asked for is that of"
    )
    return f"Its shape is {given.shape}{f': {cause}' if cause else ''}{wanted if axes else ''}."


def shape_causes(given: Array, right: Array) -> list[str]:
    """All that may have caused a wrong shape, the likeliest first.

    Examples
    --------
    >>> shape_causes(np.ones((2, 2)), np.ones((3, 2, 2)))[:2]
    ['the first axis, that of the batch, is missing', 'axis 0 was summed, averaged or left out']
    """
    told = [tell(given, right) for tell in _SHAPES]
    return list(dict.fromkeys([*filter(None, told), *map(_SUMMED.format, _left_out(given, right))]))


_SUMMED = "axis {} was summed, averaged or left out"


def _left_out(given: Array, right: Array) -> list[int]:
    """Axes without which the right shape is the given one."""
    rest = (right.shape[:axis] + right.shape[axis + 1 :] for axis in range(right.ndim))
    return [axis for axis, shape in enumerate(rest) if given.ndim and shape == given.shape]


def _no_scalar(given: Array, right: Array) -> str:
    return "" if right.ndim else "this asks for one number"


def _exchanged(given: Array, right: Array) -> str:
    if given.ndim != right.ndim:
        return ""
    last = (0, *range(2, right.ndim), 1)  # the channels
    orders = {last} if right.ndim > 2 else set()
    for i, j in itertools.combinations(range(right.ndim), 2):
        order = list(range(right.ndim))
        order[i], order[j] = j, i
        orders.add(tuple(order))
    fitting = [order for order in orders if given.shape == tuple(right.shape[k] for k in order)]
    sure = [order for order in fitting if same(given, right.transpose(order))] or fitting
    if right.ndim > 2 and sure and all(order[-1] == 1 for order in sure):
        return "the channels come last, but axis 1 is theirs"
    if len(sure) == 1:
        i, j = (axis for axis, other in enumerate(sure[0]) if axis != other)
        return f"axes {i} and {j} are exchanged"
    return "its axes are in another order" if sure else ""


def _axes_missing(given: Array, right: Array) -> str:
    if given.ndim == right.ndim - 1 > 0 and given.shape == right.shape[1:]:
        return "it is a single row" if given.ndim == 1 else f"the first axis{_OF_BATCH} is missing"
    if given.size == right.size and given.ndim == 1:
        return "it is flattened to one axis"
    if given.size == right.size and given.ndim < right.ndim:
        return "axes are missing or merged, though the number of values is right"
    if given.size == right.size and given.ndim > right.ndim:
        return "it has axes too many, though the number of values is right"
    return ""


def _axes_summed(given: Array, right: Array) -> str:
    if right.ndim and not given.ndim:
        return (
            "it is a single number, as if an axis were summed away or `return` stood inside a loop"
        )
    if _left_out(given, right):
        return _SUMMED.format(_left_out(given, right)[0])
    if given.ndim > right.ndim:
        return "an axis is left that must be summed or averaged"
    return ""


def _off_by_one(given: Array, right: Array) -> str:
    if given.ndim != right.ndim:
        count = "one axis" if given.ndim == 1 else f"{given.ndim} axes"
        return f"it has {count}, which is not the number asked for"
    steps = [a - b for a, b in zip(given.shape, right.shape, strict=True)]
    leading = [axis for axis, step in enumerate(steps[:-2]) if step]
    if leading:  # images or channels, no rows and columns
        few = "few" if steps[leading[0]] < 0 else "many"
        return f"axis {leading[0]} has too {few} entries" if len(leading) == 1 else ""
    gaps = {*steps}
    what = "number" if right.ndim == 1 else "row or column"
    if gaps <= {0, -1}:
        return f"a {what} is missing"
    if gaps <= {0, 1}:
        return f"there is a {what} too many"
    return ""


def _few_words(given: Array, right: Array) -> str:
    """What even a single number shows."""
    if not given.any():
        return "All its values are 0."
    if same(-given, right):
        return "The sign is wrong."
    if same(given, right * 255) or same(given * 255, right):
        return "Its values are off by the factor 255: pixels run from 0 to 255 or from 0 to 1."
    if given.dtype.kind in "iu" and right.dtype.kind == "f" and same(given, np.trunc(right)):
        return "Everything behind the decimal point is cut off: it is an array of integers."
    return ""


def _offset(given: Array, right: Array) -> str:
    gap = given.astype(float) - right
    if right.size > 1 and np.ptp(right) and same(gap, np.full_like(gap, gap.flat[0])):
        return "Every value is off by the same number: was something added, or a bias forgotten?"
    if right.size > 2 and np.ptp(right) and not np.ptp(given):
        return "All its values are the same number."
    return ""


def _unfinished(given: Array, right: Array) -> str:
    begun = len(right) > 1 and given[0].any() and same(given[:1], right[:1])
    if begun and right[1:].any() and not given[1:].any():
        return "Only its beginning is filled, and the rest is 0: did it stop too early?"
    return ""


def _common_mistake(given: Array, right: Array) -> str:
    if right.size < 2 or not np.isfinite(given).all():
        return ""
    from cnnlab.scratch.gradcheck import likely_cause  # only here: it brings the whole engine

    cause = likely_cause(given.astype(float), right.astype(float))
    if cause.startswith("only") and right.size < _FEW:
        return ""
    if cause.startswith("it is shifted") and _shifts(given, right) > 1:
        return "Its values are shifted by one place along one of the axes."
    stop = "" if cause.endswith("?") else "."
    return "" if cause.endswith("differ") else f"Its values are wrong: {cause}{stop}"


def _shifts(given: Array, right: Array) -> int:
    """How many shifts by one place explain an array."""
    ways = itertools.product(range(right.ndim), (1, -1))
    return sum(same(np.roll(given, step, axis), right) for axis, step in ways)


def _nearly(given: Array, right: Array) -> str:
    gap = np.abs(given.astype(float) - right)
    size = float(np.abs(right).max(initial=0))
    if not size or right.dtype.kind in "iu":  # nobody rounds to another whole number on the way
        return ""
    few = (gap > tolerance(given, right) * size).mean() < 0.5
    if few or not same(given, right, _ROUNDED):
        return ""
    share = f"{100 * float(gap.max()) / size:.1g} %"
    if not right.ndim:
        return f"It is off by {share}: was a number rounded on the way?"
    return f"Its values are off by at most {share} of the largest: were numbers rounded on the way?"


def _shuffled(given: Array, right: Array) -> str:
    if len(np.unique(right)) > 2 and same(np.sort(given, axis=None), np.sort(right, axis=None)):
        return "These are the right values in another order."
    return ""


def run_away(given: Array, right: Array) -> str:
    """Say that numbers learned step by step have moved away from those wanted; empty if not.

    Examples
    --------
    >>> run_away(np.array([-5000.0]), np.array([2.0]))[:48]
    'Its values have moved away from those wanted, st'
    """
    if np.abs(given).max() > _FAR * np.abs(right).max() > 0 > np.vdot(given, right):
        return (
            "Its values have moved away from those wanted, step by step: look at the signs, that "
            "of the error and that of the move."
        )
    return ""


def _some(given: Array, right: Array) -> str:
    if right.size < _FEW:
        return "Its type and shape are right, but not all of its values are."
    slack = tolerance(given, right) * (float(np.abs(right).max()) or 1.0)
    wrong = int((~(np.abs(given.astype(float) - right) <= slack)).sum())
    if wrong < right.size:
        return f"{wrong} of its {right.size} values {'is' if wrong == 1 else 'are'} wrong."
    return ""


_Tell: TypeAlias = Callable[[Array, Array], str]
_SHAPES: tuple[_Tell, ...] = (_no_scalar, _exchanged, _axes_missing, _axes_summed, _off_by_one)
_NUMBER: tuple[_Tell, ...] = (_few_words, _nearly)
_VALUES: tuple[_Tell, ...] = (
    _few_words,
    _offset,
    _nearly,
    _unfinished,
    _common_mistake,
    _shuffled,
    _some,
)
