"""How many windows fit: the size of an output, seen as a strip of pixels."""

from typing import ClassVar

import traitlets

from cnnlab.explore.controls import Control, Whole, slider
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.output_size.drawing import draw
from cnnlab.explore.output_size.examples import EXAMPLES, USUAL
from cnnlab.explore.output_size.scene import OutputSizeScene, output_size_scene


class OutputSizeExplorer(ExampleExplorer[OutputSizeScene]):
    """Explore how many windows fit along one axis, and which pixels are left over.

    Parameters
    ----------
    example : str
        Name of a worked example, see ``OutputSizeExplorer.examples()``; other settings are then
        applied over it.
    size, kernel_size, stride, padding : int
        As in :func:`cnnlab.geometry.output_size`; they can be set and read at any time. A window
        that does not fit is drawn hanging over, with ways out to click.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = OutputSizeExplorer(stride=2)
    >>> explorer
    input 7, kernel 3, stride 2, padding 0 → floor 3, ceil 3, error 3
    >>> explorer.stride = 3
    >>> explorer.output
    {'floor': 2, 'ceil': 3, 'error': None}
    """

    purpose = "how many windows fit, and which pixels are left over"
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        slider("size", "input size n", 1, 16, hint="pixels along the axis, without padding"),
        slider("kernel_size", "kernel size k", 1, 9, hint="pixels that one window reads"),
        slider("stride", "stride s", 1, 6, hint="pixels from one window to the next"),
        slider("padding", "padding p per side", 0, 4, hint="zeros added before and after"),
    )
    heights = (320, 320, 300)

    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    size = Whole(7).tag(sync=True)
    kernel_size = Whole(3).tag(sync=True)
    stride = Whole(1).tag(sync=True)
    padding = Whole(0).tag(sync=True)

    def make_scene(self) -> OutputSizeScene:
        return self.with_note(output_size_scene(**self.bare()))

    @property
    def output(self) -> dict[str, int | None]:
        """Windows under each policy; None where the policy refuses or no window fits."""
        return self.scene.windows.outputs
