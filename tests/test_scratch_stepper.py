"""The NumPy stepper obeys the protocol of the training loop."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from cnnlab import pytorch, scratch, spec, train
from cnnlab.scratch import Stepper, losses, nets
from cnnlab.scratch.functional import algorithms
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


HEAD = spec.Linear(3)


def first_layers():
    conv = spec.Conv(4, 3, stride=2, padding=1)
    yield "convolution", spec.Chain(conv=conv, relu=spec.ReLU(), flat=spec.Flatten(), fc=HEAD)
    yield "chain inside", spec.Chain(stem=spec.Chain(conv=conv), flat=spec.Flatten(), fc=HEAD)
    yield "dense", spec.Chain(flat=spec.Flatten(), fc=HEAD)
    branch = spec.Conv(4, 1)
    yield (
        "branches",
        spec.Chain(add=spec.Add(main=branch, shortcut=branch), flat=spec.Flatten(), fc=HEAD),
    )


@pytest.mark.parametrize(("name", "network"), list(first_layers()))
def test_gradients_of_weights_do_not_need_that_of_the_images(name, network) -> None:
    rng = np.random.default_rng(0)
    net = scratch.build(network, (2, 9, 9))
    dy = rng.standard_normal(net.forward(rng.random((5, 2, 9, 9), np.float32)).shape, np.float32)
    net.backward(dy)
    whole = net.grads
    net.backward_to_params(dy)
    assert net.grads.keys() == whole.keys()
    for key, gradient in net.grads.items():
        assert_array_equal(gradient, whole[key], err_msg=f"{name}: {key}")


def test_the_first_convolution_is_spared_the_gradient_of_the_images(monkeypatch) -> None:
    asked = []
    products = algorithms.products
    monkeypatch.setattr(products, "input_gradient", lambda *_: asked.append("dx"))
    net = scratch.build(spec.Chain(conv=spec.Conv(4, 3), flat=spec.Flatten(), fc=HEAD), (1, 8, 8))
    scratch.Stepper(net, optimizer="sgd", lr=0.1).step(
        np.ones((2, 1, 8, 8), np.float32), np.array([0, 1])
    )
    assert not asked


def test_a_subclass_goes_back_its_own_way() -> None:
    class Clipped(nets.Chain):
        def backward(self, dy):
            return super().backward(np.clip(dy, -1, 1))

    chain = scratch.build(spec.Chain(conv=spec.Conv(1, 1)), (1, 2, 2))
    net = Clipped(*chain.children.values())
    net.forward(np.ones((1, 1, 2, 2), np.float32))
    net.backward_to_params(np.full((1, 1, 2, 2), 9, np.float32))
    assert net.grads["0.bias"] == 4
