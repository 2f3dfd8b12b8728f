"""Networks of the zoo beside implementations we did not write."""

import gc

import torch
from torch import nn

from cnnlab import scratch
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


def assert_same_outputs(network, theirs, size, *, numpy=False):
    """Outputs agree for a small batch at a smaller input, with their weights in our table.

    The tolerance is relative to the largest output where that is more than 1.
    """
    shape = (network.input_shape[0], size, size)
    theirs.eval()
    randomise_norms(theirs)
    ours = _build(network, shape, theirs)
    x = torch.randn(2, *shape, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        expected, got = theirs(x), ours(x)
    scale = max(1.0, expected.abs().max().item())
    assert expected.std() > 1e-3, "outputs that hardly differ would prove nothing"
    torch.testing.assert_close(got, expected, rtol=0, atol=TOLERANCE * scale)
    if numpy:
        net = scratch.build(network.spec, shape)
        net.load_state_dict({key: value.numpy() for key, value in ours.state_dict().items()})
        output = torch.from_numpy(net.forward(x.numpy()))
        torch.testing.assert_close(output, expected, rtol=0, atol=TOLERANCE * scale)
    del ours
    gc.collect()


def _build(network, shape, theirs):
    from cnnlab.pytorch import build

    ours = build(network.spec, shape).eval()
    copy_by_order(theirs, ours)
    return ours
