"""The decks' small networks: counted by hand, and one run to the deck's own digits."""

import numpy as np
import pytest

from cnnlab import zoo

HEAD = 128 * (27 + 1), 10 * (128 + 1)  # first convolution and last layer of the SMU networks
BY_HAND = {
    "xor": 2 * 3 + 1 * 3,
    "mazur": 2 * 3 + 2 * 3,
    "sign-network": 3 * 3 + 1 * 4,
    "ten-filters": 10 * (3 * 3 * 3 + 1),
    "ds-4400-mlp": 785 * 500 + 501 * 300 + 301 * 10,
    "ai-civil-w8-mended": 228_036 - 90 * (256 + 1),
    "smu-bottleneck": sum(HEAD) + 2 * (32 * (128 + 1) + 128 * (9 * 32 + 1)),
    "smu-residual": sum(HEAD) + 2 * (32 * (128 + 1) + 32 * (9 * 32 + 1) + 128 * (32 + 1)),
    "smu-parallel": (
        HEAD[0]
        + sum(
            32 * (c + 1) + 128 * (9 * 32 + 1)  # path 1
            + 32 * (c + 1) + 64 * (9 * 32 + 1) + 64 * (9 * 64 + 1)  # path 2
            + 64 * (c + 1)  # path 3
            for c in (128, 256)
        )
        + 10 * (256 + 1)
    ),
}  # fmt: skip


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
