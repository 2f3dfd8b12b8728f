"""The NumPy stepper obeys the protocol of the training loop."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from cnnlab import pytorch, scratch, train
from cnnlab.scratch import Stepper, losses
from cnnlab.scratch.optim import SGD
from cnnlab.scratch.regularization import l2_penalty
from cnnlab.spec import BatchNorm, Chain, Dropout, Linear, ReLU, Softmax

NETWORK = Chain(fc1=Linear(8), bn=BatchNorm(), relu=ReLU(), drop=Dropout(0.2), fc2=Linear(3))


@pytest.fixture
def batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 60)
    return (rng.standard_normal((60, 5)) + y[:, None]).astype(np.float32), y


def test_learns(batch) -> None:
    stepper = Stepper(scratch.build(NETWORK, (5,)), lr=0.05)
    before = stepper.evaluate(*batch)
    for _ in range(60):
        metrics = stepper.step(*batch)
    after = stepper.evaluate(*batch)
    assert metrics.keys() == after.keys() == {"loss", "accuracy"}
    assert after["loss"] < before["loss"] / 2
    assert after["accuracy"] > 0.75


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_fit_gives_one_history_for_numpy_and_pytorch(batch, optimizer: str) -> None:
    # A bias before batch normalisation has gradient 0; Adam would blow its rounding up.
    network = Chain(fc1=Linear(8, bias=False), bn=BatchNorm(), relu=ReLU(), fc2=Linear(3))
    steppers = (
        Stepper(scratch.build(network, (5,), seed=2), optimizer=optimizer, lr=0.02),
        pytorch.Stepper(pytorch.build(network, (5,), seed=2), optimizer=optimizer, lr=0.02),
    )
    ours, theirs = (
        train.fit(stepper, batch, batch, epochs=3, batch_size=16, progress=False)
        for stepper in steppers
    )
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert_allclose(ours[name], theirs[name], rtol=1e-4, err_msg=name)
    assert ours["val_loss"][-1] < ours["val_loss"][0]


def test_step_reports_the_weights_before_it(batch) -> None:
    network = Chain(fc=Linear(3))
    stepper = Stepper(scratch.build(network, (5,)), optimizer="sgd", lr=0.1)
    expected = stepper.evaluate(*batch)
    assert stepper.step(*batch) == expected
    assert stepper.evaluate(*batch) != expected


def test_state_is_a_copy_and_restores_everything(batch) -> None:
    stepper = Stepper(scratch.build(NETWORK, (5,)))
    stepper.step(*batch)
    state = stepper.state()
    first = [stepper.step(*batch) for _ in range(3)]
    weights = stepper.net.state_dict()
    for _ in range(2):  # a copy may be put back again
        stepper.restore(state)
        assert [stepper.step(*batch) for _ in range(3)] == first
        for key, array in stepper.net.state_dict().items():
            assert_array_equal(array, weights[key])


def test_evaluation_learns_nothing(batch) -> None:
    stepper = Stepper(scratch.build(NETWORK, (5,)))
    before = stepper.net.state_dict()
    stepper.evaluate(*batch)
    stepper.predict(batch[0])
    for key, array in stepper.net.state_dict().items():
        assert_array_equal(array, before[key])


def test_predict_does_not_depend_on_the_batch_size(batch) -> None:
    stepper = Stepper(scratch.build(NETWORK, (5,)))
    assert_allclose(
        stepper.predict(batch[0], batch_size=7), stepper.predict(batch[0]), rtol=1e-4, atol=1e-6
    )
    assert stepper.predict(batch[0][:0]).shape == (0, 3)


def test_learning_rate_is_the_optimizers() -> None:
    optimizer = SGD(lr=0.5)
    stepper = Stepper(scratch.build(NETWORK, (5,)), optimizer=optimizer)
    assert stepper.learning_rate == 0.5
    stepper.learning_rate = 0.25
    assert optimizer.lr == 0.25


def test_penalty_and_clipping(batch) -> None:
    network = Chain(fc=Linear(3))
    plain = Stepper(scratch.build(network, (5,)), optimizer="sgd")
    strict = Stepper(
        scratch.build(network, (5,)),
        optimizer=SGD(lr=1.0),
        penalty=lambda params: l2_penalty(params, 0.1),
        max_norm=1e-3,
    )
    before = strict.net.state_dict()
    extra = l2_penalty(before, 0.1)[0]
    assert_allclose(strict.step(*batch)["loss"], plain.step(*batch)["loss"] + extra, rtol=1e-6)
    moves = [strict.net.params[key] - array for key, array in before.items()]
    assert np.sqrt(sum((move**2).sum() for move in moves)) <= 1e-3 * 1.001


def test_losses_by_name_and_as_a_pair() -> None:
    x = np.random.default_rng(0).standard_normal((8, 5)).astype(np.float32)
    y = x[:, :1].astype(np.float64)  # taken on in the dtype of the weights
    for loss in ("mse", (losses.mse_loss, losses.mse_loss_backward)):
        stepper = Stepper(scratch.build(Chain(fc=Linear(1)), (5,)), loss, optimizer="adam", lr=0.1)
        start = stepper.step(x, y)
        assert start.keys() == {"loss"}
        for _ in range(50):
            end = stepper.step(x, y)
        assert end["loss"] < start["loss"] / 10


def test_probabilities_for_a_loss_of_logits_are_refused(batch) -> None:
    stepper = Stepper(scratch.build(Chain(fc=Linear(3), softmax=Softmax()), (5,)))
    with pytest.raises(ValueError, match="the outputs are already probabilities"):
        stepper.step(*batch)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"loss": "entropy"}, "loss must be one of cross-entropy, .*, not 'entropy'"),
        ({"optimizer": "sdg"}, "optimizer must be one of adagrad, .*, not 'sdg'"),
        ({"optimizer": SGD(), "lr": 0.1}, "an Optimizer has its own learning rate"),
        ({"metrics": ("f1",)}, "metrics must be 'accuracy' or functions, not 'f1'"),
    ],
)
def test_settings_are_checked(settings, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Stepper(scratch.build(NETWORK, (5,)), **settings)
