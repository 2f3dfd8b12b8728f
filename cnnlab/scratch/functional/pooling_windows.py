"""Where pooling windows lie.

Windows are visited tap by tap, not window by window: the first pixels of all windows are one
strided view of the map, the second pixels another, and so on. A 2×2 maximum is then three
calls of ``np.maximum`` on whole maps.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab import geometry
from cnnlab.geometry import Policy
from cnnlab.scratch.functional.checks import Array, check_floats
from cnnlab.scratch.functional.memoize import memoized

PerAxis: TypeAlias = int | Sequence[int]


class Windows(NamedTuple):
    """Where pooling windows lie, one entry for each axis; sizes in pixels."""

    size: tuple[int, ...]
    out_size: tuple[int, ...]
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]  # what was asked for
    hanging: tuple[int, ...]  # further pixels after the end that policy "ceil" reads

    @property
    def sides(self) -> tuple[tuple[int, int], ...]:
        """All pixels around the map, named or hanging over, axis by axis; none for (N, C)."""
        ends = zip(self.padding, self.hanging, strict=True)
        return (0, 0), (0, 0), *((before, after + over) for (before, after), over in ends)

    @property
    def apart(self) -> bool:
        """Whether no pixel is met twice."""
        return all(k <= s for k, s in zip(self.kernel_size, self.stride, strict=True))

    @property
    def once(self) -> bool:
        """Whether each pixel is met exactly once."""
        axes = zip(self.size, self.sides[2:], self.out_size, self.kernel_size, strict=True)
        met = all(sum(sides) + size == count * kernel for size, sides, count, kernel in axes)
        return met and self.kernel_size == self.stride

    def inside(self, padded: Array) -> Array:
        """The map without the pixels around it."""
        axes = zip(self.padding, self.size, strict=True)
        part = tuple(slice(before, before + size) for (before, _), size in axes)
        return _at(padded, part)

    def taps_along(self, axis: int, maps: Array) -> Iterator[Array]:
        """For each tap along one axis a view of maps (N, C, ...): what it reads, or is given."""
        step, count = self.stride[axis], self.out_size[axis]
        for i in range(self.kernel_size[axis]):
            part = slice(i, i + (count - 1) * step + 1, step)
            yield maps[(slice(None),) * (2 + axis) + (part,)]

    def taps(self, padded: Array) -> Iterator[Array]:
        """For each tap of the window a view (N, C, *out_size): what it reads, or is given."""
        axes = tuple(zip(self.stride, self.out_size, strict=True))
        for tap in itertools.product(*map(range, self.kernel_size)):
            part = tuple(
                slice(i, i + (count - 1) * stride + 1, stride)
                for i, (stride, count) in zip(tap, axes, strict=True)
            )
            yield _at(padded, part)


def lay_windows(
    function: str,
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Any = 0,
    policy: Policy = "floor",
) -> Windows:
    """Work out where the windows lie on x; ``function`` speaks in errors."""
    check_floats(function, x=x)
    if not 3 <= x.ndim <= 5:
        raise ValueError(
            f"{function}: x must be (N, C, L), (N, C, H, W) or (N, C, D, H, W), "
            f"not {x.shape}. Give it its channels."
        )
    try:
        return _lay(x.shape[2:], kernel_size, stride, padding, policy)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{function}: {error}") from None


@memoized
def _lay(
    size: tuple[int, ...],
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Any,
    policy: Policy,
) -> Windows:
    ndim = len(size)
    kernel = geometry.per_axis("kernel_size", kernel_size, ndim)
    step = kernel if stride is None else geometry.per_axis("stride", stride, ndim)
    rules = geometry.padding_per_axis(padding, ndim)
    counts = geometry.output_shape(size, kernel, step, padding, policy=policy)
    axes = zip(rules, size, kernel, step, strict=True)
    sides = tuple(geometry.resolve_padding(*axis) for axis in axes)
    read = ((n - 1) * s + k for n, s, k in zip(counts, step, kernel, strict=True))
    hanging = (max(r - w - sum(p), 0) for r, w, p in zip(read, size, sides, strict=True))
    return Windows(size, counts, kernel, step, sides, tuple(hanging))


@memoized
def count_pixels(windows: Windows, count_include_pad: bool) -> Array:
    """Pixels that count in each window: the product over the axes of those along each.

    Examples
    --------
    >>> x = np.ones((1, 1, 3, 3))
    >>> count_pixels(lay_windows("avg_pool", x, 2, padding=1), False)
    array([[1, 2],
           [2, 4]])
    """
    total = np.ones((), int)
    for size, count, kernel, stride, (before, after), over in zip(*windows, strict=True):
        counted = np.full(before + size + after + over, count_include_pad, int)
        counted[before : before + size] = 1
        counted[before + size + after :] = 0
        along = [counted[i * stride : i * stride + kernel].sum() for i in range(count)]
        total = np.multiply.outer(total, along)
    total.setflags(write=False)  # all who ask for it get this one
    return total


def _at(maps: Array, part: tuple[slice, ...]) -> Array:
    index: Any = (..., *part)  # every example and channel
    view: Array = maps[index]
    return view


def pad(x: Array, windows: Windows, value: float) -> Array:
    """Surround the maps with a value, where the windows read beyond them."""
    if not any(map(any, windows.sides)):
        return x
    return np.pad(x, windows.sides, constant_values=value)
