"""Explorers without a browser: the scene is true, the picture well formed, the text the same."""

import io
import re
import xml.etree.ElementTree as ET
from contextlib import redirect_stdout
from html import unescape

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from traitlets import TraitError

from cnnlab import explore, geometry
from cnnlab.explore import OutputSizeExplorer
from cnnlab.explore.controls import accepts
from cnnlab.explore.output_size.drawing import draw
from cnnlab.explore.output_size.scene import MAX_CELLS, lay_windows, output_size_scene
from cnnlab.explore.scene import WIDTHS, Stage
from cnnlab.explore.svg import expand

SENSIBLE = st.tuples(st.integers(1, 16), st.integers(1, 9), st.integers(1, 6), st.integers(0, 4))
ANY = st.tuples(*[st.one_of(st.integers(-3, 70), st.integers(-(10**12), 10**12))] * 4)
SVG = "{http://www.w3.org/2000/svg}"


NAMES = ("size", "kernel_size", "stride", "padding")
WIDE = Stage(900, 300)


def named(settings):
    return dict(zip(NAMES, settings, strict=True))


def scene_of(settings):
    return output_size_scene(**named(settings))


def refused(settings, policy):
    try:
        return geometry.output_size(*settings, policy=policy), ""
    except ValueError as error:
        return None, str(error)


@given(st.one_of(SENSIBLE, ANY))
def test_a_scene_says_what_geometry_says(settings):
    scene = scene_of(settings)
    for policy in geometry.POLICIES:
        assert scene.windows.outputs[policy] == refused(settings, policy)[0]
    assert scene.problem == refused(settings, "floor")[1]
    assert scene.problem in scene.text


@given(SENSIBLE)
def test_windows_and_marks_are_those_of_geometry(settings):
    size, _, _, padding = settings
    windows = lay_windows(**named(settings))
    kinds = [windows.kind(position) for position in windows.positions]
    assert [p for p in windows.positions if windows.kind(p) == "pixel"] == list(range(size))
    assert kinds.count("padding") == 2 * padding
    assume(not windows.problem)
    assert list(windows.read) == geometry.windows(*settings)
    assert [p for p in range(size) if windows.unread(p)] == geometry.unread(*settings)
    assert windows.bars == geometry.windows(*settings, policy="ceil")
    last = windows.read[-1][-1]
    assert windows.left_over % settings[2] == (size + padding - 1 - last) % settings[2]


@given(SENSIBLE)
def test_a_fix_leaves_nothing_over(settings):
    scene = scene_of(settings)
    fixes = scene.fixes
    assert bool(fixes) == bool(scene.windows.hanging or scene.windows.left_over)
    for fix in fixes:
        mended = output_size_scene(**named(settings) | fix.settings)
        assert not mended.problem
        assert not mended.windows.left_over or "stride" not in fix.settings
        if "padding" in fix.settings:
            assert not mended.windows.left_over


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        ((7, 3, 2, 0), ["⌊(7 + 2·0 − 3)/2⌋ + 1 = 3", "⌉ + 1 = 3", "(7 + 2·0 − 3)/2 + 1 = 3"]),
        ((7, 3, 3, 0), ["⌋ + 1 = 2", "⌉ + 1 = 3", "/3 + 1 = 2.33 is not whole, so it is refused"]),
        (
            (4, 1, 4, 0),
            ["⌋ + 1 = 1", "+ 1 = 2, but that window would start beyond the input, so 1", ""],
        ),
    ],
)
def test_formulas_with_numbers(settings, lines):
    for formula, part in zip(scene_of(settings).formulas, lines, strict=True):
        assert part in formula


@given(SENSIBLE)
def test_the_formulas_end_in_the_outputs(settings):
    scene = scene_of(settings)
    for line in scene.formulas:
        value = scene.windows.outputs[line.split(":")[0]]
        assert line.endswith("refused" if value is None else f" {value}")


@pytest.mark.parametrize("settings", [(7, 3, 3, 0), (7, 3, 2, 1), (9, 2, 4, 3)])
def test_the_pytorch_lines_compute_what_is_shown(settings):
    pytorch, _ = OutputSizeExplorer(**named(settings)).code().split("# Keras")
    lines = pytorch.splitlines()
    names = {"torch": torch}
    exec("\n".join(lines[:-1]), names)
    assert eval(lines[-1], names) == geometry.output_size(*settings)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ((7, 3, 2, 0), "floor 3, ceil 3, error 3"),
        ((7, 3, 3, 0), "floor 2, ceil 3, error: does not fit, 1 pixel left over"),
        ((8, 3, 3, 0), "floor 2, ceil 3, error: does not fit, 2 pixels left over"),
        ((9, 1, 4, 0), "floor 3, ceil 3, error 3, 3 pixels skipped between windows"),
        ((3, 5, 1, 0), "kernel 5 does not fit size 3 with padding 0 (padded size 3). "
                       "Use padding >= 1 or a smaller kernel."),
        ((0, 3, 1, 0), "size must be at least 1, not 0. Choose a larger size."),
    ],
)  # fmt: skip
def test_the_repr_states_the_result(settings, text):
    size, kernel, stride, padding = settings
    expected = f"input {size}, kernel {kernel}, stride {stride}, padding {padding} → {text}"
    assert repr(OutputSizeExplorer(**named(settings))) == expected


def test_settings_can_be_set_and_read_from_python():
    explorer = OutputSizeExplorer()
    assert (explorer.size, explorer.kernel_size, explorer.stride, explorer.padding) == (7, 3, 1, 0)
    explorer.stride, explorer.padding = 3, 1
    assert explorer.output == {"floor": 3, "ceil": 3, "error": 3}
    assert explorer.scene == scene_of((7, 3, 3, 1))
    explorer.output["floor"] = 99
    assert explorer.output["floor"] == 3
    explorer.kernel_size = 20
    assert explorer.output == {"floor": None, "ceil": None, "error": None}
    assert explorer.code().startswith("# kernel 20 does not fit")
    with pytest.raises(TraitError, match="expected an int"):
        explorer.size = "7"


def test_a_gesture_in_the_page_reaches_python():
    explorer = OutputSizeExplorer()
    explorer.set_state({"stride": 3})
    assert explorer.stride == 3
    assert explorer.output["ceil"] == 3
    assert explorer.get_state("_shown")["_shown"]["text"] == explorer.text == repr(explorer)


@pytest.mark.parametrize("name", explore.names())
def test_every_control_is_a_synchronised_setting(name):
    explorer = getattr(explore, name)()
    for control in explorer.controls:
        assert control.label
        if control.kind not in ("button", "file"):
            value = getattr(explorer, control.name)
            assert control.name in explorer.keys
            assert accepts(control, value, present=value)
        assert set(control.when) <= set(explorer.names())
    assert [name, explorer.purpose] in [
        line.split(maxsplit=1) for line in explore.listing().splitlines()
    ]


@pytest.mark.parametrize("name", explore.names())
def test_what_the_page_points_at_is_there(name):
    explorer = getattr(explore, name)()
    shown = explorer.shown()
    drawn = {node.get("data-key") for node in ET.fromstring(shown["svg"]).iter()}
    grids = {grid["name"]: grid for grid in shown.get("grids", [])}
    cells = {key for grid in grids.values() for row in grid["keys"] for key in row}
    assert cells <= drawn
    for key, link in shown.get("links", {}).items():
        assert key in drawn
        assert link["text"]
        patterns = [mark for marks in link.get("marks", {}).values() for mark in marks]
        assert {mark for pattern in patterns for mark in expand(pattern)} <= drawn
    assert set(shown.get("edits", [])) <= set(grids)
    assert not shown.get("play") or shown["play"]["grid"] in grids


@pytest.mark.parametrize("name", explore.names())
def test_settings_go_around(name):
    explorer = getattr(explore, name)()
    again = type(explorer)(**explorer.settings())
    assert again.settings() == explorer.settings()
    assert repr(again) == repr(explorer)


def test_what_the_page_could_not_send_is_quietly_refused():
    explorer = OutputSizeExplorer()
    for value in ("7", 10**9, 2.5, None, True, [1]):
        explorer.set_state({"stride": value, "size": 9})
        assert (explorer.stride, explorer.size) == (1, 9)
    explorer.set_state({"_shown": {"svg": ""}, "selected": 5})
    assert explorer.get_state("_shown")["_shown"]["svg"]
    assert explorer.selected == ""
    for message in ("x", {}, {"type": "edit", "key": 3}, {"type": "file", "name": "image"}):
        explorer._handle_custom_msg(message, [])


def test_a_setting_that_does_not_exist_is_named():
    with pytest.raises(
        TypeError, match=r"no setting 'strid'\. Choose from example, size, kernel_size, "
    ):
        OutputSizeExplorer(strid=2)
    with pytest.raises(TraitError):
        OutputSizeExplorer(stride=True)
    assert OutputSizeExplorer(stride=np.int64(2)).stride == 2


def drawn(settings):
    scene = scene_of(settings)
    return scene, ET.fromstring(draw(scene, WIDE))


@given(st.one_of(SENSIBLE, ANY))
@example((1, 0, 0, 0))
def test_the_picture_is_well_formed_and_carries_its_text(settings):
    scene, svg = drawn(settings)
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == scene.text
    assert not any("id" in node.attrib for node in svg.iter())
    assert {node.tag for node in svg.iter()} <= {
        SVG + tag for tag in ("svg", "g", "rect", "path", "text")
    }


def overlapping(svg):
    """Words of a picture that leave it or lie over one another."""
    _, _, width, height = map(float, svg.get("viewBox").split())
    boxes = []
    for node in svg.iter(SVG + "text"):
        x, y, size = (float(node.get(key)) for key in ("x", "y", "font-size"))
        half = 0.3 * size * len(node.text)  # 0.6 em a letter is generous for a sans-serif face
        boxes.append((x - half, x + half, y - size, y, node.text))
    found = [b for b in boxes if b[0] < 0 or b[1] > width or b[2] < 0 or b[3] > height]
    boxes.sort()
    for i, (_, right, top, bottom, _) in enumerate(boxes):
        for other in boxes[i + 1 :]:
            if other[0] < right and other[2] < bottom and other[3] > top:
                return [*found, other]
    return found


@pytest.mark.parametrize("stage", [OutputSizeExplorer().stage(width) for width in WIDTHS])
@given(SENSIBLE)
def test_no_words_overlap_or_leave_the_picture(stage, settings):
    assert overlapping(ET.fromstring(draw(scene_of(settings), stage))) == []


@pytest.mark.parametrize("stage", [OutputSizeExplorer().stage(width) for width in WIDTHS])
@given(SENSIBLE)
def test_bars_lie_under_the_pixels_they_read_and_never_overlap(stage, settings):
    scene = scene_of(settings)
    svg = ET.fromstring(draw(scene, stage))
    boxes = {}
    for group in svg.iter(SVG + "g"):
        rect = group.find(SVG + "rect")
        boxes[group.get("data-key")] = {
            k: float(rect.get(k)) for k in ("x", "y", "width", "height")
        }
    assert len(boxes) == len(scene.windows.positions) + len(scene.windows.bars)
    bars = [boxes[f"window:{i}"] for i in range(len(scene.windows.bars))]
    for bar, window in zip(bars, scene.windows.bars, strict=True):
        first, last = boxes[f"input:{window[0]}"], boxes[f"input:{window[-1]}"]
        assert bar["x"] == pytest.approx(first["x"] + 1, abs=0.01)
        right = last["x"] + last["width"]
        assert bar["x"] + bar["width"] == pytest.approx(right - 1, abs=0.01)
        assert bar["y"] + bar["height"] <= stage.height
    for i, bar in enumerate(bars):
        for other in bars[i + 1 :]:
            assert other["y"] != bar["y"] or other["x"] >= bar["x"] + bar["width"]


def words(settings):
    _, svg = drawn(settings)
    return [node.text for node in svg.iter(SVG + "text")]


def test_what_colour_shows_words_say_too():
    assert words((7, 3, 3, 1)).count("pad") == 2
    assert words((7, 3, 3, 0)).count("unread") == 1
    assert words((7, 3, 3, 0))[-3:] == ["out 0", "out 1", "out 2, ceil"]
    assert words((7, 3, 3, 0)).count("none") == 2
    assert words((3, 5, 1, 0))[-1] == "does not fit"
    assert words((MAX_CELLS + 1, 3, 1, 0)) == [f"More than {MAX_CELLS} pixels: not drawn."]
    assert words((0, 3, 1, 0)) == ["Nothing to draw."]


def test_the_stored_output_is_a_picture_with_its_text_the_same_in_every_run():
    first, second = (OutputSizeExplorer(stride=3)._repr_mimebundle_()[0] for _ in range(2))
    live = "application/vnd.jupyter.widget-view+json"
    assert first.pop(live) != second.pop(live)
    assert first == second
    text = repr(OutputSizeExplorer(stride=3))
    assert first["text/plain"] == text
    assert f'alt="{text}." src="data:image/svg+xml,' in first["text/html"]
    assert "<svg" not in first["text/html"]


@pytest.mark.parametrize("name", explore.names())
def test_the_stored_picture_says_the_result_and_what_is_to_be_seen(name):
    explorer = getattr(explore, name)()
    stored = explorer._repr_mimebundle_()[0]["text/html"]
    alt = unescape(re.match('<img alt="([^"]*)"', stored)[1])
    marked = explorer.scene.links.get(explorer.selected, {"text": ""})["text"]
    assert alt.startswith(f"{explorer!r}.")
    assert marked.rstrip(".") in alt
    assert alt.endswith(explorer.scene.note or ".")


def test_a_sum_of_many_lines_is_one_line_of_the_stored_text():
    stored = explore.ConvolutionExplorer(preset="rgb")._repr_mimebundle_()[0]["text/html"]
    assert "= 308 channel 1: " in stored.splitlines()[0]


def test_nothing_is_printed_and_nothing_comes_from_the_network():
    with redirect_stdout(io.StringIO()) as out:
        explorer = OutputSizeExplorer()
    assert out.getvalue() == ""
    assert "http" not in explorer._esm


WITHOUT_SIZES = (
    "BoundaryExplorer",
    "GraphExplorer",
    "OutputSizeExplorer",
    "TextExplorer",
    "UnrolledExplorer",
)


@pytest.mark.parametrize("name", explore.names())
def test_sizes_and_arrows_are_written_as_in_the_lectures(name):
    explorer = getattr(explore, name)()
    page = explorer.shown()
    shown = [page.get(part) for part in ("text", "svg", "links", "images", "note")]
    said = str([repr(explorer), explorer.still(), *shown, explorer.scene.tables])
    said = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", said)
    assert not re.findall(r"\b\d+x\d+\b|-(>|&gt;)", said)
    assert "×" in said or name in WITHOUT_SIZES
