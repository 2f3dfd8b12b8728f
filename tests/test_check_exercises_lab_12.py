"""Slips that lab 12 invites, in the code of a student: each is named."""

import numpy as np
import pytest

from cnnlab import check

WINDOWS = "windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2], axis=1)"
EACH_WINDOW = "return np.array([[(x[:, i : i + k] * f).sum() for i in range({})] for f in weight])"
SIZE = "k, length = weight.shape[2], x.shape[1]"
STATES = "states, h = [], np.zeros(len(w_hh))"
NEXT = "    h = np.tanh(w_xh @ value + w_hh @ h)"
BACK = [
    "gradient = np.zeros_like(w_hh)",
    "for t in reversed(range(len(states))):",
    "    dz = dh * (1 - states[t] ** 2)",
]
HAND = "    dh = w_hh.T @ dz"
NAMES = {
    "text_conv": "x, weight",
    "max_over_time": "y, mask",
    "causal_filter": "x, kernel",
    "recurrent_states": "x, w_xh, w_hh",
    "recurrent_gradient": "dh, states, w_hh",
    "clip_gradient": "gradient, limit",
}

SLIPS = [
    ("text_conv", [SIZE, EACH_WINDOW.format("length - k")], "The last window is missing"),
    ("text_conv", [SIZE, EACH_WINDOW.format("length - k - 1")], "Two windows are missing"),
    (
        "text_conv",
        ["k = weight.shape[2]", "places = range(max(len(x) - k + 1, 0))",
         "return np.array([[x[i : i + k].sum() * f.sum() for i in places] for f in weight])"],
        "slide along the numbers of the embedding",
    ),
    ("text_conv", [WINDOWS, "return np.einsum('clj,kcj->kcl', windows, weight)"], "of its own"),
    ("text_conv", [WINDOWS, "return np.einsum('clj,kcj->lk', windows, weight)"], "exchanged"),
    ("max_over_time", ["return y.max(axis=2)"], "windows of the padding take part"),
    ("max_over_time", ["return (y * mask[:, None]).max(axis=2)"], "became 0"),
    ("max_over_time", ["return np.where(mask[:, None], y, 0).max(axis=2)"], "became 0"),
    ("max_over_time", ["return np.where(mask[:, None], -np.inf, y).max(axis=2)"], "of the padding"),
    ("causal_filter", ["return np.correlate(x, kernel, 'same')"], "still to come"),
    ("causal_filter", ["return np.convolve(x, kernel, 'same')"], "np.convolve turns kernels"),
    ("causal_filter", ["return np.convolve(x, kernel)[: len(x)]"], "turned round"),
    ("causal_filter", ["return np.correlate(x, kernel, 'valid')"], "no padding"),
    (
        "recurrent_states",
        [STATES, "for value in x:", "    h[:] = np.tanh(w_xh @ value + w_hh @ h)",
         "    states.append(h)", "return np.array(states)"],
        "put a copy there",
    ),
    (
        "recurrent_states",
        [STATES, "for value in x:", "    states.append(h)", NEXT, "return np.array(states)"],
        "the last state is missing",
    ),
    ("recurrent_states", ["return np.tanh(x @ w_xh.T)"], "its own input alone"),
    (
        "recurrent_gradient",
        ["return np.outer(dh * (1 - states[-1] ** 2), states[-2] if len(states) > 1 else 0 * dh)"],
        "the last step alone",
    ),
    (
        "recurrent_gradient",
        [*BACK, "    gradient += np.outer(dz, states[t - 1])", HAND, "return gradient"],
        "−1 counts from the end",
    ),
    (
        "recurrent_gradient",
        [*BACK, "    if t:", "        gradient = np.outer(dz, states[t - 1])", HAND,
         "return gradient"],
        "must be added",
    ),
    (
        "recurrent_gradient",
        [*BACK, "    if t:", "        gradient += np.outer(dz, states[t - 1])", "    dh = w_hh @ dz",
         "return gradient"],
        "transpose of w_hh",
    ),
    ("clip_gradient", ["return np.clip(gradient, -limit, limit)"], "the arrow turns"),
    (
        "clip_gradient",
        ["return gradient * limit / np.linalg.norm(gradient)"],
        "Short gradients are made longer",
    ),
    (
        "clip_gradient",
        ["return gradient * min(1, limit / np.linalg.norm(gradient, 2))"],
        "largest singular value",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "said"), SLIPS)
def test_a_slip_is_named(name, body, said):
    room = {"np": np}
    exec("\n    ".join([f"def own({NAMES[name]}):", *body]), room)
    result = check.function(room["own"], name)
    assert result.status == "fail"
    assert said in result.message
