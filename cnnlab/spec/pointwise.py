"""Rows that keep the shape: normalisation, activation, noise."""

from dataclasses import dataclass
from typing import ClassVar

from cnnlab.spec.base import Row, Shape, check_probability

__all__ = [
    "ELU",
    "GELU",
    "Dropout",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "LeakyReLU",
    "PReLU",
    "ReLU",
    "ReLU6",
    "ScaledTanh",
    "SiLU",
    "Sigmoid",
    "Sign",
    "Softmax",
    "Softplus",
    "Step",
    "Tanh",
]


@dataclass(frozen=True, repr=False)
class Identity(Row):
    """Passes its input on; the shortcut of a residual block."""


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
