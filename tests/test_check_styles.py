"""No right answer is refused, in whatever style, dress, container or type it comes."""

import pytest

from cnnlab import check
from cnnlab.check import exercises
from tests.styles import BACKWARD_ASKS, BACKWARDS, DRESSES, PAIRS, RIGHT

WRITTEN = [(name, style) for name, row in RIGHT.items() for style in row.right]
DRESSED = [
    (name, dress) for name, row in RIGHT.items() for dress in DRESSES if dress not in row.bare
]
BACK = [(asked, style) for asked, styles in BACKWARDS.items() for style in styles]


def plainly(value):
    return value if isinstance(value, str) else "-".join(value)


def test_every_exercise_has_a_row_with_eight_styles():
    assert set(RIGHT) == set(exercises.names())
    assert min(len(row.right) for row in RIGHT.values()) >= 8
    assert min(map(len, BACKWARDS.values())) >= 8
    assert len(DRESSES) >= 20


@pytest.mark.parametrize(("name", "style"), WRITTEN)
def test_a_right_function_passes_in_any_style(name, style):
    row = RIGHT[name]
    result = check.function(row.right[style], name, asks=row.asks)
    assert result, result


@pytest.mark.parametrize(("name", "dress"), DRESSED)
def test_a_right_function_passes_in_any_dress(name, dress):
    row = RIGHT[name]
    first = next(iter(row.right.values()))
    result = check.function(DRESSES[dress](first), name, asks=row.asks)
    assert result, result


@pytest.mark.parametrize(("asked", "style"), BACK, ids=plainly)
def test_a_right_gradient_passes_in_any_style(asked, style):
    result = check.backward(BACKWARDS[asked][style], *asked, asks=BACKWARD_ASKS.get(asked))
    assert result, result


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("asked", BACKWARDS, ids=plainly)
def test_a_right_gradient_passes_in_any_dress(asked, dress):
    first = next(iter(BACKWARDS[asked].values()))
    result = check.backward(DRESSES[dress](first), *asked, asks=BACKWARD_ASKS.get(asked))
    assert result, result


@pytest.mark.parametrize(
    ("name", "style"), [(name, style) for name, styles in PAIRS.items() for style in styles]
)
def test_a_right_pair_passes_in_any_style(name, style):
    result = check.pair(*PAIRS[name][style], name)
    assert result, result
