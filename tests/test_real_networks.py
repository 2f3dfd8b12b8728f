"""Networks of others written as specifications: their parameters, their outputs, a step of training."""

import numpy as np
import pytest
import torch
import torchvision

from cnnlab import pytorch, scratch
from cnnlab.count import summarize
from cnnlab.spec import (
    GRU,
    LSTM,
    RNN,
    Add,
    AvgPool,
    BatchNorm,
    Chain,
    Concat,
    Conv,
    DepthwiseConv,
    Dropout,
    Embedding,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Identity,
    LayerNorm,
    Linear,
    MaxPool,
    ReLU,
    ReLU6,
    TransposedConv,
)
from tests import keras_facts
from tests.parity import assert_same_outputs


def normed(conv, *after):
    return Chain(conv, BatchNorm(), *after)


def mobilenet_v2():
    def block(channels, out, stride, expand):
        rows = [normed(Conv(expand * channels, 1, bias=False), ReLU6())] if expand > 1 else []
        rows += [
            normed(DepthwiseConv(3, stride, 1, bias=False), ReLU6()),
            normed(Conv(out, 1, bias=False)),
        ]
        path = Chain(*rows)
        return Add(path, Identity()) if stride == 1 and channels == out else path

    rows, channels = [normed(Conv(32, 3, 2, 1, bias=False), ReLU6())], 32
    settings = (
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
        (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    )  # fmt: skip
    for expand, out, repeats, stride in settings:
        for i in range(repeats):
            rows.append(block(channels, out, stride if i == 0 else 1, expand))
            channels = out
    rows.append(normed(Conv(1280, 1, bias=False), ReLU6()))
    return Chain(*rows, GlobalAvgPool(), Flatten(), Dropout(0.2), Linear(1000))


def densenet_121():
    def layer():
        grown = Chain(
            BatchNorm(), ReLU(), Conv(128, 1, bias=False),
            BatchNorm(), ReLU(), Conv(32, 3, padding=1, bias=False),
        )  # fmt: skip
        return Concat(Identity(), grown)

    rows, channels = [normed(Conv(64, 7, 2, 3, bias=False), ReLU()), MaxPool(3, 2, 1)], 64
    for number, layers in enumerate((6, 12, 24, 16)):
        if number:
            channels //= 2
            rows += [BatchNorm(), ReLU(), Conv(channels, 1, bias=False), AvgPool(2)]
        rows += [layer() for _ in range(layers)]
        channels += 32 * layers
    return Chain(*rows, BatchNorm(), ReLU(), GlobalAvgPool(), Flatten(), Linear(1000))


def resnext_50():
    def block(width, stride, first):
        path = Chain(
            normed(Conv(2 * width, 1, bias=False), ReLU()),
            normed(Conv(2 * width, 3, stride, 1, groups=32, bias=False), ReLU()),
            normed(Conv(4 * width, 1, bias=False)),
        )
        project = normed(Conv(4 * width, 1, stride, bias=False)) if first else Identity()
        return Chain(Add(path, project), ReLU())

    rows = [normed(Conv(64, 7, 2, 3, bias=False), ReLU()), MaxPool(3, 2, 1)]
    for stage, repeats in enumerate((3, 4, 6, 3)):
        width, stride = 64 * 2**stage, 2 if stage else 1
        rows.append(block(width, stride, first=True))
        rows += [block(width, 1, first=False)] * (repeats - 1)
    return Chain(*rows, GlobalAvgPool(), Flatten(), Linear(1000))


@pytest.mark.parametrize(
    ("spec", "theirs", "params"),
    [
        (mobilenet_v2, torchvision.models.mobilenet_v2, 3_504_872),
        (densenet_121, torchvision.models.densenet121, 7_978_856),
        (resnext_50, torchvision.models.resnext50_32x4d, 25_028_904),
    ],
)
def test_a_network_of_torchvision_written_as_rows(spec, theirs, params):
    network = spec()
    assert summarize(network, (3, 224, 224)).params == params
    assert_same_outputs(network, theirs(weights=None), (3, 64, 64))


def unet():
    def twice(channels):
        return Chain(
            Conv(channels, 3, padding="same"), ReLU(), Conv(channels, 3, padding="same"), ReLU()
        )

    inner = Chain(MaxPool(2), twice(32), TransposedConv(16, 3, 2, padding="same"))
    outer = Chain(
        MaxPool(2), twice(16), Concat(Identity(), inner), twice(16),
        TransposedConv(8, 2, 2, padding="same"),
    )  # fmt: skip
    return Chain(twice(8), Concat(Identity(), outer), twice(8), Conv(2, 1))


def text(*rows):
    return Chain(embed=Embedding(1000, 32), read=Chain(*rows), fc=Linear(2))


KERAS = {
    "unet": (unet(), (3, 40, 24), keras_facts.UNET),
    "SimpleRNN": (text(RNN(24)), (40,), keras_facts.TEXT["SimpleRNN"]),
    "LSTM": (text(LSTM(24)), (40,), keras_facts.TEXT["LSTM"]),
    "GRU": (text(GRU(24)), (40,), keras_facts.TEXT["GRU"]),
    "Conv1D": (
        text(Conv(24, 5), ReLU(), GlobalMaxPool(), Flatten()),
        (40,),
        keras_facts.TEXT["Conv1D"],
    ),
}
KERAS_NAMES = {
    "Conv": "Conv2D", "MaxPool": "MaxPooling2D", "TransposedConv": "Conv2DTranspose",
    "Concat": "Concatenate", "RNN": "SimpleRNN", "Linear": "Dense",
    "Flatten": "GlobalMaxPooling1D",  # which takes the axis of length 1 off at once
}  # fmt: skip
SECOND_BIASES = {"SimpleRNN": 24, "LSTM": 4 * 24}  # which PyTorch has and Keras has not


@pytest.mark.parametrize("name", KERAS)
def test_a_specification_counts_as_the_table_that_keras_prints(name):
    network, input_shape, table = KERAS[name]
    rows = []
    for row in summarize(network, input_shape).rows:
        channels, *size = row.output_shape
        layer = KERAS_NAMES.get(type(row.row).__name__, type(row.row).__name__)
        if layer not in ("ReLU", "Identity", "GlobalMaxPool"):
            layer = layer.replace("Conv2D", f"Conv{len(size)}D")
            spare = SECOND_BIASES.get(layer, 0)
            rows.append((layer, (*size, channels), row.params - spare))
    assert rows == table


def test_keras_counts_running_statistics_as_parameters():
    small = Chain(Conv(4, 3), BatchNorm(), Flatten(), Linear(2))
    summary = summarize(small, (3, 6, 6))
    theirs = [params for _, _, params in keras_facts.SMALL]
    ours = [row.params + row.buffers for row in summary.rows]
    assert ours == theirs
    assert summary.trainable_params + summary.non_trainable_params == sum(theirs)


def in_keras_order(key, array):
    """A view of one of our arrays with its axes as Keras has them."""
    if key.startswith("embed"):
        return array
    return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T


def weights_of_keras(name, state):
    """The weights that Keras was given, in our order of axes and, in a GRU, of gates."""
    ours = {key: np.zeros_like(array) for key, array in state.items()}
    given = {
        key: in_keras_order(key, array)
        for key, array in ours.items()
        if name not in SECOND_BIASES or "bias_hh" not in key
    }
    drawn = keras_facts.weights(array.shape for array in given.values())
    for (key, view), array in zip(given.items(), drawn, strict=True):
        view[...] = array
        if name == "GRU" and "l0" in key:
            z, r, n = np.split(array, 3, axis=-1)
            view[...] = np.concatenate([r, z, n], axis=-1)
    return ours


@pytest.mark.parametrize("name", KERAS)
def test_a_specification_computes_what_keras_computes_with_the_same_weights(name):
    network, input_shape, _ = KERAS[name]
    net, module = scratch.build(network, input_shape), pytorch.build(network, input_shape).eval()
    state = weights_of_keras(name, net.state_dict())
    net.load_state_dict(state)
    module.load_state_dict({key: torch.from_numpy(array) for key, array in state.items()})
    image = keras_facts.image().transpose(0, 3, 1, 2).copy()
    x = image if name == "unet" else keras_facts.tokens()
    with torch.inference_mode():
        outputs = net.forward(x), module(torch.from_numpy(x)).numpy()
    for y in outputs:
        y = y.transpose(0, 2, 3, 1) if y.ndim == 4 else y
        np.testing.assert_allclose(keras_facts.ends(y), keras_facts.OUTPUTS[name], atol=1e-5)


TEXT = Chain(embed=Embedding(50, 8), conv=Conv(6, 3), relu=ReLU(), pool=GlobalMaxPool(),
             flat=Flatten(), fc=Linear(2))  # fmt: skip


@pytest.mark.parametrize(
    ("network", "params"),
    [
        (TEXT, 50 * 8 + (3 * 8 + 1) * 6 + 7 * 2),
        (Chain(e=Embedding(50, 8), lstm=LSTM(5), fc=Linear(2)), 400 + 4 * 5 * (8 + 5 + 2) + 12),
        (Chain(e=Embedding(50, 8), gru=GRU(5), fc=Linear(2)), 400 + 3 * 5 * (8 + 5 + 2) + 12),
        (
            Chain(e=Embedding(50, 8), lstm=LSTM(5, return_sequences=True), norm=LayerNorm(),
                  flat=Flatten(), fc=Linear(2)),
            400 + 300 + 2 * 5 * 12 + 5 * 12 * 2 + 2,
        ),
    ],
    ids=["convolution", "LSTM", "GRU", "LSTM with all states"],
)  # fmt: skip
def test_a_network_of_tokens_trains_alike_in_both_worlds(network, params):
    assert summarize(network, (12,)).params == params
    net = scratch.build(network, (12,), 1, dtype=np.float64)
    module = pytorch.build(network, (12,), 1).double()
    ours = scratch.Stepper(net, optimizer="sgd", lr=0.5)
    theirs = pytorch.Stepper(module, optimizer="sgd", lr=0.5)
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 50, (16, 12)), rng.integers(0, 2, 16)
    losses = [(ours.step(x, y)["loss"], theirs.step(x, y)["loss"]) for _ in range(20)]
    np.testing.assert_allclose(*zip(*losses, strict=True), rtol=1e-9)
    assert losses[-1][0] < 0.9 * losses[0][0]
    np.testing.assert_allclose(ours.predict(x), theirs.predict(x), rtol=1e-8)
