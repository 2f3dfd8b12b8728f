"""Blocks of networks: choose one, set its widths, and compare it with a plain 3×3."""

from typing import ClassVar

import traitlets

from cnnlab.explore.blocks.drawing import draw
from cnnlab.explore.blocks.examples import EXAMPLES, USUAL
from cnnlab.explore.blocks.model import KINDS
from cnnlab.explore.blocks.scene import BlockScene, block_scene
from cnnlab.explore.controls import Control, ladder, select, slider, toggle
from cnnlab.explore.examples import ExampleExplorer, example_control

WIDTHS = (16, 32, 48, 64, 96, 128, 192, 256, 384, 512)  # maps
NARROW = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256)
SIZES = (7, 14, 28, 56, 112)  # pixels


class BlockExplorer(ExampleExplorer[BlockScene]):
    """Explore the blocks that networks are built of: what each costs beside a plain 3×3.

    Parameters
    ----------
    example : str
        Name of a worked example, see ``BlockExplorer.examples()``; other settings are then
        applied over it.
    kind : {"plain", "nin", "bottleneck", "inception", "residual", "fire", "separable"}
        Which block.
    inputs, outputs : int
        Maps in and out, from 16 to 512.
    narrow : int
        Maps that a bottleneck makes in front of a 3×3.
    squeeze : float
        Squeeze ratio of a fire module, in percent: squeezed maps by expanded ones.
    share : float
        How many of a fire module's expanding filters are 3×3, in percent.
    size : int
        Pixels of a side of each map.
    biases : bool
        Whether convolutions have biases.
    selected : str
        Key of the layer under focus, such as ``"layer:0"``.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = BlockExplorer(narrow=128)
    >>> explorer.params, explorer.plain_params
    (69632, 73728)
    >>> explorer.narrow = 64
    >>> explorer.params
    34816
    """

    purpose = "blocks of networks, and what each costs beside a plain 3×3"
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        select("kind", "block", KINDS),
        ladder("outputs", "maps out", WIDTHS, hint="maps that the block makes"),
        ladder(
            "narrow",
            "maps of the 1×1",
            NARROW,
            hint="maps that the 1×1 makes in front of the 3×3",
            when={"kind": ["bottleneck", "inception"]},
        ),
        slider(
            "squeeze",
            "squeeze SR, %",
            12.5,
            100,
            12.5,
            hint="squeezed maps by all expanded ones",
            when={"kind": ["fire"]},
        ),
        slider(
            "share",
            "3×3 share, %",
            12.5,
            100,
            12.5,
            hint="PCT: how many of the expanding filters are 3×3",
            when={"kind": ["fire"]},
        ),
        ladder("inputs", "maps in", WIDTHS, hint="maps that the block reads"),
        ladder("size", "map size", SIZES, hint="pixels of a side of each map"),
        toggle("biases", "biases", hint="a number more for each filter"),
    )
    heights = (620, 430, 430)

    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    kind = traitlets.Enum(tuple(KINDS), USUAL["kind"]).tag(sync=True)
    inputs = traitlets.Int(USUAL["inputs"], min=16, max=512).tag(sync=True)
    outputs = traitlets.Int(USUAL["outputs"], min=16, max=512).tag(sync=True)
    narrow = traitlets.Int(USUAL["narrow"], min=1, max=512).tag(sync=True)
    squeeze = traitlets.Float(USUAL["squeeze"], min=12.5, max=100).tag(sync=True)
    share = traitlets.Float(USUAL["share"], min=12.5, max=100).tag(sync=True)
    size = traitlets.Int(USUAL["size"], min=3, max=224).tag(sync=True)
    biases = traitlets.Bool(USUAL["biases"]).tag(sync=True)

    def make_scene(self) -> BlockScene:
        settings = {name: getattr(self, name) for name in USUAL}
        return self.with_note(block_scene(**settings))

    @property
    def params(self) -> int:
        """Parameters of the block."""
        return self.scene.built.tree.summary.params

    @property
    def macs(self) -> int:
        """Multiply-accumulates of the block for one example."""
        return self.scene.built.tree.summary.macs

    @property
    def plain_params(self) -> int:
        """Parameters of a plain 3×3 convolution with the same maps in and out."""
        return self.scene.built.plain.params
