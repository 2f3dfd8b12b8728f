"""Networks of others written as specifications: their parameters, their outputs, a step of training."""

import numpy as np
import pytest
import torch
import torchvision
from torch import nn
from torch.nn import functional as F

from cnnlab import pytorch, scratch
from cnnlab.count import summarize
from cnnlab.spec import (
    GRU,
    LSTM,
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


class UNet(nn.Module):
    """Two levels; the transposed convolution's "same" is what Keras' layer does: cut at the end."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 8, 3, padding=1)
        self.middle = nn.Conv2d(8, 16, 3, padding=1)
        self.up = nn.ConvTranspose2d(16, 8, 3, stride=2)
        self.last = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        left = F.relu(self.down(x))
        below = F.relu(self.middle(F.max_pool2d(left, 2)))
        return self.last(torch.cat([left, self.up(below)[..., :-1, :-1]], dim=1))


def test_a_unet_with_a_transposed_same():
    under = Chain(
        MaxPool(2), Conv(16, 3, padding="same"), ReLU(), TransposedConv(8, 3, 2, padding="same")
    )
    network = Chain(Conv(8, 3, padding="same"), ReLU(), Concat(Identity(), under), Conv(2, 1))
    assert summarize(network, (1, 12, 16)).params == 80 + 1_168 + 1_160 + 34
    assert_same_outputs(network, UNet(), (1, 12, 16), numpy=True)


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
