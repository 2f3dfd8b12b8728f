"""A whole network: its shapes, its parameters, its twin, and whether it can learn at all."""

import math
from typing import Any

import numpy as np

from cnnlab.check.core.answers import kind, unanswered
from cnnlab.check.core.arrays import Array, difference, same, to_array
from cnnlab.check.core.calls import call, missing
from cnnlab.check.core.misconception import first_match
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import graded
from cnnlab.check.networks import modes
from cnnlab.check.networks.models import Model, model
from cnnlab.check.networks.network_misconceptions import network_rows
from cnnlab.spec import Row, Shape

_SEED = 81
_ENOUGH = 0.1  # loss of a set that is known by heart


@graded
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
    answer : Row, network or nn.Module
        The student's: a specification, a NumPy network or a PyTorch module; left as it was.
    input_shape : tuple of int
        ``(C, H, W)``, without the batch.
    classes : int
        Number of logits.
    like : str, Row, network or nn.Module, optional
        What it must compute: a name of :mod:`cnnlab.zoo`, or a network of any kind. The
        weights of ``answer`` are copied into it, in order, and the outputs compared.
    learns : int
        How many random examples it must learn by heart; fewer are faster, 0 leaves that out.
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
    ✓ passed: the network has the right shapes and learns 10 examples by heart.
    """
    task = _task(like, input_shape)
    twin = None if task is None else _twin(task, input_shape)
    if unanswered(answer):
        return missing("network")
    if isinstance(answer, type):
        return Result("fail", "This is the class of a network; give a network that it makes.")
    own = call(lambda: (model(answer, input_shape),), (), {}, "when it is built", "network")
    if isinstance(own, Result):
        return own
    if own[0] is None:
        text, hint = kind(answer), "Give a specification, a NumPy network or a PyTorch module."
        hint = "Give the network itself, without its Stepper." if text == "a Stepper" else hint
        return Result("fail", f"This asks for a network, and this is {text}.", hint)
    found = _judge(own[0], twin, input_shape, classes, (learns, steps, lr))
    if found is _DIFFERS and isinstance(task, Row):
        return _explained(own[0], task, input_shape)
    if found and isinstance(task, Row):
        drops = modes.rates(answer, task)
        return found if drops is None else drops
    return found


def _judge(
    own: Model, twin: Model | None, shape: Shape, classes: int, learning: tuple[int, int, float]
) -> Result:
    rng = np.random.default_rng(_SEED)
    x = rng.standard_normal((max(learning[0], 4), *shape)).astype(np.float32)
    found = _outputs(own, x, classes)
    if found is None and twin is not None:
        found = _parameters(own, twin)
        if found is None:
            found = _equal(own, twin, x)
        if found is None:
            found = modes.noise(own, twin, x[:4])
    if found is None and learning[0]:
        found = _learns(own, x, classes, learning)
    if found is not None:
        return found
    parts = ["has the right shapes"]
    parts += ["computes what its twin does"] if twin is not None else []
    parts += [f"learns {learning[0]} examples by heart"] if learning[0] else []
    text = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return Result("pass", f"the network {text}.")


def _task(like: Any, input_shape: Shape) -> Any:
    """The network of the task: a specification where there is one."""
    if isinstance(like, str):
        from cnnlab import zoo

        like = zoo.get(like).spec
    if isinstance(like, Row):
        like.out_shape(input_shape)
    return like


def _twin(like: Any, input_shape: Shape) -> Model:
    twin = model(like, input_shape)
    if twin is None:
        raise ValueError(
            f"network: like must be a name of the zoo, a specification or a network, "
            f"not {type(like).__name__}. Give one of these."
        )
    return twin


def _run(own: Model, x: Array, training: bool = False) -> Array | Result:
    y = call(own.run, (x, training), {}, f"with a batch of shape {x.shape}", "network")
    return y if isinstance(y, Result) else to_array(y, "output of the network")


def _outputs(own: Model, x: Array, classes: int) -> Result | None:
    y = _run(own, x)
    if isinstance(y, Result):
        return y
    wanted = (len(x), classes)
    if y.shape != wanted:
        return Result("fail", f"The output does not fit: {_misshapen(y, len(x), classes)}")
    if not np.isfinite(y).all():
        return Result("fail", "The output holds NaN or infinity before any training.")
    again = _run(own, x)
    if isinstance(again, Result) or not same(y, again):
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
        return f"It has {y.shape[1]} numbers an image, too {few} for {classes} classes."
    return difference(y, np.ones((batch, classes)), "(N, classes)")


def _parameters(own: Model, twin: Model) -> Result | None:
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


def _equal(own: Model, twin: Model, x: Array) -> Result | None:
    state, keys = own.state(), list(twin.state())
    if len(state) != len(keys):
        return Result(
            "fail",
            "The parameters fit, but not the running statistics: is there a batch normalisation "
            "too many, or one too few?",
        )
    twin.load(dict(zip(keys, state.values(), strict=True)))
    y, right = _run(own, x), twin.run(x)
    if isinstance(y, Result):
        return y
    return None if same(y, right, 1e-3) else _DIFFERS


_DIFFERS = Result(
    "fail",
    "Shapes and parameters are right, but with the same weights the outputs differ from those of "
    "the network in the task.",
    "Look at what has no parameters: activations, pooling, padding, the order of layers.",
)


def _explained(own: Model, task: Row, input_shape: Shape) -> Result:
    """Name the slip that makes another specification equal the student's network."""
    x = np.random.default_rng(_SEED).standard_normal((4, *input_shape)).astype(np.float32)
    y = own.run(x)

    def explains(slipped: Row) -> bool:
        if slipped == task:
            return False
        try:
            twin = _twin(slipped, input_shape)
            twin.load(dict(zip(twin.state(), own.state().values(), strict=True)))
            return same(y, twin.run(x), 1e-3)
        except Exception:  # a slip that this task leaves no room for
            return False

    row = first_match(network_rows(), task, explains)
    if row is None:
        return _DIFFERS
    return Result("fail", f"The parameters are right, but not the rest: {row.sentence}")


def _learns(own: Model, x: Array, classes: int, learning: tuple[int, int, float]) -> Result | None:
    count, steps, lr = learning
    labels = np.arange(count) % classes
    before = own.params()
    losses = call(
        lambda: (own.learn(x[:count], labels, steps, lr, _ENOUGH),),
        (),
        {},
        "in training",
        "network",
    )
    if isinstance(losses, Result):
        return losses
    after = own.params()
    still = [key for key in before if np.array_equal(before[key], after[key])]
    if losses[0][-1] < _ENOUGH:
        forgotten = [key for key in still if key not in own.frozen()]
        return _unmoved(forgotten[0]) if forgotten else None
    return _curve(losses[0], still, len(before), count, classes)


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
    hint = "A network that cannot learn a handful of examples by heart has a fault."
    if end > 0.9 * start:
        return Result("fail", f"The loss on {count} examples hardly falls.", hint)
    if 0.95 * floor < end < 1.1 * floor and start < 1.1 * math.log(classes):
        return Result(
            "fail",
            "The loss stays where it ends if probabilities are given to a loss that expects logits.",
            "Leave the last softmax or sigmoid out.",
        )
    return Result("fail", f"The loss on {count} examples falls, but not to nearly 0.", hint)
