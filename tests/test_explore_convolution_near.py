"""Layers of too many cells to link: each cell is told of when it is pointed at."""

import random
import re

import pytest

from cnnlab.explore import ConvolutionExplorer
from cnnlab.explore.convolution.backward import backward_links
from cnnlab.explore.convolution.links import make_links
from cnnlab.explore.convolution.near import tell
from cnnlab.explore.numbers import number

LARGE = {"size": 10, "channels": 4, "filters": 3, "padding": 4, "kernel_size": 5}
KINDS = [
    {},
    {"stride": 3, "dilation": 2},
    {"kind": "transposed", "stride": 4},
    {"view": "backward"},
    {"view": "im2col", "flip": True},
    {"kind": "depthwise"},
]


def asked(explorer, key):
    explorer.set_state({"_asked": key})
    return explorer._told


@pytest.mark.parametrize("choice", KINDS, ids=str)
def test_a_cell_is_told_of_as_its_link_says(choice):
    explorer = ConvolutionExplorer(**LARGE | choice)
    scene = explorer.scene
    assert not scene.links
    links = make_links(scene.layer)
    if scene.back:
        links = backward_links(scene.layer, scene.back, links)
    for key in random.Random(0).sample(sorted(links), 40):
        told = asked(explorer, key)
        assert told["key"] == key
        assert told["text"] == links[key]["text"]
        assert told["marks"] == links[key].get("marks", {})


@pytest.mark.parametrize("choice", KINDS, ids=str)
def test_the_lens_holds_the_numbers_around_a_cell(choice):
    explorer = ConvolutionExplorer(**LARGE | choice)
    shown = explorer.scene.back or explorer.scene.layer
    near = asked(explorer, "output:1,3,0")["near"]
    for row, values in zip(near, shown.output[1, 1:6, :3], strict=False):
        assert row == ["", "", *(number(float(v)) for v in values)]
    assert near[4][2] == ("" if len(shown.output[1]) < 6 else number(float(shown.output[1, 5, 0])))
    corner = asked(explorer, "input:3,9,9")["near"]
    assert corner[2][2] == number(float(shown.input[3, 9, 9]))
    around = "" if explorer.kind == "transposed" else "0"
    assert corner[4] == [around] * 5
    biases = [number(float(b)) for b in shown.bias]
    assert asked(explorer, "bias:2")["near"] == [[*biases, "", ""][:5]]


def test_a_new_scene_tells_anew_of_the_same_cell():
    explorer = ConvolutionExplorer(**LARGE)
    before = asked(explorer, "output:0,2,2")["text"]
    explorer.set_state({"stride": 2})
    assert explorer._told["text"] == tell(explorer.scene, "output:0,2,2")["text"] != before
    explorer.set_state({"size": 3, "channels": 1, "filters": 1, "padding": 0, "kernel_size": 2})
    assert explorer.scene.links
    assert explorer._told == {}


@pytest.mark.parametrize(
    "key", ["", "output", "output:0", "output:0,99,0", "input:-9,0,0", "kernel:0,0,0", "x:1,2,3"]
)
def test_there_is_nothing_to_tell_of_what_is_no_cell(key):
    assert asked(ConvolutionExplorer(**LARGE), key) == {}


def test_what_does_not_fit_has_numbers_too():
    explorer = ConvolutionExplorer(**LARGE | {"padding": 0, "kernel_size": 7, "dilation": 3})
    assert explorer.scene.problem
    assert asked(explorer, "input:0,1,1")["text"].endswith(
        "no output reads it, so it changes nothing."
    )
    assert asked(explorer, "output:0,0,0") == {}


def test_every_cell_without_digits_carries_its_number():
    explorer = ConvolutionExplorer(size=10, channels=3, kernel_size=3)
    svg = explorer.draw(explorer.stage(236))
    found = dict(
        re.findall(r'data-key="(\w+:[-\d,]+)"(?: data-fixed="")? data-value="([^"]+)"', svg)
    )
    assert set(explorer.scene.links) == set(found)
    layer = explorer.scene.layer
    assert found["input:2,9,4"] == number(float(layer.input[2, 9, 4]))
    assert found["output:0,7,7"] == number(float(layer.output[0, 7, 7]))
