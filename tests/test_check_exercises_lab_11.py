"""Slips that lab 11 invites, in the code of a student and with a pencil: each is named."""

import math

import numpy as np
import pytest

from cnnlab import check

NAMES = {
    "photo_batch": "pixels, mean, deviation",
    "nearest_mean": "x, y, new",
    "nearest_by_cosine": "asked, among, count",
    "running_mean": "start, batches, momentum",
    "moved_share": "before, after",
    "precision_at_recall": "labels, scores, recall",
}
READ = "return np.float32({}).transpose(0, 3, 1, 2)"
COSINES = [
    "asked = asked / np.linalg.norm(asked, axis=1, keepdims=True)",
    "among = among / np.linalg.norm(among, axis=1, keepdims=True)",
    "cosines = asked @ among.T",
]


def heads(mean="x[y == one].mean(axis=0)", answer="classes[squares.argmin(axis=1)]"):
    return [
        "classes = np.unique(y)",
        f"means = np.stack([{mean} for one in classes])",
        "squares = ((new[:, None] - means) ** 2).sum(axis=2)",
        f"return {answer}",
    ]


def moving(new="(1 - momentum) * mean + momentum * batch.mean(axis=(0, 2, 3))", over="batches"):
    return ["mean = start", f"for batch in {over}:", f"    mean = {new}", "return mean"]


def found(threshold, answer="labels[scores >= threshold].mean()"):
    members = "members = np.sort(scores[labels == 1])[::-1]"
    return [members, f"threshold = {threshold}", f"return {answer}"]


LAST = "members[math.ceil(recall * len(members)) - 1]"
SLIPS = [
    ("photo_batch", [READ.format("(pixels / 255 + mean) / deviation")], "mean is added"),
    ("photo_batch", [READ.format("(pixels / 255 - mean[0]) / deviation[0]")], "deviation of red"),
    ("photo_batch", [READ.format("(pixels / 127.5 - 1 - mean) / deviation")], "once more"),
    ("nearest_mean", heads("x.mean(axis=0)"), "The first class always wins"),
    ("nearest_mean", heads(answer="y[squares.argmin(axis=1)]"), "in the list of classes"),
    ("nearest_mean", heads("x[y == one][0]"), "its first example"),
    ("nearest_by_cosine", [*COSINES, "return np.argpartition(-cosines, count - 1)[:, :count]"],
     "Sort them too"),
    ("nearest_by_cosine", [*COSINES, "return np.argpartition(-cosines, count)[:, :count]"],
     "Sort them too"),
    ("nearest_by_cosine", [*COSINES, "return cosines.argmax(axis=1)"], "one place for each"),
    ("nearest_by_cosine", [*COSINES, "return np.argsort(np.argsort(-cosines))[:, :count]"],
     "which rank"),
    ("running_mean", moving("0.9 * mean + 0.1 * batch.mean(axis=(0, 2, 3))"), "is 0.1"),
    ("running_mean", moving("batch.mean(axis=(0, 2, 3))"), "mean of the last batch"),
    ("running_mean", moving(over="batches[1:]"), "The first batch is left out"),
    ("moved_share", ["return np.linalg.norm(before) / np.linalg.norm(after - before)"], "upside"),
    ("moved_share", ["return np.linalg.norm((after - before) / before)"], "weight by weight"),
    (
        "moved_share",
        ["if before.ndim == 1:",
         "    return np.linalg.norm(after - before) / np.linalg.norm(before)",
         "return np.linalg.norm(after - before, 2) / np.linalg.norm(before, 2)"],
        "largest singular value",
    ),
    ("precision_at_recall", found("np.quantile(members, recall)"), "counts from the lowest"),
    ("precision_at_recall", found("members[math.ceil(recall * len(members))]"), "places count"),
    ("precision_at_recall", found(LAST, "(scores >= threshold).mean()"), "how many of all"),
]  # fmt: skip


def made(name, body):
    room = {"np": np, "math": math}
    exec("\n    ".join([f"def own({NAMES[name]}):", *body]), room)
    return room["own"]


@pytest.mark.parametrize(("name", "body", "said"), SLIPS)
def test_a_slip_is_named(name, body, said):
    result = check.function(made(name, body), name)
    assert (result.status, said in result.message) == ("fail", True), result


@pytest.mark.parametrize(
    "last",
    [
        "np.argsort(cosines, axis=1)[:, ::-1][:, :count]",
        "[np.argsort(-row)[:count] for row in cosines]",
        "np.argsort(np.arccos(np.clip(cosines, -1, 1)), axis=1)[:, :count]",
    ],
)
def test_any_way_of_sorting_passes(last):
    own = made("nearest_by_cosine", [*COSINES, f"return {last}"])
    assert check.function(own, "nearest_by_cosine")


@pytest.mark.parametrize("answer", ["23.4 %", "0.234", "15/64", 15 / 64])
def test_a_share_may_be_written_in_any_way(answer):
    assert check.number(answer, "11-rare")


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("11-new-head", 104, "You added"),
        ("11-new-head", 0, "it learns"),
        ("11-passes", 1800, "how many go through at once"),
        ("11-rare", 23.4, "in percent"),
        ("11-rare", 98, "flagged wrongly"),
    ],
)
def test_a_number_is_named(question, answer, said):
    result = check.number(answer, question)
    assert (result.status, said in result.message) == ("fail", True), result
