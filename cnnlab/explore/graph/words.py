"""A graph's two passes in words: one sentence for each step and each node, and as code."""

import math

from cnnlab._text import listed
from cnnlab.explore.graph.passes import NOTHING, Passes, formula
from cnnlab.explore.numbers import literal, short
from cnnlab.scratch.graph import Node, equation

LONGEST = 6  # characters of a number that stands on a node


def said(value: float) -> str:
    """A number in a sentence; what may be rounding alone is 0.

    Examples
    --------
    >>> said(1 / 3), said(-1e-17), said(float("nan"))
    ('0.333', '0', 'NaN')
    """
    return "0" if abs(value) < 1e-9 else short(value)


def brief(value: float) -> str:
    """A number on a node, in at most six characters.

    Examples
    --------
    >>> brief(-0.04567), brief(-1234567.0)
    ('−0.046', '−1.2e6')
    """
    words = said(value)
    for digits in (2, 1):
        if len(words) > LONGEST:
            words = said(float(f"{value:.{digits}g}")).replace("e+0", "e").replace("e+", "e")
    return words


def in_brackets(value: float) -> str:
    """A number after an operation's sign.

    Examples
    --------
    >>> in_brackets(-2.0), in_brackets(3.0)
    ('(−2)', '3')
    """
    words = said(value)
    return f"({words})" if words[0] == "−" else words


def computed(passes: Passes, node: Node) -> str:
    """How a node gets its value.

    Parameters
    ----------
    passes : Passes
    node : Node

    Examples
    --------
    >>> from cnnlab.explore.graph.passes import both_passes
    >>> passes = both_passes(expression="y = 3*x", values={"x": 2.0}, leaf="x", nudge=0.0)
    >>> computed(passes, passes.graph["y"])
    'y = 3 · x = 3 · 2 = 6'
    """
    graph, values = passes.graph, passes.values
    value = said(values[node.name])
    if not node.operation:
        return f"{node.name} = {value}"
    name = passes.called(node.name)
    numbers = equation(graph, node, lambda parent: in_brackets(values[parent.name]))
    start = f"{name} = {formula(graph, node)}" if name == node.name else name
    return f"{start} = {numbers} = {value}"


def heard(passes: Passes, name: str) -> str:
    """Where the error signal of a node comes from.

    Parameters
    ----------
    passes : Passes
    name : str
        Of a node.
    """
    signal, mine = said(passes.backward.signals[name]), passes.called(name)
    if name == passes.graph.output:
        return f"{mine} is the output, so its error signal is 1"
    arrived = passes.messages_to(name)
    if not arrived:
        return f"{mine} has heard nothing, as the output does not depend on it: its signal is 0"
    each = listed([f"{said(message)} from {passes.called(sender)}" for sender, message in arrived])
    if len(arrived) == 1:
        return f"{mine} has heard {each}: that is its error signal"
    total = " + ".join(in_brackets(message) for _, message in arrived)
    return f"{mine} has heard {each}; its error signal is their sum, {total} = {signal}"


def sends(passes: Passes, node: Node) -> str:
    """What a node sends to the nodes it was computed from: its signal times its slope."""
    if not node.operation:
        return "It is a leaf, so it sends nothing on"
    signal = said(passes.backward.signals[node.name])
    slopes = passes.graph.slopes(node, passes.values)
    each = [
        f"{signal} · {in_brackets(slope)} = {said(_message(passes, node, place))} to {passes.called(parent)}"
        for place, (parent, slope) in enumerate(zip(node.parents, slopes, strict=True))
        if passes.graph[parent].constant is None
    ]
    return (
        f"It sends {listed(each)}" if each else "It reads constants alone, so it sends nothing on"
    )


def _message(passes: Passes, node: Node, place: int) -> float:
    return passes.backward.messages[node.name, node.parents[place], place]


def summary(passes: Passes) -> str:
    """Both passes in one line.

    Parameters
    ----------
    passes : Passes
    """
    if passes.graph is NOTHING:
        return passes.problem
    shown = passes.shown
    values = ", ".join(
        f"{passes.called(node.name)} {said(passes.values[node.name])}" for node in shown
    )
    signals = ", ".join(
        f"{passes.called(node.name)} {said(passes.backward.signals[node.name])}"
        for node in shown[::-1]
    )
    nudged = f"; {nudge(passes)[0]}" if passes.nudge else ""
    problem = f" {passes.problem}" if passes.problem else ""
    return f"values: {values}; error signals: {signals}{nudged}{problem}"


def nudge(passes: Passes) -> list[str]:
    """What a nudge of the leaf changes, against what the error signal predicts."""
    if not passes.nudge:
        return []
    leaf, output = passes.leaf, passes.graph.output
    moved, predicted, goal = passes.moved[output], passes.predicted, passes.called(output)
    by = f"{said(passes.backward.signals[leaf])} · {in_brackets(passes.nudge)}"
    end = _compared(moved, predicted, passes.values[output])
    others = [
        f"{passes.called(node.name)} by {said(passes.moved[node.name])}"
        for node in passes.shown
        if node.operation and passes.moved[node.name] and node.name != output
    ]
    return [
        f"nudge {leaf} by {said(passes.nudge)}: {goal} moves by {said(moved)}, its error signal "
        f"predicts {by} = {said(predicted)}, {end}",
        *([f"on the way: {listed(others)}"] if others else []),
    ]


def _compared(moved: float, predicted: float, value: float) -> str:
    """How near a prediction came; what rounding alone may be off is not told."""
    off, least = predicted - moved, 1e-9 * abs(moved) + 1e-12 * abs(value)
    if not math.isfinite(off):
        return "which cannot be compared"
    if abs(off) <= least:
        return "as predicted"
    if abs(moved) <= least:
        return "so the prediction is wrong"
    side = "much" if off * moved > 0 else "little"
    return f"so it promises {said(100 * abs(off / moved))} % too {side}"


def code(passes: Passes) -> list[str]:
    """Lines that compute what is shown, by hand-written passes and by PyTorch.

    Parameters
    ----------
    passes : Passes
    """
    if passes.problem:
        return [f"# {passes.problem}"]
    leaves = passes.graph.variables
    values = {name: literal(passes.values[name]) for name in leaves}
    return [
        "from cnnlab.scratch import graph",
        f"expression = graph.parse({passes.expression!r})",
        f"values = expression.forward(**{{{', '.join(f'{n!r}: {v}' for n, v in values.items())}}})",
        "signals = expression.backward(values).signals",
        "",
        "# PyTorch",
        "import torch",
        *(
            f"{name} = torch.tensor({value}, dtype=torch.float64, requires_grad=True)"
            for name, value in values.items()
        ),
        *(f"{node.name} = {_torch(passes, node)}" for node in passes.shown if node.operation),
        f"{passes.graph.output}.backward()",
        *(f"{name}.grad  # {said(passes.backward.signals[name])}" for name in leaves),
    ]


def _torch(passes: Passes, node: Node) -> str:
    parents = [passes.graph[name] for name in node.parents]
    read = [p.name if p.constant is None else f"({literal(p.constant)})" for p in parents]
    if len(read) == 2:
        return f"{read[0]} {node.operation} {read[1]}"
    if node.operation == "neg":
        return f"-{read[0]}"
    return f"torch.{node.operation}({read[0]})"
