"""How many layers each stage has in a deeper EfficientNet: rounded up, stem and head as before."""

from collections.abc import Callable
from math import ceil, floor

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.scratch.functional.checks import Array
from cnnlab.zoo.efficientnet import B0

Deepen = Callable[[Array, float], Array]

LAYERS = (1, *(stage.layers for stage in B0), 1)  # with the stem and the head


def scaled_layers(layers: Array, depth: float) -> Array:
    """Layers of all stages, the first and the last one as before, (S,) -> (S,).

    Source: M. Tan and Q. V. Le, the authors' program for *EfficientNet*, 2019.

    Examples
    --------
    >>> scaled_layers(np.array([1, 2, 3, 1]), 1.4)
    array([1, 3, 5, 1])
    """
    return layers_by(ceil)(layers, depth)


def layers_by(rule: Callable[[float], float], kept: tuple[int, ...] = (0, -1)) -> Deepen:
    """Layers rounded by another rule, and the stages that keep theirs.

    Examples
    --------
    >>> layers_by(round, kept=())(np.array([1, 2, 3, 1]), 1.4)
    array([1, 3, 4, 1])
    """

    def model(layers: Array, depth: float) -> Array:
        scaled = np.array([rule(depth * n) for n in layers.tolist()])
        scaled[list(kept)] = layers[list(kept)]
        return scaled

    return model


_TO_THE_NEAREST = "You rounded to the nearest whole number; round up always."


def _case(words: str, layers: tuple[int, ...], depth: float) -> Case:
    return Case(words, {"layers": np.array(layers), "depth": depth})


EXERCISE = Exercise(
    scaled_layers,
    (
        _case("with the depth of B0", LAYERS, 1.0),
        _case("with depth 1.4", LAYERS, 1.4),
        _case("with depth 1.8", LAYERS, 1.8),
        _case("with depth 3.1", LAYERS, 3.1),
        _case("with fewer stages", (1, 5, 3, 2, 1), 1.5),
        _case("with more layers in the stem", (2, 4, 1, 3, 2, 3), 2.2),
    ),
    axes="(stages,)",
    view=True,
    values=(
        Misconception(
            "to the nearest",
            layers_by(round),
            _TO_THE_NEAREST,
        ),
        Misconception(
            "to the nearest, a half up",
            layers_by(lambda n: floor(n + 0.5)),
            _TO_THE_NEAREST,
        ),
        Misconception(
            "rounded down",
            layers_by(floor),
            "You rounded down; round up, so that every stage grows.",
        ),
        Misconception(
            "stem and head too",
            layers_by(ceil, kept=()),
            "You made the stem and the head deeper, too. They keep their layers.",
        ),
        Misconception(
            "stem too",
            layers_by(ceil, kept=(-1,)),
            "You made the stem deeper, too. The first stage keeps its layers.",
        ),
        Misconception(
            "head too",
            layers_by(ceil, kept=(0,)),
            "You made the head deeper, too. The last stage keeps its layers.",
        ),
        Misconception(
            "stem and head too, to the nearest",
            layers_by(round, kept=()),
            "You scaled the stem and the head, too, and rounded to the nearest whole number: round "
            "up, and leave these two.",
        ),
        Misconception(
            "stem and head too, rounded down",
            layers_by(floor, kept=()),
            "You scaled the stem and the head, too, and rounded down: round up, and leave these two.",
        ),
        Misconception(
            "single layers stay",
            lambda layers, depth: np.where(
                layers > 1, layers_by(ceil, kept=())(layers, depth), layers
            ),
            "Stages of a single layer stay as they are. Only the stem and the head do.",
        ),
        Misconception(
            "one layer in stem and head",
            lambda layers, depth: np.array([1, *scaled_layers(layers, depth)[1:-1], 1]),
            "The stem and the head have one layer whatever they had. They keep their layers.",
        ),
        Misconception(
            "not rounded",
            layers_by(float),
            "These are not whole numbers, and a network has whole layers: round up.",
        ),
        Misconception(
            "not rounded, stem and head too",
            lambda layers, depth: layers * depth,
            "These are not whole numbers, and a network has whole layers: round up. And the stem "
            "and the head keep theirs.",
        ),
        Misconception(
            "always one more",
            layers_by(lambda n: floor(n) + 1),
            "You round down and add one more, always. Where the product is whole already, nothing "
            "is added.",
        ),
        Misconception(
            "depth rounded first",
            lambda layers, depth: scaled_layers(layers, ceil(depth)),
            "You rounded the depth before you multiplied. Multiply first.",
        ),
        Misconception(
            "depth rounded first, stem and head too",
            lambda layers, depth: ceil(depth) * layers,
            "You rounded the depth before you multiplied: multiply first. And leave the stem and "
            "the head.",
        ),
        Misconception(
            "added",
            lambda layers, depth: np.array([layers[0], *np.ceil(layers[1:-1] + depth), layers[-1]]),
            "You added the depth; multiply by it.",
        ),
        Misconception(
            "not scaled",
            lambda layers, depth: layers,
            "These are the layers as they were.",
        ),
    ),
    shapes=(
        Misconception(
            "stem and head missing",
            lambda layers, depth: (len(layers) - 2,),
            "The stem and the head are missing. They keep their layers, and come first and last.",
        ),
        Misconception(
            "sum",
            lambda layers, depth: (),
            "This is one number. There is one for each stage.",
        ),
    ),
)
