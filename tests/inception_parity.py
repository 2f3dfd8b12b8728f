"""Hold one of our tables against a module that others wrote."""

import torch
from torch import nn

from cnnlab.pytorch import build
from cnnlab.pytorch.transfer import copy_by_order


def randomise(module, seed=0):
    """Draw weights that keep the scale from layer to layer, and statistics that are not 0 and 1."""
    rng = torch.Generator().manual_seed(seed)
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(part.weight, generator=rng)
        if isinstance(part, nn.BatchNorm2d):
            for array, low, high in (
                (part.weight, 0.5, 1.5),
                (part.bias, -0.5, 0.5),
                (part.running_mean, -0.5, 0.5),
                (part.running_var, 0.5, 1.5),
            ):
                array.data.uniform_(low, high, generator=rng)
    return module


@torch.inference_mode()
def assert_same_output(theirs, spec, input_shape):
    """Copy weights by order, then compare the outputs of a small batch in evaluation mode."""
    theirs = randomise(theirs).eval()
    ours = build(spec, input_shape).eval()
    copy_by_order(theirs, ours)
    x = torch.randn(2, *input_shape, generator=torch.Generator().manual_seed(1))
    expected = theirs(x)
    assert expected.std(dim=0).min() > 0  # an output that ignored its input would prove nothing
    scale = expected.abs().max()
    torch.testing.assert_close(ours(x) / scale, expected / scale, rtol=1e-4, atol=1e-4)
