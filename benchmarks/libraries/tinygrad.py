"""tinygrad, on its device that needs no compiler."""

import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DEV", "PYTHON")

import numpy as np
from tinygrad import Context, Tensor, nn

from tests.conventions.asking import Question, refuses

NAN, INF = float("nan"), float("inf")


def line(*numbers: float) -> Tensor:
    return Tensor(list(map(float, numbers))).reshape(1, 1, -1)


def slope(function: Callable[[Tensor], Tensor], *at: float) -> Any:
    x = Tensor(list(map(float, at)))
    return function(x).sum().gradient(x)[0].numpy()


def first_step(rule: Any, w: float, g: float, **settings: Any) -> float:
    weight = Tensor([w])
    optimizer = rule([weight], lr=1.0, **settings)
    weight.grad = Tensor([g])
    with Context(TRAINING=1):
        optimizer.step()
    return w - float(weight.numpy()[0])


def running(name: str, momentum: float = 0.1) -> Any:
    layer = nn.BatchNorm(1, momentum=momentum)
    with Context(TRAINING=1):
        layer(Tensor([[0.0], [2.0]])).realize()
    return getattr(layer, name).numpy()[0]


def emptied() -> Any:
    layer = nn.BatchNorm(1)
    with Context(TRAINING=1):
        layer(Tensor(np.zeros((0, 1), np.float32))).realize()
    return layer.running_mean.numpy()[0]


def loss_of_none() -> Any:
    logits, labels = Tensor(np.zeros((0, 3), np.float32)), Tensor(np.zeros(0, np.int64))
    return logits.sparse_categorical_crossentropy(labels).numpy()


TINYGRAD: dict[str, Question] = {
    "same-stride": lambda: refuses(
        lambda: nn.Conv1d(1, 1, 3, stride=2, padding="same")(line(1, 2, 3, 4)).numpy()
    ),
    "half-stride": lambda: line(1, 2, 3, 4).conv2d(line(1, 1, 1), stride=2, padding=1),
    "flip": lambda: line(0, 0, 1, 0, 0).conv2d(line(1, 2, 3)),
    "average-edge": lambda: line(4, 8).avg_pool2d((3,), 1, padding=1),
    "ceil-size": lambda: line(1, 2, 3, 4).max_pool2d((3,), 2, ceil_mode=True),
    "ceil-beyond": lambda: line(1, 2, 3, 4).max_pool2d((2,), 3, padding=1, ceil_mode=True),
    "ceil-average": lambda: line(1, 2, 3, 4).avg_pool2d((3,), 2, ceil_mode=True),
    "transposed-size": lambda: line(1, 1).conv_transpose2d(line(1, 1, 1), stride=2, padding=1),
    "transposed-gap": lambda: line(1, 1).conv_transpose2d(line(1, 1), stride=3),
    "transposed-flip": lambda: line(1, 0).conv_transpose2d(line(1, 2, 3)),
    "dilated-padding": lambda: line(1, 2, 3).max_pool2d((3,), 1, dilation=2, padding=2),
    "tie-pool": lambda: slope(lambda x: x.reshape(1, 1, -1).max_pool2d((2,)), 1, 1),
    "tie-max": lambda: slope(lambda x: x.max(), 1, 1),
    "tie-axis": lambda: slope(lambda x: x.max(0), 1, 1),
    "tie-two": lambda: slope(lambda x: x.maximum(1.0), 1),
    "slope-relu": lambda: slope(Tensor.relu, 0),
    "slope-relu6": lambda: slope(Tensor.relu6, 0, 6),
    "slope-clamp": lambda: slope(lambda x: x.clip(0, 1), 0, 1),
    "slope-hardtanh": lambda: slope(Tensor.hardtanh, -1, 1),
    "slope-leaky": lambda: slope(Tensor.leaky_relu, 0),
    "slope-abs": lambda: slope(Tensor.abs, 0),
    "slope-elu": lambda: slope(lambda x: x.elu(2.0), 0),
    "slope-selu": lambda: slope(Tensor.selu, 0),
    "slope-celu": lambda: slope(Tensor.celu, 0),
    "nan-pool": lambda: line(NAN, 1, 1, NAN).max_pool2d((2,)),
    "infinity-pool": lambda: line(-INF, -INF).max_pool2d((2,)),
    "running-variance": lambda: running("running_var", 1.0),
    "momentum": lambda: running("running_mean"),
    "batch-eps": lambda: nn.BatchNorm(1).eps,
    "layer-eps": lambda: nn.LayerNorm(1).eps,
    "adam-small": lambda: first_step(nn.optim.Adam, 0.0, 1e-7, eps=1e-7),
    "gelu": lambda: Tensor([1.0]).gelu().numpy()[0],
    "hard-sigmoid": lambda: Tensor([1.0]).hardsigmoid().numpy()[0],
    "leaky-slope": lambda: Tensor([-1.0]).leaky_relu().numpy()[0],
    "batch-of-none": emptied,
    "loss-of-none": loss_of_none,
    "mean-of-none": lambda: Tensor([]).mean().numpy(),
    "deviation": lambda: Tensor([0.0, 2.0]).std().numpy(),
    "enlarge": lambda: line(0, 1).interpolate((4,)),
    "shrink": lambda: line(0, 0, 4, 0, 0, 0).interpolate((2,)),
}
LIBRARIES = {"tinygrad": TINYGRAD}
