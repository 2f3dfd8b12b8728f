"""Pooling, cell by cell: every number is that of the package's own pooling and of PyTorch's."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from traitlets import TraitError

from cnnlab import geometry
from cnnlab.explore import PoolingExplorer
from cnnlab.explore.pooling.drawing import draw
from cnnlab.explore.pooling.links import routed
from cnnlab.explore.pooling.model import EXAMPLES, Settings
from cnnlab.explore.pooling.scene import pooling_scene
from cnnlab.explore.scene import WIDTHS, Stage
from cnnlab.scratch import functional as F

STAGES = [Stage(*each) for each in zip(WIDTHS, PoolingExplorer.heights, strict=True)]
NUMBERS = st.integers(-3, 3).map(float)
GRIDS = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda size: st.lists(
        st.lists(NUMBERS, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)
ANY = st.one_of(st.integers(-1, 5), st.integers(-(10**12), 10**12))


def choices(numbers):
    return st.fixed_dictionaries(
        {
            "input": GRIDS,
            "upstream": st.one_of(st.just([]), GRIDS),
            "kind": st.sampled_from(["max", "average"]),
            "kernel_size": numbers,
            "stride": numbers,
            "padding": numbers,
            "policy": st.sampled_from(geometry.POLICIES),
            "count_include_pad": st.booleans(),
            "backward": st.booleans(),
            "ties": st.sampled_from(["first", "share"]),
        }
    )


def by_scratch(s, dy):
    x = np.array(s.input)[None, None]
    window = s.kernel_size, s.stride, s.padding
    if s.kind == "max":
        y, cache = F.max_pool2d(x, *window, policy=s.policy, ties=s.ties)
        return y[0, 0], F.max_pool2d_backward(dy, cache)[0, 0]
    include = s.count_include_pad
    y, cache = F.avg_pool2d(x, *window, policy=s.policy, count_include_pad=include)
    return y[0, 0], F.avg_pool2d_backward(dy, cache)[0, 0]


@settings(max_examples=60)
@given(choices(st.integers(1, 3)))
def test_every_cell_says_what_the_layers_compute(choice):
    scene, s = pooling_scene(**choice), Settings(**choice)
    assume(not scene.problem)
    y, dx = by_scratch(s, np.array(scene.pooling.upstream)[None, None])
    assert scene.pooling.output == y.tolist()
    assert scene.pooling.gradient == dx.tolist()
    routes = np.zeros_like(dx)
    for place in scene.pooling.windows:
        for cell, share in routed(scene.pooling, place).items():
            routes[cell] += share
    np.testing.assert_allclose(routes, dx, atol=1e-12)
    for (i, j), window in scene.pooling.windows.items():
        assert len(window) == s.kernel_size**2
        link = scene.links[f"output:{i},{j}"]
        assert link["marks"]["window"] == [f"input:{r},{c}" for r, c in window]
        assert f"= {'−' * bool(y[i, j] < -5e-4)}" in link["text"]


@settings(max_examples=60)
@given(choices(ANY), st.sampled_from(STAGES))
def test_nothing_that_is_chosen_raises(choice, stage):
    scene = pooling_scene(**choice)
    assert bool(scene.problem) != bool(scene.pooling.output)
    assert scene.problem in scene.text
    assert draw(scene, stage).startswith("<svg")
    drawn = set(re.findall(r'data-key="([^"]+)"', draw(scene, stage)))
    cells = {key for grid in scene.grids for row in grid["keys"] for key in row}
    assert cells == drawn
    for link in scene.links.values():
        assert {key for keys in link.get("marks", {}).values() for key in keys} <= drawn


@settings(max_examples=40)
@given(choices(st.integers(1, 4)))
def test_the_code_computes_what_is_shown(choice):
    scene = pooling_scene(**choice)
    assume(not scene.problem)
    numpy, pytorch = "\n".join(scene.code).split("# PyTorch\n")
    names = {}
    exec(numpy, names)
    np.testing.assert_array_equal(names["y"][0, 0], scene.pooling.output)
    if choice["backward"]:
        np.testing.assert_array_equal(names["dx"][0, 0], scene.pooling.gradient)
    if "import torch" in pytorch:
        exec(pytorch, names)
        # PyTorch's mean counts other cells where a window hangs over the padding.
        np.testing.assert_allclose(names["y"][0, 0].detach(), scene.pooling.output, atol=1e-12)
        shared = choice["kind"] == "max" and choice["ties"] == "share"
        if choice["backward"] and not shared:
            np.testing.assert_allclose(names["dx"][0, 0], scene.pooling.gradient, atol=1e-12)


def test_the_worked_example_of_the_lecture():
    explorer = PoolingExplorer()
    assert (
        repr(explorer) == "max pooling 2×2, stride 2, padding 0: input 4×4 → output 2×2: 6 8 / 3 4"
    )
    links = explorer.scene.links
    assert links["output:0,0"]["text"] == (
        "output row 0, column 0: max(1, 1, 5, 6) = 6, at input row 1, column 1"
    )
    explorer.kind = "average"
    assert explorer.output == [[3.25, 5.25], [2, 2]]
    text = explorer.scene.links["output:0,1"]["text"]
    assert text == "output row 0, column 1: (2 + 4 + 7 + 8)/4 = 5.25"


@pytest.mark.parametrize(("ties", "gradient"), [("first", [7, 0, 0, 0]), ("share", [1.75] * 4)])
def test_who_gets_the_gradient_of_a_tie(ties, gradient):
    explorer = PoolingExplorer(input=[[5, 5], [5, 5]], upstream=[[7]], backward=True, ties=ties)
    assert np.ravel(explorer.gradient).tolist() == gradient
    text = explorer.scene.links["upstream:0,0"]["text"]
    words = (
        "input row 0, column 0, the first of 4" if ties == "first" else "7/4 = 1.75 to each of 4"
    )
    assert words in text


def test_overlapping_windows_add_up():
    explorer = PoolingExplorer(input=[[0, 0, 0], [0, 9, 0], [0, 0, 0]], stride=1, backward=True)
    assert explorer.gradient == [[0, 0, 0], [0, 10, 0], [0, 0, 0]]
    text = explorer.scene.links["gradient:1,1"]["text"]
    assert "1 + 2 + 3 + 4 = 10, from outputs (0, 0), (0, 1), (1, 0) and (1, 1)" in text


def test_padding_never_wins_and_counts_only_where_it_is_told_to():
    explorer = PoolingExplorer(example="negative", kernel_size=3, padding=1)
    assert explorer.output[0][0] == -1
    assert "max(−∞, −∞, −∞, −∞, −1" in explorer.scene.links["output:0,0"]["text"]
    assert "never wins" in explorer.scene.links["input:-1,-1"]["text"]
    explorer.kind = "average"
    first = explorer.scene.links["output:0,0"]["text"]
    assert "(0 + 0 + 0 + 0 − 1 − 2 + 0 − 5 − 6)/9 = −1.556" in first
    explorer.count_include_pad = False
    first = explorer.scene.links["output:0,0"]["text"]
    assert "(−1 − 2 − 5 − 6)/4 = −3.5, padding does not count" in first


def test_a_pixel_says_who_uses_it_and_what_is_dropped():
    explorer = PoolingExplorer(example="edge 5×5")
    links = explorer.scene.links
    assert "read by output (0, 1), wins output (0, 1)" in links["input:0,2"]["text"]
    assert "no window reads it, it is dropped" in links["input:4,4"]["text"]
    explorer.policy = "error"
    assert "stride 2 does not fit" in repr(explorer)
    explorer.policy = "ceil"
    assert explorer.output[2][2] == 9


@given(choices(st.integers(0, 6)))
def test_what_does_not_fit_is_drawn_as_far_as_it_goes(choice):
    scene, s = pooling_scene(**choice), Settings(**choice)
    pooling = scene.pooling
    assume(scene.problem and pooling.failing)
    for positions, window in zip((pooling.rows, pooling.columns), pooling.failing, strict=True):
        assert len(window) == s.kernel_size
        assert set(window) <= set(positions)
    for r, c in pooling.unread:  # left over although some windows fit
        read = [geometry.windows(n, s.kernel_size, s.stride, s.padding) for n in pooling.size]
        assert not any(r in up and c in left for up in read[0] for left in read[1])


def test_a_stride_that_does_not_fit_hangs_over_and_leaves_pixels():
    pooling = PoolingExplorer(example="edge 5×5", policy="error").scene.pooling
    assert pooling.failing == (range(4, 6), range(4, 6))
    assert pooling.kinds[5, 5] == "outside"
    assert pooling.unread == {(4, i) for i in range(5)} | {(i, 4) for i in range(5)}


@settings(max_examples=60)
@given(choices(st.integers(0, 4)), st.sampled_from(STAGES))
def test_every_grid_lies_on_the_stage_with_its_words(choice, stage):
    svg = ET.fromstring(draw(pooling_scene(**choice), stage))
    assert svg.get("viewBox") == f"0 0 {stage.width} {stage.height}"
    for node in svg.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, wide, high = (float(node.get(key)) for key in ("x", "y", "width", "height"))
        assert 0 <= x <= x + wide <= stage.width
        assert 0 <= y <= y + high <= stage.height
    for node in svg.iter("{http://www.w3.org/2000/svg}text"):
        x, size = float(node.get("x")), float(node.get("font-size"))
        wide = 0.62 * size * len(node.text)
        assert size >= 12
        assert (x if node.get("text-anchor") == "start" else x - wide / 2) + wide <= stage.width


def test_cells_are_edited_from_the_page():
    explorer = PoolingExplorer(backward=True)
    explorer._handle_custom_msg({"type": "edit", "key": "input:0,0", "value": 9}, [])
    assert explorer.input[0] == [9, 1, 2, 4]
    assert explorer.example == "own numbers"
    assert explorer.output[0][0] == 9
    explorer._handle_custom_msg({"type": "edit", "key": "upstream:0,0", "value": -2.5}, [])
    assert explorer.gradient[0][0] == -2.5
    before = explorer.settings()
    for key in ("input:9,9", "output:0,0", "input:x", "nothing", "gradient:0,0", "input:-1,0"):
        explorer._handle_custom_msg({"type": "edit", "key": key, "value": 1}, [])
    assert explorer.settings() == before
    explorer.example = "ties"
    assert explorer.input == EXAMPLES["ties"]


def test_wrong_values_from_python_are_refused_in_one_sentence():
    explorer = PoolingExplorer()
    for grid in ([[1, 2], [3]], [[float("nan")]], [], [[0] * 13], [1, 2], [["a"]]):
        with pytest.raises((TraitError, ValueError), match="input must"):
            explorer.input = grid
    with pytest.raises(ValueError, match="input must have 1 to 12 rows and columns"):
        PoolingExplorer(input=np.zeros((20, 20)))
    assert repr(PoolingExplorer(input=np.eye(2))).endswith("output 1×1: 1")


def test_pytorch_agrees_on_ties():
    for name, grid in EXAMPLES.items():
        x = torch.tensor([[grid]], dtype=torch.float64, requires_grad=True)
        y = torch.nn.functional.max_pool2d(x, 2, stride=1)
        explorer = PoolingExplorer(example=name, stride=1, backward=True)
        y.backward(torch.tensor([[explorer.scene.pooling.upstream]], dtype=torch.float64))
        assert explorer.gradient == x.grad[0, 0].tolist()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_what_it_shows_and_asks_a_question(name):
    explorer = PoolingExplorer(example=name)
    assert "To try: " in explorer.scene.note
    assert explorer.scene.note.endswith("?")
    explorer.set_state({"kernel_size": 3})
    assert explorer.scene.note
    explorer._handle_custom_msg({"type": "edit", "key": "input:0,0", "value": 77}, [])
    assert explorer.scene.note == ""
