"""Two networks held against each other: a planted difference is found, and called by its name."""

import copy
import importlib.util

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from cnnlab import pytorch, scratch, spec, zoo
from cnnlab.pytorch import compare


class Through(nn.Module):
    """A layer whose forward pass is a function, with the weights of another layer."""

    def __init__(self, function, **weights):
        super().__init__()
        self.function = function
        for name, value in weights.items():
            self.register_buffer(name, value.detach().clone())

    def forward(self, x):
        return self.function(self, x)


class Conv(Through):
    pass


class Pool(Through):
    pass


class Norm(Through):
    pass


class GRU(Through):
    pass


def x(*shape, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def changed(module, **settings):
    """A copy of a module with other settings or weights."""
    twin = copy.deepcopy(module)
    for name, value in settings.items():
        current = getattr(twin, name)
        if isinstance(current, torch.Tensor):
            with torch.no_grad():
                current.copy_(value)
        else:
            setattr(twin, name, value)
    return twin


def trained(norm):
    """A normalisation that has seen something."""
    for name, value in norm.state_dict().items():
        if value.is_floating_point():
            value.copy_(x(*value.shape, seed=len(name)).abs() + 0.2)
    return norm


SAME = pytorch.build(spec.Conv(3, 3, stride=2, padding="same"), (2, 8, 8))
CONV = nn.Conv2d(3, 3, 3, padding=1)
GROUPED = nn.Conv2d(4, 8, 3, groups=4)
UP = nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1)
SQUARE = nn.Linear(4, 4)
BATCH = trained(nn.BatchNorm2d(3)).eval()
LSTM = nn.LSTM(3, 4, batch_first=True)
GRU_ = nn.GRU(3, 4, batch_first=True)
UNGATED = nn.RNN(3, 4, batch_first=True)


def keras_gru(module, x):
    """A GRU that resets the state before the product."""
    h, states = x.new_zeros(len(x), 4), []
    for token in x.transpose(0, 1):
        w, v = module.w.chunk(3), module.v.chunk(3)
        b, c = module.b.chunk(3), module.c.chunk(3)
        r, z = (torch.sigmoid(token @ w[i].T + b[i] + h @ v[i].T + c[i]) for i in (0, 1))
        n = torch.tanh(token @ w[2].T + b[2] + (r * h) @ v[2].T + c[2])
        h = (1 - z) * n + z * h
        states.append(h)
    return torch.stack(states, 1)


def swapped(module, first, second):
    """The blocks of two gates exchanged in every weight of a recurrent layer."""
    twin = changed(module)
    for value in twin.state_dict().values():
        parts = list(value.clone().chunk(4 if isinstance(module, nn.LSTM) else 3))
        parts[first], parts[second] = parts[second], parts[first]
        value.copy_(torch.cat(parts))
    return twin


PLANTED = {
    "the odd zero before": (
        SAME,
        Conv(
            lambda m, x: F.conv2d(F.pad(x, (1, 0, 1, 0)), m.w, m.b, 2), w=SAME.weight, b=SAME.bias
        ),
        x(2, 2, 8, 8),
        "pads 1 before and 0 after each axis, ours 0 before and 1 after",
    ),
    "kernels flipped": (CONV, changed(CONV, weight=CONV.weight.flip(2, 3)), x(2, 3, 6, 7), "flips"),
    "height and width": (
        CONV,
        changed(CONV, weight=CONV.weight.transpose(2, 3)),
        x(2, 3, 6, 7),
        "height and width exchanged",
    ),
    "in and out": (
        CONV,
        changed(CONV, weight=CONV.weight.transpose(0, 1)),
        x(2, 3, 6, 7),
        "in and out channels exchanged",
    ),
    "bias forgotten": (CONV, changed(CONV, bias=0 * CONV.bias), x(2, 3, 6, 7), "no bias"),
    "another bias": (CONV, changed(CONV, bias=CONV.bias + 1), x(2, 3, 6, 7), "another bias"),
    "mirrored edge": (
        CONV,
        Conv(
            lambda m, x: F.conv2d(F.pad(x, (1,) * 4, "reflect"), m.w, m.b),
            w=CONV.weight,
            b=CONV.bias,
        ),
        x(2, 3, 6, 7),
        "mirrors the edge",
    ),
    "another stride": (
        nn.Conv2d(3, 3, 3, stride=2),
        None,
        x(2, 3, 9, 9),
        "has stride 3, padding 0 and dilation 1",
    ),
    "groups interleaved": (
        GROUPED,
        nn.Sequential(
            GROUPED,
            Through(lambda m, x: x.unflatten(1, (4, 2)).transpose(1, 2).flatten(1, 2)),
        ),
        x(2, 4, 6, 6),
        "groups interleaved",
    ),
    "transposed kernels flipped": (
        UP,
        changed(UP, weight=UP.weight.flip(2, 3)),
        x(2, 2, 4, 4),
        "flips its kernels",
    ),
    "cut at the other end": (
        pytorch.build(spec.TransposedConv(3, 3, stride=2, padding="same"), (2, 4, 4)),
        None,
        x(2, 2, 4, 4),
        "cuts 1 at the start and 0 at the end",
    ),
    "weight transposed": (
        SQUARE,
        changed(SQUARE, weight=SQUARE.weight.T),
        x(5, 4),
        "weight transposed",
    ),
    "eps": (BATCH, changed(BATCH, eps=1e-3), x(2, 3, 4, 4), "has eps=0.001, ours 1e-05"),
    "affine": (
        BATCH,
        changed(BATCH, weight=torch.ones(3), bias=torch.zeros(3)),
        x(2, 3, 4, 4),
        "no gain and no shift",
    ),
    "statistics not loaded": (
        BATCH,
        changed(BATCH, running_mean=torch.zeros(3), running_var=torch.ones(3)),
        x(2, 3, 4, 4),
        "as if they had not been loaded",
    ),
    "the batch's statistics": (
        BATCH,
        Norm(
            lambda m, x: F.batch_norm(x, None, None, m.w, m.b, True), w=BATCH.weight, b=BATCH.bias
        ),
        x(2, 3, 4, 4),
        "the batch's statistics",
    ),
    "alpha not divided": (
        nn.LocalResponseNorm(5, 0.5),
        nn.LocalResponseNorm(5, 2.5),
        x(2, 7, 3, 3),
        "does not divide alpha by the size",
    ),
    "groups of a normalisation": (
        nn.GroupNorm(2, 4),
        nn.GroupNorm(4, 4),
        x(2, 4, 3, 3),
        "4 groups, ours 2",
    ),
    "divisor at the edge": (
        pytorch.build(spec.AvgPool(3, 2, padding=1, count_include_pad=False), (2, 7, 7)),
        nn.AvgPool2d(3, 2, 1),
        x(2, 2, 7, 7),
        "averages over pixels and padding, where ours averages over real pixels alone",
    ),
    "ceil": (
        nn.MaxPool2d(3, 2),
        nn.MaxPool2d(3, 2, ceil_mode=True),
        x(2, 2, 8, 8),
        "rounds its size up (ceil), ours down",
    ),
    "zeros under a maximum": (
        nn.MaxPool2d(3, 2, 1),
        Pool(lambda m, x: F.max_pool2d(F.pad(x, (1,) * 4), 3, 2)),
        -x(2, 2, 7, 7).abs() - 0.1,
        "pads with zeros and takes the maximum",
    ),
    "mean for maximum": (nn.MaxPool2d(2), nn.AvgPool2d(2), x(2, 2, 6, 6), "averages over"),
    "GELU's form": (nn.GELU(), nn.GELU("tanh"), x(2, 9), "computes GELU in its tanh form"),
    "slope": (nn.LeakyReLU(0.01), nn.LeakyReLU(0.3), x(2, 9), "leaky ReLU with slope 0.3"),
    "softmax's axis": (
        nn.Softmax(1),
        nn.Softmax(-1),
        x(2, 3, 4),
        "softmax over the last axis",
    ),
    "channels last before the vector": (
        nn.Flatten(),
        nn.Sequential(Through(lambda m, x: x.permute(0, 2, 3, 1)), nn.Flatten()),
        x(2, 3, 4, 5),
        "flattens with the channels last",
    ),
    "gates of an LSTM": (LSTM, swapped(LSTM, 1, 2), x(2, 5, 3), "gates in the order i, g, f, o"),
    "gates of a GRU": (GRU_, swapped(GRU_, 0, 1), x(2, 5, 3), "gates in the order z, r, n"),
    "reset before": (
        GRU_,
        GRU(
            keras_gru,
            w=GRU_.weight_ih_l0,
            v=GRU_.weight_hh_l0,
            b=GRU_.bias_ih_l0,
            c=GRU_.bias_hh_l0,
        ),
        x(2, 5, 3),
        "resets the state before the product",
    ),
    "one bias": (
        UNGATED,
        changed(UNGATED, bias_hh_l0=torch.zeros(4)),
        x(2, 5, 3),
        "one bias instead of two",
    ),
    "corners": (
        nn.Upsample(scale_factor=2, mode="bilinear"),
        nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
        x(2, 2, 4, 4),
        "aligns their corner pixels",
    ),
}
MISSING = {
    "another stride": lambda m: changed(m, stride=(3, 3)),
    "cut at the other end": lambda m: Conv(
        lambda own, x: F.conv_transpose2d(x, own.w, own.b, 2)[:, :, 1:, 1:],
        w=m.weight,
        b=m.bias,
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_difference_is_named(name):
    ours, theirs, batch, says = PLANTED[name]
    theirs = theirs or MISSING[name](ours)
    # In the midst of a network, the layers before and after being the same.
    shared = nn.Hardtanh(-3, 3)
    found = compare(nn.Sequential(shared, ours), nn.Sequential(shared, theirs), batch)
    assert not found.same
    assert found.ours.startswith("1 (")
    assert any(says in words for words in found.conventions), str(found)
    assert (
        str(found).endswith(f"What explains it: {'; or '.join(found.conventions)}.") or found.note
    )


@pytest.mark.parametrize("name", PLANTED)
def test_a_network_agrees_with_itself(name):
    ours, _, batch, _ = PLANTED[name]
    found = compare(ours, changed(ours), batch)
    assert found.same
    assert "agree" in str(found)


def test_the_wrong_layer_is_found_in_the_midst_of_a_network():
    network = zoo.get("resnet-20-cifar")
    theirs = network.torch(seed=0)
    name, norm = [(n, m) for n, m in theirs.named_modules() if isinstance(m, nn.BatchNorm2d)][7]
    norm.eps = 1e-3
    batch = x(2, 3, 32, 32)
    for ours in (network.torch(seed=0), network.numpy(seed=0)):
        found = compare(ours, theirs, batch)
        assert found.ours.startswith(f"{name} (")
        assert found.conventions == ("has eps=0.001, ours 1e-05",)
        assert len(found.rows) > 7
        assert all(gap < 1e-7 for _, _, gap in found.rows[:-1])


@pytest.mark.parametrize("name", ["lenet-5", "googlenet", "smu-parallel", "datasci-207"])
def test_both_builds_of_a_network_agree(name):
    network = zoo.get(name)
    found = compare(network.numpy(seed=0), network.torch(seed=0), x(1, *network.input_shape))
    assert found.same, str(found)


class Written(nn.Module):
    """A port whose activations and flattening are functions, as people write them."""

    def __init__(self, last=False):
        super().__init__()
        self.conv, self.fc, self.last = nn.Conv2d(1, 2, 3), nn.Linear(2 * 4 * 5, 3), last

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        x = x.permute(0, 2, 3, 1) if self.last else x
        return self.fc(x.flatten(1))


OURS = spec.Chain(
    conv=spec.Conv(2, 3),
    relu=spec.ReLU(),
    pool=spec.MaxPool(2),
    flat=spec.Flatten(),
    fc=spec.Linear(3),
)


def test_functions_between_layers_do_not_hide_what_parts():
    ours, right, wrong = pytorch.build(OURS, (1, 10, 12)), Written(), Written(last=True)
    for theirs in (right, wrong):
        pytorch.copy_by_order(ours, theirs)
    assert compare(ours, right, x(2, 1, 10, 12)).same
    found = compare(ours, wrong, x(2, 1, 10, 12))
    assert "channels last" in found.convention, str(found)


def test_what_is_missing_or_more_is_named():
    conv, fc = nn.Conv2d(1, 2, 3), nn.Linear(32, 3)
    ours = nn.Sequential(conv, nn.ReLU(), nn.Flatten(), fc)
    without = nn.Sequential(conv, nn.Flatten(), fc)
    assert compare(ours, without, x(2, 1, 6, 6)).convention == "has no ReLU here"
    assert "applies ReLU" in compare(without, ours, x(2, 1, 6, 6)).convention
    ended = nn.Sequential(ours, nn.Softmax(1))
    found = compare(ours, ended, x(2, 1, 6, 6))
    assert any("softmax" in words for words in found.conventions)


def test_other_weights_are_no_convention():
    found = compare(nn.Linear(3, 4), nn.Linear(3, 4), x(5, 3))
    assert not found.same
    assert found.conventions == ()
    assert "No known convention" in str(found)


def test_other_sizes_are_said():
    found = compare(nn.Conv2d(1, 2, 3), nn.Conv2d(1, 5, 3), x(2, 1, 6, 6))
    assert "Shapes: ours 2 × 2 × 4 × 4, theirs 2 × 5 × 4 × 4." in str(found)
    assert found.difference == float("inf")


def test_a_small_difference_is_seen_though_a_mean_hides_it():
    ours, theirs = (nn.Sequential(nn.GELU(form), nn.AvgPool2d(50)) for form in ("none", "tanh"))
    batch = 9 * x(1, 1, 50, 50).float()
    found = compare(ours, theirs, batch)
    assert found.ours == "0 (GELU)"
    assert "tanh form" in found.convention


def test_momentum_is_seen_in_training():
    ours, theirs = nn.BatchNorm2d(3), nn.BatchNorm2d(3, momentum=0.9)
    assert compare(ours, theirs, x(4, 3, 5, 5)).same
    found = compare(ours, theirs, x(4, 3, 5, 5), training=True)
    assert "momentum 0.9, ours 0.1: the share of the old" in found.convention
    assert compare(ours, ours, x(4, 3, 5, 5), training=True).same


def test_nothing_is_left_changed():
    ours, theirs = nn.Sequential(nn.BatchNorm1d(3), nn.ReLU(inplace=True)), nn.BatchNorm1d(3)
    before = {key: value.clone() for key, value in ours.state_dict().items()}
    compare(ours, theirs, x(4, 3), training=True)
    assert all(torch.equal(before[key], value) for key, value in ours.state_dict().items())
    assert ours[1].inplace
    assert not ours[0]._forward_hooks
    net = scratch.build(OURS, (1, 10, 12))
    compare(net, pytorch.build(OURS, (1, 10, 12)), np.ones((1, 1, 10, 12)))
    assert "forward" not in vars(net["conv"])
    assert net["conv"].params["weight"].dtype == np.float32


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((nn.Linear(3, 2), nn.Linear(3, 2), np.ones((2, 4))), ValueError, "ours must take x of"),
        ((nn.ReLU(), nn.Linear(3, 2), np.ones((2, 4))), ValueError, "theirs must take x of shape"),
        ((nn.ReLU(), nn.ReLU(), 3), ValueError, "x must be a batch of examples"),
        ((nn.ReLU(), nn.ReLU(), "image"), ValueError, "x must be a batch of examples"),
        (
            (OURS, nn.ReLU(), np.ones((2, 3))),
            TypeError,
            "ours must be a torch.nn.Module, a network",
        ),
        ((nn.ReLU(), zoo.get("lenet-5"), np.ones((2, 3))), TypeError, "Call .torch()"),
        ((nn.ReLU(), "no.onnx", np.ones((2, 3))), ValueError, "no.onnx is no file"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(arguments, error, says):
    with pytest.raises(error) as caught:
        compare(*arguments)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_absent_library_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    (tmp_path / "net.onnx").touch()
    with pytest.raises(ImportError, match="python -m pip install onnx onnxruntime"):
        compare(nn.ReLU(), tmp_path / "net.onnx", x(2, 3))


HAS_ONNX = all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime", "onnxscript"))


@pytest.mark.skipif(not HAS_ONNX, reason='needs: pip install -e ".[onnx]"')
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
@pytest.mark.filterwarnings("ignore:Constant folding:UserWarning")
def test_an_onnx_file_is_read(tmp_path):
    row = spec.Chain(*OURS, relu2=spec.GELU(), fc2=spec.Linear(2))
    ours = pytorch.build(row, (1, 10, 12)).eval()
    batch, file = 9 * x(1, 1, 10, 12), tmp_path / "net.onnx"
    torch.onnx.export(ours, (batch,), str(file))
    assert compare(ours, file, batch).same
    other = pytorch.build(row, (1, 10, 12)).eval()
    other.relu2.approximate = "tanh"
    found = compare(other, str(file), batch)
    assert "GELU with erf" in found.convention, str(found)


def test_a_keras_model_is_read():
    keras = pytest.importorskip("keras", reason="needs: pip install keras")
    layers = keras.layers
    theirs = keras.Sequential(
        [
            keras.Input((10, 12, 1)),
            layers.Conv2D(2, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )
    ours = pytorch.build(OURS, (1, 10, 12))
    state = {key: value.detach().numpy() for key, value in ours.state_dict().items()}
    kernel = state["conv.weight"].transpose(2, 3, 1, 0)
    moved = state["fc.weight"].reshape(3, 2, 4, 5).transpose(2, 3, 1, 0).reshape(-1, 3)
    weights = [kernel, state["conv.bias"], moved, state["fc.bias"]]
    theirs.set_weights(weights)
    assert compare(ours, theirs, x(2, 1, 10, 12)).same
    theirs.set_weights([*weights[:2], state["fc.weight"].T, state["fc.bias"]])
    assert "channels last" in compare(ours, theirs, x(2, 1, 10, 12)).convention
