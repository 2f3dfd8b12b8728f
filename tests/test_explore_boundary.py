"""The boundary explorer: its sums are those of the package's layers, and it finds what there is."""

import itertools
import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from traitlets import TraitError

from cnnlab import scratch, spec
from cnnlab.explore import BoundaryExplorer
from cnnlab.explore.boundary.arrows import planes
from cnnlab.explore.boundary.examples import EXAMPLES, named
from cnnlab.explore.boundary.model import (
    ACTIVATIONS,
    INPUTS,
    NAMES,
    NO,
    WEIGHTS,
    Network,
    Settings,
)
from cnnlab.explore.boundary.scene import boundary_scene
from cnnlab.explore.scene import WIDTHS

TENTHS = st.integers(-60, 60).map(lambda n: n / 10)
CHOICES = st.fixed_dictionaries(
    {
        "hidden": st.sampled_from([0, 2, 3]),
        "activation": st.sampled_from(ACTIVATIONS),
        "no": st.sampled_from(NO),
    }
    | dict.fromkeys(WEIGHTS, TENTHS)
)
ROWS = {"sigmoid": spec.Sigmoid, "tanh": spec.Tanh, "relu": spec.ReLU}


@settings(max_examples=60, deadline=None)
@given(CHOICES)
def test_a_network_answers_as_one_built_from_the_same_table(choice):
    network = Network(Settings(**choice))
    weight, bias = network.output
    x = np.array([[1.0 if digit else choice["no"] for digit in row] for row in INPUTS])
    if choice["hidden"] and choice["activation"] in ROWS:
        rows = spec.Chain(
            hidden=spec.Linear(choice["hidden"]),
            act=ROWS[choice["activation"]](),
            output=spec.Linear(1),
        )
        net = scratch.build(rows, (2,))
        state = {"hidden.weight": network.layer[0], "hidden.bias": network.layer[1]}
        state |= {"output.weight": weight[None], "output.bias": np.array([bias])}
        net.load_state_dict({name: np.asarray(v, np.float32) for name, v in state.items()})
        expected = net.forward(x.astype(np.float32))[:, 0]
        np.testing.assert_allclose(network.table, expected, rtol=1e-4, atol=1e-4)
    elif not choice["hidden"]:
        np.testing.assert_allclose(network.table, x @ weight + bias, atol=1e-8)
    assert {*network.answers.tolist()} <= {choice["no"], 1}
    answers = "".join(str(int(answer == 1)) for answer in network.answers)
    assert f"{network.function:04b}" == answers
    for name in ("FALSE", "AND", "OR", "XOR", "NAND", "TRUE"):
        logic = {
            "FALSE": lambda a, b: 0, "AND": lambda a, b: a & b, "OR": lambda a, b: a | b,
            "XOR": lambda a, b: a ^ b, "NAND": lambda a, b: 1 - (a & b), "TRUE": lambda a, b: 1,
        }[name]  # fmt: skip
        same = [logic(a, b) for a, b in INPUTS] == network.on.tolist()
        assert same == (NAMES[network.function] == name)


@settings(max_examples=60, deadline=None)
@given(CHOICES, st.sets(st.integers(0, 15)))
def test_every_setting_draws_and_what_is_pointed_at_is_there(choice, found):
    scene = boundary_scene(found=sorted(found), **choice)
    explorer = BoundaryExplorer(**choice)
    for width in WIDTHS:
        svg = ET.fromstring(explorer.draw(explorer.stage(width)))
        drawn = {node.get("data-key") for node in svg.iter()} - {None}
        assert {key for grid in scene.grids for row in grid["keys"] for key in row} <= drawn
        assert set(scene.links) == drawn
        for link in scene.links.values():
            assert {key for keys in link.get("marks", {}).values() for key in keys} <= drawn
            for name, rates in zip(
                *(link.get("drag", {}).get(k, ()) for k in ("names", "rates")), strict=True
            ):
                assert name in WEIGHTS
                assert all(map(math.isfinite, rates))
    assert all(link["text"] for link in scene.links.values())


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_names_of_arrows_stay_inside_the_picture(name, width):
    explorer = BoundaryExplorer(example=name)
    labels = {a.unit.label for plane in explorer.scene.planes for a in plane.arrows}
    svg = ET.fromstring(explorer.draw(explorer.stage(width)))
    found = [node for node in svg.iter() if node.tag.endswith("text") and node.text in labels]
    assert len(found) >= len(labels)
    for node in found:
        half = 3.5 * len(node.text)
        assert half <= float(node.get("x")) <= width - half


def test_one_unit_finds_fourteen_and_hidden_units_the_other_two():
    explorer = BoundaryExplorer()
    tries = itertools.product((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), (-1.5, -0.5, 0.5, 1.5))
    for explorer.w1, explorer.w2, explorer.b in tries:
        pass
    assert [NAMES[i] for i in range(16) if i not in explorer.found] == ["XOR", "XNOR"]
    assert "14 of 16 functions found" in repr(explorer)
    explorer.example = "xor"
    assert explorer.function == "XOR"
    explorer.w1, explorer.w2, explorer.b = -1.0, -1.0, 1.5
    assert explorer.function == "XNOR"
    assert explorer.found == list(range(16))


def test_no_may_be_minus_one_as_in_pisa_dm2():
    explorer = BoundaryExplorer(no=-1)
    assert (explorer.example, explorer.function, explorer.answers) == (
        "signs",
        "AND",
        [-1, -1, -1, 1],
    )
    assert "−+ → −1, +− → −1, ++ → 1: AND" in repr(explorer)
    assert explorer.scene.links["row:0"]["text"] == (
        "−−: z = 1·(−1) + 1·(−1) − 0.5 = −2.5, off. step(−2.5) = 0, slope 0."
    )
    assert explorer.scene.links["function:9"]["text"].startswith("XNOR: 1 for −−, ++;")
    assert explorer.scene.links["function:0"]["text"].startswith("FALSE: always −1;")
    explorer.no = 0
    assert (explorer.example, explorer.function) == ("or", "OR")
    deck = BoundaryExplorer(example="pisa")  # sums as the lecture prints them
    assert deck.scene.network.table.tolist() == [-0.5, -0.3, -0.1, 0.1]
    assert "h₁ = −1, h₂ = −1, h₃ = 1, so z" in deck.scene.links["row:1"]["text"]


def test_the_bias_is_said_as_a_threshold_too():
    said = "the same with a threshold: on where "
    assert BoundaryExplorer().scene.formulas[-1] == f"{said}1·x₁ + 1·x₂ > 0.5"
    assert BoundaryExplorer(b=0.0).scene.formulas[-1] == f"{said}1·x₁ + 1·x₂ > 0"
    hidden = BoundaryExplorer(example="pisa", b=0.3).scene.formulas[-1]
    assert hidden == f"{said}0.2·h₁ + 0.2·h₂ + 0.3·h₃ > −0.3"


def test_the_table_in_words():
    explorer = BoundaryExplorer(example="and")
    links = explorer.scene.links
    assert links["row:2"]["text"] == (
        "10: z = 1·1 + 1·0 − 1.5 = −0.5, off. step(−0.5) = 0, slope 0."
    )
    assert links["point:2"]["text"] == links["row:2"]["text"]
    assert links["function:6"]["text"] == "XOR: 1 for 01, 10; not found yet."
    assert links["function:1"]["text"] == "AND: 1 for 11; found. This is what you see."
    on_the_line = BoundaryExplorer(b=-1.0).scene.links["row:1"]["text"]
    assert on_the_line.startswith("01: z = 1·0 + 1·1 − 1 = 0, off. Exactly on the line")
    assert "Saturated" in BoundaryExplorer(example="sigmoid").scene.links["row:0"]["text"]
    assert "dead: no input" in repr(BoundaryExplorer(example="dead"))
    hidden = BoundaryExplorer(example="xor-relu").scene
    assert hidden.links["row:3"][
        "text"
    ] == "11: h₁ = 2, h₂ = 1, so z = 1·2 − 2·1 + 0 = 0, off. " + (
        "Exactly on the line: the unit is undecided, and we say off."
    )
    assert hidden.formulas[1] == "h₂ = relu(1·x₁ + 1·x₂ − 1)"


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_says_something_and_asks_something(name):
    explorer, example = BoundaryExplorer(example=name), EXAMPLES[name]
    assert named(Settings(**example.settings)) == name
    assert explorer.example == name
    assert example.sentence in explorer.scene.note
    assert example.question.count("?") == 1


def test_the_examples_are_what_they_are_called_and_their_questions_have_answers():
    functions = {name: BoundaryExplorer(example=name).function for name in EXAMPLES}
    assert functions == {
        "or": "OR", "and": "AND", "nand": "NAND", "not": "¬x₁", "sigmoid": "OR", "dead": "FALSE",
        "xor": "XOR", "xor-relu": "XOR", "triangle": "AND", "signs": "AND", "pisa": "AND",
    }  # fmt: skip
    assert BoundaryExplorer(w1=-1, w2=-1, b=-1.5).function == "FALSE"
    assert BoundaryExplorer(w1=0, w2=-1, b=0.5).function == "¬x₂"
    assert BoundaryExplorer(example="dead", b=0.0).function == "FALSE"
    assert BoundaryExplorer(example="dead", b=0.1).function == "NOR"
    assert BoundaryExplorer(example="xor", w1=-1, w2=-1, b=1.5).function == "XNOR"
    assert BoundaryExplorer(example="xor-relu", activation="sigmoid").function == "FALSE"
    assert BoundaryExplorer(example="triangle", b=-1.5).function == "OR"
    assert BoundaryExplorer(example="signs", no=0).function == "OR"
    assert BoundaryExplorer(example="pisa", b=0, c1=0, c2=0, c3=0).function == "x₁"
    flat = BoundaryExplorer(example="sigmoid").scene.links
    assert all("Saturated" in flat[f"row:{i}"]["text"] for i in range(4))
    steep = BoundaryExplorer(activation="sigmoid").scene.links
    assert not any("Saturated" in steep[f"row:{i}"]["text"] for i in range(4))


@settings(max_examples=40, deadline=None)
@given(CHOICES)
def test_the_code_computes_what_is_shown(choice):
    scene = boundary_scene(found=[], **choice)
    names = {}
    exec("\n".join(scene.code), names)
    np.testing.assert_array_equal(names["z"], scene.network.table)
    if choice["hidden"]:
        np.testing.assert_array_equal(names["answers"], scene.network.answers)


@given(TENTHS, TENTHS, TENTHS)
def test_a_dragged_line_goes_where_the_pointer_goes(w1, w2, b):
    (plane,) = planes(Network(Settings(w1=w1, w2=w2, b=b)))
    (arrow,), drags = plane.arrows, plane.drags()
    assert bool(arrow.ends) == ("line:input,0" in drags)
    assert bool(arrow.ends) <= bool(w1 or w2)
    way = np.array([0.04, -0.1])  # of the side, to the right and down
    if arrow.ends:
        ((right, up),) = drags["line:input,0"]["rates"]
        moved = b + right * way[0] + up * way[1]
        for end in arrow.ends:
            assert plane.view.point(end + way) @ [w1, w2] + moved == pytest.approx(0, abs=1e-6)
    turn = drags["tip:input,0"]
    now = np.array([w1, w2, b])[: len(turn["names"])] + np.array(turn["rates"]) @ way
    np.testing.assert_allclose(arrow.foot + arrow.length * now[:2], arrow.tip + way, atol=1e-9)
    if arrow.ends:  # the line still goes through the foot of its arrow
        assert plane.view.point(arrow.foot) @ now[:2] + now[2] == pytest.approx(0, abs=1e-6)


def test_wrong_values_from_python_are_refused_in_one_sentence():
    for wrong in ({"w1": math.nan}, {"b": math.inf}, {"c1": 2000.0}):
        with pytest.raises(TraitError, match="must lie between -1000 and 1000"):
            BoundaryExplorer(**wrong)
    for wrong in (
        {"hidden": 1},
        {"activation": "gelu"},
        {"no": 1},
        {"found": [16]},
        {"found": ["OR"]},
        {"found": 3},
        {"w1": "1"},
    ):
        with pytest.raises(TraitError):
            BoundaryExplorer(**wrong)
    explorer = BoundaryExplorer()
    with pytest.raises(TraitError):
        explorer.example = "nonsense"


def test_undo_takes_a_tick_back():
    explorer = BoundaryExplorer()
    explorer.set_state({"b": -1.5, "_settled": 1})
    assert (explorer.example, explorer.found) == ("and", [1, 7])
    explorer._hear(explorer, {"type": "undo"}, [])
    assert (explorer.example, explorer.found) == ("or", [7])
    explorer._hear(explorer, {"type": "redo"}, [])
    explorer._hear(explorer, {"type": "reset"}, [])
    assert explorer.found == [7]
