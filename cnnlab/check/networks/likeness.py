"""Whether two networks are the same: parameters, outputs with equal weights, and what differs."""

import math
from typing import Any

import numpy as np

from cnnlab.check.core.arrays import Array, same
from cnnlab.check.core.misconception import first_match
from cnnlab.check.core.result import Result
from cnnlab.check.networks.models import Model, model
from cnnlab.check.networks.network_misconceptions import network_rows
from cnnlab.check.networks.own import OwnNetwork
from cnnlab.spec import Row, Shape

SEED = 81

DIFFERS = Result(
    "fail",
    "Shapes and parameters are right, but with the same weights the outputs differ from those of "
    "the network in the task.",
    "Look at what has no parameters: activations, pooling, padding, the order of layers.",
)


def task_of(like: Any, input_shape: Shape) -> Any:
    """The network of the task: a specification where there is one."""
    if isinstance(like, str):
        from cnnlab import zoo

        like = zoo.get(like).spec
    if isinstance(like, Row):
        like.out_shape(input_shape)
    return like


def twin_of(like: Any, input_shape: Shape) -> Model:
    """A network to compare with."""
    twin = model(like, input_shape)
    if twin is None:
        raise ValueError(
            f"network: like must be a name of the zoo, a specification or a network, "
            f"not {type(like).__name__}. Give one of these."
        )
    return twin


def other_parameters(own: OwnNetwork, twin: Model) -> Result | None:
    """Say how the parameters differ in number and shape, if they do."""
    mine, theirs = own.params(), twin.params()
    shapes, wanted = [a.shape for a in mine.values()], [a.shape for a in theirs.values()]
    if shapes == wanted:
        return None
    hint = "Compare it with the task layer by layer."
    if shapes == [shape for shape in wanted if len(shape) > 1]:
        return Result("fail", "The biases are missing.", hint)
    if wanted == [shape for shape in shapes if len(shape) > 1]:
        return Result("fail", "There are biases, and the task has none.", hint)
    if len(shapes) == len(wanted):
        name = next(k for k, a, b in zip(mine, shapes, wanted, strict=True) if a != b)
        return Result("fail", f"{name} has shape {mine[name].shape}, which does not fit.", hint)
    total = sum(math.prod(shape) for shape in shapes)
    return Result(
        "fail",
        f"The network has {total:,} parameters in {len(shapes)} arrays, which is not what the "
        "task describes.",
        hint,
    )


def other_outputs(own: OwnNetwork, twin: Model, x: Array) -> Result | None:
    """Say that the outputs differ though the weights are the same, if they do."""
    state, keys = own.state(), list(twin.state())
    if len(state) != len(keys):
        return Result(
            "fail",
            "The parameters fit, but not the running statistics: is there a batch normalisation "
            "too many, or one too few?",
        )
    twin.load(dict(zip(keys, state.values(), strict=True)))
    y, right = own.run(x), twin.run(x)
    # The loss takes the softmax: whoever took its logarithm before has the same network.
    alike = same(y, right, 1e-3) or same(_logs(y), _logs(right), 1e-3)
    return None if alike else DIFFERS


def _logs(y: Array) -> Array:
    """Logarithms of the probabilities that outputs stand for."""
    shifted = y - y.max(axis=1, keepdims=True)
    logs: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logs


def like_task(own: OwnNetwork, like: Any, x: Array) -> Result | None:
    """Compare a trained network with that of the task, but for its weights.

    Parameters
    ----------
    own : OwnNetwork
    like : str, Row, network or nn.Module
        As for :func:`network`.
    x : (N, ...) array
        A few images.

    Returns
    -------
    Result or None
        None if it is the same network.
    """
    task = task_of(like, x.shape[1:])
    result = other_parameters(own, twin := twin_of(task, x.shape[1:]))
    if result is None:
        result = other_outputs(own, twin, x)
    if result is None:
        return None
    says = f"This is not the network that the task asks for. {result.message}"
    return Result("fail", says, result.hint)


def explained(own: OwnNetwork, task: Row, input_shape: Shape) -> Result:
    """Name the misconception that makes another specification equal the student's network."""
    x = np.random.default_rng(SEED).standard_normal((4, *input_shape)).astype(np.float32)
    y, state = own.run(x), own.state()

    def explains(slipped: Row) -> bool:
        if slipped == task:
            return False
        try:
            twin = twin_of(slipped, input_shape)
            twin.load(dict(zip(twin.state(), state.values(), strict=True)))
            return same(y, twin.run(x), 1e-3)
        except Exception:  # a misconception that this task leaves no room for
            return False

    row = first_match(network_rows(), task, explains)
    if row is None:
        return DIFFERS
    return Result("fail", f"The parameters are right, but not the rest: {row.sentence}")
