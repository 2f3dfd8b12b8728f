"""How many windows fit: output sizes and paddings."""

from collections.abc import Sequence
from typing import Any

from cnnlab.geometry.settings import (
    AXIS_NAMES,
    AxisPadding,
    Policy,
    check_policy,
    integer,
    padding_per_axis,
    per_axis,
)


def effective_kernel_size(kernel_size: int, dilation: int = 1) -> int:
    """Pixels a dilated kernel spans, first tap to last.

    Parameters
    ----------
    kernel_size : int
        Taps of the kernel.
    dilation : int
        Pixels from tap to tap; 1 means adjacent.

    Examples
    --------
    >>> effective_kernel_size(3, dilation=2)
    5
    """
    kernel_size = integer("kernel_size", kernel_size, 1)
    return integer("dilation", dilation, 1) * (kernel_size - 1) + 1


def same_padding(
    size: int, kernel_size: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Padding before and after so that the output has ``ceil(size / stride)`` pixels.

    An odd total puts the extra pixel after, as TensorFlow does, and as PyTorch does for
    ``padding="same"`` (which it offers for stride 1 only).

    Parameters
    ----------
    size : int
        Input pixels.
    kernel_size, stride, dilation : int
        As in :func:`output_size`.

    Returns
    -------
    (int, int)
        Pixels before and after.

    Examples
    --------
    >>> [same_padding(7, kernel) for kernel in (3, 5, 7)]
    [(1, 1), (2, 2), (3, 3)]
    >>> same_padding(224, 3, stride=2)
    (0, 1)
    """
    size, stride = integer("size", size, 1), integer("stride", stride, 1)
    outputs = -(-size // stride)
    span = effective_kernel_size(kernel_size, dilation)
    total = max((outputs - 1) * stride + span - size, 0)
    return total // 2, total - total // 2


def resolve_padding(
    padding: AxisPadding, size: int, kernel_size: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Turn any way of writing one axis' padding into pixels ``(before, after)``.

    Parameters
    ----------
    padding : int, (int, int), "same" or "valid"
        Pixels on each side, pixels before and after, or a named rule.
    size, kernel_size, stride, dilation : int
        As in :func:`output_size`; only "same" looks at them.

    Examples
    --------
    >>> resolve_padding("same", 28, 5), resolve_padding(2, 28, 5), resolve_padding((0, 1), 28, 5)
    ((2, 2), (2, 2), (0, 1))
    """
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise ValueError(
                f"padding must be 'same', 'valid', pixels per side or a pair (before, after), "
                f"not {padding!r}. Choose one of these."
            )
        if padding == "same":
            return same_padding(size, kernel_size, stride, dilation)
        return 0, 0
    if isinstance(padding, tuple | list):
        if len(padding) != 2:
            raise ValueError(
                f"padding of one axis must be one number or a pair (before, after), "
                f"not {len(padding)} values {tuple(padding)}. Give one or two numbers."
            )
        return integer("padding", padding[0], 0), integer("padding", padding[1], 0)
    return integer("padding", padding, 0), integer("padding", padding, 0)


def output_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: AxisPadding = 0,
    dilation: int = 1,
    policy: Policy = "floor",
) -> int:
    """Count the windows of a convolution or pooling along one axis.

    Parameters
    ----------
    size : int
        Input pixels.
    kernel_size, stride, dilation : int
        As in PyTorch; ``dilation=1`` means adjacent taps.
    padding : int, (int, int), "same" or "valid"
        Pixels on each side, (before, after), or a named rule.
    policy : {"floor", "ceil", "error"}
        What to do when the stride does not fit: drop the pixels left over (PyTorch,
        TensorFlow), let the last window hang over the edge (as PyTorch's ``ceil_mode``: never a
        window that would start beyond the input), or refuse. Caffe's pooling without padding,
        OpenCV, and ONNX before opset 22 in the size it declares keep that last window: 6 pixels,
        kernel 2 and stride 3 give 3 there and 2 here.

    Returns
    -------
    int
        ``(size + before + after - span) / stride + 1``, rounded by the policy.

    Raises
    ------
    ValueError
        If the kernel does not fit the padded input, or the stride does not fit under "error".

    Examples
    --------
    >>> [output_size(7, 3, stride) for stride in (1, 2, 3)]
    [5, 3, 2]
    >>> output_size(7, 3, stride=3, policy="ceil")
    3
    >>> output_size(7, 3, stride=3, policy="error")
    Traceback (most recent call last):
        ...
    ValueError: stride 3 does not fit: (7 - 3)/3 + 1 = 2.33 is not whole, 1 of 7 pixels is left \
over. Use padding, another stride, or policy 'floor' or 'ceil'.
    """
    return _output_size("size", size, kernel_size, stride, padding, dilation, policy)


def _output_size(
    axis: str,
    size: int,
    kernel_size: int,
    stride: int,
    padding: AxisPadding,
    dilation: int,
    policy: Policy,
) -> int:
    size, stride = integer(axis, size, 1), integer("stride", stride, 1)
    span = effective_kernel_size(kernel_size, dilation)
    before, after = resolve_padding(padding, size, kernel_size, stride, dilation)
    check_policy(policy)
    padded = size + before + after
    if span > padded:
        dilated = f" (spans {span} with dilation {dilation})" if dilation > 1 else ""
        shown = before if before == after else (before, after)
        raise ValueError(
            f"kernel {kernel_size}{dilated} does not fit {axis} {size} with padding {shown} "
            f"(padded {axis} {padded}). Use padding >= {-(-(span - size) // 2)} or a smaller "
            f"{'kernel or dilation' if dilation > 1 else 'kernel'}."
        )
    steps, left = divmod(padded - span, stride)
    if left and policy == "error":
        raise ValueError(
            f"stride {stride} does not fit: ({padded} - {span})/{stride} + 1 = "
            f"{(padded - span) / stride + 1:.2f} is not whole, {left} of {padded} pixels "
            f"{'is' if left == 1 else 'are'} left over. "
            "Use padding, another stride, or policy 'floor' or 'ceil'."
        )
    hangs_over = left and policy == "ceil" and (steps + 1) * stride < size + before
    return steps + 1 + bool(hangs_over)


def output_shape(
    shape: Sequence[int],
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] = 1,
    padding: Any = 0,
    dilation: int | Sequence[int] = 1,
    policy: Policy = "floor",
) -> tuple[int, ...]:
    """:func:`output_size` along each of one, two or three axes.

    Parameters
    ----------
    shape : sequence of int
        Input pixels along each axis, without channels and batch.
    kernel_size, stride, dilation : int or sequence of int
        One number for all axes, or one an axis.
    padding : int, "same", "valid", or a tuple with one entry an axis
        As in :func:`padding_per_axis`.
    policy : {"floor", "ceil", "error"}
        What to do when the stride does not fit.

    Returns
    -------
    tuple of int
        Windows along each axis.

    Examples
    --------
    >>> output_shape((32, 48), kernel_size=(3, 5), stride=2, padding="same")
    (16, 24)
    """
    ndim = len(shape)
    if ndim not in AXIS_NAMES:
        raise ValueError(
            f"shape must have 1, 2 or 3 axes, not {ndim}: {tuple(shape)}. Drop the rest."
        )
    axes = zip(
        AXIS_NAMES[ndim],
        shape,
        per_axis("kernel_size", kernel_size, ndim),
        per_axis("stride", stride, ndim),
        padding_per_axis(padding, ndim),
        per_axis("dilation", dilation, ndim),
        strict=True,
    )
    return tuple(_output_size(name, w, k, s, p, d, policy) for name, w, k, s, p, d in axes)
