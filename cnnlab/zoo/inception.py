"""Inception v2, which is BN-Inception, and Inception v3.

References
----------
S. Ioffe and C. Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing
Internal Covariate Shift", ICML 2015; figure 5.
C. Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016;
table 1 and figures 5 to 7.
"""

from functools import partial

from cnnlab.spec import (
    AvgPool,
    BatchNorm,
    Chain,
    Concat,
    Conv,
    DepthwiseConv,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Linear,
    MaxPool,
    ReLU,
    Row,
)
from cnnlab.zoo.network import Network, Published

Pair = tuple[int, int]


def conv(
    out_channels: int,
    kernel_size: int | Pair,
    stride: int = 1,
    padding: int | Pair = 0,
    bias: bool = False,
) -> Chain:
    """Convolution, batch norm, ReLU; batch norm makes a bias needless."""
    return Chain(
        conv=Conv(out_channels, kernel_size, stride, padding, bias=bias),
        bn=BatchNorm(eps=1e-3),
        relu=ReLU(),
    )


def separable_stem() -> Chain:
    """First convolution of BN-Inception: each colour by itself, eight times, then 1×1."""
    return Chain(
        depthwise=DepthwiseConv(7, 2, padding=3, multiplier=8, bias=False),
        pointwise=Conv(64, 1, bias=False),
        bn=BatchNorm(eps=1e-3),
        relu=ReLU(),
    )


def inception_v2(stem: Row, proj_4cd: int = 128, bias: bool = False) -> Chain:
    """Figure 5 of the BN paper; the arguments are where ports read it differently.

    Parameters
    ----------
    stem : Row
        First convolution.
    proj_4cd : int
        Filters after the pooling of (4c) and (4d).
    bias : bool
        Whether convolutions keep the bias that batch norm makes needless.
    """
    unit = partial(conv, bias=bias)

    def double_3x3(reduce: int, channels: int, stride: int = 1) -> Chain:
        return Chain(
            reduce=unit(reduce, 1),
            conv1=unit(channels, 3, padding=1),
            conv2=unit(channels, 3, stride, padding=1),
        )

    def inception(
        ch1x1: int,
        ch3x3_reduce: int,
        ch3x3: int,
        double_3x3_reduce: int,
        ch_double_3x3: int,
        pool: type[AvgPool] | type[MaxPool],
        proj: int,
    ) -> Concat:
        return Concat(
            branch1x1=unit(ch1x1, 1),
            branch3x3=Chain(reduce=unit(ch3x3_reduce, 1), conv=unit(ch3x3, 3, padding=1)),
            double3x3=double_3x3(double_3x3_reduce, ch_double_3x3),
            pool=Chain(pool=pool(3, 1, padding=1), proj=unit(proj, 1)),
        )

    def inception_stride_2(
        ch3x3_reduce: int, ch3x3: int, double_3x3_reduce: int, ch_double_3x3: int
    ) -> Concat:
        return Concat(
            branch3x3=Chain(reduce=unit(ch3x3_reduce, 1), conv=unit(ch3x3, 3, 2, padding=1)),
            double3x3=double_3x3(double_3x3_reduce, ch_double_3x3, stride=2),
            pool=MaxPool(3, 2, policy="ceil"),  # max + pass through
        )

    return Chain(
        conv1=stem,
        pool1=MaxPool(3, 2, policy="ceil"),
        conv2_reduce=unit(64, 1),
        conv2=unit(192, 3, padding=1),
        pool2=MaxPool(3, 2, policy="ceil"),
        #                     1×1 3×3r 3×3 double r, double  pool, proj
        inception3a=inception(64, 64, 64, 64, 96, AvgPool, 32),
        inception3b=inception(64, 64, 96, 64, 96, AvgPool, 64),
        inception3c=inception_stride_2(128, 160, 64, 96),
        inception4a=inception(224, 64, 96, 96, 128, AvgPool, 128),
        inception4b=inception(192, 96, 128, 96, 128, AvgPool, 128),
        inception4c=inception(160, 128, 160, 128, 160, AvgPool, proj_4cd),
        inception4d=inception(96, 128, 192, 160, 192, AvgPool, proj_4cd),
        inception4e=inception_stride_2(128, 192, 192, 256),
        inception5a=inception(352, 192, 320, 160, 224, AvgPool, 128),
        inception5b=inception(352, 192, 320, 192, 224, MaxPool, 128),
        avgpool=GlobalAvgPool(),
        flatten=Flatten(),
        fc=Linear(1000),
    )


INCEPTION_V2 = Network(
    "inception-v2",
    inception_v2(separable_stem()),
    (3, 224, 224),
    Published(
        source='S. Ioffe and C. Szegedy, "Batch Normalization", ICML 2015, figure 5',
        year=2015,
        params=11_278_528,
        rows={
            "conv1.depthwise": 1_176,
            "conv1.pointwise": 1_536,
            "conv2_reduce.conv": 4_096,
            "conv2.conv": 110_592,
            "fc": 1_025_000,
        },
        note=(
            "Recounted from the columns of figure 5, with the separable first convolution of the "
            "text, no biases, and the geometry of the common port (input sizes in steps of 32). "
            "The figure contradicts itself: the branches of (4c) and (4d) add up to 608 and of "
            "(4e) to 1,056 maps, where it prints 576, 576 and 1,024. The common port, "
            "11,295,240, follows the columns too, with an ordinary 7×7 convolution, biases "
            "everywhere and eps 1e-5 (here 1e-3). The authors' later release takes the printed "
            "outputs, with 96 instead of 128 filters after the pooling of (4c) and (4d): "
            "11,188,288 with batch-norm scales. The 13.6 million of the paper's text fits no "
            "reading of its figure. Some texts call another network Inception v2: the table of "
            "the v3 paper."
        ),
    ),
)


def inception_a(pool_proj: int) -> Concat:
    """Figure 5, 35×35; the release keeps one branch with a 5×5 kernel."""
    return Concat(
        branch1x1=conv(64, 1),
        branch5x5=Chain(reduce=conv(48, 1), conv=conv(64, 5, padding=2)),
        double3x3=Chain(
            reduce=conv(64, 1), conv1=conv(96, 3, padding=1), conv2=conv(96, 3, padding=1)
        ),
        pool=Chain(pool=AvgPool(3, 1, padding=1), proj=conv(pool_proj, 1)),
    )


def reduction_a() -> Concat:
    """Figure 10, from 35×35 to 17×17."""
    return Concat(
        branch3x3=conv(384, 3, 2),
        double3x3=Chain(reduce=conv(64, 1), conv1=conv(96, 3, padding=1), conv2=conv(96, 3, 2)),
        pool=MaxPool(3, 2),
    )


def inception_b(ch7x7: int) -> Concat:
    """Figure 6 with n = 7, 17×17: an n×n kernel as 1×n and n×1."""
    row: tuple[Pair, int, Pair] = (1, 7), 1, (0, 3)  # kernel_size, stride, padding
    column: tuple[Pair, int, Pair] = (7, 1), 1, (3, 0)
    return Concat(
        branch1x1=conv(192, 1),
        branch7x7=Chain(reduce=conv(ch7x7, 1), row=conv(ch7x7, *row), column=conv(192, *column)),
        double7x7=Chain(
            reduce=conv(ch7x7, 1),
            column1=conv(ch7x7, *column),
            row1=conv(ch7x7, *row),
            column2=conv(ch7x7, *column),
            row2=conv(192, *row),
        ),
        pool=Chain(pool=AvgPool(3, 1, padding=1), proj=conv(192, 1)),
    )


def reduction_b() -> Concat:
    """From 17×17 to 8×8."""
    return Concat(
        branch3x3=Chain(reduce=conv(192, 1), conv=conv(320, 3, 2)),
        branch7x7x3=Chain(
            reduce=conv(192, 1),
            row=conv(192, (1, 7), padding=(0, 3)),
            column=conv(192, (7, 1), padding=(3, 0)),
            conv=conv(192, 3, 2),
        ),
        pool=MaxPool(3, 2),
    )


def inception_c() -> Concat:
    """Figure 7, 8×8: the last kernels stand side by side, so that the filter bank widens."""

    def split() -> Concat:
        return Concat(
            row=conv(384, (1, 3), padding=(0, 1)), column=conv(384, (3, 1), padding=(1, 0))
        )

    return Concat(
        branch1x1=conv(320, 1),
        branch3x3=Chain(reduce=conv(384, 1), split=split()),
        double3x3=Chain(reduce=conv(448, 1), conv=conv(384, 3, padding=1), split=split()),
        pool=Chain(pool=AvgPool(3, 1, padding=1), proj=conv(192, 1)),
    )


INCEPTION_V3 = Network(
    "inception-v3",
    Chain(
        Conv2d_1a_3x3=conv(32, 3, 2),
        Conv2d_2a_3x3=conv(32, 3),
        Conv2d_2b_3x3=conv(64, 3, padding=1),
        maxpool1=MaxPool(3, 2),
        Conv2d_3b_1x1=conv(80, 1),
        Conv2d_4a_3x3=conv(192, 3),
        maxpool2=MaxPool(3, 2),
        Mixed_5b=inception_a(pool_proj=32),
        Mixed_5c=inception_a(pool_proj=64),
        Mixed_5d=inception_a(pool_proj=64),
        Mixed_6a=reduction_a(),
        Mixed_6b=inception_b(ch7x7=128),
        Mixed_6c=inception_b(ch7x7=160),
        Mixed_6d=inception_b(ch7x7=160),
        Mixed_6e=inception_b(ch7x7=192),
        Mixed_7a=reduction_b(),
        Mixed_7b=inception_c(),
        Mixed_7c=inception_c(),
        avgpool=GlobalAvgPool(),
        dropout=Dropout(0.5),
        flatten=Flatten(),
        fc=Linear(1000),
    ),
    (3, 299, 299),
    Published(
        source=(
            'C. Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", '
            "CVPR 2016, in the form that its authors released"
        ),
        year=2015,
        params=23_834_568,
        params_with_heads=27_161_264,
        rows={"Conv2d_1a_3x3.conv": 864, "Conv2d_3b_1x1.conv": 5_120, "fc": 2_049_000},
        note=(
            "Row names are those of the release; torchvision.models.inception_v3 has the same "
            "weights and batch norm eps 1e-3. The paper's table 1 differs before the first "
            "Inception module: 3×3 convolutions of 80, 192 and 288 filters where the release has "
            "1×1 of 80, 3×3 of 192 and a pooling; and the release has a 5×5 kernel in a branch "
            "where figure 5 has 3×3. The paper rounds to less than 25 million parameters and "
            "5 billion multiply-adds. Keras prints 23,851,784: without the 17,216 scales of batch "
            "norm, with the 34,432 running means and variances. The smallest input is 75×75."
        ),
    ),
    heads=(
        (
            "Mixed_6e",
            Chain(
                avgpool=AvgPool(5, 3),
                conv0=conv(128, 1),
                conv1=conv(768, 5),
                pool=GlobalAvgPool(),
                flatten=Flatten(),
                fc=Linear(1000),
            ),
        ),
    ),
)

NETWORKS = (INCEPTION_V2, INCEPTION_V3)
