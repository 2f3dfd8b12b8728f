"""Slips that lab 06 invites, in the code of a student: each is named, and right code passes."""

import numpy as np
import pytest

from cnnlab import check, zoo
from cnnlab.check.code.comparing import Run
from cnnlab.check.code.runs import attempt
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.check.run.runner import Runner
from cnnlab.check.run.seam import Here
from cnnlab.pytorch import Stepper
from cnnlab.scratch.stepper import Stepper as NumPyStepper

TABLE = "table = np.zeros((classes, classes), dtype=int)"
EACH = "for t, p in zip(true, predicted):"
COUNTS = [TABLE, EACH, "    table[t, p] += 1"]
ONE_IMAGE = "Only one image is counted. Make the table before the loop, and return it after."
TWICE = "A pair that occurs twice is counted once. Go through the images one by one"
SHARES = "These are shares; counts are asked for."


def counting(*lines):
    """A confusion matrix whose body is these lines."""
    room = {"np": np}
    exec("\n    ".join(["def own(true, predicted, classes):", *lines]), room)
    return room["own"]


CONFUSION = [
    ([TABLE, "table[true, predicted] += 1", "return table"], TWICE),
    ([TABLE, EACH, "    table[t, p] = 1", "return table"], TWICE),
    ([TABLE, EACH, "    if t != p:", "        table[t, p] += 1", "return table"], "is empty"),
    ([TABLE, EACH, "    if t == p:", "        table[t, p] += 1", "return table"], "the mistakes"),
    ([EACH, f"    {TABLE}", "    table[t, p] += 1", "return table"], ONE_IMAGE),
    ([*COUNTS, "    return table"], ONE_IMAGE),
    ([*COUNTS, "return table / table.sum(axis=1, keepdims=True)"], SHARES),  # NaN in empty rows
    ([*COUNTS, "return table / table.sum(axis=0).clip(min=1)"], SHARES),
    ([*COUNTS, "return table / len(true)"], SHARES),
    ([*COUNTS, "return table.T"], "Rows and columns are exchanged"),
    ([TABLE.replace("int", "np.uint8"), *COUNTS[1:], "return table"], "Large counts begin again"),
    ([TABLE.replace("classes", "10"), *COUNTS[1:], "return table"], "whatever classes is given"),
    (["table = [[0] * classes] * classes", EACH, "    table[t][p] += 1", "return table"],
     "one and the same row"),
    ([TABLE, EACH, "    table[t - 1, p - 1] += 1", "return table"], "one column too early"),
    ([TABLE, EACH, "    table[t] += 1", "return table"], "its whole row"),
    ([TABLE, "for t in true:", "    for p in predicted:", "        table[t, p] += 1",
      "return table"], "as one loop inside the other does"),
    ([TABLE.replace("zeros", "ones"), *COUNTS[1:], "return table"], "begin with zeros"),
    ([*COUNTS, "return 100 * table / len(true)"], SHARES),
    ([TABLE, "for t, p in zip(true[1:], predicted[1:]):", "    table[t, p] += 1", "return table"],
     "The first image is not counted"),
    (["classes = max(true.max(), predicted.max()) + 1", *COUNTS, "return table"],
     "up to the largest class given"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "says"), CONFUSION, ids=[says for _, says in CONFUSION])
def test_a_miscounted_table_is_named(lines, says):
    result = check.function(counting(*lines), "confusion_matrix")
    assert (result.status, says in result.message) == ("fail", True), result


def pair_by_pair(true, predicted, classes):
    return [
        [((true == i) & (predicted == j)).sum() for j in range(classes)] for i in range(classes)
    ]


@pytest.mark.parametrize(
    "own",
    [
        counting(*COUNTS, "return table"),
        counting(TABLE.replace("int", "np.uint16"), *COUNTS[1:], "return table"),
        counting(TABLE.replace("int", "float"), *COUNTS[1:], "return table"),
        pair_by_pair,
    ],
)
def test_right_tables_pass(own):
    assert check.function(own, "confusion_matrix")


def all_labels(labels, classes):
    rows = np.zeros((len(labels), classes))
    rows[:, labels] = 1
    return rows


def byte_rows(pixels):
    return pixels.reshape(-1, 1, 28, 28)


OTHERS = [
    ("prepare_images", lambda p: (byte_rows(p) / 256).astype(np.float32), "You divided by 256"),
    ("prepare_images", lambda p: byte_rows(p) / 256, "You divided by 256"),
    ("prepare_images", lambda p: (byte_rows(p) // 255).astype(np.float32), "divide with / instead"),
    ("prepare_images", lambda p: byte_rows(p) // 255, "divide with / instead"),
    ("prepare_images", lambda p: (byte_rows(p) / 255).astype(int), "keep floats"),
    ("prepare_images", lambda p: np.float32(byte_rows(p) - p.min()) / 255, "only a byte of 0"),
    ("prepare_images", lambda p: np.float32(byte_rows(p)) / 127.5 - 1, "from −1 to 1"),
    ("prepare_images", lambda p: 1 - np.float32(byte_rows(p)) / 255, "Dark and bright"),
    ("prepare_images", lambda p: np.float32(byte_rows(p) > 127), "the grey between"),
    ("prepare_images", lambda p: np.float32(np.round(byte_rows(p) / 255, 2)), "Keep all digits"),
    ("one_hot", lambda labels, classes: np.eye(classes)[labels - 1], "a place too early"),
    ("one_hot", lambda labels, classes: np.eye(classes), "whatever the labels are"),
    ("one_hot", lambda labels, classes: np.eye(len(labels))[labels], "as many columns as labels"),
    ("one_hot", lambda labels, k: all_labels(labels, k), "Pair each row with its own label"),
    ("normalize", lambda train, new: (new - new.min()) / np.ptp(new), "their own range"),
    ("normalize", lambda train, new: (new - train.mean(0)) / train.std(), "one mean serves"),
    ("normalize", lambda train, new: (new - 0.1307) / 0.3081, "those of the training images"),
    ("one_hot", lambda labels, classes: labels, "The labels are still numbers"),
    ("one_hot", lambda labels, classes: labels.astype(float), "The labels are still numbers"),
    ("one_hot", lambda labels, classes: np.eye(10)[labels], "It makes ten columns"),
    ("one_hot", lambda labels, classes: np.eye(labels.max() + 1)[labels], "the largest label"),
    ("normalize", lambda train, new: new, "come back as they were"),
    ("normalize", lambda train, new: (new - train.mean()) / new.std(), "the deviation is not"),
    ("normalize", lambda train, new: (new - new.mean()) / train.std(), "the mean is not"),
    ("normalize", lambda train, new: new - train.mean() / train.std(), "put brackets around"),
    ("normalize", lambda train, new: new / train.std(), "the mean is not subtracted"),
    ("normalize", lambda train, new: (train - train.mean()) / train.std(), "the new ones are"),
    ("normalize", lambda train, new: (train - new.mean()) / new.std(), "changed places"),
]


@pytest.mark.parametrize(("name", "own", "says"), OTHERS, ids=[says for *_, says in OTHERS])
def test_a_slip_on_the_way_is_named(name, own, says):
    result = check.function(own, name)
    assert (result.status, says in result.message) == ("fail", True), result


RIGHT = [
    ("prepare_images", lambda p: byte_rows(p).astype(np.float32) / 255),
    ("prepare_images", lambda p: byte_rows(p) * np.float32(1 / 255)),
    ("one_hot", lambda labels, classes: (labels[:, None] == np.arange(classes)).astype(int)),
    ("normalize", lambda train, new: (new - np.mean(train)) / np.std(train)),
    ("normalize", lambda train, new: new / train.std() - train.mean() / train.std()),
]


@pytest.mark.parametrize(("name", "own"), RIGHT)
def test_right_code_passes(name, own):
    result = check.function(own, name)
    assert result, result


def _runner(function):
    return Runner(Here({"function": function}), "function")


def test_shared_memory_is_told_where_the_values_are_right():
    case = Case("with a few numbers", {"x": normal(3)})
    copied, viewed = (Exercise(np.copy, (case,), view=view) for view in (False, True))
    call = case.draw(0)
    assert "shares its memory with x" in attempt(_runner(lambda x: x), copied, call).message
    for own, asked in ((lambda x: x, viewed), (np.copy, copied), (lambda x: x[::-1], copied)):
        assert isinstance(attempt(_runner(own), asked, call), Run)


@pytest.mark.parametrize("answer", [5, 0.9, 4.605])
def test_a_first_loss_that_nothing_explains_gets_a_question(answer):
    result = check.number(answer, "06-first-loss")
    assert result.status == "fail"
    assert "unit" not in result.message
    assert result.hint.startswith("What is the probability of the right class")


@pytest.mark.parametrize("answer", [2, 11, 13])
def test_epochs_that_nothing_explains_get_a_question_too(answer):
    assert "a new low" in check.number(answer, "06-early-stopping").hint


@pytest.mark.parametrize(
    ("accuracy", "stalls"),
    [([0.79, 0.78, 0.77], True), ([0.9, 0.9], True), ([0.6, 0.8], False), ([0.8], False)],
)
def test_a_run_that_no_longer_rises_is_told_to_try_another_learning_rate(accuracy, stalls):
    loss = [1.2, 0.7, 0.6][: len(accuracy)]
    result = check.training({"loss": loss, "val_accuracy": accuracy}, at_least=0.93)
    assert result.status == "fail"
    assert result.hint.startswith("It no longer rises. Try another learning rate") is stalls


def test_a_high_rate_that_works_is_not_blamed():
    curves = {"loss": [1.2, 0.5], "val_accuracy": [0.7, 0.8], "learning_rate": [0.5, 0.5]}
    assert "still rising" in check.training(curves, at_least=0.9).message
    assert check.training(curves, at_least=0.8)


def test_a_stepper_stands_for_its_network():
    right, other = zoo.get("ds-4400"), zoo.get("lenet-5")
    for stepper in (Stepper(right.torch(0)), NumPyStepper(right.numpy(0))):
        assert check.network(stepper, (1, 28, 28), like="ds-4400")
    for stepper in (Stepper(other.torch(0)), NumPyStepper(other.numpy(0))):
        assert not check.network(stepper, (1, 28, 28), like="ds-4400")
    assert "a specification" in check.network(3, (1, 28, 28)).hint
