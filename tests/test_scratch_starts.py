"""Many starts at once: each is the network that one would train alone."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import scratch, spec
from cnnlab.scratch.starts import ACTIVATIONS, train_starts

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
ROWS = {"relu": spec.ReLU, "sigmoid": spec.Sigmoid, "softplus": spec.Softplus, "tanh": spec.Tanh}


def network(hidden: int, activation: str, inputs: int) -> scratch.nets.Net:
    rows = spec.Chain(hidden=spec.Linear(hidden), act=ROWS[activation](), output=spec.Linear(1))
    return scratch.build(rows, (inputs,), dtype=np.float64)


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from(sorted(ACTIVATIONS)),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(1, 6),
    st.integers(0, 2**16),
)
def test_each_start_is_the_network_trained_alone(activation, hidden, inputs, examples, seed):
    rng = np.random.default_rng(seed)
    x, targets = rng.standard_normal((examples, inputs)), rng.standard_normal(examples)
    options = {"activation": activation, "starts": 3, "lr": 0.02, "seed": seed}
    before = train_starts(x, targets, hidden, steps=0, **options)
    after = train_starts(x, targets, hidden, steps=5, **options)
    for start in range(3):
        net = network(hidden, activation, inputs)
        net.load_state_dict(before.state_dict(start))
        stepper = scratch.Stepper(net, "mse", optimizer="sgd", lr=0.02)
        for _ in range(5):
            stepper.step(x, targets[:, None])
        for name, values in net.state_dict().items():
            np.testing.assert_allclose(after.state_dict(start)[name], values, atol=1e-12)
        np.testing.assert_allclose(after.outputs[start], stepper.predict(x)[:, 0], atol=1e-12)
        loss = stepper.evaluate(x, targets[:, None])["loss"]
        assert after.losses[start] == pytest.approx(loss, abs=1e-12)


def test_as_pytorch_trains_it():
    found = train_starts(X, XOR, 3, starts=2, steps=0, seed=4)
    module = torch.nn.Sequential()
    module.add_module("hidden", torch.nn.Linear(2, 3, dtype=torch.float64))
    module.add_module("act", torch.nn.Tanh())
    module.add_module("output", torch.nn.Linear(3, 1, dtype=torch.float64))
    state = {name: torch.tensor(values) for name, values in found.state_dict(1).items()}
    module.load_state_dict(state)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    for _ in range(50):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(module(torch.tensor(X))[:, 0], torch.tensor(XOR))
        loss.backward()
        optimizer.step()
    trained = train_starts(X, XOR, 3, activation="tanh", starts=2, steps=50, seed=4)
    for name, values in module.state_dict().items():
        np.testing.assert_allclose(trained.state_dict(1)[name], values.numpy(), atol=1e-12)


def test_the_first_starts_do_not_change_with_their_number():
    few, many = (train_starts(X, XOR, 2, starts=n, steps=7) for n in (2, 9))
    np.testing.assert_allclose(many.outputs[:2], few.outputs, rtol=1e-12)


def test_what_is_given_stays_as_it_is():
    x, targets = X.copy(), XOR.copy()
    first = train_starts(x, targets, 2, starts=3, steps=3)
    second = train_starts(x, targets, 2, starts=3, steps=3)
    assert np.array_equal(x, X)
    assert np.array_equal(targets, XOR)
    assert np.array_equal(first.outputs, second.outputs)
    assert train_starts(X.astype("f4"), XOR.astype("f4"), 2, steps=2).outputs.dtype == np.float32


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"x": X[0]}, r"x must have 2 axes \(N, D\), not 1"),
        ({"targets": XOR[:, None]}, r"targets must have shape \(4,\), not \(4, 1\)"),
        ({"activation": "step"}, "activation must be one of relu, .* no slope to learn by"),
        ({"hidden": 0}, "hidden must be a whole number of at least 1, not 0"),
        ({"starts": 2.5}, "starts must be a whole number of at least 1, not 2.5"),
        ({"steps": -1}, "steps must be a whole number of at least 0, not -1"),
    ],
)
def test_what_cannot_be_trained_is_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        train_starts(**({"x": X, "targets": XOR, "hidden": 2} | change))
