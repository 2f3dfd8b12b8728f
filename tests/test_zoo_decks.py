"""The decks' small networks: counted by hand, and one run to the deck's own digits."""

import numpy as np
import pytest
import torch

from cnnlab import pytorch, scratch, zoo
from cnnlab.scratch.functional import conv2d
from cnnlab.scratch.init import fans, scheme_at
from cnnlab.scratch.paths import nearest
from cnnlab.scratch.regularization import l2_penalty
from cnnlab.scratch.stepper import Stepper
from cnnlab.spec import Chain, Dropout

STEM = 96 * (121 * 3 + 1) + 96 * (121 * 96 + 1)  # of the SMU networks, which leaves 96 maps
BOTTLENECK = [32 * (c + 1) + 128 * (9 * 32 + 1) for c in (96, 128)]  # on 96 or 128 maps
PARALLEL = [
    64 * (c + 1) + own + 32 * (c + 1) + 64 * (9 * 32 + 1) + 64 * (9 * 64 + 1) + 128 * (256 + 1)
    for c, own in zip((96, 128), BOTTLENECK, strict=True)
]
PROJECT = 128 * (96 + 1)
NARROW = [32 * (128 + 1) + 32 * (9 * 32 + 1) + 128 * (k * k * 32 + 1) for k in (1, 3)]
SEPARABLE = (9 * 128 + 64 * (128 + 1)) + (9 * 128 + 64 * (128 + 1)) + (9 * 64 + 128 * (64 + 1))


def head(flat):
    return 1024 * (flat + 1) + 512 * (1024 + 1) + 200 * (512 + 1)


BY_HAND = {
    "xor": 2 * 3 + 1 * 3,
    "mazur": 2 * 3 + 2 * 3,
    "sign-network": 3 * 3 + 1 * 4,
    "ten-filters": 10 * (3 * 3 * 3 + 1),
    "ds-4400-mlp": 785 * 500 + 501 * 300 + 301 * 10,
    "ai-civil-w8-mended": 228_036 - 90 * (256 + 1),
    "alexnet-64": STEM + 256 * (25 * 96 + 1) + 256 * (9 * 256 + 1) + head(256),
    "smu-bottleneck": STEM + sum(BOTTLENECK) + head(512),
    "smu-parallel": STEM + sum(PARALLEL) + head(2048),
    "smu-residual": STEM + PROJECT + sum(NARROW) + head(512),
    "smu-xception": STEM + PROJECT + 2 * SEPARABLE + head(512),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_counts_are_the_sums_by_hand(name):
    assert zoo.get(name).summary().params == BY_HAND[name]


def test_ten_filters_halve_the_map():
    summary = zoo.get("ten-filters").summary()
    assert summary["conv"].output_shape == (10, 32, 32)
    assert summary.output_shape == (10, 16, 16)


def with_weights(name, **state):
    net = zoo.get(name).numpy(dtype=np.float64)
    net.load_state_dict({key.replace("_", "."): np.array(value) for key, value in state.items()})
    return net


def test_the_worked_example_gives_the_printed_outputs():
    net = with_weights(
        "mazur",
        hidden_weight=[[0.15, 0.20], [0.25, 0.30]],
        hidden_bias=[0.35, 0.35],
        output_weight=[[0.40, 0.45], [0.50, 0.55]],
        output_bias=[0.60, 0.60],
    )
    out = net.forward(np.array([[0.05, 0.10]]))
    np.testing.assert_allclose(out, [[0.751365070, 0.772928465]], atol=1e-9)
    assert ((out - [[0.01, 0.99]]) ** 2).sum() / 2 == pytest.approx(0.298371109, abs=1e-9)


def test_the_sign_network_labels_the_printed_example():
    net = with_weights(
        "sign-network",
        hidden_weight=[[0.4, 0.1], [0.0, -0.4], [-0.1, 0.4]],
        hidden_bias=[-0.2, -0.2, -0.2],
        output_weight=[[0.2, 0.2, 0.3]],
        output_bias=[-0.2],
    )
    assert net.forward(np.array([[-1.0, 1.0]])).tolist() == [[-1.0]]


def test_two_hidden_units_are_enough_for_xor():
    net = with_weights(
        "xor",
        hidden_weight=[[1.0, 1.0], [1.0, 1.0]],
        hidden_bias=[0.0, -1.0],
        output_weight=[[1.0, -2.0]],
        output_bias=[0.0],
    )
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert net.forward(corners).ravel().tolist() == [0.0, 1.0, 1.0, 0.0]


SMU = ("alexnet-64", "smu-bottleneck", "smu-parallel", "smu-residual", "smu-xception")


@pytest.mark.parametrize("name", SMU)
def test_smu_networks_name_an_initialiser_and_a_penalty_for_each_layer(name):
    network = zoo.get(name)
    layers = [row.path for row in network.summary().rows if row.params]
    own = {
        path: (scheme_at(path, network.init), nearest(path, network.l2, None)) for path in layers
    }
    assert own.pop("head.fc3") == ("glorot-uniform", 0)
    assert own.pop("stem.conv1") == own.pop("stem.conv2") == ("he-uniform", 1e-6)
    assert own.pop("head.fc1") == own.pop("head.fc2") == ("he-uniform", 1e-4)
    outside = {path for path in own if nearest(path, network.l2, None) != 1e-5}
    if name == "smu-parallel":
        assert outside == {"block1.path1", "mix1", "block2.path1", "mix2"}
        assert {own[path] for path in outside} == {("he-uniform", 1e-6)}
    elif name == "smu-xception":
        assert outside == {path for path in own if "sep" in path}
        assert {own[path] for path in outside} == {("glorot-uniform", 0)}
    else:
        assert not outside


@pytest.mark.parametrize("name", SMU)
def test_smu_networks_start_as_the_deck_says(name):
    network = zoo.get(name)
    state = {key: value.numpy() for key, value in network.torch(seed=1).state_dict().items()}
    for row in network.summary().rows:
        if row.params:
            weight = state[f"{row.path}.weight"]
            fan_in, fan_out = fans(weight.shape)
            glorot = scheme_at(row.path, network.init) == "glorot-uniform"
            bound = (6 / (fan_in + fan_out) if glorot else 6 / fan_in) ** 0.5
            assert 0.98 * bound < np.abs(weight).max() <= bound
            assert not state.get(f"{row.path}.bias", np.zeros(1)).any()


def without_dropout(network):
    """The deck's network with nothing dropped, which NumPy and PyTorch would draw differently."""
    head = Chain(**{name: row for name, row in network.spec["head"].children if name != "dropout"})
    return Chain(**dict(network.spec.children) | {"head": head})


@pytest.mark.parametrize("name", SMU)
def test_a_training_step_of_the_deck_is_the_same_in_numpy_and_pytorch(name):
    network = zoo.get(name)
    spec = without_dropout(network)
    net = scratch.build(spec, network.input_shape, 3, init=network.init, dtype=np.float64)
    module = pytorch.build(spec, network.input_shape, 3, init=network.init).double()
    rng = np.random.default_rng(0)
    x, y = rng.random((2, *network.input_shape)), np.array([7, 199])
    ours = Stepper(net, lr=0.01, optimizer="sgd", penalty=lambda p: l2_penalty(p, network.l2))
    groups = pytorch.decay_groups(module, network.l2)
    theirs = pytorch.Stepper(module, optimizer=torch.optim.SGD(groups, lr=0.01))
    before = net.state_dict()
    penalty = l2_penalty(before, network.l2)[0]
    assert penalty > 0
    assert ours.step(x, y)["loss"] == pytest.approx(theirs.step(x, y)["loss"] + penalty)
    after, expected = net.state_dict(), module.state_dict()
    for key, array in after.items():
        assert np.abs(array - before[key]).max() > 0, key
        np.testing.assert_allclose(array, expected[key].numpy(), rtol=1e-6, atol=1e-9, err_msg=key)


@pytest.mark.parametrize("name", SMU)
def test_the_decks_optimiser_learns_two_images_in_both_worlds(name):
    network = zoo.get(name)
    rng = np.random.default_rng(0)
    x, y = rng.random((2, *network.input_shape), np.float32), np.array([7, 199])
    for stepper in (
        Stepper(network.numpy(seed=3), lr=1e-4, penalty=lambda p: l2_penalty(p, network.l2)),
        pytorch.Stepper(
            module := network.torch(seed=3),
            optimizer=torch.optim.Adam(pytorch.decay_groups(module, network.l2), lr=1e-4),
        ),
    ):
        first = stepper.evaluate(x, y)["loss"]
        stepper.step(x, y)
        assert stepper.evaluate(x, y)["loss"] < first


def test_the_decks_bottleneck_is_one_linear_convolution_away_from_the_border():
    net = zoo.get("smu-bottleneck").numpy(seed=0, dtype=np.float64)["block1"]
    x = np.random.default_rng(0).standard_normal((1, 96, 8, 8))
    inner = net["reduce"].params["weight"][:, :, 0, 0]  # (32, 96)
    kernel = np.einsum("kmij,mc->kcij", net["conv"].params["weight"], inner)  # (128, 96, 3, 3)
    assert np.linalg.matrix_rank(kernel.transpose(0, 2, 3, 1).reshape(-1, 96)) == 32
    y, _ = conv2d(x, kernel, padding=1)
    np.testing.assert_allclose(net.forward(x), y, atol=1e-12)


def test_the_digit_network_of_ai_civil_drops_thrice():
    for name in ("ai-civil-w8", "ai-civil-w8-mended"):
        rows = [row.row for row in zoo.get(name).summary().rows]
        assert [row.p for row in rows if isinstance(row, Dropout)] == [0.25, 0.25, 0.5]
