"""Xception: Inception taken to the extreme, every kernel a separable convolution.

References
----------
F. Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", CVPR 2017; figure 5.
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
    separable,
)
from cnnlab.zoo.network import Network, Published


def norm() -> BatchNorm:
    """Batch norm with Keras's settings; its momentum 0.99 is the share of the old average."""
    return BatchNorm(eps=1e-3, momentum=0.01)


def conv(out_channels: int, stride: int = 1) -> Chain:
    """3×3 convolution without padding, as the first two are."""
    return Chain(conv=Conv(out_channels, 3, stride, bias=False), bn=norm(), relu=ReLU())


def sepconv(out_channels: int) -> Chain:
    """3×3 separable convolution; no activation between its halves, batch norm after both."""
    return Chain(sepconv=separable(out_channels, 3, bias=False), bn=norm())


def downsample(middle: int, out_channels: int, first_relu: bool = True) -> Add:
    """Two separable convolutions and pooling, beside a 1×1 shortcut, both with stride 2."""
    return Add(
        main=Chain(
            **({"relu1": ReLU()} if first_relu else {}),
            sepconv1=sepconv(middle),
            relu2=ReLU(),
            sepconv2=sepconv(out_channels),
            pool=MaxPool(3, 2, padding="same"),
        ),
        shortcut=Chain(conv=Conv(out_channels, 1, 2, bias=False), bn=norm()),
    )


def middle_block() -> Add:
    """Three separable convolutions beside the identity."""
    return Add(
        main=Chain(
            relu1=ReLU(),
            sepconv1=sepconv(728),
            relu2=ReLU(),
            sepconv2=sepconv(728),
            relu3=ReLU(),
            sepconv3=sepconv(728),
        ),
        shortcut=Identity(),
    )


XCEPTION = Network(
    "xception",
    Chain(
        # Entry flow
        block1=Chain(conv1=conv(32, 2), conv2=conv(64)),
        block2=downsample(128, 128, first_relu=False),
        block3=downsample(256, 256),
        block4=downsample(728, 728),
        # Middle flow, eight times the same
        **{f"block{number}": middle_block() for number in range(5, 13)},
        # Exit flow
        block13=downsample(728, 1024),
        block14=Chain(sepconv1=sepconv(1536), relu1=ReLU(), sepconv2=sepconv(2048), relu2=ReLU()),
        avgpool=GlobalAvgPool(),
        flatten=Flatten(),
        fc=Linear(1000),
    ),
    (3, 299, 299),
    Published(
        source=(
            'F. Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", CVPR 2017'
        ),
        year=2016,
        params=22_855_952,
        trainable_params=22_855_952,
        rows={
            "block1.conv1.conv": 864,
            "block1.conv2.conv": 18_432,
            "block2.shortcut.conv": 8_192,
            "block3.shortcut.conv": 32_768,
            "block4.shortcut.conv": 186_368,
            "block13.shortcut.conv": 745_472,
            "fc": 2_049_000,
        },
        note=(
            "Blocks are numbered as in keras.applications. Keras prints 22,910,480 in all: it "
            "adds the 54,528 running means and variances, which are not learned and are buffers "
            "here. Its settings hold: separable convolutions without bias, batch norm after each "
            "(eps 1e-3, momentum 0.99 in its own terms), padding that keeps ⌈size / stride⌉. The "
            "paper's table 3 gives 22,855,952 too; its optional dense layers are left out."
        ),
    ),
)

NETWORKS = (XCEPTION,)
