"""Cover a part, and see how far the score falls."""

from collections.abc import Iterator
from itertools import product

import torch
from torch import Tensor, nn

from cnnlab.geometry import output_size
from cnnlab.pytorch.attribution.asking import Target, at_rest, check_images, scores


def occlusion(
    net: nn.Module,
    x: Tensor,
    target: Target,
    patch_size: int,
    stride: int = 1,
    fill: float | Tensor = 0.0,
) -> Tensor:
    """How far the score falls when one patch after another is covered.

    Parameters
    ----------
    net : torch.nn.Module
        From images (N, C, H, W) to logits (N, classes).
    x : (N, C, H, W) Tensor
        As the network was trained on them.
    target : int or (N,) integer Tensor
        The class asked about; one for all images, or one for each.
    patch_size, stride : int
        Side of the square patch, and pixels from one place to the next.
    fill : float or Tensor
        What the patch shows: a number, or an image that broadcasts to ``x``, such as a blurred
        one.

    Returns
    -------
    (N, rows, columns) Tensor
        The fall for each place, from the upper left; negative where covering helps the class.
        It costs a forward pass for each place, and one for the whole images.

    References
    ----------
    M. D. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.

    Examples
    --------
    >>> net = nn.Sequential(nn.Flatten(), nn.Linear(4, 1, bias=False))
    >>> _ = net[1].weight.data.copy_(torch.tensor([[1.0, 0.0, 2.0, -1.0]]))
    >>> occlusion(net, torch.tensor([[[[3.0, 5.0], [1.0, 2.0]]]]), 0, patch_size=1)
    tensor([[[ 3.,  0.],
             [ 2., -2.]]])
    """
    check_images(x)
    with at_rest(net), torch.no_grad():
        whole = scores(net(x), target)  # (N,)
    falls = [whole - scores(y, target) for y in covered_logits(net, x, patch_size, stride, fill)]
    rows = output_size(x.shape[2], patch_size, stride)
    return torch.stack(falls, dim=1).reshape(len(x), rows, -1)  # (N, rows, columns)


def covered_logits(
    net: nn.Module, x: Tensor, patch_size: int, stride: int = 1, fill: float | Tensor = 0.0
) -> Iterator[Tensor]:
    """Logits under one patch after another, row by row: :func:`occlusion` step by step.

    Parameters
    ----------
    net, x, patch_size, stride, fill
        As in :func:`occlusion`.

    Yields
    ------
    (N, classes) Tensor

    Examples
    --------
    >>> net = nn.Sequential(nn.Flatten(), nn.Linear(4, 3))
    >>> [tuple(logits.shape) for logits in covered_logits(net, torch.ones(1, 1, 2, 2), 1, stride=1)]
    [(1, 3), (1, 3), (1, 3), (1, 3)]
    """
    check_images(x)
    cover = torch.as_tensor(fill, dtype=x.dtype, device=x.device).expand_as(x)
    counts = [output_size(side, patch_size, stride) for side in x.shape[2:]]
    for i, j in product(*map(range, counts)):
        rows, columns = (slice(n * stride, n * stride + patch_size) for n in (i, j))
        covered = x.detach().clone()
        covered[..., rows, columns] = cover[..., rows, columns]
        with at_rest(net), torch.no_grad():
            logits = net(covered)
        yield logits
