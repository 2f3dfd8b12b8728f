"""Walks of the course's optimisers over a surface."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlab.explore.optimizer.surfaces import Array, Place, Surface
from cnnlab.scratch import optim

TOO_FAR = 1e9  # where a walk that diverges is given up
NEAR, LEVEL = 0.02, 0.01  # of the window's sides, and of a gradient

RULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "SGD": ("SGD", ()),
    "momentum": ("SGD", ("momentum",)),
    "Nesterov": ("SGD", ("momentum", "nesterov")),
    "Adagrad": ("Adagrad", ()),
    "RMSprop": ("RMSprop", ()),
    "Adam": ("Adam", ()),
    "AdamW": ("AdamW", ()),
    "NAdam": ("NAdam", ()),
}
"""Each rule by its name in the lecture: a class of ``scratch.optim``, and what else it is given."""

MEMORY = {
    "velocity": "velocity v",
    "total": "sum of g²",
    "square": "running mean of g², v",
    "mean": "running mean of g, m",
}


def options(rule: str, lr: float, momentum: float, weight_decay: float) -> dict[str, Any]:
    """Arguments of a rule's class.

    Examples
    --------
    >>> options("Nesterov", 0.02, 0.9, 0.0)
    {'lr': 0.02, 'momentum': 0.9, 'nesterov': True}
    """
    found: dict[str, Any] = {"lr": lr}
    asked = RULES[rule][1]
    if "momentum" in asked and momentum:
        found["momentum"] = momentum
        if "nesterov" in asked:
            found["nesterov"] = True
    if weight_decay or rule == "AdamW":
        found["weight_decay"] = weight_decay
    return found


@dataclass(frozen=True)
class Step:
    """Where a walk is after so many steps, and what the last step was made of.

    Attributes
    ----------
    place, loss
        After the step.
    gradient : (2,) array or None
        At the place before it; None at the start.
    memory : dict
        What the rule keeps, after the step.
    """

    place: Place
    loss: float
    gradient: Array | None
    memory: Mapping[str, Array]


@dataclass(frozen=True)
class Walk:
    """A walk of one optimiser.

    Attributes
    ----------
    steps : tuple of Step
        The start, then one for each step whose numbers are still numbers.
    diverged : int or None
        Step at which a number is not finite or beyond a billion.
    """

    rule: str
    options: Mapping[str, Any]
    steps: tuple[Step, ...]
    diverged: int | None = None

    @property
    def path(self) -> Array:
        """Places, (T, 2)."""
        return np.array([step.place for step in self.steps])

    @property
    def losses(self) -> list[float]:
        """Loss at each place."""
        return [step.loss for step in self.steps]


def walk(surface: Surface, rule: str, given: Mapping[str, Any], start: Place, steps: int) -> Walk:
    """Walk from a start, as long as the numbers are numbers.

    Parameters
    ----------
    surface : Surface
    rule : str
        One of ``RULES``.
    given : dict
        From :func:`options`.
    start : (float, float)
    steps : int

    Examples
    --------
    >>> from cnnlab.explore.optimizer.surfaces import SURFACES
    >>> walk(SURFACES["long bowl"], "SGD", {"lr": 0.04}, (-4.0, 1.0), 1).path.tolist()
    [[-4.0, 1.0], [-3.84, 0.0]]
    """
    optimizer: optim.Optimizer = getattr(optim, RULES[rule][0])(**given)
    params = {"w": np.array(start, float)}
    found = [Step(start, surface.at(params["w"]), None, {})]
    with np.errstate(all="ignore"):
        for number in range(1, steps + 1):
            gradient = surface.downhill(params["w"])
            optimizer.step(params, {"w": gradient})
            loss = surface.at(params["w"])
            if not (np.isfinite(loss) and np.abs(params["w"]).max() <= TOO_FAR):
                return Walk(rule, given, tuple(found), number)
            memory = {k: v.copy() for k, v in optimizer.memory["w"].items() if k in MEMORY}
            place = float(params["w"][0]), float(params["w"][1])
            found.append(Step(place, loss, gradient, memory))
    return Walk(rule, given, tuple(found))


def verdict(found: Walk, surface: Surface) -> str:
    """Say what becomes of a walk, in words.

    Examples
    --------
    >>> from cnnlab.explore.optimizer.surfaces import SURFACES
    >>> bowl = SURFACES["long bowl"]
    >>> for lr in (0.01, 0.07, 0.085, 1.0):
    ...     print(verdict(walk(bowl, "SGD", {"lr": lr}, (-4.0, 1.0), 60), bowl))
    still on its way
    at the minimum (0, 0) from step 47 on
    diverges: has left the picture since step 6
    diverges: beyond a billion at step 7
    """
    if found.diverged is not None:
        return f"diverges: beyond a billion at step {found.diverged}"
    inside = [surface.holds(step.place) for step in found.steps]
    if not inside[-1]:
        since = max((i for i, held in enumerate(inside) if held), default=-1) + 1
        grown = found.losses[-1] > found.losses[0]
        return f"{'diverges: ' * grown}has left the picture since step {since}"
    words = _arrived(found, surface) or "still on its way"
    if words == "still on its way" and _stands(found, surface):
        words = "stands nearly still where the surface is level, and not at a minimum"
    return words if all(inside) else f"{words}, after leaving the picture"


def _arrived(found: Walk, surface: Surface) -> str:
    near = NEAR * surface.size
    for minimum in surface.minima:
        close = [bool((np.abs(w - minimum) <= near).all()) for w in found.path]
        if close[-1]:
            since = max((k for k, there in enumerate(close) if not there), default=-1) + 1
            name = (
                "the minimum" if minimum in deepest(surface) else "a minimum that is not deepest,"
            )
            return f"at {name} {place(minimum)} from step {since} on"
    return ""


def _stands(found: Walk, surface: Surface) -> bool:
    if len(found.steps) < 2 or np.linalg.norm(surface.downhill(found.path[-1])) > LEVEL:
        return False
    moved = np.abs(found.path[-1] - found.path[-2])
    return bool((moved <= NEAR / 10 * surface.size).all())


def deepest(surface: Surface) -> list[Place]:
    """Lowest of the minima, or all that are equally deep."""
    depths = [surface.at(np.array(w)) for w in surface.minima]
    return [w for w, d in zip(surface.minima, depths, strict=True) if d < min(depths) + 1e-6]


def place(w: Place) -> str:
    """Write a place with two digits, and the sign that books use.

    Examples
    --------
    >>> place((-4.0, 0.05))
    '(−4, 0.05)'
    """
    return "(" + ", ".join(f"{round(v, 2) + 0.0:g}".replace("-", "−") for v in w) + ")"
