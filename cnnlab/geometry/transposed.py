"""How many pixels a transposed convolution writes, and how many of them it cuts off."""

from cnnlab.geometry.settings import (
    AxisPadding,
    integer,
)
from cnnlab.geometry.sizes import effective_kernel_size, resolve_padding


def transposed_padding(
    padding: AxisPadding, size: int, kernel_size: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Pixels that a transposed convolution cuts off along one axis, ``(before, after)``.

    Parameters
    ----------
    padding : int, (int, int), "same" or "valid"
        Pixels on each side, (before, after), or a named rule. "same" leaves ``size · stride``
        pixels, as TensorFlow and Keras do: an odd total cuts the extra pixel after, and where
        the kernel is smaller than the stride, pixels that nothing was written to come after, so
        that ``after`` is negative.
    size, kernel_size, stride, dilation : int
        As in :func:`transposed_output_size`; only "same" looks at them.

    Examples
    --------
    >>> [transposed_padding("same", 14, kernel, stride=2) for kernel in (2, 3, 4)]
    [(0, 0), (0, 1), (1, 1)]
    >>> transposed_padding("same", 14, 2, stride=1), transposed_padding("same", 14, 1, stride=2)
    ((0, 1), (0, -1))
    """
    if padding != "same":
        return resolve_padding(padding, size, kernel_size, stride, dilation)
    total = effective_kernel_size(kernel_size, dilation) - integer("stride", stride, 1)
    before = max(total, 0) // 2
    return before, total - before


def transposed_output_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: AxisPadding = 0,
    output_padding: int = 0,
    dilation: int = 1,
) -> int:
    """Pixels that come out of a transposed convolution along one axis.

    It undoes the shape of the convolution with the same numbers; ``output_padding`` picks
    among the ``stride`` input sizes that this convolution maps to one output size.

    Parameters
    ----------
    size : int
        Input pixels.
    kernel_size, stride, dilation : int
        As in :func:`output_size`.
    padding : int, (int, int), "same" or "valid"
        Pixels that the convolution it undoes would have padded, and that are cut off here; see
        :func:`transposed_padding`.
    output_padding : int
        Further pixels at the end, fewer than ``stride`` or ``dilation``; none with "same".

    Returns
    -------
    int
        ``(size - 1) * stride + span + output_padding`` without the pixels cut off.

    Examples
    --------
    >>> from cnnlab.geometry import output_size
    >>> transposed_output_size(output_size(7, 3, stride=2), 3, stride=2)
    7
    >>> transposed_output_size(14, 3, stride=2, padding="same")
    28
    """
    size, stride = integer("size", size, 1), integer("stride", stride, 1)
    span = effective_kernel_size(kernel_size, dilation)
    before, after = transposed_padding(padding, size, kernel_size, stride, dilation)
    output_padding = integer("output_padding", output_padding, 0)
    if output_padding and padding == "same":
        raise ValueError(
            f"output_padding must be 0 with padding 'same', which leaves {size * stride} pixels, "
            f"not {output_padding}. Drop one of them."
        )
    if output_padding >= max(stride, dilation):
        raise ValueError(
            f"output_padding must be smaller than stride {stride} or dilation {dilation}, "
            f"not {output_padding}. Use a smaller output_padding."
        )
    outputs = (size - 1) * stride + span + output_padding - before - after
    if outputs < 1:
        raise ValueError(
            f"padding ({before}, {after}) leaves no output: {outputs} pixels. Use less padding."
        )
    return outputs
