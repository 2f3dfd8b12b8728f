"""The course's own layers, losses, optimisers and counts."""

from typing import Any
from unittest.mock import patch

import numpy as np
import torch

from cnnlab import count, scratch, spec, train
from cnnlab.explore.filter import response
from cnnlab.pytorch.augmentation import transform
from cnnlab.scratch import losses, optim
from cnnlab.zoo import Augmentation
from tests.conventions.asking import Question, dot, refuses, turned


def made(row: spec.Row, x: Any, weights: dict[str, Any] | None = None) -> Any:
    """A layer of ours and what it makes of one example."""
    x = np.asarray(x, np.float32)[None]  # (1, C, n)
    layer = scratch.build(row, x.shape[1:])
    state = layer.state_dict()
    layer.load_state_dict(
        {
            key: np.asarray((weights or {}).get(key, state[key])).reshape(state[key].shape)
            for key in state
        }
    )
    return layer, layer.forward(x)


def line(row: spec.Row, x: list[float], weight: list[float] | None = None) -> Any:
    """Output of a row for one channel of numbers."""
    return made(row, [x], {"weight": weight})[1] if weight else made(row, [x])[1]


def slope(row: spec.Row, *at: float, maps: bool = False) -> Any:
    layer, y = made(row, [at] if maps else at)
    return layer.backward(np.ones_like(y))


def first_step(rule: Any, w: float, g: float) -> float:
    weights = {"w": np.array([w])}
    rule.step(weights, {"w": np.array([g])})
    return w - float(weights["w"][0])


def running(momentum: float, name: str) -> Any:
    layer = scratch.build(spec.BatchNorm(momentum=momentum), (1,))
    layer.forward(np.array([[0.0], [2.0]], np.float32), training=True)
    return layer.buffers[name]


class Told:
    """Losses of the epochs so far, as callbacks are told them."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.learning_rate = 1.0

    def __contains__(self, name: str) -> bool:
        return name == "val_loss"

    def __getitem__(self, name: str) -> list[float]:
        return self.losses

    @property
    def epochs(self) -> int:
        return len(self.losses)

    def state(self) -> None:
        """Nothing is kept."""


def plateau() -> list[float]:
    told, rates = Told(), []
    rule = train.ReduceLROnPlateau(factor=0.5, patience=1)
    for loss in (0.9, 0.7, 0.8, 0.8, 0.8, 0.8):
        told.losses.append(loss)
        rule.epoch_end(told, told)
        rates.append(told.learning_rate)
    return rates


def stopped() -> int:
    told, rule = Told(), train.EarlyStopping(patience=2)
    for loss in (0.9, 0.6, 0.5, 0.7, 0.6, 0.6, 0.4):
        told.losses.append(loss)
        if rule.epoch_end(told, told):
            break
    return told.epochs


def normalised(examples: int) -> Any:
    layer = scratch.build(spec.BatchNorm(), (1,))
    return layer.forward(np.full((examples, 1), 3, np.float32), training=True)


def changed(picture: Any, *, lowest: bool = False, **shares: float) -> torch.Tensor:
    """A picture (C, H, W) after the largest change that can be drawn, or the lowest."""

    def drawn(found: torch.Tensor, low: float, high: float) -> torch.Tensor:
        return found.fill_(low if lowest else high)

    with patch.object(torch.Tensor, "uniform_", drawn):
        return transform(Augmentation(**shares))(torch.as_tensor(picture))


def greys() -> list[float]:
    pure = (np.ones((3, 4, 5)) * row[:, None, None] for row in np.eye(3))  # (C, H, W) each
    return [float(response.grey(picture)[0, 0]) for picture in pure]


def dropped() -> Any:
    layer = scratch.build(spec.Dropout(1.0), (2,))
    return layer.forward(np.ones((1, 2), np.float32), training=True)


def spread(row: spec.Row, shape: tuple[int, ...]) -> float:
    return float(f"{scratch.build(row, shape).params['weight'].std():.2g}")


def macs(row: spec.Row, shape: tuple[int, ...]) -> int:
    return count.summarize(row, shape).macs


def conv(size: int, **settings: Any) -> spec.Conv:
    return spec.Conv(1, size, bias=False, **settings)


def transposed(size: int, **settings: Any) -> spec.TransposedConv:
    return spec.TransposedConv(1, size, bias=False, **settings)


NAN, INF = float("nan"), float("inf")
OURS: dict[str, Question] = {
    "same-stride": lambda: line(conv(3, stride=2, padding="same"), [1, 2, 3, 4], [1, 1, 1]),
    "half-stride": lambda: line(conv(3, stride=2, padding=1), [1, 2, 3, 4], [1, 1, 1]),
    "same-even": lambda: line(conv(2, padding="same"), [1, 2, 3], [1, 1]),
    "flip": lambda: line(conv(3), [0, 0, 1, 0, 0], [1, 2, 3]),
    "average-edge": lambda: line(spec.AvgPool(3, 1, 1), [4, 8]),
    "average-same": lambda: line(spec.AvgPool(2, 1, "same"), [1, 2, 3]),
    "ceil-size": lambda: line(spec.MaxPool(3, 2, policy="ceil"), [1, 2, 3, 4]),
    "ceil-beyond": lambda: line(spec.MaxPool(2, 3, 1, policy="ceil"), [1, 2, 3, 4]),
    "ceil-average": lambda: line(spec.AvgPool(3, 2, policy="ceil"), [1, 2, 3, 4]),
    "transposed-size": lambda: line(transposed(3, stride=2, padding="same"), [1, 1], [1, 1, 1]),
    "transposed-gap": lambda: line(transposed(2, stride=3), [1, 1], [1, 1]),
    "transposed-flip": lambda: line(transposed(3), [1, 0], [1, 2, 3]),
    "tie-pool": lambda: slope(spec.MaxPool(2), 1, 1, maps=True),
    "slope-relu": lambda: slope(spec.ReLU(), 0),
    "slope-relu6": lambda: slope(spec.ReLU6(), 0, 6),
    "slope-leaky": lambda: slope(spec.LeakyReLU(), 0),
    "slope-elu": lambda: slope(spec.ELU(2.0), 0),
    "nan-pool": lambda: line(spec.MaxPool(2), [NAN, 1, 1, NAN]),
    "infinity-pool": lambda: line(spec.MaxPool(2), [-INF, -INF]),
    "running-variance": lambda: running(1.0, "running_var")[0],
    "momentum": lambda: running(0.1, "running_mean")[0],
    "batch-eps": lambda: spec.BatchNorm().eps,
    "layer-eps": lambda: spec.LayerNorm().eps,
    "lrn-alpha": lambda: made(spec.LRN(5, 1.0, 1.0), np.ones((5, 1, 1)))[1].ravel()[2],
    "dropout-one": lambda: refuses(dropped),
    "rescaled": lambda: refuses(
        lambda: losses.cross_entropy_of_probabilities(np.array([[0.5, 0.25]]), np.array([0]))[0]
    ),
    "log-of-zero": lambda: losses.binary_cross_entropy(np.zeros((1, 1)), np.ones((1, 1)))[0],
    "adam-eps": lambda: optim.Adam().eps,
    "adam-small": lambda: first_step(optim.Adam(1.0, eps=1e-7), 0.0, 1e-7),
    "rmsprop-first": lambda: first_step(optim.RMSprop(1.0), 0.0, 1.0),
    "adagrad-first": lambda: first_step(optim.Adagrad(1.0), 0.0, 1.0),
    "plateau": plateau,
    "early-stopping": stopped,
    "batch-of-one": lambda: refuses(lambda: normalised(1)),
    "batch-of-none": lambda: refuses(lambda: normalised(0)),
    "loss-of-none": lambda: refuses(
        lambda: losses.cross_entropy(np.zeros((0, 3)), np.zeros(0, np.int64))[0]
    ),
    "turn-unit": lambda: turned(changed(dot()[None], rotation=0.25)),
    "brightness": lambda: changed(torch.full((1, 1, 1), 0.5), brightness=0.1),
    "contrast-colour": lambda: changed(torch.eye(3)[:, :1, None], lowest=True, contrast=0.5),
    "contrast": lambda: changed(torch.tensor([[[0.0, 1.0]]]), contrast=1.0),
    "grey": greys,
    "decay": lambda: first_step(optim.Adam(1.0, weight_decay=0.1), 2.0, 0.0),
    "first-dense": lambda: spread(spec.Linear(1000), (1000,)),
    "first-depthwise": lambda: spread(spec.DepthwiseConv(3), (4500, 3, 3)),
    "first-transposed": lambda: spread(spec.TransposedConv(200, 3), (50, 3, 3)),
    "gelu": lambda: made(spec.GELU(), [1.0])[1][0, 0],
    "hard-sigmoid": lambda: made(spec.HardSigmoid(), [1.0])[1][0, 0],
    "leaky-slope": lambda: made(spec.LeakyReLU(), [-1.0])[1][0, 0],
    "lstm-size": lambda: count.summarize(spec.LSTM(4), (3, 5)).params,
    "gru-size": lambda: count.summarize(spec.GRU(4), (3, 5)).params,
    "enlarge": lambda: line(spec.Upsample(2, "linear"), [0, 1]),
    "count-conv": lambda: macs(spec.Conv(8, 3), (3, 32, 32)),
    "count-norm": lambda: macs(
        spec.Chain(spec.BatchNorm(), spec.ReLU(), spec.MaxPool(2)), (8, 30, 30)
    ),
    "count-dense": lambda: macs(spec.Linear(5), (10,)),
    "count-sequence": lambda: macs(spec.Conv(5, 1), (10, 7)),
    "count-double": lambda: macs(spec.Chain(spec.Linear(5), spec.ReLU(), spec.ReLU()), (10,)),
    "count-grouped": lambda: macs(spec.Conv(8, 3, groups=4), (8, 32, 32)),
    "count-transposed": lambda: macs(spec.TransposedConv(4, 3, 2), (3, 8, 8)),
    "count-lstm": lambda: macs(spec.LSTM(4), (3, 5)),
}
LIBRARIES = {"cnnlab": OURS}
