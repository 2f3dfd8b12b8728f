"""The few modules that PyTorch does not have, or not with exact padding."""

from functools import reduce

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnlab.spec import (
    GRU,
    LSTM,
    RNN,
    Shape,
)


class StepFunction(nn.Module):
    """1 where z > 0, else 0."""

    def forward(self, x: Tensor) -> Tensor:
        return (x > 0).to(x.dtype)


class SignFunction(nn.Module):
    """−1, 0 or 1."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.sign(x)


class ScaledTanh(nn.Module):
    """``amplitude · tanh(slope · z)``."""

    def __init__(self, amplitude: float, slope: float) -> None:
        super().__init__()
        self.amplitude, self.slope = amplitude, slope

    def forward(self, x: Tensor) -> Tensor:
        return self.amplitude * torch.tanh(self.slope * x)

    def extra_repr(self) -> str:
        return f"amplitude={self.amplitude}, slope={self.slope}"


class HardSigmoid(nn.Module):
    """ReLU6(z + 3) / 6; the slope of PyTorch's own has only float32's digits."""

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(x + 3) / 6


class DropConnectLinear(nn.Linear):
    """Dense layer whose weights are dropped with probability ``p`` in training."""

    def __init__(self, in_features: int, out_features: int, bias: bool, p: float) -> None:
        super().__init__(in_features, out_features, bias)
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, F.dropout(self.weight, self.p, self.training), self.bias)


class RadialBasis(nn.Module):
    """Squared distance to one code for each class."""

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_features, in_features))

    def forward(self, x: Tensor) -> Tensor:
        return (x[:, None, :] - self.weight).square().sum(-1)  # (N, K)


class ChannelsFirstEmbedding(nn.Embedding):
    """Tokens ``(N, L)`` in, vectors ``(N, D, L)`` out."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).transpose(1, 2)  # (N, D, L)


class _ChannelsFirst:
    """Sequence ``(N, D, L)`` in; all states ``(N, H, L)`` or the last ``(N, H)`` out."""

    def __init__(self, row: RNN, input_size: int) -> None:
        super().__init__(input_size, row.hidden_size, bias=row.bias, batch_first=True)  # type: ignore[call-arg]
        self.return_sequences = row.return_sequences

    def forward(self, x: Tensor) -> Tensor:
        states, _ = super().forward(x.transpose(1, 2))  # type: ignore[misc]  # (N, L, H)
        result: Tensor = states.transpose(1, 2) if self.return_sequences else states[:, -1]
        return result


class ChannelsFirstRNN(_ChannelsFirst, nn.RNN):  # type: ignore[misc]
    """Elman's recurrent layer."""


class ChannelsFirstLSTM(_ChannelsFirst, nn.LSTM):  # type: ignore[misc]
    """Long short-term memory."""


class ChannelsFirstGRU(_ChannelsFirst, nn.GRU):  # type: ignore[misc]
    """Gated recurrent unit."""


def recurrent(row: RNN, input_size: int) -> nn.Module:
    """The recurrent module of a row."""
    kinds = {RNN: ChannelsFirstRNN, LSTM: ChannelsFirstLSTM, GRU: ChannelsFirstGRU}
    return kinds[type(row)](row, input_size)


class Reshape(nn.Module):
    """The same numbers under another shape."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(len(x), *self.shape)

    def extra_repr(self) -> str:
        return ", ".join(map(str, self.shape))


class Pad(nn.Module):
    """Zeros around each map; fewer than none cut it."""

    def __init__(self, sides: list[tuple[int, int]]) -> None:
        super().__init__()
        self.sides = sides

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, [number for pair in reversed(self.sides) for number in pair])

    def extra_repr(self) -> str:
        return str(self.sides)


class Sum(nn.Module):
    """Branches side by side, added up."""

    def forward(self, x: Tensor) -> Tensor:
        total: Tensor = reduce(torch.add, (branch(x) for branch in self.children()))
        return total


class Concatenation(nn.Module):
    """Branches side by side, their channels stacked."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.children()], dim=1)


class Gate(nn.Sequential):
    """Modules in series whose output multiplies their own input."""

    def forward(self, x: Tensor) -> Tensor:
        gate = x
        for module in self:
            gate = module(gate)
        return x * gate
