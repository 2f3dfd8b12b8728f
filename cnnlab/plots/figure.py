"""A figure that carries its text equivalent, and the house style."""

import base64
import html
import io
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec

import matplotlib.figure
import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import FancyBboxPatch
from numpy.typing import NDArray

Array = NDArray[Any]
P = ParamSpec("P")

COLORS = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "black": "#000000",
}
"""Line colours, told apart under every common colour-vision deficiency and 3:1 on white.

From M. Okabe and K. Ito, "Color universal design", 2008, without those too pale on white.
"""

GREY = "#666666"
WRITING = "#C05500"  # vermillion for words and numbers: 4.6:1 on white
DPI = 110
_CORNER = 0.1  # inches

STYLE: dict[str, Any] = {
    "figure.dpi": DPI,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",  # comes with matplotlib, so every machine draws alike
    "font.size": 12,
    "axes.titlesize": 13,
    "figure.titlesize": 14,
    "axes.labelsize": 12,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "legend.fontsize": 12,
    "legend.framealpha": 1.0,  # lines pass behind the legend, not through it
    "legend.edgecolor": "white",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "lines.linewidth": 2.0,
    "figure.constrained_layout.w_pad": 0.07,  # inches
    "image.interpolation": "nearest",
    "text.parse_math": False,  # a class may be called "$"
}

# Negative blue, zero white, positive vermillion; the darkest ends keep white text legible.
DIVERGING = LinearSegmentedColormap.from_list(
    "diverging", ["#00466E", "#0072B2", "#FFFFFF", "#D55E00", "#8A3D00"]
)
# Zero white, more of it vermillion, as in the diverging map.
SEQUENTIAL = LinearSegmentedColormap.from_list("sequential", ["#FFFFFF", "#D55E00", "#8A3D00"])


class Figure(matplotlib.figure.Figure):
    """A matplotlib figure with alternative text.

    In a notebook it is shown once, as an image with that text for readers who cannot see it;
    elsewhere its repr is the text.

    Parameters
    ----------
    alt : str
        One sentence that says what the figure shows. It is an attribute too.
    **options
        Passed on to :class:`matplotlib.figure.Figure`.

    Raises
    ------
    ValueError
        If the text is empty.

    Examples
    --------
    >>> figure = Figure(alt="An empty figure.", figsize=(2, 1))
    >>> figure
    Figure: An empty figure.
    >>> figure.png()[1:4]
    b'PNG'
    """

    def __init__(self, *, alt: str, **options: Any) -> None:
        if not alt.strip():
            raise ValueError(
                "Figure: alt must say what the figure shows, but it is empty. Write one sentence."
            )
        with house_style():
            options.setdefault("layout", "constrained")
            super().__init__(dpi=DPI, **options)
        self.alt = alt

    def png(self) -> bytes:
        """Return the picture as PNG; the same figure gives the same bytes."""
        buffer = io.BytesIO()
        # A sheet of paper on a dark page, with round corners; on a white page nothing of it is
        # seen. Pictures in which white means zero need white around them.
        width, height = self.get_size_inches()
        self.patch = FancyBboxPatch(  # type: ignore[assignment]  # any patch will do
            (0, 0), width, height, boxstyle=f"round,pad=0,rounding_size={_CORNER}",
            facecolor="white", linewidth=0, transform=self.dpi_scale_trans,
        )  # fmt: skip
        with house_style():
            self.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        return buffer.getvalue()

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"

    __str__ = __repr__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        # HTML, because JupyterLab's renderer of image/png has no alternative text.
        source = base64.b64encode(self.png()).decode("ascii")
        image = (
            f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{source}" '
            'style="max-width:100%">'
        )
        return {"text/html": image, "text/plain": repr(self)}

    def _ipython_display_(self) -> None:
        # Without this, IPython would add the PNG that its inline backend registers for
        # every matplotlib figure: the same picture twice, one of them without its text.
        from IPython.display import display

        display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]


def house_style() -> Any:
    """Return a context in which new artists have the house style, whatever the user's is."""
    return matplotlib.style.context(["default", STYLE])


def in_house_style(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Decorate a function that draws: house style; title and ``alt`` frame the alt text."""
    parameters = signature(draw)

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with house_style():
            figure = draw(*args, **kwargs)
        given = parameters.bind(*args, **kwargs).arguments
        if title := given.get("title"):
            figure.alt = f"{' '.join(title.split())}: {figure.alt}"
        if alt := given.get("alt", "").strip():
            figure.alt += f" {alt}"
        return figure

    return styled


def as_array(value: Any) -> Array:
    """Return a NumPy array, also of a PyTorch tensor that is still being trained."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return np.asarray(value)


def text_color(background: Any) -> str:
    """Return black or white, whichever stands out more from an RGB background."""
    linear = np.asarray(background)[:3] ** 2.2
    return "black" if linear @ [0.2126, 0.7152, 0.0722] > 0.18 else "white"


def hide_axes(axes: Axes) -> None:
    """Switch ticks and frame off, keeping the title: pictures need no axes."""
    axes.set_axis_off()


def legend_beside(figure: matplotlib.figure.Figure) -> None:
    """Put one legend at the right of all panels; what has one name in several stands once."""
    handles = {
        label: handle
        for axes in figure.axes
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="outside right center")
