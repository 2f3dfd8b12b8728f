"""The table of parameters: its numbers are the counter's, and every formula is their sum."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traitlets import TraitError

from cnnlab import spec, zoo
from cnnlab.explore import ParameterExplorer
from cnnlab.explore.parameters.dense import dense_formula
from cnnlab.explore.parameters.drawing import draw
from cnnlab.explore.parameters.scene import parameters_scene
from cnnlab.explore.scene import Stage

WIDE = Stage(900, 380)
NET = spec.Chain(
    conv=spec.Conv(8, 3, padding="same"), flatten=spec.Flatten(), fc=spec.Linear(10, bias=False)
)


def value(formula):
    return eval(formula.replace(",", "").replace("·", "*"))


@pytest.mark.parametrize("name", zoo.names())
@pytest.mark.parametrize("detail", ["rows", "learned", "blocks"])
def test_rows_are_the_counters(name, detail):
    scene, summary = parameters_scene(network=name, detail=detail), zoo.get(name).summary()
    assert scene.counted.params == sum(row.params for row in scene.counted.rows) == summary.params
    assert sum(row.macs for row in scene.counted.rows) <= summary.macs == scene.counted.macs
    assert sum(count for _, count in scene.counted.largest) == summary.params
    if detail == "rows":
        assert [row.path for row in scene.counted.rows] == [row.path for row in summary.rows]
    for row in scene.counted.rows:
        term, _, result = row.formula.rpartition(" = ")
        assert int(result.replace(",", "")) == row.params
        if term and "sum of" not in term:
            assert value(term) == row.params
        assert row.path in row.words


@pytest.mark.parametrize("name", ["lenet-5", "efficientnet-b0", "alexnet"])
def test_the_table_in_the_page_has_a_cell_for_every_column(name):
    (table,) = parameters_scene(network=name).tables
    for row in table["rows"]:
        assert len(row["cells"]) == len(table["columns"])
        assert 0 <= row["cells"][3]["share"] <= 1
    assert len(json.dumps(table)) < 150_000


def test_the_convolution_of_the_lecture_against_a_dense_layer():
    explorer = ParameterExplorer(selected="rows:2")
    assert explorer.rows[2].formula == "(3·3·32 + 1)·64 = 18,496"
    assert "(28·28·32 + 1)·(28·28·64) = 1,258,865,664" in explorer.scene.formulas[2]
    assert explorer.output.dense_params == 28 * 28 * 64 * (28 * 28 * 32 + 1)
    explorer.scale = 2
    assert explorer.output.params == 18_496
    assert explorer.output.dense_params == 56 * 56 * 64 * (56 * 56 * 32 + 1)
    explorer.selected = "rows:0"
    assert explorer.output.path == "conv1"


@given(
    st.sampled_from(
        [
            spec.Conv(5, 3, padding=1),
            spec.Conv(4, 3, groups=2, bias=False),
            spec.DepthwiseConv(2),
            spec.TransposedConv(3, 2, stride=2),
            spec.TableConv(((0, 1), (2,)), 3),
        ]
    ),
    st.integers(3, 7),
)
def test_the_dense_layer_is_the_one_that_a_specification_would_count(row, size):
    shape = (4, size, size + 1)
    term, count = dense_formula(row, shape)
    units = 1
    for number in row.out_shape(shape):
        units *= number
    dense = spec.Chain(spec.Flatten(), spec.Linear(units, bias="bias" in row.param_shapes(shape)))
    shapes = dense.param_shapes(shape).values()
    assert count == value(term) == sum(a * (b or [1])[0] for a, *b in shapes)


def test_a_specification_of_ones_own():
    explorer = ParameterExplorer(spec=NET, input_shape=(3, 8, 8))
    assert explorer.network == "own specification"
    assert repr(explorer) == (
        "own specification, input 3×8×8 → 5,344 parameters (0.02 MB) in 3 rows, 18,944 MACs; "
        "most in fc: 95.8 %"
    )
    explorer.network = "lenet-5"
    assert explorer.params == zoo.get("lenet-5").summary().params
    explorer.spec = spec.Chain(spec.Conv(8, 9))
    assert "kernel 9 does not fit height 8" in repr(explorer)
    assert explorer.rows == []
    assert explorer.output is None
    assert explorer.code().startswith("# ")
    assert "input_shape must be set" in repr(ParameterExplorer(spec=NET))
    assert "spec must be set" in repr(ParameterExplorer(network="own specification"))
    assert "→ input_shape must be" in repr(ParameterExplorer(spec=NET, input_shape=("a", 2)))
    with pytest.raises(TraitError, match="spec"):
        explorer.spec = 3
    with pytest.raises(TraitError):
        explorer.network = "lenet-6"


@pytest.mark.parametrize("settings", [
    {"network": "datasci-207"},
    {"network": "resnet-20-cifar"},
    {"spec": NET, "input_shape": (3, 8, 8)},
])  # fmt: skip
def test_the_code_counts_what_is_shown(settings):
    explorer, names = ParameterExplorer(**settings), {}
    exec(explorer.code(), names)
    assert names["params"] == names["torch_params"] == explorer.params


@given(
    st.sampled_from(["xor", "ds-4400-mlp", "lenet-1", "own specification"]),
    st.sampled_from(["rows", "learned", "blocks"]),
    st.one_of(st.integers(-5, 9), st.integers(-(10**9), 10**9)),
    st.one_of(st.text(max_size=5), st.integers(-2, 10**30).map(lambda i: f"rows:{i}")),
)
def test_nothing_that_is_chosen_raises(network, detail, scale, selected):
    scene = parameters_scene(network=network, detail=detail, scale=scale, selected=selected)
    assert scene.problem in scene.text
    drawn = {node.get("data-key") for node in ET.fromstring(draw(scene, WIDE)).iter()}
    assert set(scene.links) <= drawn


def test_a_long_table_is_sent_once_and_not_with_every_gesture():
    explorer = ParameterExplorer(network="resnet-152")
    shown = explorer.get_state("_shown")["_shown"]
    assert len(json.dumps(shown)) < 20_000
    sent = []
    explorer.observe(sent.append, "_tables")
    explorer.selected = "rows:100"
    assert sent == []
    assert explorer.get_state("_shown")["_shown"] != shown
    explorer.set_state({"_tables": []})
    assert explorer.get_state("_tables")["_tables"]


def test_what_is_not_counted_is_said():
    (words,) = {
        row.words for row in parameters_scene(network="resnet-18").counted.rows if row.path == "bn1"
    }
    assert "γ and β of each channel; running mean and variance are saved, not learned" in words
    table = parameters_scene(network="lenet-5").counted.rows
    assert any(re.search(r"5·5·60 \+ 16 = 1,516 \(60 connections", row.words) for row in table)
