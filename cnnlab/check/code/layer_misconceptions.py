"""Wrong layers, as models of a layer that a student has written: the mutants, with weights."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from cnnlab import spec
from cnnlab.check.code.trials import Outputs
from cnnlab.check.core.arrays import Array
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.sentences import sentence
from cnnlab.check.exercises.subjects import SUBJECTS
from cnnlab.scratch import layers, mutants
from cnnlab.scratch.mutants import Mutant
from cnnlab.spec import Row

_MUTANTS: dict[type[Row], str] = {
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
        """The outputs and gradients of the right layer, or of one with other functions."""
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
        Empty for layers that have no mutants.

    Examples
    --------
    >>> layer_rows(spec.Linear(3), backward=False)[0].name
    'zeros'
    """
    name = _MUTANTS.get(type(row), "")
    zoo = mutants.of(name) if name else []
    if backward and zoo:  # backward slips alone first
        right = SUBJECTS[name]().forward
        zoo.sort(key=lambda mutant: mutant.forward is not right)
    return [_row(name, mutant, backward) for mutant in zoo]


def _row(name: str, mutant: Mutant, backward: bool) -> Misconception[Step]:
    def model(step: Step) -> Outputs:
        functions = {"forward": mutant.forward, "backward": mutant.backward}
        return step.run(**functions)[int(backward)]

    return Misconception(mutant.name, model, sentence(name, mutant))
