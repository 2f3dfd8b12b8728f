"""Both passes of an expression, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass

from cnnlab.explore.graph import words
from cnnlab.explore.graph.examples import EXAMPLES, named
from cnnlab.explore.graph.passes import Passes, both_passes, given
from cnnlab.explore.scene import Grid, Link, Play, Scene
from cnnlab.scratch.graph import Node, Place, places

MOST = 25  # nodes with room for their numbers at every width
NUDGED = "In the last line, how far the nudge moves it."
CROWDED = "So many nodes leave little room for numbers: point at one, and read."
LEGEND = "On each node: its name, its value, and below them its error signal."


@dataclass(frozen=True, kw_only=True)
class GraphScene(Scene):
    """A graph's passes, the places of its nodes, and what is said of them.

    Attributes
    ----------
    steps : tuple of int
        How many steps go forward, and how many back.
    """

    passes: Passes
    places: dict[str, Place]
    steps: tuple[int, int]

    @property
    def last(self) -> str:
        """Key of the last step, after which all numbers are there."""
        return f"step:{sum(self.steps) - 1}"


def graph_scene(
    *, expression: str, values: dict[str, float], leaf: str, nudge: float
) -> GraphScene:
    """Say both passes of an expression.

    Parameters
    ----------
    expression, values, leaf, nudge
        As in :func:`cnnlab.explore.graph.passes.both_passes`.

    Examples
    --------
    >>> scene = graph_scene(expression="y = 3*x", values={"x": 2.0}, leaf="x", nudge=0.1)
    >>> scene.links["step:1"]["text"]
    'Forward: y = 3 · x = 3 · 2 = 6.'
    >>> scene.formulas[0]
    'nudge x by 0.1: y moves by 0.3, its error signal predicts 3 · 0.1 = 0.3, as predicted'
    """
    passes = both_passes(expression=expression, values=values, leaf=leaf, nudge=nudge)
    at = places(passes.graph)
    steps = {f"step:{i}": link for i, link in enumerate((*_forward(passes), *_back(passes)))}
    forward = 1 + sum(bool(node.operation) for node in passes.shown)
    return GraphScene(
        passes=passes,
        places=at,
        steps=(forward, len(steps) - forward),
        text=words.summary(passes),
        problem=passes.problem,
        fixes=passes.fixes,
        formulas=words.nudge(passes),
        code=words.code(passes),
        grids=[*_step_grids([*steps], forward), _node_grid(at)],
        links=steps | {f"node:{node.name}": _node(passes, node) for node in passes.shown},
        play=Play(grid="step", label="steps"),
        edits=["node"],
        hint="Play the steps, point at a node, or type a new value into a leaf.",
        note=_note(passes),
    )


def _note(passes: Passes) -> str:
    leaves = given(passes.graph.variables, passes.values)
    example = EXAMPLES.get(named(passes.expression, leaves))
    legend = f"{LEGEND} {NUDGED}" if passes.nudge else LEGEND
    if len(passes.shown) > MOST:
        return f"{legend} {CROWDED}"
    return f"{legend} {example.sentence} Try: {example.question}" if example else legend


def _step_grids(keys: list[str], forward: int) -> list[Grid]:
    return [Grid(name="step", label="steps", keys=[keys[:forward], keys[forward:]])]


def _node_grid(at: dict[str, Place]) -> Grid:
    """Nodes from left to right, in rows from top to bottom."""
    rows: dict[int, list[str]] = {}
    for name, place in sorted(at.items(), key=lambda item: item[1].column):
        rows.setdefault(round(place.row), []).append(f"node:{name}")
    return Grid(name="node", label="nodes", keys=[rows[row] for row in sorted(rows)])


def _forward(passes: Passes) -> Iterator[Link]:
    """First the leaves, then one node after the other."""
    leaves = [node for node in passes.shown if not node.operation]
    known = {f"value:{node.name}": words.brief(passes.values[node.name]) for node in leaves}
    listed = ", ".join(words.computed(passes, node) for node in leaves)
    marks = {"output": [f"node:{node.name}" for node in leaves]}
    yield Link(text=f"The leaves are given: {listed}.", marks=marks, put=dict(known))
    for node in passes.shown:
        if node.operation:
            known[f"value:{node.name}"] = words.brief(passes.values[node.name])
            marks = {"window": _parents(passes, node), "output": [f"node:{node.name}"]}
            text = f"Forward: {words.computed(passes, node)}."
            yield Link(text=text, marks=marks, put=dict(known))


def _back(passes: Passes) -> Iterator[Link]:
    """One node after the other says what it has heard, and sends messages."""
    known, sums = _values(passes), {passes.graph.output: 1.0}
    known[f"signal:{passes.graph.output}"] = "1"
    for node in passes.turns:
        for place, name in enumerate(node.parents):
            if passes.graph[name].constant is None:
                message = passes.backward.messages[node.name, name, place]
                sums[name] = sums.get(name, 0.0) + message
                known[f"signal:{name}"] = words.brief(sums[name])
        text = f"Back: {words.heard(passes, node.name)}. {words.sends(passes, node)}."
        marks = {"weight": _parents(passes, node), "output": [f"node:{node.name}"]}
        yield Link(text=text, marks=marks, put=known | _sent(passes, node))
    yield Link(text=_all_signals(passes), put=known | _signals(passes))


def _all_signals(passes: Passes) -> str:
    output = passes.graph.output
    each = [
        f"{name} {words.said(passes.backward.signals[name])}" for name in passes.graph.variables
    ]
    return f"Done. The slopes of {output} in its leaves: {', '.join(each)}."


def _node(passes: Passes, node: Node) -> Link:
    """What one node has computed, heard and sent."""
    here = f"node:{node.name}"
    readers = [f"node:{sender}" for sender, _ in passes.messages_to(node.name)]
    marks = {"window": _parents(passes, node), "weight": [*dict.fromkeys(readers)]}
    text = (
        f"{words.computed(passes, node)}. {words.heard(passes, node.name)}. "
        f"{words.sends(passes, node)}."
    )
    if passes.nudge and passes.moved[node.name]:
        text += f" The nudge moves it by {words.said(passes.moved[node.name])}."
    received = {
        _slot(sender, to, place): words.brief(value)
        for (sender, to, place), value in passes.backward.messages.items()
        if to == node.name
    }
    put = _values(passes) | _signals(passes) | received | _sent(passes, node)
    return Link(text=text, marks={k: v for k, v in marks.items() if here not in v}, put=put)


def _parents(passes: Passes, node: Node) -> list[str]:
    parents = dict.fromkeys(node.parents)
    return [f"node:{name}" for name in parents if passes.graph[name].constant is None]


def _values(passes: Passes) -> dict[str, str]:
    return {f"value:{node.name}": words.brief(passes.values[node.name]) for node in passes.shown}


def _signals(passes: Passes) -> dict[str, str]:
    signals = passes.backward.signals
    return {f"signal:{node.name}": words.brief(signals[node.name]) for node in passes.shown}


def _slot(sender: str, to: str, place: int) -> str:
    return f"message:{sender},{to},{place}"


def _sent(passes: Passes, node: Node) -> dict[str, str]:
    return {
        _slot(node.name, parent, place): words.brief(
            passes.backward.messages[node.name, parent, place]
        )
        for place, parent in enumerate(node.parents)
        if passes.graph[parent].constant is None
    }
