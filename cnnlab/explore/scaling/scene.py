"""The formula's network at one φ, beside the published ones, in words."""

from dataclasses import dataclass

from cnnlab._text import listed
from cnnlab.explore.numbers import literal, number
from cnnlab.explore.scaling.model import (
    BASE,
    Sizes,
    Stage,
    exponents,
    formula,
    published,
    stages,
)
from cnnlab.explore.scene import Drag, Grid, Line, Link, Play, Scene, Table
from cnnlab.zoo.efficientnet import ALPHA, BETA, GAMMA

MOST = 7  # φ at most
_ROUNDED = (
    "A line from a hollow mark to a full one says how far a released network lies from the "
    "formula: its numbers were rounded by hand, so no φ gives all three."
)


@dataclass(frozen=True, kw_only=True)
class ScalingScene(Scene):
    """The formula's settings and network, and the published networks."""

    phi: float
    bases: tuple[float, float, float]
    sizes: Sizes
    published: tuple[Sizes, ...]


def scaling_scene(
    *, phi: float = 1.0, alpha: float = ALPHA, beta: float = BETA, gamma: float = GAMMA
) -> ScalingScene:
    """Scale B0 by the formula and set it beside B0 to B7.

    Parameters
    ----------
    phi : float
    alpha, beta, gamma : float
        Bases of depth, width and resolution.

    Examples
    --------
    >>> scaling_scene(phi=0).text
    'φ 0 → depth ×1, width ×1, input 224×224: 5,288,548 parameters, 385,814,752 MACs; α·β²·γ² = 1.92'
    """
    found, stops = formula(phi, alpha, beta, gamma), published()
    bases = (alpha, beta, gamma)
    handle = "phi:0"
    return ScalingScene(
        phi=phi,
        bases=bases,
        sizes=found,
        published=tuple(stops),
        text=_text(phi, bases, found),
        formulas=_formulas(phi, bases, found),
        code=_code(phi, bases, found),
        grids=[
            Grid(name="stop", label="published", keys=[[f"stop:{i}" for i in range(len(stops))]]),
            Grid(name="phi", label="φ", keys=[[handle]]),
        ],
        links={
            **{f"stop:{i}": Link(text=_stop(i, stop, bases)) for i, stop in enumerate(stops)},
            handle: Link(
                text=f"φ = {number(phi)}: drag it, or move it with the arrow keys.",
                drag=Drag(names=["phi"], step=0.25, low=[0], high=[MOST], rates=[[MOST, 0]]),
            ),
        },
        play=Play(grid="stop", label="B0 to B7"),
        tables=[_table(stages(found.width, found.depth), found)],
        hint="Point at a column from B0 to B7, or drag φ.",
        note=_ROUNDED if bases == (ALPHA, BETA, GAMMA) else "",
    )


def budget(bases: tuple[float, float, float]) -> float:
    """How many times the work grows with each step of φ, if nothing is rounded: α·β²·γ².

    Examples
    --------
    >>> round(budget((1.2, 1.1, 1.15)), 2)
    1.92
    """
    alpha, beta, gamma = bases
    return alpha * beta**2 * gamma**2


def _text(phi: float, bases: tuple[float, float, float], found: Sizes) -> str:
    pixels = found.resolution
    return (
        f"φ {number(phi)} → depth ×{number(found.depth)}, width ×{number(found.width)}, "
        f"input {pixels}×{pixels}: {found.params:,} parameters, {found.macs:,} MACs; "
        f"α·β²·γ² = {budget(bases):.2f}"
    )


def _formulas(phi: float, bases: tuple[float, float, float], found: Sizes) -> list[str]:
    power = number(phi)
    alpha, beta, gamma = map(number, bases)
    base = published()[0]
    return [
        f"depth {alpha}^{power} = {number(found.depth)}, width {beta}^{power} = "
        f"{number(found.width)}, resolution {BASE}·{gamma}^{power} = {found.resolution}",
        f"work promised: {budget(bases):.3g}^{power} = {budget(bases) ** phi:.3g} times B0's; "
        f"counted: {found.macs:,} / {base.macs:,} = {found.macs / base.macs:.3g}",
    ]


def _stop(i: int, stop: Sizes, bases: tuple[float, float, float]) -> str:
    """A published network beside the formula's numbers for the same φ."""
    alpha, beta, gamma = bases
    depth, width, pixels = alpha**i, beta**i, round(BASE * gamma**i)
    said = (
        f"B{i}: depth {number(stop.depth)} (formula for φ = {i}: {number(depth)}), "
        f"width {number(stop.width)} ({number(width)}), input {stop.resolution}×{stop.resolution} "
        f"({pixels}); {stop.params:,} parameters, {stop.macs:,} MACs."
    )
    needed = exponents(stop, alpha, beta, gamma)
    if i == 0 or None in needed.values():
        return said
    each = listed([f"{phi:.2f} for its {name}" for name, phi in needed.items()])
    said = f"{said} The formula would need φ = {each}"
    if bases != (ALPHA, BETA, GAMMA):
        return f"{said}."
    return (
        f"{said}: no single φ gives all three, because the released numbers were rounded by hand."
    )


def _table(found: list[Stage], sizes: Sizes) -> Table:
    """How channels and layers are rounded, stage by stage."""
    return Table(
        label="stages of B0's table, scaled and rounded",
        walk=True,
        columns=(
            ("stage", "left"),
            ("channels", "right"),
            (f"× {number(sizes.width)}", "right"),
            ("rounded", "right"),
            ("layers", "right"),
            (f"× {number(sizes.depth)}", "right"),
            ("rounded up", "right"),
        ),
        rows=[
            Line(
                key=f"row:{stage.name}",
                text=_rounded(stage, scaled=0 < n < len(found) - 1),
                cells=[
                    stage.name,
                    str(stage.base),
                    number(stage.wanted),
                    str(stage.channels),
                    str(stage.layers),
                    number(stage.deep) if 0 < n < len(found) - 1 else "–",
                    str(stage.repeats),
                ],
            )
            for n, stage in enumerate(found)
        ],
    )


def _rounded(stage: Stage, *, scaled: bool) -> str:
    """Why a stage has its channels and its layers."""
    channels = f"{stage.name}: {number(stage.wanted)} channels become {stage.channels}, "
    if stage.channels - stage.wanted <= 4 or stage.channels == 8:
        channels += "the nearest multiple of 8"
    else:
        channels += f"as the nearest multiple of 8, {stage.channels - 8}, is less than 90 % of them"
    if not scaled:
        return f"{channels}; stem and head are never repeated."
    return f"{channels}; {number(stage.deep)} layers are rounded up to {stage.repeats}."


def _code(phi: float, bases: tuple[float, float, float], found: Sizes) -> list[str]:
    alpha, beta, gamma = map(literal, bases)
    return [
        "from cnnlab.count import summarize",
        "from cnnlab.zoo.efficientnet import scaled",
        f"phi = {literal(phi)}",
        f"depth, width = {alpha}**phi, {beta}**phi",
        f"pixels = round({BASE} * {gamma}**phi)  # {found.resolution}",
        "print(summarize(scaled(width, depth), (3, pixels, pixels)))",
    ]
