"""Training and evaluation: what must rest in one, and what must be there in the other."""

from cnnlab.check.core.arrays import Array, same
from cnnlab.check.core.result import Result
from cnnlab.check.networks.models import Model, drops
from cnnlab.check.networks.own import OwnNetwork
from cnnlab.spec import Row

_MISSING = Result("fail", "There is no dropout where the task has some.")
_ADDED = Result("fail", "There is dropout, and the task has none.")
_OTHER = Result(
    "fail",
    "All is right but the dropout: how many there are, or with which probability they drop.",
    "p is the share that is dropped, not the share that is kept.",
)


def alone(own: OwnNetwork, x: Array, y: Array) -> Result | None:
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
    single = own.at("with a single image").run(x[:1])
    if single.shape != y[:1].shape:
        says = f"For a single image the output has shape {single.shape}."
        return Result("fail", says, "Keep the axis of the batch, whatever its size.")
    if same(single, y[:1], 1e-3):
        return None
    hint = "Over which axes does each layer sum? Axis 0 holds the images."
    if own.normalizes:
        hint = "Batch normalisation must take its running statistics there."
    says = "In evaluation the output for an image depends on the other images of its batch."
    return Result("fail", says, hint)


def noise(own: OwnNetwork, twin: Model, x: Array) -> Result | None:
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
    mine, theirs = _differs(own.at("in training"), x), _differs(twin, x)
    return None if mine == theirs else _MISSING if theirs else _ADDED


def _differs(one: Model | OwnNetwork, x: Array) -> bool:
    return not same(one.run(x, True), one.run(x, True))


def rates(own: OwnNetwork, task: Row) -> Result | None:
    """Compare the probabilities of dropout, where they can be read.

    Parameters
    ----------
    own : OwnNetwork
    task : Row

    Returns
    -------
    Result or None
    """
    wanted, (read, in_order) = drops(task)[0], own.drops()
    if in_order:
        return None if read == wanted else _OTHER
    # A module may stand in several places of forward: so each rate counts once.
    return None if not read or set(read) == set(wanted) else _OTHER
