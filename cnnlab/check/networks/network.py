"""A whole network: its shapes, its parameters, its twin, and whether it can learn at all."""

import math
from typing import Any

import numpy as np

from cnnlab._text import listed
from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.arrays import Array, same
from cnnlab.check.core.calls import missing
from cnnlab.check.core.differences import difference
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.networks import modes
from cnnlab.check.networks.likeness import (
    DIFFERS,
    SEED,
    explained,
    other_outputs,
    other_parameters,
    task_of,
    twin_of,
)
from cnnlab.check.networks.models import Model, NetworkView
from cnnlab.check.networks.own import OwnNetwork
from cnnlab.check.networks.structures import other_structure
from cnnlab.check.run.things import Thing
from cnnlab.spec import Row, Shape

_ENOUGH = 0.1  # loss of a set that is memorised


@check
def network(
    answer: Any,
    input_shape: Shape,
    *,
    classes: int = 10,
    like: Any = None,
    learns: int = 10,
    steps: int = 60,
    lr: float = 3e-3,
) -> Result:
    """Check a classifier: shapes, parameters, equality with a twin, and a tiny set to learn.

    Parameters
    ----------
    answer : Row, network, nn.Module or Stepper
        The student's: a specification, a NumPy network or a PyTorch module; left as it was.
    input_shape : tuple of int
        ``(C, H, W)``, without the batch.
    classes : int
        Number of logits.
    like : str, Row, network or nn.Module, optional
        What it must compute: a name of :mod:`cnnlab.zoo`, or a network of any kind. The
        weights of ``answer`` are copied into it, in order, and the outputs compared.
    learns : int
        How many random examples it must memorise; fewer are faster, 0 leaves that out.
    steps : int
        Steps of Adam that it may take.
    lr : float
        Learning rate of these steps.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result

    Examples
    --------
    >>> from cnnlab.spec import Chain, Flatten, Linear, ReLU
    >>> net = Chain(flat=Flatten(), fc1=Linear(32), act=ReLU(), fc2=Linear(10))
    >>> network(net, (1, 8, 8), like=Chain(flat=Flatten(), fc=Linear(10)))
    ✗ not yet: The network has 2,410 parameters in 4 arrays, which is not what the task describes. \
Hint: Compare it with the task layer by layer.
    >>> network(net, (1, 8, 8))
    ✓ passed: the network has the right shapes and memorises 10 examples.
    """
    task = task_of(like, input_shape)
    twin = None if task is None else twin_of(task, input_shape)
    if unanswered(answer):
        return missing("network")
    own = OwnNetwork(Thing(NetworkView(answer, input_shape), "network"))
    if own.is_class:
        return Result("fail", "This is the class of a network; give a network that it makes.")
    other = own.at("when it is built").build()
    if other:
        hint = "Give a specification, a NumPy network or a PyTorch module."
        return Result("fail", f"This asks for a network, and this is {other}.", hint)
    result = _judge(own, twin, input_shape, classes, (learns, steps, lr))
    if not isinstance(task, Row):
        return result
    if result is DIFFERS:
        return explained(own, task, input_shape)
    said = modes.rates(own, task) if result else other_structure(own, task, input_shape)
    return result if said is None else said


def _judge(
    own: OwnNetwork,
    twin: Model | None,
    shape: Shape,
    classes: int,
    learning: tuple[int, int, float],
) -> Result:
    rng = np.random.default_rng(SEED)
    x = rng.standard_normal((max(learning[0], 4), *shape)).astype(np.float32)
    result = _outputs(own, x, classes)
    if result is None and twin is not None:
        result = other_parameters(own, twin)
        if result is None:
            result = other_outputs(own, twin, x)
        if result is None:
            result = modes.noise(own, twin, x[:4])
    if result is None and learning[0]:
        result = _learns(own, x, classes, learning)
    if result is not None:
        return result
    parts = ["has the right shapes"]
    parts += ["computes what its twin does"] if twin is not None else []
    parts += [f"memorises {learning[0]} examples"] if learning[0] else []
    return Result("pass", f"the network {listed(parts)}.")


def _outputs(own: OwnNetwork, x: Array, classes: int) -> Result | None:
    y = own.run(x)
    wanted = (len(x), classes)
    if y.shape != wanted:
        return Result("fail", f"The output does not fit: {_misshapen(y, len(x), classes)}")
    if not np.isfinite(y).all():
        return Result("fail", "The output holds NaN or infinity before any training.")
    if not same(y, own.run(x)):
        return Result(
            "fail",
            "In evaluation the same images give two different outputs.",
            "Dropout must rest in evaluation.",
        )
    if (y >= 0).all() and same(y.sum(axis=1), np.ones(len(y)), 1e-3):
        return Result(
            "fail",
            "The network ends with a softmax, but the loss expects logits and takes the softmax "
            "itself.",
            "Leave the last activation out.",
        )
    if len(y) > 1 and (y >= 0).all() and same(y.sum(axis=0), np.ones(classes), 1e-3):
        return Result(
            "fail",
            "The network ends with a softmax that runs over the batch: the outputs of all images "
            "for one class sum to 1. And the loss expects logits, and takes the softmax itself.",
            "Leave the last activation out.",
        )
    if len(y) > 1 and same(y, np.broadcast_to(y[:1], y.shape)):
        return Result(
            "fail",
            "All images give the same output, so nothing of them arrives at the end.",
            "Look at the initial weights: are they all zero? Is the output that of the last layer?",
        )
    return modes.alone(own, x, y)


def _misshapen(y: Array, batch: int, classes: int) -> str:
    if y.ndim > 2:
        return f"Its shape is {y.shape}: the maps must be flattened before the last dense layer."
    if y.ndim == 2 and y.shape[0] == batch:
        few = "few" if y.shape[1] < classes else "many"
        return f"It has {y.shape[1]} numbers for each image, too {few} for {classes} classes."
    return difference(y, np.ones((batch, classes)), "(N, classes)")


def _learns(
    own: OwnNetwork, x: Array, classes: int, learning: tuple[int, int, float]
) -> Result | None:
    count, steps, lr = learning
    labels = np.arange(count) % classes
    before = own.params()
    losses = own.at("in training").learn(x[:count], labels, steps, lr, _ENOUGH)
    after = own.params()
    still = [key for key in before if np.array_equal(before[key], after[key])]
    if losses[-1] < _ENOUGH:
        forgotten = [key for key in still if key not in own.frozen()]
        return _unmoved(forgotten[0]) if forgotten else None
    return _curve(losses, still, len(before), count, classes)


def _unmoved(name: str) -> Result:
    return Result("fail", f"{name} does not move in training: does a gradient reach it?")


def _curve(losses: list[float], still: list[str], params: int, count: int, classes: int) -> Result:
    start, end = losses[0], losses[-1]
    if not math.isfinite(end):
        return Result(
            "fail", "The loss becomes NaN in a few steps.", "Are initial weights too large?"
        )
    if len(still) == params:
        return Result("fail", "No parameter moves in training: does a gradient reach them?")
    if still:
        return _unmoved(still[0])
    floor = math.log(1 + (classes - 1) / math.e)
    hint = "A network that cannot memorise a handful of examples has a fault."
    if end > 0.9 * start:
        return Result("fail", f"The loss on {count} examples hardly falls.", hint)
    if 0.95 * floor < end < 1.1 * floor and start < 1.1 * math.log(classes):
        return Result(
            "fail",
            "The loss stays where it ends if probabilities are given to a loss that expects logits.",
            "Leave the last softmax or sigmoid out.",
        )
    return Result("fail", f"The loss on {count} examples falls, but not to nearly 0.", hint)
