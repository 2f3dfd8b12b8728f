"""The blocks that SMU ML writes in Keras: bottleneck, parallel paths, residual connection."""

from cnnlab.spec import (
    Add,
    Chain,
    Concat,
    Conv,
    Flatten,
    GlobalAvgPool,
    Identity,
    Linear,
    MaxPool,
    ReLU,
    Row,
)
from cnnlab.zoo.network import Network, Published

SOURCE = "Lecture Notes for Machine Learning in Python, Southern Methodist University"
OURS = (
    "The block is the deck's. Ours, so that the three can be compared: 128 filters before it, "
    "pooling before, between and after two of them, the mean over positions and a dense layer, "
    "and AlexNet-64's input and 10 classes."
)

BOTTLENECK = Chain(
    reduce=Conv(32, 1),
    relu1=ReLU(),
    conv=Conv(128, 3, padding="same"),
    relu2=ReLU(),
)

PARALLEL = Concat(
    path1=BOTTLENECK,
    path2=Chain(
        reduce=Conv(32, 1),
        relu1=ReLU(),
        conv1=Conv(64, 3, padding="same"),
        relu2=ReLU(),
        conv2=Conv(64, 3, padding="same"),
        relu3=ReLU(),
    ),
    path3=Chain(conv=Conv(64, 1), relu=ReLU()),
)

RESIDUAL = Chain(
    add=Add(
        path=Chain(
            reduce=Conv(32, 1),
            relu1=ReLU(),
            conv=Conv(32, 3, padding="same"),
            relu2=ReLU(),
            expand=Conv(128, 1),
        ),
        shortcut=Identity(),
    ),
    relu=ReLU(),
)


def _network(name: str, block: Row) -> Network:
    spec = Chain(
        conv1=Conv(128, 3, padding="same"),
        relu1=ReLU(),
        pool1=MaxPool(2),
        block1=block,
        pool2=MaxPool(2),
        block2=block,
        pool3=MaxPool(2),
        mean=GlobalAvgPool(),
        flatten=Flatten(),
        fc=Linear(10),
    )
    return Network(name, spec, (3, 64, 64), Published(SOURCE, note=OURS))


NETWORKS = (
    _network("smu-bottleneck", BOTTLENECK),
    _network("smu-parallel", PARALLEL),
    _network("smu-residual", RESIDUAL),
)
