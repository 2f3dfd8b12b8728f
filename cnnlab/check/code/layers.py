"""A layer of the student's own: whether it keeps the contract that networks rely on."""

from typing import Any

import numpy as np

from cnnlab.check.code.explain import explain
from cnnlab.check.code.layer_misconceptions import Step, layer_rows
from cnnlab.check.code.layer_parts import OwnLayer, parameters
from cnnlab.check.code.runs import changed, widened
from cnnlab.check.code.slopes import differences, first_wrong, wrong_slope
from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.arrays import Array, same, to_array
from cnnlab.check.core.calls import missing
from cnnlab.check.core.differences import difference
from cnnlab.check.core.result import RefusedError, Result
from cnnlab.check.core.score import check
from cnnlab.check.exercises.common.base import Outputs
from cnnlab.scratch.gradcheck.differences import Point, Problem, compare
from cnnlab.spec import Row, Shape

_SEED, _BATCH = 61, 3


@check
def layer(
    answer: Any, in_shape: Shape, row: Row | None = None, *, training: bool = False
) -> Result:
    """Check a layer: its shapes, its promises, its gradients and, if given, what it computes.

    Parameters
    ----------
    answer : object
        The student's layer, with ``params``, ``grads``, ``forward(x, training=…)``,
        ``backward(dy)`` and ``out_shape``; it is left as it was.
    in_shape : tuple of int
        Shape that enters, without the batch.
    row : Row, optional
        What it must compute, such as ``spec.Conv(4, 3)``; its weights are copied first.
    training : bool
        Which mode to check.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Names the first promise that is not kept.

    Examples
    --------
    >>> from cnnlab import scratch, spec
    >>> layer(scratch.build(spec.Linear(3), (4,)), (4,), spec.Linear(3))
    ✓ passed: the layer keeps its contract, and its gradients agree with differences.
    """
    if unanswered(answer):
        return missing("layer")
    own = OwnLayer(answer, training)
    lacks = own.thing.ask("lacks").returned
    if lacks:
        return Result("fail", *lacks)
    own.thing.ask("detach")
    _widen(own)
    x = _drawn(0, (_BATCH, *in_shape))
    for look in (parameters, _forward, _values, _backward, _pulled, _gradients, _narrow):
        try:
            result = look(own, x, row)
        except RefusedError:
            raise
        except Exception as error:
            result = Result("fail", f"It does not behave as a layer: {type(error).__name__}.")
        if result is not None:
            return result
    return Result("pass", "the layer keeps its contract, and its gradients agree with differences.")


def _widen(own: OwnLayer) -> None:
    """Parameters as float64, drawn anew so that none starts where it would hide a mistake."""
    rng = np.random.default_rng(_SEED + 1)

    def drawn(arrays: dict[str, Any]) -> dict[str, Array]:
        return {
            key: np.asarray(rng.uniform(0.5, 1.5, value.shape) * rng.choice([-1, 1], value.shape))
            for key, value in arrays.items()
            if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        }

    params, buffers = drawn(own.params), drawn(own.buffers)
    own.thing.ask("load", params, {key: np.abs(value) for key, value in buffers.items()})


def _drawn(number: int, shape: Shape) -> Array:
    return np.asarray(np.random.default_rng(_SEED + number).standard_normal(shape))


def _forward(own: OwnLayer, x: Array, row: Row | None) -> Result | None:
    outcome = own.thing.ask("forward", x, where="in forward", training=own.training)
    y = to_array(outcome.returned, "output of forward")
    if isinstance(y, Result):
        return y
    if outcome.written:
        return changed("forward", "x")
    if y.dtype in (np.float16, np.float32):  # too coarse for the differences that follow
        text = f"forward returns {y.dtype} for an input of {x.dtype}."
        return Result("fail", text, "Give new arrays the dtype of x.")
    promised = own.thing.ask("out_shape", x.shape[1:], where="in out_shape").returned
    if not isinstance(promised, tuple | list):
        return Result("fail", "out_shape must return a tuple of integers, without the batch.")
    if tuple(promised) == y.shape:
        return Result("fail", "out_shape counts the batch as well; it must leave it out.")
    if tuple(promised) != y.shape[1:]:
        return Result(
            "fail",
            f"out_shape promises {tuple(promised)} for an input of shape {x.shape[1:]}, but forward "
            f"returns {y.shape} for a batch of {len(x)}.",
        )
    fewer = own.forward(x[1:])
    if np.shape(fewer) != (len(x) - 1, *promised):
        text = f"For a batch of {len(x) - 1} after one of {len(x)}, forward returns"
        return Result("fail", f"{text} {np.shape(fewer)}.", "Take the size of the batch from x.")
    return None


def _values(own: OwnLayer, x: Array, row: Row | None) -> Result | None:
    if row is None:
        return None
    batches = [2 * x - 1]  # another batch, so that a memory of this one alone is not enough
    if row.family != "normalization":  # which loses the digits of such numbers
        batches.append(1e10 * x - 1e12)  # far from 0, as no padding and no power of e stands
    runs = [_run(own, batch, row) for batch in batches]
    known = explain(layer_rows(row, backward=False), runs)
    for _, given, right in runs:
        for a, b in zip(given, right, strict=False):
            if not same(a, b):
                text = difference(a, b) if known is None else known.sentence
                return Result("fail", f"With the same weights, forward goes wrong: {text}")
    return None


def _run(own: OwnLayer, x: Array, row: Row) -> tuple[Step, Outputs, Outputs]:
    """One batch through the student's layer and the right one."""
    step = _step(own, x, row, np.zeros(0))
    right, _ = step.run()
    y = np.asarray(own.forward(x))
    memory = [np.asarray(value) for value in own.buffers.values()]
    return step, (y, *memory[: len(right) - 1]), right


def _step(own: OwnLayer, x: Array, row: Row, dy: Array) -> Step:
    state = {**own.params, **own.buffers}
    return Step(row, {key: np.copy(value) for key, value in state.items()}, x, dy, own.training)


def _pulled(own: OwnLayer, x: Array, row: Row | None) -> Result | None:
    """Compare gradients with the right layer's: any numbers first, then many equal ones."""
    if row is None:
        return None
    for numbers in (x, np.random.default_rng(_SEED).integers(-1, 2, x.shape).astype(float)):
        dy = _drawn(3, np.shape(own.forward(numbers)))
        step = _step(own, numbers, row, dy)
        _, right = step.run()
        own.forward(numbers)
        dx, grads = own.backward(dy), own.grads
        given = (np.asarray(dx), *(np.asarray(grads[key]) for key in own.params))
        known = explain(layer_rows(row, backward=True), [(step, given, right)])
        for name, a, b in zip(["x", *own.params], given, right, strict=False):
            if not same(a, b):
                text = difference(a, b) if known is None else known.sentence
                return Result("fail", f"forward is right, the gradient of {name} is not: {text}")
    return None


def _narrow(own: OwnLayer, x: Array, row: Row | None) -> Result | None:
    """Float32 must stay float32."""
    params, buffers = (
        {key: value.astype(np.float32) for key, value in arrays.items()}
        for arrays in (own.params, own.buffers)
    )
    own.thing.ask("load", params, buffers)
    kind = np.asarray(own.forward(x.astype(np.float32))).dtype
    if kind == np.float32:
        return None
    return widened("The values are", "the output", kind, "Give new arrays the dtype of x.")


def _backward(own: OwnLayer, x: Array, row: Row | None) -> Result | None:
    dy = _drawn(2, np.shape(own.forward(x)))
    outcome = own.thing.ask("backward", dy, where="in backward")
    dx = to_array(outcome.returned, "gradient dx")
    if isinstance(dx, Result):
        return dx
    if outcome.written:
        return changed("backward", "dy")
    if dx.shape != x.shape:
        return Result("fail", f"backward must return dx in the shape of x, not {dx.shape}.")
    params, grads = own.params, own.grads
    missing = [key for key in params if key not in grads]
    if missing:
        return Result("fail", f"After backward, grads has no entry {', '.join(missing)}.")
    for key, value in params.items():
        if np.shape(grads[key]) != np.shape(value):
            shape = np.shape(grads[key])
            return Result("fail", f"grads[{key!r}] has shape {shape}, unlike the parameter.")
    return _again(own, x, {f"the gradient of {key}": grads[key] for key in params} | {"dx": dx}, dy)


def _again(own: OwnLayer, x: Array, first: dict[str, Any], dy: Array) -> Result | None:
    own.forward(x)
    again, grads = own.backward(dy, "in a second backward"), own.grads
    now = {f"the gradient of {key}": grads[key] for key in own.params} | {"dx": again}
    for name, value in first.items():
        if not same(np.asarray(now[name]), np.asarray(value)):
            return Result(
                "fail",
                f"A second backward changes {name}: gradients are added up, not set.",
                "Set each gradient from scratch in every backward.",
            )
    return None


def _gradients(own: OwnLayer, x: Array, row: Row | None) -> Result | None:
    params = {key: np.array(value) for key, value in own.params.items()}

    def ask(method: str, at: Point, *upstream: Array) -> Any:
        changes = {key: at[key] for key in params}
        outcome = own.thing.ask(method, at["x"], *upstream, changes, own.training, where=_AGAIN)
        if outcome.written:
            name = ("x", "dy")[int(outcome.written[0])]
            cause = f"{'backward' if upstream else 'forward'} changes {name} in place"
            raise RefusedError(wrong_slope(name, _DOES_NOT_AGREE, cause))
        return outcome.returned

    problem = Problem(lambda at: ask("output", at), lambda at, dy: ask("gradients", at, dy))
    report = differences(lambda: compare(problem, {"x": x, **params}, _SEED), _AGAIN, "layer")
    return first_wrong(report, _DOES_NOT_AGREE)


_AGAIN = "while it is called again and again"
_DOES_NOT_AGREE = "does not agree with differences of forward"
