"""How many windows fit: the size of an output, seen as a strip of pixels."""

from typing import ClassVar

from cnnlab.explore.base import Explorer, Whole
from cnnlab.explore.controls import Control, slider
from cnnlab.explore.output_size.drawing import draw
from cnnlab.explore.output_size.scene import output_size_scene


class OutputSizeExplorer(Explorer):
    """Explore how many windows fit along one axis, and which pixels are left over.

    Parameters
    ----------
    size, kernel_size, stride, padding : int
        As in :func:`cnnlab.geometry.output_size`; they can be set and read at any time, and
        settings that make no sense are explained in the picture's place.

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
    controls: ClassVar[tuple[Control, ...]] = (
        slider("size", "input size", 1, 16),
        slider("kernel_size", "kernel size", 1, 9),
        slider("stride", "stride", 1, 6),
        slider("padding", "padding per side", 0, 4),
    )
    make_scene = staticmethod(output_size_scene)
    draw = staticmethod(draw)

    size = Whole(7).tag(sync=True)
    kernel_size = Whole(3).tag(sync=True)
    stride = Whole(1).tag(sync=True)
    padding = Whole(0).tag(sync=True)

    @property
    def output(self) -> dict[str, int | None]:
        """Windows under each policy; None where the policy refuses or no window fits."""
        return dict(self._scene["outputs"])
