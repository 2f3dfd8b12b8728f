"""Training and evaluation: what must rest in one, and what must be there in the other."""

from typing import Any

from cnnlab import spec
from cnnlab.check.core.arrays import Array, same
from cnnlab.check.core.calls import call
from cnnlab.check.core.result import Result
from cnnlab.check.networks.models import Model, is_torch
from cnnlab.spec import Row

_MISSING = Result("fail", "There is no dropout where the task has some.")
_ADDED = Result("fail", "There is dropout, and the task has none.")
_OTHER = Result(
    "fail",
    "All is right but the dropout: how many there are, or with which probability they drop.",
    "p is the share that is dropped, not the share that is kept.",
)


def alone(own: Model, x: Array, y: Array) -> Result | None:
    """Compare the output of an image in a batch with that of the same image alone.

    Parameters
    ----------
    own : Model
    x : (N, ...) array
        Images.
    y : (N, K) array
        Their outputs in evaluation.

    Returns
    -------
    Result or None
        None if an image's output does not depend on the others.
    """
    returned = call(lambda: (own.run(x[:1]),), (), {}, "with a single image", "network")
    if isinstance(returned, Result):
        return returned
    if returned[0].shape != y[:1].shape:
        says = f"For a single image the output has shape {returned[0].shape}."
        return Result("fail", says, "Keep the axis of the batch, whatever its size.")
    if same(returned[0], y[:1], 1e-3):
        return None
    hint = "Over which axes does each layer sum? Axis 0 holds the images."
    if own.normalizes:
        hint = "Batch normalisation must take its running statistics there."
    says = "In evaluation the output for an image depends on the other images of its batch."
    return Result("fail", says, hint)


def noise(own: Model, twin: Model, x: Array) -> Result | None:
    """Compare whether two networks drop at all: then training differs from run to run.

    Parameters
    ----------
    own, twin : Model
        The student's and that of the task.
    x : (N, ...) array
        A few images.

    Returns
    -------
    Result or None
        None if both do, or neither.
    """
    mine = call(lambda: (_differs(own, x),), (), {}, "in training", "network")
    if isinstance(mine, Result):
        return mine
    theirs = _differs(twin, x)
    return None if mine[0] == theirs else _MISSING if theirs else _ADDED


def _differs(one: Model, x: Array) -> bool:
    return not same(one.run(x, True), one.run(x, True))


def rates(answer: Any, task: Row) -> Result | None:
    """Compare the probabilities of dropout, where they can be read.

    Parameters
    ----------
    answer : object
        A specification, or a module whose dropouts are modules; all else counts as right.
    task : Row

    Returns
    -------
    Result or None

    Examples
    --------
    >>> rates(spec.Dropout(0.75), spec.Dropout(0.25)).status
    'fail'
    """
    wanted = _of_spec(task)
    if isinstance(answer, Row):
        return None if _of_spec(answer) == wanted else _OTHER
    # A module may stand in several places of forward: so each rate counts once.
    read = _of_module(answer) if is_torch(answer) else set()
    return None if not read or read == set(wanted) else _OTHER


def _of_spec(row: Row) -> list[float]:
    if isinstance(row, spec.Combinator):
        return [p for _, child in row.children for p in _of_spec(child)]
    return [row.p] if isinstance(row, spec.Dropout) and row.p else []


def _of_module(module: Any) -> set[float]:
    dropouts = (m for m in module.modules() if type(m).__name__.startswith("Dropout"))
    return {float(m.p) for m in dropouts if getattr(m, "p", 0)}
