"""The blocks as specifications, and what each is for."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from cnnlab.count import Summary, summarize
from cnnlab.explore.architecture.blocks import Block, Lane, Tree, read
from cnnlab.spec import Add, Chain, Combinator, Conv, Identity, ReLU, Row, Shape, separable
from cnnlab.zoo import googlenet, squeezenet

KINDS = {
    "plain": "plain 3×3",
    "nin": "Network in Network",
    "bottleneck": "bottleneck",
    "inception": "Inception",
    "residual": "residual block",
    "fire": "fire module",
    "separable": "separable",
}
PURPOSE = {
    "plain": "One convolution of 3×3, which all the others are measured by.",
    "nin": "Two 1×1 convolutions behind a 3×3 are a small dense network at every pixel.",
    "bottleneck": "The 1×1 makes fewer maps, so that the 3×3 behind it has less to read.",
    "inception": "Four paths read the same maps. A quarter of the output comes from the 1×1, half "
    "from the 3×3, an eighth each from the 5×5 and from the pooling. The bottleneck before the 5×5 "
    "is a sixth as wide as the one before the 3×3.",
    "residual": "The block computes a change and adds its input; where the maps do not fit, a 1×1 "
    "makes them fit. Batch normalisation is left out here.",
    "fire": "A squeeze to few maps, then 1×1 and 3×3 side by side. SR is the squeezed maps by all "
    "expanded ones, PCT the share of the expanded ones that are 3×3.",
    "separable": "Each map gets a 3×3 kernel of its own, and the 1×1 behind mixes the maps.",
}


class Choice(NamedTuple):
    """A block's settings.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    inputs, outputs : int
        Maps that enter and leave.
    narrow : int
        Maps that the bottleneck makes, in front of the 3×3.
    squeeze, share : float
        SR and PCT3×3 of a fire module, in percent.
    size : int
        Pixels of a side of each map.
    biases : bool
    """

    kind: str
    inputs: int
    outputs: int
    narrow: int
    squeeze: float
    share: float
    size: int
    biases: bool

    @property
    def shape(self) -> Shape:
        """Shape that enters."""
        return (self.inputs, self.size, self.size)


@dataclass(frozen=True)
class Built:
    """A block and the plain convolution beside it, both counted.

    Attributes
    ----------
    row : Row
        The block's specification.
    tree : Tree
        The same as layers with their counts.
    plain : Summary
        A 3×3 convolution with the same maps in and out.
    """

    row: Row
    tree: Tree
    plain: Summary

    @property
    def before(self) -> Lane:
        """Layers in a row before the block forks; all of them if it does not."""
        return tuple(block for block in self._series if not block.lanes)

    @property
    def fork(self) -> Block | None:
        """What holds the paths side by side."""
        return next((block for block in self._series if block.lanes), None)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The paths, if there are several; an empty one hands on its input."""
        return self.fork.lanes if self.fork else ()

    @property
    def layers(self) -> Lane:
        """All layers, path by path."""
        return (*self.before, *(layer for lane in self.lanes for layer in lane))

    @property
    def _series(self) -> Lane:
        top = self.tree.top
        return (top,) if top.join else top.lanes[0]


def built(choice: Choice) -> Built:
    """Count a block and the plain 3×3 of the same maps.

    Examples
    --------
    >>> ladder = Choice("bottleneck", 256, 32, 64, 12.5, 50, 28, False)
    >>> found = built(ladder)
    >>> found.tree.summary.params, found.plain.params
    (34816, 73728)
    """
    row = specification(choice)
    plain = summarize(_conv(choice.outputs, 3, choice.biases), choice.shape)
    return Built(row, read(KINDS[choice.kind], row, choice.shape), plain)


def specification(choice: Choice) -> Row:
    """The block as a table of rows.

    Examples
    --------
    >>> specification(Choice("plain", 16, 32, 8, 50, 50, 14, True))
    Chain(conv=Conv(32, 3, padding=1), relu=ReLU())
    """
    row = _MAKERS[choice.kind](choice)
    return row if choice.biases else _without_biases(row)


def _conv(outputs: int, kernel_size: int, bias: bool = True) -> Conv:
    return Conv(outputs, kernel_size, padding=kernel_size // 2, bias=bias)


def _plain(choice: Choice) -> Row:
    return Chain(conv=_conv(choice.outputs, 3), relu=ReLU())


def _nin(choice: Choice) -> Row:
    k = choice.outputs
    return Chain(
        conv=_conv(k, 3), relu=ReLU(), cccp1=_conv(k, 1), relu1=ReLU(), cccp2=_conv(k, 1), relu2=ReLU()
    )  # fmt: skip


def _bottleneck(choice: Choice) -> Row:
    reduce, conv = _conv(choice.narrow, 1), _conv(choice.outputs, 3)
    return Chain(reduce=reduce, relu1=ReLU(), conv=conv, relu2=ReLU())


def _inception(choice: Choice) -> Row:
    eighth, narrow = choice.outputs // 8, choice.narrow
    widths = 2 * eighth, narrow, 4 * eighth, max(round(narrow / 6), 1), eighth, eighth
    return googlenet.inception(googlenet.conv, 5, *widths)


def _residual(choice: Choice) -> Row:
    k = choice.outputs
    path = Chain(conv1=_conv(k, 3), relu1=ReLU(), conv2=_conv(k, 3))
    shortcut = Identity() if choice.inputs == k else _conv(k, 1)
    return Chain(sum=Add(main=path, shortcut=shortcut), relu=ReLU())


def _fire(choice: Choice) -> Row:
    narrow, large = (round(p / 100 * choice.outputs) for p in (choice.squeeze, choice.share))
    if large < choice.outputs:
        return squeezenet.fire(narrow, choice.outputs - large, large)
    squeeze, expand = _conv(narrow, 1), _conv(large, 3)
    return Chain(squeeze1x1=squeeze, relu1=ReLU(), expand3x3=expand, relu2=ReLU())


def _separable(choice: Choice) -> Row:
    return Chain(**dict(separable(choice.outputs, 3).children), relu=ReLU())


_MAKERS = {
    "plain": _plain,
    "nin": _nin,
    "bottleneck": _bottleneck,
    "inception": _inception,
    "residual": _residual,
    "fire": _fire,
    "separable": _separable,
}


def _without_biases(row: Row) -> Row:
    if isinstance(row, Combinator):
        return type(row)(**{name: _without_biases(child) for name, child in row.children})
    return replace(row, bias=False) if isinstance(row, Conv) else row
