"""Transposed convolutions: which way the kernel lies, and at which end the output is cut."""

from collections.abc import Callable, Iterator
from typing import Any

from torch import Tensor
from torch.nn import functional as F

from cnnlab import geometry
from cnnlab.pytorch.comparing.steps import Step


def transposed(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Conventions of a transposed convolution."""
    module: Any = step.module
    ndim = step.x.ndim - 2
    run: Callable[..., Tensor]
    run = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[ndim - 1]
    settings = getattr(module, "row", module)
    stride = geometry.per_axis("stride", settings.stride, ndim)
    dilation = geometry.per_axis("dilation", settings.dilation, ndim)

    def whole(weight: Tensor) -> Tensor:
        return run(step.x, weight, module.bias, stride, 0, 0, settings.groups, dilation)

    spatial = tuple(range(2, step.x.ndim))
    forms = {"": module.weight, "flips its kernels": module.weight.flip(spatial)}
    if module.weight.shape[0] == module.weight.shape[1]:
        forms["has the kernel's in and out channels exchanged"] = module.weight.transpose(0, 1)
    for words, weight in forms.items():
        y = whole(weight)
        extra = [have - want for have, want in zip(y.shape[2:], step.y.shape[2:], strict=True)]
        for start in range(max(extra, default=0) + 1):
            cut = [(min(start, n), n - min(start, n)) for n in extra]
            if min(extra) < 0:
                continue
            ends = [-side for pair in reversed(cut) for side in pair]
            said = f"cuts {cut[0][0]} at the start and {cut[0][1]} at the end of each axis"
            yield (words or said), F.pad(y, ends)
    for before in range(max(geometry.per_axis("kernel_size", settings.kernel_size, ndim))):
        y = whole(module.weight)
        if before and min(y.shape[2:]) > 2 * before:
            yield f"has padding {before} on both sides", F.pad(y, [-before] * (2 * ndim))
    yield "cuts nothing", whole(module.weight)
