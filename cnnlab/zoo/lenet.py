"""The LeNets, as published and in the forms that are common today."""

from cnnlab.spec import (
    RBF,
    AvgPool,
    Chain,
    Conv,
    Flatten,
    Linear,
    ScaledTanh,
    Subsample,
    TableConv,
    Tanh,
)
from cnnlab.zoo.network import Network, Published

# For each map of H3, the maps of H2 that it reads (table 1 of the paper printed in 1990, counted from 0).
H3_TABLE = (
    *((0,), (0, 1), (0, 1), (1,), (0, 1), (0, 1)),
    *((2,), (2, 3), (2, 3), (3,), (2, 3), (2, 3)),
)

LENET_1 = Network(
    "lenet-1",
    Chain(
        h1=Conv(4, 5),
        tanh1=ScaledTanh(),
        h2=Subsample(2),
        tanh2=ScaledTanh(),
        h3=TableConv(H3_TABLE, 5),
        tanh3=ScaledTanh(),
        h4=Subsample(2),
        tanh4=ScaledTanh(),
        flatten=Flatten(),
        output=Linear(10),
    ),
    (1, 28, 28),
    Published(
        source="Y. LeCun et al., Handwritten Digit Recognition with a Back-Propagation Network, "
        "NIPS 1989",
        year=1989,
        params=2_578,
        rows={"h1": 4 * 26, "h2": 4 * 2, "h3": 4 * 26 + 8 * 51, "h4": 12 * 2, "output": 10 * 193},
        note="Digits of 16×16 stand in a frame of 28×28. The paper squashes its outputs too; the "
        "table ends with what enters that tanh. The paper's 98,442 connections are the products "
        "and biases of all units. The name LeNet-1 came later.",
    ),
)

LENET_1_MODERN = Network(
    "lenet-1-modern",
    Chain(
        conv1=Conv(4, 5),
        tanh1=Tanh(),
        pool1=AvgPool(2),
        conv2=Conv(12, 5),
        tanh2=Tanh(),
        pool2=AvgPool(2),
        flatten=Flatten(),
        fc=Linear(10),
    ),
    (1, 28, 28),
    Published(
        source="LeNet-1 with full connections, recounted",
        params=3_246,
        rows={"conv1": 104, "conv2": 1_212, "fc": 1_930},
        note="Every filter reads all maps and pooling has nothing to learn, which is what current "
        "libraries offer; the published network, lenet-1, has 2,578 parameters.",
    ),
)

# For each map of C3, the maps of S2 that it reads (table I of the 1998 paper, counted from 0).
C3_TABLE = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)

LENET_5 = Network(
    "lenet-5",
    Chain(
        c1=Conv(6, 5),
        tanh1=ScaledTanh(),
        s2=Subsample(2),
        tanh2=ScaledTanh(),
        c3=TableConv(C3_TABLE, 5),
        tanh3=ScaledTanh(),
        s4=Subsample(2),
        tanh4=ScaledTanh(),
        c5=Conv(120, 5),
        tanh5=ScaledTanh(),
        flatten=Flatten(),
        f6=Linear(84),
        tanh6=ScaledTanh(),
        output=RBF(10),
    ),
    (1, 32, 32),
    Published(
        source="Y. LeCun et al., Gradient-Based Learning Applied to Document Recognition, "
        "Proceedings of the IEEE, 1998",
        year=1998,
        params=60_840,
        trainable_params=60_000,
        rows={
            "c1": 156,
            "s2": 12,
            "c3": 1_516,
            "s4": 32,
            "c5": 48_120,
            "f6": 10_164,
            "output": 840,
        },
        note="The outputs are squared distances to one code for each class, so the smallest wins. "
        "The codes are fixed; the paper draws them by hand as 7×12 bitmaps of −1 and +1, here "
        "they are drawn at random. The paper's 340,908 connections include them.",
    ),
)

LENET_5_MODERN = Network(
    "lenet-5-modern",
    Chain(
        c1=Conv(6, 5),
        tanh1=Tanh(),
        s2=AvgPool(2),
        c3=Conv(16, 5),
        tanh3=Tanh(),
        s4=AvgPool(2),
        c5=Conv(120, 5),
        tanh5=Tanh(),
        flatten=Flatten(),
        f6=Linear(84),
        tanh6=Tanh(),
        output=Linear(10),
    ),
    (1, 32, 32),
    Published(
        source="LeNet-5 with full connections, recounted",
        params=61_706,
        rows={"c1": 156, "c3": 2_416, "c5": 48_120, "f6": 10_164, "output": 850},
        note="The common form: every filter reads all maps, pooling has nothing to learn, a dense "
        "layer gives the outputs. Many ports use 28×28 with padding 2 in C1, or ReLU and maximum "
        "pooling; the parameters stay the same.",
    ),
)

NETWORKS = (LENET_1, LENET_1_MODERN, LENET_5, LENET_5_MODERN)
