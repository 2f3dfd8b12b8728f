"""Where windows lie, what they leave out, and what a unit sees through many layers."""

from collections.abc import Iterable
from typing import NamedTuple

from cnnlab.geometry.settings import AxisPadding, Policy
from cnnlab.geometry.sizes import effective_kernel_size, output_size, resolve_padding


def windows(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: AxisPadding = 0,
    dilation: int = 1,
    policy: Policy = "floor",
) -> list[range]:
    """Input positions that each window reads; below 0 or beyond ``size - 1`` lies padding.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation, policy
        As in :func:`cnnlab.geometry.output_size`.

    Examples
    --------
    >>> [list(window) for window in windows(7, 3, stride=2, padding=1)]
    [[-1, 0, 1], [1, 2, 3], [3, 4, 5], [5, 6, 7]]
    """
    outputs = output_size(size, kernel_size, stride, padding, dilation, policy)
    before, _ = resolve_padding(padding, size, kernel_size, stride, dilation)
    span = effective_kernel_size(kernel_size, dilation)
    starts = range(-before, -before + outputs * stride, stride)
    return [range(start, start + span, dilation) for start in starts]


def window_slices(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: AxisPadding = 0,
    dilation: int = 1,
    policy: Policy = "floor",
) -> list[slice]:
    """Slices that cut each window out of the padded input.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation, policy
        As in :func:`cnnlab.geometry.output_size`.

    Examples
    --------
    >>> window_slices(5, 3, stride=2)
    [slice(0, 3, 1), slice(2, 5, 1)]
    """
    before, _ = resolve_padding(padding, size, kernel_size, stride, dilation)
    return [
        slice(window.start + before, window.stop + before, window.step)
        for window in windows(size, kernel_size, stride, padding, dilation, policy)
    ]


def unread(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: AxisPadding = 0,
    dilation: int = 1,
    policy: Policy = "floor",
) -> list[int]:
    """Input positions that no window reads: they cannot influence the output.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation, policy
        As in :func:`cnnlab.geometry.output_size`.

    Examples
    --------
    >>> unread(7, 3, stride=3)
    [6]
    >>> unread(7, 1, stride=2)
    [1, 3, 5]
    """
    read = set().union(*windows(size, kernel_size, stride, padding, dilation, policy))
    return [position for position in range(size) if position not in read]


class ReceptiveField(NamedTuple):
    """What one output unit sees of the input along one axis.

    Attributes
    ----------
    size : int
        Input pixels from the first to the last that can influence one unit.
    jump : int
        Input pixels between the fields of neighbouring units.
    start : int
        Input position where the field of unit 0 begins; negative inside the padding.
    """

    size: int = 1
    jump: int = 1
    start: int = 0

    def then(
        self, kernel_size: int, stride: int = 1, before: int = 0, dilation: int = 1
    ) -> "ReceptiveField":
        """Field after one more layer; ``before`` is its padding at the beginning.

        Examples
        --------
        Two 3×3 layers see what one 5×5 layer sees.

        >>> ReceptiveField().then(3).then(3) == ReceptiveField().then(5)
        True
        """
        span = effective_kernel_size(kernel_size, dilation)
        return ReceptiveField(
            size=self.size + (span - 1) * self.jump,
            jump=self.jump * stride,
            start=self.start - before * self.jump,
        )

    def union(self, other: "ReceptiveField") -> "ReceptiveField":
        """Smallest field that holds both, for branches of equal jump that meet again."""
        start = min(self.start, other.start)
        stop = max(self.start + self.size, other.start + other.size)
        return ReceptiveField(stop - start, self.jump, start)


def receptive_field(layers: Iterable[dict[str, int]]) -> ReceptiveField:
    """Field after a stack of layers.

    Parameters
    ----------
    layers : iterable of dict
        Arguments of :meth:`ReceptiveField.then`, one dict a layer, the first layer first.

    Examples
    --------
    >>> receptive_field([{"kernel_size": 3}] * 3).size
    7
    """
    field = ReceptiveField()
    for layer in layers:
        field = field.then(**layer)
    return field
