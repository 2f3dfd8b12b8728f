"""AlexNet, as published and in the forms that carry its name today."""

from cnnlab.spec import (
    LRN,
    AdaptiveAvgPool,
    Chain,
    Conv,
    Dropout,
    Flatten,
    Linear,
    MaxPool,
    ReLU,
)
from cnnlab.zoo.network import Network, Published

_PAPER = (
    "A. Krizhevsky, I. Sutskever and G. Hinton, ImageNet Classification with Deep Convolutional "
    "Neural Networks, NIPS 2012"
)
# The paper's alpha is 1e-4 for each channel; this row divides by the size, as PyTorch does.
_NORM = LRN(size=5, alpha=5e-4, beta=0.75, k=2.0)


_CONV1 = Conv(96, 11, stride=4)


def _alexnet(groups: int, conv1: Conv = _CONV1) -> Chain:
    return Chain(
        conv1=conv1,
        relu1=ReLU(),
        norm1=_NORM,
        pool1=MaxPool(3, stride=2),  # windows overlap
        conv2=Conv(256, 5, padding=2, groups=groups),
        relu2=ReLU(),
        norm2=_NORM,
        pool2=MaxPool(3, stride=2),
        conv3=Conv(384, 3, padding=1),
        relu3=ReLU(),
        conv4=Conv(384, 3, padding=1, groups=groups),
        relu4=ReLU(),
        conv5=Conv(256, 3, padding=1, groups=groups),
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
    )


ALEXNET = Network(
    "alexnet",
    _alexnet(groups=2),
    (3, 227, 227),
    Published(
        source=_PAPER,
        year=2012,
        params=60_965_224,
        rows={
            "conv1": 34_944,
            "conv2": 307_456,
            "conv3": 885_120,
            "conv4": 663_936,
            "conv5": 442_624,
            "fc6": 37_752_832,
            "fc7": 16_781_312,
            "fc8": 4_097_000,
        },
        note="Two graphics cards held half the maps each, so conv2, conv4 and conv5 have two "
        "groups. The paper prints an input of 224×224 and maps of 55×55. Most libraries round "
        "down and need 227×227 for them, as here; alexnet-224 rounds up, as its authors did. The "
        "paper says 60 million parameters; the figure here is recounted. Its normalisation stays "
        "on one card, that of the table runs over all channels.",
    ),
)

ALEXNET_224 = Network(
    "alexnet-224",
    _alexnet(groups=2, conv1=Conv(96, 11, stride=4, policy="ceil")),
    (3, 224, 224),
    Published(
        source=f"{_PAPER}, with the rounding of its code, cuda-convnet",
        year=2012,
        params=60_965_224,
        note="The paper's own sizes: its code rounds up the number of windows, so that the first "
        "layer makes 55×55 maps of a 224×224 image without padding, its last windows hanging 3 "
        "pixels over. Parameters and all later sizes are those of alexnet.",
    ),
)

ALEXNET_UNGROUPED = Network(
    "alexnet-ungrouped",
    _alexnet(groups=1),
    (3, 227, 227),
    Published(
        source=f"{_PAPER}, on one card",
        year=2012,
        params=62_378_344,
        rows={"conv2": 614_656, "conv4": 1_327_488, "conv5": 884_992},
        note="What a list of layers without groups describes, as lectures print it: conv2, conv4 "
        "and conv5 read all maps, 1,413,120 parameters more than the published network.",
    ),
)

ALEXNET_OWT = Network(
    "alexnet-owt",
    Chain(
        conv1=Conv(64, 11, stride=4, padding=2),
        relu1=ReLU(),
        pool1=MaxPool(3, stride=2),
        conv2=Conv(192, 5, padding=2),
        relu2=ReLU(),
        pool2=MaxPool(3, stride=2),
        conv3=Conv(384, 3, padding=1),
        relu3=ReLU(),
        conv4=Conv(256, 3, padding=1),
        relu4=ReLU(),
        conv5=Conv(256, 3, padding=1),
        relu5=ReLU(),
        pool5=MaxPool(3, stride=2),
        avgpool=AdaptiveAvgPool(6),
        flatten=Flatten(),
        dropout6=Dropout(p=0.5),
        fc6=Linear(4096),
        relu6=ReLU(),
        dropout7=Dropout(p=0.5),
        fc7=Linear(4096),
        relu7=ReLU(),
        fc8=Linear(1000),
    ),
    (3, 224, 224),
    Published(
        source="A. Krizhevsky, One Weird Trick for Parallelizing Convolutional Neural Networks, "
        "arXiv 2014",
        year=2014,
        params=61_100_840,
        rows={"conv1": 23_296, "conv2": 307_392, "conv3": 663_936, "conv4": 884_992},
        note="The one-column form as torchvision ships it: no groups, no normalisation, fewer "
        "maps, and 256 maps in conv4 where the paper's text has 384. The pooling before the dense "
        "layers changes nothing at 224×224 and lets other sizes in.",
    ),
)

NETWORKS = (ALEXNET, ALEXNET_224, ALEXNET_UNGROUPED, ALEXNET_OWT)
