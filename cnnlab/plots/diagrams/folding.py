"""Shorter forms of a structure, for networks that are too long to show in full.

Each keeps the shapes that enter and leave, the parameters and the number of rows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby

from cnnlab._text import by
from cnnlab.plots.diagrams.structure import Block, Fork, Node, Section, Series, params, passes, rows


def forms(series: Series) -> Iterator[Series]:
    """Go from the full structure to ever shorter ones."""
    full = within(series, dissolved)
    yield full
    yield within(full, folded)
    yield within(inner_forks_closed(full), folded)
    yield within(forks_closed(full), folded)
    sections = sections_closed(within(series, forks_closed))
    yield within(within(sections, dissolved), folded)
    yield stages_closed(within(sections, dissolved))


def within(series: Series, change: Callable[[Series], Series]) -> Series:
    """Change every series, the innermost first."""
    nodes: list[Node] = []
    for node in series:
        if isinstance(node, Fork):
            branches = tuple(within(branch, change) for branch in node.branches)
            nodes.append(replace(node, branches=branches))
        elif isinstance(node, Section):
            nodes.append(replace(node, body=within(node.body, change)))
        else:
            nodes.append(node)
    return change(tuple(nodes))


def dissolved(series: Series) -> Series:
    """Forget what the specification keeps together."""
    nodes: list[Node] = []
    for node in series:
        nodes += node.body if isinstance(node, Section) and node.times == 1 else (node,)
    return tuple(nodes)


def folded(series: Series) -> Series:
    """Write equal nodes in a row once, with the number of times.

    Examples
    --------
    >>> from cnnlab.spec import Chain, Conv
    >>> from cnnlab.plots.diagrams.structure import structure
    >>> same = Conv(8, 3, padding=1)
    >>> conv, again = folded(structure(Chain(Conv(8, 3), same, same, same), (3, 9, 9)))
    >>> again.times, again.params == 3 * again.body[0].params
    (3, True)
    """
    numbers: dict[Node, int] = {}
    names = [numbers.setdefault(node, len(numbers)) for node in series]
    nodes: list[Node] = []
    start = 0
    while start < len(series):
        period, times = _repetition(names, start)
        body = series[start : start + period]
        nodes += (Section(folded(body), times),) if times > 1 else body
        start += period * times
    return tuple(nodes)


def _repetition(names: list[int], start: int) -> tuple[int, int]:
    """Shortest period from ``start`` that covers most nodes, and how often it comes."""
    best = 1, 1
    for period in range(1, (len(names) - start) // 2 + 1):
        body, times = names[start : start + period], 1
        while names[start + times * period : start + (times + 1) * period] == body:
            times += 1
        if times > 1 and period * times > best[0] * best[1]:
            best = period, times
    return best


def inner_forks_closed(series: Series) -> Series:
    """Show forks inside branches as one box each."""
    return tuple(
        replace(node, branches=tuple(within(branch, forks_closed) for branch in node.branches))
        if isinstance(node, Fork)
        else node
        for node in series
    )


def forks_closed(series: Series) -> Series:
    """Show every fork as one box that lists its branches."""
    return tuple(_closed(node) if isinstance(node, Fork) else node for node in series)


def sections_closed(series: Series) -> Series:
    """Show what the specification keeps together as one box."""
    return tuple(
        Block(
            f"block of {node.rows} rows",
            "group",
            node.in_shape,
            node.out_shape,
            (content(node.body).replace(" →", "\n→"),),
            params=node.params,
            rows=node.rows,
        )
        if isinstance(node, Section) and node.times == 1
        else node
        for node in series
    )


def stages_closed(series: Series) -> Series:
    """Show neighbours with maps of one size as one box that counts what it holds."""
    stages: list[list[Node]] = []
    for node in series:
        if not stages or stages[-1][-1].out_shape[1:] != node.out_shape[1:]:
            stages.append([])
        stages[-1].append(node)
    return tuple(stage[0] if len(stage) == 1 else _stage(tuple(stage)) for stage in stages)


def _closed(fork: Fork) -> Block:
    lines = [content(branch) for branch in fork.branches if not passes(branch)]
    if fork.join.title != "concat":  # few branches: one line for each layer
        lines = [line.replace(" →", "\n→") for line in lines]
    title = {"+": "residual block", "×": "gate"}.get(
        fork.join.title, f"concat of {len(fork.branches)} branches"
    )
    if fork.join.title == "+":
        lines[1:] = [f"+ {line}" for line in lines[1:]]
    return replace(
        fork.join,
        title=title,
        kind="group",
        settings=tuple(lines),
        params=fork.params,
        rows=fork.rows,
    )


def content(series: Series) -> str:
    """Titles of nodes one after another."""
    runs = [(title, len(list(run))) for title, run in groupby(map(_title, series))]
    return " → ".join(title if count == 1 else f"{count} × {title}" for title, count in runs)


def _title(node: Node) -> str:
    if isinstance(node, Fork):
        return _closed(node).title
    if isinstance(node, Section):
        return content(node.body) if node.times == 1 else f"{node.times} × ({content(node.body)})"
    return node.title


def _stage(series: Series) -> Block:
    size = series[-1].out_shape[1:]
    kinds = Counter[str]()
    _count_kinds(series, kinds, 1)
    number = rows(series)
    lines = [f"{n} × {name}" if n > 1 else name for name, n in kinds.items()]
    if len(lines) > 5:
        lines[4:] = [f"and {len(lines) - 4} more"]
    return Block(
        f"{number} rows at {by(size)}" if size else f"{number} flat rows",
        "group",
        series[0].in_shape,
        series[-1].out_shape,
        tuple(lines),
        params=params(series),
        rows=number,
    )


def _count_kinds(series: Series, kinds: Counter[str], times: int) -> None:
    for node in series:
        if isinstance(node, Section):
            _count_kinds(node.body, kinds, times * node.times)
        else:
            kinds[_title(node)] += times
