"""Graphs of numbers: values forward, messages backward, and text that is read, never run."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import plots
from cnnlab.scratch import graph
from cnnlab.scratch.graph.layout import crossings

DIAMOND = "y = 3*x; a = 2*y; b = 5*y; c = a + b"
MAZUR = """
h1 = sigmoid(w1*i1 + w2*i2 + b1); h2 = sigmoid(w3*i1 + w4*i2 + b1)
o1 = sigmoid(w5*h1 + w6*h2 + b2); o2 = sigmoid(w7*h1 + w8*h2 + b2)
E = (t1 - o1)**2/2 + (t2 - o2)**2/2
"""


def leaves():
    names = st.sampled_from(["x", "y", "z"])
    numbers = st.integers(-3, 3).map(str)
    return st.one_of(names, names, numbers)


def larger(parts):
    signs = st.sampled_from(["+", "-", "*"])
    functions = st.sampled_from(["exp", "sin", "cos", "tanh", "sigmoid", "relu"])
    return st.one_of(
        st.tuples(parts, signs, parts).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(functions, parts).map(lambda t: f"{t[0]}(0.5*{t[1]})"),
        parts.map(lambda t: f"({t})**2"),
        st.tuples(parts, parts).map(lambda t: f"{t[0]}/(2 + ({t[1]})**2)"),
        parts.map(lambda t: f"log(1 + ({t})**2)"),
        parts.map(lambda t: f"sqrt(1 + ({t})**2)"),
        parts.map(lambda t: f"-({t})"),
    )


# Short enough for the limit of nodes.
EXPRESSIONS = st.recursive(leaves(), larger, max_leaves=6).filter(lambda text: len(text) < 150)
VALUES = st.tuples(*(st.floats(-1.5, 1.5).filter(lambda v: abs(v) > 0.01) for _ in range(3)))


def in_torch(text, variables):
    names = {name: getattr(torch, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh")}
    names |= {"sigmoid": torch.sigmoid, "relu": torch.relu}
    tensors = {
        k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in variables.items()
    }
    # Numbers become tensors too, so that functions of constants work.
    from_text = torch.tensor(0.0, dtype=torch.float64) + eval(text, {}, Tensors(names, tensors))
    return from_text, tensors


class Tensors(dict):
    """Names for ``eval`` of an expression that the test itself has drawn."""

    def __init__(self, functions, tensors):
        super().__init__({name: self._of_tensor(f) for name, f in functions.items()} | tensors)

    @staticmethod
    def _of_tensor(function):
        return lambda value: function(torch.as_tensor(value, dtype=torch.float64))


@given(EXPRESSIONS, VALUES)
def test_values_and_signals_are_those_of_pytorch(text, values):
    drawn = graph.parse(text)
    variables = {k: v for k, v in zip("xyz", values, strict=True) if k in drawn.variables}
    ours = drawn.forward(**variables)
    theirs, tensors = in_torch(text, variables)
    assert ours[drawn.output] == pytest.approx(theirs.item(), rel=1e-9, abs=1e-9)
    if theirs.requires_grad:
        theirs.backward()
    signals = drawn.backward(ours).signals
    for name, tensor in tensors.items():
        slope = 0.0 if tensor.grad is None else tensor.grad.item()
        assert signals[name] == pytest.approx(slope, rel=1e-7, abs=1e-9)


@given(EXPRESSIONS, VALUES)
def test_a_signal_is_the_sum_of_its_messages(text, values):
    drawn = graph.parse(text)
    variables = {k: v for k, v in zip("xyz", values, strict=True) if k in drawn.variables}
    signals, messages = drawn.backward(drawn.forward(**variables))
    for name in drawn.names[:-1]:
        arrived = [m for (_, parent, _), m in messages.items() if parent == name]
        assert signals[name] == pytest.approx(math.fsum(arrived), rel=1e-9, abs=1e-12)
    assert signals[drawn.output] == 1


@pytest.mark.parametrize("name", sorted(graph.OPERATIONS))
@pytest.mark.parametrize("seed", range(3))
def test_slopes_agree_with_a_nudge(name, seed):
    value, slopes = graph.OPERATIONS[name]
    rng = np.random.default_rng(seed)
    inputs = list(rng.uniform(0.3, 2.0, 2 if not name.isalpha() else 1))
    if name == "**":
        inputs[1] = 3.0
    for place, slope in enumerate(
        slopes(value(*map(np.float64, inputs)), *map(np.float64, inputs))
    ):
        if name == "**" and place == 1:
            continue  # the exponent is a constant
        up, down = list(inputs), list(inputs)
        up[place] += 1e-6
        down[place] -= 1e-6
        assert slope == pytest.approx((value(*up) - value(*down)) / 2e-6, rel=1e-5)


def test_the_diamond():
    diamond = graph.parse(DIAMOND)
    values = diamond.forward(x=1.0)
    signals, messages = diamond.backward(values)
    assert values["c"] == signals["x"] == 21
    assert sorted(m for (_, parent, _), m in messages.items() if parent == "y") == [2, 5]


def test_a_node_that_speaks_too_early_sends_a_stale_signal():
    diamond = graph.parse(DIAMOND)
    values = diamond.forward(x=1.0)
    assert diamond.backward(values, order=["c", "b", "a", "y"]).signals["x"] == 21
    assert diamond.backward(values, order=["c", "a", "y", "b"]).signals["x"] == 6
    assert diamond.backward(values, order=["c", "b", "y", "a"]).signals["x"] == 15
    with pytest.raises(ValueError, match="must name each of y, a, b, c once, not c, a"):
        diamond.backward(values, order=["c", "a"])


def test_mazurs_network_to_nine_digits():
    """Matt Mazur, A Step by Step Backpropagation Example (2015), as in Pisa DM2."""
    weights = {f"w{i}": 0.10 + 0.05 * i + 0.05 * (i > 4) for i in range(1, 9)}
    given_ = {"b1": 0.35, "b2": 0.60, "i1": 0.05, "i2": 0.10, "t1": 0.01, "t2": 0.99}
    network = graph.parse(MAZUR)
    values = network.forward(**weights, **given_)
    shown = {name: f"{values[name]:.9f}" for name in ("h1", "o1", "o2", "E")}
    assert shown == {
        "h1": "0.593269992",
        "o1": "0.751365070",
        "o2": "0.772928465",
        "E": "0.298371109",
    }
    signals = network.backward(values).signals
    after = [f"{weight - 0.5 * signals[name]:.9f}" for name, weight in weights.items()]
    assert after == [
        "0.149780716", "0.199561432", "0.249751144", "0.299502287",
        "0.358916480", "0.408666186", "0.511301270", "0.561370121",
    ]  # fmt: skip


def test_names_and_constants():
    read = graph.parse("z = w*x + 1\nv1 = -2*z; copy = v1")
    assert read.variables == ("w", "x")
    assert read.output == "copy"
    assert {n.constant for n in read.nodes if not n.operation and not n.is_variable} == {1, -2, 0}
    assert read.forward(w=2.0, x=3.0)["copy"] == -14
    assert len(set(read.names)) == len(read.names)


def test_what_has_no_value_is_nan_or_infinity():
    values = graph.parse("a = log(x); b = 1/y; c = sqrt(x)").forward(x=-1.0, y=0.0)
    assert math.isnan(values["a"])
    assert math.isinf(values["b"])
    assert math.isnan(values["c"])
    assert math.isnan(graph.parse("relu(log(x))").forward(x=-1.0)["v2"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 'must be text such as "w'),
        (3, 'must be text such as "w'),
        ("x =", "does not"),
        ("a = b = 3", "'a = b = 3' is neither"),
        ("x += 1", "'x += 1' is neither"),
        ("import os", "'import os' is neither"),
        ("x = y; x = z", "'x' has a value already"),
        ("y = x; x = 2", "'x' is read before it is assigned"),
        ("f(x)", "not 'f(x)'"),
        ("exp(x, y)", "not 'exp(x, y)'"),
        ("exp + 1", "exp is a function; write exp(…)"),
        ("x.real", "not 'x.real'"),
        ("[x for x in y]", "not '[x for x in y]'"),
        ("True * x", "not 'True'"),
        ("'x'", "not \"'x'\""),
        ("x @ y", "not 'x @ y'"),
        ("x**y", "For e to the power of x, write exp(x)"),
        ("x**99", "at most 10, not '99'"),
        ("9" * 200, "a number must be between"),
        ("x+" * 199 + "x", "at most 60 nodes"),
        ("x" * 401, "at most 400 characters"),
        ("(" * 200 + "x" + ")" * 199, "does not"),
    ],
)
def test_other_text_is_refused(text, said):
    with pytest.raises(ValueError, match="expression: ") as error:
        graph.parse(text)
    assert said in str(error.value)


def test_graphs_by_hand_are_held_to_their_order():
    x, y = graph.Node("x"), graph.Node("y", "*", ("x", "x"))
    with pytest.raises(ValueError, match="'y' must come after what it reads, but 'x'"):
        graph.Graph((y, x))
    with pytest.raises(ValueError, match="'x' is twice"):
        graph.Graph((x, x))
    with pytest.raises(ValueError, match="at least one node"):
        graph.Graph(())
    with pytest.raises(ValueError, match="a value for each of x, but 'x' has no value"):
        graph.Graph((x, y)).forward()
    with pytest.raises(ValueError, match="a value for each of x, but 'q' is no variable"):
        graph.Graph((x, y)).forward(x=1.0, q=2.0)
    with pytest.raises(KeyError, match="must be one of x, y, not 'z'"):
        graph.Graph((x, y))["z"]


@given(EXPRESSIONS)
def test_places_keep_nodes_apart_and_point_to_the_right(text):
    drawn = graph.parse(text)
    at = graph.places(drawn)
    assert set(at) == {node.name for node in drawn.nodes if node.constant is None}
    for node in drawn.nodes:
        for parent in node.parents:
            assert parent not in at or at[parent].column < at[node.name].column
    for column in {place.column for place in at.values()}:
        rows = sorted(place.row for place in at.values() if place.column == column)
        assert all(b - a > 1 - 1e-9 for a, b in itertools.pairwise(rows))


def test_mazurs_network_is_drawn_with_few_crossings():
    network = graph.parse(MAZUR)
    assert crossings(network, graph.places(network)) <= 12


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("3*x", ["3 ·"]),
        ("x*-3", ["· −3"]),
        ("(t - y)**2/2", ["−", "to the power 2", "/ 2"]),
        ("-x", ["−"]),
        ("sigmoid(x)", ["sigmoid"]),
        ("exp(2)", ["exp(2)"]),
        ("x + y", ["+"]),
    ],
)
def test_labels(text, labels):
    read = graph.parse(text)
    assert [graph.label(read, node) for node in read.nodes if node.operation] == labels


def test_a_graph_that_is_too_large_is_refused():
    with pytest.raises(ValueError, match="at most 25 nodes can be drawn, but there are 39"):
        plots.graph(graph.parse("+".join(f"x{i}" for i in range(20))))
