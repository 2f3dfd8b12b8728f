"""Slips that lab 07 invites, in the code of a student: each is named."""

import numpy as np
import pytest

from cnnlab import check, spec

MEAN = "x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2)"
SCALED = "weight[:, None, None] * m + bias[:, None, None]"
NORM = [
    "y, reach = np.empty_like(x), size // 2",
    "for i in range(x.shape[1]):",
    "    near = x[:, {} : i + reach + 1]",
    "    y[:, i] = x[:, i] / {}",
    "return y",
]
NAMES = {
    "subsample": "x, weight, bias",
    "code_distances": "f6, codes",
    "size_of_2012": "size, kernel_size, stride",
    "grouped_conv2d": "x, weight, groups",
    "response_norm": "x, size, alpha, beta, k",
}


def norm(divisor, begin="max(0, i - reach)"):
    return [line.format(begin if "near" in line else divisor) for line in NORM]


GROUPS = "maps, filters = np.split(x, groups, axis=1), np.split(weight, groups)"
SLIPS = [
    ("subsample", [f"m = {MEAN}.sum(axis=(3, 5)) / 2", f"return {SCALED}"], "divided by 2"),
    ("subsample", [f"m = {MEAN}.sum(axis=(3, 5)) // 4", f"return {SCALED}"], "rounded down"),
    ("subsample", [f"m = {MEAN}.mean(axis=(3, 5))", "return weight * m + bias"], "two more axes"),
    ("subsample", [f"m = {MEAN}.mean(axis=(3, 5))", f"return np.tanh({SCALED})"], "activation"),
    (
        "subsample",
        [f"m = {MEAN}.mean(axis=(3, 5))", f"return {SCALED}".replace("weight", "1 / weight")],
        "divided by the weight",
    ),
    (
        "subsample",
        ["m = x.reshape(*x.shape[:2], 2, x.shape[2] // 2, 2, x.shape[3] // 2).mean(axis=(2, 4))",
         f"return {SCALED}"],
        "half a map apart",
    ),
    ("subsample", ["m = (x[:, :, ::2] + x[:, :, 1::2]) / 2", f"return {SCALED}"], "rows are halved"),
    ("code_distances", ["return ((f6[:, None] - codes) ** 2).sum(axis=1)"], "over the classes"),
    ("code_distances", ["return (f6[:, None] ** 2 - codes**2).sum(axis=2)"], "Subtract first"),
    ("code_distances", ["return ((f6[:, None] - codes) * 2).sum(axis=2)"], "are doubled"),
    (
        "code_distances",
        ["return (f6**2).sum(1)[:, None] - f6 @ codes.T + (codes**2).sum(1)"],
        "the 2 is missing",
    ),
    ("size_of_2012", ["return -((size - kernel_size) // stride) + 1"], "minus signs is missing"),
    ("size_of_2012", ["return -(-size // stride) + 1"], "The kernel is missing"),
    ("size_of_2012", ["return size // stride"], "the input divided by the stride"),
    (
        "grouped_conv2d",
        [GROUPS, "return np.concatenate([convolve(m, filters[0]) for m in maps], axis=1)"],
        "filters of the first one",
    ),
    (
        "grouped_conv2d",
        ["return convolve(x, np.concatenate([weight] * groups, axis=1))"],
        "with its weights repeated",
    ),
    (
        "grouped_conv2d",
        ["maps = np.split(x, groups, axis=1)",
         "return np.concatenate([convolve(m, weight) for m in maps], axis=1)"],
        "every group has all filters",
    ),
    ("response_norm", norm("(k + alpha * (near**2).sum(axis=1)) ** beta", "i - reach"), "below 0"),
    ("response_norm", norm("(k + alpha * (near**2).mean(axis=1)) ** beta"), "has their sum"),
    ("response_norm", norm("(k + alpha * near.sum(axis=1) ** 2) ** beta"), "squared afterwards"),
    ("response_norm", norm("(k + alpha * (near**2).sum(axis=1)) * beta"), "it is the exponent"),
    ("response_norm", norm("(k + alpha * (near**2).sum()) ** beta"), "pixels and images"),
    ("response_norm", norm("((k + alpha) * (near**2).sum(axis=1)) ** beta"), "are added first"),
    (
        "response_norm",
        ["x, reach = x.copy(), size // 2", *norm("(k + alpha * (near**2).sum(axis=1)) ** beta")[1:3],
         "    x[:, i] /= (k + alpha * (near**2).sum(axis=1)) ** beta", "return x"],
        "normalised already",
    ),
]  # fmt: skip


def convolve(x, weight):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], (2, 3))
    return np.einsum("nchwij,kcij->nkhw", windows, weight)


@pytest.mark.parametrize(("name", "body", "said"), SLIPS)
def test_a_slip_is_named(name, body, said):
    room = {"np": np, "convolve": convolve}
    exec("\n    ".join([f"def own({NAMES[name]}):", *body]), room)
    result = check.function(room["own"], name)
    assert (result.status, said in result.message) == ("fail", True), result


@pytest.mark.parametrize(
    ("bend", "last", "said"),
    [
        (spec.ReLU(), (), "The activations are ReLU"),
        (spec.Identity(), (), "no activation"),
        (spec.ScaledTanh(), (spec.ScaledTanh(),), "a scaled tanh after the last layer"),
    ],
)
def test_an_activation_of_ciresan_is_named(bend, last, said):
    maps = (spec.Conv(20, 4), bend, spec.MaxPool(2), spec.Conv(40, 5), bend, spec.MaxPool(3))
    own = spec.Chain(*maps, spec.Flatten(), spec.Linear(150), bend, spec.Linear(10), *last)
    result = check.network(own, (1, 29, 29), like="ciresan")
    assert (result.status, said in result.message) == ("fail", True), result
