"""Normalisations: epsilon, gains, statistics of the batch or kept ones, groups."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnlab.pytorch.comparing.steps import Step, unfolded

EPSILONS = (1e-3, 1e-5, 1e-6, 1e-12, 1e-8, 1e-7, 1e-4, 2e-5, 0.0)


def norm(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Conventions of a normalisation."""
    module: Any = step.module
    if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d):
        yield from _batch(module, step.x)
    elif isinstance(module, nn.LocalResponseNorm):
        yield from _response(module, step.x)
    elif isinstance(module, nn.LayerNorm | nn.GroupNorm):
        yield from _example(module, step.x)


def _epsilons(own: float) -> Iterator[tuple[str, float]]:
    yield from ((f"has eps={eps:g}, ours {own:g}", eps) for eps in EPSILONS if eps != own)


def _batch(module: Any, x: Tensor) -> Iterator[tuple[str, Tensor]]:
    mean, var, gain, shift = (
        module.running_mean,
        module.running_var,
        module.weight,
        module.bias,
    )
    axes = tuple(axis for axis in range(x.ndim) if axis != 1)
    if module.training or mean is None:
        mean, var = x.mean(axes), x.var(axes, correction=0)
        kept = {"divides by n − 1 in the variance": (mean, x.var(axes, correction=1))}
        if module.running_mean is not None:
            kept["uses its running statistics, ours the batch's"] = (
                module.running_mean,
                module.running_var,
            )
    else:
        kept = {
            "normalises with the batch's statistics, as in training": (
                x.mean(axes),
                x.var(axes, correction=0),
            ),
            "has running statistics of 0 and 1, as if they had not been loaded": (
                torch.zeros_like(mean),
                torch.ones_like(var),
            ),
            "divides by the variance, or was given deviations for variances": (mean, var**2),
            "was given its mean and variance in each other's place": (var, mean.abs()),
        }

    def at(
        mean: Tensor, var: Tensor, gain: Tensor | None, shift: Tensor | None, eps: float
    ) -> Tensor:
        return F.batch_norm(x, mean, var, gain, shift, False, 0.0, eps)

    for words, eps in _epsilons(module.eps):
        yield words, at(mean, var, gain, shift, eps)
    if gain is not None:
        yield "has no gain and no shift (affine)", at(mean, var, None, None, module.eps)
        yield "has no gain", at(mean, var, None, shift, module.eps)
        yield "has no shift", at(mean, var, gain, None, module.eps)
        yield "has gain and shift exchanged", at(mean, var, shift, gain, module.eps)
    for words, (other_mean, other_var) in kept.items():
        yield words, at(other_mean, other_var, gain, shift, module.eps)
        for said, eps in _epsilons(module.eps):
            yield f"{words}, and {said}", at(other_mean, other_var, gain, shift, eps)


def _response(module: Any, x: Tensor) -> Iterator[tuple[str, Tensor]]:
    size, alpha, beta, k = module.size, module.alpha, module.beta, module.k
    yield (
        f"does not divide alpha by the size {size}",
        F.local_response_norm(x, size, alpha * size, beta, k),
    )
    yield (
        f"divides alpha by the size {size} once more",
        F.local_response_norm(x, size, alpha / size, beta, k),
    )
    for other in (1.0, 2.0):
        if other != k:
            yield f"has k={other:g}, ours {k:g}", F.local_response_norm(x, size, alpha, beta, other)
    wide = 2 * size + 1
    yield (
        f"takes the size {size} for a radius: {wide} maps, alpha not divided",
        F.local_response_norm(x, wide, alpha * wide, beta, k),
    )


def _example(module: Any, x: Tensor) -> Iterator[tuple[str, Tensor]]:
    layer = isinstance(module, nn.LayerNorm)

    def at(eps: float, gain: Tensor | None, shift: Tensor | None, groups: int = 1) -> Tensor:
        if layer:
            return F.layer_norm(x, module.normalized_shape, gain, shift, eps)
        return F.group_norm(x, groups, gain, shift, eps)

    own = 1 if layer else module.num_groups
    for words, eps in _epsilons(module.eps):
        yield words, at(eps, module.weight, module.bias, own)
    if module.weight is not None:
        yield "has no gain and no shift (affine)", at(module.eps, None, None, own)
        yield "has no gain", at(module.eps, None, module.bias, own)
        yield "has no shift", at(module.eps, module.weight, None, own)
    channels = x.shape[1]
    if not layer:
        for groups in (g for g in range(1, channels + 1) if channels % g == 0 and g != own):
            yield (
                f"has {groups} groups, ours {own}",
                at(module.eps, module.weight, module.bias, groups),
            )
        yield from _interleaved(module, x)
    elif x.ndim > 2:
        over = x.movedim(1, -1)  # (N, H, W, C)
        alone = F.layer_norm(over, (channels,), None, None, module.eps).movedim(-1, 1)
        yield "normalises over the channels of each place alone", _scaled(alone, module)


def _interleaved(module: Any, x: Tensor) -> Iterator[tuple[str, Tensor]]:
    count = module.num_groups
    mixed = unfolded(x, 1, (-1, count)).transpose(1, 2).flatten(1, 2)
    y = F.group_norm(mixed, count, None, None, module.eps)
    back = unfolded(y, 1, (count, -1)).transpose(1, 2).flatten(1, 2)
    yield "takes neighbouring channels into different groups", _scaled(back, module)


def _scaled(y: Tensor, module: Any) -> Tensor:
    if module.weight is None:
        return y
    shape = (-1, *(1 for _ in y.shape[2:])) if module.weight.ndim == 1 else module.weight.shape
    result: Tensor = y * module.weight.reshape(shape) + module.bias.reshape(shape)
    return result
