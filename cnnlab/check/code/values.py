"""An array that a student has worked out: type, shape, values."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.code.code_misconceptions import forward_rows, shape_row
from cnnlab.check.code.trials import Call, Outputs, explain, outputs
from cnnlab.check.core.arrays import Array, difference, same, to_array
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import graded
from cnnlab.check.exercises.subjects import SUBJECTS


@graded
def array(
    answer: Any,
    reference: str | Callable[..., Any] | Any,
    *inputs: Any,
    axes: str = "",
    tolerance: float | None = None,
    **settings: Any,
) -> Result:
    """Check an array: its type, then its shape, then its values.

    Parameters
    ----------
    answer : object
        The student's: array, tensor, number or lists of any shape; ``...`` while there is none.
    reference : str, callable or array
        What it must be: the name of a function as in :func:`cnnlab.check.function`, whose
        misconceptions are then told apart; or any function; or, where it hides nothing, an
        array of the right shape.
    *inputs : objects
        Arguments of that function. Single images (H, W) and kernels may stand for (N, C, H, W).
    axes : str
        Names of the axes asked for, such as "(H', W')".
    tolerance : float, optional
        Largest difference, as a share of the largest value; rounding of the dtype if left out.
    **settings
        Further arguments of that function.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        If there is no function of that name.

    Examples
    --------
    >>> import numpy as np
    >>> image = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
    >>> array([[6, 8], [3, 4]], "max_pool2d", image, 2)
    ✓ passed: the array has the right shape and values.
    >>> array([[3.25, 5.25], [2, 2]], "max_pool2d", image, 2)
    ✗ not yet: This is the mean of each window, and the task asks for the maximum.
    """
    given = to_array(answer, "array")
    rows: list[Any] = []
    made: Call | None = None
    if isinstance(reference, str):
        rows, made, right = _named(reference, inputs, settings)
    else:
        right = _given(reference, inputs, settings)
    if isinstance(given, Result):
        return given
    if same(given, right, tolerance):
        return Result("pass", "the array has the right shape and values.")
    if made is not None:
        tried = [(made, (given,), (right,))]
        row = explain(rows, tried)
        if row is not None:
            return Result("fail", row.sentence)
        shape = shape_row(str(reference), tried)
        if shape is not None:
            return Result("fail", shape[2])
    return Result("fail", difference(given, right, axes) or "Its values are not exact enough.")


def _given(reference: Any, inputs: tuple[Any, ...], settings: dict[str, Any]) -> Array:
    result = reference(*inputs, **settings) if callable(reference) else reference
    right = to_array(result[0] if isinstance(result, tuple) else result, "reference")
    if isinstance(right, Result):
        raise ValueError(f"array: reference must give numbers. {right.message}")
    return right


def _named(
    name: str, inputs: tuple[Any, ...], settings: dict[str, Any]
) -> tuple[list[Any], Call, Array]:
    """Misconceptions, call and right output of a function by its name."""
    if name not in SUBJECTS:
        raise ValueError(
            f"array: reference must be one of {', '.join(SUBJECTS)}, not {name!r}. "
            "Choose one of these, or give a function."
        )
    found = SUBJECTS[name]()
    maps = "(N, " in found.axes and "H'" in found.axes
    lifted = False
    values = []
    for value in inputs:
        value = np.asarray(value.detach() if hasattr(value, "detach") else value)
        if value.ndim and value.dtype.kind in "biuf" and not _is_labels(found.inputs, value):
            value = value.astype(float)
        if maps and value.ndim == 2:
            value, lifted = value[None, None], True  # (1, 1, H, W)
        values.append(value if value.ndim else value.item())
    made = Call("", dict(zip(map(str, range(len(values))), values, strict=True)), settings)

    def lower(every: Outputs) -> Outputs:
        return tuple(y[0, 0] if lifted and y.ndim == 4 else y for y in every)

    def of(row: Any) -> Any:
        return row.__class__(row.name, lambda call: lower(row.model(call)), row.sentence)

    right = lower(outputs(found, found.forward(*made.args, **settings)))[0]
    return [of(row) for row in forward_rows(name, code=False)], made, right


def _is_labels(names: set[str], value: Array) -> bool:
    return "labels" in names and value.ndim == 1 and value.dtype.kind in "iu"
