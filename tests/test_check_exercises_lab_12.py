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
    ("causal_filter", ["return np.convolve(x, kernel, 'same')"], "np.convolve flips kernels"),
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
    ("clip_gradient", ["return np.clip(gradient, -limit, limit)"], "the direction changes"),
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
    ("text_conv", [SIZE, EACH_WINDOW.format("length - k + 1").replace(").sum()", ").max()")],
     "largest product"),
    ("text_conv", [WINDOWS, "return np.tanh(np.einsum('clj,kcj->kl', windows, weight))"], "a tanh"),
    ("text_conv", ["return np.array([np.convolve(x[0], f[0], 'valid') for f in weight])"],
     "and backwards"),
    ("max_over_time", ["return np.where(mask[:, None], y, -100).max(axis=2)"],
     "some answers are smaller still"),
    ("max_over_time", ["return np.where(mask[:, None], y, np.nan).max(axis=2)"], "NaN takes part"),
    ("max_over_time", ["return y[:, :, : mask.sum(axis=1).min()].max(axis=2)"], "shortest one"),
    ("causal_filter", ["y = x.copy()", "for t in range(len(kernel) - 1, len(x)):",
                       "    y[t] = x[t - len(kernel) + 1 : t + 1] @ kernel", "return y"],
     "left as they were"),
    ("causal_filter", ["pad = len(kernel) - 1", "long = np.pad(x, (pad, 0))",
                       "return np.correlate(long, kernel, 'valid') / kernel.sum()"],
     "divided by its sum"),
    ("causal_filter", ["return np.correlate(np.pad(x, (2, 0)), kernel, 'valid')"], "Two zeros"),
    (
        "recurrent_states",
        [STATES, "for value in x:", NEXT.replace("h = ", "h += "), "    states.append(h)",
         "return np.array(states)"],
        "Write `h = …`",
    ),
    (
        "recurrent_states",
        [STATES, "for value in x:", NEXT.replace("w_hh @ h", "w_hh * h"), "    states.append(h)",
         "return np.array(states)"],
        "Each state is a table",
    ),
    (
        "recurrent_gradient",
        [*BACK, "    if t:", "        gradient += np.outer(dz, states[t - 1])",
         "    dh = w_hh.T @ dh", "return gradient"],
        "has not passed the tanh",
    ),
    (
        "recurrent_gradient",
        [*BACK, "    if t:", "        gradient += dz @ states[t - 1]", HAND, "return gradient"],
        "one number for all",
    ),
    ("clip_gradient", ["return gradient * min(1, np.linalg.norm(gradient) / limit)"],
     "upside down"),
    ("clip_gradient", ["return limit * np.tanh(gradient / limit)"], "is bent by itself"),
    (
        "clip_gradient",
        ["while np.linalg.norm(gradient) > limit:", "    gradient = 0.9 * gradient",
         "return gradient"],
        "bit by bit",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "said"), SLIPS)
def test_a_slip_is_named(name, body, said):
    room = {"np": np}
    exec("\n    ".join([f"def own({NAMES[name]}):", *body]), room)
    result = check.function(room["own"], name)
    assert result.status == "fail"
    assert said in result.message


def test_what_the_first_case_shows_by_luck_is_not_said():
    def own(x, kernel):
        return (1 if len(x) == 9 and len(kernel) == 3 else 2) * -np.correlate(
            np.pad(x, (len(kernel) - 1, 0)), kernel, "valid"
        )

    result = check.function(own, "causal_filter")
    assert "The sign is wrong" not in result.message
    assert "values are not" in result.message


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("12-windows", 23, "no padding"),
        ("12-parameters", 553, "no biases"),
        ("12-third-state", 8, "This is h_1"),
        ("12-slope-by-hand", 11, "not the input"),
    ],
)
def test_a_number_is_named(question, answer, said):
    result = check.number(answer, question)
    assert (result.status, said in result.message) == ("fail", True), result
