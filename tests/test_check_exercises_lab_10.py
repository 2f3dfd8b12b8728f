"""Slips that lab 10 invites, in the code of a student and with a pencil: each is named."""

import numpy as np
import pytest

from cnnlab import check

NAMES = {
    "occlusion": "score, x, patch, stride, fill",
    "score_gradient": "x, w1, w2",
    "grad_cam": "maps, slopes",
    "integrated_gradients": "gradient, x, baseline, steps",
    "class_score": "logits, targets",
    "share_of_largest": "values",
    "as_trained": "pixels",
}


def covering(rows, columns, fall="score(x) - score(covered)"):
    return [
        "height, width = ((side - patch) // stride + 1 for side in x.shape)",
        "falls = np.zeros((height, width))",
        "for i, j in np.ndindex(height, width):",
        "    covered = x.copy()",
        f"    covered[{rows}, {columns}] = fill",
        f"    falls[i, j] = {fall}",
        "return falls",
    ]


def walking(
    share="(step + 0.5) / steps", at="baseline + share * (x - baseline)", steps="range(steps)"
):
    return [
        "total = np.zeros_like(x)",
        f"for step in {steps}:",
        f"    share = {share}",
        f"    total = total + gradient({at})",
        "return (x - baseline) * total / steps",
    ]


AT = "i * stride : i * stride + patch", "j * stride : j * stride + patch"
OPEN = "through = w1 @ x > 0"
MEAN = "w = slopes.mean(axis=(1, 2))[:, None, None]"
ABOVE = ["above = np.maximum(values, 0)", "largest = above.max()"]
PICKED = "picked = logits[np.arange(len(logits)), targets]"

SLIPS = [
    ("occlusion", covering("i * patch : i * patch + patch", "j * patch : j * patch + patch"),
     "lie side by side"),
    ("occlusion", covering(f"{AT[0]} - 1", f"{AT[1]} - 1"), "ends before its end"),
    ("occlusion", covering(*AT[::-1]), "counts down"),
    ("occlusion", covering(*AT, "score(x) / score(covered)"), "are divided"),
    ("score_gradient", ["return w2 @ np.maximum(w1, 0)"], "weights are cut off"),
    ("score_gradient", ["return (w2 * np.sign(w1 @ x)) @ w1"], "multiplied by the sign"),
    ("score_gradient", [OPEN, "for k in range(len(w2)):", "    if through[k]:",
                        "        return w2[k] * w1[k]"], "inside the loop"),
    ("grad_cam", [MEAN, "return (w * np.maximum(maps, 0)).sum(axis=0)"], "and not their sum"),
    ("grad_cam", [MEAN, "k = w.argmax()", "return np.maximum(w.max() * maps[k], 0)"],
     "largest weight"),
    ("integrated_gradients", walking(share="step + 0.5 / steps"), "Only the 0.5"),
    ("integrated_gradients", walking(at="share * (x - baseline)"), "Add the baseline"),
    ("integrated_gradients", walking(steps="range(1, steps)"), "first step is left out"),
    ("class_score", [PICKED, "return np.exp(picked)"], "exponentials"),
    ("class_score", [PICKED, "return picked[:, None]"], "in a column"),
    ("class_score", ["return logits[0, targets]"], "from the first image"),
    ("share_of_largest", [*ABOVE, "return above / (largest + 1e-3)"], "becomes fainter"),
    ("share_of_largest", [*ABOVE, "return above / max(largest, 1e-3)"], "that is small"),
    ("share_of_largest", [*ABOVE, "return above / largest if largest > 0 else 0.0"],
     "a single number comes out"),
    ("share_of_largest", [*ABOVE, "return np.minimum(above, 1)"], "above 1 is cut off"),
    ("as_trained", ["return ((pixels[..., ::-1] - 128) / 128).transpose(2, 0, 1)"],
     "cannot be negative"),
    ("as_trained", ["return (pixels[..., ::-1] / 127.5).transpose(2, 0, 1)"], "Subtract 1"),
    ("as_trained", ["return (pixels[..., [2, 0, 1]] / 127.5 - 1).transpose(2, 0, 1)"],
     "in another order"),
]  # fmt: skip


def made(name, body):
    room = {"np": np}
    exec("\n    ".join([f"def own({NAMES[name]}):", *body]), room)
    return room["own"]


@pytest.mark.parametrize(("name", "body", "said"), SLIPS)
def test_a_slip_is_named(name, body, said):
    result = check.function(made(name, body), name)
    assert (result.status, said in result.message) == ("fail", True), result


@pytest.mark.parametrize("last", ["above / (largest + 1e-8)", "above / max(largest, 1e-12)"])
def test_a_tiny_number_that_keeps_from_dividing_by_0_does_no_harm(last):
    assert check.function(made("share_of_largest", [*ABOVE, f"return {last}"]), "share_of_largest")


@pytest.mark.parametrize("answer", ["12 %", "12", 12, 12.0])
def test_a_percentage_may_bring_its_sign(answer):
    assert check.number(answer, "10-gap")


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("10-passes", 121, "one place too many"),
        ("10-passes", 20, "added the places"),
        ("10-guided", 28, "that unit's own weight"),
        ("10-guided", 2, "This is the pixel"),
        ("10-gap", 8, "how much is gained"),
        ("10-gap", 0.88, "How much is missing"),
    ],
)
def test_a_number_is_named(question, answer, said):
    result = check.number(answer, question)
    assert (result.status, said in result.message) == ("fail", True), result
