"""Losses of two weights, each with its gradient and its minima."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Place: TypeAlias = tuple[float, float]

_FAR = 2.004223  # where x/5 = −1.5·sin 3x


@dataclass(frozen=True)
class Surface:
    """A loss of two weights.

    Attributes
    ----------
    loss : function of two arrays
        Its height at each place.
    slope : function of two arrays
        Its two partial derivatives.
    formula, gradient : str
        The same in words of a book.
    window : (float, float, float, float)
        Left, right, bottom and top of the part that is drawn.
    start : (float, float)
        Where a walk begins if nothing else is said.
    minima : tuple of (float, float)
        All minima inside the window.
    note : str
        What makes it hard.
    """

    loss: Callable[[Array, Array], Array]
    slope: Callable[[Array, Array], tuple[Array, Array]]
    formula: str
    gradient: str
    window: tuple[float, float, float, float]
    start: Place
    minima: tuple[Place, ...]
    note: str

    def at(self, w: Array) -> float:
        """Height at one place."""
        return float(self.loss(w[0], w[1]))

    def downhill(self, w: Array) -> Array:
        """Gradient at one place, (2,)."""
        return np.array(self.slope(w[0], w[1]))

    @property
    def size(self) -> Array:
        """Width and height of the window."""
        left, right, bottom, top = self.window
        return np.array([right - left, top - bottom])

    def holds(self, place: Place) -> bool:
        """Whether a place lies inside the window."""
        left, right, bottom, top = self.window
        return left <= place[0] <= right and bottom <= place[1] <= top

    def clipped(self, place: Place) -> Place:
        """Nearest place inside the window."""
        left, right, bottom, top = self.window
        return min(max(place[0], left), right), min(max(place[1], bottom), top)


SURFACES = {
    "long bowl": Surface(
        loss=lambda x, y: (x * x + 25 * y * y) / 2,
        slope=lambda x, y: (x, 25 * y),
        formula="L(w) = (w₁² + 25·w₂²) / 2",
        gradient="(w₁, 25·w₂)",
        window=(-4.5, 2.5, -2.0, 2.0),
        start=(-4.0, 1.0),
        minima=((0.0, 0.0),),
        note="The bowl is 25 × as steep across as along. Across it, plain descent overshoots "
        "once the learning rate is above 2/25 = 0.08; along it, that is a short step.",
    ),
    "Rosenbrock": Surface(
        loss=lambda x, y: (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x),
        slope=lambda x, y: (
            -2 * (1 - x) - 400 * x * (y - x * x),
            200 * (y - x * x),
        ),
        formula="L(w) = (1 − w₁)² + 100·(w₂ − w₁²)²",
        gradient="(−2·(1 − w₁) − 400·w₁·(w₂ − w₁²), 200·(w₂ − w₁²))",
        window=(-2.0, 2.0, -1.0, 3.0),
        start=(-1.2, 1.0),
        minima=((1.0, 1.0),),
        note="A bent valley: its floor is found at once and hardly falls, and its walls are "
        "so steep that a learning rate of a few thousandths diverges.",
    ),
    "saddle": Surface(
        loss=lambda x, y: x * x / 2 - y * y / 2 + y * y * y * y / 4,
        slope=lambda x, y: (x, y * y * y - y),
        formula="L(w) = w₁²/2 − w₂²/2 + w₂⁴/4",
        gradient="(w₁, w₂³ − w₂)",
        window=(-2.0, 2.0, -1.6, 1.6),
        start=(-1.8, 0.05),
        minima=((0.0, 1.0), (0.0, -1.0)),
        note="At (0, 0) the gradient vanishes, but the loss falls to both sides, up and down in "
        "the picture. Exactly on the ridge nothing pushes a walk off it.",
    ),
    "plateau": Surface(
        loss=lambda x, y: 1 - np.exp(-(x * x + y * y) / 2),
        slope=lambda x, y: (
            x * np.exp(-(x * x + y * y) / 2),
            y * np.exp(-(x * x + y * y) / 2),
        ),
        formula="L(w) = 1 − exp(−(w₁² + w₂²) / 2)",
        gradient="w · exp(−(w₁² + w₂²) / 2)",
        window=(-4.0, 2.0, -2.0, 2.0),
        start=(-3.0, 1.0),
        minima=((0.0, 0.0),),
        note="Far from the hole the surface is nearly flat, and a step that is the learning rate "
        "× the gradient is next to nothing.",
    ),
    "several minima": Surface(
        loss=lambda x, y: (x * x + y * y) / 10 + (2 - np.cos(3 * x) - np.cos(3 * y)) / 2,
        slope=lambda x, y: (x / 5 + 1.5 * np.sin(3 * x), y / 5 + 1.5 * np.sin(3 * y)),
        formula="L(w) = (w₁² + w₂²)/10 + (2 − cos 3w₁ − cos 3w₂)/2",
        gradient="(w₁/5 + 1.5·sin 3w₁, w₂/5 + 1.5·sin 3w₂)",
        window=(-3.0, 3.0, -3.0, 3.0),
        start=(-2.9, 0.6),
        minima=tuple((x, y) for x in (0.0, _FAR, -_FAR) for y in (0.0, _FAR, -_FAR)),
        note="Nine hollows, the deepest in the middle. Which of them a walk ends in depends on "
        "its start and on its pace.",
    ),
}
