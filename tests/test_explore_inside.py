"""InsideExplorer: its numbers are PyTorch's, its sums come out, drawings are read as digits."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import data, explore
from cnnlab.explore.inside import pen
from cnnlab.explore.inside.network import FILE, LAYERS, SHAPES, TABLE, TRAINED_ON, forward, weights
from cnnlab.explore.inside.samples import SAMPLES
from cnnlab.explore.inside.sums import Cell, cell, origin
from cnnlab.explore.inside.train import stored
from cnnlab.explore.scene import WIDTHS
from cnnlab.pytorch import build
from tests.drawn_digits import many

points = st.tuples(st.floats(0, pen.PAD), st.floats(0, pen.PAD))
drawings = st.lists(st.lists(points, min_size=1, max_size=6), min_size=1, max_size=3)
cells = st.sampled_from(LAYERS).flatmap(
    lambda layer: st.tuples(st.just(layer), *(st.integers(0, n - 1) for n in SHAPES[layer]))
)


def twin():
    """PyTorch's network with the same weights."""
    net = build(TABLE, SHAPES["input"])
    net.load_state_dict({name: torch.tensor(w) for name, w in weights().items()})
    return net.eval()


def test_every_layer_is_pytorchs():
    image = pen.drawn([[(8, 5), (20, 5), (12, 24)]])
    found, x = forward(image), torch.tensor(image)[None, None]
    for name, layer in twin().named_children():
        x = layer(x)
        np.testing.assert_allclose(found[name], x.detach().numpy().reshape(SHAPES[name]), atol=1e-5)
    shares = x.softmax(1).detach().numpy()
    np.testing.assert_allclose(found["softmax"].ravel(), shares[0], atol=1e-6)


@settings(deadline=None)
@given(drawing=drawings, at=cells)
def test_a_number_comes_out_of_what_it_was_computed_from(drawing, at):
    found = forward(pen.drawn(drawing))
    here = origin(found, Cell(*at))
    kind = here.cell.layer.rstrip("12")
    expected = {
        "input": lambda: here.value,
        "conv": lambda: sum(here.parts) + here.bias,
        "dense": lambda: sum(here.parts) + here.bias,
        "relu": lambda: max(0, here.x.item()),
        "pool": lambda: here.x.max(),
        "flatten": here.x.item if here.x.size == 1 else None,
        "softmax": lambda: (np.exp(here.x) / np.exp(here.x).sum())[0, here.cell.row, 0],
    }[kind]()
    assert here.value == pytest.approx(expected, rel=1e-4, abs=1e-4)


@settings(deadline=None)
@given(drawing=drawings)
def test_a_drawing_has_the_size_and_the_place_of_a_digit_of_the_set(drawing):
    image = pen.drawn(drawing)
    assert image.shape == (28, 28)
    assert image.min() >= 0
    assert 0.9 < image.max() <= 1
    grid = np.arange(28) + 0.5
    for axis in (0, 1):
        assert image.sum(axis=axis) @ grid / image.sum() == pytest.approx(14, abs=0.75)
    sides = [np.ptp(np.flatnonzero(image.any(axis=axis))) + 1 for axis in (0, 1)]
    assert max(sides) <= 22


def test_where_and_how_large_somebody_draws_does_not_matter():
    three = np.array([(8, 6), (13, 4), (18, 7), (14, 13), (19, 18), (13, 24), (8, 22)], float)
    small = three / 2 + [3, 11]
    np.testing.assert_allclose(pen.drawn([three]), pen.drawn([small]), atol=1e-5)


def test_it_reads_digits_of_the_set_and_drawn_ones():
    _, unseen = data.load("mnist-5k").split((TRAINED_ON,), seed=0)
    with torch.inference_mode():
        logits = twin()(torch.tensor(unseen.images)).numpy()
    assert (logits.argmax(axis=1) == unseen.labels).mean() > 0.98
    right = [forward(pen.drawn(s))["dense"].argmax() == digit for s, digit in many(10)]
    assert np.mean(right) > 0.95


def test_weights_are_stored_as_they_are_read():
    assert stored(twin()) == FILE.read_text("utf-8")
    assert sum(w.size for w in weights().values()) == 2606


def test_a_negative_row_means_the_greatest_of_the_map():
    found = forward(pen.drawn([[(14, 4), (14, 24)]]))
    here = cell("conv2", 2, -1, -1, found)
    assert found["conv2"][here[1:]] == found["conv2"][2].max()
    assert cell("dense", 0, -1, 0, found).row == 1
    assert cell("flatten", 0, -1, 0, forward(np.zeros((28, 28)))).row == 0  # of many alike


@pytest.mark.parametrize(
    ("strokes", "says"),
    [
        ([[(1, 29)]], "must lie from 0 to 28"),
        ([[1, 2]], "must be a list of lists"),
        ([[(1, 2)] * 2001], "at most 2,000 points"),
    ],
)
def test_what_is_no_drawing_is_refused(strokes, says):
    with pytest.raises(Exception, match=says):
        explore.InsideExplorer(strokes=strokes)
    explorer = explore.InsideExplorer()
    before = explorer.strokes
    explorer.set_state({"strokes": strokes})
    assert explorer.strokes == before


def test_a_stroke_is_a_gesture_that_is_undone():
    explorer = explore.InsideExplorer(picture=SAMPLES[0])
    stroke = [[14.0, 4.0], [14.0, 24.0]]
    explorer.set_state({"picture": "drawn", "strokes": [stroke], "_settled": 1})
    assert explorer.text.startswith("your drawing: read as 1")
    explorer._hear(explorer, {"type": "press", "name": "clear"}, [])
    assert explorer.text.startswith("an empty pad")
    explorer._hear(explorer, {"type": "undo"}, [])
    assert explorer.strokes == [stroke]
    explorer._hear(explorer, {"type": "undo"}, [])
    assert explorer.picture == SAMPLES[0]


@pytest.mark.parametrize("layer", LAYERS)
def test_pointing_at_a_cell_shows_its_sum_and_the_code_computes_it(layer, capsys):
    explorer = explore.InsideExplorer()
    key = f"{layer}:0,3,0"
    explorer.set_state({"_asked": key})
    assert explorer.scene.here.cell.key == key
    assert explorer._told["key"] == key
    assert explorer._told["near"][2][2]
    for width in WIDTHS:
        stage = explorer.stage(width)
        drawing = explorer.draw(stage)
        assert 'data-frame="here"' in drawing
        lines = [float(y) for y in re.findall(r'<text x="[^"]*" y="([^"]*)"', drawing)]
        assert max(lines) < stage.height
    exec(explorer.code(), {})
    assert float(capsys.readouterr().out) == pytest.approx(explorer.scene.here.value, rel=1e-5)
    explorer.layer = "pool1" if layer != "pool1" else "pool2"
    assert explorer.scene.here.cell.layer == explorer.layer


@pytest.mark.parametrize(
    "key", ["conv1:0,24,0", "conv9:0,0,0", "conv1:0,0", "conv1:0,-1,x", "photo"]
)
def test_what_is_no_cell_is_left_out(key):
    explorer = explore.InsideExplorer()
    explorer.set_state({"_asked": key})
    assert explorer._told == {}
    assert explorer.scene.here.cell.layer == "conv2"
