"""The table of layers: a new layer, or a new setting, is one more line."""

from typing import NamedTuple

import numpy as np

from cnnlab.spec import (
    ELU,
    GELU,
    GRU,
    LRN,
    LSTM,
    RBF,
    RNN,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    BatchNorm,
    Conv,
    Crop,
    DepthwiseConv,
    DropConnect,
    Dropout,
    Embedding,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Identity,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool,
    Pad,
    PReLU,
    ReLU,
    ReLU6,
    Reshape,
    Row,
    ScaledTanh,
    Shape,
    Sigmoid,
    Sign,
    SiLU,
    Softmax,
    Softplus,
    Step,
    Subsample,
    TableConv,
    Tanh,
    TransposedConv,
    Upsample,
)


class Case(NamedTuple):
    row: Row
    in_shape: Shape
    training: bool = False
    numbers: str = (
        "normal"  # "ties": many equal ones; "wide": to ±20; "huge"; "low": far below 0; "tokens"
    )
    torch: bool = True  # False where both sides draw their own random numbers
    batch: int = 3

    def input(self, dtype: type = np.float64) -> np.ndarray:
        rng = np.random.default_rng(7)
        shape = (self.batch, *self.in_shape)
        if self.numbers == "tokens":
            return rng.integers(0, self.row.num_embeddings, shape)
        if self.numbers == "ties":
            return rng.integers(-1, 2, shape).astype(dtype)
        scale = {"wide": 6, "huge": 1000}.get(self.numbers, 1)
        if self.numbers == "low":
            far = (
                2.0**40 if dtype == np.float64 else 2.0**17
            )  # as far as normal numbers still differ
            return (rng.standard_normal(shape) - far).astype(dtype)
        return (scale * rng.standard_normal(shape)).astype(dtype)

    @property
    def id(self) -> str:
        marks = [self.numbers] * (self.numbers != "normal") + ["training"] * self.training
        return "-".join([repr(self.row), "x".join(map(str, self.in_shape)), *marks])


MAP = (3, 7, 10)  # channels, height, width: three different numbers

CASES = [
    # Convolution
    Case(Conv(4, 3), MAP),
    Case(Conv(4, (2, 3), bias=False), MAP),
    Case(Conv(4, 3, stride=2, padding=1), MAP),
    Case(Conv(4, 3, stride=(3, 2)), (3, 8, 10)),
    Case(Conv(4, (3, 5), padding="same"), MAP),
    Case(Conv(4, 3, stride=2, padding="same"), (3, 7, 9)),
    Case(Conv(4, 4, padding="same"), MAP),
    Case(Conv(4, 3, padding=((0, 2), (1, 0))), MAP),
    Case(Conv(5, 3, dilation=2), MAP),
    Case(Conv(5, (2, 3), stride=2, padding=1, dilation=(3, 2)), (4, 9, 8)),
    Case(Conv(6, 3, groups=3, padding=1), MAP),
    Case(Conv(6, 3, stride=2, groups=2), (4, 7, 6)),
    Case(Conv(5, 1), MAP),
    Case(Conv(5, 1, stride=2), MAP),
    Case(Conv(5, 3, stride=2, policy="ceil"), (3, 8, 6)),
    Case(Conv(7, (7, 10)), MAP),
    Case(Conv(5, 3), (4, 11)),
    Case(Conv(6, 3, stride=2, padding=2, dilation=2, groups=2), (4, 11)),
    Case(Conv(5, 4, padding="same"), (4, 11)),
    Case(DepthwiseConv(3, padding="same"), MAP),
    Case(DepthwiseConv((3, 2), stride=2, multiplier=2, bias=False), MAP),
    Case(DepthwiseConv(3, padding=1), (4, 9)),
    Case(TransposedConv(4, 3), MAP),
    Case(TransposedConv(4, (3, 2), stride=2, padding=1, output_padding=1), MAP),
    Case(TransposedConv(6, 3, stride=3, groups=3, dilation=2, bias=False), (3, 4, 5)),
    Case(TransposedConv(4, 3, stride=2, padding=1, output_padding=1), (3, 5)),
    Case(TransposedConv(4, (3, 4), stride=2, padding="same"), MAP),
    Case(TransposedConv(4, (2, 1), stride=(1, 3), padding="same"), MAP),
    Case(TransposedConv(4, 3, stride=2, padding=((2, 0), (0, 1)), output_padding=1), MAP),
    Case(TransposedConv(4, 2, stride=1, padding="same", dilation=2), (3, 5)),
    Case(TableConv(((0, 1), (2,)), 3, stride=2, padding=1), (3, 8)),
    Case(TableConv(((0, 1), (1, 2), (0, 1, 2), (2,)), 3), MAP),
    Case(TableConv(((2,), (0, 2)), (3, 2), stride=2, padding=1, bias=False), MAP),
    # Pooling
    Case(MaxPool(2), MAP),
    Case(MaxPool(2), MAP, numbers="ties"),
    Case(MaxPool(3, stride=2), MAP),
    Case(MaxPool((2, 3), stride=(3, 2), padding=1), MAP),
    Case(MaxPool(3, padding=1), MAP, numbers="low"),
    Case(MaxPool(3, stride=2, policy="ceil"), (3, 8, 10), numbers="ties"),
    Case(MaxPool(2, padding=((0, 1), (1, 0))), MAP),
    Case(MaxPool(3, stride=2, padding="same"), MAP),
    Case(MaxPool(3, stride=2), (4, 11), numbers="ties"),
    Case(MaxPool(2), (3, 4, 5, 6)),
    Case(AvgPool(2), MAP),
    Case(AvgPool(3, stride=2), MAP),
    Case(AvgPool((2, 3), stride=(3, 2), padding=1), MAP),
    Case(AvgPool(3, stride=2, padding=1, count_include_pad=False), MAP),
    Case(AvgPool(3, stride=2, padding=1, policy="ceil"), (3, 8, 10)),
    Case(AvgPool(3, 2, policy="ceil", count_include_pad=False), (3, 8, 10)),
    Case(AvgPool(2, padding=((0, 1), (1, 0)), count_include_pad=False), MAP),
    Case(AvgPool(3, stride=2, padding=1), (4, 11)),
    Case(AvgPool(2), (3, 4, 5, 6)),
    Case(Subsample(2), MAP),
    Case(Subsample((3, 2)), MAP),
    Case(Subsample(2), (4, 9)),
    Case(GlobalAvgPool(), MAP),
    Case(GlobalAvgPool(), (4, 9)),
    Case(GlobalMaxPool(), MAP, numbers="ties"),
    Case(GlobalMaxPool(), (4, 9)),
    Case(AdaptiveAvgPool((3, 4)), MAP),
    Case(AdaptiveAvgPool(9), MAP),
    Case(AdaptiveAvgPool(2), (4, 9)),
    Case(AdaptiveMaxPool((3, 4)), MAP, numbers="ties"),
    Case(AdaptiveMaxPool(4), (4, 9)),
    # Dense and sequences
    Case(Linear(4), (5,)),
    Case(Linear(5, bias=False), (5,)),
    Case(RBF(4), (5,)),
    Case(Flatten(), MAP),
    Case(Embedding(6, 4), (5,), numbers="tokens"),
    Case(RNN(4), (3, 6)),
    Case(RNN(4, return_sequences=True), (3, 6)),
    Case(RNN(3, bias=False), (3, 2)),
    *(
        case
        for kind in (LSTM, GRU)
        for case in (
            Case(kind(4), (3, 6)),
            Case(kind(4, return_sequences=True), (3, 6)),
            Case(kind(3, bias=False), (3, 2)),
        )
    ),
    # Layout
    Case(Reshape((5, 3, 14)), MAP),
    Case(Reshape((2, 5)), (10,)),
    Case(Pad(1), MAP),
    Case(Pad(((0, 2), 1)), MAP),
    Case(Pad(2), (4, 9)),
    Case(Crop(2), MAP),
    Case(Crop(((0, 2), (1, 0))), MAP),
    Case(Crop(((3, 1),)), (4, 9)),
    Case(Upsample(2), MAP),
    Case(Upsample((1, 3)), MAP),
    Case(Upsample(3), (4, 5)),
    Case(Upsample(2, "bilinear"), MAP),
    Case(Upsample((1, 3), "bilinear"), MAP),
    Case(Upsample((3, 2), "bilinear"), (3, 1, 5)),
    Case(Upsample(3, "linear"), (4, 5)),
    Case(Upsample((2, 1, 3), "trilinear"), (3, 2, 4, 3)),
    Case(DropConnect(4), (5,)),
    Case(DropConnect(4, p=0.3), (5,), training=True, torch=False),
    Case(Dropout(0.4), MAP),
    Case(Dropout(0.4), MAP, training=True, torch=False),
    # Normalisation
    Case(BatchNorm(), MAP),
    Case(BatchNorm(), MAP, training=True),
    Case(BatchNorm(eps=0.1, momentum=0.3), (5,), training=True, batch=4),
    Case(BatchNorm(affine=False), (4, 9), training=True),
    Case(BatchNorm(affine=False), (4, 9)),
    Case(BatchNorm(), (3, 2, 4, 3), training=True),
    Case(LayerNorm(), (5,)),
    Case(LayerNorm(eps=0.1), MAP),
    Case(LayerNorm(affine=False), (4, 9)),
    Case(GroupNorm(3), (6, 3, 4)),
    Case(GroupNorm(1, eps=0.1), MAP),
    Case(GroupNorm(2, affine=False), (4, 9)),
    Case(LRN(3, alpha=0.5, beta=0.75, k=2.0), (5, 3, 4)),
    Case(LRN(4, alpha=0.5), (6, 3, 4)),
    Case(LRN(5, alpha=0.5), (3, 4)),
    # Activations
    Case(Identity(), MAP),
    Case(Step(), MAP),
    Case(Sign(), MAP),
    Case(Sigmoid(), MAP, numbers="wide"),
    Case(Tanh(), MAP),
    Case(ScaledTanh(), MAP),
    Case(ReLU(), MAP),
    Case(ReLU(), (5,), numbers="ties"),
    Case(ReLU6(), MAP, numbers="wide"),
    Case(LeakyReLU(0.2), MAP, numbers="ties"),
    Case(ELU(0.7), MAP, numbers="ties"),
    Case(Softplus(), MAP, numbers="wide"),
    Case(SiLU(), MAP, numbers="wide"),
    Case(GELU(), MAP, numbers="wide"),
    Case(GELU("tanh"), MAP, numbers="wide"),
    Case(HardSigmoid(), MAP, numbers="wide"),
    Case(HardSwish(), MAP, numbers="wide"),
    Case(PReLU(), MAP),
    Case(PReLU(shared=False), MAP),
    Case(PReLU(shared=False), (5,)),
    Case(Softmax(), (5,)),
    Case(Softmax(), (5,), numbers="huge"),
    Case(Softmax(), MAP, numbers="wide"),
]
