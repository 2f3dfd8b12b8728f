"""An array that a student has worked out: type, shape, values."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from cnnlab.check.code.explain import explain, shape_row, value_rows
from cnnlab.check.core.arrays import Array, same, to_array
from cnnlab.check.core.differences import difference, run_away
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.exercises import find, names
from cnnlab.check.exercises.common.base import Call, Outputs


@check
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
        Arguments of that function, which may go by name, too. Single images (H, W) and kernels
        may stand for (N, C, H, W).
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
    named = _Named(reference, inputs, settings) if isinstance(reference, str) else None
    right = _given(reference, inputs, settings) if named is None else named.right
    if isinstance(given, Result):
        return given
    if same(given, right, tolerance):
        return Result("pass", "the array has the right shape and values.")
    row = None if named is None else named.explain(given)
    if row is not None:
        return Result("fail", row.sentence)
    learned = run_away(given, right) if tolerance and given.shape == right.shape else ""
    text = learned or difference(given, right, axes, on_paper=named is not None)
    return Result("fail", text or "Its values are not exact enough.")


def _given(reference: Any, inputs: tuple[Any, ...], settings: dict[str, Any]) -> Array:
    result = reference(*inputs, **settings) if callable(reference) else reference
    right = to_array(result[0] if isinstance(result, tuple) else result, "reference")
    if isinstance(right, Result):
        raise ValueError(f"array: reference must give numbers. {right.message}")
    return right


class _Named:
    """One call of an exercise's function, whose output a student gives."""

    def __init__(self, name: str, inputs: tuple[Any, ...], settings: dict[str, Any]) -> None:
        if name not in names():
            raise ValueError(
                f"array: reference must be one of {', '.join(names())}, not {name!r}. "
                "Choose one of these, or give a function."
            )
        self.exercise = find(name, "all")
        usual = self.exercise.cases[0].draw(0).named
        given = {**dict(zip(usual, inputs, strict=False)), **settings}
        arguments = self._arguments(usual, {name: given[name] for name in usual if name in given})
        rest = {name: value for name, value in settings.items() if name not in usual}
        self.call = Call("", arguments, rest)
        self.right = self._lowered(self.exercise.outputs(self.call))[0]

    def _arguments(self, usual: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Arrays as the exercise has them: floats where it has floats, images in a batch."""
        axes, self.lifted = self.exercise.axes, False
        named = {}
        for name, value in given.items():
            if isinstance(like := usual[name], np.ndarray):
                value = np.asarray(value.detach() if hasattr(value, "detach") else value)
                value = value.astype(float) if like.dtype.kind == "f" else value
                if "(N, " in axes and "H'" in axes and value.ndim == 2:
                    value, self.lifted = value[None, None], True  # (1, 1, H, W)
            named[name] = value
        return named

    def _lowered(self, outputs: Outputs) -> Outputs:
        return tuple(y[0, 0] if self.lifted and y.ndim == 4 else y for y in outputs)

    def _lift(self, y: Array) -> Array:
        return y[None, None] if self.lifted and y.ndim == 2 else y

    def explain(self, given: Array) -> Misconception[Any] | None:
        """What went wrong on paper, or in the shape alone."""

        def lowered(row: Misconception[Any]) -> Misconception[Any]:
            return replace(row, model=lambda call: self._lowered(row.model(call)))

        runs = [(self.call, (given,), (self.right,))]
        row = explain([*map(lowered, value_rows(self.exercise, code=False))], runs)
        # The shapes of an exercise are those of a batch of images.
        whole = [(self.call, (self._lift(given),), (self._lift(self.right),))]
        return shape_row(self.exercise, whole) if row is None else row
