"""The training loop against hand-written arithmetic, PyTorch's scheduler and itself."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnlab.pytorch import Stepper
from cnnlab.train import Callback, EarlyStopping, History, ReduceLROnPlateau, fit
from tests import keras_facts
from tests.steppers import Recorder, numbered


def blobs(count=60, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, count)
    x = rng.normal(size=(count, 1, 6, 6)) + y[:, None, None, None]
    return x.astype(np.float32), y


def tiny_stepper(seed=0, **options):
    torch.manual_seed(seed)
    module = nn.Sequential(
        nn.Conv2d(1, 4, 3),  # (N, 4, 4, 4)
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Flatten(),  # (N, 64)
        nn.Dropout(0.5),
        nn.Linear(64, 3),  # (N, 3)
    )
    return Stepper(module, **options)


def weights(stepper):
    return {name: value.clone() for name, value in stepper.module.state_dict().items()}


def same_weights(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


# The loop


@given(st.integers(1, 40), st.integers(1, 50), st.integers(1, 3))
def test_every_epoch_sees_every_example_once_with_its_label(count, batch_size, epochs):
    stepper = Recorder()
    fit(stepper, numbered(count), epochs=epochs, batch_size=batch_size)
    per_epoch = math.ceil(count / batch_size)
    assert len(stepper.batches) == epochs * per_epoch
    for epoch in range(epochs):
        batches = stepper.batches[epoch * per_epoch : (epoch + 1) * per_epoch]
        assert all(len(x) == batch_size for x, _ in batches[:-1])
        assert sorted(np.concatenate([y for _, y in batches])) == list(range(count))
        assert all((x[:, 0] == y).all() for x, y in batches)


def test_the_order_is_the_documented_one_and_differs_between_epochs():
    stepper = Recorder()
    fit(stepper, numbered(10), epochs=2, batch_size=10, seed=7)
    rng = np.random.default_rng(7)
    first, second = (y for _, y in stepper.batches)
    np.testing.assert_array_equal(first, rng.permutation(10))
    np.testing.assert_array_equal(second, rng.permutation(10))
    assert not (first == second).all()


def test_epoch_metrics_are_means_over_examples_not_over_batches():
    x, y = numbered(7)
    history = fit(Recorder(), (x, y), (x[:5], y[:5]), epochs=1, batch_size=4)
    assert history["loss"] == [pytest.approx(3.0)]
    assert history["val_loss"] == [pytest.approx(2.0)]


def test_data_with_images_and_labels_is_the_same_as_a_pair():
    x, y = numbered(9)
    data = SimpleNamespace(images=x, labels=y)
    assert fit(Recorder(), data, data, epochs=2) == fit(Recorder(), (x, y), (x, y), epochs=2)


def test_validation_keeps_its_order_and_is_not_transformed():
    x, y = numbered(5)
    stepper = Recorder()
    fit(stepper, (x, y), (x, y), epochs=1, batch_size=2, transform=lambda x, rng: x + 100)
    np.testing.assert_array_equal(np.concatenate(stepper.evaluated), x)
    assert min(batch.min() for batch, _ in stepper.batches) >= 100


def test_transform_draws_reproducibly_and_does_not_disturb_the_order():
    runs = []
    for transform in (None, lambda x, rng: x + rng.random(), lambda x, rng: x + rng.random()):
        stepper = Recorder()
        fit(stepper, numbered(9), epochs=2, batch_size=4, transform=transform)
        runs.append(stepper.batches)
    for (_, plain), (x, once), (again, _) in zip(*runs, strict=True):
        np.testing.assert_array_equal(plain, once)
        np.testing.assert_array_equal(x, again)


def test_training_data_is_left_alone():
    x, y = blobs()
    x.flags.writeable = y.flags.writeable = False
    fit(tiny_stepper(), (x, y), (x, y), epochs=1)


@pytest.mark.parametrize("part", ["step", "evaluate"])
@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_stops_with_the_place_and_a_hint(part, loss):
    losses = [1.0, loss] if part == "step" else [1.0, 1.0]
    stepper = Recorder(losses, [1.0, loss])
    place = "epoch 1, batch 2" if part == "step" else "epoch 1, validation"
    with pytest.raises(FloatingPointError, match=rf"{loss} in {place}\. Lower the learning rate"):
        fit(stepper, numbered(4), numbered(4), epochs=1, batch_size=2)


def test_divergence_in_pytorch_is_noticed():
    x, y = blobs()
    stepper = Stepper(nn.Sequential(nn.Flatten(), nn.Linear(36, 3)), optimizer="sgd", lr=1e38)
    with pytest.raises(FloatingPointError, match=r"now 1e\+38"):
        fit(stepper, (x, y), epochs=20, batch_size=8)


def test_interrupt_keeps_completed_epochs_and_weights():
    stepper = Recorder()
    step = stepper.step

    def interrupted(x, y):
        if len(stepper.batches) == 5:
            raise KeyboardInterrupt
        return step(x, y)

    stepper.step = interrupted
    history = fit(
        stepper, numbered(4), epochs=9, batch_size=2, callbacks=[EarlyStopping("loss", patience=9)]
    )
    assert (history.stopped, history.epochs, stepper.weights) == ("interrupted", 2, 5)
    assert repr(history).startswith("History(2 epochs, interrupted: loss")


def test_interrupt_in_the_first_epoch_gives_an_empty_history():
    stepper = Recorder()
    stepper.step = lambda x, y: (_ for _ in ()).throw(KeyboardInterrupt)
    history = fit(stepper, numbered(4), epochs=1)
    assert (history.epochs, history.best_epoch, len(history)) == (0, None, 0)
    assert repr(history) == "History(0 epochs, interrupted)"


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"train": (np.zeros((3, 2)), np.zeros(4, int))}, ValueError, r"\(3, 2\) and \(4,\)"),
        ({"train": (np.zeros((0, 2)), np.zeros(0, int))}, ValueError, "at least 1"),
        ({"train": np.zeros((3, 2))}, TypeError, "not ndarray"),
        ({"train": (np.zeros((3, 2)), np.zeros(3))}, TypeError, "labels must be integers"),
        ({"train": (np.zeros((3, 2), np.uint8), np.zeros(3, int))}, TypeError, "not uint8"),
        ({"train": (np.full((3, 2), np.nan), np.zeros(3, int))}, ValueError, "finite"),
        ({"train": (np.full((3, 2), -np.inf), np.zeros(3, int))}, ValueError, "finite"),
        ({"validation": (np.zeros((3, 2)), np.zeros(2, int))}, ValueError, "validation x and y"),
        ({"epochs": 0}, ValueError, "epochs must be an integer of at least 1, not 0"),
        ({"epochs": 1.5}, ValueError, "not 1.5"),
        ({"batch_size": 0}, ValueError, "batch_size must be"),
        ({"transform": lambda x, rng: x[:1]}, ValueError, "transform must return"),
        ({"callbacks": EarlyStopping("loss")}, TypeError, "a list, not one EarlyStopping"),
        ({"transform": np.zeros(3)}, TypeError, "must be a function, not an array. Give its name"),
        ({"transform": torch.zeros(3)}, TypeError, "must be a function, not an array"),
        ({"transform": "shift"}, TypeError, "must be a function, not 'shift'"),
        ({"callbacks": ["slower"]}, TypeError, "must be a cnnlab.train.Callback"),
        ({"callbacks": [EarlyStopping]}, TypeError, r"Put brackets after it: EarlyStopping\(\)"),
        ({"callbacks": ReduceLROnPlateau}, TypeError, r"after it: ReduceLROnPlateau\(\)"),
        ({"callbacks": [EarlyStopping()], "validation": None}, ValueError, "no validation set"),
    ],
)
def test_bad_input_is_refused_before_training(change, error, message):
    stepper = Recorder()
    with pytest.raises(error, match=message):
        fit(**{"stepper": stepper, "train": numbered(3), "epochs": 1} | change)
    assert stepper.batches == []


def test_progress_is_quiet_when_asked_or_under_ci(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for variable in ("CI", "CNNLAB_QUIET"):
        monkeypatch.delenv("CI", raising=False)
        monkeypatch.delenv("CNNLAB_QUIET", raising=False)
        monkeypatch.setenv(variable, "1")
        fit(Recorder(), numbered(3), epochs=1)
    fit(Recorder(), numbered(3), epochs=1, progress=False)
    assert capsys.readouterr() == ("", "")


def test_progress_counts_batches_when_asked(capsys):
    fit(Recorder(), numbered(3), epochs=2, batch_size=1, progress=True)
    assert "0/6" in capsys.readouterr().err


@pytest.mark.parametrize(("losses", "shown"), [([1.0, 2.0, 3.0], 2), ([3.0, 2.0, 1.0], 3)])
def test_progress_of_an_early_stop_is_complete(monkeypatch, losses, shown):
    ended = set()
    monkeypatch.setattr("tqdm.auto.tqdm.close", lambda bar: ended.add((bar.n, bar.total)))
    stepper, callbacks = Recorder(losses), [EarlyStopping("loss", patience=1)]
    fit(stepper, numbered(3), epochs=3, batch_size=3, callbacks=callbacks, progress=True)
    assert ended == {(shown, shown)}


# History


def test_json_round_trip_keeps_every_digit(tmp_path):
    history = History({"loss": [1 / 3, 0.1]}, [1.0, 2.0], "early stopping", 1)
    history.to_json(tmp_path / "run.json")
    back = History.from_json(tmp_path / "run.json")
    assert back == history
    assert (back.seconds, back.stopped, back.restored_epoch) == ([1.0, 2.0], "early stopping", 1)
    assert repr(back) == "History(2 epochs, early stopping, weights of epoch 1: loss 0.10)"


def test_seconds_are_kept_apart():
    history = fit(Recorder(), numbered(3), epochs=2)
    assert len(history.seconds) == 2
    assert "seconds" not in history
    assert history == History(dict(history), seconds=[9.0, 9.0])


def test_the_best_epoch_is_one_with_a_number():
    assert History({"loss": [float("nan"), 2.0, 1.0]}).best_epoch == 3


def test_a_missing_metric_names_those_there_are():
    with pytest.raises(KeyError, match="no 'val_loss'; it has loss"):
        History({"loss": [1.0]})["val_loss"]
    with pytest.raises(ValueError, match="one value an epoch"):
        History({"loss": [1.0], "accuracy": []})


def test_history_plots_itself():
    figure = fit(Recorder(), numbered(3), numbered(3), epochs=2).plot()
    assert "2 epochs" in figure.alt


# Callbacks


def run(callbacks, val_losses):
    stepper = Recorder(val_losses=val_losses)
    history = fit(stepper, numbered(1), numbered(1), epochs=len(val_losses), callbacks=callbacks)
    return stepper, history


def test_early_stopping_rolls_back_to_the_best_weights():
    stepper, history = run([EarlyStopping(patience=2)], [3.0, 1.0, 2.0, 1.5, 0.0])
    assert (history.epochs, history.stopped) == (4, "early stopping")
    assert (history.best_epoch, stepper.weights) == (2, 2)


def test_early_stopping_rolls_back_after_the_last_epoch_too():
    stepper, history = run([EarlyStopping(patience=9)], [3.0, 1.0, 2.0])
    assert (history.stopped, history.restored_epoch, stepper.weights) == ("finished", 2, 2)


def test_min_delta_is_the_smallest_improvement_that_counts():
    _, history = run([EarlyStopping(patience=2, min_delta=0.5)], [3.0, 2.6, 2.55, 0.0])
    assert (history.epochs, history.best_epoch) == (3, 1)


def test_early_stopping_can_be_used_twice():
    stopping = EarlyStopping(patience=1)
    for _ in range(2):
        _, history = run([stopping], [1.0, 2.0, 0.0])
        assert (history.epochs, history.best_epoch) == (2, 1)


def test_accuracy_is_better_when_larger():
    callback = EarlyStopping("accuracy", patience=1)
    stops = []
    history = History()
    for value in (0.5, 0.7, 0.6):
        history.append({"accuracy": value}, 0.0)
        stops.append(callback.epoch_end(history, Recorder()))
    assert stops == [False, False, True]


def test_a_metric_that_is_not_measured_is_an_error():
    stepper, callbacks = Recorder(), [EarlyStopping("accuracy")]
    with pytest.raises(ValueError, match="one of loss, learning_rate, not 'accuracy'"):
        fit(stepper, numbered(3), epochs=1, callbacks=callbacks)
    assert stepper.batches == []
    with pytest.raises(ValueError, match="Did you mean 'val_loss'"):
        fit(
            stepper,
            numbered(3),
            numbered(3),
            epochs=1,
            callbacks=[EarlyStopping("val_los", mode="min")],
        )
    with pytest.raises(ValueError, match="direction is better, or give 'val_loss'"):
        EarlyStopping("val_los")
    with pytest.raises(ValueError, match=r"for the metric 'f1'.* direction is better\.$"):
        EarlyStopping("f1")
    with pytest.raises(ValueError, match="'accuracy' is not among loss"):
        EarlyStopping("accuracy").epoch_end(History({"loss": [1.0]}), stepper)


@pytest.mark.parametrize(
    "make",
    [
        lambda: EarlyStopping(patience=0),
        lambda: EarlyStopping(min_delta=-1),
        lambda: EarlyStopping("f1"),
        lambda: EarlyStopping(patience="3"),
        lambda: ReduceLROnPlateau(patience=True),
        lambda: ReduceLROnPlateau(factor=1.0),
        lambda: ReduceLROnPlateau(patience=-1),
    ],
)
def test_callbacks_refuse_bad_settings(make):
    with pytest.raises(ValueError, match=r"must be .*\."):
        make()


@given(
    st.lists(st.floats(0.01, 4).map(lambda v: round(v, 1)), min_size=1, max_size=30),
    st.sampled_from([0.1, 0.5]),
    st.integers(0, 3),
    st.sampled_from([0.0, 0.004]),
    st.sampled_from(["min", "max"]),
)
def test_reduce_lr_is_pytorchs_step_for_step(values, factor, patience, min_lr, mode):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode, factor, patience, min_lr=min_lr
    )
    expected = []
    for value in values:
        expected.append(optimizer.param_groups[0]["lr"])
        theirs.step(value)
    ours = ReduceLROnPlateau("val_loss", factor, patience, min_lr, mode=mode)
    stepper, history = run([ours], values)
    assert history["learning_rate"] == expected
    assert stepper.learning_rate == optimizer.param_groups[0]["lr"]


@pytest.mark.parametrize("patience", keras_facts.RATES)
def test_with_one_epoch_less_of_patience_the_rate_falls_as_in_keras(patience):
    ours = ReduceLROnPlateau(factor=0.5, patience=patience - 1)
    stepper, history = run([ours], keras_facts.LOSSES)
    first, *rates = history["learning_rate"]
    reached = np.array([*rates, stepper.learning_rate]) / first  # Keras' begin at 2
    np.testing.assert_allclose(2 * reached, keras_facts.RATES[patience])


def test_every_callback_is_called_even_when_one_stops():
    class Count(Callback):
        calls = 0

        def epoch_end(self, history, stepper):
            self.calls += 1
            return False

    count = Count()
    run([EarlyStopping(patience=1), count], [1.0, 2.0, 3.0])
    assert count.calls == 2


# The PyTorch stepper


def test_same_seed_same_history_and_weights_whatever_the_global_generator_did():
    runs = []
    for draws in (0, 5):
        stepper = tiny_stepper()
        torch.rand(draws)
        history = fit(stepper, blobs(), blobs(seed=1), epochs=3, batch_size=16)
        runs.append((history, weights(stepper)))
    assert runs[0][0] == runs[1][0]
    assert same_weights(runs[0][1], runs[1][1])


def test_another_seed_gives_another_history():
    histories = [fit(tiny_stepper(), blobs(), epochs=1, batch_size=16, seed=s) for s in (0, 1)]
    assert histories[0] != histories[1]


def test_global_generator_is_not_moved():
    stepper = tiny_stepper()
    before = torch.get_rng_state()
    fit(stepper, blobs(), epochs=1)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_loop_equals_one_written_by_hand():
    x, y = blobs()
    stepper = Stepper(nn.Sequential(nn.Flatten(), nn.Linear(36, 3)), optimizer="sgd", lr=0.1)
    weight, bias = (p.detach().clone().requires_grad_() for p in stepper.module.parameters())
    history = fit(stepper, (x, y), epochs=2, batch_size=25)
    rng, losses = np.random.default_rng(0), []
    for _ in range(2):
        order, total = rng.permutation(60), 0.0
        for chosen in (order[:25], order[25:50], order[50:]):
            logits = torch.from_numpy(x[chosen]).flatten(1) @ weight.T + bias
            loss = nn.functional.cross_entropy(logits, torch.from_numpy(y[chosen]))
            for p, g in zip((weight, bias), torch.autograd.grad(loss, (weight, bias)), strict=True):
                p.data -= 0.1 * g
            total += loss.item() * len(chosen)
        losses.append(total / 60)
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-5)
    torch.testing.assert_close(stepper.module[1].weight, weight)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_stepper_keeps_to_its_threads_and_gives_them_back(threads):
    seen, before = [], torch.get_num_threads()

    def spy(outputs, targets):
        seen.append(torch.get_num_threads())
        return outputs.mean()

    stepper = Stepper(torch.nn.Linear(2, 2), spy, metrics=(), threads=threads)
    x, y = np.zeros((3, 2), np.float32), np.zeros((3, 2), np.float32)
    stepper.step(x, y)
    stepper.evaluate(x, y)
    assert seen == [threads] * 2
    assert torch.get_num_threads() == before


def test_evaluate_and_predict_learn_nothing_and_switch_dropout_off():
    stepper, (x, y) = tiny_stepper(), blobs()
    stepper.step(x, y)
    before = weights(stepper)
    assert stepper.evaluate(x, y) == stepper.evaluate(x, y)
    outputs = stepper.predict(x)
    assert not stepper.module.training
    assert same_weights(before, weights(stepper))
    assert outputs.shape == (60, 3)
    np.testing.assert_allclose(outputs, stepper.predict(x, batch_size=7), atol=1e-5)
    assert stepper.evaluate(x, y)["accuracy"] == pytest.approx((outputs.argmax(1) == y).mean())


def test_restore_repeats_the_same_steps():
    stepper, (x, y) = tiny_stepper(), blobs()
    stepper.step(x, y)
    saved = stepper.state()
    runs = []
    for _ in range(2):
        stepper.restore(saved)
        stepper.learning_rate /= 2
        runs.append(([stepper.step(x, y) for _ in range(3)], weights(stepper)))
    assert runs[0][0] == runs[1][0]
    assert same_weights(runs[0][1], runs[1][1])


def test_setting_the_learning_rate_keeps_the_ratio_of_groups():
    module = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    groups = [
        {"params": module[0].parameters(), "lr": 0.1},
        {"params": module[1].parameters(), "lr": 0.4},
    ]
    stepper = Stepper(module, optimizer=torch.optim.SGD(groups))
    stepper.learning_rate = 0.05
    assert [g["lr"] for g in stepper.optimizer.param_groups] == [0.05, pytest.approx(0.2)]


@pytest.mark.parametrize(
    "optimizer",
    ["adam", "adamw", "rmsprop", "sgd", lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9)],
)
def test_optimizers_by_name_and_by_function_learn(optimizer):
    x, y = blobs()
    module = nn.Sequential(nn.Flatten(), nn.Linear(36, 3))
    stepper = Stepper(module, optimizer=optimizer, lr=0.01)
    history = fit(stepper, (x, y), epochs=5, batch_size=16)
    assert history["loss"][-1] < history["loss"][0]


def test_regression_targets_and_metrics_of_ones_own():
    def mean_error(outputs, targets):
        return (outputs - targets).abs().mean()

    x = np.linspace(-1, 1, 20)[:, None]
    stepper = Stepper(nn.Linear(1, 1), nn.functional.mse_loss, "sgd", lr=0.1, metrics=(mean_error,))
    history = fit(stepper, (x, 2 * x), epochs=40, batch_size=5)
    assert history["mean_error"][-1] < 0.1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": "entropy"}, "loss must be one of cross-entropy, .* or a function, not 'entropy'"),
        ({"optimizer": "adamm"}, "optimizer must be one of adagrad, adam, adamw"),
        ({"metrics": ("f1",)}, "metrics must be 'accuracy' or functions"),
        ({"threads": 0}, "threads must be at least 1, not 0"),
        ({"optimizer": torch.optim.SGD(nn.Linear(2, 3).parameters())}, "holds none of them"),
        ({"optimizer": torch.optim.SGD(nn.Linear(2, 3).parameters()), "lr": 1.0}, "its own"),
    ],
)
def test_stepper_refuses_bad_settings(options, message):
    with pytest.raises(ValueError, match=message):
        Stepper(nn.Linear(2, 3), **options)


def test_labels_outside_the_classes_are_named():
    stepper = Stepper(nn.Linear(2, 3))
    with pytest.raises(ValueError, match="between 0 and 2, not 1 to 3"):
        stepper.step(np.zeros((2, 2), np.float32), np.array([1, 3]))


def test_a_softmax_before_cross_entropy_is_noticed():
    stepper = Stepper(nn.Sequential(nn.Linear(2, 3), nn.Softmax(dim=1)))
    with pytest.raises(ValueError, match="Remove the softmax"):
        stepper.step(np.zeros((2, 2), np.float32), np.array([0, 1]))


def test_accuracy_of_regression_targets_is_refused():
    stepper = Stepper(nn.Linear(2, 1), nn.functional.mse_loss)
    with pytest.raises(ValueError, match=r"metrics=\(\)"):
        stepper.step(np.zeros((2, 2)), np.zeros((2, 1)))
