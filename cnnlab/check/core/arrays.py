"""Arrays: whether one has the right type, shape and values, and how it differs if not."""

import itertools
from collections.abc import Callable
from decimal import Decimal
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

from cnnlab.check.core.answers import kind, read
from cnnlab.check.core.result import Result

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

# Share of the largest value by which a right answer may be off: rounding, not mistakes.
_TOLERANCE = {"float32": 1e-4}
_EXACT = 1e-7
_ROUNDED = 5e-3
_FEW = 10  # an array with fewer values could be guessed, one by one
_FAR = 1000
_OF_BATCH = ", that of the batch,"


def to_array(answer: Any, noun: str = "answer") -> Array | Result:
    """Read a student's answer as an array of numbers, or say what it is instead.

    Parameters
    ----------
    answer : object
        An array, a tensor, a number, or lists of numbers.
    noun : str
        What is asked for.

    Returns
    -------
    array or Result
        Any shape.

    Examples
    --------
    >>> to_array([[1, 2], [3, 4]]).shape
    (2, 2)
    >>> to_array([[1, 2], [3]], "output")
    ✗ not yet: The output must be an array of numbers, but its rows differ in length. ...
    """
    return read(answer, f"the {noun}.", "array", lambda given: _numbers(given, noun))


def _numbers(answer: Any, noun: str) -> Array | Result:
    if callable(answer) and not hasattr(answer, "shape"):
        return Result(
            "fail",
            f"The {noun} must be an array, this is {kind(answer)}.",
            "Call the function and give what it returns.",
        )
    try:
        if hasattr(answer, "detach"):
            answer = answer.detach().cpu().numpy()
        array = np.asarray(answer)
    except Exception:
        ragged = isinstance(answer, list | tuple)
        fault = "its rows differ in length" if ragged else f"this is {kind(answer)}"
        return _no_numbers(noun, fault)
    if np.ma.is_masked(answer):
        return _no_numbers(noun, "some of its entries are masked")
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind == "O" and all(isinstance(entry, Real | Decimal) for entry in array.flat):
        return array.astype(float)  # fractions, decimals, numbers of several kinds
    if array.dtype.kind == "O" and not array.ndim:
        return _no_numbers(noun, f"this is {kind(answer)}")
    entries = {"O": "objects", "U": "texts", "S": "texts", "c": "complex numbers"}
    what = entries.get(array.dtype.kind, f"of type {array.dtype}")
    return _no_numbers(noun, f"its entries are {what}")


def _no_numbers(noun: str, fault: str) -> Result:
    return Result(
        "fail",
        f"The {noun} must be an array of numbers, but {fault}.",
        "Look at np.asarray(…) of it, its shape and its dtype.",
    )


def tolerance(given: Array, right: Array) -> float:
    """Share of the largest value that rounding explains, for the coarser of two dtypes.

    Examples
    --------
    >>> tolerance(np.ones(2, np.float32), np.ones(2))
    0.0001
    """
    return max(_TOLERANCE.get(array.dtype.name, _EXACT) for array in (given, right))


def same(given: Array, right: Array, slack: float | None = None) -> bool:
    """Whether two arrays have one shape and, up to rounding, the same values.

    Parameters
    ----------
    given, right : arrays
        Any shapes; NaN equals NaN.
    slack : float, optional
        Largest difference, as a share of the largest value; by dtype if left out.

    Returns
    -------
    bool

    Examples
    --------
    >>> same(np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-12]))
    True
    >>> same(np.ones(2), np.ones((2, 1)))
    False
    """
    if given.shape != right.shape:
        return False
    slack = tolerance(given, right) if slack is None else slack
    left, wanted = given.astype(float), right.astype(float)
    finite = np.abs(wanted[np.isfinite(wanted)])
    size = float(finite.max(initial=0)) or 1.0
    return bool(np.allclose(left, wanted, rtol=0, atol=slack * size, equal_nan=True))


def difference(given: Array, right: Array, axes: str = "") -> str:
    """Say how an array differs from the right one, without telling the right one.

    Parameters
    ----------
    given, right : arrays
        Any shapes.
    axes : str
        Names of the axes asked for, such as "(N, C, H, W)".

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
    if given.dtype.kind == "b":
        given = given.astype(int)
    if given.shape != right.shape:
        cause = next(filter(None, (tell(given, right) for tell in _SHAPES)), "")
        if axes and not axes.startswith("(N"):
            cause = cause.replace(_OF_BATCH, "")
        wanted = f"; the axes asked for are {axes}".replace(
            "axes asked for are of", "shape asked for is that of"
        )
        return f"Its shape is {given.shape}{f': {cause}' if cause else ''}{wanted if axes else ''}."
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
    return "its axes stand in another order" if sure else ""


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
        return "it is a single number, so an axis was summed or averaged away"
    for axis in range(right.ndim):
        if given.shape == right.shape[:axis] + right.shape[axis + 1 :]:
            return f"axis {axis} was summed, averaged or left out"
    if given.ndim > right.ndim:
        return "an axis is left that must be summed or averaged"
    return ""


def _off_by_one(given: Array, right: Array) -> str:
    if given.ndim != right.ndim:
        count = "one axis" if given.ndim == 1 else f"{given.ndim} axes"
        return f"it has {count}, which is not the number asked for"
    gaps = {a - b for a, b in zip(given.shape, right.shape, strict=True)}
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
        return "The sign is turned."
    if same(given, right * 255) or same(given * 255, right):
        return "Its values are off by the factor 255: pixels run from 0 to 255 or from 0 to 1."
    if given.dtype.kind in "iu" and right.dtype.kind == "f" and same(given, np.trunc(right)):
        return "Everything behind the decimal point is cut off: it is an array of integers."
    return ""


def _offset(given: Array, right: Array) -> str:
    gap = given.astype(float) - right
    if right.size > 1 and np.ptp(right) and same(gap, np.full_like(gap, gap.flat[0])):
        return "Every value is off by the same number: was something added, or a bias forgotten?"
    if right.size > 1 and np.ptp(right) and not np.ptp(given):
        return "All its values are the same number."
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


def _run_away(given: Array, right: Array) -> str:
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
    _common_mistake,
    _shuffled,
    _run_away,
    _some,
)
