"""What is shown of a network: one block's inside, and how it differs from another network's."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest

from cnnlab._text import by
from cnnlab.explore.architecture.blocks import Block, Lane, Tree, tree


@dataclass(frozen=True)
class Level:
    """The inside of one block of a network, the whole network to begin with.

    Attributes
    ----------
    tree : Tree
        The network.
    block : Block
        Whose inside is shown.
    differs : dict of str to str
        By path of a block, in what it differs from its neighbour in the other network.
    """

    tree: Tree
    block: Block
    differs: dict[str, str] = field(default_factory=dict)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """What is shown, branch by branch."""
        return self.block.lanes

    @property
    def blocks(self) -> list[Block]:
        """All that is shown, one after another."""
        return [block for lane in self.lanes for block in lane]

    @property
    def title(self) -> str:
        """Name of the network and of the block."""
        return f"{self.tree.name} › {self.block.path}" if self.block.path else self.tree.name


def levels(network: str, beside: str, inside: str) -> tuple[Level, ...]:
    """One network, or two side by side with what differs.

    Parameters
    ----------
    network, beside : str
        Names in the zoo; ``beside`` may be "".
    inside : str
        Path of the block that is opened, in both if both have it.

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
