"""Channels and layers of each stage of a wider and deeper EfficientNet."""

from collections.abc import Callable
from math import ceil, floor

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.round_width import round_width
from cnnlab.check.exercises.scaled_layers import Deepen, layers_by, scaled_layers
from cnnlab.scratch.functional.checks import Array
from cnnlab.zoo.efficientnet import ALPHA, B0, BETA, HEAD, STEM

STAGES = ((STEM, 1), *((stage.channels, stage.layers) for stage in B0), (HEAD, 1))

Widen = Callable[[float], float]


def scaled_stages(stages: Array, width: float, depth: float) -> Array:
    """Channels to multiples of 8 and layers rounded up, a row for each stage, (S, 2) -> (S, 2).

    The first row is the stem, the last the head: they get wider, but no deeper.

    Source: M. Tan and Q. V. Le, the authors' program for *EfficientNet*, 2019.

    Examples
    --------
    >>> scaled_stages(np.array([[32, 1], [16, 2], [1280, 1]]), 1.4, 1.8).tolist()
    [[48, 1], [24, 4], [1792, 1]]
    """
    return _scaled(stages, width, depth)


def _scaled(
    stages: Array,
    width: float,
    depth: float,
    widen: Widen = round_width,
    deepen: Deepen = scaled_layers,
) -> Array:
    channels, layers = stages.T
    wider = [widen(width * n) for n in channels.tolist()]
    return np.stack([wider, deepen(layers, depth)], axis=1)


def _with(widen: Widen = round_width, deepen: Deepen = scaled_layers) -> Callable[..., Array]:
    """The same with another rule."""
    return lambda stages, width, depth: _scaled(stages, width, depth, widen, deepen)


def _kept_width(*rows: int) -> Callable[..., Array]:
    def model(stages: Array, width: float, depth: float) -> Array:
        scaled = scaled_stages(stages, width, depth)
        scaled[list(rows), 0] = stages[list(rows), 0]
        return scaled

    return model


def _nearest(channels: float) -> int:
    return floor(channels / 8 + 0.5) * 8


def _case(words: str, width: float, depth: float) -> Case:
    return Case(words, {"stages": np.array(STAGES), "width": width, "depth": depth})


EXERCISE = Exercise(
    scaled_stages,
    (
        _case("with the scales of B1", 1.0, 1.1),
        _case("with the scales of B2", 1.1, 1.2),
        _case("with the scales of B4", 1.4, 1.8),
        _case("with the scales of B7", 2.0, 3.1),
        _case("with a narrow network", 0.7, 1.5),
    ),
    axes="(stages, 2)",
    values=(
        Misconception(
            "φ = 1",
            lambda stages, width, depth: scaled_stages(stages, BETA, ALPHA),
            "These are the powers for φ = 1, depth 1.2 and width 1.1. The released B1 has other "
            "scales: take the ones that the task names.",
        ),
        Misconception(
            "exchanged",
            lambda stages, width, depth: scaled_stages(stages, depth, width),
            "Width and depth are exchanged: the width scales channels, the depth scales layers.",
        ),
        Misconception(
            "layers to the nearest",
            _with(deepen=layers_by(round)),
            "The channels are right, but you rounded the layers to the nearest whole number. Round "
            "up.",
        ),
        Misconception(
            "layers rounded down",
            _with(deepen=layers_by(floor)),
            "The channels are right, but you rounded the layers down. Round up.",
        ),
        Misconception(
            "stem and head too",
            _with(deepen=layers_by(ceil, kept=())),
            "You made the stem and the head deeper, too. They keep their single layer.",
        ),
        Misconception(
            "stem too",
            _with(deepen=layers_by(ceil, kept=(-1,))),
            "You made the stem deeper, too. It keeps its single layer.",
        ),
        Misconception(
            "head too",
            _with(deepen=layers_by(ceil, kept=(0,))),
            "You made the head deeper, too. It keeps its single layer.",
        ),
        Misconception(
            "single layers stay",
            _with(deepen=lambda n, depth: np.where(n > 1, np.ceil(depth * n), n).astype(int)),
            "Stages of a single layer stay as they are. Only the stem and the head do.",
        ),
        Misconception(
            "always one more",
            _with(deepen=layers_by(lambda n: floor(n) + 1)),
            "The channels are right, but there is a layer too many where the product was whole.",
        ),
        Misconception(
            "not rounded",
            lambda stages, width, depth: stages * [width, depth],
            "These are the products. Round the channels to multiples of 8 and the layers up, and "
            "leave the layers of the stem and the head.",
        ),
        Misconception(
            "depth left out",
            lambda stages, width, depth: scaled_stages(stages, width, 1.0),
            "The channels are right, but no stage has become deeper.",
        ),
        Misconception(
            "width left out",
            lambda stages, width, depth: scaled_stages(stages, 1.0, depth),
            "The layers are right, but no stage has become wider.",
        ),
        Misconception(
            "width for both",
            lambda stages, width, depth: scaled_stages(stages, width, width),
            "Layers are scaled by the width. They have a scale of their own, the depth.",
        ),
        Misconception(
            "depth for both",
            lambda stages, width, depth: scaled_stages(stages, depth, depth),
            "Channels are scaled by the depth. They have a scale of their own, the width.",
        ),
        Misconception(
            "below 90 %",
            _with(widen=_nearest),
            "The layers are right, and the channels are multiples of 8. But where the nearest one "
            "lies below 90 % of the channels, the next one is taken.",
        ),
        Misconception(
            "channels up",
            _with(widen=lambda n: ceil(n / 8) * 8),
            "The layers are right, but you rounded the channels up. Take the nearest multiple of 8.",
        ),
        Misconception(
            "channels not in eights",
            _with(widen=lambda n: floor(n + 0.5)),
            "The layers are right, but the channels are not multiples of 8.",
        ),
        Misconception(
            "stem and head as wide as before",
            _kept_width(0, -1),
            "The stem and the head are as wide as before. The Lite networks do it so; here they "
            "get wider, too.",
        ),
        Misconception(
            "head as wide as before",
            _kept_width(-1),
            "The head is as wide as before. It gets wider, too.",
        ),
        Misconception(
            "stem as wide as before",
            _kept_width(0),
            "The stem is as wide as before. It gets wider, too.",
        ),
        Misconception(
            "columns exchanged",
            lambda stages, width, depth: scaled_stages(stages, width, depth)[:, ::-1],
            "The columns are exchanged: first the channels, then the layers.",
        ),
    ),
    shapes=(
        Misconception(
            "stem and head missing",
            lambda stages, width, depth: (len(stages) - 2, 2),
            "The stem and the head are missing: they are the first row and the last one.",
        ),
        Misconception(
            "layers alone",
            lambda stages, width, depth: (len(stages),),
            "There is one number for each stage. Each row holds two: channels and layers.",
        ),
        Misconception(
            "transposed",
            lambda stages, width, depth: (2, len(stages)),
            "Rows and columns are exchanged: a row is a stage.",
        ),
    ),
)
