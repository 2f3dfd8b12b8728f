"""Accuracy, precision and recall, by their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.scratch.metrics import accuracy, precision, recall

PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1)


@given(PAIRS, st.sampled_from("abc"))
def test_as_counted_one_by_one(pairs, positive):
    labels, predictions = zip(*pairs, strict=True)
    hits = sum(label == said == positive for label, said in pairs)
    said, there = predictions.count(positive), labels.count(positive)
    assert accuracy(labels, predictions) == sum(a == b for a, b in pairs) / len(pairs)
    expected = hits / said if said else math.nan
    assert precision(labels, predictions, positive) == pytest.approx(expected, nan_ok=True)
    expected = hits / there if there else math.nan
    assert recall(labels, predictions, positive) == pytest.approx(expected, nan_ok=True)


@given(PAIRS)
def test_precision_and_recall_change_places_with_labels_and_predictions(pairs):
    labels, predictions = zip(*pairs, strict=True)
    swapped = precision(predictions, labels, "a")
    assert recall(labels, predictions, "a") == pytest.approx(swapped, nan_ok=True)


def test_both_classes_of_a_test_set():
    labels = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    predictions = np.array([1, 1, 1, 0, 0, 1, 0, 0, 0, 0])
    found = [f(labels, predictions, c) for c in (1, 0) for f in (precision, recall)]
    assert found == pytest.approx([3 / 4, 3 / 5, 4 / 6, 4 / 5])


@pytest.mark.parametrize("measure", [accuracy, precision, recall])
@pytest.mark.parametrize(
    ("labels", "predictions"), [([], []), ([1, 0], [1]), ([1, 0], [[0.2, 0.8], [0.7, 0.3]])]
)
def test_answers_that_do_not_fit_are_refused(measure, labels, predictions):
    with pytest.raises(ValueError, match=f"{measure.__name__}: labels and predictions must have"):
        measure(labels, predictions)
