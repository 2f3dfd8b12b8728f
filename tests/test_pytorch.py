"""PyTorch twins: exact padding, plain names, the same seed the same weights."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from torch import nn
from torch.nn import functional as F

from cnnlab import geometry, pytorch, scratch, spec, zoo
from cnnlab.pytorch import randomness, rows, windowed
from cnnlab.scratch.init import SCHEMES, draw, fans, initial_state
from cnnlab.spec import Add, AvgPool, Chain, Concat, Conv, Flatten, Linear, MaxPool, ReLU, Scale
from tests.specs import networks

X = torch.from_numpy(np.random.default_rng(7).standard_normal((2, 3, 11, 14), np.float32))


def run(row, x=X, seed=3):
    module = pytorch.build(row, tuple(x.shape[1:]), seed).eval()
    return module, module(x)


@given(networks())
def test_state_dict_keys_are_the_paths_of_the_specification(case):
    network, shape = case
    state = pytorch.build(network, shape).state_dict()
    named = network.param_shapes(shape) | network.buffer_shapes(shape)
    ours = {key: tuple(array.shape) for key, array in state.items()}
    counters = {key for key in ours if key.endswith("num_batches_tracked")}
    assert {key: shape for key, shape in ours.items() if key not in counters} == named


def test_plain_layers_are_pytorchs_own():
    module = zoo.get("datasci-207").torch()
    kinds = [type(child) for child in module.children()]
    assert kinds[:5] == [nn.Conv2d, nn.ReLU, nn.Conv2d, nn.ReLU, nn.MaxPool2d]
    assert nn.Dropout in kinds


@pytest.mark.parametrize("stride", [1, 2, 3, (2, 1)])
@pytest.mark.parametrize("kernel", [2, 3, (5, 2), 4])
@pytest.mark.parametrize("padding", ["same", ((0, 2), 1), (("same"), (2, 0)), 2, "valid"])
def test_convolution_padding_is_exact(kernel, stride, padding):
    row = Conv(4, kernel, stride, padding)
    module, y = run(row)
    kernels, strides = (geometry.per_axis("k", value, 2) for value in (kernel, stride))
    sides = [
        geometry.resolve_padding(side, size, k, s)
        for side, size, k, s in zip(
            geometry.padding_per_axis(padding, 2), X.shape[2:], kernels, strides, strict=True
        )
    ]
    padded = F.pad(X, [*sides[1], *sides[0]])
    torch.testing.assert_close(y, F.conv2d(padded, module.weight, module.bias, stride))


@pytest.mark.parametrize("size", [224, 225, 5, 6])
def test_same_with_stride_is_tensorflows(size):
    """TensorFlow puts the odd pixel after: at 224, 3×3, stride 2 it pads (0, 1)."""
    x = torch.zeros(1, 1, size, size)
    x[..., 0, 0] = 1
    module, y = run(Conv(1, 3, stride=2, padding="same", bias=False), x)
    before, _ = geometry.same_padding(size, 3, 2)
    assert y.shape[2:] == (-(-size // 2),) * 2
    torch.testing.assert_close(y[0, 0, 0, 0], module.weight[0, 0, before, before])


def test_padding_follows_the_input_it_meets():
    """A network built for one size convolves another with the padding of that size."""
    module = pytorch.build(Conv(2, 3, stride=2, padding="same"), (3, 8, 8))
    x = torch.rand(1, 3, 9, 9)
    expected = F.conv2d(F.pad(x, (1, 1, 1, 1)), module.weight, module.bias, 2)
    torch.testing.assert_close(module(x), expected)


POOLS = list(itertools.product([2, 3, (3, 2)], [1, 2, 3], [0, 1], ["floor", "ceil"]))


@pytest.mark.parametrize(("kernel", "stride", "padding", "policy"), POOLS)
def test_our_pooling_equals_pytorchs_where_both_can(kernel, stride, padding, policy):
    ceil = policy == "ceil"
    shape = tuple(X.shape[1:])
    best = windowed.PaddedMaxPool(MaxPool(kernel, stride, padding, policy), shape)(X)
    torch.testing.assert_close(best, F.max_pool2d(X, kernel, stride, padding, ceil_mode=ceil))
    for counted in (True, False):
        ours = windowed.PaddedAvgPool(AvgPool(kernel, stride, padding, policy, counted), shape)(X)
        theirs = F.avg_pool2d(X, kernel, stride, padding, ceil, counted)
        torch.testing.assert_close(ours, theirs)


def test_max_pool_pads_with_minus_infinity():
    x = -1 - torch.rand(1, 2, 5, 6)
    for padding in (1, ((0, 1), (2, 0)), "same"):
        _, y = run(MaxPool(3, 2, padding), x)
        assert (y < 0).all()


def test_average_pool_with_uneven_padding_counts_what_it_should():
    x = torch.ones(1, 1, 4, 4)
    _, counted = run(AvgPool(2, 2, ((1, 0), 0), "ceil"), x)
    _, ignored = run(AvgPool(2, 2, ((1, 0), 0), "ceil", count_include_pad=False), x)
    assert counted[0, 0, :, 0].tolist() == [0.5, 1.0, 1.0]
    assert ignored[0, 0, :, 0].tolist() == [1.0, 1.0, 1.0]


def test_convolution_with_ceil_reads_zeros_after_the_input():
    module, y = run(Conv(2, 3, stride=4, policy="ceil"))
    assert y.shape[2:] == (3, 4)
    torch.testing.assert_close(y, F.conv2d(F.pad(X, (0, 1)), module.weight, module.bias, 4))


def test_error_policy_also_holds_for_another_input():
    module = pytorch.build(Conv(2, 3, stride=2, policy="error"), (3, 9, 9))
    with pytest.raises(ValueError, match="stride 2 does not fit"):
        module(torch.zeros(1, 3, 10, 9))


def test_a_table_of_all_connections_is_a_convolution():
    table = (tuple(range(3)),) * 4
    module, y = run(spec.TableConv(table, (3, 2), stride=2, padding=1))
    dense = module.weight.view(4, 3, 3, 2)
    torch.testing.assert_close(y, F.conv2d(X, dense, module.bias, 2, 1))


def test_a_table_leaves_out_the_maps_it_does_not_name():
    module, y = run(spec.TableConv(((0,), (1, 2)), 3))
    first = F.conv2d(X[:, :1], module.weight[:1, None], module.bias[:1])
    second = F.conv2d(X[:, 1:], module.weight[None, 1:], module.bias[1:])
    torch.testing.assert_close(y, torch.cat([first, second], 1))
    y.square().sum().backward()
    assert module.weight.grad.abs().sum() > 0


def test_depthwise_keeps_channels_apart():
    module, y = run(spec.DepthwiseConv(3, multiplier=2, padding=1))
    torch.testing.assert_close(y, F.conv2d(X, module.weight, module.bias, 1, 1, 1, 3))


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_transposed_same_is_the_gradient_of_a_same_convolution(kernel, stride):
    """Which is TensorFlow's definition: what the convolution of a larger map sends back."""
    up = spec.TransposedConv(4, kernel, stride, padding="same", bias=False)
    module, y = run(up)
    assert y.shape == (2, 4, 11 * stride, 14 * stride)
    down = pytorch.build(Conv(3, kernel, stride, padding="same", bias=False), y.shape[1:])
    down.load_state_dict(module.state_dict())
    large = torch.zeros(y.shape, requires_grad=True)
    down(large).backward(X)
    torch.testing.assert_close(y, large.grad)


def test_transposed_convolution_equals_pytorch():
    module, y = run(spec.TransposedConv(4, 3, stride=2, padding=1, output_padding=1, dilation=2))
    expected = F.conv_transpose2d(X, module.weight, module.bias, 2, 1, 1, 1, 2)
    torch.testing.assert_close(y, expected)


def test_subsampling_is_a_weighted_mean():
    module, y = run(spec.Subsample(2))
    with torch.no_grad():
        module.weight.copy_(torch.tensor([1.0, 2, 3]))
        module.bias.copy_(torch.tensor([0.5, 0, -1]))
    expected = F.avg_pool2d(X, 2) * torch.tensor([1.0, 2, 3]).view(3, 1, 1)
    torch.testing.assert_close(module(X), expected + torch.tensor([0.5, 0, -1]).view(3, 1, 1))
    torch.testing.assert_close(y, F.avg_pool2d(X, 2))


def test_combinators_compute_what_they_say():
    _, added = run(Add(ReLU(), spec.Identity()))
    torch.testing.assert_close(added, X.relu() + X)
    _, stacked = run(Concat(ReLU(), spec.Identity()))
    torch.testing.assert_close(stacked, torch.cat([X.relu(), X], 1))
    _, gated = run(Scale(spec.GlobalAvgPool(), spec.Sigmoid()))
    torch.testing.assert_close(gated, X * X.mean((2, 3), keepdim=True).sigmoid())


ACTIVATIONS = [
    (spec.Step(), lambda z: (z > 0).float()),
    (spec.Sign(), torch.sign),
    (spec.Sigmoid(), torch.sigmoid),
    (spec.Tanh(), lambda z: 2 * torch.sigmoid(2 * z) - 1),
    (spec.ScaledTanh(), lambda z: 1.7159 * torch.tanh(2 / 3 * z)),
    (spec.ReLU(), lambda z: z.clamp(min=0)),
    (spec.ReLU6(), lambda z: z.clamp(0, 6)),
    (spec.LeakyReLU(0.2), lambda z: torch.where(z > 0, z, 0.2 * z)),
    (spec.ELU(0.5), lambda z: torch.where(z > 0, z, 0.5 * (z.exp() - 1))),
    (spec.Softplus(), lambda z: torch.log1p(z.exp())),
    (spec.SiLU(), lambda z: z * torch.sigmoid(z)),
    (spec.Softmax(), lambda z: z.exp() / z.exp().sum(1, keepdim=True)),
]


@pytest.mark.parametrize(("row", "formula"), ACTIVATIONS, ids=lambda case: repr(case)[:12])
def test_activations_follow_their_formula(row, formula):
    x = torch.cat([3 * X, torch.zeros_like(X)])
    _, y = run(row, x)
    torch.testing.assert_close(y, formula(x))


def test_every_row_of_the_specification_has_a_twin():
    base = {spec.Row, spec.Combinator}
    kinds = {kind for kind in vars(spec).values() if isinstance(kind, type)}
    for kind in kinds:
        if issubclass(kind, spec.Row) and kind not in base:
            assert rows.module_of.dispatch(kind) is not rows.module_of.dispatch(object), kind


def test_embedding_and_rnn_are_channels_first():
    tokens = torch.tensor([[0, 3, 1, 2, 3]])
    embedding = pytorch.build(spec.Embedding(4, 6), (5,))
    vectors = embedding(tokens)
    assert vectors.shape == (1, 6, 5)
    torch.testing.assert_close(vectors[0, :, 1], embedding.weight[3])
    states = pytorch.build(spec.RNN(7, return_sequences=True), (6, 5), seed=1)
    last = pytorch.build(spec.RNN(7), (6, 5), seed=1)
    every = states(vectors)
    assert every.shape == (1, 7, 5)
    torch.testing.assert_close(every[..., -1], last(vectors))
    state = torch.zeros(7)
    for t in range(5):
        state = torch.tanh(
            last.weight_ih_l0 @ vectors[0, :, t]
            + last.bias_ih_l0
            + last.weight_hh_l0 @ state
            + last.bias_hh_l0
        )
    torch.testing.assert_close(every[0, :, -1], state)


def test_radial_basis_is_fixed_and_measures_distance():
    module, y = run(spec.RBF(10), X[:, 0, 0])
    torch.testing.assert_close(y, torch.cdist(X[:, 0, 0], module.weight) ** 2)
    assert not any(parameter.requires_grad for parameter in module.parameters())
    assert set(module.weight.unique().tolist()) == {-1.0, 1.0}


def test_drop_connect_drops_weights_in_training_only():
    module, y = run(spec.DropConnect(50, p=0.5), X[:, 0, 0])
    torch.testing.assert_close(y, F.linear(X[:, 0, 0], module.weight, module.bias))
    torch.manual_seed(0)
    module.train()
    ones = torch.ones(1, 14)
    with torch.no_grad():
        module.weight.fill_(1)
        module.bias.zero_()
    kept = module(ones) / 2
    assert kept.frac().abs().max() == 0
    assert 0 < kept.mean() < 14


def test_the_random_state_of_a_macs_gpu_is_kept_too(monkeypatch):
    states = [torch.tensor([1], dtype=torch.uint8)]
    monkeypatch.setattr(torch.mps, "get_rng_state", lambda: states[-1])
    monkeypatch.setattr(torch.mps, "set_rng_state", states.append)
    device = torch.device("mps")
    before = randomness.current(device)
    assert len(before) == 2
    states.append(torch.tensor([2], dtype=torch.uint8))
    randomness.put(device, before)
    assert torch.equal(states[-1], before[1])
    assert torch.equal(states[-1], torch.tensor([1], dtype=torch.uint8))


def test_a_seed_decides_and_pytorchs_own_state_is_left_alone():
    network = zoo.get("ds-4400")
    before = torch.random.get_rng_state()
    first, again, other = network.torch(seed=1), network.torch(seed=1), network.torch(seed=2)
    assert torch.equal(torch.random.get_rng_state(), before)
    for key, value in first.state_dict().items():
        assert torch.equal(value, again.state_dict()[key])
        assert not torch.equal(value, other.state_dict()[key])
    generator = np.random.default_rng(1)
    assert torch.equal(network.torch(seed=generator).conv1.weight, first.conv1.weight)
    assert not torch.equal(network.torch(seed=generator).conv1.weight, first.conv1.weight)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_initial_weights_have_the_variance_their_scheme_promises(scheme):
    shape = (64, 48, 5, 3)
    fan_in, fan_out = fans(shape)
    assert (fan_in, fan_out) == nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    weight = draw(shape, fan_in, fan_out, scheme, np.random.default_rng(0))
    variance = {
        "torch": 1 / (3 * fan_in),
        "glorot": 2 / (fan_in + fan_out),
        "he": 2 / fan_in,
        "lecun": 1 / fan_in,
        "zeros": 0.0,
    }[scheme.split("-")[0]]
    assert weight.var() == pytest.approx(variance, rel=0.03)
    assert abs(weight.mean()) <= 0.02 * variance**0.5
    if scheme == "torch" or scheme.endswith("uniform"):
        assert abs(weight).max() <= np.sqrt(3 * variance) * (1 + 1e-6)
    if scheme.endswith("truncated"):  # Keras divides by this number, so that the variance is kept
        bound = 2 * variance**0.5 / 0.87962566103423978
        assert 0.99 * bound < abs(weight).max() <= bound * (1 + 1e-6)


def test_the_default_scheme_is_pytorchs():
    ours = pytorch.build(Chain(Conv(64, 3), Flatten(), Linear(40)), (16, 9, 9))
    theirs = nn.Sequential(nn.Conv2d(16, 64, 3), nn.Flatten(), nn.Linear(64 * 49, 40))
    for mine, reference in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert mine.abs().max().item() == pytest.approx(reference.abs().max().item(), rel=0.15)
        assert mine.dtype == reference.dtype


def test_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="init must be one of torch, glorot-uniform"):
        zoo.get("ds-4400").torch(init="xavier")


def test_schemes_may_differ_from_part_to_part():
    network = Chain(body=Chain(a=Linear(40), b=Linear(40)), head=Linear(40))
    init = {"body": "he-uniform", "body.b": "zeros"}
    state = pytorch.build(network, (50,), 1, init=init).state_dict()
    bounds = {key: float(value.abs().max()) for key, value in state.items() if "weight" in key}
    assert bounds["body.a.weight"] == pytest.approx((6 / 50) ** 0.5, rel=0.01)
    assert bounds["body.b.weight"] == 0
    assert bounds["head.weight"] == pytest.approx(40**-0.5, rel=0.01)  # PyTorch's own
    for key, array in scratch.build(network, (50,), 1, init=init).state_dict().items():
        assert np.array_equal(array, state[key].numpy())


@pytest.mark.parametrize("build", [pytorch.build, scratch.build])
@pytest.mark.parametrize(
    ("init", "sentence"),
    [
        ({"fc2": "zeros"}, "init must name rows of the network, such as fc, not 'fc2'"),
        ({"f": "zeros"}, "init must name rows of the network, such as fc, not 'f'"),
        ({"fc": "he"}, "init must be one of torch, .*, not 'he'"),
        ("he", "init must be one of torch, .*, not 'he'"),
    ],
)
def test_an_initialiser_for_nothing_is_refused(build, init, sentence):
    with pytest.raises(ValueError, match=sentence):
        build(Chain(fc=Linear(4)), (3,), init=init)


def test_buffers_start_as_in_pytorch():
    state = initial_state(Chain(norm=spec.BatchNorm()), (3, 5, 5))
    theirs = nn.BatchNorm2d(3).state_dict()
    assert {f"norm.{key}" for key in theirs} == set(state)
    for key, value in theirs.items():
        assert np.array_equal(state[f"norm.{key}"], value.numpy())
        assert state[f"norm.{key}"].dtype == value.numpy().dtype


def test_batch_norm_trains_and_its_state_loads_into_a_plain_module():
    module = pytorch.build(Chain(norm=spec.BatchNorm(momentum=0.3, eps=1e-3)), (3, 11, 14))
    reference = nn.Sequential()
    reference.add_module("norm", nn.BatchNorm2d(3, 1e-3, 0.3))
    reference.load_state_dict(module.state_dict())
    torch.testing.assert_close(module(X), reference(X))
    torch.testing.assert_close(dict(module.state_dict()), dict(reference.state_dict()))


def test_a_name_that_pytorch_keeps_for_itself_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="must not have the name"):
        pytorch.build(Chain(forward=ReLU()), (3, 4, 4))


def test_shape_errors_come_before_anything_is_built():
    with pytest.raises(spec.ShapeError, match="there: Conv: kernel 9 does not fit"):
        pytorch.build(Chain(there=Conv(3, 9)), (3, 4, 4))


def test_modules_live_where_they_are_told():
    module = zoo.get("ds-4400").torch(device="cpu")
    assert {parameter.device.type for parameter in module.parameters()} == {"cpu"}
