"""Filters over a sentence: PyTorch's answers, the window that wins, and words that are true."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.data import reviews
from cnnlab.explore import TextExplorer
from cnnlab.explore.scene import WIDTHS
from cnnlab.explore.text.examples import EXAMPLES
from cnnlab.explore.text.model import (
    BAD,
    FILTERS,
    GOOD,
    MOST_LETTERS,
    MOST_WORDS,
    NO,
    POOLINGS,
    vector,
    vectors,
    weights,
    words_of,
)
from cnnlab.explore.text.scene import text_scene

SOME = ["good", "bad", "not", "never", "film", "a", "isn't", "nice", "awful"]
SENTENCES = st.lists(st.sampled_from(SOME), min_size=1, max_size=9).map(" ".join)
BIASES = st.sampled_from([-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0])


def test_the_words_of_the_reviews_are_known():
    pairs = reviews.JUDGED + reviews.FELT
    assert {bad for bad, _ in pairs} <= BAD
    assert {good for _, good in pairs} <= GOOD


def pooled(sentence, **given):
    """The result of each width."""
    reading = text_scene(sentence=sentence, **given).reading
    return {row.width: row.pooled for row in reading.rows}


@settings(max_examples=60, deadline=None)
@given(
    sentence=SENTENCES,
    kind=st.sampled_from(FILTERS),
    pooling=st.sampled_from(POOLINGS),
    bias=BIASES,
    padding=st.integers(0, 4),
    masked=st.booleans(),
)
def test_answers_and_results_are_pytorchs(sentence, kind, pooling, bias, padding, masked):
    scene = text_scene(
        sentence=sentence,
        looks_for=kind,
        pooling=pooling,
        bias=bias,
        padding=padding,
        masked=masked,
    )
    words = sentence.split()
    x = torch.tensor(vectors(tuple(words), padding))[None]  # (1, 2, L)
    for row in scene.reading.rows:
        if row.width > x.shape[2]:
            assert row.pooled is None
            assert scene.problem
            continue
        weight = torch.tensor(weights(kind, row.width))[None]  # (1, 2, k)
        y = torch.nn.functional.conv1d(x, weight, torch.tensor([bias]).double())[0, 0]
        assert np.allclose(row.sums, y)
        assert np.allclose(row.answers, y.relu())
        windows = [range(i, i + row.width) for i in range(len(y))]
        real = torch.tensor([any(t < len(words) for t in window) for window in windows])
        kept = y.relu()[real] if masked else y.relu()
        reduce = {"maximum": torch.max, "sum": torch.sum, "mean": torch.mean}[pooling]
        assert np.isclose(row.pooled, reduce(kept))
        if kept.max() > 0:
            assert row.winners[0] == int(kept.argmax())
            assert len(row.winners) == int((kept == kept.max()).sum())
        else:
            assert row.winners == []


def test_the_lectures_filter_is_the_one_of_two_words():
    assert weights("negated praise", 2).tolist() == [[0, 1], [1, 0]]
    (row,) = text_scene(sentence="it is not good", longest=2).reading.rows
    assert row.answers.tolist() == [0, 0, 1]


@pytest.mark.parametrize("between", [0, 1, 2, 3, 4])
def test_a_filter_is_wide_enough_or_blind(between):
    sentence = " ".join(["I", "say", "it", "not", *between * ["so"], "good"])
    found = pooled(sentence)
    assert found == {width: float(width >= between + 2) for width in (2, 3, 4, 5)}


def test_order_matters_where_a_bag_is_the_same():
    first, second = "the film was good not bad", "the film was bad not good"
    assert sorted(first.split()) == sorted(second.split())
    assert set(pooled(first).values()) == {0.0}
    assert set(pooled(second).values()) == {1.0}


def test_the_sum_counts_and_the_maximum_does_not():
    given = {"sentence": "not good and not nice", "longest": 2}
    results = [text_scene(**given, pooling=each).reading.rows[0].pooled for each in POOLINGS]
    assert results == [1, 2, 0.5]
    assert pooled("not good and not nice")[5] == 2
    only_two = text_scene(sentence="not good and not nice", bias=-2.0).reading
    assert [row.pooled for row in only_two.rows] == [0, 0, 0, 1]


def test_padding_wins_until_its_windows_are_left_out():
    explorer = TextExplorer(example="padding wins")
    for row in explorer.scene.reading.rows:
        assert set(explorer.scene.reading.phrase(row.width, row.winners[0]).split()) == {"PAD"}
        assert row.pooled == 0.5
    assert '"PAD PAD"' in explorer.text
    explorer.masked = True
    assert [row.pooled for row in explorer.scene.reading.rows] == [0, 0]
    assert "4 masked padding tokens" in explorer.text
    explorer.sentence = "good and awful"  # found by windows that hold some padding
    assert [row.pooled for row in explorer.scene.reading.rows] == [1.5, 1.5]
    assert '"and awful PAD"' in explorer.text


def test_a_tie_goes_to_the_first_window_as_in_pytorch():
    explorer = TextExplorer(sentence="not good and not good", longest=2)
    assert '"not good", first of 2' in explorer.text
    links = explorer.scene.links
    assert "It wins the maximum" in links["window:2,0"]["text"]
    assert "which comes first" in links["window:2,3"]["text"]
    assert "first of 2" in links["pooled:2"]["text"]


def test_a_window_writes_out_its_products():
    scene = text_scene(sentence="it is not good", longest=3)
    said = scene.links["window:3,1"]
    assert said["text"] == (
        'Window 2 of 3 words, "is not good": 1·0 + 1·1 + 1·1 − 1 = 1. It wins the maximum.'
    )
    assert said["marks"]["window"] == ["word:1 2 3"]
    assert said["marks"]["weight"] == ["number:0,3", "number:1,1", "number:1,2"]
    assert "the ReLU makes it 0" in scene.links["window:3,0"]["text"]
    assert "max(0, 1) = 1" in scene.links["pooled:3"]["text"]


def test_words_have_two_numbers_and_no_word_has_two_feelings():
    assert not GOOD & BAD
    assert not (GOOD | BAD) & NO
    assert len(GOOD) >= 30
    assert len(BAD) >= 30
    assert vector("Isn’t") == vector("isn't") == vector("NOT") == (0, 1)
    assert words_of("It's good - really, “good”!") == ("It's", "good", "really", "good")


@pytest.mark.parametrize("sentence", ["", " ?! ", "no " * 20, "y" * 61, "a very " * 9, "nice" * 16])
def test_a_sentence_that_cannot_be_read_has_ways_out(sentence):
    explorer = TextExplorer(sentence=sentence)
    assert "sentence must have" in explorer.scene.problem
    assert explorer.scene.fixes
    for width in WIDTHS:
        assert "Words that have a number" in explorer.draw(explorer.stage(width))
    for fix in explorer.scene.fixes:
        assert not TextExplorer(**{"longest": 2, **fix.settings}).scene.problem


@pytest.mark.parametrize("longest", [2, 3, 4, 5])
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("sentence", ["good", "not good", "it is good"])
def test_a_sentence_shorter_than_a_window_has_ways_out(sentence, padding, longest):
    given = {"sentence": sentence, "padding": padding, "longest": longest}
    scene = text_scene(**given)
    assert bool(scene.problem) == (len(sentence.split()) + padding < longest)
    if scene.problem:
        assert scene.fixes
        assert "fit" in scene.text
        for fix in scene.fixes:
            assert not text_scene(**{**given, **fix.settings}).problem


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_whatever_one_types_is_read_or_refused_and_drawn(sentence):
    explorer = TextExplorer(sentence=sentence)
    for width in WIDTHS:
        assert explorer.draw(explorer.stage(width)).endswith("</svg>")
    reading = explorer.scene.reading
    assert bool(reading) == (
        0 < len(words_of(sentence)) <= MOST_WORDS and len(sentence) <= MOST_LETTERS
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_code_computes_what_is_shown(name, capsys):
    explorer = TextExplorer(example=name)
    exec(explorer.code(), {})
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    rows = explorer.scene.reading.rows
    assert [(int(k), float(y)) for k, y in printed] == [(row.width, row.pooled) for row in rows]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("sentence", ["not good", "this was wonderfully and truly not that good"])
def test_every_cell_of_the_drawing_can_be_pointed_at(sentence, width):
    explorer = TextExplorer(sentence=sentence, padding=4, masked=True)
    svg = explorer.draw(explorer.stage(width))
    keys = [key for grid in explorer.scene.grids for row in grid["keys"] for key in row]
    assert set(keys) == set(explorer.scene.links)
    assert all(f'data-key="{key}"' in svg for key in keys)


def test_one_bracket_marks_the_window_that_wins():
    svg = {each: TextExplorer(pooling=each) for each in POOLINGS}
    count = {each: e.draw(e.stage()).count("<path") for each, e in svg.items()}
    assert count == {"maximum": 4, "sum": 0, "mean": 0}
    for width in WIDTHS:
        explorer = TextExplorer(example="good not bad")
        assert "<path" not in explorer.draw(explorer.stage(width))


def test_what_the_examples_say_is_so():
    results = {
        name: [row.pooled for row in TextExplorer(example=name).scene.reading.rows]
        for name in EXAMPLES
    }
    assert results == {
        "not good": [1, 1, 1, 1],
        "not a very good": [0, 0, 1, 1],
        "good not bad": [0, 0, 0, 0],
        "bad not good": [1, 1, 1, 1],
        "twice": [2],
        "two noes": [1, 1, 1, 2],
        "short": [1, 0, 0, 0],
        "padding wins": [0.5, 0.5],
        "masked": [0, 0],
    }


@given(
    sentence=st.lists(st.sampled_from([*SOME, "extraordinary", "unbelievable"]), max_size=8),
    choices=st.tuples(st.sampled_from(FILTERS), st.sampled_from(POOLINGS), BIASES),
    padding=st.integers(0, 4),
    longest=st.integers(2, 5),
    masked=st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_every_cell_shows_its_number(sentence, choices, padding, longest, masked):
    kind, pooling, bias = choices
    explorer = TextExplorer(
        sentence=" ".join(sentence),
        looks_for=kind,
        pooling=pooling,
        bias=bias,
        padding=padding,
        longest=longest,
        masked=masked,
    )
    for width in WIDTHS:
        svg = explorer.draw(explorer.stage(width))
        cells = re.findall(r'data-key="(?:number|window|pooled):[^"]*">(.*?)</g>', svg)
        assert all("<text" in cell for cell in cells)
        assert all(int(size) >= 12 for size in re.findall(r'font-size="(\d+)"', svg))
