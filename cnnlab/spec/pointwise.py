"""Rows that keep the shape: normalisation, activation, noise."""

from dataclasses import dataclass
from typing import ClassVar

from cnnlab import geometry
from cnnlab.spec.base import Row, Shape, check_probability


def check_eps(eps: float, order: str) -> None:
    """Refuse what could not keep a division from 0, or would drown the variance."""
    if not 0 < eps < 1:
        advice = order if eps >= 1 else "Try 1e-5."
        raise ValueError(f"eps must be a small number above 0 and below 1, not {eps}. {advice}")


@dataclass(frozen=True, repr=False)
class Identity(Row):
    """Passes its input on; the shortcut of a residual block."""


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


@dataclass(frozen=True, repr=False)
class Step(Row, family="activation"):
    """1 where z > 0, else 0: the perceptron's activation; its derivative is 0."""


@dataclass(frozen=True, repr=False)
class Sign(Row, family="activation"):
    """−1, 0 or 1, the sign of z; its derivative is 0."""


@dataclass(frozen=True, repr=False)
class Sigmoid(Row, family="activation"):
    """1 / (1 + e⁻ᶻ)."""


@dataclass(frozen=True, repr=False)
class Tanh(Row, family="activation"):
    """Hyperbolic tangent, 2σ(2z) − 1."""


@dataclass(frozen=True, repr=False)
class ScaledTanh(Row, family="activation"):
    """``amplitude · tanh(slope · z)``; LeNet-5's values keep ±1 fixed.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, appendix A.
    """

    amplitude: float = 1.7159
    slope: float = 2 / 3


@dataclass(frozen=True, repr=False)
class ReLU(Row, family="activation"):
    """max(0, z)."""


@dataclass(frozen=True, repr=False)
class ReLU6(Row, family="activation"):
    """min(max(0, z), 6)."""


@dataclass(frozen=True, repr=False)
class LeakyReLU(Row, family="activation"):
    """z where positive, else ``negative_slope · z``."""

    negative_slope: float = 0.01


@dataclass(frozen=True, repr=False)
class ELU(Row, family="activation"):
    """z where positive, else ``alpha · (eᶻ − 1)``."""

    alpha: float = 1.0


@dataclass(frozen=True, repr=False)
class Softplus(Row, family="activation"):
    """log(1 + eᶻ), a smooth ReLU."""


@dataclass(frozen=True, repr=False)
class SiLU(Row, family="activation"):
    """z · σ(z), also called swish."""


@dataclass(frozen=True, repr=False)
class GELU(Row, family="activation"):
    """z · Φ(z), Φ the standard normal distribution function.

    Parameters
    ----------
    approximate : str
        "none", or "tanh" for z · (1 + tanh(√(2/π) (z + 0.044715 z³))) / 2, as in PyTorch.

    References
    ----------
    D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", 2016.
    """

    approximate: str = "none"

    def check(self) -> None:
        if self.approximate not in ("none", "tanh"):
            raise ValueError(
                f'approximate must be "none" or "tanh", not {self.approximate!r}. Choose one.'
            )


@dataclass(frozen=True, repr=False)
class HardSigmoid(Row, family="activation"):
    """ReLU6(z + 3) / 6."""


@dataclass(frozen=True, repr=False)
class HardSwish(Row, family="activation"):
    """z · ReLU6(z + 3) / 6.

    References
    ----------
    A. Howard et al., "Searching for MobileNetV3", 2019.
    """


@dataclass(frozen=True, repr=False)
class PReLU(Row, family="activation"):
    """z where positive, else z times a learned slope, which starts at 0.25.

    Parameters
    ----------
    shared : bool
        One slope for all channels, as PyTorch has it, or one for each.

    References
    ----------
    K. He et al., "Delving Deep into Rectifiers", 2015.

    Examples
    --------
    >>> PReLU().param_shapes((64, 7, 7)), PReLU(shared=False).param_shapes((64, 7, 7))
    ({'weight': (1,)}, {'weight': (64,)})
    """

    shared: bool = True
    order: ClassVar[str] = "The channels are read from the shape that enters: PReLU(shared=False)."

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {"weight": (1,) if self.shared else in_shape[:1]}


@dataclass(frozen=True, repr=False)
class Softmax(Row, family="activation"):
    """e^{z_i} / Σ e^{z_j} over the channels or features, so that they sum to 1."""


@dataclass(frozen=True, repr=False)
class Dropout(Row, family="dropout"):
    """Sets each number to 0 with probability ``p`` in training and scales the rest by 1/(1 − p).

    References
    ----------
    N. Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
    2014. The paper keeps with probability p and scales at test time; this is the inverted form.
    """

    p: float = 0.5

    def check(self) -> None:
        check_probability("p", self.p)
