"""An expression of one's own, its forward and backward pass, and what a nudge changes."""

import math
import re
from dataclasses import dataclass

from cnnlab.explore.graph.examples import EXAMPLES, GIVEN
from cnnlab.explore.scene import Fix
from cnnlab.scratch import graph
from cnnlab.scratch.graph import Backward, Graph, Node, equation

NOTHING = Graph((Node("?"),))
LONGEST_NAME = 20  # characters of a node called by what it computes
NO_VARIABLE = "expression: nothing in it can change. Write one with a variable, such as 3*x + 1."


@dataclass(frozen=True)
class Passes:
    """A graph with its numbers.

    Attributes
    ----------
    graph : Graph
        Of the part of the expression that can be read; ``NOTHING`` if there is none.
    values, moved : dict of str to float
        Of each node, and by how much the nudge moves it.
    backward : Backward
        Error signals and messages.
    leaf : str
        The variable that is nudged.
    problem : str
        Why something cannot be read, or "".
    """

    expression: str
    graph: Graph
    values: dict[str, float]
    backward: Backward
    leaf: str
    nudge: float
    moved: dict[str, float]
    problem: str = ""
    fixes: tuple[Fix, ...] = ()

    @property
    def shown(self) -> list[Node]:
        """Nodes that have a place of their own: all but the constants."""
        return [node for node in self.graph.nodes if node.constant is None]

    @property
    def turns(self) -> list[Node]:
        """Nodes with an operation, in the order of the backward pass."""
        return [node for node in self.shown[::-1] if node.operation]

    @property
    def predicted(self) -> float:
        """By how much the output would move if its slope in the leaf stayed the same."""
        return self.backward.signals[self.leaf] * self.nudge

    def called(self, name: str) -> str:
        """What a node is called: its name, or what it computes."""
        return called(self.graph, self.graph[name])

    def messages_to(self, name: str) -> list[tuple[str, float]]:
        """Who sends what to a node, in the order in which it arrives."""
        sent = self.backward.messages.items()
        return [(sender, value) for (sender, to, _), value in sent if to == name]


def formula(whole: Graph, node: Node) -> str:
    """What a node computes, with what its parents are called, in brackets where it must be.

    Examples
    --------
    >>> found = graph.parse("z = (w*x + b)**2")
    >>> formula(found, found["z"])
    '(w·x+b) ^ 2'
    """

    def inside(parent: Node) -> str:
        words = called(whole, parent)
        bare = len(node.parents) == 1 or node.operation == "+" or words == parent.name
        return words if bare else f"({words})"

    return equation(whole, node, inside)


def called(whole: Graph, node: Node) -> str:
    """Name of a node; one without a name is called by what it computes, if that is short.

    Examples
    --------
    >>> found = graph.parse("z = (w*x + b)**2")
    >>> [called(found, node) for node in found.nodes if node.operation]
    ['w·x', 'w·x+b', 'z']
    """
    if not node.is_unnamed:
        return node.name
    words = formula(whole, node).replace(" ", "")
    return words if len(words) <= LONGEST_NAME else node.name


def read(expression: str) -> tuple[Graph, str]:
    """Read an expression as far as it goes, and say what is wrong with the rest.

    Examples
    --------
    >>> found, problem = read("y = 3*x; z = lambda y")
    >>> found.names[-1], problem[:11]
    ('y', 'expression:')
    """
    try:
        whole = graph.parse(expression)
        return (whole, "") if whole.variables else (NOTHING, NO_VARIABLE)
    except ValueError as error:
        problem = str(error)
    parts = re.split(r"[;\n]", expression[: graph.MOST_CHARACTERS])
    for count in range(len(parts) - 1, 0, -1):
        try:
            part = graph.parse(";".join(parts[:count]))
        except ValueError:
            continue
        return (part if part.variables else NOTHING), problem
    return NOTHING, problem


def given(variables: tuple[str, ...], values: dict[str, float]) -> dict[str, float]:
    """A value for each variable, those that are not given in turn.

    Examples
    --------
    >>> given(("w", "x"), {"x": 7.0})
    {'w': 1.0, 'x': 7.0}
    """
    return {v: values.get(v, GIVEN[i % len(GIVEN)]) for i, v in enumerate(variables)}


def both_passes(*, expression: str, values: dict[str, float], leaf: str, nudge: float) -> Passes:
    """Go forward and back through an expression, and forward once more with a nudge.

    Parameters
    ----------
    expression : str
        As :func:`cnnlab.scratch.graph.parse` reads it; what it refuses becomes ``problem``.
    values : dict of str to float
        Of variables; one that is left out gets a value.
    leaf : str
        A variable.
    nudge : float
        What is added to it.

    Examples
    --------
    >>> diamond = EXAMPLES["diamond"].settings["expression"]
    >>> passes = both_passes(expression=diamond, values={"x": 1.0}, leaf="x", nudge=0.5)
    >>> passes.moved["c"], passes.predicted
    (10.5, 10.5)
    """
    found, problem = read(expression)
    back = EXAMPLES["diamond"].settings | {"leaf": "x"}
    fixes = [Fix("back to the diamond", back)] if problem else []
    leaves = found.variables
    if leaf not in leaves:
        problem = problem or f"leaf must be one of {', '.join(leaves)}, not {leaf!r}."
        fixes = fixes or [Fix(f"leaf {leaves[0]}", {"leaf": leaves[0]})]
        leaf = leaves[0]
    start = given(leaves, values) if found is not NOTHING else {"?": math.nan}
    now = found.forward(**start)
    after = found.forward(**start | {leaf: start[leaf] + nudge})
    moved = {name: _difference(now[name], after[name]) for name in found.names}
    backward = found.backward(now)
    return Passes(expression, found, now, backward, leaf, nudge, moved, problem, tuple(fixes))


def _difference(before: float, after: float) -> float:
    """How far it moved; what rounding alone may have moved is 0 on every processor."""
    moved = after - before
    return 0.0 if abs(moved) <= 1e-12 * max(abs(before), abs(after)) else moved
