"""Signals through deep networks: those of ``scratch``, of PyTorch, and of the arithmetic."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import spec
from cnnlab.explore import SignalExplorer
from cnnlab.explore.signal.model import (
    ACTIVATIONS,
    BINS,
    SCHEMES,
    factor,
    histogram,
    layers,
    passes,
    rms,
    weights,
)
from cnnlab.explore.signal.presets import EXAMPLES
from cnnlab.explore.signal.scene import signal_scene
from cnnlab.scratch import build

DRAWN = ["he-normal", "glorot-normal", "lecun-normal", "torch", "zeros"]
SIZES = {"depth": st.integers(1, 8), "width": st.integers(1, 12), "seed": st.integers(0, 99)}
ROWS = {
    "relu": spec.ReLU(),
    "leaky_relu": spec.LeakyReLU(),
    "tanh": spec.Tanh(),
    "sigmoid": spec.Sigmoid(),
    "none": spec.Identity(),
}


def network(depth, width, activation, scheme, seed):
    rows = [row for _ in range(depth) for row in (spec.Linear(width, bias=False), ROWS[activation])]
    return build(spec.Chain(*rows), (width,), seed, init=scheme, dtype=np.float64)


@given(
    **SIZES,
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    scheme=st.sampled_from(DRAWN),
    gain=st.sampled_from([0.5, 1.0, 3.0]),
)
def test_values_are_those_of_a_network_of_the_course(depth, width, seed, activation, scheme, gain):
    found = passes(weights(depth, width, scheme, gain, seed), activation, seed)
    net = network(depth, width, activation, scheme, seed)
    state = {key: gain * weight for key, weight in net.state_dict().items()}
    assert all(np.array_equal(*pair) for pair in zip(state.values(), found.weights, strict=True))
    net.load_state_dict(state)
    assert np.allclose(net.forward(found.outputs[0]), found.outputs[-1], rtol=1e-9, atol=0)
    back = net.backward(found.errors[-1])
    assert np.allclose(back, found.errors[0], rtol=1e-7, atol=1e-12 * rms(back))
    for gradient, ours in zip(net.grads.values(), found.gradients, strict=True):
        assert np.allclose(gradient, ours, rtol=1e-7, atol=1e-12 * rms(gradient))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_layer_is_pytorchs(activation):
    found = passes(weights(6, 9, "glorot-normal", 1.2, 3), activation, 3)
    functions = {
        "relu": torch.relu,
        "leaky_relu": torch.nn.functional.leaky_relu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "none": lambda x: x,
    }
    x = torch.tensor(found.outputs[0], requires_grad=True)
    kept = [x]
    for weight in found.weights:
        x = functions[activation](x @ torch.tensor(weight).T)
        x.retain_grad()
        kept.append(x)
    x.backward(torch.tensor(found.errors[-1]))
    for ours, error, theirs in zip(found.outputs, found.errors, kept, strict=True):
        assert np.allclose(ours, theirs.detach().numpy())
        assert np.allclose(error, theirs.grad.numpy())


@pytest.mark.parametrize("name", ["", *EXAMPLES])
def test_the_code_computes_what_is_shown(name):
    explorer, names = SignalExplorer(example=name), {}
    exec(explorer.code(), names)
    last, first = explorer.scene.layers[-1], explorer.scene.layers[0]
    assert rms(names["y"]) == pytest.approx(last.signal, rel=1e-6)
    assert rms(names["x_bar"]) == pytest.approx(first.error, rel=1e-6)


@pytest.mark.parametrize(
    ("scheme", "activation"), [("he-normal", "relu"), ("lecun-normal", "none")]
)
def test_the_right_recipe_keeps_both_signals(scheme, activation):
    assert factor(100, scheme, 1.0, activation) == pytest.approx(1)
    text = signal_scene(scheme=scheme, activation=activation).text
    assert "signal keeps its size, error signal keeps its size" in text


@pytest.mark.parametrize("scheme", ["he-normal", "glorot-normal", "torch", "small"])
@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_the_mean_square_changes_as_expected_on_average_over_many_seeds(scheme, gain):
    squares = []
    for seed in range(100):
        found = passes(weights(3, 50, scheme, gain, seed), "relu", seed)
        squares.append(np.mean(found.outputs[-1] ** 2) / np.mean(found.outputs[0] ** 2))
    expected = factor(50, scheme, gain, "relu") ** 3
    assert np.mean(squares) == pytest.approx(expected, rel=0.2)


def test_zeros_move_nothing_and_equal_weights_make_one_unit():
    for activation in ("relu", "tanh"):
        made = layers(passes(weights(4, 20, "zeros", 1.0, 0), activation, 0), activation)
        assert all(layer.weight_gradient == layer.signal == 0 for layer in made[1:])
        made = layers(passes(weights(4, 20, "equal", 1.0, 0), activation, 0), activation)
        assert [layer.different for layer in made] == [20, 1, 1, 1, 1]
    assert "no weight has a gradient" in signal_scene(scheme="zeros", activation="tanh").text
    assert "all units of a layer are the same" in signal_scene(scheme="equal").text


def test_equal_units_get_equal_gradients():
    found = passes(weights(4, 20, "equal", 1.0, 0), "tanh", 0)
    for gradient in found.gradients[:-1]:  # behind the last layer, the loss tells units apart
        assert np.allclose(gradient, gradient[0])


def test_dead_units_are_those_that_never_answer():
    found = passes(weights(3, 10, "he-normal", 1.0, 0), "relu", 0)
    for layer, output in zip(layers(found, "relu"), found.outputs, strict=True):
        assert layer.dead == sum(not column.any() for column in output.T)
    silent = signal_scene(width=1, depth=50)
    assert "signal 0 from layer" in silent.text


@given(**SIZES, scheme=st.sampled_from(sorted(SCHEMES)), activation=st.sampled_from(sorted(ROWS)))
def test_histograms_hold_every_number(depth, width, seed, scheme, activation):
    for layer in layers(
        passes(weights(depth, width, scheme, 1.0, seed), activation, seed), activation
    ):
        for shares in (layer.forward, layer.backward):
            assert len(shares) == BINS
            assert shares.sum() == pytest.approx(1)


def test_what_is_no_number_is_left_out_of_a_histogram():
    assert histogram(np.array([np.nan, np.inf])).sum() == 0
    assert "explodes" in signal_scene(scheme="equal", gain=20, activation="none", depth=50).text


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_says_a_sentence_and_asks_a_question(name):
    *_, sentence, question = EXAMPLES[name]
    explorer = SignalExplorer(example=name)
    assert sentence.endswith(".")
    assert "?" in question
    assert explorer.scene.note == f"{sentence} {question}"
    explorer.gain = 0.7
    assert explorer.example == ""
