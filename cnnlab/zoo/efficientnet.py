"""EfficientNets: one base table, made deeper, wider and finer together.

References
----------
M. Tan and Q. V. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
Networks", ICML 2019.
"""

from math import ceil
from typing import NamedTuple

from cnnlab.spec import (
    Add,
    BatchNorm,
    Chain,
    Conv,
    DepthwiseConv,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Identity,
    Linear,
    ReLU6,
    Row,
    Scale,
    Sigmoid,
    SiLU,
)
from cnnlab.zoo.network import Network, Published

# Section 3.3: depth α^φ, width β^φ and resolution γ^φ; α·β²·γ² ≈ 2 doubles the work for each φ.
ALPHA, BETA, GAMMA = 1.2, 1.1, 1.15


class Stage(NamedTuple):
    """One of stages 2 to 8 in the paper's table 1."""

    expansion: int
    kernel_size: int
    stride: int
    channels: int
    layers: int


# Table 1 of the paper. Stage 1 is the stem with 32 channels, stage 9 the head with 1,280.
B0 = (
    Stage(1, 3, 1, 16, 1),
    Stage(6, 3, 2, 24, 2),
    Stage(6, 5, 2, 40, 2),
    Stage(6, 3, 2, 80, 3),
    Stage(6, 5, 1, 112, 3),
    Stage(6, 5, 2, 192, 4),
    Stage(6, 3, 1, 320, 1),
)
STEM, HEAD = 32, 1280


class _Flavour(NamedTuple):
    """What tells the original from Lite."""

    activation: Row
    norm: BatchNorm
    tf_same: bool
    squeeze_excite: bool

    def conv(self, channels: int, kernel_size: int = 1, stride: int = 1) -> Chain:
        padding = self._padding(kernel_size)
        row = Conv(channels, kernel_size, stride=stride, padding=padding, bias=False)
        return Chain(conv=row, bn=self.norm, act=self.activation)

    def depthwise(self, kernel_size: int, stride: int) -> Chain:
        padding = self._padding(kernel_size)
        row = DepthwiseConv(kernel_size, stride=stride, padding=padding, bias=False)
        return Chain(conv=row, bn=self.norm, act=self.activation)

    def _padding(self, kernel_size: int) -> int | str:
        if kernel_size == 1:
            return 0
        return "same" if self.tf_same else kernel_size // 2


def round_channels(channels: float) -> int:
    """Round to a multiple of 8, but never down by more than a tenth.

    Parameters
    ----------
    channels : float
        Channels of the base table, times a width.

    Examples
    --------
    >>> round_channels(1.1 * 32), round_channels(1.4 * 24), round_channels(1.4 * 320)
    (32, 32, 448)
    """
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded if rounded >= 0.9 * channels else rounded + 8


def _squeeze_excite(channels: int, squeezed: int) -> Scale:
    return Scale(
        avgpool=GlobalAvgPool(),
        fc1=Conv(squeezed, 1),
        act=SiLU(),
        fc2=Conv(channels, 1),
        sigmoid=Sigmoid(),
    )


def _mbconv(in_channels: int, stage: Stage, flavour: _Flavour) -> Row:
    """Inverted bottleneck: expand by 1×1, depthwise, squeeze-excite, project by 1×1."""
    expanded = stage.expansion * in_channels
    rows: dict[str, Row] = {}
    if stage.expansion != 1:
        rows["expand"] = flavour.conv(expanded)
    rows["depthwise"] = flavour.depthwise(stage.kernel_size, stage.stride)
    if flavour.squeeze_excite:
        rows["se"] = _squeeze_excite(expanded, in_channels // 4)
    rows["project"] = Chain(conv=Conv(stage.channels, 1, bias=False), bn=flavour.norm)
    main = Chain(**rows)
    if stage.stride == 1 and in_channels == stage.channels:
        return Add(main=main, shortcut=Identity())
    return main


def _stage(in_channels: int, stage: Stage, flavour: _Flavour) -> Chain:
    """Only the first block takes the stride and changes the channels."""
    first = _mbconv(in_channels, stage, flavour)
    rest = _mbconv(stage.channels, stage._replace(stride=1), flavour)
    return Chain(first, *[rest] * (stage.layers - 1))


def _efficientnet(width: float, depth: float, dropout: float, flavour: _Flavour) -> Chain:
    channels = round_channels(width * STEM)
    rows: dict[str, Row] = {"stage1": flavour.conv(channels, 3, stride=2)}
    for number, base in enumerate(B0, start=2):
        stage = base._replace(
            channels=round_channels(width * base.channels),
            layers=ceil(depth * base.layers),
        )
        rows[f"stage{number}"] = _stage(channels, stage, flavour)
        channels = stage.channels
    return Chain(
        **rows,
        stage9=flavour.conv(round_channels(width * HEAD)),
        avgpool=GlobalAvgPool(),
        flatten=Flatten(),
        dropout=Dropout(p=dropout),
        fc=Linear(1000),
    )


# The authors' release: width, depth, resolution, dropout; and the parameters.
COEFFICIENTS = {
    "b0": (1.0, 1.0, 224, 0.2, 5_288_548),
    "b1": (1.0, 1.1, 240, 0.2, 7_794_184),
    "b2": (1.1, 1.2, 260, 0.3, 9_109_994),
    "b3": (1.2, 1.4, 300, 0.3, 12_233_232),
    "b4": (1.4, 1.8, 380, 0.4, 19_341_616),
    "b5": (1.6, 2.2, 456, 0.4, 30_389_784),
    "b6": (1.8, 2.6, 528, 0.5, 43_040_704),
    "b7": (2.0, 3.1, 600, 0.5, 66_347_960),
}


def _flavour(name: str) -> _Flavour:
    """The original as torchvision builds it: B5 to B7 keep TensorFlow's batch normalisation."""
    norm = BatchNorm(eps=1e-3, momentum=0.01) if name >= "b5" else BatchNorm()
    return _Flavour(SiLU(), norm, tf_same=False, squeeze_excite=True)


def scaled(width: float, depth: float) -> Chain:
    """Scale B0's table: channels are rounded to multiples of 8, layers are rounded up.

    Parameters
    ----------
    width, depth : float
        Factors for channels, and for the layers of each of stages 2 to 8.

    Returns
    -------
    Chain
        The table; the resolution is that of the input which one sends through it.

    Examples
    --------
    >>> from cnnlab.count import summarize
    >>> summarize(scaled(1.0, 1.1), (3, 240, 240)).params
    7794184
    """
    return _efficientnet(width, depth, 0.2, _flavour("b0"))


_LITE = _Flavour(ReLU6(), BatchNorm(eps=1e-3, momentum=0.01), tf_same=True, squeeze_excite=False)

_NOTE = (
    "Padding is symmetric and batch normalisation has eps 1e-5 (B5 to B7: 1e-3), as in torchvision,"
    " so that its weights load; the authors' TensorFlow code pads more after than before and has"
    " eps 1e-3. Its training also skips whole blocks at random (stochastic depth), which the table"
    " leaves out. Width, depth and resolution are the released ones, rounded by hand from the"
    " powers of α, β and γ."
)

NETWORKS = (
    *(
        Network(
            f"efficientnet-{name}",
            _efficientnet(width, depth, dropout, _flavour(name)),
            (3, resolution, resolution),
            Published(
                source="M. Tan and Q. V. Le, EfficientNet, ICML 2019",
                year=2019,
                params=params,
                note=_NOTE + (" torchvision evaluates B2 at 288 pixels." if name == "b2" else ""),
            ),
        )
        for name, (width, depth, resolution, dropout, params) in COEFFICIENTS.items()
    ),
    Network(
        "efficientnet-lite0",
        _efficientnet(1.0, 1.0, 0.2, _LITE),
        (3, 224, 224),
        Published(
            source="R. Liu, EfficientNet-Lite, the authors' release, 2020",
            year=2020,
            params=4_652_008,
            note="B0 without squeeze-excite and with ReLU6 for SiLU, to suit integer hardware; the"
            ' larger Lites keep stem and head as they are here. Padding is TensorFlow\'s "same"'
            " and batch normalisation has eps 1e-3, because the released weights need them.",
        ),
    ),
)
