"""Two trained networks that differ in one thing alone: every slip is named, no right one refused."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from cnnlab import check, spec
from cnnlab.check.networks.experiments import (
    BLOCKS,
    EXPERIMENTS,
    MAPS,
    PATH,
    SHORTCUT,
    Comparison,
    stack,
)
from cnnlab.count import summarize
from cnnlab.pytorch import Stepper, build

RNG = np.random.default_rng(0)
SHAPE = (1, 28, 28)
IMAGES, SEEN = RNG.random((2, 200, *SHAPE), np.float32)
PLAIN, RESIDUAL = SHORTCUT.tasks["plain"], SHORTCUT.tasks["residual"]


def trained(row, seed=3):
    """As if trained: other weights than those of seed 0."""
    return Stepper(build(row, SHAPE, seed=seed))


PAIR = {"plain": trained(PLAIN), "residual": trained(RESIDUAL)}


def classes(stepper, x):
    return stepper.predict(x).argmax(axis=1)


# What the residual network says is right, so that it reads all and the plain one few.
LABELS = classes(PAIR["residual"], IMAGES)
SEEN_LABELS = np.where(np.arange(200) < 150, classes(PAIR["residual"], SEEN), 0)


def share(stepper):
    return float((classes(stepper, IMAGES) == LABELS).mean())


def judged(answer=None, data=(IMAGES, LABELS), **changed):
    if answer is None:
        answer = {name: (stepper, share(stepper)) for name, stepper in (PAIR | changed).items()}
    seen = SimpleNamespace(images=SEEN, labels=SEEN_LABELS)
    return check.comparison(answer, "08-shortcut", data=data, seen=seen)


def with_share(name, value):
    right = {key: (stepper, share(stepper)) for key, stepper in PAIR.items()}
    return right | {name: (PAIR[name], value)}


class Block(nn.Module):
    """A residual block as one writes it by hand."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(MAPS, MAPS, 3, padding=1)
        self.conv2 = nn.Conv2d(MAPS, MAPS, 3, padding="same")

    def forward(self, x):
        return self.conv2(nn.functional.relu(self.conv1(x))) + x


def by_hand():
    blocks = [layer for _ in range(BLOCKS) for layer in (Block(), nn.ReLU())]
    start = nn.Conv2d(1, MAPS, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)
    return nn.Sequential(*start, *blocks, nn.MaxPool2d(2), nn.Flatten(), nn.LazyLinear(10))


def test_the_experiment_differs_in_the_shortcut_alone():
    counts = {summarize(task, SHAPE).params for task in SHORTCUT.tasks.values()}
    assert len(counts) == 1
    assert all(isinstance(one, Comparison) for one in EXPERIMENTS.values())


def test_right_networks_pass_as_steppers_modules_and_lists():
    assert judged(), judged()
    answer = {name: [one.module, share(one)] for name, one in PAIR.items()}
    assert judged(answer)
    assert check.comparison(with_share("plain", share(PAIR["plain"])), "08-shortcut",
                            data=SimpleNamespace(images=IMAGES, labels=LABELS))  # fmt: skip


def test_a_network_by_hand_is_the_same_network():
    net = by_hand()
    net(torch.zeros(1, *SHAPE))  # so that the last layer knows how much it reads
    for mine, theirs in zip(net.parameters(), PAIR["residual"].module.parameters(), strict=True):
        mine.data[:] = theirs.data
    assert judged(residual=Stepper(net))


@pytest.mark.parametrize("row", SHORTCUT.slips, ids=lambda row: row.name)
def test_every_slip_is_named(row):
    wrong = {name: trained(task) for name, task in row.model(SHORTCUT.tasks).items()}
    assert judged(**wrong).message == row.sentence


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ([1, 2], "by their names, and this is a list"),
        (dict.fromkeys(PAIR, 3), "plain must be a pair, the stepper and the share it reads"),
        ({"plain": (3, 0.1), "residual": ("a", 0.1)}, "plain: This asks for a trained network"),
        (dict.fromkeys(PAIR, (PAIR["plain"], 0.1)), "one and the same network"),
        (with_share("plain", "few"), "accuracy of the plain network must be a number"),
        (with_share("residual", 100.0), "residual: This accuracy is in percent"),
        (with_share("plain", 1.0), "The share given for the plain network is that of the other"),
        (with_share("residual", 0.6), "residual: This is not the accuracy"),
    ],
)
def test_other_answers_get_a_sentence(answer, text):
    result = judged(answer)
    assert result.status == "fail"
    assert text in result.message


def test_a_share_of_the_training_images_is_recognised():
    of_seen = float((classes(PAIR["residual"], SEEN) == SEEN_LABELS).mean())
    assert 0.7 < of_seen < 0.9
    said = judged(with_share("residual", of_seen))
    assert said.message == (
        "The share of the residual network was measured on the images of its training."
    )


def test_untrained_networks_are_recognised():
    for name, task in SHORTCUT.tasks.items():
        said = judged(**{name: trained(task, seed=0)})
        assert said.message == f"The {name} network still has the weights that it began with."


def test_a_network_that_is_none_of_these_keeps_its_sentence():
    wide = spec.Chain(spec.Conv(20, 3, padding=1), spec.ReLU(), spec.Conv(MAPS, 3, padding=1))
    said = judged(residual=trained(stack(spec.Add(wide, spec.Identity()))))
    assert said.message.startswith("residual: This is not the network")


def test_what_the_networks_read_is_judged():
    few = classes(PAIR["plain"], IMAGES)
    answer = {
        name: (one, float((classes(one, IMAGES) == few).mean())) for name, one in PAIR.items()
    }
    assert judged(answer, data=(IMAGES, few)).message == SHORTCUT.learned
    none = (few + 1) % 10 if len(set(few)) == 1 else (few + 5) % 10
    answer = {
        name: (one, float((classes(one, IMAGES) == none).mean())) for name, one in PAIR.items()
    }
    assert "The residual network gets" in judged(answer, data=(IMAGES, none)).message


def test_dots_are_to_do_and_an_unknown_experiment_raises():
    for answer in (
        ...,
        {"plain": ..., "residual": ...},
        {"plain": (..., ...), "residual": (..., ...)},
        {},
    ):
        assert judged_todo(answer).status == "todo"
    with pytest.raises(ValueError, match="experiment must be one of 08-shortcut"):
        check.comparison(..., "09-shortcut", data=(IMAGES, LABELS))


def judged_todo(answer):
    return check.comparison(answer, "08-shortcut", data=(IMAGES, LABELS))


def test_the_path_of_the_lab_is_that_of_the_experiment():
    assert stack(PATH) == PLAIN
