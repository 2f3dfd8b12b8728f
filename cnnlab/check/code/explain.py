"""Which misconception explains what a student's function puts out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from cnnlab.check.code.comparing import Run, agrees, all_same, neutral
from cnnlab.check.core.arrays import Array, same
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Call, Exercise, Outputs
from cnnlab.check.exercises.common.changes import subsets, without

Row = Misconception[Any]


class Pulled(NamedTuple):
    """A call, its upstream gradient, the right gradients and the student's."""

    call: Call
    dy: Array
    right: Outputs
    given: Outputs


def value_rows(exercise: Exercise, code: bool = True) -> list[Row]:
    """Misconceptions of an exercise's values, as models of a call.

    Parameters
    ----------
    exercise : Exercise
    code : bool
        Whether code made the answer, or else a pencil.

    Examples
    --------
    >>> from cnnlab.check.exercises import find
    >>> [row.name for row in value_rows(find("accuracy"))]
    ['percent', 'number of right ones', 'share of wrong ones']
    """

    def of_call(row: Row) -> Row:
        return replace(row, model=lambda call: _outputs(exercise, row, call))

    rows = exercise.values
    if code:
        rows = (*rows, *exercise.code_only)
        settings = subsets(key for key in _OF_WINDOWS if key in exercise.defaults)
        rows = (*rows, *(_also(row, some) for some in settings for row in rows))
    return [*map(of_call, rows)]


_OF_WINDOWS = ("stride", "padding", "dilation")


def _also(row: Row, settings: Iterable[str]) -> Row:
    """A misconception of code that leaves out some settings too."""
    sentence = f"{row.sentence} Besides, it leaves out the {' and the '.join(settings)}."
    return Misconception(row.name, without(row.model, settings), sentence)


def _outputs(exercise: Exercise, row: Misconception[Any], call: Call) -> Outputs | None:
    """What a wrong model puts out; None where it has no answer."""
    returned = row.model(*call.args, **call.settings)
    return None if returned is None else exercise.outputs(call, lambda *args, **settings: returned)


def shape_row(
    exercise: Exercise, runs: Iterable[tuple[Call, Outputs, Outputs]]
) -> Misconception[Any] | None:
    """Find the misconception that explains the shapes of a student's outputs.

    Parameters
    ----------
    exercise : Exercise
    runs : iterable of (call, given, right)

    Examples
    --------
    >>> from cnnlab.check.exercises import find
    >>> call = Call("", {"image": np.ones((4, 5)), "kernel": np.ones((2, 2))}, {})
    >>> run = call, (np.ones((4, 5)),), (np.ones((3, 4)),)
    >>> shape_row(find("cross_correlate2d"), [run]).name
    'as large as the image'
    """
    every = [(call, given[0].shape, right[0].shape) for call, given, right in runs]
    if all(given == right for _, given, right in every):
        return None
    rows = (row for row in exercise.shapes if all(_has_shape(row, *run) for run in every))
    return next(rows, None)


def _has_shape(
    row: Misconception[Any], call: Call, given: tuple[int, ...], right: tuple[int, ...]
) -> bool:
    shape = modelled(row, *call.args, **call.settings)
    return given == (right if shape is None else tuple(shape))


def gradient_rows(exercise: Exercise) -> list[Misconception[tuple[Call, Array]]]:
    """Misconceptions of an exercise's gradients, as models of a call and the upstream gradient.

    Wrong functions that remember something wrong have wrong gradients too; they come last.

    Examples
    --------
    >>> from cnnlab.check.exercises import find
    >>> "dx not flipped" in [row.name for row in gradient_rows(find("conv2d"))]
    True
    """

    def of_backward(row: Row) -> Row:
        return replace(
            row, model=lambda at: exercise.gradients_of(at[0], at[1], backward=row.model)
        )

    def of_forward(row: Row) -> Row:
        return replace(row, model=lambda at: exercise.gradients_of(at[0], at[1], forward=row.model))

    return [*map(of_backward, exercise.gradients), *map(of_forward, exercise.values)]


def one_gradient(exercise: Exercise, pulled: Sequence[Pulled], which: int) -> str:
    """Explain one wrong gradient of several, where nothing explains them together.

    Parameters
    ----------
    exercise : Exercise
    pulled : sequence of Pulled
        All cases; the gradient is wrong in at least one of them.
    which : int
        Position of the gradient.

    Returns
    -------
    str
        A sentence.
    """
    first = next(p for p in pulled if not same(p.given[which], p.right[which]))
    if _in_another_order(first):
        return "These are the right gradients in another order; keep that of the arguments."
    row = _explained(exercise, pulled, lambda gradients: gradients[which])
    if row is None and first.given[which].shape != first.right[which].shape:
        row = _explained(exercise, pulled, lambda gradients: np.array(gradients[which].shape))
    if row is not None:
        return row.sentence
    runs = [Run(p.call, (p.right[which],), (p.given[which],)) for p in pulled]
    return neutral(next(run for run in runs if not agrees(run)), "", runs)


def _explained(
    exercise: Exercise, pulled: Iterable[Pulled], part: Callable[[Outputs], Array]
) -> Row | None:
    """The misconception that explains a part of the gradients."""

    def of_part(row: Row) -> Row:
        return replace(row, model=lambda at: (part(row.model(at)),))

    runs = [((p.call, p.dy), (part(p.given),), (part(p.right),)) for p in pulled]
    return explain([*map(of_part, gradient_rows(exercise))], runs)


def _in_another_order(pulled: Pulled) -> bool:
    pairs = [[same(given, right) for right in pulled.right] for given in pulled.given]
    taken = {row.index(True) for row in pairs if any(row)}
    return len(taken) == len(pulled.right) > 1


def explain(
    rows: Sequence[Misconception[Any]],
    runs: Iterable[tuple[Any, Outputs, Outputs]],
    tolerance: float | None = None,
) -> Misconception[Any] | None:
    """Find the first row that explains all of a student's outputs together, the right ones too.

    Parameters
    ----------
    rows : sequence of Misconception
        Their models turn the settings of a run into outputs, or None where these are right.
    runs : iterable of (settings, given, right)
    tolerance : float, optional
        Of right outputs, as :func:`cnnlab.check.core.arrays.same` takes it.

    Returns
    -------
    Misconception or None
        None also if nothing is wrong.
    """
    # False sorts before True: what is wrong rules most rows out.
    every = sorted(runs, key=lambda run: all_same(run[1], run[2], tolerance))
    if not every or all_same(*every[0][1:], tolerance):
        return None
    return next((row for row in rows if all(_explains(row, *t, tolerance) for t in every)), None)


def _explains(
    row: Misconception[Any], settings: Any, given: Outputs, right: Outputs, tolerance: float | None
) -> bool:
    value = modelled(row, settings)
    if value is None:
        return all_same(given, right, tolerance)
    return len(value) >= len(given) and all_same(given, value[: len(given)], tolerance)


def modelled(row: Misconception[Any], *settings: Any, **more: Any) -> Any:
    """What a misconception makes of a case; None if the case leaves no room for it.

    Examples
    --------
    >>> modelled(Misconception("inverse", lambda x: 1 / x, ""), 0) is None
    True
    """
    try:
        with np.errstate(all="ignore"):
            return row.model(*settings, **more)
    except Exception:  # a wrong model need not run on everything that the right one takes
        return None
