"""Lab 01: every wrong idea about units, networks and measures is named, and none is let pass."""

import numpy as np
import pytest

from cnnlab import check
from cnnlab.check import exercises

NAMES = [
    "at_least_two",
    "nand_of_three",
    "perceptron_step",
    "recall",
    "relu_network",
    "sign_network",
    "unit",
    "verdict",
    "xor",
]
WRONG = [(name, row) for name in NAMES for row in exercises.find(name).values]


@pytest.mark.parametrize(("name", "row"), WRONG, ids=[f"{name}, {row.name}" for name, row in WRONG])
def test_a_wrong_function_is_refused_by_name(name, row):
    def wrong(*args):
        y = row.model(*args)
        if y is None:
            raise ValueError("these shapes do not fit")
        return y

    result = check.function(wrong, name)
    assert result.status == "fail"
    assert row.sentence in result.message


@pytest.mark.parametrize(("name", "row"), WRONG, ids=[f"{name}, {row.name}" for name, row in WRONG])
def test_a_sentence_holds_no_answer(name, row):
    exercise = exercises.find(name)
    for case in exercise.cases:
        right = np.asarray(exercise.outputs(case.draw(0))[0])
        assert str(right.tolist()) not in row.sentence


def units(weights, bias):
    return lambda x: (x @ np.array(weights) + bias > 0).astype(int)


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("at_least_two", units([1, 1, 1], 1.5), "the sign of a threshold"),
        ("at_least_two", units([1, 1, 1], -3), "It says 0 to everything"),
        ("at_least_two", lambda x: (x.sum(axis=1) - 1 >= 0).astype(int), "A single 1 is enough"),
        ("nand_of_three", units([-1, -1, -1], -2.5), "signs of the weights alone"),
        ("nand_of_three", units([1, 1, 1], 2.5), "which sign must the weights have"),
        ("nand_of_three", units([-1, -1, -1], 1.5), "suit two inputs"),
        ("xor", units([1, 1], -0.5), "This is OR"),
        ("xor", units([1, 1], -1.5), "This is AND"),
        ("xor", lambda x: x.sum(axis=1), "not all of its values"),
        ("xor", lambda x: np.stack([x[:, 0], x[:, 1]]) @ np.ones(2), "4 columns meet 2 rows"),
    ],
)
def test_weights_that_students_choose_are_seen_through(name, answer, says):
    result = check.function(answer, name)
    assert result.status == "fail"
    assert says in result.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([3, 1, 0], "the wrong way"),
        ([1, 1, -1], "The bias does not move"),
        ([2, 1, -2], "Only the bias moves"),
        ([1, 0, -2], "Every weight moves by the error itself"),
        ([2, 1, -1], "The weights stay as they were"),
    ],
)
def test_a_correction_by_hand_is_judged_by_name(answer, says):
    example = np.array([2, 1, -1]), np.array([1, 0]), 0
    assert check.array([1, 1, -2], "perceptron_step", *example)
    result = check.array(answer, "perceptron_step", *example)
    assert result.status == "fail"
    assert says in result.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([0.7, 0.75, 0.6], "have changed places"),
        ([0.7, 0.8, 2 / 3], "belong to the other class"),
        ([7, 0.6, 0.75], "The accuracy is a share"),
        ([7, 3, 3], "These are counts"),
        ([70, 60, 75], "percentages"),
        ([0.7, 0.3, 0.3], "Only the accuracy is a share of all"),
    ],
)
def test_a_verdict_by_hand_is_judged_by_name(answer, says):
    ten = exercises.find("verdict").cases[0].draw(0).args
    assert check.array([0.7, 3 / 5, 0.75], "verdict", *ten)
    result = check.array(answer, "verdict", *ten)
    assert result.status == "fail"
    assert says in result.message
