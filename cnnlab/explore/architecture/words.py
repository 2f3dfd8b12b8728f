"""What an architecture's blocks, bars and points say."""

from collections.abc import Iterator
from itertools import groupby

from cnnlab._text import by, counted
from cnnlab.count import BYTES_PER_NUMBER, MEGABYTE
from cnnlab.explore.architecture.blocks import Block
from cnnlab.explore.architecture.course import MEASURES, Point
from cnnlab.explore.architecture.levels import Level, whole
from cnnlab.explore.architecture.table import Connections


def share(part: int, total: int) -> str:
    """Percent of a whole, in words.

    Examples
    --------
    >>> share(1, 3), share(1, 10**6), share(0, 0)
    ('33 %', 'under 1 %', '0 %')
    """
    percent = 100 * part / total if total else 0.0
    return "under 1 %" if 0 < percent < 0.5 else f"{percent:.0f} %"


def size(number: int) -> str:
    """Bytes in words.

    Examples
    --------
    >>> size(600), size(1024**2)
    ('600 bytes', '1.00 MB')
    """
    return f"{number:,} bytes" if number < MEGABYTE / 100 else f"{number / MEGABYTE:.2f} MB"


def seen(block: Block) -> str:
    """What one unit of a block's output sees of the input."""
    if block.field is None:
        return "its units see parts of the input of different sizes"
    if not block.field:
        return "its units see the whole input"
    return f"a unit sees {by(tuple(field.size for field in block.field))} of the input"


def said(level: Level, block: Block) -> str:
    """Say a block in one sentence: shapes, parameters, MACs, receptive field, bytes."""
    total = level.tree.summary
    parts = [
        f"{whole(block)}: {by(block.in_shape)} → {by(block.out_shape)}",
        f"{block.params:,} parameters ({share(block.params, total.params)} of all)",
        f"{block.macs:,} MACs ({share(block.macs, total.macs)})",
        seen(block),
        f"weights {size(block.params * BYTES_PER_NUMBER)}, output {size(block.out_bytes)}",
    ]
    differs = level.differs.get(block.path)
    end = f". Different: {differs}" if differs else ""
    return f"{'; '.join(parts)}{end}."


def totals(level: Level) -> str:
    """One network, or one of its blocks, in a line."""
    found = level.block
    if not found.path:
        total = level.tree.summary
        shapes = f"{by(total.input_shape)} → {by(total.output_shape)}"
        numbers = f"{total.params:,} parameters, {total.macs:,} MACs"
    else:
        shapes = f"{by(found.in_shape)} → {by(found.out_shape)}"
        numbers = f"{found.params:,} parameters, {found.macs:,} MACs"
    times = f", {found.times} times" if found.times > 1 else ""
    return f"{level.title}{times}: {shapes}, {numbers}"


def where(level: Level) -> str:
    """Where most of the weights are, and where most of the work is."""
    total, blocks = level.tree.summary, [*level.parts()]
    heavy, busy = max(blocks, key=lambda b: b.params), max(blocks, key=lambda b: b.macs)
    return (
        f"most weights in {short(heavy)}, {share(heavy.params, total.params)}; "
        f"most work in {short(busy)}, {share(busy.macs, total.macs)}"
    )


def short(block: Block) -> str:
    """Name of a block in its table, and its title where that says more.

    Examples
    --------
    >>> from cnnlab.explore.architecture.blocks import tree
    >>> short(tree("alexnet").top.lanes[0][0])
    'conv1 (conv 11×11, 96)'
    """
    name = block.path.rpartition(".")[2]
    return name if name == block.title else f"{name} ({block.title})"


def line(levels: tuple[Level, ...], *, bars: bool) -> str:
    """All that is shown in one line."""
    text = " beside ".join(map(totals, levels))
    if bars:
        text += "; " + "; ".join(
            f"{level.tree.name}: {where(level)}" if len(levels) > 1 else where(level)
            for level in levels
        )
    if len(levels) > 1:
        text += f"; {counted(len(levels[0].differs), 'block')} of the first and "
        text += f"{counted(len(levels[1].differs), 'block')} of the second differ"
    return text


def course(measure: str, points: list[Point]) -> str:
    """The chart in one line."""
    first, last = points[0], points[-1]
    ends = (f"{p.milestone.name} {p.milestone.year}, {p.value:,.15g}" for p in (first, last))
    return f"{counted(len(points), 'network')} by year, {MEASURES[measure]}: {' → '.join(ends)}"


def table(found: Connections) -> str:
    """A connection table in one line, with the sum that gives its parameters."""
    ticks = f"{found.path}: {found.kernels} of {found.inputs * len(found.maps)} connections ticked"
    if found.params is None or found.total is None:
        return f"{ticks}; {problem(found)}"
    sizes = sorted(len(each) for each in found.maps)
    sums = " + ".join(f"{len([*run])}·({count}·{found.area} + 1)" for count, run in groupby(sizes))
    return f"{ticks}: {sums} = {found.params:,} parameters, {found.total:,} in the network"


def problem(found: Connections) -> str:
    """What is wrong with a connection table, or ""."""
    if not found.empty:
        return ""
    maps = ", ".join(str(i) for i in found.empty)
    return f"Output map {maps} reads nothing, so there is nothing to compute. Tick a connection."


def connected(found: Connections, output: int, source: int) -> str:
    """Say one cell of a connection table."""
    reads = found.maps[output]
    verb = "reads" if source in reads else "does not read"
    all_read = ", ".join(map(str, reads)) or "none"
    return (
        f"Output map {output} {verb} input map {source}. It reads {all_read}: "
        f"{counted(len(reads), 'kernel')} and a bias, "
        f"{len(reads)}·{found.area} + 1 = {len(reads) * found.area + 1} parameters."
    )


def code(levels: tuple[Level, ...], mode: str, found: Connections | None) -> Iterator[str]:
    """Lines that count what is shown."""
    yield "from cnnlab import zoo"
    if mode in MEASURES:
        yield "for one in zoo.history.milestones():"
        yield f"    print(one.name, one.year, one.{mode}, one.source)"
        return
    for level in levels:
        yield f'print(zoo.get("{level.tree.name}").summary())'
    if mode == "table" and found and found.params is not None:
        yield "from cnnlab.spec import TableConv"
        yield f"table = {found.maps}"
        rows = levels[0].tree.summary
        place = [row.path for row in rows.rows].index(found.path)
        row = rows.rows[place].row
        yield f"row = TableConv(table, {getattr(row, 'kernel_size', 5)})"
        shape = rows.rows[place - 1].output_shape
        yield f"row.param_shapes({shape})  # {found.params:,} numbers"
