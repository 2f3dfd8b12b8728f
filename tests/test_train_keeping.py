"""What was trained is kept, and what cannot work is refused before the first step."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnlab import pytorch, scratch
from cnnlab.spec import Chain, Flatten, Linear
from cnnlab.train import Callback, EarlyStopping, History, ReduceLROnPlateau, fit
from tests.steppers import Recorder, numbered

LINEAR = Chain(flatten=Flatten(), fc=Linear(3))


def steppers(lr=0.1):
    return (
        scratch.Stepper(scratch.build(LINEAR, (1, 2, 2)), optimizer="sgd", lr=lr),
        pytorch.Stepper(pytorch.build(LINEAR, (1, 2, 2)), optimizer="sgd", lr=lr),
    )


def images(count=12):
    rng = np.random.default_rng(0)
    return rng.random((count, 1, 2, 2), dtype=np.float32), np.arange(count) % 3


class At(Callback):
    """Does something after one epoch."""

    def __init__(self, epoch, action):
        self.epoch, self.action = epoch, action

    def epoch_end(self, history, stepper):
        if history.epochs == self.epoch:
            self.action(stepper)
        return False


def fail(stepper):
    raise ZeroDivisionError("an idea of one's own")


def interrupt(stepper):
    raise KeyboardInterrupt


# After an error


def test_a_diverging_run_leaves_its_history_and_its_best_weights():
    for stepper in steppers():
        callbacks = [
            EarlyStopping(),
            At(3, lambda stepper: setattr(stepper, "learning_rate", 1e38)),
        ]
        with (
            pytest.raises(FloatingPointError, match=r"in epoch [45]") as caught,
            np.errstate(all="ignore"),
        ):
            fit(stepper, images(), images(), epochs=9, callbacks=callbacks)
        history = caught.value.history
        assert history.epochs in (3, 4)
        assert (history.stopped, history.restored_epoch) == ("failed", 3)
        assert math.isfinite(stepper.evaluate(*images())["loss"])
        assert stepper.evaluate(*images())["loss"] == pytest.approx(history["val_loss"][2])
        assert "weights of epoch 3 were put back" in caught.value.__notes__[0]


def test_an_error_in_a_callback_loses_nothing():
    stepper = Recorder(val_losses=[3.0, 1.0, 2.0])
    with pytest.raises(ZeroDivisionError) as caught:
        fit(
            stepper,
            numbered(1),
            numbered(1),
            epochs=9,
            callbacks=[EarlyStopping(), At(3, fail)],
        )
    assert caught.value.history["val_loss"] == [3.0, 1.0, 2.0]
    assert (caught.value.history.restored_epoch, stepper.weights) == (2, 2)


def test_leaving_python_in_a_callback_loses_nothing_either():
    def leave(stepper):
        raise SystemExit

    stepper = Recorder(val_losses=[3.0, 1.0, 2.0])
    calls = [EarlyStopping(), At(3, leave)]
    with pytest.raises(SystemExit) as caught:
        fit(stepper, numbered(1), numbered(1), epochs=9, callbacks=calls)
    assert caught.value.history.stopped == "failed"
    assert (caught.value.history.restored_epoch, stepper.weights) == (2, 2)


def test_an_error_of_the_network_midway_keeps_the_epochs_before():
    stepper, calls = Recorder(), iter([{"loss": 1.0}, {"loss": 2.0}])
    stepper.step = lambda x, y: next(calls)  # has nothing for the third epoch
    with pytest.raises(RuntimeError, match="StopIteration") as caught:
        fit(stepper, numbered(2), epochs=5)
    assert caught.value.history["loss"] == [1.0, 2.0]
    assert caught.value.__notes__ == [
        "fit: the 2 epochs before this error are kept in its .history. "
        "In a notebook: sys.last_value.history."
    ]


def test_one_callback_that_cannot_finish_does_not_keep_the_others_from_it():
    class Clumsy(Callback):
        def finish(self, history, stepper):
            fail(stepper)

    for callbacks in ([Clumsy(), EarlyStopping()], [EarlyStopping(), Clumsy()]):
        stepper = Recorder(val_losses=[1.0, 2.0])
        with pytest.raises(ZeroDivisionError) as caught:
            fit(stepper, numbered(1), numbered(1), epochs=2, callbacks=callbacks)
        assert (caught.value.history.epochs, stepper.weights) == (2, 1)


def test_after_an_interrupt_the_best_weights_can_be_put_back():
    stepper, stopping = Recorder(val_losses=[1.0, 2.0, 3.0]), EarlyStopping()
    history = fit(
        stepper, numbered(1), numbered(1), epochs=9, callbacks=[stopping, At(3, interrupt)]
    )
    assert (history.epochs, history.stopped, stepper.weights) == (3, "interrupted", 3)
    stepper.restore(stopping.best_state)
    assert stepper.weights == 1


def test_a_later_run_knows_nothing_of_an_interrupted_one():
    stopping = EarlyStopping()
    fit(Recorder(), numbered(1), numbered(1), epochs=2, callbacks=[stopping, At(1, interrupt)])
    stepper = Recorder(val_losses=[5.0, 6.0])
    history = fit(stepper, numbered(1), numbered(1), epochs=2, callbacks=[stopping])
    assert (history.restored_epoch, stepper.weights, stopping.best_state) == (1, 1, None)


def test_targets_that_are_no_numbers_are_named_as_the_cause():
    stepper = pytorch.Stepper(nn.Linear(1, 1), nn.functional.mse_loss, metrics=())
    with pytest.raises(FloatingPointError, match=r"The targets hold NaN.*np\.isfinite\(y\)"):
        fit(stepper, (np.ones((2, 1)), np.array([[1.0], [np.nan]])), epochs=1)


# Histories


@given(st.lists(st.floats(), min_size=1, max_size=5))
def test_json_keeps_what_is_no_number(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("run") / "run.json"
    History({"loss": values}).to_json(path)
    np.testing.assert_array_equal(History.from_json(path)["loss"], values)
    assert "NaN" not in path.read_text()
    assert "Infinity" not in path.read_text()


@pytest.mark.parametrize("text", ["", "[1]", '{"loss": [1.0]}', '{"metrics": {"loss": 3}}'])
def test_a_file_that_is_no_history_is_refused_by_name(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"other\.json must be a file that to_json wrote"):
        History.from_json(path)


def test_two_runs_join_into_one():
    first = History({"loss": [3.0, 2.0]}, [1.0, 1.0], "interrupted")
    second = History({"loss": [1.0, 1.5]}, [2.0, 2.0], "early stopping", 1)
    joined = first + second
    assert joined == History({"loss": [3.0, 2.0, 1.0, 1.5]})
    assert joined.seconds == [1.0, 1.0, 2.0, 2.0]
    assert (joined.stopped, joined.best_epoch) == ("early stopping", 3)
    assert History() + first == first + History() == first
    with pytest.raises(ValueError, match="same metrics, not loss and accuracy"):
        first + History({"accuracy": [0.1]})
    with pytest.raises(TypeError):
        first + "more"


def test_training_in_two_runs_gives_the_curve_of_one():
    for stepper in steppers():
        start = stepper.state()
        rng = np.random.default_rng(0)
        parts = [fit(stepper, images(), epochs=2, batch_size=5, seed=rng) for _ in range(2)]
        stepper.restore(start)
        assert fit(stepper, images(), epochs=4, batch_size=5) == parts[0] + parts[1]


# Before the first step


class Watched(Recorder):
    def evaluate(self, x, y):
        if y.ndim > 1 or y.max() > 9:
            raise ValueError("labels must lie between 0 and 9.")
        return super().evaluate(x, y)


@pytest.mark.parametrize("wrong", [0, 4, 5, 6])
def test_a_validation_set_that_does_not_fit_is_found_before_the_first_step(wrong):
    y = np.arange(7)
    y[wrong] = 10
    stepper = Watched()
    with pytest.raises(ValueError, match="between 0 and 9") as caught:
        fit(stepper, numbered(3), (np.zeros((7, 1)), y), epochs=1, batch_size=2)
    assert stepper.batches == []
    assert "validation set, before the first step" in caught.value.__notes__[0]


def test_a_validation_set_of_another_shape_is_found_before_the_first_step():
    x, y = images()
    for stepper in steppers():
        before = stepper.predict(x)
        with pytest.raises((ValueError, RuntimeError)):
            fit(stepper, (x, y), (x[..., :1], y), epochs=1)
        np.testing.assert_array_equal(stepper.predict(x), before)


@pytest.mark.parametrize("validated", [True, False])
@pytest.mark.parametrize("make", [EarlyStopping, ReduceLROnPlateau])
def test_a_metric_nobody_reports_is_found_before_the_first_step(make, validated):
    callback = make("val_acc" if validated else "acc", mode="max")
    named = r"'(val_)?accuracy'" if validated else "'accuracy'"
    for stepper in steppers():
        before = stepper.predict(images()[0])
        with pytest.raises(ValueError, match=f"Did you mean {named}") as caught:
            fit(stepper, images(), images() if validated else None, epochs=1, callbacks=[callback])
        assert not hasattr(caught.value, "history")
        np.testing.assert_array_equal(stepper.predict(images()[0]), before)


def test_the_rehearsal_changes_nothing_about_the_run():
    def cropped(x, rng):  # the network fits only what the transform leaves
        return x[:, :, :2, :2] + rng.random()

    x, y = images()
    larger = np.pad(x, ((0, 0), (0, 0), (0, 1), (0, 1)))
    quiet = Callback()
    quiet.monitor = "loss"
    for plain, watched in zip(steppers(), steppers(), strict=True):
        runs = [
            fit(stepper, (larger, y), epochs=2, batch_size=5, transform=cropped, callbacks=calls)
            for stepper, calls in ((plain, []), (watched, [quiet]))
        ]
        assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("stepper", "message"),
    [
        (nn.Linear(2, 2), "not Linear. Wrap the network first"),
        (scratch.build(LINEAR, (1, 2, 2)), "not Chain. Wrap the network first"),
        (LINEAR, "not Chain"),
        (pytorch.Stepper, "not the class Stepper"),
    ],
)
def test_a_network_without_loss_and_optimiser_is_no_stepper(stepper, message):
    with pytest.raises(TypeError, match=message):
        fit(stepper, images(), epochs=1)


x, y = images()
TENSORS = torch.utils.data.TensorDataset(torch.from_numpy(x), torch.from_numpy(y))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (torch.utils.data.DataLoader(TENSORS), r"not DataLoader\. Give the arrays"),
        (TENSORS, r"tuple\(validation_set\.tensors\)"),
        (0.2, r"not float\. Divide the examples yourself"),
        (([[1.0], [1.0, 2.0]], [0, 1]), "ragged"),
        ((torch.ones(2, 1, dtype=torch.bfloat16), [0, 1]), r"Convert it with \.float\(\)"),
        ((np.array([["a"], ["b"]]), [0, 1]), "must be floating point, not <U1"),
        ((np.zeros((2, 1), np.uint16), [0, 1]), "/ 65535"),
        ((np.zeros((2, 1), np.int64), [0, 1]), "/ 255"),
        ((np.zeros((2, 1), bool), [0, 1]), r"x\.astype\(np\.float32\)\."),
        ((np.zeros((2, 1)), ["cat", "dog"]), "not text.*np.unique"),
        ((np.zeros((2, 1)), np.array(["cat", "dog"], object)), "not text.*np.unique"),
        ((np.zeros((2, 1)), [True, False]), r"y\.astype\(np\.int64\)"),
        ((np.zeros((2, 1)), [0.0, 1.0]), r"Use y\.astype\(np\.int64\), or give"),
        ((np.zeros((2, 1)), [0.5, 1.0]), r"not float64\. Give regression targets two axes"),
        ((np.zeros((2, 1)), [np.nan, 1.0]), r"not float64\. Give regression targets two axes"),
        ((np.zeros((2, 1)), np.zeros(2, "M8[D]")), r"not datetime64\[D\]\. Number the classes"),
    ],
)
def test_examples_of_other_kinds_are_answered_with_what_helps(data, message):
    stepper = Recorder()
    with pytest.raises(TypeError, match=message):
        fit(stepper, numbered(3), data, epochs=1)
    assert stepper.batches == []


@pytest.mark.parametrize("transform", [lambda x: x, lambda: 0, lambda x, rng, more: x])
def test_a_transform_takes_the_batch_and_a_generator(transform):
    stepper = Recorder()
    with pytest.raises(
        TypeError, match=r"must take two arguments, .* Write it as transform\(x, rng"
    ):
        fit(stepper, numbered(3), epochs=1, transform=transform)
    assert stepper.batches == []


def test_the_advice_about_text_labels_works():
    class_names, labels = np.unique(["cat", "dog", "cat"], return_inverse=True)
    stepper = Recorder()
    fit(stepper, (np.zeros((3, 1)), labels), epochs=1)
    assert class_names.tolist() == ["cat", "dog"]
    assert sorted(stepper.batches[0][1]) == [0, 0, 1]
