"""The network for handwritten digits that Ciresan et al. trained on graphics cards."""

from cnnlab.spec import Chain, Conv, Flatten, Linear, MaxPool, ScaledTanh
from cnnlab.zoo.network import Network, Published

# 29×29 – 20C4 – MP2 – 40C5 – MP3 – 150N – 10N
CIRESAN = Network(
    "ciresan",
    Chain(
        conv1=Conv(20, 4),
        tanh1=ScaledTanh(),
        pool1=MaxPool(2),
        conv2=Conv(40, 5),
        tanh2=ScaledTanh(),
        pool2=MaxPool(3),
        flatten=Flatten(),
        fc1=Linear(150),
        tanh3=ScaledTanh(),
        fc2=Linear(10),
    ),
    (1, 29, 29),
    Published(
        source="D. Ciresan, U. Meier and J. Schmidhuber, Multi-column Deep Neural Networks for "
        "Image Classification, CVPR 2012",
        year=2012,
        params=76_040,
        rows={"conv1": 340, "conv2": 20_040, "fc1": 54_150, "fc2": 1_510},
        note="One column of the committee; the paper averages 35 of them, trained on digits of "
        "different widths. The count is recounted from the paper's formula.",
    ),
)

NETWORKS = (CIRESAN,)
