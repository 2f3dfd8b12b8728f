"""Max and average pooling, forward and backward, cell by cell."""

from dataclasses import replace
from typing import Any, ClassVar

import traitlets

from cnnlab.explore.base import Explorer
from cnnlab.explore.controls import Control, Whole, select, slider, toggle
from cnnlab.explore.pooling.drawing import draw
from cnnlab.explore.pooling.model import EXAMPLES, SAID, check_grid
from cnnlab.explore.pooling.scene import PoolingScene, pooling_scene

OWN = "own numbers"
WORKED = "worked 4×4"


class PoolingExplorer(Explorer[PoolingScene]):
    """Explore pooling: the window of each output, who wins, and where a gradient goes.

    Parameters
    ----------
    example : str
        Name of an input; "own numbers" once a cell has been changed.
    input : (H, W) array
        At most 12 rows and columns.
    upstream : (H', W') array
        Gradient of the output. What lies outside the output is left out, and missing entries
        count 1, 2, 3, … row by row.
    kind : {"max", "average"}
    kernel_size, stride, padding : int
        Pixels; padding on each side counts as −∞ for the maximum and as 0 for the mean.
    policy : {"floor", "ceil", "error"}
        What to do when the stride does not fit.
    count_include_pad : bool
        Whether padded zeros count in the mean.
    backward : bool
        Whether to show the gradients.
    ties : {"first", "share"}
        Who gets the gradient where several pixels are the maximum; PyTorch knows "first".
    selected : str
        Key of the cell under focus, such as ``"output:0,1"``.

    Examples
    --------
    >>> explorer = PoolingExplorer()
    >>> explorer
    max pooling 2×2, stride 2, padding 0: input 4×4 → output 2×2: 6 8 / 3 4
    >>> explorer.kind = "average"
    >>> explorer.output
    [[3.25, 5.25], [2.0, 2.0]]
    """

    purpose = "max and average pooling: the window, who wins, and where a gradient goes"
    drawing = staticmethod(draw)
    controls: ClassVar[tuple[Control, ...]] = (
        select("example", "input", {name: name for name in (*EXAMPLES, OWN)}),
        select("kind", "pooling", {"max": "maximum", "average": "average"}),
        slider("kernel_size", "kernel size", 1, 4),
        slider("stride", "stride", 1, 4),
        slider("padding", "padding per side", 0, 3),
        select(
            "policy",
            "if it does not fit",
            {
                "floor": "drop the rest (floor)",
                "ceil": "hang over (ceil)",
                "error": "refuse (error)",
            },
        ),
        toggle("count_include_pad", "padding counts", when={"kind": ["average"]}),
        toggle("backward", "show gradients"),
        select(
            "ties",
            "a tie goes to",
            {"first": "the first (PyTorch)", "share": "all in equal parts"},
            when={"kind": ["max"], "backward": [True]},
        ),
    )
    state = ("input", "upstream")
    heights = (540, 440, 440)

    selected = traitlets.Unicode("output:0,0", help="key of the cell under focus").tag(sync=True)
    example = traitlets.Enum((*EXAMPLES, OWN), WORKED).tag(sync=True)
    input: "traitlets.List[list[float]]" = traitlets.List(EXAMPLES[WORKED]).tag(sync=True)
    upstream: "traitlets.List[list[float]]" = traitlets.List().tag(sync=True)
    kind = traitlets.Enum(("max", "average"), "max").tag(sync=True)
    kernel_size = Whole(2).tag(sync=True)
    stride = Whole(2).tag(sync=True)
    padding = Whole(0).tag(sync=True)
    policy = traitlets.Enum(("floor", "ceil", "error"), "floor").tag(sync=True)
    count_include_pad = traitlets.Bool(True).tag(sync=True)
    backward = traitlets.Bool(False).tag(sync=True)
    ties = traitlets.Enum(("first", "share"), "first").tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        for name in ("input", "upstream"):
            if name in settings and len(settings[name]):
                settings[name] = check_grid(name, settings[name])
        if "input" in settings:
            settings["example"] = _named(settings["input"])
        elif settings.get("example", OWN) in EXAMPLES:
            settings["input"] = EXAMPLES[settings["example"]]
        super().__init__(**settings)

    def make_scene(self) -> PoolingScene:
        settings = self.settings()
        del settings["example"]  # the input says all that its name does
        return replace(pooling_scene(**settings), note=SAID.get(self.example, ""))

    @traitlets.validate("input", "upstream")
    def _check_grid(self, proposal: Any) -> list[list[float]]:
        grid, name = proposal["value"], proposal["trait"].name
        if name == "upstream" and not len(grid):
            return []
        try:
            return check_grid(name, grid)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None

    @traitlets.observe("example")
    def _show_example(self, change: Any) -> None:
        if change["new"] in EXAMPLES:
            self.input = EXAMPLES[change["new"]]

    @traitlets.observe("input")
    def _name_example(self, change: Any) -> None:
        self.example = _named(change["new"])

    def edited(self, key: str, value: float) -> None:
        """Put a number typed into a cell in its place."""
        if key not in {k for grid in self.scene.grids for row in grid["keys"] for k in row}:
            return
        name, _, place = key.partition(":")
        r, c = map(int, place.split(","))
        if name == "input" and self.scene.pooling.kinds.get((r, c)) == "pixel":
            self.input = _replaced(self.scene.pooling.input, r, c, value)
        elif name == "upstream":
            self.upstream = _replaced(self.scene.pooling.upstream, r, c, value)

    @property
    def output(self) -> list[list[float]]:
        """Pooled map, row by row; empty where the settings do not fit."""
        return [list(row) for row in self.scene.pooling.output]

    @property
    def gradient(self) -> list[list[float]]:
        """Gradient of the input for the upstream gradient shown, row by row."""
        return [list(row) for row in self.scene.pooling.gradient]


def _named(grid: list[list[float]]) -> str:
    return next((name for name, known in EXAMPLES.items() if known == grid), OWN)


def _replaced(grid: list[list[float]], r: int, c: int, value: float) -> list[list[float]]:
    rows = [list(row) for row in grid]
    rows[r][c] = float(value)
    return rows
