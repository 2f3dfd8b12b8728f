"""Diagrams of architectures: nothing overlaps, nothing is lost, everything can be read."""

import itertools
import re

import pytest
from hypothesis import given, settings
from matplotlib.text import Text

from cnnlab import plots, spec, zoo
from cnnlab.count import summarize
from cnnlab.plots.diagrams.architecture import HEIGHT, WIDTH, laid_out
from cnnlab.plots.diagrams.folding import folded, forms, stages_closed
from cnnlab.plots.diagrams.layout import Box, Frame, Label, Wire, text_width
from cnnlab.plots.diagrams.structure import Section, params, rows, structure
from cnnlab.spec import (
    Add,
    BatchNorm,
    Chain,
    Concat,
    Conv,
    DepthwiseConv,
    Embedding,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Identity,
    Linear,
    MaxPool,
    ReLU,
    Scale,
    Sigmoid,
)
from cnnlab.spec.words import words
from tests.specs import networks


def conv(channels, kernel_size, stride=1):
    same = kernel_size // 2
    return Chain(Conv(channels, kernel_size, stride, same, bias=False), BatchNorm(), ReLU())


def bottleneck(channels, stride=1, project=False):
    end = Conv(4 * channels, 1, bias=False), BatchNorm()
    main = Chain(conv(channels, 1), conv(channels, 3, stride), *end)
    short = Chain(Conv(4 * channels, 1, stride, bias=False), BatchNorm()) if project else Identity()
    return Chain(Add(main, short), ReLU())


INCEPTION = Concat(
    conv(64, 1),
    Chain(conv(96, 1), conv(128, 3)),
    Chain(conv(16, 1), conv(32, 5)),
    Chain(MaxPool(3, 1, 1), conv(32, 1)),
)
MBCONV = Add(
    Chain(
        conv(144, 1),
        Chain(DepthwiseConv(3, padding=1, bias=False), BatchNorm(), ReLU()),
        Scale(GlobalAvgPool(), Conv(6, 1), ReLU(), Conv(144, 1), Sigmoid()),
        Chain(Conv(24, 1, bias=False), BatchNorm()),
    ),
    Identity(),
)
RESNET = Chain(
    stem=Chain(conv(64, 7, 2), MaxPool(3, 2, 1)),
    layer1=Chain(bottleneck(64, project=True), *[bottleneck(64)] * 2),
    layer2=Chain(bottleneck(128, 2, project=True), *[bottleneck(128)] * 7),
    head=Chain(GlobalAvgPool(), Flatten(), Linear(1000)),
)
DENSE = Chain(*[Concat(Identity(), Chain(BatchNorm(), ReLU(), Conv(4, 3, padding=1)))] * 60)
TEXT = Chain(
    Embedding(1000, 16),
    Concat(*(Chain(Conv(8, size), ReLU(), GlobalMaxPool()) for size in (3, 4, 5))),
    Flatten(),
    Linear(2),
)
RNN = Chain(Embedding(100, 8), spec.RNN(16, return_sequences=True), spec.RNN(16), Linear(5))
CASES = {
    "inception": (INCEPTION, (192, 28, 28)),
    "projection": (bottleneck(64, 2, project=True), (256, 56, 56)),
    "mbconv": (MBCONV, (24, 56, 56)),
    "resnet": (RESNET, (3, 224, 224)),
    "dense": (DENSE, (8, 14, 14)),
    "text": (TEXT, (50,)),
    "rnn": (RNN, (50,)),
    "mlp": (Chain(*(Linear(n) for n in range(200, 100, -1))), (9,)),
    "one": (Conv(4, 3), (1, 9, 9)),
    "nothing": (Chain(), (3,)),
}
ALL = CASES | {name: (zoo.get(name).spec, zoo.get(name).input_shape) for name in zoo.names()}


def corners(mark):
    if isinstance(mark, Label):
        half = text_width(mark.text) / 2
        return mark.x - half, mark.y - 0.15, mark.x + half, mark.y
    return mark.x, mark.y, mark.x + mark.width, mark.y + mark.height


def overlap(a, b, slack=1e-6):
    return min(a[2], b[2]) - max(a[0], b[0]) > slack and min(a[3], b[3]) - max(a[1], b[1]) > slack


def contains(outer, inner, slack=1e-6):
    return all(o <= i + slack for o, i in zip(outer[:2], inner[:2], strict=True)) and all(
        i <= o + slack for o, i in zip(outer[2:], inner[2:], strict=True)
    )


def strokes(wire):
    for (x1, y1), (x2, y2) in itertools.pairwise(wire.points):
        assert x1 == pytest.approx(x2) or y1 == pytest.approx(y2)  # never aslant
        yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def crosses(stroke, box, slack=1e-6):
    """Whether a stroke runs through the inside of a box."""
    return (
        stroke[0] < box[2] - slack
        and stroke[2] > box[0] + slack
        and stroke[1] < box[3] - slack
        and stroke[3] > box[1] + slack
    )


def check_layout(piece):
    of = {kind: [m for m in piece.marks if isinstance(m, kind)] for kind in (Box, Frame, Label)}
    solid = [corners(mark) for mark in of[Box] + of[Label]]
    for a, b in itertools.combinations(solid, 2):
        assert not overlap(a, b)
    for frame, other in itertools.product(map(corners, of[Frame]), solid):
        assert contains(frame, other) or not overlap(frame, other)
    for wire in (m for m in piece.marks if isinstance(m, Wire)):
        for stroke, box in itertools.product(strokes(wire), solid):
            assert not crosses(stroke, box)
    page = (0.0, piece.top, piece.width, piece.bottom)
    for mark in of[Box] + of[Frame] + of[Label]:
        assert contains(page, corners(mark))
    for wire in (m for m in piece.marks if isinstance(m, Wire)):
        for x, y in wire.points:
            assert -1e-6 <= x <= piece.width + 1e-6
            assert piece.top - 1e-6 <= y <= piece.bottom + 1e-6


@pytest.mark.parametrize("name", ALL)
def test_nothing_overlaps_and_all_is_on_one_page(name):
    network, input_shape = ALL[name]
    piece = laid_out(structure(network, input_shape), input_shape)
    check_layout(piece)
    assert piece.width <= WIDTH
    assert piece.bottom - piece.top <= HEIGHT


@pytest.mark.parametrize("name", ALL)
def test_every_form_keeps_layers_parameters_and_shapes(name):
    network, input_shape = ALL[name]
    total = summarize(network, input_shape)
    nodes = structure(network, input_shape)
    leaves = [row for row in total.rows if not isinstance(row.row, spec.Combinator)]
    for form in (nodes, *forms(nodes)):
        assert params(form) == total.params
        assert rows(form) == len(leaves)
        for before, after in itertools.pairwise(form):
            assert before.out_shape == after.in_shape
        if form:
            assert form[0].in_shape == input_shape
            assert form[-1].out_shape == total.output_shape


def unfolded(series):
    for node in series:
        if isinstance(node, Section):
            for _ in range(node.times):
                yield from unfolded(node.body)
        else:
            yield node


@given(networks())
def test_folding_can_be_undone(case):
    network, input_shape = case
    nodes = tuple(unfolded(structure(Chain(network, network[:0]), input_shape)))
    assert tuple(unfolded(folded(nodes))) == nodes


def test_folding_finds_patterns_of_several_layers():
    network = Chain(*[Conv(8, 3, padding=1), Conv(4, 1), Conv(8, 1)] * 5)
    (section,) = folded(structure(network, (8, 9, 9)))
    assert section.times == 5
    assert [block.title for block in section.body] == ["conv 3×3, 8", "conv 1×1, 4", "conv 1×1, 8"]


def test_stages_hold_what_has_one_size():
    network = Chain(Conv(4, 3, padding=1), Conv(8, 3, padding=1), MaxPool(2), Flatten(), Linear(2))
    titles = [block.title for block in stages_closed(structure(network, (1, 8, 8)))]
    assert titles == ["2 rows at 8×8", "max pool 2×2", "2 flat rows"]


def total_of(lines):
    """Add up the parameters that an indented text names, repeated parts as often as they come."""
    total, times = 0, []
    for line in lines:
        depth = len(line) - len(line.lstrip())
        times = [(d, n) for d, n in times if d < depth]
        if found := re.fullmatch(r" *(\d+) times:", line):
            times.append((depth, int(found[1])))
        elif found := re.search(r"; ([\d,]+) parameters? →", line):
            number = int(found[1].replace(",", ""))
            for _, n in times:
                number *= n
            total += number
    return total


@pytest.mark.parametrize("name", ALL)
def test_described_parameters_add_up(name):
    network, input_shape = ALL[name]
    *lines, last = plots.describe(network, input_shape).splitlines()
    total = summarize(network, input_shape).params
    assert total_of(lines) == total
    assert last.startswith(f"{total:,} parameters in ")


def test_describe_says_branches_and_repetitions():
    assert plots.describe(*CASES["resnet"]).splitlines()[1:12] == [
        "conv 7×7, 64, stride 2, padding 3, no bias, BatchNorm, ReLU; 9,536 parameters "
        "→ 64×112×112",
        "max pool 3×3, stride 2, padding 1 → 64×56×56",
        "2 branches:",
        "  branch 1:",
        "    conv 1×1, 64, no bias, BatchNorm, ReLU; 4,224 parameters → 64×56×56",
        "    conv 3×3, 64, padding 1, no bias, BatchNorm, ReLU; 36,992 parameters → 64×56×56",
        "    conv 1×1, 256, no bias, BatchNorm; 16,896 parameters → 256×56×56",
        "  branch 2:",
        "    conv 1×1, 256, no bias, BatchNorm; 16,896 parameters → 256×56×56",
        "+, ReLU → 256×56×56",
        "2 times:",
    ]


def drawn(name):
    return {text.get_text() for text in plots.architecture(*CASES[name]).findobj(Text)}


def test_small_networks_are_drawn_in_full():
    boxes, shapes = {"conv 5×5, 32", "max pool 3×3", "concat"}, {"192×28×28", "256×28×28"}
    assert boxes | shapes <= drawn("inception")
    assert {"+", "identity, 24×56×56", "×", "144×1×1"} <= drawn("mbconv")


def test_deep_networks_are_folded():
    assert {"7 times, 1,960,448 in all", "residual block", "256×56×56"} <= drawn("resnet")


@pytest.mark.parametrize("name", ["inception", "mbconv", "resnet", "dense", "text"])
def test_texts_are_legible_and_inside(name):
    figure = plots.architecture(*CASES[name], title="A title")
    figure.draw_without_rendering()
    width, height = figure.get_size_inches() * figure.dpi
    assert figure.get_size_inches()[0] <= 13
    texts = [text for text in figure.findobj(Text) if text.get_text()]
    for text in texts:
        assert text.get_fontsize() >= 11
        box = text.get_window_extent()
        assert 0 <= box.x0 <= box.x1 <= width
        assert 0 <= box.y0 <= box.y1 <= height
    boxes = [text.get_window_extent() for text in texts]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_alt_text_says_size_and_shapes():
    alt = plots.architecture(zoo.get("ds-4400").spec, (1, 28, 28)).alt
    assert alt == (
        "Architecture of 10 rows with 9,269 parameters: 1×28×28 → 10×26×26 → 10×13×13 → "
        "5×11×11 → 5×5×5 → 125 → 64 → 10."
    )


@settings(max_examples=40)
@given(networks())
def test_any_network_can_be_drawn(case):
    network, input_shape = case
    check_layout(laid_out(structure(network, input_shape), input_shape))
    figure = plots.architecture(network, input_shape)
    assert figure.get_size_inches()[0] <= 13
    assert total_of(plots.describe(network, input_shape).splitlines()) == (
        summarize(network, input_shape).params
    )


@pytest.mark.parametrize(
    ("row", "in_shape", "title", "said"),
    [
        (Conv(8, 3), (3, 20), "conv 3, 8", ()),
        (Conv(8, (3, 5), dilation=2), (3, 20, 20), "conv 3×5, 8", ("dilation 2",)),
        (Conv(8, 3, padding=((0, 1), "same")), (3, 9, 9), "conv 3×3, 8", ("padding 0–1×same",)),
        (Conv(8, 3, groups=2), (4, 9, 9), "conv 3×3, 8", ("2 groups",)),
        (DepthwiseConv(3, multiplier=2), (4, 9, 9), "depthwise 3×3", ("2 per channel",)),
        (MaxPool(2), (4, 9, 9), "max pool 2×2", ()),
        (MaxPool(3, 2, policy="ceil"), (4, 9, 9), "max pool 3×3", ("stride 2", "round up")),
        (spec.AvgPool(2, 1), (4, 9, 9), "average pool 2×2", ("stride 1",)),
        (spec.Subsample(2), (4, 8, 8), "subsample 2×2", ()),
        (spec.AdaptiveAvgPool((7, 5)), (4, 8, 8), "average pool to 7×5", ()),
        (spec.TableConv(((0, 1), (1,)), 3), (2, 8, 8), "table conv 3×3, 2", ("3 connections",)),
        (spec.TransposedConv(2, 4, 2, 1), (2, 8, 8), "transposed conv 4×4, 2", ("stride 2", "padding 1")),
        (spec.DropConnect(7, p=0.3), (5,), "linear, 7", ("DropConnect 0.3",)),
        (spec.RBF(10), (84,), "RBF, 10", ("not trained",)),
        (spec.Dropout(p=0.5), (84,), "Dropout 0.5", ()),
        (spec.RNN(7, return_sequences=True), (5, 9), "RNN, 7", ("every step",)),
        (Embedding(1000, 7), (9,), "embedding, 7", ("of 1,000 tokens",)),
    ],
)  # fmt: skip
def test_rows_in_words(row, in_shape, title, said):
    assert words(row, in_shape)[:2] == (title, said)


def test_a_row_that_does_not_fit_is_named():
    with pytest.raises(spec.ShapeError, match="conv2"):
        plots.architecture(Chain(conv1=Conv(4, 3), conv2=Conv(4, 9)), (1, 8, 8))
    with pytest.raises(spec.ShapeError, match="conv2"):
        plots.describe(Chain(conv1=Conv(4, 3), conv2=Conv(4, 9)), (1, 8, 8))
