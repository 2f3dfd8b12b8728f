"""Lab 02: every wrong backward pass is named, and none is let pass."""

import numpy as np
import pytest

from cnnlab import check
from cnnlab.check import exercises

NAMES = ["central_difference", "delta_step", "mlp", "penalised_weight", "unit_signals"]
WRONG = [(name, row) for name in NAMES for row in exercises.find(name).values]
MLP = exercises.find("mlp")


@pytest.mark.parametrize(("name", "row"), WRONG, ids=[f"{name}, {row.name}" for name, row in WRONG])
def test_a_wrong_function_is_refused_by_name(name, row):
    result = check.function(row.model, name)
    assert result.status == "fail"
    assert row.sentence in result.message


@pytest.mark.parametrize("row", MLP.gradients, ids=lambda row: row.name)
def test_a_wrong_backward_pass_of_a_network_is_refused_by_name(row):
    result = check.pair(MLP.reference, row.model, "mlp")
    assert result.status == "fail"
    assert row.sentence in result.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (8, "Only the message of b"),
        (6, "Only the message of a"),
        (24, "as in a chain"),
        (28, "x has kept its old sum"),
        (56, "every node has kept"),
        (7, "the slope in y"),
    ],
)
def test_wrong_diamonds_are_named(answer, says):
    assert check.number(14, "02-diamond")
    assert check.number(2 * (3 + 4), "02-diamond")
    result = check.number(answer, "02-diamond")
    assert result.status == "fail"
    assert says in result.message


@pytest.mark.parametrize(
    ("gradient", "answer", "says"),
    [
        ("dx", lambda dy, weight: dy @ weight.T, "2 columns meet 3 rows"),
        ("dx", lambda dy, weight: np.dot(dy, weight.T), "2 columns meet 3 rows"),
        ("dweight", lambda dy, x: dy @ x, "2 columns meet 1 row"),
        ("dweight", lambda dy, x: x.dot(dy.T), "3 columns meet 2 rows"),
    ],
)
def test_a_product_that_does_not_fit_asks_which_one_must_be_transposed(gradient, answer, says):
    result = check.backward(answer, "linear", gradient)
    assert result.status == "fail"
    assert f"in a matrix product, {says}" in result.message
    assert "which of the two must be transposed?" in result.hint


def test_a_step_that_is_not_done_yet_is_named_in_a_later_one():
    def network_backward(dy, cache):
        return (None * dy,) * 5  # as from an input_gradient that is still empty

    def network(x, w1, b1, w2, b2):
        return np.maximum(0, x @ w1.T + b1) @ w2.T + b2, (x, w1)

    result = check.pair(network, network_backward, "mlp")
    assert "there is None where a value belongs" in result.message
    assert "earlier steps" in result.hint


def test_large_scores_that_overflow_are_named():
    def overflows(logits, labels):
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return (p - np.eye(p.shape[1])[labels]) / len(labels)

    result = check.backward(overflows, "cross_entropy", "dlogits")
    assert "Powers of large logits overflow" in result.message


def test_a_second_backward_pass_gives_what_the_question_says():
    y, x = 3 + 4, 2 * (3 + 4)
    y += 3 * 2 + 4 * 2  # a and b have kept their 1, and get another
    assert x + 2 * y == 56


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([-0.5, -0.125, -0.375, -0.125], "All signs are wrong"),
        ([0.5, 0.5, 1.5, 0.5], "z̄ is ȳ, unchanged"),
        ([0.5, 0.25, 0.75, 0.25], "multiplied by y alone"),
        ([0.5, 0.125, 0.25, 0.125], "here z̄ is multiplied by w"),
        ([0.5, 0.125, 0.125, 0.125], "w̄ is z̄, unchanged"),
        ([0.5, 0.125, 0.375, 0.375], "b is added"),
        ([1.0, 0.25, 0.75, 0.25], "twice as large"),
    ],
)
def test_error_signals_by_hand_are_judged_by_name(answer, says):
    given = check.given("02-one-unit")
    assert check.array([0.5, 0.125, 0.375, 0.125], "unit_signals", given)
    assert check.array((1 / 2, 1 / 8, 3 / 8, 1 / 8), "unit_signals", given)
    result = check.array(answer, "unit_signals", given)
    assert result.status == "fail"
    assert says in result.message


def test_published_weights_are_reproduced():
    w1, w2 = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]])
    x, t = np.array([0.05, 0.10]), np.array([0.01, 0.99])
    new = exercises.find("delta_step").reference(w1, w2, x, t, 0.5)
    published = [0.149780716, 0.199561432, 0.249751144, 0.299502287]
    published += [0.358916480, 0.408666186, 0.511301270, 0.561370121]
    assert np.abs(new.ravel() - published).max() < 5e-10
