"""A layer of the student's own: whether it keeps the contract that networks rely on."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cnnlab.check.code.explain import explain
from cnnlab.check.code.layer_misconceptions import Step, layer_rows
from cnnlab.check.code.layer_parts import misses, parameters
from cnnlab.check.code.runs import changed, widened
from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.arrays import Array, same, to_array
from cnnlab.check.core.calls import call, missing
from cnnlab.check.core.differences import difference
from cnnlab.check.core.result import Result
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
    refused = misses(answer)
    if refused is not None:
        return refused
    try:
        own = copy.deepcopy(answer)
    except Exception:
        own = answer
    x = _drawn(0, (_BATCH, *in_shape))
    _widen(own)
    for look in (parameters, _forward, _values, _backward, _pulled, _gradients, _narrow):
        try:
            result = look(own, x, row, training)
        except Exception as error:
            result = Result("fail", f"It does not behave as a layer: {type(error).__name__}.")
        if result is not None:
            return result
    return Result("pass", "the layer keeps its contract, and its gradients agree with differences.")


def _widen(own: Any) -> None:
    """Parameters as float64, drawn anew so that none starts where it would hide a mistake."""
    rng = np.random.default_rng(_SEED + 1)
    for arrays in (own.params, getattr(own, "buffers", None) or {}):
        for key, value in list(arrays.items()):
            if isinstance(value, np.ndarray) and value.dtype.kind == "f":
                drawn = rng.uniform(0.5, 1.5, value.shape) * rng.choice([-1, 1], value.shape)
                arrays[key] = np.asarray(drawn if arrays is own.params else np.abs(drawn))


def _drawn(number: int, shape: Shape) -> Array:
    return np.asarray(np.random.default_rng(_SEED + number).standard_normal(shape))


def _forward_call(own: Any, x: Array, training: bool) -> Any:
    return call(own.forward, (x,), {"training": training}, "in forward", "layer")


def _forward(own: Any, x: Array, row: Row | None, training: bool) -> Result | None:
    held = x.copy()
    y = _forward_call(own, x, training)
    if isinstance(y, Result):
        return y
    y = to_array(y, "output of forward")
    if isinstance(y, Result):
        return y
    if not np.array_equal(held, x):
        x[...] = held
        return changed("forward", "x")
    if y.dtype in (np.float16, np.float32):  # too coarse for the differences that follow
        text = f"forward returns {y.dtype} for an input of {x.dtype}."
        return Result("fail", text, "Give new arrays the dtype of x.")
    promised = call(own.out_shape, (x.shape[1:],), {}, "in out_shape", "layer")
    if isinstance(promised, Result):
        return promised
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
    fewer = _forward_call(own, x[1:], training)
    if isinstance(fewer, Result):
        return fewer
    if np.shape(fewer) != (len(x) - 1, *promised):
        text = f"For a batch of {len(x) - 1} after one of {len(x)}, forward returns"
        return Result("fail", f"{text} {np.shape(fewer)}.", "Take the size of the batch from x.")
    return None


def _values(own: Any, x: Array, row: Row | None, training: bool) -> Result | None:
    if row is None:
        return None
    batches = [2 * x - 1]  # another batch, so that a memory of this one alone is not enough
    if row.family != "normalization":  # which loses the digits of such numbers
        batches.append(1e10 * x - 1e12)  # far from 0, as no padding and no power of e stands
    runs = [_run(own, batch, row, training) for batch in batches]
    known = explain(layer_rows(row, backward=False), runs)
    for _, given, right in runs:
        for a, b in zip(given, right, strict=False):
            if not same(a, b):
                text = difference(a, b) if known is None else known.sentence
                return Result("fail", f"With the same weights, forward goes wrong: {text}")
    return None


def _run(own: Any, x: Array, row: Row, training: bool) -> tuple[Step, Outputs, Outputs]:
    """One batch through the student's layer and the right one."""
    step = _step(own, x, row, np.zeros(0), training)
    right, _ = step.run()
    y = np.asarray(_forward_call(own, x, training))
    memory = [np.asarray(value) for value in (getattr(own, "buffers", None) or {}).values()]
    return step, (y, *memory[: len(right) - 1]), right


def _step(own: Any, x: Array, row: Row, dy: Array, training: bool) -> Step:
    state = {**own.params, **(getattr(own, "buffers", None) or {})}
    return Step(row, {key: np.copy(value) for key, value in state.items()}, x, dy, training)


def _pulled(own: Any, x: Array, row: Row | None, training: bool) -> Result | None:
    """Compare gradients with the right layer's: any numbers first, then many equal ones."""
    if row is None:
        return None
    for numbers in (x, np.random.default_rng(_SEED).integers(-1, 2, x.shape).astype(float)):
        y = np.asarray(_forward_call(own, numbers, training))
        dy = _drawn(3, y.shape)
        step = _step(own, numbers, row, dy, training)
        _, right = step.run()
        _forward_call(own, numbers, training)
        names = ["x", *own.params]
        dx = call(own.backward, (dy.copy(),), {}, "in backward", "layer")
        if isinstance(dx, Result):
            return dx
        given = (np.asarray(dx), *(np.asarray(own.grads[key]) for key in own.params))
        known = explain(layer_rows(row, backward=True), [(step, given, right)])
        for name, a, b in zip(names, given, right, strict=False):
            if not same(a, b):
                text = difference(a, b) if known is None else known.sentence
                return Result("fail", f"forward is right, the gradient of {name} is not: {text}")
    return None


def _narrow(own: Any, x: Array, row: Row | None, training: bool) -> Result | None:
    """Float32 must stay float32."""
    for arrays in (own.params, getattr(own, "buffers", None) or {}):
        for key, value in list(arrays.items()):
            arrays[key] = value.astype(np.float32)
    y = _forward_call(own, x.astype(np.float32), training)
    if isinstance(y, Result):
        return y
    kind = np.asarray(y).dtype
    if kind == np.float32:
        return None
    return widened("The values are", "the output", kind, "Give new arrays the dtype of x.")


def _backward(own: Any, x: Array, row: Row | None, training: bool) -> Result | None:
    y = np.asarray(_forward_call(own, x, training))
    dy = _drawn(2, y.shape)
    held = dy.copy()
    dx = call(own.backward, (dy,), {}, "in backward", "layer")
    if isinstance(dx, Result):
        return dx
    dx = to_array(dx, "gradient dx")
    if isinstance(dx, Result):
        return dx
    if not np.array_equal(dy, held):
        return changed("backward", "dy")
    if dx.shape != x.shape:
        return Result("fail", f"backward must return dx in the shape of x, not {dx.shape}.")
    missing = [key for key in own.params if key not in own.grads]
    if missing:
        return Result("fail", f"After backward, grads has no entry {', '.join(missing)}.")
    for key, value in own.params.items():
        if np.shape(own.grads[key]) != np.shape(value):
            shape = np.shape(own.grads[key])
            return Result("fail", f"grads[{key!r}] has shape {shape}, unlike the parameter.")
    return _again(own, x, dx.copy(), dy, training)


def _again(own: Any, x: Array, dx: Array, dy: Array, training: bool) -> Result | None:
    first = {f"the gradient of {key}": np.copy(own.grads[key]) for key in own.params}
    _forward_call(own, x, training)
    again = call(own.backward, (dy,), {}, "in a second backward", "layer")
    if isinstance(again, Result):
        return again
    now = {f"the gradient of {key}": own.grads[key] for key in own.params} | {"dx": again}
    for name, value in (first | {"dx": dx}).items():
        if not same(np.asarray(now[name]), value):
            return Result(
                "fail",
                f"A second backward changes {name}: gradients are added up, not set.",
                "Set each gradient anew in every backward.",
            )
    return None


def _gradients(own: Any, x: Array, row: Row | None, training: bool) -> Result | None:
    params = {key: np.array(value) for key, value in own.params.items()}

    def output(at: Point) -> Array:
        for key in params:
            own.params[key][...] = at[key]
        return np.asarray(own.forward(at["x"], training=training))

    def gradients(at: Point, dy: Array) -> Mapping[str, Any]:
        output(at)
        dx = own.backward(dy)
        return {"x": dx, **own.grads}

    report = _quietly(lambda: compare(Problem(output, gradients), {"x": x, **params}, _SEED))
    if isinstance(report, Result):
        return report
    for name, entry in report.entries.items():
        if not entry.ok:
            text = f"The gradient of {name} does not agree with differences of forward: "
            return Result("fail", f"{text}{entry.cause}.".replace("?.", "?"))
    return None


def _quietly(compare_: Callable[[], Any]) -> Any:
    return call(compare_, (), {}, "while it is called again and again", "layer")
