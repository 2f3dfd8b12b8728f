"""The rows of an architecture, and the four ways of putting them together.

A specification is a value: it reads like the table in a paper, prints as the code that
rebuilds it, and compares and hashes by what it says. Counting, NumPy, PyTorch and plots
all read it.

Examples
--------
>>> from cnnlab.spec import Chain, Conv, Flatten, Linear, MaxPool, ReLU
>>> net = Chain(
...     conv1=Conv(10, 3), relu1=ReLU(), pool1=MaxPool(2), flatten=Flatten(), fc=Linear(10)
... )
>>> net.out_shape((1, 28, 28))
(10,)
>>> eval(repr(net)) == net
True
"""

from cnnlab.spec.base import Family, Reach, Row, Shape, Window
from cnnlab.spec.combine import Add, Chain, Combinator, Concat, Scale
from cnnlab.spec.conv import Conv, DepthwiseConv, TableConv, TransposedConv, separable
from cnnlab.spec.dense import GRU, LSTM, RBF, RNN, DropConnect, Embedding, Flatten, Linear
from cnnlab.spec.layout import Crop, Pad, Reshape, Upsample
from cnnlab.spec.pointwise import (
    ELU,
    GELU,
    LRN,
    BatchNorm,
    Dropout,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Identity,
    LayerNorm,
    LeakyReLU,
    PReLU,
    ReLU,
    ReLU6,
    ScaledTanh,
    Sigmoid,
    Sign,
    SiLU,
    Softmax,
    Softplus,
    Step,
    Tanh,
)
from cnnlab.spec.pool import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    GlobalAvgPool,
    GlobalMaxPool,
    MaxPool,
    Subsample,
)
from cnnlab.spec.trace import ShapeError, TraceStep, trace

__all__ = [
    "ELU",
    "GELU",
    "GRU",
    "LRN",
    "LSTM",
    "RBF",
    "RNN",
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
    "Add",
    "AvgPool",
    "BatchNorm",
    "Chain",
    "Combinator",
    "Concat",
    "Conv",
    "Crop",
    "DepthwiseConv",
    "DropConnect",
    "Dropout",
    "Embedding",
    "Family",
    "Flatten",
    "GlobalAvgPool",
    "GlobalMaxPool",
    "GroupNorm",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "MaxPool",
    "PReLU",
    "Pad",
    "ReLU",
    "ReLU6",
    "Reach",
    "Reshape",
    "Row",
    "Scale",
    "ScaledTanh",
    "Shape",
    "ShapeError",
    "SiLU",
    "Sigmoid",
    "Sign",
    "Softmax",
    "Softplus",
    "Step",
    "Subsample",
    "TableConv",
    "Tanh",
    "TraceStep",
    "TransposedConv",
    "Upsample",
    "Window",
    "separable",
    "trace",
]
