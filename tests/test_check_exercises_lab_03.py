"""Lab 03: every wrong idea about training is named, and none is let pass."""

import numpy as np
import pytest

from cnnlab import check
from cnnlab.check import exercises
from cnnlab.check.exercises.adam_step import adam_step
from cnnlab.check.exercises.dropout import DropoutCache

NAMES = [
    "adam_step",
    "decay_step",
    "dropout",
    "early_stopping",
    "momentum_step",
    "normalize_features",
    "shrink",
]
WRONG = [(name, row) for name in NAMES for row in exercises.find(name).values]
DROPOUT = exercises.find("dropout")


@pytest.mark.parametrize(("name", "row"), WRONG, ids=[f"{name}, {row.name}" for name, row in WRONG])
def test_a_wrong_function_is_refused_by_name(name, row):
    right = exercises.find(name).reference

    def wrong(*args, **settings):
        y = row.model(*args, **settings)
        return right(*args, **settings) if y is None else y

    result = check.function(wrong, name)
    assert result.status == "fail"
    assert row.sentence in result.message


@pytest.mark.parametrize("row", DROPOUT.gradients, ids=lambda row: row.name)
def test_a_wrong_way_back_through_dropout_is_refused_by_name(row):
    def wrong(dy, mask, rate):
        dx = row.model(dy, DropoutCache(mask, rate))
        return dy * mask / (1 - rate) if dx is None else dx

    result = check.backward(wrong, "dropout", "dx", asks=[])
    assert result.status == "fail"
    assert row.sentence in result.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([[0.6, -2.2], [4, 2]], "plain gradient descent"),
        ([[1.5, -1.85], [5, 1.5]], "uphill"),
        ([[0.8, -1.9], [5, 1.5]], "by the old velocity"),
        ([[0.5, -2.15], [2, -1]], "the old velocity comes back"),
        ([[0.7, -2.05], [3, 0.5]], "weighed by 1 − momentum"),
        ([[-4, -3.5], [5, 1.5]], "where is the learning rate"),
        ([[0.4, -2.1], [6, 1]], "multiply it by momentum"),
        ([[5, 1.5], [0.5, -2.15]], "changed places"),
    ],
)
def test_a_step_by_hand_is_judged_by_name(answer, says):
    given = check.given("03-momentum")
    assert check.array([[0.5, -2.15], [5, 1.5]], "momentum_step", *given)
    result = check.array(answer, "momentum_step", *given)
    assert result.status == "fail"
    assert says in result.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([4, 0, -2, 8, 3], "has its old size"),
        ([20, 0, -10, 40, 15], "divided by the rate"),
        ([3.2, 0, -1.6, 6.4, 2.4], "divide"),
        ([0, 1.25, 0, 0, 0], "here it is dropped"),
        ([5, 1.25, -2.5, 10, 3.75], "nothing dropped"),
        ([4, 1, -2, 8, 3], "x comes back as it was"),
    ],
)
def test_dropout_by_hand_is_judged_by_name(answer, says):
    given = check.given("03-dropout")
    assert check.array([5, 0, -2.5, 10, 3.75], "dropout", *given)
    result = check.array(answer, "dropout", *given)
    assert result.status == "fail"
    assert says in result.message


@pytest.mark.parametrize(
    ("question", "answer", "says"),
    [
        ("03-first-steps", 1.5, "plain steps"),
        ("03-first-steps", 0.1236, "not corrected here. Both began at 0"),
        ("03-first-steps", 0.0949, "three first steps without the corrections"),
        ("03-first-steps", 0.7226, "The mean of the squares is not corrected"),
        ("03-first-steps", 0.00561, "The mean of the gradients is not corrected"),
        ("03-first-steps", 3, "by the learning rate"),
        ("03-first-steps", 0.01, "This is one step"),
        ("03-he", 0.04, "This is the variance"),
        ("03-he", 0.1, "counts the outputs"),
        ("03-he", 0.0894, "Glorot's recipe"),
        ("03-he", 0.1414, "The 2 is missing"),
    ],
)
def test_a_wrong_number_is_named(question, answer, says):
    result = check.number(answer, question)
    assert result.status == "fail"
    assert says in result.message


def test_the_right_numbers_pass():
    weight, mean, square = np.zeros(1), np.zeros(1), np.zeros(1)
    for step in (1, 2, 3):
        weight, mean, square = adam_step(weight, np.full(1, 50.0), mean, square, step, 0.01)
    assert check.number(-weight, "03-first-steps")
    assert check.number(np.sqrt(2 / 50), "03-he")
