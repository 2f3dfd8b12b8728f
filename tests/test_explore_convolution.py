"""ConvolutionExplorer without a browser: its numbers, its sums, its code, its picture."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise
from urllib.parse import unquote

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from traitlets import TraitError

from cnnlab import geometry
from cnnlab.explore import ConvolutionExplorer
from cnnlab.explore.convolution.drawing import draw
from cnnlab.explore.convolution.layer import KINDS
from cnnlab.explore.convolution.links import make_links
from cnnlab.explore.convolution.presets import DEFAULTS, PRESETS, preset
from cnnlab.explore.convolution.scene import convolution_scene
from cnnlab.explore.numbers import number
from cnnlab.explore.scene import WIDTHS, Stage
from cnnlab.explore.svg import expand
from cnnlab.scratch import naive

STAGES = [Stage(*each) for each in zip(WIDTHS, ConvolutionExplorer.heights, strict=True)]
SMALL = {
    "kind": st.sampled_from(KINDS),
    "ndim": st.sampled_from([1, 2]),
    "flip": st.booleans(),
    "size": st.integers(1, 7),
    "channels": st.integers(1, 4),
    "filters": st.integers(1, 3),
    "kernel_size": st.integers(1, 4),
    "stride": st.integers(1, 4),
    "dilation": st.integers(1, 3),
    "padding": st.integers(0, 3),
    "each_side": st.booleans(),
    "top": st.integers(0, 3),
    "bottom": st.integers(0, 3),
    "left": st.integers(0, 3),
    "right": st.integers(0, 3),
    "groups": st.sampled_from([1, 1, 2, 3]),
    "policy": st.sampled_from(geometry.POLICIES),
    "values": st.dictionaries(
        st.sampled_from(["input:0,0,0", "input:1,2,0", "kernel:0,0,0,0", "kernel:9,0,0,1", "bias:0"]),
        st.sampled_from([-2.5, 1e-9, 7.0, 1000.0]),
    ),
}  # fmt: skip
NUMBER = st.one_of(st.integers(-3, 70), st.integers(-(10**12), 10**12))
WHOLE = [name for name, value in DEFAULTS.items() if type(value) is int and name != "ndim"]
ANY = {name: NUMBER if name in WHOLE else strategy for name, strategy in SMALL.items()}
SMALL, ANY = st.fixed_dictionaries(SMALL), st.fixed_dictionaries(ANY)


def scene_of(chosen):
    scene = convolution_scene(**chosen)
    assume(scene.layer)
    return scene, scene.layer


def slow_output(chosen, layer):
    """The loops of ``naive``, with zeros enough for any last window."""
    flat = chosen["ndim"] == 1
    weight = layer.weight[:, :, ::-1, ::-1] if chosen["flip"] else layer.weight
    options = {s: (1 if flat else chosen[s], chosen[s]) for s in ("stride", "dilation")}
    options["groups"] = layer.groups
    sides = [(chosen["padding"],) * 2] * 2
    if chosen["each_side"]:
        sides = [(chosen["top"], chosen["bottom"]), (chosen["left"], chosen["right"])]
    sides = [(0, 0), sides[1]] if flat else sides
    if chosen["kind"] == "transposed":
        empty = np.zeros((1, *layer.output.shape))
        y = naive.conv2d_backward(layer.input[None], empty, weight, padding=tuple(sides), **options)
        return y[0][0] + layer.bias[:, None, None]
    more = [(before, after + 0 if flat and not i else after + 20) for i, (before, after) in enumerate(sides)]  # fmt: skip
    padded = np.pad(layer.input, ((0, 0), *more))
    shape = layer.input.shape[1:]
    kernel = layer.weight.shape[2:]
    h, w = geometry.output_shape(
        shape, kernel, options["stride"], tuple(sides), options["dilation"], chosen["policy"]
    )
    return naive.conv2d(padded[None], weight, layer.bias, **options)[0][:, :h, :w]


@settings(max_examples=60, deadline=None)
@given(SMALL)
def test_the_output_is_what_the_loops_compute(chosen):
    _, layer = scene_of(chosen)
    np.testing.assert_allclose(layer.output, slow_output(chosen, layer), atol=1e-9)


@settings(deadline=None)
@given(st.one_of(SMALL, ANY))
def test_no_setting_is_too_absurd(chosen):
    scene = convolution_scene(**chosen)
    assert bool(scene.problem) == (scene.layer is None)
    assert scene.problem in scene.text
    if scene.problem:
        assert re.search(r"\. (Use|Choose) ", scene.problem)
        assert scene.code == [f"# {scene.problem}"]
    assert ET.fromstring(draw(scene, STAGES[-1])).get("aria-label") == scene.text


def value(words):
    """Read a sum as the page writes it."""
    return eval(words.replace("·", "*").replace("−", "-"), {"__builtins__": {}})


@settings(max_examples=40, deadline=None)
@given(SMALL)
def test_the_sums_written_out_are_true(chosen):
    chosen["values"].pop("input:0,0,0", None)
    chosen["values"].pop("bias:0", None)
    whole = {key: round(v) for key, v in chosen["values"].items()}
    scene, layer = scene_of(chosen | {"values": whole})
    assume(scene.drawn)
    for (k, i, j), y in np.ndenumerate(layer.output):
        link = scene.links[f"output:{k},{i},{j}"]
        if "no input reaches it" in link["text"]:
            assert y == layer.bias[k]
            continue
        for line in link["text"].splitlines():
            _, words = line.split(": ")
            left, *right = words.split(" = ")
            assert value(left) == value(right[-1] if right else left)
        assert value(link["text"].splitlines()[0].split(" = ")[-1]) == y


@settings(max_examples=40, deadline=None)
@given(SMALL)
def test_what_is_linked_forward_is_linked_back(chosen):
    scene, layer = scene_of(chosen)
    assume(scene.drawn)
    links = scene.links
    forward = {
        (output, cell)
        for output, link in links.items()
        if output.startswith("output")
        for role in ("window", "weight")
        for pattern in link["marks"][role]
        for cell in expand(pattern)
    }
    back = {
        (output, cell)
        for cell, link in links.items()
        for pattern in link.get("marks", {}).get("output", [])
        for output in expand(pattern)
    }
    assert forward == back
    unread = {f"input:0,{r},{c}" for r in layer.rows.unread for c in layer.columns.positions}
    assert all("changes nothing" in links[key]["text"] for key in unread)


@settings(max_examples=40, deadline=None)
@given(SMALL, st.sampled_from(STAGES))
def test_every_cell_is_drawn_once_and_no_word_leaves_the_picture(chosen, stage):
    scene, layer = scene_of(chosen)
    assume(scene.drawn)
    svg = ET.fromstring(draw(scene, stage))
    keys = [node.get("data-key") for node in svg.iter() if node.get("data-key")]
    assert len(keys) == len(set(keys))
    assert set(keys) == {key for grid in scene.grids for row in grid["keys"] for key in row}
    assert set(keys) == set(make_links(layer))
    slots = {node.get("data-slot") for node in svg.iter() if node.get("data-slot")}
    put = {name for link in scene.links.values() for name in link.get("put", {})}
    # Where cells are too small for digits, there are no sums; a weight needs still more room.
    assert not slots or {name for name in put if not name.startswith("on:")} <= slots
    check_words(svg, stage)


def check_words(svg, stage):
    """Words are large enough and inside."""
    assert svg.get("viewBox") == f"0 0 {stage.width} {stage.height}"
    for node in svg.iter("{http://www.w3.org/2000/svg}text"):
        x, y, size = (float(node.get(key)) for key in ("x", "y", "font-size"))
        wide = 0.62 * size * len(node.text or "")
        left = {"start": x, "end": x - wide}.get(node.get("text-anchor"), x - wide / 2)
        assert size >= 12
        assert left >= 0, node.text
        assert left + wide <= stage.width + 1, node.text
        assert size <= y <= stage.height


def test_on_a_wide_page_the_weight_lies_on_each_pixel_of_the_window():
    explorer = ConvolutionExplorer(selected="output:0,1,2")
    svg = ET.fromstring(explorer.draw(STAGES[-1]))
    slots = {node.get("data-slot") for node in svg.iter() if node.get("data-slot")}
    put = explorer.scene.links["output:0,1,2"]["put"]
    weights = {name: words for name, words in put.items() if name.startswith("on:")}
    assert set(weights) <= slots
    expected = {
        f"on:0,{1 + u},{2 + v}": f"×{number(explorer.kernel[0, 0, u, v])}"
        for u in range(3)
        for v in range(3)
    }
    assert weights == expected


def rendered(chosen, stage):
    return ET.fromstring(draw(convolution_scene(**chosen), stage))


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", PRESETS)
def test_worked_examples_fit_every_page(name, stage):
    check_words(rendered(preset(name), stage), stage)


@pytest.mark.parametrize("name", ["small", "edge", "rgb", "stride-2", "signal", "transposed"])
@pytest.mark.parametrize("stage", STAGES)
def test_small_examples_show_digits_on_every_page(name, stage):
    assert rendered(preset(name), stage).find(".//*[@data-slot]") is not None


@settings(max_examples=60, deadline=None)
@given(SMALL)
def test_both_versions_of_the_code_compute_what_is_shown(chosen):
    scene_of(chosen)
    run_both(ConvolutionExplorer(**chosen))


@pytest.mark.parametrize("name", [*PRESETS, ""])
def test_the_code_of_the_worked_examples_too(name):
    explorer = ConvolutionExplorer(preset=name, **({} if name else {"ndim": 1, "size": 64}))
    if not name:
        explorer.channels = 8
    if explorer.output is not None:
        run_both(explorer)
        assert max(map(len, explorer.code().splitlines())) < 5000


def run_both(explorer):
    numpy_lines, torch_lines = explorer.code().split("# PyTorch")
    names = {}
    exec(numpy_lines, names)
    np.testing.assert_allclose(names["y"], explorer.output, atol=1e-9)
    exec(torch_lines, names)
    np.testing.assert_allclose(names["y"].numpy(), explorer.output, atol=1e-9)


def computed(code):
    """Names of the NumPy version, and of the PyTorch version after it."""
    numpy_lines, torch_lines = code.split("# PyTorch")
    names = {}
    exec(numpy_lines, names)
    both = [dict(names)]
    exec(torch_lines, names)
    return [*both, {name: np.asarray(names[name].detach()) for name in ("y", "matrix", "dx", "dweight", "dbias")
                    if name in names and hasattr(names[name], "detach")}]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(SMALL)
def test_the_code_of_the_backward_pass_computes_its_gradients(chosen):
    explorer = ConvolutionExplorer(view="backward", **chosen)
    back = explorer.scene.back
    assume(back is not None)
    flat = chosen["ndim"] == 1
    found = {
        "dx": back.input,
        "dweight": back.weight,
        "dbias": back.bias,
        "y": explorer.scene.layer.output,
    }
    for names in computed(explorer.code()):
        for name, expected in found.items():
            if flat and name != "dbias":
                expected = expected[..., 0, :]
            np.testing.assert_allclose(names[name], expected, atol=1e-9, err_msg=name)


@settings(max_examples=40, deadline=None)
@given(SMALL)
def test_the_code_of_im2col_computes_its_matrix(chosen):
    explorer = ConvolutionExplorer(view="im2col", **chosen)
    patches = explorer.scene.patches
    assume(patches is not None)
    for names in computed(explorer.code()):
        np.testing.assert_allclose(names["y"], explorer.output, atol=1e-9)
        if not chosen["flip"]:  # otherwise the kernel is turned and not the windows
            np.testing.assert_allclose(names["matrix"], patches.values)


SHAPES = {
    "small": (1, 2, 2), "edge": (1, 4, 4), "dot": (1, 3, 3), "signal": (1, 3), "rgb": (1, 1, 1),
    "two-filters": (2, 3, 3), "one-filter-32": (1, 28, 28), "six-filters-32": (6, 28, 28),
    "stride-1": (1, 5, 5), "stride-2": (1, 3, 3), "stride-3-floor": (1, 2, 2),
    "stride-3-ceil": (1, 3, 3), "same-3": (1, 7, 7), "same-5": (1, 7, 7), "same-7": (1, 7, 7),
    "stride-2-pad-1": (1, 4, 4), "missed": (1, 3, 3), "shrink-32": (1, 28, 28),
    "shrink-28": (1, 24, 24), "ten-filters-32": (10, 32, 32), "dilation": (1, 3, 3),
    "depthwise": (3, 3, 3), "pointwise": (2, 4, 4), "groups": (2, 2, 2), "transposed": (1, 5, 5),
}  # fmt: skip


@pytest.mark.parametrize(("name", "shape"), SHAPES.items())
def test_worked_examples_have_the_sizes_they_promise(name, shape):
    explorer = ConvolutionExplorer(preset=name)
    assert explorer.output.shape == shape
    title = ConvolutionExplorer.presets()[name]
    if "→" in title:
        promised = title.split("→ ")[1].split(",")[0].split("×")
        size = [str(shape[-1])] * 2 + [str(shape[0])] * (len(promised) == 3)
        assert promised == size


def test_worked_examples_have_the_numbers_they_promise():
    rgb = ConvolutionExplorer(preset="rgb")
    assert rgb.output.item() == -25
    put = rgb.scene.links["output:0,0,0"]["put"]
    assert {name: words for name, words in put.items() if not name.startswith("on:")} == {
        "sum:0,0": "308", "sum:0,1": "−498", "sum:0,2": "164", "total:0": "+ 1 = −25",
    }  # fmt: skip
    kernel = np.arange(1.0, 10).reshape(3, 3)
    np.testing.assert_array_equal(ConvolutionExplorer(preset="dot").output[0], kernel[::-1, ::-1])
    np.testing.assert_array_equal(ConvolutionExplorer(preset="dot-flipped").output[0], kernel)
    assert ConvolutionExplorer(preset="signal").output.tolist() == [[1, 2, 4]]
    refused = ConvolutionExplorer(preset="stride-3")
    assert refused.output is None
    assert "(7 - 3)/3 + 1 = 2.33 is not whole" in repr(refused)
    assert set(SHAPES) | {"stride-3", "dot-flipped"} == set(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_what_the_page_receives_is_small(name):
    shown = ConvolutionExplorer(preset=name).get_state("_shown")
    assert len(json.dumps(shown, ensure_ascii=False).encode()) < 200_000


def test_a_preset_is_left_with_the_first_change_and_keeps_its_numbers():
    explorer = ConvolutionExplorer(preset="rgb")
    explorer.set_state({"stride": 2})
    assert (explorer.preset, explorer.stride, explorer.channels) == ("", 2, 3)
    assert explorer.output.item() == -25
    explorer.set_state({"preset": "stride-2"})
    assert (explorer.preset, explorer.channels, explorer.values) == ("stride-2", 1, {})
    assert explorer.output.shape == (1, 3, 3)
    assert ConvolutionExplorer(preset="rgb", stride=3).preset == ""
    assert preset("rgb")["stride"] == 1


@settings(max_examples=20, deadline=None)
@given(st.one_of(SMALL, ANY))
def test_settings_go_around(chosen):
    explorer = ConvolutionExplorer(**chosen)
    again = ConvolutionExplorer(**explorer.settings())
    assert repr(again) == repr(explorer)
    assert again.scene.text == explorer.scene.text
    if explorer.output is not None:
        np.testing.assert_array_equal(again.output, explorer.output)


def test_arrays_can_be_set_and_read():
    x = np.arange(18.0).reshape(2, 3, 3)
    kernel = np.ones((2, 2, 2, 2))
    explorer = ConvolutionExplorer(input=x, kernel=kernel, bias=[0.5, 0])
    np.testing.assert_array_equal(explorer.input, x)
    np.testing.assert_array_equal(explorer.kernel, kernel)
    np.testing.assert_array_equal(explorer.output[0] - explorer.output[1], np.full((2, 2), 0.5))
    assert repr(explorer) == "input 2×3×3, 2 kernels 2×2, stride 1, padding 0 → output 2×2×2"
    explorer.input[:] = 99  # a copy
    np.testing.assert_array_equal(explorer.input, x)
    line = ConvolutionExplorer(ndim=1, input=[[1, 2, 4, 8]], kernel=[[[-1, 1]]])
    assert line.input.shape == (1, 4)
    assert line.output.tolist() == [[1, 2, 4]]
    turned = ConvolutionExplorer(
        kind="transposed", input=x[:, :2, :2], kernel=np.ones((2, 3, 2, 2))
    )
    assert turned.output.shape == (3, 3, 3)


@pytest.mark.parametrize(
    ("chosen", "name", "array", "message"),
    [
        ({}, "input", np.ones((1, 2, 3)), r"input must have shape \(C, size, size\)"),
        ({"ndim": 1}, "input", np.ones(4), r"input must have shape \(C, L\)"),
        ({}, "kernel", np.ones((1, 2, 3, 3)), r"shape \(filters, 1, k, k\), not \(1, 2, 3, 3\)"),
        ({"kind": "pointwise"}, "kernel", np.ones((1, 1, 3, 3)), r"\(filters, 1, 1, 1\)"),
        ({"kind": "depthwise"}, "kernel", np.ones((2, 1, 3, 3)), r"\(1, 1, k, k\)"),
        ({}, "bias", [1, 2], r"bias must have shape \(1,\)"),
    ],
)
def test_arrays_of_the_wrong_shape_are_named(chosen, name, array, message):
    explorer = ConvolutionExplorer(**chosen)
    with pytest.raises(ValueError, match=message):
        setattr(explorer, name, array)


@pytest.mark.parametrize(
    "values", [{"output:0,0,0": 1}, {"input:0": 1}, {"bias:0": np.nan}, {"bias:0": "1"}, {3: 1}]
)
def test_values_of_no_cell_are_refused(values):
    with pytest.raises(TraitError):
        ConvolutionExplorer(values=values)


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"groups": 2}, "groups 2 must divide channels 1. Use one of 1."),
        ({"channels": 4, "filters": 2, "groups": 4}, "groups 4 must divide filters 2. Use"),
        ({"size": 1000}, "size must be at most 64 here, not 1000. Choose a smaller size."),
        ({"kernel_size": 9}, "kernel 9 does not fit height 7 with padding 0 (padded height 7)."),
        ({"kind": "transposed", "size": 1, "padding": 4}, "leaves no output"),
        ({"stride": 0}, "stride must be at least 1, not 0."),
    ],
)
def test_the_picture_says_what_does_not_fit(chosen, sentence):
    explorer = ConvolutionExplorer(**chosen)
    assert sentence in repr(explorer)
    assert explorer.output is None
    assert explorer.input is None
    explorer.set_state({"kernel_size": 1})  # nothing breaks


def test_a_number_typed_in_the_page_changes_its_cell_and_no_other():
    explorer = ConvolutionExplorer()
    before = explorer.input
    edit = {"type": "edit", "key": "input:0,1,2", "value": -7.5}
    explorer._handle_custom_msg(edit, [])
    assert explorer.input[0, 1, 2] == -7.5
    before[0, 1, 2] = -7.5
    np.testing.assert_array_equal(explorer.input, before)
    for key in ("input:0,-1,0", "input:0,9,9", "output:0,0,0", "nothing", "kernel:0,0"):
        explorer._handle_custom_msg({**edit, "key": key}, [])
    for wrong in ("1", None, float("nan"), 1e9, True):
        explorer._handle_custom_msg({**edit, "value": wrong}, [])
    np.testing.assert_array_equal(explorer.input, before)


def test_padding_is_not_edited():
    explorer = ConvolutionExplorer(padding=1)
    explorer._handle_custom_msg({"type": "edit", "key": "input:0,-1,0", "value": 3}, [])
    assert explorer.values == {}


def test_the_stored_picture_shows_the_selected_sum():
    explorer = ConvolutionExplorer(preset="rgb")
    stored = unquote(explorer._repr_mimebundle_()[0]["text/html"])
    assert "+ 1 = −25" in stored
    assert stored.count("stroke-width: 3") == 27 + 27 + 1
    explorer.selected = ""
    assert "stroke-width: 3" not in unquote(explorer._repr_mimebundle_()[0]["text/html"])


def backward_of(chosen):
    scene = convolution_scene(view="backward", **chosen)
    assume(scene.back)
    return scene, scene.layer, scene.back


@settings(max_examples=60, deadline=None)
@given(SMALL, st.integers(0, 2**32 - 1))
def test_gradients_are_those_of_the_output(chosen, seed):
    """The output is linear in the input, the weights and the bias, so any change tells them."""
    _, layer, back = backward_of(chosen)
    rng = np.random.default_rng(seed)
    np.testing.assert_array_equal(back.output.ravel(), np.arange(1, layer.output.size + 1))
    zero = {name: np.zeros_like(getattr(layer, name)) for name in ("input", "weight", "bias")}
    for name in zero:
        step = rng.integers(-3, 4, zero[name].shape).astype(float)
        arrays = {"input": layer.input, "weight": layer.weight} | {name: step}
        bias = step if name == "bias" else zero["bias"]
        if name == "bias":
            arrays["input"] = zero["input"]
        y = slow_output(
            chosen, replace(layer, bias=bias, **{k: arrays[k] for k in ("input", "weight")})
        )
        np.testing.assert_allclose((back.output * y).sum(), (getattr(back, name) * step).sum())


@settings(max_examples=30, deadline=None)
@given(SMALL)
def test_the_sums_of_the_backward_pass_are_true(chosen):
    whole = {key: round(v) for key, v in chosen["values"].items() if abs(v) < 100}
    scene, layer, back = backward_of(chosen | {"values": whole})
    assume(scene.drawn)
    forward = make_links(layer)
    arrays = {"input": back.input, "kernel": back.weight, "bias": back.bias}
    for key, link in scene.links.items():
        assert link["marks"] == forward[key].get("marks", {})
        grid, _, place = key.partition(":")
        index = tuple(map(int, place.split(",")))
        if grid == "output" or "it has no gradient" in link["text"]:
            continue
        words = link["text"].split(": ")[0].split(" = ", 1)[1]
        expected = arrays[grid][index]
        for part in words.split(", a sum of")[0].split(" = "):
            assert value(part) == expected, link["text"]


def test_a_pixel_and_a_weight_say_where_their_gradients_come_from():
    links = ConvolutionExplorer(preset="small", view="backward").scene.links
    assert links["input:0,0,0"]["text"] == (
        "dx row 0, column 0 = 1·1 = 1: each output that reads the pixel sends its gradient back."
    )
    assert links["kernel:0,0,0,0"]["text"] == (
        "dw row 0, column 0 = 1·1 + 2·2 + 0·3 + 1·4 = 9: "
        "the weight is used at 4 places, so it sums over them."
    )
    assert links["kernel:0,0,0,0"]["marks"] == {
        "output": ["output:0,0 1,0 1"],
        "window": ["input:0,0 1,0 1"],
    }
    assert links["bias:0"]["text"].startswith("db = 10: the sum of all 4 dy")


def test_gradients_are_not_edited():
    explorer = ConvolutionExplorer(view="backward")
    explorer._handle_custom_msg({"type": "edit", "key": "input:0,0,0", "value": 3}, [])
    assert explorer.values == {}


@pytest.mark.parametrize("name", PRESETS)
def test_a_worked_example_says_what_it_shows_and_asks_a_question(name):
    example = PRESETS[name]
    note = ConvolutionExplorer(preset=name).scene.note
    assert note.startswith(f"{example.sentence} To try: {example.question}")
    assert example.sentence.endswith(".")
    assert example.question.endswith("?")
    (offered,) = (c for c in ConvolutionExplorer.controls if c.name == "preset")
    assert (name, example.label, example.group) in offered.options


def test_worked_examples_stand_in_groups():
    groups = [example.group for example in PRESETS.values()]
    assert len(set(groups)) == sum(a != b for a, b in pairwise(["", *groups]))


def test_products_of_a_large_window_are_written_row_by_row():
    head, *rows, bias = (
        ConvolutionExplorer(kernel_size=4).scene.links["output:0,0,0"]["text"].splitlines()
    )
    assert head.startswith("Output row 0, column 0: ")
    assert [row.split(": ")[0] for row in rows] == ["row 0", "row 1", "row 2", "row 3"]
    assert bias == "bias: 0"
    parts = [value(row.split(": ")[1].split(" = ")[1]) for row in rows]
    assert (
        sum(parts)
        == value(head.split(" = ")[1])
        == ConvolutionExplorer(kernel_size=4).output[0, 0, 0]
    )
    lines = ConvolutionExplorer(kernel_size=4, channels=2).scene.links["output:0,0,0"]["text"]
    assert "\nchannel 1, row 3: " in lines


@pytest.mark.parametrize("stage", STAGES)
def test_matrices_of_one_large_cell_stay_inside(stage):
    values = dict.fromkeys(("input:0,0,0", "kernel:0,0,0,0", "bias:0"), -2.5)
    scene = convolution_scene(view="im2col", ndim=1, size=1, kernel_size=1, values=values)
    check_words(ET.fromstring(draw(scene, stage)), stage)


@settings(max_examples=30, deadline=None)
@given(SMALL, st.sampled_from(STAGES))
def test_im2col_is_the_layer_as_one_product_of_matrices(chosen, stage):
    scene = convolution_scene(view="im2col", **chosen)
    found, layer = scene.patches, scene.layer
    assume(found)
    kernels = np.array([[row[w] for w in found.weights] for row in layer.weight])
    y = kernels @ found.values + layer.bias[:, None]
    np.testing.assert_allclose(y.reshape(layer.output.shape), layer.output)
    svg = ET.fromstring(draw(scene, stage))
    check_words(svg, stage)
    drawn = [node.get("data-key") for node in svg.iter() if node.get("data-key")]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {key for grid in scene.grids for row in grid["keys"] for key in row}
    for link in scene.links.values():
        marked = [
            each for keys in link.get("marks", {}).values() for key in keys for each in expand(key)
        ]
        assert set(marked) <= set(drawn)


def test_im2col_copies_the_pixels_that_several_windows_read():
    scene = ConvolutionExplorer(preset="small", view="im2col").scene
    assert "im2col: 1×4 times 4×4" in scene.text
    middle = scene.links["patch:0,3"]
    assert (
        "input row 1, column 1 = 1. Column 3 is the window of output row 1, column 1"
        in middle["text"]
    )
    assert "stands in the matrix 4 times" in middle["text"]
    assert middle["marks"]["window"] == ["patch:3,0", "patch:2,1", "patch:1,2", "patch:0,3"]
    assert middle["marks"]["output"] == ["output:0,1,1"]
    assert ConvolutionExplorer(preset="groups", view="im2col").scene.patches is None
