"""Where the parameters of a network are, row by row, each count with its formula."""

from typing import ClassVar

import traitlets

from cnnlab.explore.controls import Control, Whole, select, slider
from cnnlab.explore.examples import example_control
from cnnlab.explore.networks import NetworkExplorer, names
from cnnlab.explore.parameters.dense import Dense
from cnnlab.explore.parameters.drawing import draw
from cnnlab.explore.parameters.examples import EXAMPLES, USUAL
from cnnlab.explore.parameters.scene import Count, ParametersScene, parameters_scene


class ParameterExplorer(NetworkExplorer[ParametersScene]):
    """Explore the parameters of a network: a table to walk, each count with its formula.

    Parameters
    ----------
    example : str
        Name of a worked example, see ``ParameterExplorer.examples()``; other settings are then
        applied over it.
    network : str
        Name in the zoo, or "own specification".
    spec : Row
        A specification of one's own; setting it chooses it.
    input_shape : tuple of int
        What enters it, without the batch.
    detail : {"rows", "learned", "blocks"}
        Every row, those that learn, or one for each block.
    scale : int
        How many times larger the image's side is when a convolution is compared with a dense
        layer.
    selected : str
        Key of the row under focus, such as ``"rows:2"``.

    Examples
    --------
    >>> explorer = ParameterExplorer()
    >>> explorer
    datasci-207, input 1×28×28 → 1,625,866 parameters (6.20 MB) in 11 rows, 16,283,392 MACs; \
most in fc1: 98.8 %
    >>> explorer.rows[2].formula
    '(3·3·32 + 1)·64 = 18,496'
    """

    purpose = "where the parameters of a network are, each count with its formula"
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        select("network", "network", {name: name for name in names()}),
        select(
            "detail",
            "rows of the table",
            {"rows": "every row", "learned": "rows that learn", "blocks": "blocks"},
        ),
        slider("scale", "image side ×", 1, 8),
    )
    state = ("spec", "input_shape", "selected")
    heights = (610, 440, 250)
    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    network = traitlets.Enum(names(), "datasci-207").tag(sync=True)
    detail = traitlets.Enum(("rows", "learned", "blocks"), "rows").tag(sync=True)
    scale = Whole(1).tag(sync=True)

    def make_scene(self) -> ParametersScene:
        return self.with_note(parameters_scene(**self.bare()))

    @property
    def rows(self) -> list[Count]:
        """Rows of the table: path, layer, output shape, parameters, MACs and their formula."""
        return list(self.scene.counted.rows)

    @property
    def params(self) -> int:
        """Parameters of the whole network."""
        return self.scene.counted.params

    @property
    def output(self) -> Dense | None:
        """Convolution beside the dense layer for the same map; None where nothing convolves."""
        return self.scene.counted.dense
