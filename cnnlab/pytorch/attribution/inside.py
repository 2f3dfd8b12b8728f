"""Maps inside the network, and what they add to a score."""

import torch
from torch import Tensor, nn

from cnnlab._names import unknown
from cnnlab.pytorch.attribution.asking import Target, at_rest, leaf, scores


def responses(net: nn.Module, x: Tensor, layer: str) -> Tensor:
    """Output of a layer inside the network.

    Parameters
    ----------
    net, x
        As in :func:`occlusion`.
    layer : str
        Path of a module, one of ``dict(net.named_modules())``.

    Returns
    -------
    Tensor
        After a convolution its maps, (N, K, h, w).

    Raises
    ------
    ValueError
        If the network has no module of that path, or the input does not reach it.
    """
    with at_rest(net), torch.no_grad():
        return _watched(net, x.detach(), layer)[0]


def grad_cam(net: nn.Module, x: Tensor, target: Target, layer: str) -> Tensor:
    """A layer's maps, each times the mean of the score's gradient over it, added up and rectified.

    Parameters
    ----------
    net, x, target
        As in :func:`occlusion`.
    layer : str
        Path of a module that gives maps, usually the last before the pooling over all places.

    Returns
    -------
    (N, h, w) Tensor
        As large as that layer's maps; never negative.

    Raises
    ------
    ValueError
        If the layer gives no maps, or maps of a single place, which cannot say where.

    References
    ----------
    R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
    Localization", ICCV 2017.
    """
    with at_rest(net):
        maps, logits = _watched(net, leaf(x), layer)  # (N, K, h, w), (N, classes)
        if maps.ndim != 4 or maps[0, 0].numel() == 1:
            raise ValueError(
                f"grad_cam: layer must give (N, K, h, w) maps larger than 1×1, but {layer} gives "
                f"{tuple(maps.shape)}. Choose a layer before the pooling over all places."
            )
        return _weighted(maps, scores(logits, target)).relu()


def weighted_maps(net: nn.Module, x: Tensor, target: Target, layer: str) -> Tensor:
    """Grad-CAM before it is rectified, from any layer, also one without places.

    Parameters
    ----------
    net, x, target, layer
        As in :func:`grad_cam`.

    Returns
    -------
    (N, h, w) Tensor
    """
    with at_rest(net):
        maps, logits = _watched(net, leaf(x), layer)
        return _weighted(maps, scores(logits, target))


def _weighted(maps: Tensor, score: Tensor) -> Tensor:
    """Maps, each times the mean of the score's gradient over it, added up."""
    (slopes,) = torch.autograd.grad(score.sum(), maps)
    weights = slopes.mean(dim=(2, 3), keepdim=True)  # (N, K, 1, 1)
    return (weights * maps).sum(dim=1).detach()  # (N, h, w)


def _watched(net: nn.Module, x: Tensor, layer: str) -> tuple[Tensor, Tensor]:
    """Output of a layer, and of the network."""
    paths = dict(net.named_modules())
    if layer not in paths:
        raise ValueError(unknown("layer", layer, [path for path in paths if path]))
    seen: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: object, output: Tensor) -> Tensor:
        seen.append(output)
        return output.clone()  # a later layer may work in place

    handle = paths[layer].register_forward_hook(keep)
    try:
        logits = net(x)
    finally:
        handle.remove()
    if not seen:
        raise ValueError(
            f"layer must be one that the input passes, but {layer} is never called. "
            "Choose a layer of the way from input to logits."
        )
    return seen[-1], logits
