"""Losses equal PyTorch, also at the edges; no mutant does; wrong pairings are named."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn import functional as TF

from cnnlab.scratch import gradcheck, losses
from cnnlab.scratch.functional import softmax
from tests import mutants

RNG = np.random.default_rng(0)
LABELS = np.array([0, 2, 1, 3, 2])
NORMAL = RNG.standard_normal((5, 4))
PROBABILITIES = softmax(NORMAL)[0]
ONES = np.eye(4)[LABELS]


CASES = {
    "mse": (losses.mse_loss, TF.mse_loss, NORMAL, RNG.standard_normal((5, 4))),
    "mae": (losses.l1_loss, TF.l1_loss, NORMAL, RNG.standard_normal((5, 4))),
    "cross-entropy": (losses.cross_entropy, TF.cross_entropy, NORMAL, LABELS),
    "cross-entropy, far logits": (losses.cross_entropy, TF.cross_entropy, 1000 * NORMAL, LABELS),
    "of probabilities": (
        losses.cross_entropy_of_probabilities,
        lambda p, y: TF.nll_loss(p.log(), y),
        PROBABILITIES,
        LABELS,
    ),
    "binary": (losses.binary_cross_entropy, TF.binary_cross_entropy, PROBABILITIES, ONES),
    "binary, certain": (losses.binary_cross_entropy, TF.binary_cross_entropy, ONES, ONES[::-1]),
    "binary, soft": (losses.binary_cross_entropy, TF.binary_cross_entropy, ONES, PROBABILITIES),
    "binary of logits": (
        losses.binary_cross_entropy_with_logits,
        TF.binary_cross_entropy_with_logits,
        NORMAL,
        ONES,
    ),
    "binary of far logits": (
        losses.binary_cross_entropy_with_logits,
        TF.binary_cross_entropy_with_logits,
        1000 * NORMAL,
        ONES,
    ),
}


def equals_pytorch(loss, backward, reference, pred, target, dtype, tolerance) -> None:
    pred = pred.astype(dtype)
    target = target if target.dtype.kind == "i" else target.astype(dtype)
    held, labels = pred.copy(), target.copy()
    tensor = torch.from_numpy(pred.copy()).requires_grad_()
    expected = reference(tensor, torch.from_numpy(target.copy()))
    expected.backward()
    value, cache = loss(pred, target)
    dpred = backward(cache)
    assert isinstance(value, float)
    assert dpred.dtype == dtype
    assert_allclose(value, expected.item(), rtol=tolerance)
    assert_allclose(dpred, tensor.grad.numpy(), rtol=tolerance, atol=tolerance)
    assert_array_equal(pred, held)
    assert_array_equal(target, labels)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
@pytest.mark.parametrize("name", CASES)
def test_loss_equals_pytorch(name: str, dtype: type, tolerance: float) -> None:
    loss, *case = CASES[name]
    if name in ("binary, certain", "binary, soft"):
        tolerance = max(tolerance, 1e-8)  # torch keeps the smallest p (1 - p) in float32
    equals_pytorch(loss, losses.loss_backward, *case, dtype, tolerance)


@pytest.mark.parametrize("name", ["mse", "mae", "cross-entropy", "binary", "binary of logits"])
def test_loss_agrees_with_differences(name: str) -> None:
    loss, _, pred, target = CASES[name]
    report = gradcheck.check(
        lambda x: loss(x, target), lambda dy, cache: losses.loss_backward(cache, dy), pred
    )
    report.require()


def contract(mutant: mutants.Mutant) -> None:
    for name in ("cross-entropy", "cross-entropy, far logits"):
        _, *case = CASES[name]
        for dtype, tolerance in ((np.float64, 1e-10), (np.float32, 1e-4)):
            equals_pytorch(mutant.forward, mutant.backward, *case, dtype, tolerance)


def killed(mutant: mutants.Mutant) -> bool:
    try:
        contract(mutant)
    except AssertionError:
        return True
    return False


def test_no_mutant_of_cross_entropy_survives() -> None:
    zoo = mutants.of("cross_entropy")
    assert len({m.name for m in zoo}) == len(zoo) >= 12
    assert not [m.name for m in zoo if not killed(m)]
    right = losses.cross_entropy, losses.cross_entropy_backward
    assert not killed(mutants.Mutant("none", *right))


@given(st.integers(2, 50), st.integers(1, 8))
def test_equal_logits_cost_the_logarithm_of_the_classes(classes: int, examples: int) -> None:
    value, _ = losses.cross_entropy(np.zeros((examples, classes)), np.zeros(examples, int))
    assert_allclose(value, np.log(classes))


def test_softmax_taken_twice_cannot_learn_below_a_bound() -> None:
    classes = 10
    certain = np.eye(classes)
    value, _ = losses.cross_entropy(certain, np.arange(classes))
    assert_allclose(value, np.log(1 + (classes - 1) / np.e))


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: losses.cross_entropy_of_probabilities(np.array([[0.5, 0.9]]), np.array([0])),
            ValueError,
            "cross_entropy_of_probabilities: each row must sum to 1, but row 0 sums to 1.4. "
            "End with a softmax, or give logits to cross_entropy.",
        ),
        (
            lambda: losses.cross_entropy_of_probabilities(np.array([[-2.0, 3.0]]), np.array([0])),
            ValueError,
            "cross_entropy_of_probabilities: probabilities must lie between 0 and 1, not -2 to 3. "
            "If these are logits, give them to cross_entropy.",
        ),
        (
            lambda: losses.binary_cross_entropy(np.array([1.5]), np.array([1.0])),
            ValueError,
            "If these are logits, give them to binary_cross_entropy_with_logits.",
        ),
        (
            lambda: losses.binary_cross_entropy(np.array([0.5]), np.array([2.0])),
            ValueError,
            "binary_cross_entropy: targets must lie between 0 and 1, not 2 to 2. "
            "Use 0 and 1 for the two classes.",
        ),
        (
            lambda: losses.cross_entropy(NORMAL, LABELS + 1),
            ValueError,
            "cross_entropy: labels must lie between 0 and 3, not 1 to 4. "
            "Count classes from 0, or give the last layer more outputs.",
        ),
        (
            lambda: losses.cross_entropy(NORMAL, LABELS.astype(float)),
            TypeError,
            "cross_entropy: labels must be integers, not float64. Use labels.astype(np.int64); "
            "one-hot rows become labels with .argmax(axis=1).",
        ),
        (
            lambda: losses.mse_loss(np.zeros((3, 1)), np.zeros(3)),
            ValueError,
            "mse_loss: target must have shape (3, 1), not (3,).",
        ),
        (
            lambda: losses.cross_entropy(NORMAL[:0], LABELS[:0]),
            ValueError,
            "cross_entropy: a mean must be over at least one number, not over the shape (0, 4). "
            "Leave out empty batches.",
        ),
        (
            lambda: losses.l1_loss(np.zeros(0), np.zeros(0)),
            ValueError,
            "l1_loss: a mean must be over at least one number, not over the shape (0,).",
        ),
    ],
)
def test_errors_name_the_wrong_pairing(act, error, message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        act()
