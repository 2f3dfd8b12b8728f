"""What is shown of a network: its blocks, one of them unfolded, and how they differ from another's."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from cnnlab._text import by
from cnnlab.explore.architecture.blocks import Block, Lane, Tree, tree


@dataclass(frozen=True)
class Level:
    """A network as it is unfolded: one block may be, and with it those around it.

    Attributes
    ----------
    tree : Tree
        The network.
    block : Block
        The innermost that is unfolded, the whole network if none is.
    differs : dict of str to str
        By path of a block, in what it differs from its neighbour in the other network.
    """

    tree: Tree
    block: Block
    differs: dict[str, str] = field(default_factory=dict)

    def unfolds(self, block: Block) -> bool:
        """Whether what is in a block is shown where it stands."""
        return bool(block.lanes) and f"{self.block.path}.".startswith(f"{block.path}.")

    def rows(self, lanes: tuple[Lane, ...] | None = None) -> Iterator[Lane]:
        """All that is shown, a stretch of a branch a row; an unfolded block ends its row."""
        for lane in self.tree.top.lanes if lanes is None else lanes:
            row: Lane = ()
            for block in lane:
                row = (*row, block)
                if self.unfolds(block):
                    yield row
                    yield from self.rows(block.lanes)
                    row = ()
            if row:
                yield row

    @property
    def blocks(self) -> list[Block]:
        """All that is shown, the unfolded ones too, each before what is in it."""
        return [block for row in self.rows() for block in row]

    def parts(self, lanes: tuple[Lane, ...] | None = None, times: int = 1) -> Iterator[Block]:
        """The folded blocks, each with the counts of all times it comes: together, the network."""
        for lane in self.tree.top.lanes if lanes is None else lanes:
            for block in lane:
                if self.unfolds(block):
                    yield from self.parts(block.lanes, times * block.times)
                else:
                    yield replace(block, params=times * block.params, macs=times * block.macs)

    @property
    def title(self) -> str:
        """Name of the network and of the unfolded block."""
        return f"{self.tree.name} › {self.block.path}" if self.block.path else self.tree.name


def levels(network: str, beside: str, inside: str) -> tuple[Level, ...]:
    """One network, or two side by side with what differs.

    Parameters
    ----------
    network, beside : str
        Names in the zoo; ``beside`` may be "".
    inside : str
        Path of the block that is unfolded, in both if both have it.

    Examples
    --------
    >>> one, other = levels("resnet-18", "resnet-34", "")
    >>> sorted(one.differs)
    ['layer1', 'layer2', 'layer3', 'layer4']
    """
    first = tree(network)
    here = Level(first, first.find(inside))
    if not beside:
        return (here,)
    second = tree(beside)
    there = Level(second, second.find(inside))
    some, others = _compared(here, there)
    return Level(here.tree, here.block, some), Level(there.tree, there.block, others)


def _compared(here: Level, there: Level) -> tuple[dict[str, str], dict[str, str]]:
    """For each side, by path, what its blocks have and the other's have not."""
    sides = here.blocks, there.blocks
    mine, yours = ([block.looks for block in side] for side in sides)
    some: dict[str, str] = {}
    others: dict[str, str] = {}
    for _, i, j, k, m in SequenceMatcher(a=mine, b=yours, autojunk=False).get_opcodes():
        for one, other in zip_longest(sides[0][i:j], sides[1][k:m]):
            if one and (said := _apart(one, other, there.tree.name)):
                some[one.path] = said
            if other and (said := _apart(other, one, here.tree.name)):
                others[other.path] = said
    return some, others


def _apart(block: Block, other: Block | None, name: str) -> str:
    if other is None:
        return f"{name} has nothing in its place"
    if block.looks != other.looks:
        return f"{name} has {whole(other)} in its place, {other.params:,} parameters"
    if (block.out_shape, block.params) != (other.out_shape, other.params):
        return f"in {name} the same layer gives {by(other.out_shape)} and has {other.params:,} parameters"
    return ""


def whole(block: Block) -> str:
    """Title of a block with all its details.

    Examples
    --------
    >>> whole(tree("resnet-18").find("layer1"))
    '2 × layer1 (residual, ReLU)'
    """
    times = f"{block.times} × " if block.times > 1 else ""
    return f"{times}{block.title}" + (f" ({', '.join(block.details)})" if block.details else "")
