"""Walks of one or two optimisers, and what is said of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cnnlab.explore.numbers import literal, short
from cnnlab.explore.optimizer.presets import DEFAULTS, EXAMPLES
from cnnlab.explore.optimizer.surfaces import SURFACES, Surface
from cnnlab.explore.optimizer.walk import MEMORY, RULES, Step, Walk, options, place, verdict, walk
from cnnlab.explore.scene import Drag, Grid, Link, Play, Scene

NONE = "none"
RESOLUTION = 0.05  # of the start


@dataclass(frozen=True, kw_only=True)
class OptimizerScene(Scene):
    """Walks over a surface, and what is said of them."""

    surface: Surface
    walks: tuple[Walk, ...]


def optimizer_scene(
    *,
    w1: float,
    w2: float,
    surface: str = DEFAULTS["surface"],
    optimizer: str = DEFAULTS["optimizer"],
    lr: float = DEFAULTS["lr"],
    other: str = DEFAULTS["other"],
    other_lr: float = DEFAULTS["other_lr"],
    steps: int = DEFAULTS["steps"],
    momentum: float = DEFAULTS["momentum"],
    weight_decay: float = DEFAULTS["weight_decay"],
    example: str = "",
) -> OptimizerScene:
    """Let one or two optimisers walk from the same start.

    Parameters
    ----------
    w1, w2 : float
        The start.
    surface : str
        One of ``SURFACES``.
    optimizer, other : str
        One of ``RULES``; ``other`` may be "none".
    lr, other_lr : float
        Their learning rates.
    steps : int
    momentum : float
        Share of the velocity that is kept, for momentum and Nesterov.
    weight_decay : float
        For both.
    example : str
        Name of the worked example that these settings are, or "".

    Examples
    --------
    >>> optimizer_scene(w1=-4, w2=1, lr=0.085).text
    'long bowl, start (−4, 1), 40 steps → SGD, learning rate 0.085, diverges: has left the \
picture since step 6'
    """
    ground = SURFACES[surface]
    asked = [(optimizer, lr), *([(other, other_lr)] if other != NONE else [])]
    walks = tuple(
        walk(ground, rule, options(rule, rate, momentum, weight_decay), (w1, w2), steps)
        for rule, rate in asked
    )
    said = [f"{title(found)}, {verdict(found, ground)}" for found in walks]
    begin = f"{surface}, start {place((w1, w2))}, {steps} step{'s' * (steps != 1)}"
    return OptimizerScene(
        surface=ground,
        walks=walks,
        text=f"{begin} → {'; '.join(said)}",
        formulas=list(_formulas(ground, walks)),
        code=_code(surface, walks, (w1, w2), steps),
        grids=_grids(walks),
        links=_links(ground, walks),
        play=Play(grid="step", label="steps"),
        hint="Point at a step, play, or drag the start; arrow keys do the same.",
        note=_note(ground, example),
    )


def title(found: Walk) -> str:
    """Name of a rule and its learning rate.

    Examples
    --------
    >>> title(Walk("SGD", {"lr": 0.5}, ()))
    'SGD, learning rate 0.5'
    """
    return f"{found.rule}, learning rate {found.options['lr']:g}"


def _note(surface: Surface, example: str) -> str:
    if example not in EXAMPLES:
        return surface.note
    return EXAMPLES[example].note


def longest(walks: tuple[Walk, ...]) -> int:
    """Steps of the walk that got furthest."""
    return max(len(found.steps) for found in walks) - 1


def _grids(walks: tuple[Walk, ...]) -> list[Grid]:
    keys = [f"step:{k}" for k in range(longest(walks) + 1)]
    return [
        Grid(name="step", label="steps", keys=[keys]),
        Grid(name="start", label="start, moved with the arrow keys", keys=[["start:0"]]),
    ]


def _links(surface: Surface, walks: tuple[Walk, ...]) -> dict[str, Link]:
    """What each step was made of, and the trails up to it."""
    links = {}
    for k in range(longest(walks) + 1):
        said = [f"{found.rule}: {_step(found, k)}" for found in walks]
        trails = [
            f"trail{i}:{' '.join(map(str, range(1, last + 1)))}"
            for i, found in enumerate(walks)
            if (last := min(k, len(found.steps) - 1))
        ]
        links[f"step:{k}"] = Link(text="\n".join([f"Step {k}.", *said]), marks={"cone": trails})
    start = walks[0].steps[0]
    left, right, bottom, top = surface.window
    links["start:0"] = Link(
        text=f"Start {place(start.place)}, loss {short(start.loss)}. Drag it, or press the arrow "
        "keys; with Shift it moves ten times as far.",
        drag=Drag(names=["w1", "w2"], step=RESOLUTION, low=[left, bottom], high=[right, top]),
    )
    return links


def _step(found: Walk, k: int) -> str:
    if k >= len(found.steps):
        return "no numbers any more, it has diverged."
    step = found.steps[k]
    here = f"at {_pair(step.place)}, loss {short(step.loss)}"
    if step.gradient is None:
        return f"{here}."
    before = found.steps[k - 1].place
    moved = [now - then for now, then in zip(step.place, before, strict=True)]
    return f"gradient {_pair(step.gradient)}, {_memory(step)}moved by {_pair(moved)}; {here}."


def _memory(step: Step) -> str:
    return "".join(f"{MEMORY[name]} {_pair(kept)}, " for name, kept in step.memory.items())


def _pair(values: Any) -> str:
    return f"({', '.join(short(float(value)) for value in values)})"


def _formulas(surface: Surface, walks: tuple[Walk, ...]) -> Iterator[str]:
    yield surface.formula
    yield f"gradient g = {surface.gradient}"
    for found in walks:
        last = len(found.steps) - 1
        yield f"{found.rule} after step {last}: {_step(found, last)}"


def _code(surface: str, walks: tuple[Walk, ...], start: Any, steps: int) -> list[str]:
    lines = [
        "import numpy as np",
        "from cnnlab.explore.optimizer.surfaces import SURFACES",
        "from cnnlab.scratch import optim",
        "",
        f"surface, ends = SURFACES[{surface!r}], []",
    ]
    rules = [_call(found) for found in walks]
    lines += [
        f"for optimizer in ({', '.join(rules)},):",
        f'    params = {{"w": np.array([{literal(start[0])}, {literal(start[1])}], float)}}',
        f"    for _ in range({steps}):",
        '        optimizer.step(params, {"w": surface.downhill(params["w"])})',
        '    ends.append(params["w"])',
    ]
    return lines


def _call(found: Walk) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in found.options.items())
    return f"optim.{RULES[found.rule][0]}({given})"
