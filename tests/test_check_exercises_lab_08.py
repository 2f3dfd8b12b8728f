"""Slips that lab 08 invites, in the code of a student and with a pencil: each is named."""

import numpy as np
import pytest

from cnnlab import check

NAMES = {
    "merged_kernel": "first, second",
    "pointwise": "x, weight",
    "residual_block": "x, w1, w2",
    "residual_gradient": "dy, z, s, w1, w2",
    "padded_shortcut": "x, channels",
}
COPIES = [
    "(h, w), (a, b) = first.shape, second.shape",
    "merged = np.zeros((h + a - 1, w + b - 1))",
    "for (i, j), weight in np.ndenumerate(second):",
    "    merged[i : i + h, j : j + w] += weight * first",
]
CHANGE = "f = np.maximum(0, x @ w1.T) @ w2.T"
GATED = "ds = dy * (s > 0)"
SOME = "some = x[:, :, ::2, ::2]"

SLIPS = [
    ("merged_kernel", [*COPIES, "    return merged"], "inside the loop"),
    ("merged_kernel", [*COPIES, "return merged / merged.sum()"], "divided by its sum"),
    ("merged_kernel", ["return first * second"], "number by number"),
    ("merged_kernel", ["return np.kron(first, second)"], "They overlap"),
    ("merged_kernel", ["return np.outer(first, second)"], "table of all products"),
    ("pointwise", ["return np.maximum(0, np.einsum('nchw,kc->nkhw', x, weight))"], "no activation"),
    (
        "pointwise",
        ["return (x[:, None] * weight[:, :, None, None]).sum(axis=1)"],
        "added up over the filters",
    ),
    (
        "pointwise",
        ["mixed = weight @ x.reshape(x.shape[1], -1)",
         "return mixed.reshape(len(x), len(weight), *x.shape[2:])"],
        "run into each other",
    ),
    (
        "pointwise",
        ["y = np.zeros((len(x), len(weight), *x.shape[2:]))", "for k, f in enumerate(weight):",
         "    for c, w in enumerate(f):", "        y[:, k] = w * x[:, c]", "return y"],
        "is a sum overwritten",
    ),
    ("residual_block", [CHANGE, "return np.maximum(0, x) + f"], "and none after it"),
    ("residual_block", [CHANGE, "return np.maximum(x, f)"], "Add them, then cut off"),
    ("residual_block", ["return np.maximum(0, x + np.maximum(0, x @ w2) @ w1)"], "changed places"),
    ("residual_block", [CHANGE, "return np.maximum(0, f - x)"], "The input is subtracted"),
    ("residual_gradient", [GATED, "return ds + ds @ w2 * (z >= 0) @ w1"], "At the inner ReLU"),
    ("residual_gradient", ["ds = dy * (s >= 0)", "return ds + ds @ w2 * (z > 0) @ w1"],
     "At the last ReLU"),
    ("residual_gradient", [GATED, "return ds + ds @ w2 * z @ w1"], "by the hidden sum"),
    ("residual_gradient", [GATED, "return 1 + ds @ w2 * (z > 0) @ w1"], "hands the signal on"),
    ("residual_gradient", [GATED, "return 2 * ds + ds @ w2 * (z > 0) @ w1"], "counted twice"),
    ("padded_shortcut", [SOME, "return np.concatenate([some, some], axis=1)"], "there twice"),
    (
        "padded_shortcut",
        [SOME, "return np.concatenate([some, np.zeros_like(some)], axis=1)"],
        "whatever `channels` is",
    ),
    (
        "padded_shortcut",
        ["some = x[:, :, : x.shape[2] // 2, : x.shape[3] // 2]",
         "return np.pad(some, ((0, 0), (0, channels - x.shape[1]), (0, 0), (0, 0)))"],
        "upper left quarter",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "said"), SLIPS)
def test_a_slip_is_named(name, body, said):
    room = {"np": np}
    exec("\n    ".join([f"def own({NAMES[name]}):", *body]), room)
    result = check.function(room["own"], name)
    assert (result.status, said in result.message) == ("fail", True), result


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (36_864 / 544, "is a whole number"),
        (66, "more are possible"),
        (32, "how many filters the 3×3 has"),
        (544, "one map of the bottleneck"),
    ],
)
def test_a_width_that_is_wrong_is_named(answer, said):
    result = check.number(answer, "08-bottleneck")
    assert (result.status, said in result.message) == ("fail", True), result
