"""Rows that normalise and keep the shape."""

from dataclasses import dataclass
from typing import ClassVar

from cnnlab import geometry
from cnnlab.spec.base import Row, Shape

__all__ = ["LRN", "BatchNorm", "GroupNorm", "LayerNorm"]


def check_eps(eps: float, order: str) -> None:
    """Refuse what could not keep a division from 0, or would drown the variance."""
    if not 0 < eps < 1:
        advice = order if eps >= 1 else "Try 1e-5."
        raise ValueError(f"eps must be a small number above 0 and below 1, not {eps}. {advice}")


@dataclass(frozen=True, repr=False)
class BatchNorm(Row, family="normalization"):
    """Batch normalisation of each channel, with a learned scale and shift.

    Parameters
    ----------
    eps : float
        Added to the variance.
    momentum : float
        Share of the new batch in the running statistics, as in PyTorch (Keras writes 1 minus this).
    affine : bool
        Whether scale (``weight``) and shift (``bias``) are learned.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch Normalization", 2015.

    Examples
    --------
    >>> BatchNorm().param_shapes((64, 7, 7)), BatchNorm().buffer_shapes((64, 7, 7))
    ({'weight': (64,), 'bias': (64,)}, {'running_mean': (64,), 'running_var': (64,)})
    """

    eps: float = 1e-5
    momentum: float = 0.1
    affine: bool = True
    order: ClassVar[str] = "The channels are read from the shape that enters: BatchNorm()."

    def check(self) -> None:
        check_eps(self.eps, self.order)
        if not 0 <= self.momentum <= 1:
            raise ValueError(f"momentum must be in [0, 1], not {self.momentum}. Try 0.1.")

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {"weight": in_shape[:1], "bias": in_shape[:1]} if self.affine else {}

    def buffer_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {"running_mean": in_shape[:1], "running_var": in_shape[:1]}


@dataclass(frozen=True, repr=False)
class LayerNorm(Row, family="normalization"):
    """Normalisation of each example over all that it holds, with a learned scale and shift.

    Parameters
    ----------
    eps : float
        Added to the variance.
    affine : bool
        Whether scale (``weight``) and shift (``bias``) are learned, one of each for each number
        of an example, as in PyTorch.

    References
    ----------
    J. Ba, J. Kiros and G. Hinton, "Layer Normalization", 2016.

    Examples
    --------
    >>> LayerNorm().param_shapes((64,))
    {'weight': (64,), 'bias': (64,)}
    """

    eps: float = 1e-5
    affine: bool = True
    order: ClassVar[str] = "The shape is read from what enters: LayerNorm()."

    def check(self) -> None:
        check_eps(self.eps, self.order)

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {"weight": in_shape, "bias": in_shape} if self.affine else {}


@dataclass(frozen=True, repr=False)
class GroupNorm(Row, family="normalization"):
    """Normalisation of each example over groups of channels, with a learned scale and shift.

    Parameters
    ----------
    num_groups : int
        Into how many groups the channels are dealt; 1 normalises over all of them together.
    eps : float
        Added to the variance.
    affine : bool
        Whether scale (``weight``) and shift (``bias``) are learned for each channel.

    References
    ----------
    Y. Wu and K. He, "Group Normalization", 2018.

    Examples
    --------
    >>> GroupNorm(8).param_shapes((64, 7, 7))
    {'weight': (64,), 'bias': (64,)}
    """

    num_groups: int
    eps: float = 1e-5
    affine: bool = True
    order: ClassVar[str] = "The channels are read from the shape that enters: GroupNorm(8)."

    def check(self) -> None:
        geometry.integer("num_groups", self.num_groups, 1)
        check_eps(self.eps, self.order)

    def out_shape(self, in_shape: Shape) -> Shape:
        if in_shape[0] % self.num_groups:
            raise ValueError(
                f"num_groups must divide the {in_shape[0]} channels that enter, "
                f"not be {self.num_groups}. Use a divisor."
            )
        return in_shape

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {"weight": in_shape[:1], "bias": in_shape[:1]} if self.affine else {}


@dataclass(frozen=True, repr=False)
class LRN(Row, family="normalization"):
    """Local response normalisation across neighbouring channels.

    ``y_c = x_c / (k + alpha / size · Σ x_j²)^beta`` over the ``size`` channels around ``c``,
    which is PyTorch's form; the paper does not divide alpha by size.

    References
    ----------
    A. Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural Networks",
    2012, section 3.3.
    """

    size: int = 5
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1.0

    def check(self) -> None:
        geometry.integer("size", self.size, 1)
