"""Dense layers and the flattening before them: the order of the numbers."""

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from cnnlab.pytorch.comparing.steps import Step, unfolded


def dense(step: Step, maps: tuple[int, ...]) -> Iterator[tuple[str, Tensor]]:
    """Conventions of a dense layer; ``maps`` is (C, H, W) of what was flattened, or empty."""
    module: Any = step.module
    if not isinstance(module, nn.Linear):
        return
    if module.in_features == module.out_features:
        yield "has its weight transposed", F.linear(step.x, module.weight.T, module.bias)
    if len(maps) > 1:
        last = unfolded(step.x, -1, maps).movedim(1, -1).flatten(1)  # as if channels lay last
        words = "reads the flattened maps with the channels last: move the weight's columns"
        yield words, F.linear(last, module.weight, module.bias)
        back = unfolded(step.x, -1, (*maps[1:], maps[0])).movedim(-1, 1).flatten(1)
        yield (
            "has the weight's columns in the order of channels last",
            F.linear(back, module.weight, module.bias),
        )


def flatten(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Orders in which maps may become a vector."""
    if step.x.ndim > 2:
        yield "flattens with the channels last", step.x.movedim(1, -1).flatten(1)
    if step.x.ndim == 4:
        yield "flattens with height and width exchanged", step.x.transpose(2, 3).flatten(1)
        yield "flattens the axes in reverse", step.x.permute(0, 3, 2, 1).flatten(1)


def unbiased(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Any layer without its bias."""
    module: Any = step.module
    bias = getattr(module, "bias", None)
    if isinstance(bias, Tensor) and step.kind in ("conv", "transposed", "dense"):
        shape = (-1, *(1 for _ in step.y.shape[2:]))
        yield "has no bias", step.y - bias.reshape(shape)
        yield "adds the bias twice", step.y + bias.reshape(shape)


def shifted(ours: Tensor, theirs: Tensor, within: float) -> str:
    """Words if theirs differs by one number a channel, as another bias does."""
    gap = (theirs.double() - ours.double()).movedim(1, 0).flatten(1)  # (C, everything else)
    largest = max(float(ours.abs().max()), 1e-12)
    uneven = float((gap.amax(1) - gap.amin(1)).max())
    if gap.shape[1] < 2 or uneven > within * largest or float(gap.abs().max()) <= uneven:
        return ""
    return "has another bias: its outputs are shifted by one number a channel"
