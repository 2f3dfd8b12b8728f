"""A unit, or a network of one hidden layer, on the four inputs of a truth table."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from cnnlab.scratch import functional

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

ACTIVATIONS = ("step", "sign", "sigmoid", "tanh", "relu", "softplus")
HIDDEN = (0, 2, 3)  # hidden units one may choose
NO = (0, -1)  # numbers that may stand for no
INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))
NAMES = (
    *("FALSE", "AND", "x₁∧¬x₂", "x₁", "¬x₁∧x₂", "x₂", "XOR", "OR"),
    *("NOR", "XNOR", "¬x₂", "x₁∨¬x₂", "¬x₁", "¬x₁∨x₂", "NAND", "TRUE"),
)
"""The Boolean functions of two inputs; the answers to 00, 01, 10, 11 are a number's digits."""


@dataclass(frozen=True)
class Settings:
    """Weights of the output unit, and of the hidden units if there are any.

    ``w1``, ``w2``, ``w3`` and ``b`` belong to the output unit, which reads the inputs themselves
    where ``hidden`` is 0. Hidden unit k reads them with ``wk1``, ``wk2`` and the bias ``ck``.
    ``no`` is the number that stands for no, in the inputs and in the answer.
    """

    hidden: int = 0
    activation: str = "step"
    no: int = 0
    w1: float = 1.0
    w2: float = 1.0
    w3: float = 0.0
    b: float = -0.5
    w11: float = 1.0
    w12: float = 1.0
    c1: float = -0.5
    w21: float = -1.0
    w22: float = -1.0
    c2: float = 1.5
    w31: float = 1.0
    w32: float = 0.0
    c3: float = 0.5


WEIGHTS = tuple(field.name for field in fields(Settings))[3:]


def activate(name: str, z: Array) -> Array:
    """An activation of the package, number by number.

    Examples
    --------
    >>> activate("relu", np.array([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """
    return np.asarray(getattr(functional, name)(z)[0], float)


def slope(name: str, z: Array) -> Array:
    """The slope of an activation.

    Examples
    --------
    >>> slope("sigmoid", np.array([0.0])).tolist()
    [0.25]
    """
    _, cache = getattr(functional, name)(z)
    return np.asarray(getattr(functional, f"{name}_backward")(np.ones_like(z), cache), float)


@dataclass(frozen=True)
class Network:
    """What the settings compute.

    Examples
    --------
    >>> network = Network(Settings(b=-1.5))
    >>> network.answers.tolist(), NAMES[network.function]
    ([0, 0, 0, 1], 'AND')
    """

    settings: Settings

    @cached_property
    def inputs(self) -> Array:
        """(4, 2) inputs of the truth table."""
        return np.where(np.array(INPUTS) == 1, 1.0, float(self.settings.no))

    @property
    def rows(self) -> list[str]:
        """Names of the inputs, by their digits or by their signs."""
        signs = "−+" if self.settings.no else "01"
        return [signs[a] + signs[b] for a, b in INPUTS]

    @cached_property
    def layer(self) -> tuple[Array, Array]:
        """Weights (hidden, 2) and biases (hidden,) of the hidden units."""
        s, count = self.settings, self.settings.hidden
        rows = [(s.w11, s.w12, s.c1), (s.w21, s.w22, s.c2), (s.w31, s.w32, s.c3)][:count]
        table = np.array(rows, float).reshape(count, 3)
        return table[:, :2], table[:, 2]

    @cached_property
    def output(self) -> tuple[Array, float]:
        """Weights of what the output unit reads, and its bias."""
        s = self.settings
        return np.array([s.w1, s.w2, s.w3])[: s.hidden or 2], s.b

    def hidden(self, x: Array) -> Array:
        """(N, hidden) answers of the hidden units; the inputs themselves if there are none."""
        weight, bias = self.layer
        if not self.settings.hidden:
            return x
        return activate(self.settings.activation, exact(x @ weight.T + bias))

    def sums(self, x: Array) -> Array:
        """(N,) sums of the output unit; it is on where its sum is above 0."""
        weight, bias = self.output
        return exact(self.hidden(x) @ weight + bias)

    @cached_property
    def table(self) -> Array:
        """(4,) sums of the output unit, for the four inputs."""
        return self.sums(self.inputs)

    @cached_property
    def answers(self) -> Array:
        """(4,) answers: 1 where the output unit is on, else the number for no."""
        return np.where(self.on, 1, self.settings.no)

    @property
    def on(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """(4,) whether the output unit is on."""
        return self.table > 0

    @property
    def function(self) -> int:
        """Place of its Boolean function in ``NAMES``."""
        return int(self.on @ [8, 4, 2, 1])


def exact(sums: Array) -> Array:
    """Sums of numbers with few digits, without what rounding has left of a 0.

    Examples
    --------
    >>> exact(np.array([0.1 + 0.2 - 0.3])).tolist()
    [0.0]
    """
    return np.round(sums, 9) + 0.0
