"""Every figure: in one style, legible, deterministic, with its text equivalent."""

import base64
import inspect
import io
import itertools
import os
import re
import subprocess
import sys

import matplotlib
import nbformat
import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from nbclient import NotebookClient
from PIL import Image

from cnnlab import plots
from cnnlab.plots.figure import DIVERGING, SEQUENTIAL, text_color
from cnnlab.scratch import graph
from cnnlab.spec import Chain, Conv, Flatten, Linear, MaxPool, ReLU
from cnnlab.train import History

RNG = np.random.default_rng(0)
IMAGES = RNG.random((12, 1, 28, 28))
LABELS = np.arange(12) % 4
PROBABILITIES = RNG.dirichlet(np.ones(4), size=12)
HISTORY = History(
    {
        "loss": [0.9, 0.5, 0.4],
        "accuracy": [0.6, 0.7, 0.8],
        "val_loss": [0.8, 0.6, 0.7],
        "val_accuracy": [0.6, 0.7, 0.7],
        "learning_rate": [0.1, 0.1, 0.01],
    }
)
LENET = Chain(Conv(6, 5), ReLU(), MaxPool(2), Flatten(), Linear(10))

CORNERS, HIDDEN = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0, 0], [1, 0], [1, 0], [2, 1]]
NAMES = ["00", "01", "10", "11"]

DIAMOND = graph.parse("y = 3*x; a = 2*y; b = 5*y; c = a + b")
DIAMOND_VALUES = DIAMOND.forward(x=1.0)

CASES = {
    "graph": [
        {"graph": DIAMOND, "values": DIAMOND_VALUES, "backward": DIAMOND.backward(DIAMOND_VALUES)},
        {"graph": graph.parse("-x*x/2"), "title": "A parabola", "alt": "It has one variable."},
        {"graph": graph.parse("x")},
    ],
    "image_grid": [
        {"images": IMAGES, "labels": LABELS, "title": "Digits"},
        {"images": RNG.random((3, 8, 6, 3))},
        {"images": RNG.integers(0, 255, (3, 3, 8, 6), dtype=np.uint8), "labels": ["a", "b", "c"]},
    ],
    "overlay": [
        {"image": RNG.random((3, 28, 28)), "maps": {"signed": [[-1.0, 2.0]], "fine": IMAGES[0, 0]}},
        {"image": IMAGES[0], "maps": {"nothing": np.zeros((7, 7))}, "title": "No answer"},
    ],
    "number_grids": [
        {
            "grids": {"image": np.arange(9).reshape(3, 3), "columns": np.eye(4)},
            "frames": {"image": [np.s_[:2, :2], np.s_[:2, 1:]], "columns": [np.s_[:, 0], None]},
            "signs": ["→"],
            "title": "Windows",
        },
        {"grids": {"a rather long name": [-1.25], "y": torch.ones(12, 12)}, "alt": "Two."},
    ],
    "training_curves": [{"history": HISTORY}, {"history": {"loss": [1.0]}, "title": "Run"}],
    "confusion_matrix": [
        {"labels": LABELS, "predictions": PROBABILITIES.argmax(1), "title": "Test"},
        {"labels": [0, 1], "predictions": [1, 1], "class_names": ["cat", "aeroplane"]},
    ],
    "connections": [
        {"table": [(0, 1), (1, 2), (0, 1, 2)], "names": ["S2", "C3"], "title": "Who reads whom"},
        {"table": [(0,)]},
    ],
    "worst_mistakes": [
        {"images": IMAGES, "labels": LABELS, "probabilities": PROBABILITIES, "count": 5},
        {"images": IMAGES[:2], "labels": [0, 1], "probabilities": np.eye(2)},
    ],
    "filters": [
        {"weight": torch.nn.Conv2d(1, 10, 3).weight, "title": "First layer"},
        {"weight": RNG.normal(size=(4, 1, 7, 7))},
        {"weight": RNG.normal(size=(6, 3, 11, 11))},
        {"weight": RNG.normal(size=(2, 5, 3, 3))},
    ],
    "architecture": [
        {"network_spec": LENET, "input_shape": (1, 28, 28), "title": "LeNet"},
        {"network_spec": ReLU(), "input_shape": (3,)},
    ],
    "bars": [
        {
            "measures": {
                "parameters": {"small": 9_269, "large": 545_810},
                "seconds": {"small": 2.5, "large": 0.0},
            },
            "title": "Two networks",
        },
        {"measures": {"accuracy": {"small": 0.0}}},
    ],
    "planes": [
        {"panels": {"AND": plots.Plane(CORNERS, [0, 0, 0, 1], [((1, 1), -1.5)], NAMES)}},
        {
            "panels": {
                "input": plots.Plane(CORNERS, [0, 1, 1, 0], [((1, 1), -0.5), ((-1, -1), 1.5)]),
                "hidden": plots.Plane(HIDDEN, [0, 1, 1, 0], [], NAMES, ("h₁", "h₂")),
                "no weights": plots.Plane(CORNERS, [1, 1, 1, 1], [((0, 0), 1)]),
                "far away": plots.Plane(CORNERS, [0, 0, 0, 0], [((1, 0), 9)]),
            },
            "title": "XOR",
        },
    ],
    "paths": [
        {
            "surface": lambda x, y: x**2 + 25 * y**2,
            "panels": {
                "slow": {"SGD": [[1, 1], [0.5, 0.2]], "Adam": [[1, 1]]},
                "Adam": {"Adam": [[1, 1], [0, 0], [9, 9]]},
            },
            "window": (-1, 1, -1, 2),
            "minimum": (0, 0),
            "title": "A valley",
        },
        {"surface": np.hypot, "panels": {"p": {"q": [[0, 0]]}}, "window": (-1, 1, -1, 1)},
    ],
    "regions": [
        {"weight": [[1, 0], [0, 1], [1, 1]], "bias": [0, 0, -1], "title": "Three"},
        {"weight": [[0, 1]], "bias": [0]},
        {"weight": RNG.normal(size=(6, 2)), "bias": RNG.normal(size=6)},
    ],
    "functions": [
        {
            "x": [0, 1, 2],
            "panels": {
                name: {"value": RNG.normal(size=3), "slope": RNG.normal(size=3)}
                for name in ("relu", "tanh", "step", "sign")
            },
            "points": ([0, 1], [0, 1]),
            "title": "Four",
        },
        {"x": np.linspace(0, 1), "panels": {"one": {"network": np.ones(50)}}, "axes": ("z", "g")},
    ],
    "neuron": [{}],
    "topologies": [{}],
    "unrolled": [
        {
            "panels": {
                "one": (["x"], ["y"]),
                "many": (["good", "day", "", ""], ["", "", "guten", "Tag"]),
            },
            "columns": 1,
        },
        {
            "panels": {"letters": (list("hell"), list("ello"))},
            "title": "A word",
            "alt": "It is read letter by letter.",
        },
    ],
    "tokens": [
        {"rows": {"not good": (["it", "is", "not", "good"], [0, 0, 1])}, "title": "A filter"},
        {"rows": {"a": (list("banana"), RNG.normal(size=4)), "b": (["x"], [-1])}},
    ],
    "units": [
        {"layers": [["x₁", "x₂"], ["y"]]},
        {
            "layers": [["x₁", "x₂"], ["h₁", "h₂", "h₃"], ["y"]],
            "weights": [RNG.normal(size=(3, 2)), RNG.normal(size=(1, 3))],
            "biases": [RNG.normal(size=3), [-1.25]],
            "title": "Three hidden units",
        },
    ],
    "error_by_year": [{}],
    "networks_by_year": [{"quantity": "params"}, {"quantity": "macs"}, {"quantity": "depth"}],
    "parameters_against_error": [{}],
    "response_maps": [
        {"maps": RNG.normal(size=(10, 26, 26))},
        {"maps": RNG.random((1, 3, 5, 9)), "title": "After ReLU"},
    ],
}
ALL = [(name, index) for name, cases in CASES.items() for index in range(len(cases))]


def draw(name, index):
    return getattr(plots, name)(**CASES[name][index])


def test_every_public_function_has_cases():
    functions = {n for n in plots.__all__ if inspect.isfunction(getattr(plots, n))}
    assert functions == set(CASES) | {"describe"}  # which returns text


@pytest.mark.parametrize(("name", "index"), ALL)
def test_figure_has_text_labels_legible_type_and_stable_bytes(name, index):
    with matplotlib.rc_context({"font.size": 5, "figure.dpi": 30, "savefig.bbox": "tight"}):
        figure = draw(name, index)
        png = figure.png()
    assert isinstance(figure, plots.Figure)
    assert re.fullmatch(r"[A-Z0-9].+\.", figure.alt)
    for axes in figure.axes:
        labelled = axes.get_xlabel() and axes.get_ylabel()
        bar = axes.get_label() == "<colorbar>" and axes.get_ylabel()
        assert labelled or bar or not axes.axison
    words = [text for text in figure.findobj(Text) if text.get_text()]
    assert min((text.get_fontsize() for text in words), default=12) >= 11
    assert draw(name, index).png() == png  # whatever the user's own style is


@pytest.mark.parametrize(("name", "index"), ALL)
def test_no_text_is_cut_off(name, index):
    figure = draw(name, index)
    figure.draw_without_rendering()
    drawn, slack = figure.get_tightbbox(), 0.01  # inches
    assert drawn.min.min() >= -slack
    assert (drawn.max <= figure.get_size_inches() + slack).all()


@pytest.mark.parametrize(("name", "index"), ALL)
def test_a_figure_is_one_light_sheet_on_pages_of_any_colour(name, index):
    figure = draw(name, index)
    pixels = np.asarray(Image.open(io.BytesIO(figure.png())))
    opaque, corner = pixels[..., 3] == 255, 14
    assert not opaque[:: len(opaque) - 1, :: len(opaque[0]) - 1].any()  # the corners are round
    assert opaque[corner:-corner].all()
    assert opaque[:, corner:-corner].all()
    words = [text for text in figure.findobj(Text) if text.get_text().strip()]
    on_paper = {text.get_color() for text in words} - {"white"}  # that stands on dark cells
    assert all(contrast(color, "white") >= 4.5 for color in on_paper)


@pytest.mark.parametrize("name", ["image_grid", "worst_mistakes", "filters", "response_maps"])
def test_titles_of_neighbours_do_not_touch(name):
    figure = draw(name, 0)
    figure.draw_without_rendering()
    boxes = [axes.title.get_window_extent() for axes in figure.axes if axes.title.get_text()]
    assert len(boxes) > 1
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_numbers_that_come_from_training_stay_out_of_the_text():
    other = History({name: [v / 3 for v in values] for name, values in HISTORY.items()})
    assert plots.training_curves(other).alt == plots.training_curves(HISTORY).alt
    case = CASES["worst_mistakes"][0]
    turned = case | {"probabilities": case["probabilities"][:, ::-1]}
    assert plots.worst_mistakes(**turned).alt == plots.worst_mistakes(**case).alt


# What the pictures show


def test_image_grid_says_its_layout_and_labels():
    alt = plots.image_grid(IMAGES[:10], LABELS[:10]).alt
    expected = "2 by 5 grid of images, 28 by 28 pixels, labelled 0, 1, 2, 3, 0, 1, 2, 3, 0, 1."
    assert alt == expected


TITLED = [name for name in CASES if "title" in inspect.signature(getattr(plots, name)).parameters]


@pytest.mark.parametrize("name", TITLED)
def test_the_title_begins_the_text(name):
    plain, titled = (
        getattr(plots, name)(**CASES[name][0] | {"title": title}) for title in (None, "A title")
    )
    assert titled.alt == f"A title: {plain.alt}"


@pytest.mark.parametrize("name", TITLED)
def test_what_is_to_be_seen_ends_the_text(name):
    case = {key: value for key, value in CASES[name][0].items() if key != "alt"}
    plain, told = (
        getattr(plots, name)(**case | {"alt": alt}) for alt in ("", "The edges are bright.")
    )
    assert told.alt == f"{plain.alt} The edges are bright."
    assert told.png() == plain.png()


def test_a_white_picture_is_seen_to_end():
    figure = plots.image_grid(np.ones((1, 8, 8)))
    figure.draw_without_rendering()
    pixels = np.asarray(Image.open(io.BytesIO(figure.png())).convert("L"))
    (axes,) = figure.axes
    box = axes.get_window_extent()
    middle = pixels[pixels.shape[0] - round((box.y0 + box.y1) / 2)]
    edges = [middle[round(x) - 2 : round(x) + 3].min() for x in (box.x0, box.x1)]
    assert max(edges) < 160
    assert middle[round((box.x0 + box.x1) / 2)] == 255


def test_deep_grey_images_are_not_all_white():
    deep = np.linspace(0, 65535, 48).reshape(1, 6, 8).astype(np.uint16)
    (drawn,) = plots.image_grid(deep).axes[0].get_images()
    assert (drawn.norm.vmin, drawn.norm.vmax) == (0, 65535)


CLASSES = {0: "T-shirt", 1: "Trouser", 2: "Bag"}


@pytest.mark.parametrize(
    "class_names", [list(CLASSES.values()), CLASSES, {name: i for i, name in CLASSES.items()}]
)
@pytest.mark.parametrize("words", [True, False])
def test_classes_may_be_numbers_or_words_and_their_names_a_mapping(class_names, words):
    labels, predictions = [0, 1, 2, 2], [0, 1, 1, 2]
    if words:
        labels, predictions = ([CLASSES[i] for i in row] for row in (labels, predictions))
    figure = plots.confusion_matrix(labels, predictions, class_names)
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == list(CLASSES.values())
    counts = [text.get_text() for text in figure.axes[0].texts]
    assert counts == [
        text.get_text() for text in plots.confusion_matrix([0, 1, 2, 2], [0, 1, 1, 2]).axes[0].texts
    ]


def test_truth_values_are_classes_0_and_1():
    figure = plots.confusion_matrix([True, False, False], [True, True, False])
    assert figure.alt == plots.confusion_matrix([1, 0, 0], [1, 1, 0]).alt


def test_confusion_matrix_counts():
    figure = plots.confusion_matrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 0, 0, 2])
    written = [int(text.get_text()) for text in figure.axes[0].texts]
    assert written == [1, 1, 0, 0, 1, 0, 2, 0, 1]


def test_one_mistake_is_pale_and_the_diagonal_has_its_own_colour():
    for labels, predictions in (([0, 1, 1], [0, 1, 0]), ([0] * 40 + [1], [1] * 40 + [0])):
        figure = plots.confusion_matrix(labels, predictions)
        drawn = figure.axes[0].images[0]
        one, darkest = drawn.cmap(drawn.norm(1)), drawn.cmap(drawn.norm(drawn.norm.vmax))
        assert sum(one[:3]) > sum(darkest[:3]) + 0.5
        (legend,) = figure.legends
        right = to_rgb(legend.get_patches()[0].get_facecolor())
        shades = drawn.cmap(np.linspace(0, 1, 100))[:, :3]
        assert np.abs(shades - right).sum(axis=1).min() > 0.15
        assert figure.axes[1].get_ylabel() == "mistakes"


def test_grids_of_numbers_say_every_number_and_frame_what_belongs_together():
    image = np.array([[1, 2], [0, -3]])
    figure = plots.number_grids(
        {"x": image, "column": image.reshape(-1, 1), "sum": [0]},
        frames={"x": [np.s_[:, 1]], "column": [np.s_[1::2, 0]], "sum": [None, 0]},
        signs=["→", "Σ"],
    )
    assert figure.alt == (
        "Numbers. x: 1 2, 0 −3 → column: 1, 2, 0, −3 Σ sum: 0. "
        "Framed blue: 2, −3 and 2, 0, −3. Framed vermillion: 0."
    )
    written = [text.get_text() for text in figure.axes[0].texts]
    assert written.count("−3") == written.count("2") == 2
    frames = [p for p in figure.axes[0].patches if p.get_linewidth() > 2]
    assert [frame.get_linestyle() for frame in frames] == ["-", "-", "--"]


def test_worst_mistakes_come_first_and_right_answers_never():
    probabilities = np.array([[0.9, 0.1], [0.4, 0.6], [0.8, 0.2], [0.3, 0.7]])
    figure = plots.worst_mistakes(IMAGES[:4], [0, 0, 1, 0], probabilities, ["no", "yes"])
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["yes → no\n80 %", "no → yes\n70 %", "no → yes\n60 %"]


def test_filters_write_small_kernels_and_centre_the_scale_at_zero():
    weight = np.array([[[[-0.5, 0.25], [0.0, -0.001]]]])
    figure = plots.filters(weight)
    assert [t.get_text() for t in figure.axes[0].texts] == ["−0.50", "0.25", "0.00", "0.00"]
    assert figure.axes[0].images[0].get_clim() == (-0.5, 0.5)
    np.testing.assert_allclose(DIVERGING(0.5)[:3], (1, 1, 1), atol=0.01)


def test_response_maps_share_one_scale():
    maps = np.stack([np.full((4, 4), value) for value in (0.0, 1.0, 3.0)])
    limits = {axes.images[0].get_clim() for axes in plots.response_maps(maps).axes[:3]}
    assert limits == {(0.0, 3.0)}


def test_bars_of_negative_values_go_left():
    panel = plots.bars({"push": {"a": 0.75, "b": -0.25, "c": 0.0}}).axes[0]
    assert [bar.get_width() for bar in panel.patches] == [0.75, -0.25, 0.0]
    assert [text.get_text() for text in panel.texts][:3] == ["0.75", "−0.25", "0"]
    left, right = panel.get_xlim()
    assert left < -0.25 < 0.75 < right


def test_bars_carry_their_numbers_and_start_at_zero():
    figure = plots.bars({"parameters": {"a": 9_269, "b": 10}, "accuracy": {"b": 0.5, "a": 0.875}})
    written = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert written == [["9,269", "10", "a", "b"], ["0.875", "0.5"]]
    assert [bar.get_bbox().intervalx.tolist() for bar in figure.axes[1].patches] == [
        [0, 0.875],
        [0, 0.5],
    ]


def test_a_plane_says_what_falls_together_and_tints_where_all_units_are_positive():
    hidden = plots.Plane(HIDDEN, [0, 1, 1, 0], [((1, -2), -0.5)], NAMES)
    figure = plots.planes({"hidden": hidden})
    assert "2 of 4 points have label 1, in 3 places, and 1 line parts the plane" in figure.alt
    written = [text.get_text() for text in figure.findobj(Text)]
    assert "01, 10" in written
    (image,) = figure.axes[0].images
    left, right, low, high = image.get_extent()
    tinted, (rows, columns) = image.get_array(), image.get_array().shape
    for x, y in ((1.0, 0.0), (0.0, 0.0), (2.0, 1.0)):
        place = (
            round((y - low) / (high - low) * (rows - 1)),
            round((x - left) / (right - left) * (columns - 1)),
        )
        assert tinted[place] == (x - 2 * y - 0.5 > 0)


@pytest.mark.parametrize("units", range(1, 7))
def test_every_pattern_of_lines_in_general_position_is_named(units):
    angles = np.arange(units) * np.pi / units + 0.1
    weight = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    bias = 0.3 * np.cos(3 * np.arange(units)) + 0.2
    figure = plots.regions(weight, bias)
    patterns = figure.alt.partition(": ")[2].rstrip(".").split(", ")
    assert len(set(patterns)) == len(patterns) == 1 + units + units * (units - 1) // 2
    assert {len(pattern) for pattern in patterns} == {units}


def test_a_dropped_unit_is_crossed_out_and_has_no_connections():
    layers = [["x1", "x2"], ["h1", "h2", "h3"], ["y"]]
    whole, thinned = plots.units(layers), plots.units(layers, dropped=["h2"])
    assert "Crossed out" not in repr(whole)
    assert repr(thinned).endswith("Network of 2, 3 and 1 units. Crossed out: h2.")
    count = {figure: len(figure.axes[0].lines) for figure in (whole, thinned)}
    assert count[thinned] == count[whole] - (2 + 1) + 2  # its connections, and a cross of two lines


def test_units_say_each_weight():
    figure = plots.units([["a", "b"], ["y"]], weights=[[[2, -1.25]]], biases=[[0.5]])
    assert figure.alt.endswith("Weights of y: 2 from a, −1.25 from b; bias 0.5.")
    written = {text.get_text() for text in figure.findobj(Text)}
    assert {"a", "b", "y", "2", "−1.25", "0.5"} <= written


def test_a_path_looks_the_same_in_every_panel_and_runs_through_its_places():
    figure = plots.paths(
        np.hypot,
        {"p": {"a": [[0, 0], [1, 1]], "b": [[1, 0]]}, "q": {"b": [[0, 1]]}},
        (-2, 2, -2, 2),
    )
    first, second = ({line.get_label(): line for line in axes.lines} for axes in figure.axes)
    assert first["b"].get_color() == second["b"].get_color() != first["a"].get_color()
    assert first["a"].get_xydata().tolist() == [[0, 0], [1, 1]]
    assert "p: a, 1 step, b, 0 steps" in figure.alt


def test_a_curve_looks_the_same_in_every_panel():
    figure = plots.functions([0, 1], {"p": {"a": [0, 1], "b": [1, 0]}, "q": {"b": [0, 0]}})
    first, second = ({line.get_label(): line for line in axes.lines} for axes in figure.axes)
    assert first["b"].get_color() == second["b"].get_color() != first["a"].get_color()
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b"]


def test_an_arrow_leads_from_each_state_to_the_next_and_from_what_is_read():
    figure = plots.unrolled({"many to one": (["a", "fine", "film"], ["", "", "good"])})
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert [text for text in texts if text] == ["h₁", "a", "h₂", "fine", "h₃", "film", "good"]
    assert texts.count("") == 3 + 2 + 1  # an arrow is an annotation without words


def test_the_window_of_the_largest_answer_is_framed():
    reading = ["bad", "it", "was", "not", "good"], [0.5, 0, 0, 2]
    figure = plots.tokens({"first": reading, "none": (["a", "b"], [-1, 0])})
    first, none = ([patch for patch in a.patches if not patch.get_fill()] for a in figure.axes)
    assert not none
    (frame,) = first
    assert (round(frame.get_x()), round(frame.get_width())) == (3, 2)
    assert "first: windows of 2 over bad, it, was, not, good" in figure.alt


def test_input_is_left_alone():
    images = IMAGES.copy()
    plots.image_grid(images)
    plots.response_maps(images[0])
    np.testing.assert_array_equal(images, IMAGES)


# Errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.Figure(alt=" "), "alt must say"),
        (lambda: plots.image_grid(np.zeros((28, 28))), r"not \(28, 28\)\. A single image"),
        (lambda: plots.image_grid(np.zeros((0, 28, 28))), "shape"),
        (lambda: plots.image_grid(np.zeros((2, 8, 8)), [1]), "one for each of 2 images, not 1"),
        (lambda: plots.image_grid(np.zeros((2, 8, 8)), columns=0), "columns must be at least 1"),
        (lambda: plots.image_grid(np.full((1, 3, 8, 8), 2.0)), "between 0 and 1"),
        (lambda: plots.image_grid(np.full((1, 8, 8), np.nan)), "finite to be drawn"),
        (lambda: plots.image_grid(np.zeros((999, 8, 8))), "at most 256 pictures, not 999"),
        (lambda: plots.training_curves({}), "at least one epoch"),
        (lambda: plots.unrolled({}), "at least one panel"),
        (lambda: plots.unrolled({"a": (["x"], ["y", "z"])}), "a must have 1 to 8 .*not 1 and 2"),
        (lambda: plots.unrolled({"a": ("abcdefghi",) * 2}), "1 to 8 steps.*not 9 and 9"),
        (lambda: plots.tokens({}), "1 to 8 rows, not 0"),
        (lambda: plots.tokens({"a": ("x" * 17, [1])}), "1 to 16 tokens, not 17"),
        (lambda: plots.tokens({"a": ("xy", [1, 2, 3])}), r"1 to 2 numbers, not shape \(3,\)"),
        (lambda: plots.number_grids({"x": np.ones((1, 3, 3))}), r"not of shape \(1, 3, 3\)"),
        (lambda: plots.number_grids({"x": np.ones((20, 20))}), "1 to 144 numbers"),
        (lambda: plots.number_grids({"x": [1]}, signs=["+"]), "signs must be 0"),
        (lambda: plots.number_grids({"x": [1]}, {"y": [0]}), "in each of x, not 1 in y"),
        (lambda: plots.number_grids({"x": [1]}, {"x": [0] * 5}), "at most 4"),
        (lambda: plots.confusion_matrix([0], [0, 1]), r"\(1,\) and \(2,\)"),
        (lambda: plots.confusion_matrix([0.5], [0.5]), "not float64.*by p > 0.5"),
        (lambda: plots.confusion_matrix([[0], [1]], [0, 1]), r"Use labels\.reshape\(-1\)"),
        (lambda: plots.confusion_matrix([0, 1], [[0.1, 0.9], [1, 0]]), r"predictions\.argmax"),
        (lambda: plots.confusion_matrix(["a", "b"], [0, 1]), "not text. Number the classes"),
        (lambda: plots.confusion_matrix(["a"], ["b"], ["a", "c"]), "but 'b' is not"),
        (lambda: plots.confusion_matrix([0], [0], {"T-shirt"}), "a list in the order"),
        (lambda: plots.confusion_matrix([0], [0], {1: "a", 2: "b"}), "a list in the order"),
        (
            lambda: plots.image_grid(np.full((1, 3, 4, 4), 255.0)),
            "Divide by what means white, such as 255",
        ),
        (
            lambda: plots.image_grid(np.full((1, 3, 4, 4), 60000, np.uint16)),
            "Divide by what means white, such as 65535",
        ),
        (lambda: plots.image_grid(np.full((1, 3, 4, 4), -1.0)), "Undo the normalisation"),
        (lambda: plots.image_grid(np.zeros((1, 4, 9, 9))), "not four .* on white paper"),
        (lambda: plots.image_grid(np.zeros((1, 9, 9, 4))), "not four .* on white paper"),
        (lambda: plots.image_grid(["camera.png"]), "must hold real numbers, not <U10"),
        (lambda: plots.image_grid(np.zeros((1, 4, 4), complex)), "not complex128"),
        (lambda: plots.confusion_matrix([0, 2], [0, 1], ["a", "b"]), "between 0 and 1"),
        (lambda: plots.confusion_matrix([0, 99], [0, 1]), "30 classes are legible"),
        (lambda: plots.worst_mistakes(IMAGES, LABELS, PROBABILITIES[:3]), "12 images need"),
        (lambda: plots.worst_mistakes(IMAGES, LABELS, PROBABILITIES * 9), "Apply softmax"),
        (lambda: plots.worst_mistakes(IMAGES, LABELS, PROBABILITIES, "ab"), "between 0 and 1"),
        (lambda: plots.worst_mistakes(IMAGES, LABELS, PROBABILITIES, "abcde"), "must be 4"),
        (lambda: plots.worst_mistakes(IMAGES, LABELS, PROBABILITIES, count=0), "at least 1"),
        (lambda: plots.filters(np.zeros((3, 3))), r"\(K, C, kh, kw\), not \(3, 3\)"),
        (lambda: plots.filters(np.full((1, 1, 3, 3), np.nan)), "must be finite"),
        (lambda: plots.bars({}), "1 to 20 things, not 0"),
        (lambda: plots.bars({"x": {"a": 1}, "y": {"b": 1}}), "'y' must have the things a, not b"),
        (lambda: plots.bars({"x": {"a": np.nan}}), "'x' must be finite, but some are not"),
        (lambda: plots.response_maps(np.zeros((2, 4, 8, 8))), r"\(C, H, W\)"),
        (lambda: plots.connections([]), "must hold, for each map"),
        (lambda: plots.connections([(0, -1)]), "counted from 0"),
        (lambda: plots.planes({}), "panels must be 1 to 4, not 0"),
        (lambda: plots.planes({"a": plots.Plane(CORNERS, [0, 1])}), r"\(4, 2\) and \(2,\)"),
        (lambda: plots.planes({"a": plots.Plane(CORNERS, [-1, 1, 1, 1])}), "must be 0 or 1"),
        (lambda: plots.planes({"a": plots.Plane([[0, 0]], [0], [((1,), 0)])}), "two weights"),
        (lambda: plots.regions(np.ones((3, 3)), np.ones(3)), r"\(H, 2\) and bias \(H,\)"),
        (lambda: plots.regions(np.ones((7, 2)), np.ones(7)), "units must be 1 to 6, not 7"),
        (lambda: plots.regions([[0, 0]], [1]), "a weight other than 0, but one has none"),
        (lambda: plots.paths(np.hypot, {}, (-1, 1, -1, 1)), "1 to 4 panels"),
        (lambda: plots.paths(np.hypot, {"p": {"q": [0, 0]}}, (-1, 1, -1, 1)), r"shape \(T, 2\)"),
        (lambda: plots.functions([0], {}), "1 to 8 panels"),
        (lambda: plots.functions([0, 1], {"p": {"a": [0]}}), r"'a' of 'p' must have the shape"),
        (lambda: plots.units([["x"]]), "layers must be 2 to 6"),
        (lambda: plots.units([["x"], ["y"]], weights=[[1]]), r"weights must have the shapes"),
        (lambda: plots.units([["x"], ["y"]], dropped=["h"]), r"dropped must name units .* x, y"),
    ],
)
def test_wrong_input_is_refused_in_one_sentence(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Colours


def seen(color, deficiency):
    """Simulate a colour-vision deficiency (Machado, Oliveira and Fernandes, 2009)."""
    matrix = {
        "none": np.eye(3),
        "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
        "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
    }[deficiency]
    return np.clip(np.asarray(matrix) @ linear(color), 0, 1)


def linear(color):
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    f = np.cbrt(xyz @ rgb / [0.9505, 1.0, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(a, b):
    light, dark = sorted((linear(c) @ [0.2126, 0.7152, 0.0722] for c in (a, b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("deficiency", ["none", "protan", "deutan", "tritan"])
def test_line_colours_stay_apart(deficiency):
    for a, b in itertools.combinations(plots.COLORS.values(), 2):
        distance = np.linalg.norm(lab(seen(a, deficiency)) - lab(seen(b, deficiency)))
        assert distance > 15, (a, b)


def test_lines_and_written_numbers_stand_out():
    assert all(contrast(color, "white") >= 3 for color in plots.COLORS.values())
    for colormap in (DIVERGING, SEQUENTIAL):
        for color in colormap(np.linspace(0, 1, 64)):
            assert contrast(color, text_color(color)) >= 4.5


# Display


def test_bundle_is_an_image_with_escaped_text():
    figure = plots.Figure(alt='Is 1 < 2 & "so"?')
    bundle = figure._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == repr(figure) == str(figure) == 'Figure: Is 1 < 2 & "so"?'
    pattern = r'<img alt="Is 1 &lt; 2 &amp; &quot;so&quot;\?" src="data:image/png;base64,([^"]+)" '
    source = re.match(pattern, bundle["text/html"]).group(1)
    assert base64.b64decode(source) == figure.png()


def test_ipython_takes_nothing_but_the_bundle(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    formatter = InteractiveShell.instance().display_formatter
    # What the inline backend registers for every matplotlib figure.
    png = formatter.formatters["image/png"]
    png.for_type(matplotlib.figure.Figure, lambda figure: b"a second picture")
    assert formatter.format(plots.Figure(alt="A figure.")) == ({}, {})
    assert [set(bundle) for bundle in shown] == [{"text/html", "text/plain"}]


def test_a_notebook_shows_a_figure_once_even_with_the_inline_backend():
    cells = [
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nfrom cnnlab import plots",
        "plots.training_curves({'loss': [2.0, 1.0]})",
        "figure = plots.training_curves({'loss': [2.0, 1.0]})",
        "display(figure)",
        "plt.get_fignums()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    outputs = [cell.outputs for cell in notebook.cells]
    assert [len(o) for o in outputs] == [0, 1, 0, 1, 1]
    for shown in (outputs[1][0], outputs[3][0]):
        assert set(shown.data) == {"text/html", "text/plain"}
        assert shown.data["text/plain"] == "Figure: Training curves over 2 epochs: loss."
    assert outputs[4][0].data["text/plain"] == "[]"


@pytest.mark.parametrize("backend", ["agg", "svg", "pdf", "tkagg"])
def test_any_backend_will_do_and_pyplot_is_not_needed(backend):
    code = (
        "import sys; from cnnlab import plots; import numpy as np;"
        "assert plots.filters(np.ones((2, 1, 3, 3))).png().startswith(b'\\x89PNG');"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    environment = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
    environment |= {"MPLBACKEND": backend}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
