"""Recurrent networks panels step by step: what is read, the state, what is given."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from cnnlab._text import shortened
from cnnlab.plots.figure import COLORS, Figure, hide_axes, in_house_style

MAX_STEPS = 8
_STEP, _LEVEL = 1.0, 0.95  # inches from step to step, from row to row
_BOX = (0.78, 0.44)  # width and height


Steps = tuple[Sequence[str], Sequence[str]]  # what each step reads, and what it gives


@in_house_style
def unrolled(
    panels: Mapping[str, Steps],
    columns: int = 3,
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Draw recurrent networks unrolled in time, one panel a use.

    Parameters
    ----------
    panels : mapping of str to pair of sequences of str
        For each panel what goes in at each step, and what comes out, "" where it is nothing.
    columns : int
        Panels in a row.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        Inputs stand below, states in the middle, outputs above; an arrow leads from each state to
        the next.

    Raises
    ------
    ValueError
        If there is no panel, or one has no or too many steps, or not as many outputs as inputs.

    Examples
    --------
    >>> unrolled({"many to one": (("a", "fine", "film"), ("", "", "good"))})
    Figure: Steps of recurrent networks. many to one reads a, fine, film; gives –, –, good.
    """
    _check(panels)
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    widest = [
        max(len(reads) for reads, _ in list(panels.values())[column::columns])
        for column in range(columns)
    ]
    figure = Figure(
        alt="Steps of recurrent networks. " + " ".join(map(_said, panels, panels.values())),
        figsize=(
            min(_STEP * sum(widest) + 0.4 * columns, 11),
            (2 * _LEVEL + 1.1) * rows + 0.4 * bool(title),
        ),
    )
    if title:
        figure.suptitle(title)
    grid = figure.subplots(rows, columns, squeeze=False, width_ratios=widest).flat
    for axes, (name, panel) in zip(grid, panels.items(), strict=False):
        _draw(axes, name, panel, widest[list(panels).index(name) % columns])
    for axes in figure.axes[len(panels) :]:
        hide_axes(axes)
    return figure


def _check(panels: Mapping[str, Steps]) -> None:
    if not panels:
        raise ValueError("unrolled: there must be at least one panel, but there is none. Add one.")
    for name, (reads, gives) in panels.items():
        if not 1 <= len(reads) <= MAX_STEPS or len(reads) != len(gives):
            raise ValueError(
                f"unrolled: {name} must have 1 to {MAX_STEPS} steps, and an input and an output "
                f"for each, not {len(reads)} and {len(gives)}. Write '' where there is nothing."
            )


def _said(name: str, panel: Steps) -> str:
    reads, gives = (shortened([text or "–" for text in texts], MAX_STEPS) for texts in panel)
    return f"{name} reads {reads}; gives {gives}."


def _draw(axes: Axes, name: str, panel: Steps, steps: int) -> None:
    hide_axes(axes)
    half = _STEP * (steps - 1) / 2 + 0.55
    middle = _STEP * (len(panel[0]) - 1) / 2
    axes.set(xlim=(middle - half, middle + half), ylim=(-0.35, 2 * _LEVEL + 0.35))
    axes.set_title(name)
    for step, (read, given) in enumerate(zip(*panel, strict=True)):
        x = _STEP * step
        _box(axes, (x, _LEVEL), f"h{_index(step + 1)}", COLORS["blue"])
        if step:
            _arrow(axes, (x - _STEP + _BOX[0] / 2, _LEVEL), (x - _BOX[0] / 2, _LEVEL), "vermillion")
        if read:
            _box(axes, (x, 0), read, COLORS["black"])
            _arrow(axes, (x, _BOX[1] / 2), (x, _LEVEL - _BOX[1] / 2), "black")
        if given:
            _box(axes, (x, 2 * _LEVEL), given, COLORS["green"])
            _arrow(axes, (x, _LEVEL + _BOX[1] / 2), (x, 2 * _LEVEL - _BOX[1] / 2), "green")


def _index(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _box(axes: Axes, centre: tuple[float, float], text: str, edge: str) -> None:
    width, height = _BOX
    corner = (centre[0] - width / 2, centre[1] - height / 2)
    style = "round,pad=0,rounding_size=0.08"
    axes.add_patch(
        FancyBboxPatch(
            corner, width, height, boxstyle=style, facecolor="white", edgecolor=edge, lw=2
        )
    )
    axes.text(*centre, text, ha="center", va="center")


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
    properties = {"arrowstyle": "-|>", "color": COLORS[color], "lw": 2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=properties)
