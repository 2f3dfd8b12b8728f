"""A graph of named nodes: its forward pass and its backward pass, message by message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.graph.operations import OPERATIONS


@dataclass(frozen=True)
class Node:
    """One number of a graph.

    Parameters
    ----------
    name : str
    operation : str
        A key of ``OPERATIONS``; empty for a variable or a constant.
    parents : tuple of str
        The nodes that it reads, in order; one that is read twice stands twice.
    constant : float, optional
        The value of a constant.

    Examples
    --------
    >>> Node("z", "*", ("w", "x")).is_variable
    False
    """

    name: str
    operation: str = ""
    parents: tuple[str, ...] = ()
    constant: float | None = None

    @property
    def is_variable(self) -> bool:
        """Whether its value is given from outside."""
        return not self.operation and self.constant is None

    @property
    def is_unnamed(self) -> bool:
        """Whether it only has a name such as v1, which ``parse`` gives to what has none."""
        return bool(self.operation) and self.name[0] == "v" and self.name[1:].isdigit()


class Backward(NamedTuple):
    """What a backward pass leaves behind.

    Attributes
    ----------
    signals : dict of str to float
        The error signal of each node: the slope of the output in it.
    messages : dict of (str, str, int) to float
        From a node to its parent, by name and by place among its parents: the node's error
        signal times the node's slope in that parent.
    """

    signals: dict[str, float]
    messages: dict[tuple[str, str, int], float]


@dataclass(frozen=True)
class Graph:
    """Nodes in an order in which each comes after all that it reads.

    Parameters
    ----------
    nodes : tuple of Node
        The last one is the output.

    Raises
    ------
    ValueError
        If a name stands twice, a node reads a later or unknown one, or there is no node.

    Examples
    --------
    >>> square = Graph((Node("x"), Node("y", "*", ("x", "x"))))
    >>> values = square.forward(x=3.0)
    >>> square.backward(values).signals
    {'x': 6.0, 'y': 1.0}
    """

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        known: set[str] = set()
        for node in self.nodes:
            if node.name in known:
                raise ValueError(f"graph: each name must stand once, but {node.name!r} is twice.")
            unknown = [parent for parent in node.parents if parent not in known]
            if unknown:
                raise ValueError(
                    f"graph: {node.name!r} must come after what it reads, but {unknown[0]!r} is "
                    "not before it. Write the nodes in topological order."
                )
            known.add(node.name)
        if not known:
            raise ValueError("graph: there must be at least one node, but there is none.")

    def __getitem__(self, name: str) -> Node:
        """The node of this name."""
        for node in self.nodes:
            if node.name == name:
                return node
        names = ", ".join(node.name for node in self.nodes)
        raise KeyError(f"graph: a node must be one of {names}, not {name!r}.")

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the nodes whose value is given from outside."""
        return tuple(node.name for node in self.nodes if node.is_variable)

    @property
    def output(self) -> str:
        """Name of the last node."""
        return self.nodes[-1].name

    def forward(self, /, **variables: float) -> dict[str, float]:
        """Compute every node once, from the variables to the output.

        Parameters
        ----------
        **variables : float
            A value for each variable.

        Returns
        -------
        dict of str to float
            NaN or infinity where an operation has no value, as in ``log(-1)``.

        Raises
        ------
        ValueError
            If a variable has no value, or a value has no variable.

        Examples
        --------
        >>> Graph((Node("x"), Node("y", "exp", ("x",)))).forward(x=0.0)
        {'x': 0.0, 'y': 1.0}
        """
        for wrong, fault in (
            (set(self.variables) - set(variables), "has no value"),
            (set(variables) - set(self.variables), "is no variable"),
        ):
            if wrong:
                raise ValueError(
                    f"graph: forward must be given a value for each of "
                    f"{', '.join(self.variables) or 'no variables'}, but {min(wrong)!r} {fault}."
                )
        values: dict[str, float] = {}
        with np.errstate(all="ignore"):
            for node in self.nodes:
                if node.operation:
                    given = (np.float64(values[parent]) for parent in node.parents)
                    value = OPERATIONS[node.operation].value(*given)
                else:
                    value = variables[node.name] if node.constant is None else node.constant
                values[node.name] = float(value)
        return values

    def slopes(self, node: Node, values: Mapping[str, float]) -> tuple[float, ...]:
        """Partial derivative of a node in each of its parents.

        Parameters
        ----------
        node : Node
            One with an operation.
        values : mapping of str to float
            From :meth:`forward`.

        Examples
        --------
        >>> product = Graph((Node("a"), Node("b"), Node("c", "*", ("a", "b"))))
        >>> product.slopes(product["c"], product.forward(a=2.0, b=5.0))
        (5.0, 2.0)
        """
        given = [np.float64(values[parent]) for parent in node.parents]
        with np.errstate(all="ignore"):
            every = OPERATIONS[node.operation].slopes(np.float64(values[node.name]), *given)
        return tuple(float(slope) for slope in every)

    def backward(
        self, values: Mapping[str, float], *, order: Iterable[str] | None = None
    ) -> Backward:
        """Send messages from the output to every node that it depends on.

        Each node adds up the messages that reach it; when its turn comes, it sends its sum on,
        times its slope in each parent.

        Parameters
        ----------
        values : mapping of str to float
            From :meth:`forward`.
        order : iterable of str, optional
            Whose turn comes when. Left out, the reverse of the order of the nodes, in which
            every node has heard from all its readers before it speaks. In another order a node
            may speak too early, and what reaches it later goes no further: its signal was stale.

        Returns
        -------
        Backward
            Constants get messages too, so that a picture can show them; nobody learns from them.

        Raises
        ------
        ValueError
            If the order does not name every node with an operation exactly once.

        Examples
        --------
        >>> twice = Graph((Node("x"), Node("y", "+", ("x", "x"))))
        >>> twice.backward(twice.forward(x=1.0)).messages
        {('y', 'x', 0): 1.0, ('y', 'x', 1): 1.0}
        """
        signals = {node.name: 0.0 for node in self.nodes}
        signals[self.output] = 1.0
        messages: dict[tuple[str, str, int], float] = {}
        for name in self._turns(order):
            node = self[name]
            for place, slope in enumerate(self.slopes(node, values)):
                with np.errstate(all="ignore"):
                    message = float(np.float64(signals[name]) * slope)
                messages[name, node.parents[place], place] = message
                signals[node.parents[place]] += message
        return Backward(signals, messages)

    def _turns(self, order: Iterable[str] | None) -> list[str]:
        inner = [node.name for node in self.nodes if node.operation]
        if order is None:
            return inner[::-1]
        turns = [name for name in order if name not in set(self.names) - set(inner)]
        if sorted(turns) != sorted(inner):
            raise ValueError(
                f"graph: the order must name each of {', '.join(inner)} once, not "
                f"{', '.join(turns) or 'nothing'}."
            )
        return turns

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all nodes, in order."""
        return tuple(node.name for node in self.nodes)
