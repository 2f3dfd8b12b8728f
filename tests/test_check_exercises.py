"""Exercises as values: every misconception shows in the cases, and no two of them look alike."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cnnlab.check import exercises
from cnnlab.check.core.arrays import same

NAMES = exercises.names()
PAIRS = [name for name in NAMES if exercises.find(name).backward]


class Drawn:
    """All calls of an exercise with numbers of one seed, and what comes out of them."""

    def __init__(self, name, seed):
        self.exercise = exercises.find(name, "all")
        self.calls = [case.draw(seed + i) for i, case in enumerate(self.exercise.cases)]
        self.right = [self.exercise.outputs(call) for call in self.calls]
        self.upstream = [
            np.asarray(np.random.default_rng([seed, i]).standard_normal(y.shape), y.dtype)
            if y.ndim
            else y
            for i, (y, *_) in enumerate(self.right)
        ]

    def values(self, model=None):
        exercise = self.exercise
        if model is None:
            return self.right
        every = []
        for call, right in zip(self.calls, self.right, strict=True):
            returned = model(*call.args, **call.settings)
            every.append(
                right if returned is None else exercise.outputs(call, lambda *a, y=returned, **s: y)
            )
        return every

    def gradients(self, **passes):
        return [
            self.exercise.gradients_of(call, dy, **passes)
            for call, dy in zip(self.calls, self.upstream, strict=True)
        ]


def alike(a, b):
    return len(a) == len(b) and all(
        len(one) == len(other) and all(map(same, one, other))
        for one, other in zip(a, b, strict=True)
    )


few_seeds = settings(max_examples=2, phases=[Phase.generate])


@pytest.mark.parametrize("name", NAMES)
@few_seeds
@given(seed=st.integers(0, 10_000))
def test_every_misconception_of_values_shows_and_looks_like_no_other(name, seed):
    drawn = Drawn(name, seed)
    exercise = drawn.exercise
    seen = []
    for row in (*exercise.values, *exercise.code_only):
        made = drawn.values(row.model)
        if row.name in IN_THE_CACHE:
            made = [*made, *drawn.gradients(forward=row.model)]
        seen.append((row, made))
    shown = [row.name for row, made in seen if not alike(made[: len(drawn.right)], drawn.right)]
    assert {row.name for row, _ in seen} - {*shown} <= IN_THE_CACHE
    assert not twins(seen)


# The value is right, and the cache wrong: this shows in the backward pass alone.
IN_THE_CACHE = {"one-hot left out", "only the label", "labels in every row", "label as a number"}


def twins(seen):
    """Names of misconceptions that come to the same, and are told in different words."""
    return [
        (a.name, b.name)
        for (a, one), (b, other) in combinations(seen, 2)
        if a.sentence != b.sentence and alike(one, other)
    ]


@pytest.mark.parametrize("name", PAIRS)
@few_seeds
@given(seed=st.integers(0, 10_000))
def test_every_misconception_of_gradients_shows_and_looks_like_no_other(name, seed):
    drawn = Drawn(name, seed)
    seen = [(row, drawn.gradients(backward=row.model)) for row in drawn.exercise.gradients]
    right = drawn.gradients()
    assert not [row.name for row, made in seen if alike(made, right)]
    assert not twins(seen)


@pytest.mark.parametrize("name", NAMES)
def test_every_misconception_of_shapes_shows(name):
    drawn = Drawn(name, 0)
    for row in drawn.exercise.shapes:
        shapes = [row.model(*call.args, **call.settings) for call in drawn.calls]
        assert any(
            tuple(shape) != right[0].shape for shape, right in zip(shapes, drawn.right, strict=True)
        ), row.name


@pytest.mark.parametrize("name", NAMES)
def test_misconceptions_have_names_of_their_own_and_end_their_sentences(name):
    exercise = exercises.find(name)
    for rows in ((*exercise.values, *exercise.code_only), exercise.shapes, exercise.gradients):
        assert len({row.name for row in rows}) == len(rows)
        assert all(row.sentence[-1] in ".?" for row in rows)
