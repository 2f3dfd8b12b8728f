"""GoogLeNet, the first Inception network: as published, and as most libraries ship it.

References
----------
C. Szegedy et al., "Going Deeper with Convolutions", CVPR 2015; table 1.
"""

from collections.abc import Callable
from functools import partial

from cnnlab.spec import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Chain,
    Concat,
    Conv,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Identity,
    Linear,
    MaxPool,
    ReLU,
    Row,
)
from cnnlab.zoo.network import Network, Published


def conv(out_channels: int, kernel_size: int, stride: int = 1) -> Chain:
    """Convolution as published: with bias, then ReLU; sizes shrink by the stride only."""
    return Chain(
        conv=Conv(out_channels, kernel_size, stride, padding=kernel_size // 2), relu=ReLU()
    )


def conv_bn(out_channels: int, kernel_size: int, stride: int = 1) -> Chain:
    """Convolution of the port: batch norm in place of the bias."""
    padding = kernel_size // 2
    return Chain(
        conv=Conv(out_channels, kernel_size, stride, padding, bias=False),
        bn=BatchNorm(eps=1e-3),
        relu=ReLU(),
    )


def inception(
    conv: Callable[..., Chain],
    kernel_5x5: int,
    ch1x1: int,
    ch3x3_reduce: int,
    ch3x3: int,
    ch5x5_reduce: int,
    ch5x5: int,
    pool_proj: int,
) -> Concat:
    """Four paths side by side; their maps are stacked.

    Parameters
    ----------
    conv : callable
        Makes a convolution with what follows it.
    kernel_5x5 : int
        Kernel of the path called 5×5.
    ch1x1, ch3x3_reduce, ch3x3, ch5x5_reduce, ch5x5, pool_proj : int
        Filters, as in table 1 of the paper.

    Examples
    --------
    >>> inception(conv, 5, 64, 96, 128, 16, 32, 32).out_shape((192, 28, 28))
    (256, 28, 28)
    """
    return Concat(
        branch1x1=conv(ch1x1, 1),
        branch3x3=Chain(reduce=conv(ch3x3_reduce, 1), conv=conv(ch3x3, 3)),
        branch5x5=Chain(reduce=conv(ch5x5_reduce, 1), conv=conv(ch5x5, kernel_5x5)),
        pool=Chain(pool=MaxPool(3, 1, padding=1), proj=conv(pool_proj, 1)),
    )


def googlenet(
    conv: Callable[..., Chain], kernel_5x5: int, norm: Row, pool4: MaxPool, dropout: float
) -> Chain:
    """Table 1 of the paper; the arguments are what the port does differently."""
    module = partial(inception, conv, kernel_5x5)

    def pool() -> MaxPool:
        return MaxPool(3, 2, policy="ceil")

    return Chain(
        conv1=conv(64, 7, 2),
        pool1=pool(),
        norm1=norm,
        conv2_reduce=conv(64, 1),
        conv2=conv(192, 3),
        norm2=norm,
        pool2=pool(),
        #                     1×1  3×3r 3×3  5×5r 5×5  pool proj
        inception3a=module(64, 96, 128, 16, 32, 32),
        inception3b=module(128, 128, 192, 32, 96, 64),
        pool3=pool(),
        inception4a=module(192, 96, 208, 16, 48, 64),
        inception4b=module(160, 112, 224, 24, 64, 64),
        inception4c=module(128, 128, 256, 24, 64, 64),
        inception4d=module(112, 144, 288, 32, 64, 64),
        inception4e=module(256, 160, 320, 32, 128, 128),
        pool4=pool4,
        inception5a=module(256, 160, 320, 32, 128, 128),
        inception5b=module(384, 192, 384, 48, 128, 128),
        avgpool=GlobalAvgPool(),  # the paper's 7×7/1, at any input size
        flatten=Flatten(),
        dropout=Dropout(dropout),
        fc=Linear(1000),
    )


def head(conv: Callable[..., Chain], pool: Row) -> Chain:
    """Auxiliary classifier of section 5; in training its loss counts 0.3."""
    return Chain(
        avgpool=pool,
        conv=conv(128, 1),
        flatten=Flatten(),
        fc1=Linear(1024),
        relu=ReLU(),
        dropout=Dropout(0.7),
        fc2=Linear(1000),
    )


def heads(conv: Callable[..., Chain], pool: Row) -> tuple[tuple[str, Row], ...]:
    """On the outputs of (4a) and (4d)."""
    return ("inception4a", head(conv, pool)), ("inception4d", head(conv, pool))


GOOGLENET = Network(
    "googlenet",
    googlenet(conv, kernel_5x5=5, norm=LRN(5), pool4=MaxPool(3, 2, policy="ceil"), dropout=0.4),
    (3, 224, 224),
    Published(
        source='C. Szegedy et al., "Going Deeper with Convolutions", CVPR 2015',
        year=2014,
        params=6_998_552,
        params_with_heads=13_378_280,
        rows={
            "conv1.conv": 9_472,
            "conv2_reduce.conv": 4_160,
            "conv2.conv": 110_784,
            "fc": 1_025_000,
        },
        note=(
            "Recounted from table 1 with biases, as the Caffe release has them; the paper's own "
            "column is off by up to 8 % for single modules, and it prints 2.7K for the first "
            "convolution, which has 7·7·3·64 weights. Where local response normalisation stands "
            "is seen in figure 3; its constants are AlexNet's, with k = 1 as in the release."
        ),
    ),
    heads=heads(conv, AvgPool(5, 3)),
)

GOOGLENET_PORT = Network(
    "googlenet-port",
    googlenet(
        conv_bn, kernel_5x5=3, norm=Identity(), pool4=MaxPool(2, 2, policy="ceil"), dropout=0.2
    ),
    (3, 224, 224),
    Published(
        source="torchvision.models.googlenet, ported from TensorFlow's Inception v1",
        year=2019,
        params=6_624_904,
        params_with_heads=13_004_888,
        rows={"conv1.conv": 9_408, "conv1.bn": 128, "fc": 1_025_000},
        note=(
            "Not the paper's network: batch norm (eps 1e-3) in place of biases and of local "
            "response normalisation, 2×2 pooling after (4e), and 3×3 kernels in the branch "
            "called 5×5, a known mistake, kept because the published weights depend on it."
        ),
    ),
    heads=heads(conv_bn, AdaptiveAvgPool(4)),
)

NETWORKS = (GOOGLENET, GOOGLENET_PORT)
