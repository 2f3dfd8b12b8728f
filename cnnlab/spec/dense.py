"""Rows that connect everything, look up, or carry a state along a sequence."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnnlab import geometry
from cnnlab.spec.base import Reach, Row, Shape, check_probability, flat

__all__ = ["GRU", "LSTM", "RBF", "RNN", "DropConnect", "Embedding", "Flatten", "Linear"]


@dataclass(frozen=True, repr=False)
class Flatten(Row, family="flatten"):
    """All numbers of an example in one line, channel by channel, row by row.

    Examples
    --------
    >>> Flatten().out_shape((5, 5, 5))
    (125,)
    """

    def out_shape(self, in_shape: Shape) -> Shape:
        return (prod(in_shape),)


@dataclass(frozen=True, repr=False)
class Linear(Row, family="dense"):
    """Dense layer: every output reads every input.

    Examples
    --------
    >>> Linear(64).param_shapes((125,)), Linear(64).macs((125,))
    ({'weight': (64, 125), 'bias': (64,)}, 8000)
    """

    out_features: int
    bias: bool = True
    order: ClassVar[str] = (
        "The inputs are read from the shape that enters, and an activation is a row of its own: "
        "Linear(10), ReLU()."
    )

    def check(self) -> None:
        geometry.integer("out_features", self.out_features, 1)

    def out_shape(self, in_shape: Shape) -> Shape:
        flat(in_shape)
        return (self.out_features,)

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        weight = (self.out_features, flat(in_shape))
        return {"weight": weight} | ({"bias": (self.out_features,)} if self.bias else {})

    def macs(self, in_shape: Shape) -> int:
        return self.out_features * flat(in_shape)

    def reach(self, in_shape: Shape) -> Reach:
        return "all"


@dataclass(frozen=True, repr=False)
class DropConnect(Linear):
    """Dense layer whose weights, not outputs, are dropped with probability ``p`` in training.

    The kept weights are scaled by 1/(1 − p), so that evaluation uses them all as they are.

    References
    ----------
    L. Wan et al., "Regularization of Neural Networks using DropConnect", 2013.
    """

    p: float = 0.5

    def check(self) -> None:
        super().check()
        check_probability("p", self.p)


@dataclass(frozen=True, repr=False)
class RBF(Row, family="dense"):
    """Squared distance of the input to one fixed code for each class (LeNet-5's output).

    The codes are a parameter that is not trained.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.

    Examples
    --------
    >>> RBF(10).param_shapes((84,)), RBF(10).trainable
    ({'weight': (10, 84)}, False)
    """

    out_features: int
    trainable: ClassVar[bool] = False

    def check(self) -> None:
        geometry.integer("out_features", self.out_features, 1)

    def out_shape(self, in_shape: Shape) -> Shape:
        flat(in_shape)
        return (self.out_features,)

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {"weight": (self.out_features, flat(in_shape))}

    def macs(self, in_shape: Shape) -> int:
        return self.out_features * flat(in_shape)

    def reach(self, in_shape: Shape) -> Reach:
        return "all"


@dataclass(frozen=True, repr=False)
class Embedding(Row, family="embedding"):
    """A learned vector for each token: integers ``(L,)`` in, ``(D, L)`` out.

    Channels come first, so that a 1-D convolution can follow.

    Examples
    --------
    >>> Embedding(5000, 64).out_shape((120,))
    (64, 120)
    """

    num_embeddings: int
    embedding_dim: int

    def check(self) -> None:
        geometry.integer("num_embeddings", self.num_embeddings, 1)
        geometry.integer("embedding_dim", self.embedding_dim, 1)

    def out_shape(self, in_shape: Shape) -> Shape:
        if len(in_shape) != 1:
            raise ValueError(f"input must be tokens (L,), not {in_shape}. Put it first.")
        return self.embedding_dim, in_shape[0]

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {"weight": (self.num_embeddings, self.embedding_dim)}


@dataclass(frozen=True, repr=False)
class RNN(Row, family="recurrent"):
    """Recurrent layer ``h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)`` over ``(D, L)``.

    Parameters
    ----------
    hidden_size : int
        Units of the state, which starts at 0.
    return_sequences : bool
        Whether all states leave, ``(H, L)``, or only the last, ``(H,)``.
    bias : bool
        Whether there are biases; PyTorch has two of them, Keras one.

    Examples
    --------
    >>> RNN(16).out_shape((4, 5)), RNN(16, return_sequences=True).out_shape((4, 5))
    ((16,), (16, 5))
    >>> RNN(16).param_shapes((4, 5))["weight_hh_l0"]
    (16, 16)
    """

    hidden_size: int
    return_sequences: bool = False
    bias: bool = True
    gates: ClassVar[int] = 1
    order: ClassVar[str] = "The inputs are read from the shape that enters: RNN(128)."

    def check(self) -> None:
        geometry.integer("hidden_size", self.hidden_size, 1)

    def out_shape(self, in_shape: Shape) -> Shape:
        if len(in_shape) != 2:
            raise ValueError(f"input must be a sequence (D, L), not {in_shape}. Embed it first.")
        return (self.hidden_size, in_shape[1]) if self.return_sequences else (self.hidden_size,)

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        hidden, driven = self.hidden_size, self.gates * self.hidden_size
        shapes: dict[str, Shape] = {
            "weight_ih_l0": (driven, in_shape[0]),
            "weight_hh_l0": (driven, hidden),
        }
        return shapes | {"bias_ih_l0": (driven,), "bias_hh_l0": (driven,)} if self.bias else shapes

    def macs(self, in_shape: Shape) -> int:
        return in_shape[1] * self.gates * self.hidden_size * (in_shape[0] + self.hidden_size)

    def reach(self, in_shape: Shape) -> Reach:
        return "varies" if self.return_sequences else "all"


@dataclass(frozen=True, repr=False)
class LSTM(RNN):
    """Long short-term memory over ``(D, L)``: a state behind three gates, and a cell.

    Parameters
    ----------
    hidden_size, return_sequences, bias
        As :class:`RNN`; the arrays hold four parts, for i, f, g and o.

    References
    ----------
    S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", 1997.

    Examples
    --------
    >>> LSTM(16).param_shapes((4, 5))["weight_hh_l0"], LSTM(16).out_shape((4, 5))
    ((64, 16), (16,))
    """

    gates: ClassVar[int] = 4
    order: ClassVar[str] = "The inputs are read from the shape that enters: LSTM(128)."


@dataclass(frozen=True, repr=False)
class GRU(RNN):
    """Gated recurrent unit over ``(D, L)``, in PyTorch's form.

    Parameters
    ----------
    hidden_size, return_sequences, bias
        As :class:`RNN`; the arrays hold three parts, for r, z and n.

    References
    ----------
    K. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014.

    Examples
    --------
    >>> GRU(16).param_shapes((4, 5))["weight_hh_l0"]
    (48, 16)
    """

    gates: ClassVar[int] = 3
    order: ClassVar[str] = "The inputs are read from the shape that enters: GRU(128)."
