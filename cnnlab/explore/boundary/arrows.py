"""Where lines and arrows lie in a plane, and what dragging them sets; no pixels here."""

from typing import NamedTuple

import numpy as np

from cnnlab.explore.boundary.model import Array, Network
from cnnlab.explore.numbers import short
from cnnlab.explore.scene import Drag

MOST, STEP = 6.0, 0.1  # of a weight
LENGTH, LONGEST, SHORTEST = 0.08, 0.3, 0.05  # of an arrow: for a weight of 1; shares of the side
FEET = (0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9)  # where on a line its arrow may stand, in turn
CLEAR = 0.13  # from an arrow's tip to a point or another tip
NEAR = np.array([[0, 0], [0.09, 0], [0, -0.09], [0.09, -0.09]])  # what lies around a point


class View(NamedTuple):
    """The numbers that a square plane shows; places in it are shares of its side, y upwards."""

    low: tuple[float, float]
    span: float

    def place(self, point: Array) -> Array:
        """Place of a point."""
        return (np.asarray(point, float) - self.low) / self.span

    def point(self, place: Array) -> Array:
        """Point at a place."""
        return np.asarray(self.low) + place * self.span


class Unit(NamedTuple):
    """A unit whose line is drawn.

    Attributes
    ----------
    weights : (2,) array
    bias : float
    names : list of str
        Settings of the two weights and of the bias.
    label : str
        Beside the arrow.
    """

    weights: Array
    bias: float
    names: list[str]
    label: str


class Arrow(NamedTuple):
    """A unit's line and the arrow of its weights, as places in a plane.

    Attributes
    ----------
    unit : Unit
    ends : list of (2,) arrays
        Where the line enters and leaves the plane; empty if it does not cross it.
    foot, tip : (2,) array
        Of the arrow.
    length : float
        Of the arrow, for a weight of 1.
    """

    unit: Unit
    ends: list[Array]
    foot: Array
    tip: Array
    length: float


class Plane(NamedTuple):
    """A plane with its four points and the arrows in it."""

    name: str
    view: View
    points: Array
    arrows: list[Arrow]

    def drags(self) -> dict[str, Drag]:
        """What dragging the lines and the tips sets, by key."""
        found = {}
        for i, arrow in enumerate(self.arrows):
            (w1, w2), names = map(float, arrow.unit.weights), arrow.unit.names
            if arrow.ends:
                rates = [[-w1 * self.view.span, -w2 * self.view.span]]
                found[f"line:{self.name},{i}"] = self._drag(names[2:], rates)
            # The line turns around the arrow's foot, so its bias changes too.
            x, y = map(float, self.view.point(arrow.foot))
            turn = [[1.0, 0.0], [0.0, 1.0], *([[-x, -y]] if arrow.ends else [])]
            rates = [[rate / arrow.length for rate in pair] for pair in turn]
            found[f"tip:{self.name},{i}"] = self._drag(names[: len(rates)], rates)
        return found

    def _drag(self, names: list[str], rates: list[list[float]]) -> Drag:
        low, high = [-MOST] * len(names), [MOST] * len(names)
        return Drag(names=names, step=STEP, low=low, high=high, rates=rates, plane=self.name)


def planes(network: Network) -> list[Plane]:
    """The input plane, and the hidden plane if there is one.

    Parameters
    ----------
    network : Network

    Examples
    --------
    >>> from cnnlab.explore.boundary.model import Settings
    >>> (plane,) = planes(Network(Settings()))
    >>> plane.drags()["line:input,0"]["names"]
    ['b']
    """
    (w, b), inputs = network.output, network.inputs
    hidden = [
        Unit(row, float(c), [f"w{k}1", f"w{k}2", f"c{k}"], f"h{'₁₂₃'[k - 1]}")
        for k, (row, c) in enumerate(zip(*network.layer, strict=True), start=1)
    ]
    view = View((-1.75, -1.75), 3.5) if network.settings.no else View((-0.75, -0.75), 2.5)
    alone = [Unit(w, b, ["w1", "w2", "b"], "w")]
    first = Plane("input", view, inputs, _arrows(view, hidden or alone, inputs))
    if not hidden:
        return [first]
    points = network.hidden(inputs)
    view = _around(points[:, :2])
    units = [
        Unit(w[:2], bias, ["w1", "w2", "b"], name) for name, bias in output_biases(network, points)
    ]
    return [first, Plane("hidden", view, points[:, :2], _arrows(view, units, points[:, :2]))]


def output_biases(network: Network, hidden: Array) -> list[tuple[str, float]]:
    """Bias of the output's line in the plane of the first two hidden units, with its label.

    A third unit shifts the line: of its values, the smallest and the largest count.
    """
    w, b = network.output
    if len(w) < 3:
        return [("w", b)]
    thirds = sorted({round(float(v), 6) for v in hidden[:, 2]})
    ends = dict.fromkeys([thirds[0], thirds[-1]])
    return [(f"h₃ = {short(third)}", b + float(w[2]) * third) for third in ends]


def _around(points: Array) -> View:
    """A view that holds all points, with room around them."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = max(1.5 * float((high - low).max()), 2.0)
    corner = (low + high) / 2 - span / 2
    return View((float(corner[0]), float(corner[1])), span)


def _arrows(view: View, units: list[Unit], points: Array) -> list[Arrow]:
    """Arrows whose tips keep clear of the points and of each other, where they can."""
    taken = [place + near for place in map(view.place, points) for near in NEAR]
    found = []
    for unit in units:
        ends = _ends(view, unit)
        feet = [ends[0] + f * (ends[1] - ends[0]) for f in FEET] if ends else [np.full(2, 0.5)]
        tries = [Arrow(unit, ends, foot, *_tip(unit, foot)) for foot in feet]
        room = [min(float(np.hypot(*(each.tip - t))) for t in taken) for each in tries]
        best = next((i for i, free in enumerate(room) if free > CLEAR), int(np.argmax(room)))
        found.append(tries[best])
        taken.append(tries[best].tip)
    return found


def _tip(unit: Unit, foot: Array) -> tuple[Array, float]:
    """Tip of an arrow in the plane, and its length for a weight of 1."""
    size = float(np.hypot(*unit.weights))
    length = min(LENGTH, LONGEST / max(size, 1e-9))
    while length * size > SHORTEST and not np.all(np.abs(foot + length * unit.weights - 0.5) < 0.5):
        length *= 0.8
    return foot + length * unit.weights, length


def _ends(view: View, unit: Unit) -> list[Array]:
    """Where a line enters and leaves the plane."""
    (a, b), c = map(float, unit.weights), unit.bias
    corners = [(low, low + view.span) for low in view.low]
    found = [(x, -(a * x + c) / b) for x in corners[0] if b]
    found += [(-(b * y + c) / a, y) for y in corners[1] if a]
    places = [view.place(np.array(point)) for point in found]
    inside = [place for place in places if np.all(np.abs(place - 0.5) <= 0.5 + 1e-9)]
    if not inside:
        return []
    far = max(inside, key=lambda place: float(np.hypot(*(place - inside[0]))))
    return [] if np.allclose(far, inside[0]) else [inside[0], far]
