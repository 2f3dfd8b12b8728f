"""Expressions as graphs: values travel forward, error signals travel back.

Examples
--------
>>> from cnnlab.scratch import graph
>>> diamond = graph.parse("y = 3*x; a = 2*y; b = 5*y; c = a + b")
>>> values = diamond.forward(x=1.0)
>>> values["c"], diamond.backward(values).signals["x"]
(21.0, 21.0)
"""

from cnnlab.scratch.graph.graph import Backward, Graph, Node
from cnnlab.scratch.graph.layout import Place, equation, label, places
from cnnlab.scratch.graph.operations import OPERATIONS, Operation
from cnnlab.scratch.graph.parse import MOST_CHARACTERS, parse

__all__ = [
    "MOST_CHARACTERS",
    "OPERATIONS",
    "Backward",
    "Graph",
    "Node",
    "Operation",
    "Place",
    "equation",
    "label",
    "parse",
    "places",
]
