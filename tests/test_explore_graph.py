"""The graph explorer: its numbers are those of the package's graphs and of PyTorch's autograd."""

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from traitlets import TraitError

from cnnlab.explore import GraphExplorer
from cnnlab.explore.graph.examples import EXAMPLES, named
from cnnlab.explore.graph.passes import NOTHING, both_passes
from cnnlab.explore.graph.scene import graph_scene
from cnnlab.explore.graph.words import brief
from cnnlab.explore.scene import WIDTHS
from cnnlab.scratch import graph

LEAVES = st.sampled_from(["w", "x", "b", "2", "0.5", "self", "λ"])
INNER = lambda inner: st.one_of(  # noqa: E731
    st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    st.tuples(st.sampled_from(["exp", "tanh", "sigmoid", "relu", "sin", "log"]), inner).map(
        lambda t: f"{t[0]}({t[1]})"
    ),
    inner.map(lambda t: f"(-{t})"),
    inner.map(lambda t: f"({t})**2"),
)
EXPRESSIONS = st.recursive(LEAVES, INNER, max_leaves=8)
NUMBERS = st.floats(-3, 3).map(lambda v: round(v, 2))
VALUES = st.fixed_dictionaries(dict.fromkeys(["w", "x", "b", "self", "λ"], NUMBERS))


def scene_of(expression, values, leaf="x", nudge=0.0):
    return graph_scene(expression=expression, values=values, leaf=leaf, nudge=nudge)


def of_numbers_too(function):
    """PyTorch's function, which takes a constant of the expression as well as a tensor."""
    return lambda value: getattr(torch, function)(torch.as_tensor(value, dtype=torch.float64))


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS, VALUES)
def test_values_and_signals_are_those_of_scratch_and_of_pytorch(expression, values):
    scene = scene_of(expression, values)
    assume(scene.passes.graph is not NOTHING)
    read = graph.parse(expression)
    start = {name: values[name] for name in read.variables}
    expected = read.forward(**start)
    back = read.backward(expected)
    np.testing.assert_equal(scene.passes.values, expected)
    np.testing.assert_equal(scene.passes.backward, back)
    shown = [expected[n.name] for n in scene.passes.shown]
    slopes = [s for n in read.nodes if n.operation for s in read.slopes(n, expected)]
    assume(np.all(np.isfinite([*shown, *slopes, *back.messages.values()])))
    # At the kink of a ReLU both give 0; at 0**2 and the like both are smooth.
    leaves = {n: torch.tensor(v, dtype=torch.float64, requires_grad=True) for n, v in start.items()}
    names = {f: of_numbers_too(f) for f in ("exp", "tanh", "sigmoid", "relu", "sin", "log")}
    output = eval(expression, names | leaves)
    if torch.is_tensor(output) and output.requires_grad:  # not where all of it is constant
        output.backward()
    for name, leaf in leaves.items():
        expected_slope = 0.0 if leaf.grad is None else leaf.grad.item()
        assert scene.passes.backward.signals[name] == pytest.approx(expected_slope, 1e-9, 1e-9)


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS.map("x + ({})".format), VALUES, NUMBERS)
def test_what_a_nudge_moves_is_what_a_second_forward_pass_says(expression, values, nudge):
    passes = both_passes(expression=expression, values=values, leaf="x", nudge=nudge)
    read = graph.parse(expression)
    start = {name: values[name] for name in read.variables}
    moved = read.forward(**start | {"x": values["x"] + nudge})[read.output]
    before = passes.values[read.output]
    assume(math.isfinite(moved) and math.isfinite(before))
    assert passes.moved[read.output] == pytest.approx(moved - before, 1e-9, 1e-11 * abs(before))
    assert passes.predicted == passes.backward.signals["x"] * nudge or math.isnan(passes.predicted)


@settings(max_examples=60, deadline=None)
@given(st.one_of(EXPRESSIONS, st.text(max_size=40)), st.text(max_size=3), NUMBERS)
def test_whatever_is_typed_draws_and_what_is_wrong_has_a_way_out(expression, leaf, nudge):
    explorer = GraphExplorer(expression=expression, leaf=leaf, nudge=nudge)
    scene = explorer.scene
    drawn = set()
    for width in WIDTHS:
        svg = ET.fromstring(explorer.draw(explorer.stage(width)))
        drawn = {node.get("data-key") for node in svg.iter()} - {None}
        assert {key for grid in scene.grids for row in grid["keys"] for key in row} == drawn
    for link in scene.links.values():
        assert {key for keys in link.get("marks", {}).values() for key in keys} <= drawn
    assert bool(scene.problem) == bool(scene.fixes)
    for fix in scene.fixes:
        explorer._restore(fix.settings)
        assert not explorer.scene.problem


def test_the_diamond():
    explorer = GraphExplorer()
    assert repr(explorer) == (
        "values: x 1, y 3, a 6, b 15, c 21; error signals: c 1, b 1, a 1, y 7, x 21"
    )
    links = explorer.scene.links
    assert links["step:0"]["text"] == "The leaves are given: x = 1."
    assert links["step:0"]["put"] == {"value:x": "1"}
    assert links["step:4"]["text"] == "Forward: c = a + b = 6 + 15 = 21."
    assert links["step:8"]["text"] == (
        "Back: y has heard 5 from b and 2 from a; its error signal is their sum, 5 + 2 = 7. "
        "It sends 7 · 3 = 21 to x."
    )
    after_b = links["step:6"]["put"]
    assert (after_b["signal:y"], after_b["message:b,y,1"]) == ("5", "5")
    assert "signal:x" not in after_b
    assert explorer.selected == "step:9"


def test_a_nudge_moves_the_output_as_predicted_where_it_is_straight():
    line = GraphExplorer(nudge=0.001).scene.formulas[0]
    assert line.endswith(
        "c moves by 0.021, its error signal predicts 21 · 0.001 = 0.021, as predicted"
    )
    curved = GraphExplorer(expression="x*x", values={"x": 3.0}, nudge=0.1)
    assert curved.scene.formulas[0] == (
        "nudge x by 0.1: x·x moves by 0.61, its error signal predicts 6 · 0.1 = 0.6, "
        "so it promises 1.64 % too little"
    )
    assert "x·x moves by 0.61" in repr(curved)
    closed = GraphExplorer(expression="relu(x)", values={"x": -0.5}, nudge=1.0)
    assert "predicts 0 · 1 = 0, so it promises 100 % too little" in repr(closed)
    opened = GraphExplorer(expression="(x - 1)**2", values={"x": 1.5}, nudge=-1.0)
    assert (
        "moves by 0, its error signal predicts 1 · (−1) = −1, so the prediction is wrong"
        in repr(opened)
    )
    nowhere = GraphExplorer(expression="log(x)", values={"x": 0.5}, nudge=-1.0)
    assert "which cannot be compared" in repr(nowhere)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_says_something_and_asks_something(name):
    explorer, example = GraphExplorer(example=name), EXAMPLES[name]
    assert set(example.settings["values"]) == set(explorer.scene.passes.graph.variables)
    assert len(explorer.scene.passes.shown) <= 25
    assert example.sentence in explorer.scene.note
    assert example.question.count("?") == 1
    assert named(explorer.expression, explorer.values) == name


def test_the_examples_have_the_numbers_of_the_lecture():
    signals = {name: GraphExplorer(example=name).signals for name in EXAMPLES}
    assert (signals["neuron"]["w"], signals["neuron"]["b"]) == (-0.25, -0.125)
    assert signals["penalty"]["w"] == 4
    assert signals["paths"]["t"] == pytest.approx(
        math.exp(math.cos(1)) * -math.sin(1) + (1 + math.cos(1) * math.exp(math.cos(1))) * 2
    )
    steps = {
        w: v - 0.5 * signals["mazur"][w] for w, v in EXAMPLES["mazur"].settings["values"].items()
    }
    published = {"w1": 0.149780716, "w5": 0.358916480, "w7": 0.511301270}
    assert steps == pytest.approx(published, abs=6e-10)
    pulls = [signals["softmax"][w] for w in ("w1", "w2", "w3")]
    assert pulls == pytest.approx([0.125, 0.25, -0.375], abs=1e-6)
    assert [signals["mlp"][w] for w in ("w11", "w12", "w21", "w22", "v1", "v2")] == [
        4,
        8,
        0,
        0,
        6,
        0,
    ]


def test_the_questions_have_answers():
    assert GraphExplorer(example="penalty", values={"w": 2, "x": 3, "t": 7, "λ": 1.5}).signals[
        "w"
    ] == pytest.approx(0)
    saturated = GraphExplorer(example="neuron", values={"w": 1, "x": 2, "b": -8, "t": 1}).signals
    assert abs(saturated["z"]) < 0.01 * abs(saturated["y"])
    doubled = GraphExplorer(
        example="softmax", values=EXAMPLES["softmax"].settings["values"] | {"x": 2.0}
    )
    assert sum(doubled.signals[w] for w in ("w1", "w2", "w3")) == pytest.approx(0)
    opened = GraphExplorer(
        example="mlp", values=EXAMPLES["mlp"].settings["values"] | {"w21": 3.0}
    ).signals
    assert 0 not in (opened["w21"], opened["w22"], opened["v2"])


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("import os", "must be a value or one assignment"),
        ("__import__('os')", "only numbers, names"),
        ("x ** 11", "an exponent must be a number of at most 10"),
        ("x ** y", "an exponent must be a number of at most 10"),
        ("+".join(["x"] * 200), "at most 60 nodes"),
        ("x" * 401, "at most 400 characters"),
        ("(" * 300 + "x" + ")" * 300, "characters"),
        ("-(" * 100 + "x" + ")" * 100, "at most 60 nodes"),
        ("3 + 4", "with a variable"),
        ("", 'text such as "w*x + b"'),
        ("y = y + 1", "read before it is assigned"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence_that_helps(expression, words):
    explorer = GraphExplorer(expression=expression)
    assert words in explorer.scene.problem
    assert explorer.scene.problem.startswith("expression: ")
    assert [fix.label for fix in explorer.scene.fixes] == ["back to the diamond"]


def test_an_expression_is_drawn_as_far_as_it_can_be_read():
    explorer = GraphExplorer(expression="y = 3*x; z = y.real; z + 1")
    assert [node.name for node in explorer.scene.passes.shown] == ["x", "y"]
    assert "'y.real'" in repr(explorer)
    assert explorer.code().startswith("# expression: ")


def test_a_typed_expression_keeps_the_values_of_leaves_that_stay():
    explorer = GraphExplorer(example="neuron", leaf="b")
    explorer.set_state({"expression": "w*x*x", "_settled": 1})
    assert (explorer.example, explorer.leaf) == ("own", "w")
    assert repr(explorer).startswith("values: w 1, x 2, ")
    leaves = next(c for c in explorer._controls if c["name"] == "leaf")
    assert [value for value, _, _ in leaves["options"]] == ["w", "x"]
    explorer._hear(explorer, {"type": "undo"}, [])
    assert (explorer.example, explorer.leaf) == ("neuron", "b")


def test_a_leaf_takes_a_typed_value_and_nothing_else_does():
    explorer = GraphExplorer()
    explorer._hear(explorer, {"type": "edit", "key": "node:x", "value": 2}, [])
    assert (explorer.values, explorer.example) == ({"x": 2.0}, "own")
    before = explorer.settings()
    for key in ("node:y", "node:", "x", "step:0", "node:nothing"):
        explorer._hear(explorer, {"type": "edit", "key": key, "value": 5}, [])
    assert explorer.settings() == before
    explorer._hear(explorer, {"type": "edit", "key": "node:x", "value": 1}, [])
    assert explorer.example == "diamond"


def test_wrong_values_from_python_are_refused_in_one_sentence():
    for values in ({"x": math.nan}, {"x": "1"}, {1: 1.0}, {"x": True}):
        with pytest.raises(TraitError, match="values must map names to finite numbers"):
            GraphExplorer(values=values)
    with pytest.raises(TraitError):
        GraphExplorer(example="nonsense")
    explorer = GraphExplorer(leaf="q")
    assert explorer.scene.problem == "leaf must be one of x, not 'q'."


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_code_computes_what_is_shown(name):
    explorer = GraphExplorer(example=name)
    by_hand, pytorch = explorer.code().split("# PyTorch\n")
    names = {}
    exec(by_hand, names)
    assert names["signals"] == explorer.signals
    exec(pytorch, names)
    for leaf in explorer.values:
        assert names[leaf].grad.item() == pytest.approx(explorer.signals[leaf], abs=1e-9)


@given(st.floats())
def test_a_number_on_a_node_is_short(value):
    assert len(brief(value)) <= 6


def test_every_number_of_an_example_has_room_at_every_width():
    """Values and signals of up to 25 nodes are never left out; names may be shortened."""
    for name in EXAMPLES:
        explorer = GraphExplorer(example=name)
        for width in WIDTHS:
            svg = explorer.draw(explorer.stage(width))
            assert "display: none" not in svg, (name, width)
            assert svg.count('data-slot="value:') == len(explorer.scene.passes.shown)


def test_nodes_stay_on_the_stage_and_apart():
    for name in EXAMPLES:
        explorer = GraphExplorer(example=name)
        for width in WIDTHS:
            stage = explorer.stage(width)
            svg = explorer.draw(stage)
            found = re.findall(
                r'data-key="node:[^"]+"(?: data-fixed="")?><rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"',
                svg,
            )
            boxes = [tuple(map(float, each)) for each in found]
            assert len(boxes) == len(explorer.scene.passes.shown)
            for i, (x, y, w, h) in enumerate(boxes):
                assert 0 <= x <= x + w <= stage.width
                assert 0 <= y <= y + h <= stage.height - 54
                for a, b, c, d in boxes[i + 1 :]:
                    assert x + w <= a or a + c <= x or y + h <= b or b + d <= y
