"""Checks of networks and training results."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from cnnlab import check, scratch, spec, zoo
from cnnlab.check.networks.histories import MISCONCEPTIONS
from cnnlab.pytorch import Stepper
from cnnlab.train import History
from tests import mutants

DS = zoo.get("ds-4400")


def ds_4400(pool=nn.MaxPool2d, act=nn.ReLU, hidden=64, bias=True, flat=True, last=()):
    return nn.Sequential(
        *(nn.Conv2d(1, 10, 3, bias=bias), act(), pool(2)),
        *(nn.Conv2d(10, 5, 3, bias=bias), act(), pool(2)),
        *([nn.Flatten()] if flat else []),
        *(nn.Linear(125, hidden, bias=bias), act(), nn.Linear(hidden, 10, bias=bias), *last),
    )


@pytest.mark.parametrize(
    "honest", [DS.spec, DS.numpy(1), DS.torch(1), ds_4400()], ids=["spec", "numpy", "torch", "own"]
)
def test_the_right_network_passes(honest):
    result = check.network(honest, (1, 28, 28), like="ds-4400")
    assert result, result


def test_a_network_is_left_as_it_was():
    net, module = DS.numpy(1), DS.torch(1).eval()
    before = net.state_dict(), {k: v.clone() for k, v in module.state_dict().items()}
    assert check.network(net, (1, 28, 28), like=module)
    assert check.network(module, (1, 28, 28), like=net)
    assert all((before[0][key] == value).all() for key, value in net.state_dict().items())
    assert all((before[1][key] == value).all() for key, value in module.state_dict().items())
    assert not module.training


class Restless(nn.Module):
    def forward(self, x):
        return nn.functional.dropout(x)


class Squeezed(nn.Module):
    def forward(self, x):
        return x.squeeze()


class Cut(nn.Module):
    """A layer that no gradient reaches."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)

    def forward(self, x):
        return self.conv(x).detach()


def still(module):
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return module


def zero(module):
    for parameter in module.parameters():
        nn.init.zeros_(parameter)
    return module


@pytest.mark.parametrize(
    ("net", "like", "text"),
    [
        (ds_4400(flat=False), None, "your network stops with"),
        (nn.Conv2d(1, 10, 3), None, "must be flattened before the last dense layer"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 7)), None, "too few for 10 classes"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 70)), None, "too many for 10 classes"),
        (ds_4400(last=[nn.Softmax(1)]), None, "ends with a softmax"),
        (ds_4400(last=[Restless()]), None, "two different outputs"),
        (zero(ds_4400()), None, "All images give the same output"),
        (ds_4400(hidden=32), "ds-4400", "has shape (32, 125), which does not fit"),
        (ds_4400(bias=False), "ds-4400", "The biases are missing"),
        (ds_4400(), ds_4400(bias=False), "There are biases"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), "ds-4400", "has 7,850 parameters"),
        (ds_4400(nn.AvgPool2d), "ds-4400", "Windows are averaged, not maximised"),
        (ds_4400(act=nn.Tanh), "ds-4400", "The activations are tanh"),
        (ds_4400(act=nn.Identity), "ds-4400", "There is no activation"),
        (ds_4400(last=[nn.ReLU()]), "ds-4400", "a ReLU after the last layer"),
        (ds_4400(act=nn.ELU), "ds-4400", "with the same weights the outputs differ"),
        (ds_4400(act=nn.ELU), ds_4400(), "with the same weights the outputs differ"),
        (ds_4400(last=[nn.Sigmoid()]), None, "probabilities are given to a loss"),
        (still(ds_4400()), None, "No parameter moves in training"),
        (
            nn.Sequential(nn.BatchNorm2d(1, track_running_stats=False), ds_4400()),
            None,
            "depends on the other images",
        ),
        (nn.Sequential(ds_4400(), Squeezed()), None, "For a single image the output has"),
        (nn.Sequential(Cut(), ds_4400(hidden=500)), None, "does not move in training"),
        (3, None, "this is an int"),
        (nn.Linear, None, "the class of a network"),
    ],
)
def test_what_is_wrong_with_a_network_is_named(net, like, text):
    result = check.network(net, (1, 28, 28), like=like)
    assert result.status == "fail"
    assert text in result.message


def dropping(p):
    return spec.Chain(
        flat=spec.Flatten(), act=spec.ReLU(), drop=spec.Dropout(p), fc=spec.Linear(10)
    )


def dropping_module(p):
    return nn.Sequential(nn.Flatten(), nn.ReLU(), nn.Dropout(p), nn.Linear(64, 10))


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        return self.fc(torch.dropout(x.flatten(1).relu(), 0.25, self.training))


@pytest.mark.parametrize("honest", [dropping(0.25), dropping_module(0.25), Functional()])
def test_dropout_of_the_task_passes(honest):
    result = check.network(honest, (1, 8, 8), like=dropping(0.25), learns=0)
    assert result, result


@pytest.mark.parametrize(
    ("p", "task", "text"),
    [
        (0.0, 0.25, "no dropout where the task has some"),
        (0.25, 0.0, "There is dropout, and the task has none"),
        (0.75, 0.25, "All is right but the dropout"),
    ],
)
@pytest.mark.parametrize("make", [dropping, dropping_module])
def test_another_dropout_fails(make, p, task, text):
    result = check.network(make(p), (1, 8, 8), like=dropping(task), learns=0)
    assert text in result.message


def test_a_layer_frozen_on_purpose_may_rest():
    net = ds_4400(hidden=500)
    net[0].requires_grad_(False)
    assert check.network(net, (1, 28, 28))


def test_a_wrong_backward_pass_cannot_learn():
    zero_gradient = next(m for m in mutants.of("conv2d") if m.name == "zero gradient")
    swap = {spec.Conv: (zero_gradient.forward, zero_gradient.backward)}
    net = scratch.build(DS.spec, (1, 28, 28), swap=swap)
    assert "All" not in check.network(net, (1, 28, 28), learns=0).message
    uphill = next(m for m in mutants.of("linear") if m.name == "turned sign")
    net = scratch.build(DS.spec, (1, 28, 28), swap={spec.Linear: (uphill.forward, uphill.backward)})
    assert check.network(net, (1, 28, 28)).status == "fail"


def test_no_network_is_to_do_and_a_senseless_question_raises():
    assert check.network(..., (1, 28, 28)).status == "todo"
    with pytest.raises(ValueError, match="like must be a name of the zoo"):
        check.network(DS.spec, (1, 28, 28), like=3)
    with pytest.raises(ValueError, match="x and labels must come together"):
        check.training({}, at_least=0.9, x=[1])


# A misconception, and a history for which it is the first explanation.
HISTORIES = {
    "loss not finite": {"loss": [2.0, math.nan], "val_accuracy": [0.2, 0.1]},
    "accuracy in percent": {"loss": [2.0, 0.1], "val_accuracy": [90.0, 97.0]},
    "learning rate far too high": {
        "loss": [17.3, 2.37, 2.37],
        "val_accuracy": [0.1, 0.1, 0.1],
        "learning_rate": [0.5, 0.5, 0.5],
    },
    "loss starts far above log(classes)": {"loss": [90.0, 2.0], "val_accuracy": [0.2, 0.4]},
    "softmax before a loss of logits": {
        "loss": [2.1, 1.52],
        "accuracy": [0.5, 0.95],
        "val_accuracy": [0.6, 0.85],
    },
    "labels of one set shuffled": {
        "loss": [1.0, 0.1],
        "accuracy": [0.7, 0.97],
        "val_accuracy": [0.1, 0.1],
    },
    "only guesses": {"loss": [2.31, 2.3], "val_accuracy": [0.1, 0.1]},
    "loss does not fall": {"loss": [1.5, 1.5], "val_accuracy": [0.5, 0.5]},
    "got worse again": {"loss": [1.5, 0.5], "val_accuracy": [0.91, 0.8]},
    "memorised": {
        "loss": [1.0, 0.01],
        "accuracy": [0.7, 1.0],
        "val_accuracy": [0.8, 0.8],
    },
    "stopped too early": {"loss": [1.5, 0.8], "val_accuracy": [0.5, 0.7]},
    "steps too small": {"loss": [1.5, 0.8], "val_accuracy": [0.5, 0.7]},
}
ALLOWED = {"steps too small": 2}  # epochs, where the task says how many


@pytest.mark.parametrize("row", MISCONCEPTIONS, ids=lambda row: row.name)
def test_what_holds_training_back_is_named(row):
    curves = HISTORIES[row.name]
    for history in (curves, History(curves), {k: np.array(v) for k, v in curves.items()}):
        result = check.training(history, at_least=0.9, epochs=ALLOWED.get(row.name))
        assert result.status == "fail"
        assert result.message == row.sentence


def test_every_sign_has_a_history():
    assert list(HISTORIES) == [row.name for row in MISCONCEPTIONS]


@pytest.mark.parametrize(
    "history",
    [
        {"loss": [0.9, 0.2], "val_accuracy": [0.8, 0.93]},
        {"loss": [0.9, 0.0], "accuracy": [0.9, 1.0], "val_accuracy": [0.93, 0.9]},
        {"loss": [0.3], "val_accuracy": [0.95]},
        History({"loss": [1.0, 0.3], "val_accuracy": [0.8, 0.9]}),
    ],
)
def test_a_good_history_passes(history):
    assert check.training(history, at_least=0.9)


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (..., "todo", "the training result"),
        (3, "fail", "this is an int"),
        ({"loss": [1.0]}, "fail", "has no val_accuracy; it has loss"),
        ({}, "fail", "A history has a loss"),
        ({"val_accuracy": [0.95]}, "fail", "A history has a loss"),
        ({"loss": [], "val_accuracy": []}, "fail", "one value an epoch"),
        ({"loss": [1.0, 0.1], "val_accuracy": [0.95]}, "fail", "one value an epoch"),
        ({"loss": [1.0], "val_accuracy": torch.tensor(0.95)}, "fail", "one value an epoch"),
        ({"loss": [1.0], "val_accuracy": [[0.95]]}, "fail", "one value an epoch"),
        ({"loss": [1.0], "val_accuracy": [0.8999]}, "fail", "ends at 0.89, below"),
        ({"loss": ["a"]}, "fail", "metric loss must be an array of numbers"),
        ({"loss": [1.0, 0.9], "val_accuracy": [0.7, 0.7]}, "fail", "ends at 0.70, below"),
    ],
)
def test_other_training_results_get_a_sentence(answer, status, text):
    result = check.training(answer, at_least=0.9)
    assert result.status == status
    assert text in result.message


LABELS = np.arange(30) % 3
IMAGES = np.eye(3, dtype=np.float32)[LABELS]


class Knows(nn.Module):
    """Right in evaluation; in training it sees nothing."""

    def forward(self, x):
        return x * (0 if self.training else 1)


def test_a_trained_network_is_measured_in_evaluation_mode():
    one_hot = np.eye(3)[LABELS]
    settings = {"at_least": 0.9, "classes": 3, "x": IMAGES}
    for labels in (LABELS, LABELS.tolist(), torch.tensor(LABELS), one_hot):
        assert check.training(Knows(), labels=labels, **settings)
    assert check.training(Knows(), labels=LABELS, claimed=1.0, **settings)
    for labels, claimed, text in [
        (np.eye(3)[one_hot.astype(int)], 1, "one-hot rows twice"),
        (LABELS[:5], 1, "30 images and 5 labels"),
        (LABELS + 1, 1, "count from 0"),
        ("abc", 1, "labels must be an array"),
        (LABELS, 100.0, "in percent"),
        (LABELS, 30, "number of right answers"),
        (LABELS, 0.0, "share of wrong answers"),
        (LABELS, 1 / 3, "in training mode"),
        (LABELS, 0.8, "not the accuracy of the network"),
        (LABELS, 0.5, "not the accuracy of the network"),
        (LABELS[::-1].copy(), 1 / 3, "gets 10 of 30 images right, and the task asks for 27"),
    ]:
        result = check.training(Knows(), labels=labels, claimed=claimed, **settings)
        assert result.status == "fail"
        assert text in result.message
    settings["x"] = 255 * IMAGES[:, ::-1]
    assert "scale them" in check.training(Knows(), labels=LABELS, **settings).message
    assert check.training(3, labels=LABELS, **settings).status == "fail"
    assert "Take the network out" in check.training((Knows(), 1), labels=LABELS, **settings).hint


FIVE = np.random.default_rng(0).random((5, 1, 28, 28), np.float32)
CLASSES = DS.torch(0)(torch.tensor(FIVE)).argmax(1).numpy()


def measured(answer, **settings):
    return check.training(answer, at_least=1, data=(FIVE, CLASSES), like="ds-4400", **settings)


def test_a_stepper_is_measured_like_its_network():
    for answer in (DS.torch(0), Stepper(DS.torch(0)), scratch.Stepper(DS.numpy(0))):
        found = check.training(answer, at_least=0, data=(FIVE, CLASSES), like="ds-4400")
        assert found.status == "pass", found
    assert measured(Stepper(DS.torch(0)))
    assert measured(nn.Sequential(DS.torch(0), nn.LogSoftmax(dim=1)))


def test_another_network_does_not_count():
    mlp = zoo.get("ds-4400-mlp").torch(0)
    result = measured(Stepper(mlp))
    assert "This is not the network that the task asks for. " in result.message
    assert "not the network" in measured(ds_4400(act=nn.Tanh)).message
    assert "not the network" in measured(ds_4400(pool=nn.AvgPool2d)).message


@pytest.mark.parametrize(
    ("values", "restored", "passes"),
    [
        ([0.4, 1.0], None, True),
        ([1.0, 0.4], None, True),
        ([1.0, 0.4], 1, True),
        ([1.0, 0.4], 2, False),
        ([0.4, 0.4], None, False),
        ([0.2], None, False),
    ],
)
def test_a_history_must_be_that_of_the_network(values, restored, passes):
    curves = {"loss": [0.5] * len(values), "val_accuracy": values}
    history = History(curves, restored_epoch=restored)
    result = measured(history, network=Stepper(DS.torch(0)))
    assert bool(result) == passes
    assert passes or "was not measured on these images" in result.message


def test_the_history_says_what_held_a_network_back():
    history = {"loss": [2.31, 2.31], "val_accuracy": [0.1, 0.0]}
    wrong = (CLASSES + 1) % 10
    result = check.training(history, at_least=0.9, network=Stepper(DS.torch(0)), data=(FIVE, wrong))
    assert "only guesses" in result.message
    assert result.hint == "The network gets 0 of 5 images right, and the task asks for 5."


def test_exactly_the_threshold_passes_in_single_precision_too():
    for share in (np.float32(0.93), 0.93):
        assert check.training({"loss": [1.0], "val_accuracy": [share]}, at_least=0.93)


def test_what_is_kept_stays_as_it_was():
    numbers = np.arange(3)
    check.keep(numbers=numbers)
    numbers += 1
    check.kept("numbers")[:] = 7
    assert check.kept("numbers").tolist() == [0, 1, 2]
    with pytest.raises(KeyError, match="nothing is not there yet"):
        check.kept("nothing")


def test_an_accuracy_that_is_asked_for_must_be_there():
    x, labels = np.eye(4, dtype=np.float32), np.arange(4)
    net = spec.Chain(fc=spec.Linear(4))
    for claimed in (..., None):
        result = check.training(net, at_least=0.0, x=x, labels=labels, classes=4, claimed=claimed)
        assert (result.status, result.message) == ("todo", "the accuracy.")
    assert check.training(net, at_least=0.0, x=x, labels=labels, classes=4)


def test_dots_in_place_of_an_object_are_not_asked_for_a_body():
    for result in (
        check.training(..., at_least=0.9),
        check.network(..., (1, 8, 8)),
        check.layer(..., (4,)),
    ):
        assert result.status == "todo"
        assert result.hint.endswith("in place of the dots.")


def test_the_history_of_another_step_is_recognised_by_its_length():
    history = {"loss": [1.0, 0.5, 0.2], "val_accuracy": [0.7, 0.8, 0.95]}
    assert check.training(history, at_least=0.9)
    assert check.training(history, at_least=0.9, epochs=3)
    result = check.training(history, at_least=0.9, epochs=2)
    assert (result.status, "3 epochs" in result.message) == ("fail", True)


def test_a_row_that_does_not_fit_is_named():
    unflattened = spec.Chain(spec.Conv(2, 3), spec.ReLU(), spec.Linear(10))
    result = check.network(unflattened, (1, 8, 8))
    assert "ShapeError: 2: Linear" in result.message
    assert "counted from 0" in result.hint
