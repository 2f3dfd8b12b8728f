"""Which way the score goes as the input changes."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from cnnlab.pytorch.attribution.asking import Target, at_rest, leaf, scores

# Those of the paper, and ReLU6, which is cut off above too.
RECTIFIERS = (nn.ReLU, nn.ReLU6)


def gradient(net: nn.Module, x: Tensor, target: Target) -> Tensor:
    """How the score changes with each number of the input.

    Parameters
    ----------
    net, x, target
        As in :func:`occlusion`.

    Returns
    -------
    Tensor
        The shape of ``x``.

    Examples
    --------
    >>> net = nn.Linear(2, 1, bias=False)
    >>> _ = net.weight.data.copy_(torch.tensor([[3.0, -2.0]]))
    >>> gradient(net, torch.tensor([[10.0, 1.0]]), 0)
    tensor([[ 3., -2.]])
    """
    with at_rest(net):
        start = leaf(x)
        (found,) = torch.autograd.grad(scores(net(start), target).sum(), start)
    return found


def saliency(net: nn.Module, x: Tensor, target: Target) -> Tensor:
    """How strongly the score reacts to each pixel: the gradient's largest size over the channels.

    Parameters
    ----------
    net, x, target
        As in :func:`occlusion`.

    Returns
    -------
    (N, H, W) Tensor
        Never negative.

    References
    ----------
    K. Simonyan, A. Vedaldi and A. Zisserman, "Deep Inside Convolutional Networks: Visualising
    Image Classification Models and Saliency Maps", ICLR 2014 workshop.
    """
    return gradient(net, x, target).abs().amax(dim=1)  # (N, H, W)


def input_times_gradient(net: nn.Module, x: Tensor, target: Target) -> Tensor:
    """Each number of the input times the score's gradient with respect to it.

    In a linear network without a bias these products add up to the score.

    Parameters
    ----------
    net, x, target
        As in :func:`occlusion`.

    Returns
    -------
    Tensor
        The shape of ``x``.

    References
    ----------
    A. Shrikumar, P. Greenside, A. Shcherbina and A. Kundaje, "Not Just a Black Box: Learning
    Important Features Through Propagating Activation Differences", arXiv:1605.01713, 2016.

    Examples
    --------
    >>> net = nn.Linear(2, 1, bias=False)
    >>> _ = net.weight.data.copy_(torch.tensor([[3.0, -2.0]]))
    >>> input_times_gradient(net, torch.tensor([[10.0, 1.0]]), 0)
    tensor([[30., -2.]])
    """
    return x.detach() * gradient(net, x, target)


def guided_backprop(net: nn.Module, x: Tensor, target: Target) -> Tensor:
    """The gradient, of which every ReLU lets only positive parts pass on the way back.

    Parameters
    ----------
    net : torch.nn.Module
        Its rectifiers must be modules, :class:`torch.nn.ReLU` or :class:`torch.nn.ReLU6`.
    x, target
        As in :func:`occlusion`.

    Returns
    -------
    Tensor
        The shape of ``x``.

    Raises
    ------
    ValueError
        If the network has no such module.

    References
    ----------
    J. T. Springenberg, A. Dosovitskiy, T. Brox and M. Riedmiller, "Striving for Simplicity: The
    All Convolutional Net", ICLR 2015 workshop.

    Examples
    --------
    Two hidden units; the score takes the second away, so nothing passes back through it.

    >>> net = nn.Sequential(nn.Linear(1, 2, bias=False), nn.ReLU(), nn.Linear(2, 1, bias=False))
    >>> _ = net[0].weight.data.copy_(torch.tensor([[2.0], [5.0]]))
    >>> _ = net[2].weight.data.copy_(torch.tensor([[1.0, -1.0]]))
    >>> x = torch.tensor([[1.0]])
    >>> gradient(net, x, 0), guided_backprop(net, x, 0)
    (tensor([[-3.]]), tensor([[2.]]))
    """
    rectifiers = [module for module in net.modules() if isinstance(module, RECTIFIERS)]
    if not rectifiers:
        raise ValueError(
            "guided_backprop: net must have ReLU modules, but it has none. Use gradient, or build "
            "the network with torch.nn.ReLU instead of a function."
        )
    handles = [module.register_forward_hook(_pass_positive) for module in rectifiers]
    try:
        return gradient(net, x, target)
    finally:
        for handle in handles:
            handle.remove()


def _pass_positive(_module: nn.Module, _inputs: object, output: Tensor) -> None:
    if output.requires_grad:  # it depends on the input
        output.register_hook(lambda slope: slope.clamp(min=0))  # type: ignore[no-untyped-call]


def integrated_gradients(
    net: nn.Module, x: Tensor, target: Target, baseline: float | Tensor, steps: int = 50
) -> Tensor:
    """The way from a baseline to the input, times the mean gradient along it.

    The numbers add up to the score of the input minus the score of the baseline, but for the
    error of replacing the integral by ``steps`` midpoints.

    Parameters
    ----------
    net, x, target
        As in :func:`occlusion`.
    baseline : float or Tensor
        Where nothing is to be seen; broadcasts to ``x``. Black is 0 only if images are not
        normalised.
    steps : int
        Gradients to compute.

    Returns
    -------
    Tensor
        The shape of ``x``.

    References
    ----------
    M. Sundararajan, A. Taly and Q. Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.

    Examples
    --------
    >>> net = nn.Linear(2, 1, bias=False)
    >>> _ = net.weight.data.copy_(torch.tensor([[3.0, -2.0]]))
    >>> integrated_gradients(net, torch.tensor([[10.0, 1.0]]), 0, baseline=4.0)
    tensor([[18.,  6.]])
    """
    total = torch.zeros_like(x)
    for slope in path_gradients(net, x, target, baseline, steps):
        total += slope
    return (x.detach() - baseline) * total / steps


def path_gradients(
    net: nn.Module, x: Tensor, target: Target, baseline: float | Tensor, steps: int = 50
) -> Iterator[Tensor]:
    """Gradients on the way from a baseline to the input: its integral step by step.

    Parameters
    ----------
    net, x, target, baseline, steps
        As in :func:`integrated_gradients`.

    Yields
    ------
    Tensor
        The shape of ``x``; at the middle of each step.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, not {steps}. Choose for example 50.")
    way = x.detach() - baseline
    for step in range(steps):
        yield gradient(net, baseline + (step + 0.5) / steps * way, target)
