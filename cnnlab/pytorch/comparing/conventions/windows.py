"""Convolutions and poolings: where the zeros go, which way a kernel lies, what a mean divides by."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnlab import geometry
from cnnlab.pytorch import windowed
from cnnlab.pytorch.comparing.steps import Step, unfolded

Sides = tuple[tuple[int, int], ...]
_FILLS = {
    "reflect": "mirrors the edge",
    "replicate": "repeats the edge",
    "circular": "wraps around",
}


@dataclass(frozen=True)
class Window:
    """A window's settings, one number an axis."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    sides: Sides
    """Zeros before and after each axis."""
    hanging: tuple[int, ...]
    """Further pixels at the end, that rounding up lets the last window reach."""


def read(module: nn.Module, x: Tensor) -> Window | None:
    """The window of a module on this input, or None if it has none that we know."""
    ndim = x.ndim - 2
    if ndim < 1:
        return None
    if isinstance(module, windowed.PaddedConv | windowed.PaddedMaxPool | windowed.PaddedAvgPool):
        named, hanging = windowed.pads(module.window, x.shape[2:])
        sides = tuple(zip(named[::2], named[1::2], strict=True))[::-1]
        kernel, stride, dilation = map(module.per_axis, ("kernel_size", "stride", "dilation"))
        return Window(kernel, stride, dilation, sides, tuple(hanging[1::2])[::-1])
    pools = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d, nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)
    if not isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d, *pools)):
        return None
    given = {name: getattr(module, name, 1) for name in ("kernel_size", "stride", "dilation")}
    kernel, stride, dilation = (geometry.per_axis(k, v, ndim) for k, v in given.items())
    padding: Any = module.padding
    if isinstance(padding, str):
        sides = tuple(
            geometry.resolve_padding(0 if padding == "valid" else "same", n, k, s, d)
            for n, k, s, d in zip(x.shape[2:], kernel, stride, dilation, strict=True)
        )
    else:
        sides = tuple((p, p) for p in geometry.per_axis("padding", padding, ndim, minimum=0))
    rest = (0,) * ndim
    if getattr(module, "ceil_mode", False):
        rest = hang(Window(kernel, stride, dilation, sides, rest), x)
    return Window(kernel, stride, dilation, sides, rest)


def hang(window: Window, x: Tensor) -> tuple[int, ...]:
    """Pixels that the last window reaches beyond the padding if the size is rounded up."""
    found = []
    axes = zip(
        x.shape[2:], window.kernel, window.stride, window.dilation, window.sides, strict=True
    )
    for n, kernel, stride, dilation, (before, after) in axes:
        reach = geometry.effective_kernel_size(kernel, dilation)
        count = -(-(n + before + after - reach) // stride) + 1
        if (count - 1) * stride >= n + before:  # the last window would start beyond the input
            count -= 1
        found.append(max((count - 1) * stride + reach - (n + before + after), 0))
    return tuple(found)


def padded(x: Tensor, window: Window, value: float = 0.0, mode: str = "constant") -> Tensor:
    """The input with everything around it that the windows read."""
    ends: list[int] = []
    for (before, after), more in reversed(list(zip(window.sides, window.hanging, strict=True))):
        ends += [before, after + more]
    return F.pad(x, ends, mode, value) if mode == "constant" else F.pad(x, ends, mode)


def elsewhere(window: Window) -> Iterator[Sides]:
    """The same number of zeros, shared out otherwise between the two ends."""
    totals = [before + after for before, after in window.sides]
    for share in range(max(totals, default=0) + 1):
        sides = tuple((min(share, total), total - min(share, total)) for total in totals)
        if sides != window.sides:
            yield sides


def shared(sides: Sides) -> str:
    """Zeros before and after, in words."""
    ends = sorted(set(sides))
    return " and ".join(f"{before} before and {after} after" for before, after in ends)


def conv(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Conventions of a convolution."""
    module: Any = step.module
    window = read(module, step.x)
    if window is None:
        return
    run: Callable[..., Tensor] = (F.conv1d, F.conv2d, F.conv3d)[step.x.ndim - 3]

    def at(window: Window, weight: Tensor = module.weight, mode: str = "constant") -> Tensor:
        x = padded(step.x, window, mode=mode)
        return run(x, weight, module.bias, window.stride, 0, window.dilation, module.groups)

    axes = tuple(range(2, step.x.ndim))
    for sides in elsewhere(window):
        yield (
            f"pads {shared(sides)} each axis, ours {shared(window.sides)}",
            at(replace(window, sides=sides)),
        )
    yield (
        "flips its kernels, as mathematics' convolution does",
        at(window, module.weight.flip(axes)),
    )
    if len(axes) == 2 and len(set(window.kernel)) == 1:
        turned = module.weight.transpose(2, 3)
        yield "has the kernel's height and width exchanged", at(window, turned)
    if module.weight.shape[0] == module.weight.shape[1]:
        yield (
            "has the kernel's in and out channels exchanged",
            at(window, module.weight.transpose(0, 1)),
        )
    if module.groups > 1:
        yield from _grouped(at(window), module.groups)
    if any(map(any, window.sides)):
        for mode, words in _FILLS.items():
            if all(max(ends) < n for ends, n in zip(window.sides, step.x.shape[2:], strict=True)):
                yield f"{words} where ours pads with zeros", at(window, mode=mode)
    yield from _settings(window, step.x, at)


def _grouped(y: Tensor, groups: int) -> Iterator[tuple[str, Tensor]]:
    inside = unfolded(y, 1, (groups, -1))  # (N, g, K / g, H', W')
    if inside.shape[2] > 1:
        yield "has the outputs of its groups interleaved", inside.transpose(1, 2).flatten(1, 2)


def _settings(
    window: Window, x: Tensor, at: Callable[[Window], Tensor]
) -> Iterator[tuple[str, Tensor]]:
    """Other strides, paddings and dilations, alike on all axes."""
    ndim = len(window.kernel)
    for stride, dilation, pad in product(range(1, 5), range(1, 4), range(max(window.kernel))):
        other = replace(
            window,
            stride=(stride,) * ndim,
            dilation=(dilation,) * ndim,
            sides=((pad, pad),) * ndim,
            hanging=(0,) * ndim,
        )
        reach = geometry.effective_kernel_size(max(window.kernel), dilation)
        if other != window and min(x.shape[2:]) + 2 * pad >= reach:
            yield f"has stride {stride}, padding {pad} and dilation {dilation}", at(other)


def pool(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Conventions of a pooling."""
    module: Any = step.module
    if "Global" in step.what or "Adaptive" in step.what:
        axes = tuple(range(2, step.x.ndim))
        yield "takes the maximum", step.x.amax(axes, keepdim=True)
        yield "takes the mean", step.x.mean(axes, keepdim=True)
        yield "takes the sum", step.x.sum(axes, keepdim=True)
        return
    window = read(module, step.x)
    if window is None:
        return
    for rounding, form in (("", window), *_rounded(window, step.x)):
        for words, sides in (
            ("", form.sides),
            *(
                (f"pads {shared(s)} each axis, ours {shared(form.sides)}", s)
                for s in elsewhere(form)
            ),
        ):
            said = " and ".join(filter(None, [rounding, words]))
            yield from _reduced(step, replace(form, sides=sides), said)


def _rounded(window: Window, x: Tensor) -> Iterator[tuple[str, Window]]:
    if any(window.hanging):
        yield "rounds its size down, ours up", replace(window, hanging=(0,) * len(window.kernel))
    elif any(rest := hang(window, x)):
        yield "rounds its size up (ceil), ours down", replace(window, hanging=rest)


def _reduced(step: Step, window: Window, said: str) -> Iterator[tuple[str, Tensor]]:
    """Maximum and means of the windows, ours first; each says how it differs, if it does."""
    kernel, stride, dilation = window.kernel, window.stride, window.dilation
    maximum: Callable[..., Tensor] = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[step.x.ndim - 3]
    mean: Callable[..., Tensor] = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[step.x.ndim - 3]
    low, zeros = padded(step.x, window, float("-inf")), padded(step.x, window)
    ones, none = torch.ones_like(step.x), (0,) * len(kernel)
    pixels = padded(ones, window)
    sides = padded(ones, replace(window, hanging=none), 1.0)
    places = padded(sides, replace(window, sides=tuple((0, 0) for _ in kernel)))
    total = mean(zeros, kernel, stride)
    found = {
        "takes the maximum": maximum(low, kernel, stride, 0, dilation),
        "pads with zeros and takes the maximum": maximum(zeros, kernel, stride, 0, dilation),
        "averages over real pixels alone": total / mean(pixels, kernel, stride),
        "averages over pixels and padding": total / mean(places, kernel, stride),
        "averages over the whole window, whatever hangs over": total,
        "takes the sum": total * torch.tensor(kernel).prod(),
    }
    own = "takes the maximum"
    if "Max" not in step.what:
        counts = bool(getattr(step.module, "count_include_pad", False))
        own = "averages over pixels and padding" if counts else "averages over real pixels alone"
    if said:
        yield said, found[own]
    for words, y in found.items():
        if words != own:
            yield " and ".join(filter(None, [said, f"{words}, where ours {own}"])), y
