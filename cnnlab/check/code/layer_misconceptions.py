"""Wrong layers, as models of a layer that a student has written: wrong functions, with weights."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from cnnlab import spec
from cnnlab.check.core.arrays import Array
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises import find
from cnnlab.check.exercises.common.base import Outputs
from cnnlab.scratch import layers
from cnnlab.spec import Row

_EXERCISES: dict[type[Row], str] = {
    spec.AvgPool: "avg_pool2d",
    spec.BatchNorm: "batch_norm",
    spec.Conv: "conv2d",
    spec.Linear: "linear",
    spec.MaxPool: "max_pool2d",
    spec.ReLU: "relu",
    spec.Softmax: "softmax",
}


class Step(NamedTuple):
    """One forward and backward pass of a layer: what enters, and with which weights."""

    row: Row
    state: Mapping[str, Array]
    x: Array
    dy: Array
    training: bool

    def run(self, **functions: Any) -> tuple[Outputs, Outputs]:
        """The outputs and gradients of the right layer, or of one with another pair of passes."""
        layer = layers.make(self.row, self.x.shape[1:], dtype=np.float64, **functions)
        layer.load_state_dict(self.state)
        y = layer.forward(self.x.copy(), training=self.training)
        memory = tuple(np.copy(value) for value in layer.buffers.values())
        if not self.dy.size:
            return (y, *memory), ()
        dx = layer.backward(self.dy.copy())
        return (y, *memory), (dx, *(layer.grads[key] for key in layer.params))


def layer_rows(row: Row, backward: bool) -> list[Misconception[Step]]:
    """What students believe about the outputs, or the gradients, of a layer.

    Parameters
    ----------
    row : Row
        What the layer computes.
    backward : bool
        Whether models give gradients.

    Returns
    -------
    list of Misconception
        Empty for layers that are no exercise.

    Examples
    --------
    >>> layer_rows(spec.Linear(3), backward=False)[0].name
    'zeros'
    """
    if type(row) not in _EXERCISES:
        return []
    exercise = find(_EXERCISES[type(row)], "all")

    def of_forward(wrong: Misconception[Any]) -> Misconception[Step]:
        functions = {"forward": exercise.paired(wrong.model), "backward": exercise.backward}
        return Misconception(
            wrong.name, lambda step: step.run(**functions)[int(backward)], wrong.sentence
        )

    def of_backward(wrong: Misconception[Any]) -> Misconception[Step]:
        return Misconception(
            wrong.name,
            lambda step: step.run(forward=exercise.reference, backward=wrong.model)[1],
            wrong.sentence,
        )

    values = map(of_forward, exercise.values)
    return [*map(of_backward, exercise.gradients), *values] if backward else [*values]
