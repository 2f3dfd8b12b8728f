"""How networks grew and errors fell, from the published facts of the zoo."""

from collections.abc import Sequence
from itertools import pairwise, product
from typing import Literal, TypeAlias

from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter, LogLocator, NullLocator, StrMethodFormatter
from matplotlib.transforms import Bbox

from cnnlab.plots.figure import COLORS, GREY, Figure, in_house_style

Quantity: TypeAlias = Literal["params", "macs", "depth"]

_WORDS = {
    "params": "parameters",
    "macs": "multiply-accumulates for one image",
    "depth": "weight layers on the longest path",
}
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
_DISTANCES = (8, 16, 26, 38)  # points; a longer way gets a line
_SIDES = {-1: "right", 0: "center", 1: "left"}
_PATCH = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # lines pass behind the text
_HEIGHTS = {-1: "top", 0: "center", 1: "bottom"}


@in_house_style
def error_by_year() -> Figure:
    """Draw the top-5 error of each year's winner of the ImageNet challenge.

    Returns
    -------
    Figure
        One bar a year, and the error of a human.

    Examples
    --------
    >>> error_by_year()
    Figure: Top-5 error of the ImageNet challenge's winners in percent: 2010 NEC-UIUC 28.2, ...
    """
    from cnnlab.zoo import HUMAN, WINNERS

    said = ", ".join(f"{one.year} {one.name} {one.top5_error}" for one in WINNERS)
    figure = Figure(
        alt=f"Top-5 error of the ImageNet challenge's winners in percent: {said}; "
        f"{HUMAN.name} {HUMAN.top5_error}.",
        figsize=(10, 4.2),
    )
    axes = figure.subplots()
    for convolutional, label in ((False, "other methods"), (True, "convolutional networks")):
        some = [place for place, one in enumerate(WINNERS) if one.convolutional == convolutional]
        bars = axes.bar(
            some,
            [WINNERS[place].top5_error for place in some],
            color=COLORS["blue"] if convolutional else "white",
            edgecolor=COLORS["blue"],
            hatch=None if convolutional else "//",
            label=label,
        )
        axes.bar_label(
            bars, [f"{WINNERS[place].top5_error}" for place in some], padding=3, bbox=_PATCH
        )
    line = f"{HUMAN.name}: {HUMAN.top5_error}"
    axes.axhline(
        HUMAN.top5_error, color=COLORS["vermillion"], linestyle="--", zorder=1.5, label=line
    )
    axes.margins(y=0.1)  # room for the number above the highest bar
    axes.set_xticks(range(len(WINNERS)), [_under(one.year, one.name) for one in WINNERS])
    axes.set_xlabel("winner")
    axes.set_ylabel("top-5 error in percent")
    axes.legend()
    return figure


@in_house_style
def networks_by_year(quantity: Quantity = "params") -> Figure:
    """Draw the size of the course's networks by the year of their papers.

    Years without a network are left out, and the axis says how many.

    Parameters
    ----------
    quantity : {"params", "macs", "depth"}
        Parameters, multiply-accumulates for one image, or weight layers on the longest path.

    Returns
    -------
    Figure
        One labelled point a network, on a logarithmic axis.

    Raises
    ------
    ValueError
        If the quantity is none of the three.

    Examples
    --------
    >>> networks_by_year("depth")
    Figure: Networks by year, weight layers on the longest path: ...MobileNet 2017 28...
    """
    from cnnlab.zoo import milestones

    if quantity not in _WORDS:
        raise ValueError(
            f"networks_by_year: quantity must be params, macs or depth, not {quantity!r}. "
            "Choose one of these."
        )
    sizes = {(one.name, one.year): getattr(one, quantity) for one in milestones()}
    shown = {key: size for key, size in sizes.items() if size is not None}
    said = ", ".join(f"{name} {year} {size:,}" for (name, year), size in shown.items())
    figure = Figure(alt=f"Networks by year, {_WORDS[quantity]}: {said}.", figsize=(11, 5))
    axes = figure.subplots()
    years = sorted({year for _, year in shown})
    places = [years.index(year) for _, year in shown]
    axes.plot(places, list(shown.values()), "o", color=COLORS["blue"])
    axes.set_xticks(range(len(years)), [str(year) for year in years])
    axes.set_xlim(-0.6, len(years) - 0.4)
    axes.set_xlabel("year of the paper")
    axes.set_ylabel(_WORDS[quantity])
    axes.set_yscale("log")
    axes.margins(y=0.12)
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if quantity == "depth" else (1,)))
    axes.yaxis.set_major_formatter(EngFormatter(sep=" "))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(visible=True, axis="y")
    _mark_gaps(axes, years)
    _label(figure, axes, [name for name, _ in shown], places, list(shown.values()))
    return figure


@in_house_style
def parameters_against_error() -> Figure:
    """Draw the parameters of networks against the error that one of them makes on ImageNet.

    Papers average over different numbers of views of an image, so that small differences of
    error mean little; :func:`cnnlab.zoo.milestones` has them.

    Returns
    -------
    Figure
        One labelled point a network, parameters on a logarithmic axis.

    Examples
    --------
    >>> parameters_against_error()
    Figure: Parameters against top-5 error of a single model...NASNet-A (2017) 88,900,000 3.8...
    """
    from cnnlab.zoo import milestones

    shown = {
        f"{one.name} ({one.year})": (one.params, one.top5_error)
        for one in milestones()
        if one.params is not None and one.top5_error is not None
    }
    said = ", ".join(f"{name} {params:,} {error}" for name, (params, error) in shown.items())
    figure = Figure(
        alt="Parameters against top-5 error of a single model on ImageNet in percent, small and "
        f"low being best: {said}.",
        figsize=(10, 5.5),
    )
    axes = figure.subplots()
    params, errors = zip(*shown.values(), strict=True)
    axes.plot(params, errors, "o", color=COLORS["blue"])
    axes.set_xscale("log")
    axes.margins(0.12)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("parameters")
    axes.set_ylabel("top-5 error of a single model in percent")
    axes.xaxis.set_major_formatter(EngFormatter(sep=" "))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.grid(visible=True)
    _label(figure, axes, list(shown), params, errors)
    return figure


def _under(year: int, name: str) -> str:
    return f"{year}\n" + name.replace("-", "-\n")


def _mark_gaps(axes: Axes, years: Sequence[int]) -> None:
    """Say how many years the axis leaves out between two of its ticks."""
    for place, (before, after) in enumerate(pairwise(years)):
        if after - before > 1:
            axes.axvline(place + 0.5, color=GREY, linestyle=":", linewidth=1)
            axes.annotate(
                f"{after - before} years",
                (place + 0.5, 0.03),
                xycoords=("data", "axes fraction"),
                ha="center",
                color=GREY,
                bbox=_PATCH,
            )


def _label(
    figure: Figure, axes: Axes, names: Sequence[str], xs: Sequence[float], ys: Sequence[float]
) -> None:
    """Write each name as near to its point as it fits beside the others."""
    figure.draw_without_rendering()  # where things are is known only then
    frame = axes.get_window_extent()
    points = axes.transData.transform(list(zip(xs, ys, strict=True)))
    taken = [Bbox.from_bounds(x - 8, y - 8, 16, 16) for x, y in points]
    taken += [text.get_window_extent() for text in axes.texts]
    for name, x, y in zip(names, xs, ys, strict=True):
        for distance, (across, up) in product(_DISTANCES, _DIRECTIONS):
            text = axes.annotate(
                name,
                (x, y),
                (across * distance, up * distance),
                textcoords="offset points",
                ha=_SIDES[across],
                va=_HEIGHTS[up],
                bbox=_PATCH,
            )
            box = text.get_window_extent()
            inside = frame.contains(*box.min) and frame.contains(*box.max)
            if inside and not any(box.overlaps(other) for other in taken):
                break
            text.remove()
        else:
            raise RuntimeError(f"{name} fits nowhere beside its point. Make the figure larger.")
        taken.append(box)
        if distance > _DISTANCES[0]:
            line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.8}
            axes.annotate("", (x, y), text.xyann, textcoords="offset points", arrowprops=line)
