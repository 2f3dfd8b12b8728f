"""What every layer must do; each point takes a case, and functions to try in its place."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.testing import assert_array_equal

from cnnlab import count, pytorch, spec
from cnnlab.scratch import gradcheck, layers, naive
from tests.layer_cases import Case

Functions = dict[str, Any]  # empty, or a forward and a backward of someone's own

TOLERANCE = {np.float64: 1e-10, np.float32: 1e-4}


def make(case: Case, dtype: type = np.float64, functions: Functions | None = None) -> Any:
    layer = layers.make(case.row, case.in_shape, rng=3, dtype=dtype, **(functions or {}))
    rng = np.random.default_rng(4)  # nothing starts as the identity, which would hide slips
    for array in (*layer.params.values(), *layer.buffers.values()):
        if array.ndim:
            array[...] = rng.uniform(0.5, 1.5, array.shape)
    return layer


def upstream(y: np.ndarray) -> np.ndarray:
    return np.random.default_rng(5).standard_normal(y.shape).astype(y.dtype)


def assert_close(actual: np.ndarray, expected: np.ndarray, tolerance: float, what: str) -> None:
    assert actual.shape == expected.shape, f"{what}: {actual.shape}, not {expected.shape}"
    size = max(float(np.abs(expected).max(initial=0)), 1e-3)
    error = float(np.abs(actual - expected).max(initial=0)) / size
    assert error <= tolerance, f"{what} is off by {error:.2g}"


def equals_pytorch(case: Case, functions: Functions, dtype: type = np.float64) -> None:
    if not case.torch:
        return
    layer, x = make(case, dtype, functions), case.input(dtype)
    module = pytorch.build(case.row, case.in_shape).to(torch.from_numpy(np.zeros(0, dtype)).dtype)
    state = {key: torch.from_numpy(array) for key, array in layer.state_dict().items()}
    module.load_state_dict(state)
    module.train(case.training)
    tensor = torch.from_numpy(x.copy()).requires_grad_(x.dtype.kind == "f")
    expected = module(tensor)
    y = layer.forward(x, training=case.training)
    assert y.dtype == dtype, f"y is {y.dtype}, not {np.dtype(dtype)}"
    assert_close(y, expected.detach().numpy(), TOLERANCE[dtype], "y")
    dy = upstream(y)
    dx = layer.backward(dy)
    if expected.requires_grad:
        expected.backward(torch.from_numpy(dy))
    right = np.zeros_like(dx) if tensor.grad is None else tensor.grad.numpy()
    assert dx.dtype == dtype, f"dx is {dx.dtype}, not {np.dtype(dtype)}"
    assert_close(dx, right, TOLERANCE[dtype], "dx")
    trained = {name: p.grad.numpy() for name, p in module.named_parameters() if p.grad is not None}
    assert layer.grads.keys() == trained.keys()
    for name, gradient in trained.items():
        assert layer.grads[name].dtype == dtype
        assert_close(layer.grads[name], gradient, TOLERANCE[dtype], name)
    for key, tensor in module.state_dict().items():
        assert_close(layer.state_dict()[key], tensor.numpy(), TOLERANCE[dtype], f"{key} afterwards")


def equals_pytorch_in_float32(case: Case, functions: Functions) -> None:
    equals_pytorch(case, functions, np.float32)


def agrees_with_shapes_and_counts(case: Case, functions: Functions) -> None:
    layer, x = make(case, functions=functions), case.input()
    y = layer.forward(x, training=case.training)
    assert y.shape == (len(x), *layer.out_shape(case.in_shape))
    summary = count.summarize(case.row, case.in_shape)
    assert summary.output_shape == y.shape[1:]
    assert summary.params == sum(array.size for array in layer.params.values())
    layer.backward(upstream(y))
    assert summary.trainable_params == sum(array.size for array in layer.grads.values())
    shapes = case.row.buffer_shapes(case.in_shape)
    assert summary.buffers == sum(map(prod, shapes.values()))
    assert {key: layer.buffers[key].shape for key in shapes} == shapes


def leaves_what_it_is_given_alone(case: Case, functions: Functions) -> None:
    layer, x = make(case, functions=functions), case.input()
    held, params = x.copy(), {name: array.copy() for name, array in layer.params.items()}
    y = layer.forward(x, training=case.training)
    assert_array_equal(x, held, "forward changes x")
    out, dy = y.copy(), upstream(y)
    given = dy.copy()
    layer.backward(dy)
    assert_array_equal(x, held, "backward changes x")
    assert_array_equal(dy, given, "backward changes dy")
    assert_array_equal(y, out, "backward changes y")
    for name, array in params.items():
        assert_array_equal(layer.params[name], array, f"{name} is changed")


def sets_gradients_and_does_not_add(case: Case, functions: Functions) -> None:
    layer, x = make(case, functions=functions), case.input()
    dy = upstream(layer.forward(x, training=case.training))
    dx = layer.backward(dy).copy()
    first = {name: gradient.copy() for name, gradient in layer.grads.items()}
    assert_array_equal(layer.backward(dy), dx)
    for name, gradient in first.items():
        assert_array_equal(layer.grads[name], gradient)


def agrees_with_differences(case: Case, functions: Functions) -> None:
    if case.numbers == "low":  # where rounding is larger than the differences
        return
    layer = make(case, functions=functions)
    gradcheck.check_layer(layer, case.input(), training=case.training).require()


def agrees_with_the_loops(case: Case, functions: Functions) -> None:
    row, layer = case.row, make(case, functions=functions)
    if len(case.in_shape) != 3:
        return
    x = case.input()
    if isinstance(row, spec.Conv | spec.DepthwiseConv) and row.policy == "floor":
        settings = {name: getattr(layer.row, name) for name in ("stride", "padding", "dilation")}
        weight, settings["groups"] = layer.params["weight"], layer.row.groups
        y = naive.conv2d(x, weight, layer.params.get("bias"), **settings)
        assert_close(layer.forward(x), y, 1e-10, "y")
        dy = upstream(y)
        dx, dweight, dbias = naive.conv2d_backward(dy, x, weight, **settings)
        assert_close(layer.backward(dy), dx, 1e-10, "dx")
        assert_close(layer.grads["weight"], dweight, 1e-10, "dweight")
        if row.bias:
            assert_close(layer.grads["bias"], dbias, 1e-10, "dbias")
    plain = isinstance(row, spec.MaxPool | spec.AvgPool) and isinstance(row.kernel_size, int)
    if plain and not row.padding and row.policy == "floor":
        kind = "max" if isinstance(row, spec.MaxPool) else "average"
        size, stride = row.kernel_size, row.stride or row.kernel_size
        y = naive.pool2d(x, size, stride, kind)
        assert_close(layer.forward(x), y, 1e-10, "y")
        dx = naive.pool2d_backward(upstream(y), x, size, stride, kind)
        assert_close(layer.backward(upstream(y)), dx, 1e-10, "dx")


def treats_examples_one_by_one(case: Case, functions: Functions) -> None:
    if case.training:
        return
    layer, x = make(case, functions=functions), case.input()
    together = layer.forward(x)
    alone = np.concatenate([layer.forward(x[i : i + 1]) for i in range(len(x))])
    assert_close(alone, together, 1e-12, "one example at a time")


CONTRACT: list[Callable[[Case, Functions], None]] = [
    equals_pytorch,
    equals_pytorch_in_float32,
    agrees_with_shapes_and_counts,
    leaves_what_it_is_given_alone,
    sets_gradients_and_does_not_add,
    agrees_with_differences,
    agrees_with_the_loops,
    treats_examples_one_by_one,
]
