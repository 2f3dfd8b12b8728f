"""Networks of the zoo beside implementations we did not write."""

import gc

import torch
from torch import nn

from cnnlab import scratch
from cnnlab.pytorch import build
from cnnlab.pytorch.transfer import copy_by_order

TOLERANCE = 1e-4


def randomise_norms(module, seed=0):
    """Give batch normalisation numbers that an exchange or a wrong eps would show in."""
    generator = torch.Generator().manual_seed(seed)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.1, generator=generator)
            part.running_var.uniform_(0.5, 1.5, generator=generator)
            part.weight.data.uniform_(0.5, 1.5, generator=generator)
            part.bias.data.normal_(0, 0.1, generator=generator)


def randomise(module, seed=0):
    """Draw weights that keep the scale from layer to layer, where a module's own may fade."""
    generator = torch.Generator().manual_seed(seed)
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(part.weight, generator=generator)
    randomise_norms(module, seed)


def assert_same_outputs(spec, theirs, input_shape, *, numpy=False):
    """Outputs agree for a small batch in evaluation mode, with their weights in our table.

    The tolerance is relative to the largest output where that is more than 1. A smaller input
    than the network's own saves time where the network takes any.
    """
    theirs.eval()
    randomise(theirs)
    ours = build(spec, input_shape).eval()
    copy_by_order(theirs, ours)
    x = torch.randn(2, *input_shape, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        expected, got = theirs(x), ours(x)
    scale = max(1.0, expected.abs().max().item())
    assert expected.std(dim=0).max() > 1e-3, "outputs that ignore their input would prove nothing"
    torch.testing.assert_close(got, expected, rtol=0, atol=TOLERANCE * scale)
    if numpy:
        net = scratch.build(spec, input_shape)
        net.load_state_dict({key: value.numpy() for key, value in ours.state_dict().items()})
        output = torch.from_numpy(net.forward(x.numpy()))
        torch.testing.assert_close(output, expected, rtol=0, atol=TOLERANCE * scale)
    del ours
    gc.collect()
