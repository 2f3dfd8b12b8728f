"""ZFNet: AlexNet with a finer first layer, found by looking at what the layers see."""

from cnnlab.spec import LRN, Chain, Conv, Dropout, Flatten, Linear, MaxPool, ReLU
from cnnlab.zoo.network import Network, Published

_NORM = LRN(size=5, alpha=5e-4, beta=0.75, k=2.0)  # AlexNet's; the paper gives no constants

ZFNET = Network(
    "zfnet",
    Chain(
        conv1=Conv(96, 7, stride=2, padding=1),
        relu1=ReLU(),
        pool1=MaxPool(3, stride=2, policy="ceil"),
        norm1=_NORM,
        conv2=Conv(256, 5, stride=2),
        relu2=ReLU(),
        pool2=MaxPool(3, stride=2, policy="ceil"),
        norm2=_NORM,
        conv3=Conv(384, 3, padding=1),
        relu3=ReLU(),
        conv4=Conv(384, 3, padding=1),
        relu4=ReLU(),
        conv5=Conv(256, 3, padding=1),
        relu5=ReLU(),
        pool5=MaxPool(3, stride=2),
        flatten=Flatten(),
        fc6=Linear(4096),
        relu6=ReLU(),
        dropout6=Dropout(p=0.5),
        fc7=Linear(4096),
        relu7=ReLU(),
        dropout7=Dropout(p=0.5),
        fc8=Linear(1000),
    ),
    (3, 224, 224),
    Published(
        source="M. Zeiler and R. Fergus, Visualizing and Understanding Convolutional Networks, "
        "ECCV 2014",
        year=2013,
        params=62_357_608,
        rows={"conv1": 14_208, "conv2": 614_656, "fc6": 37_752_832, "fc8": 4_097_000},
        note="The paper's map sizes 110, 55, 26, 13 and 6 need padding 1 in the first layer and "
        "pooling that lets the last window hang over. This is the network of the paper's figure "
        "3, from which the count is recounted; the paper also tries middle layers of 512, 1024 "
        "and 512 maps.",
    ),
)

NETWORKS = (ZFNET,)
