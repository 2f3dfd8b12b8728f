"""ResNets: sums with a shortcut, so that a block learns what to add to its input.

The rows carry torchvision's names: ``layer1`` to ``layer4`` are ``conv2_x`` to ``conv5_x`` in
the paper's table 1.

References
----------
K. He, X. Zhang, S. Ren and J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016.
"""

from cnnlab.spec import (
    Add,
    BatchNorm,
    Chain,
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


def _basic(channels: int, stride: int) -> Chain:
    """Two 3×3 convolutions."""
    return Chain(
        conv1=Conv(channels, 3, stride=stride, padding=1, bias=False),
        bn1=BatchNorm(),
        relu1=ReLU(),
        conv2=Conv(channels, 3, padding=1, bias=False),
        bn2=BatchNorm(),
    )


def _bottleneck(channels: int, stride: int) -> Chain:
    """1×1 to few channels, 3×3 among them, 1×1 back to four times as many."""
    return Chain(
        conv1=Conv(channels, 1, bias=False),
        bn1=BatchNorm(),
        relu1=ReLU(),
        conv2=Conv(channels, 3, stride=stride, padding=1, bias=False),
        bn2=BatchNorm(),
        relu2=ReLU(),
        conv3=Conv(4 * channels, 1, bias=False),
        bn3=BatchNorm(),
    )


_BLOCKS = {"basic": (_basic, 1), "bottleneck": (_bottleneck, 4)}  # kind: (rows, expansion)


def _layer(kind: str, blocks: int, in_channels: int, channels: int, stride: int) -> Chain:
    """Blocks of one size; the first takes the stride and, where shapes change, a projection."""
    rows, expansion = _BLOCKS[kind]
    out_channels = expansion * channels

    def block(shortcut: Row, stride: int) -> Chain:
        return Chain(sum=Add(main=rows(channels, stride), shortcut=shortcut), relu=ReLU())

    projection = Chain(
        conv=Conv(out_channels, 1, stride=stride, bias=False),
        bn=BatchNorm(),
    )
    same = stride == 1 and in_channels == out_channels
    first = block(Identity() if same else projection, stride)
    return Chain(first, *[block(Identity(), 1)] * (blocks - 1))


def _imagenet(kind: str, blocks: tuple[int, int, int, int]) -> Chain:
    expansion = _BLOCKS[kind][1]
    return Chain(
        conv1=Conv(64, 7, stride=2, padding=3, bias=False),
        bn1=BatchNorm(),
        relu=ReLU(),
        maxpool=MaxPool(3, stride=2, padding=1),
        layer1=_layer(kind, blocks[0], 64, 64, stride=1),
        layer2=_layer(kind, blocks[1], expansion * 64, 128, stride=2),
        layer3=_layer(kind, blocks[2], expansion * 128, 256, stride=2),
        layer4=_layer(kind, blocks[3], expansion * 256, 512, stride=2),
        avgpool=GlobalAvgPool(),
        flatten=Flatten(),
        fc=Linear(1000),
    )


def _cifar(blocks: int) -> Chain:
    return Chain(
        conv1=Conv(16, 3, padding=1, bias=False),
        bn1=BatchNorm(),
        relu=ReLU(),
        layer1=_layer("basic", blocks, 16, 16, stride=1),
        layer2=_layer("basic", blocks, 16, 32, stride=2),
        layer3=_layer("basic", blocks, 32, 64, stride=2),
        avgpool=GlobalAvgPool(),
        flatten=Flatten(),
        fc=Linear(10),
    )


# Table 1 of the paper: layers, block, blocks in conv2_x to conv5_x; and the parameters.
_IMAGENET = (
    (18, "basic", (2, 2, 2, 2), 11_689_512),
    (34, "basic", (3, 4, 6, 3), 21_797_672),
    (50, "bottleneck", (3, 4, 6, 3), 25_557_032),
    (101, "bottleneck", (3, 4, 23, 3), 44_549_160),
    (152, "bottleneck", (3, 8, 36, 3), 60_192_808),
)

# Section 4.2: layers 6n + 2, blocks n in each of three stages; parameters as in the note.
_CIFAR = (
    (20, 3, 272_474),
    (32, 5, 466_906),
    (44, 7, 661_338),
    (56, 9, 855_770),
    (110, 18, 1_730_714),
)

_SOURCE = "K. He et al., Deep Residual Learning for Image Recognition, CVPR 2016"
_NOTE = "Shortcuts are the paper's option B: identity, and a projection where the shape changes."
_STRIDE_NOTE = (
    " The stride of a block is on its 3×3 convolution, as in torchvision; the paper has it on the"
    " first 1×1, with the same parameters and fewer MACs."
)
_CIFAR_NOTE = (
    _NOTE + " The paper uses option A here, which pads the shortcut with zero channels and so has"
    " 2,752 parameters fewer, {option_a:,}. The paper rounds to {millions} M."
)
_CIFAR_MILLIONS = {20: "0.27", 32: "0.46", 44: "0.66", 56: "0.85", 110: "1.7"}  # its table 6

NETWORKS = (
    *(
        Network(
            f"resnet-{layers}",
            _imagenet(kind, blocks),
            (3, 224, 224),
            Published(
                _SOURCE,
                2015,
                params,
                note=_NOTE + (_STRIDE_NOTE if kind == "bottleneck" else ""),
            ),
        )
        for layers, kind, blocks, params in _IMAGENET
    ),
    *(
        Network(
            f"resnet-{layers}-cifar",
            _cifar(blocks),
            (3, 32, 32),
            Published(
                _SOURCE,
                2015,
                params,
                note=_CIFAR_NOTE.format(option_a=params - 2_752, millions=_CIFAR_MILLIONS[layers]),
            ),
        )
        for layers, blocks, params in _CIFAR
    ),
)
