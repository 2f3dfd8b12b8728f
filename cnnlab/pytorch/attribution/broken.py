"""Maps that went wrong, each by one slip: what a lab asks to tell apart and to mend."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from cnnlab.pytorch.attribution.asking import at_rest, leaf
from cnnlab.pytorch.attribution.inside import grad_cam, weighted_maps


class Broken(NamedTuple):
    """What a faulty program shows.

    Attributes
    ----------
    values : (h, w) Tensor
        Its map.
    seen : int
        The class that the network sees in the picture that the program gave it.
    """

    values: Tensor
    seen: int


def broken_maps(net: nn.Module, x: Tensor, last: str, pooled: str) -> dict[str, Broken]:
    """Maps of five faulty programs, by their letters.

    Parameters
    ----------
    net : torch.nn.Module
        From images (1, C, H, W) to logits (1, classes).
    x : (1, C, H, W) Tensor
        A picture; all programs but C should ask about the class that the network sees in it. C
        should ask about the class that it finds least likely.
    last, pooled : str
        Paths of the last layer with maps, and of the pooling over all places.

    Returns
    -------
    dict of str to Broken

    Examples
    --------
    >>> from cnnlab import spec
    >>> from cnnlab.pytorch import build
    >>> table = spec.Chain(
    ...     conv=spec.Conv(4, 3), pool=spec.GlobalAvgPool(), flatten=spec.Flatten(),
    ...     fc=spec.Linear(5),
    ... )
    >>> net = build(table, (3, 8, 8), seed=0)
    >>> found = broken_maps(net, torch.ones(1, 3, 8, 8), last="conv", pooled="pool")
    >>> {letter: tuple(one.values.shape) for letter, one in found.items()}
    {'A': (8, 8), 'B': (1, 1), 'C': (6, 6), 'D': (6, 6), 'E': (6, 6)}
    """
    with at_rest(net), torch.no_grad():
        logits, turned = net(x)[0], net(x.flip(1))[0]
    seen, other = int(logits.argmax()), int(turned.argmax())
    least = weighted_maps(net, x, int(logits.argmin()), last)[0]
    return {
        "A": Broken(_of_the_probability(net, x, seen), seen),
        "B": Broken(weighted_maps(net, x, seen, pooled)[0].relu(), seen),
        "C": Broken(least / least.max(), seen),
        "D": Broken(grad_cam(net, x, 0, last)[0], seen),
        "E": Broken(grad_cam(net, x.flip(1), other, last)[0], other),
    }


def _of_the_probability(net: nn.Module, x: Tensor, target: int) -> Tensor:
    with at_rest(net):
        start = leaf(x)
        (slopes,) = torch.autograd.grad(net(start).softmax(dim=1)[0, target], start)
    return slopes[0].abs().amax(dim=0)  # (H, W)
