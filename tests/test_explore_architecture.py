"""ArchitectureExplorer: blocks add up to the network, differences are the true ones, C3 counts."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest

from cnnlab import zoo
from cnnlab.explore import ArchitectureExplorer
from cnnlab.explore.architecture.blocks import inner, tree
from cnnlab.explore.architecture.course import MEASURES, points
from cnnlab.explore.architecture.drawing import draw
from cnnlab.explore.architecture.scene import architecture_scene
from cnnlab.explore.scene import WIDTHS, Stage

SVG = "{http://www.w3.org/2000/svg}"
PAIRS = [("alexnet", "alexnet-ungrouped"), ("vgg-c", "vgg-d"), ("resnet-18", "resnet-34")]


@pytest.mark.parametrize("name", zoo.names())
def test_blocks_of_every_level_add_up_to_what_the_table_counts(name):
    found = tree(name)
    summary = zoo.get(name).summary()
    assert (found.top.params, found.top.macs) == (summary.params, summary.macs)
    assert found.top.out_shape == summary.output_shape
    for each in inner(found.top):
        blocks = [block for lane in each.lanes for block in lane]
        assert each.params == each.times * sum(block.params for block in blocks)
        assert each.macs == each.times * sum(block.macs for block in blocks)
        for lane in each.lanes:
            for one, other in pairwise(lane):
                assert one.out_shape == other.in_shape


@pytest.mark.parametrize("name", ["resnet-50", "googlenet", "efficientnet-b0", "lenet-5"])
def test_a_blocks_numbers_are_those_of_the_rows_under_its_path(name):
    found = tree(name)
    for each in inner(found.top):
        for block in (block for lane in each.lanes for block in lane):
            if block.times > 1 or not block.path:
                continue
            rows = [r for r in found.summary.rows if f"{r.path}.".startswith(f"{block.path}.")]
            assert block.macs == sum(row.macs for row in rows)
            assert block.params >= sum(row.params for row in rows)  # pointwise rows may follow


def boxes(svg, side):
    found = []
    for node in ET.fromstring(svg).iter(f"{SVG}g"):
        if (node.get("data-key") or "").startswith(side):
            first = node.find(f"{SVG}rect")
            found.append([float(first.get(k)) for k in ("x", "y", "width", "height")])
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [n for n in zoo.names() if n != "vgg-e"])
def test_boxes_never_overlap_and_stay_in_the_picture(name, width):
    stage = Stage(width, ArchitectureExplorer.heights[WIDTHS.index(width)])
    paths = [(each.path, "") for each in inner(tree(name).top)] + [("", "vgg-e")]
    for inside, beside in paths:
        scene = architecture_scene(network=name, beside=beside, inside=inside)
        svg = draw(scene, stage)
        every = boxes(svg, "first") + boxes(svg, "second")
        assert all(x >= 0 and x + w <= stage.width for x, _, w, _ in every)
        assert all(y >= 0 and y + h <= stage.height for _, y, _, h in every)
        assert all(w >= 8 and h >= 8 for _, _, w, h in every)
        for (x, y, w, h), (x2, y2, w2, h2) in combinations(every, 2):
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_what_differs_is_marked_on_both_sides_and_said(one, other):
    scene = architecture_scene(network=one, beside=other)
    for side, level in zip(("first", "second"), scene.levels, strict=True):
        assert level.differs
        for block in level.blocks:
            said = scene.links[f"{side}:{block.path}"]["text"]
            assert ("Different: " in said) == (block.path in level.differs)
    assert draw(scene, Stage(900, 480)).count("≠") == sum(len(s.differs) for s in scene.levels)


def test_vgg_c_and_d_differ_in_three_convolutions_and_the_groups_of_alexnet_in_three():
    scene = architecture_scene(network="vgg-c", beside="vgg-d")
    assert [sorted(level.differs) for level in scene.levels] == [
        ["conv3_3", "conv4_3", "conv5_3"]
    ] * 2
    scene = architecture_scene(network="alexnet", beside="alexnet-ungrouped")
    assert sorted(scene.levels[0].differs) == ["conv2", "conv4", "conv5"]
    same = architecture_scene(network="vgg-d", beside="vgg-d")
    assert not any(level.differs for level in same.levels)


def test_a_block_says_shape_parameters_macs_receptive_field_and_bytes():
    scene = architecture_scene(network="alexnet", mode="bars")
    said = architecture_words(scene, "fc6")
    assert said.startswith("linear, 4096 (ReLU, Dropout 0.5): 9216 → 4096; 37,752,832 parameters")
    assert "(62 % of all); 37,748,736 MACs (5 %)" in said
    first = scene.links["first:conv1"]["text"]
    assert "a unit sees 11×11 of the input" in first
    assert f"output {96 * 55 * 55 * 4 / 1024**2:.2f} MB" in first


def architecture_words(scene, path):
    return scene.links[f"first:{path}"]["text"]


def test_a_block_unfolds_among_its_siblings_and_folds_by_the_same_gesture():
    explorer = ArchitectureExplorer(network="googlenet")
    folded = explorer.scene
    gesture = {"type": "edit", "key": "first:inception3a", "value": 1}
    explorer.set_state({"selected": "first:inception3a"})
    for act in (gesture, {"type": "press", "name": "open"}):
        explorer._hear(explorer, act, [])
        assert explorer.inside == "inception3a"
        assert folded.links.keys() < explorer.scene.links.keys()
        (grid,) = explorer.scene.grids
        rows = [len(row) for row in grid["keys"]]
        assert rows[1:5] == [1, 2, 2, 2]
        assert grid["keys"][0][-1] == explorer.selected
        explorer._hear(explorer, act, [])
        assert explorer.inside == ""
        assert explorer.scene == folded
    explorer._hear(explorer, {"type": "undo"}, [])
    assert explorer.inside == "inception3a"
    explorer._hear(explorer, {"type": "press", "name": "back"}, [])
    assert explorer.inside == ""


@pytest.mark.parametrize("name", ["resnet-50", "googlenet", "efficientnet-b7"])
def test_parts_add_up_to_the_network_whatever_is_unfolded(name):
    found = tree(name)
    for each in inner(found.top):
        (level,) = architecture_scene(network=name, inside=each.path).levels
        assert sum(block.params for block in level.parts()) == found.summary.params
        assert sum(block.macs for block in level.parts()) == found.summary.macs


def test_one_goes_back_out_of_every_block():
    for name in ("resnet-50", "inception-v3", "efficientnet-b7", "xception"):
        found = tree(name)
        for each in inner(found.top):
            path, steps = each.path, 0
            while path:
                path, steps = found.above(path), steps + 1
                assert steps < 10, each.path


def test_a_block_without_an_inside_is_not_opened():
    explorer = ArchitectureExplorer(network="vgg-d", selected="first:conv1_1")
    explorer.pressed("open")
    assert explorer.inside == ""
    explorer.pressed("back")
    assert explorer.inside == ""


def test_connections_are_ticked_by_hand_and_counted_anew():
    explorer = ArchitectureExplorer(example="c3")
    assert explorer.scene.connections.params == 1516
    explorer._hear(explorer, {"type": "press", "name": "back"}, [])
    assert explorer.scene.connections.params == 2416
    assert "2,416 parameters, 61,740 in the network" in explorer.text
    explorer._hear(explorer, {"type": "press", "name": "back"}, [])
    assert explorer.connections == []
    explorer.set_state({"selected": "table:5,0"})
    explorer._hear(explorer, {"type": "press", "name": "open"}, [])
    assert explorer.scene.connections.params == 1516 + 25
    explorer._hear(explorer, {"type": "edit", "key": "table:5,0", "value": 0}, [])
    assert explorer.scene.connections.params == 1516
    explorer._hear(explorer, {"type": "edit", "key": "table:5,0", "value": 7}, [])
    explorer._hear(explorer, {"type": "edit", "key": "table:6,0", "value": 1}, [])
    assert explorer.scene.connections.params == 1516


def test_a_map_that_reads_nothing_is_a_problem_with_a_way_out():
    explorer = ArchitectureExplorer(network="lenet-5", mode="table")
    explorer.connections = [[]] + [[0]] * 15
    assert "Output map 0 reads nothing" in explorer.scene.problem
    assert explorer.draw(explorer.stage()).count("table:") == 96
    explorer._hear(explorer, {"type": "fix", "label": "the published table"}, [])
    assert explorer.scene.connections.params == 1516


def test_a_table_is_offered_only_where_there_is_one():
    def offered(explorer):
        mode = next(c for c in explorer.offered() if c.name == "mode")
        return [value for value, _, _ in mode.options]

    assert "table" in offered(ArchitectureExplorer(network="lenet-1"))
    assert "table" not in offered(ArchitectureExplorer(network="lenet-5-modern"))
    assert ArchitectureExplorer(network="vgg-d", mode="table").scene.mode == "diagram"


@pytest.mark.parametrize("measure", MEASURES)
def test_every_point_of_history_says_its_number_and_its_source(measure):
    explorer = ArchitectureExplorer(mode=measure)
    found = points(measure)
    assert len(found) >= 10
    for i, point in enumerate(found):
        said = explorer.scene.links[f"point:{i}"]["text"]
        assert point.milestone.source in said
        assert re.search(f"{point.value:,.15g}".replace(".", r"\."), said)
    assert [p.milestone.year for p in found] == sorted(p.milestone.year for p in found)


def test_a_point_of_history_opens_its_diagram():
    explorer = ArchitectureExplorer(mode="params", selected="point:1")
    explorer.pressed("open")
    assert (explorer.network, explorer.mode) == ("lenet-5", "diagram")


def test_pointing_and_walking_make_no_new_scene():
    explorer = ArchitectureExplorer(network="efficientnet-b7")
    scene = explorer.scene
    for key in scene.links:
        explorer.set_state({"selected": key})
        assert explorer.scene is scene


@pytest.mark.parametrize("mode", ["diagram", "bars", "params", "table"])
def test_its_code_runs(mode, capsys):
    explorer = ArchitectureExplorer(network="lenet-5", mode=mode)
    exec(explorer.code(), {})
    assert capsys.readouterr().out


def test_a_box_says_stride_and_padding_briefly_before_it_leaves_them_out():
    explorer = ArchitectureExplorer(network="resnet-18")
    wide, narrow = (explorer.draw(explorer.stage(width)) for width in (900, 236))
    for svg in (wide, narrow):
        assert ">s 2, p 3, BatchNorm</text>" in svg
        assert ">stride 2, padding 1</text>" in svg  # of the pooling, where both fit
    alexnet = ArchitectureExplorer(network="alexnet")
    assert ">padding 2, 2 groups</text>" in alexnet.draw(alexnet.stage(900))
    assert ">p 2</text>" in alexnet.draw(alexnet.stage(236))
