"""What can be checked: a pair of functions, a layer, a network."""

import copy
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.gradcheck.differences import Point, Problem, compare
from cnnlab.scratch.gradcheck.report import Report
from cnnlab.scratch.layers.base import Backward, Forward


def check(
    forward: Forward, backward: Backward, *arrays: Array | None, seed: int = 0, **settings: Any
) -> Report:
    """Check a pair of functions.

    Parameters
    ----------
    forward : function
        ``forward(*arrays, **settings) -> (y, cache)``.
    backward : function
        ``backward(dy, cache)``: one gradient for each array, in order; a single one alone.
    *arrays : arrays
        Where to check; taken as float64. Integer arrays (tokens, labels) and None stay fixed.
    seed : int
        Decides the upstream gradient and the directions.
    **settings
        Keyword arguments of ``forward``; a generator among them begins anew at every call.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If the same input gives two different outputs, or no smooth point is found.

    Examples
    --------
    >>> from cnnlab.scratch.functional import linear, linear_backward
    >>> def summed_twice(dy, cache):
    ...     dx, dweight, dbias = linear_backward(dy, cache)
    ...     return dx, 2 * dweight, dbias
    >>> rng = np.random.default_rng(0)
    >>> x, weight, bias = (rng.standard_normal(s) for s in [(4, 3), (2, 3), (2,)])
    >>> print(check(linear, summed_twice, x, weight, bias).entries["weight"].cause)
    it is 2 times the right one: summed where it must be averaged, or counted twice?
    """
    return check_named(names(forward, len(arrays)), forward, backward, arrays, settings, seed)


def check_named(
    names: Sequence[str],
    forward: Forward,
    backward: Backward,
    arrays: Sequence[Array | None],
    settings: Mapping[str, Any],
    seed: int,
) -> Report:
    """The same as :func:`check`, where the arrays have names that ``forward`` does not tell."""
    taken = [
        np.array(a, np.float64) if isinstance(a, np.ndarray) and a.dtype.kind == "f" else a
        for a in arrays
    ]
    point = {
        name: array
        for name, array in zip(names, taken, strict=True)
        if isinstance(array, np.ndarray) and array.dtype.kind == "f"
    }

    def run(at: Point) -> tuple[Array, Any]:
        values = [at.get(name, array) for name, array in zip(names, taken, strict=True)]
        y, cache = forward(*values, **copy.deepcopy(settings))
        return np.asarray(y), cache

    def gradients(at: Point, dy: Array) -> Mapping[str, Any]:
        result = backward(dy, run(at)[1])
        every = result if isinstance(result, tuple) else (result,)
        return dict(zip(names, every, strict=False))

    return compare(Problem(lambda at: run(at)[0], gradients), point, seed)


def check_layer(layer: Any, x: Array, *, seed: int = 0, training: bool = False) -> Report:
    """Check a layer or a network of dtype float64.

    Parameters
    ----------
    layer : Layer
        Left as it was found: weights, running statistics and random state are put back.
    x : array
        Where to check.
    seed : int
        Decides the upstream gradient and the directions.
    training : bool
        Which mode to check.

    Returns
    -------
    Report
        Parameters under their ``state_dict`` keys, the input under ``"x"``.

    Examples
    --------
    >>> from cnnlab import scratch, spec
    >>> net = scratch.build(spec.Chain(fc=spec.Linear(2), act=spec.Tanh()), (3,), dtype=np.float64)
    >>> check_layer(net, np.random.default_rng(0).standard_normal((4, 3)))
    Gradients agree with differences: x, fc.weight, fc.bias
    """
    narrow = [key for key, array in layer.params.items() if array.dtype != np.float64]
    if narrow:
        raise TypeError(
            f"check_layer: parameters must be float64, not {layer.params[narrow[0]].dtype}: "
            f"{', '.join(narrow)}. Build with dtype=np.float64."
        )
    floats = x.dtype.kind == "f"
    before, random = layer.state_dict(), layer.random_state()

    def output(at: Point) -> Array:
        layer.load_state_dict(before | {key: at[key] for key in at if key != "x"})
        layer.set_random_state(random)
        y: Array = layer.forward(at.get("x", x), training=training)
        return y

    def gradients(at: Point, dy: Array) -> Mapping[str, Any]:
        output(at)
        dx = layer.backward(dy)
        result: dict[str, Any] = {"x": dx, **layer.grads}
        return result

    layer.forward(x, training=training)  # learn which parameters are trained
    layer.backward(np.zeros_like(layer.forward(x, training=training)))
    point = {"x": np.array(x, np.float64)} if floats else {}
    point |= {key: before[key].copy() for key in layer.grads}
    try:
        return compare(Problem(output, gradients), point, seed)
    finally:
        layer.load_state_dict(before)
        layer.set_random_state(random)


def names(forward: Forward, count: int) -> list[str]:
    """Names of the arrays that a function takes first; their places if it has none for all.

    Examples
    --------
    >>> names(lambda x, weight, stride=1: x, 2)
    ['x', 'weight']
    """
    parameters = list(inspect.signature(forward).parameters.values())
    named = [p.name for p in parameters if p.kind is not inspect.Parameter.VAR_POSITIONAL]
    if len(named) < count or len(named) < len(parameters):
        return [f"array {i}" for i in range(count)]
    return named[:count]
