"""What units see: equal to the windows themselves, to the counter, and to PyTorch's gradients."""

import xml.etree.ElementTree as ET

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from traitlets import TraitError

from cnnlab import geometry, spec, zoo
from cnnlab.count import summarize
from cnnlab.explore import ReceptiveFieldExplorer
from cnnlab.explore.receptive_field.drawing import draw
from cnnlab.explore.receptive_field.levels import of_network, stacked
from cnnlab.explore.receptive_field.model import compare
from cnnlab.explore.receptive_field.relations import (
    exactly,
    relations_in_network,
    relations_in_stack,
    seen,
)
from cnnlab.explore.receptive_field.scene import receptive_field_scene
from cnnlab.explore.scene import Stage

WIDE = Stage(900, 340)
LAYER = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
STACK = st.lists(LAYER, min_size=1, max_size=5)
WILD = st.lists(st.tuples(*[st.integers(-2, 9)] * 3), min_size=1, max_size=5)


def levels_of(size, layers, padding):
    try:
        return stacked(size, layers, padding)
    except ValueError:
        return []


@given(st.integers(5, 24), STACK, st.sampled_from(["valid", "same"]))
def test_a_unit_sees_what_its_windows_read(size, layers, padding):
    levels = levels_of(size, layers, padding)
    relations = relations_in_stack(levels)
    for i, level in enumerate(levels):
        for unit in range(level.length):
            reached = {unit}
            for j in range(i, 0, -1):
                kernel, stride, dilation = layers[j - 1]
                below = levels[j - 1].length
                windows = geometry.windows(below, kernel, stride, padding, dilation)
                reached = {p for u in reached for p in windows[u] if 0 <= p < below}
                assert exactly(levels, i, unit)[j - 1] == sorted(reached)
                hull = seen(relations[i, j - 1], unit, below)
                assert reached <= set(hull)
                if padding == "valid":
                    assert (hull[0], hull[-1]) == (min(reached), max(reached))


@given(st.integers(5, 24), STACK)
def test_fields_are_those_of_geometry_and_of_the_counter(size, layers):
    levels = levels_of(size, layers, "valid")
    if not levels:
        return
    convolutions = [spec.Conv(1, k, stride=s, dilation=d) for k, s, d in layers]
    for level, row in zip(
        levels[1:], summarize(spec.Chain(*convolutions), (1, size, size)).rows, strict=True
    ):
        assert level.fields == row.receptive_field
        assert (level.length, level.length) == row.output_shape[1:]


@pytest.mark.parametrize("layers", [[(3,)] * 3, [(3, 2), (3, 1, 2)], [(5, 2), (2, 2), (3, 1, 2)]])
def test_the_code_finds_the_field_by_gradients(layers):
    explorer, names = ReceptiveFieldExplorer(layers=layers, size=24), {}
    exec(explorer.code(), names)
    assert names["size"] == names["torch_size"] == explorer.receptive_field.size


@pytest.mark.parametrize("name", zoo.names())
def test_rows_of_a_network_are_the_counters(name):
    explorer = ReceptiveFieldExplorer(network=name)
    summary = zoo.get(name).summary()
    assert explorer.rows
    for row in explorer.rows:
        counted = summary[row.path]
        if row.kind.endswith(" all"):  # a dense layer: every unit sees the whole input
            sizes = explorer.scene.reach.levels[0].sizes
            assert [field.size for field in row.fields] == list(sizes)
            assert row.output == f"{counted.output_shape[0]}"
        else:
            assert row.fields == counted.receptive_field
            assert row.output == "×".join(map(str, counted.output_shape[1:]))
    keys = {key for grid in explorer.scene.grids for row in grid["keys"] for key in row}
    assert explorer.selected in keys


@pytest.mark.parametrize("name", ["vgg-a", "alexnet-owt", "lenet-5"])
def test_a_unit_of_a_network_sees_what_gradients_reach(name):
    network = zoo.get(name)
    steps = spec.trace(network.spec, network.input_shape)
    levels = of_network(network.spec, steps)
    top, other = levels[4], levels[2]
    unit = top.length // 2
    x = torch.ones(1, 1, other.length, requires_grad=True)
    y = x
    for level in levels[3:5]:
        kernel, stride, padding = (
            getattr(level.window, k) for k in ("kernel_size", "stride", "before")
        )
        y = torch.nn.functional.conv1d(y, torch.ones(1, 1, kernel), stride=stride, padding=padding)
    y[0, 0, unit].backward()
    read = x.grad[0, 0].nonzero()[:, 0].tolist()
    relations = relations_in_network(network.spec, steps, levels, [0, 2, 4])
    assert list(seen(relations[4, 2], unit, other.length)) == list(range(read[0], read[-1] + 1))


def test_units_see_along_their_own_branch_only():
    network = zoo.get("googlenet")
    steps = spec.trace(network.spec, network.input_shape)
    levels = of_network(network.spec, steps)
    numbers = {level.name: i for i, level in enumerate(levels)}
    relations = relations_in_network(network.spec, steps, levels, [*range(len(levels))])
    wide = numbers["inception3b.branch3x3.conv.conv"]
    # From the end of the block before, a 1×1 and a 3×3 lie between, however wide that block is.
    assert relations[wide, numbers["inception3a.pool.proj.conv"]].size == 3
    assert relations[wide, numbers["inception3a.branch5x5.reduce.conv"]].size == 7
    assert (wide, numbers["inception3b.branch1x1.conv"]) not in relations
    for (i, j), field in relations.items():
        if j == 0:
            assert field == levels[i].field


def test_gates_are_left_out():
    rows = ReceptiveFieldExplorer(network="efficientnet-b0").rows
    assert rows
    assert not any(".se." in row.path for row in rows)


def test_two_3x3_see_what_one_5x5_sees_for_less():
    two, five, three, seven = compare(64)
    assert two.sees == five.sees == 5
    assert three.sees == seven.sees == 7
    assert (two.params, five.params) == (73_856, 102_464)
    assert (three.params, seven.params) == (110_784, 200_768)
    for row in compare(7):
        assert eval(row.term.replace("·", "*")) == row.params
    assert compare(0) == []


@given(
    st.one_of(st.integers(-3, 40), st.integers(-(10**12), 10**12)),
    WILD,
    st.sampled_from(["valid", "same"]),
    st.integers(-3, 10**6),
)
def test_nothing_that_is_chosen_raises(size, layers, padding, page):
    scene = receptive_field_scene(size=size, layers=layers, padding=padding, page=page)
    assert bool(scene.problem) == (len(scene.rows) < len(layers))
    assert scene.problem in scene.text
    drawn = {node.get("data-key") for node in ET.fromstring(draw(scene, WIDE)).iter()}
    assert set(scene.links) <= drawn
    for link in scene.links.values():
        assert {key for keys in link.get("marks", {}).values() for key in keys} <= drawn


def test_sentences():
    explorer = ReceptiveFieldExplorer(layers=[(3,), (3, 1, 2)], size=12)
    links = explorer.scene.links
    assert links["layer2:1"]["text"] == (
        "layer 2, unit 1, sees 3 of the 5 units from 1 to 5 of layer 1 and pixels 1 to 7 of the "
        "input. Its receptive field is 7×7 pixels."
    )
    assert "is seen by units drawn: 1 of layer 1 and 1 of layer 2" in links["input:0"]["text"]
    assert explorer.scene.formulas[1] == ("layer 2: sees 3 + (3 − 1)·2·1 = 7 pixels, jump 1·1 = 1")
    explorer.padding = "same"
    assert "3 of 7 beyond the edge" in explorer.scene.links["layer2:0"]["text"]


def test_layers_are_edited_from_the_page():
    explorer = ReceptiveFieldExplorer()
    explorer._handle_custom_msg({"type": "edit", "key": "layers:1,stride", "value": 2}, [])
    assert explorer.layers == [[3, 1, 1], [3, 2, 1], [3, 1, 1]]
    assert (explorer.receptive_field.size, explorer.receptive_field.jump) == (9, 2)
    before = explorer.settings()
    for key, value in [
        ("layers:1,stride", 0),
        ("layers:1,stride", 2.5),
        ("layers:9,stride", 2),
        ("layers:1,colour", 2),
        ("layers:x,stride", 2),
        ("layers:-1,stride", 2),
        ("input:0", 3),
    ]:
        explorer._handle_custom_msg({"type": "edit", "key": key, "value": value}, [])
    assert explorer.settings() == before
    for _ in range(7):
        explorer._handle_custom_msg({"type": "press", "name": "add"}, [])
    assert len(explorer.layers) == 5
    for _ in range(7):
        explorer._handle_custom_msg({"type": "press", "name": "remove"}, [])
    assert explorer.layers == [[3, 1, 1]]
    explorer.layers = [[9, 1, 4]]
    assert "layer 1: kernel 9 (spans 33 with dilation 4) does not fit" in repr(explorer)


def test_long_networks_are_paged_and_the_table_turns_the_pages():
    explorer = ReceptiveFieldExplorer(network="resnet-152")
    assert explorer.scene.reach.pages == 32
    explorer._handle_custom_msg({"type": "press", "name": "earlier"}, [])
    assert explorer.scene.reach.drawn == [0, 1, 2, 3, 4, 5]
    explorer._handle_custom_msg({"type": "press", "name": "later"}, [])
    assert explorer.scene.reach.drawn == [0, 6, 7, 8, 9, 10]
    explorer.selected = "row:33"
    assert 33 in explorer.scene.reach.drawn
    assert "row:33" in explorer.scene.links


def test_a_specification_of_ones_own_and_wrong_values():
    net = spec.Chain(spec.Conv(4, 3), spec.MaxPool(2), spec.Conv(4, (1, 5)))
    explorer = ReceptiveFieldExplorer(spec=net, input_shape=(3, 20, 30))
    assert explorer.network == "own specification"
    assert [row.receptive_field for row in explorer.rows] == ["3×3", "4×4", "4×12"]
    assert explorer.output == [28, 14, 10]
    names = {}
    exec(explorer.code(), names)
    assert names["size"] == names["torch_size"] == 12
    for layers in ([], [(3,)] * 6, [(0,)], [(3, 1, 1, 1)], [("a",)], [(10,)], [None], [(3.5,)]):
        with pytest.raises(TraitError, match="layer"):
            explorer.layers = layers
    with pytest.raises(TypeError, match="no setting 'kernel'"):
        ReceptiveFieldExplorer(kernel=3)


@pytest.mark.parametrize(
    ("name", "fields"),
    {
        "two": ["3×3", "5×5"],
        "edge": ["3×3", "5×5", "7×7"],
        "stride": ["3×3", "5×5", "9×9"],
        "pool": ["3×3", "4×4", "8×8", "10×10"],
        "dilation": ["3×3", "7×7", "15×15"],
        "lenet": ["5×5", "6×6", "14×14", "16×16", "32×32", "32×32", "32×32"],
    }.items(),
)
def test_worked_examples_see_what_their_sentences_say(name, fields):
    rows = ReceptiveFieldExplorer(example=name).rows
    assert [row.receptive_field for row in rows] == fields


def test_a_walk_through_a_networks_table_leaves_its_example():
    explorer = ReceptiveFieldExplorer(example="vgg")
    explorer.set_state({"selected": "row:15"})
    assert explorer.page > 1
    assert explorer.example == "vgg"
    assert explorer.scene.note
