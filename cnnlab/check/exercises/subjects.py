"""Subjects that labs ask for by name: layers and losses, and the table of them all."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from cnnlab.check.exercises import digit_subjects as digits
from cnnlab.check.exercises import small_subjects as small
from cnnlab.check.exercises.cases import (
    Case,
    Subject,
    far,
    few,
    labels,
    low,
    normal,
    positive,
    wide,
)
from cnnlab.scratch import functional as F
from cnnlab.scratch import losses, naive


def _conv2d() -> Subject:
    def case(words: str, image: Any, weight: Any, **settings: Any) -> Case:
        inputs = {"x": normal(*image), "weight": normal(*weight), "bias": normal(weight[0])}
        return Case(words, inputs, settings)

    large, kernels = (2, 3, 8, 6), (4, 3, 3, 2)
    cases = (
        case("with one image, one channel and one filter", (1, 1, 4, 5), (1, 1, 2, 3)),
        case("with several images, channels and filters", (2, 3, 5, 4), kernels),
        case("with stride 2", large, kernels, stride=2),
        case("with padding 1", (2, 3, 5, 4), kernels, padding=1),
        case("with stride 3 and padding 2", large, kernels, stride=3, padding=2),
        case("with stride 2 and padding 1", (2, 3, 5, 8), (4, 3, 3, 3), stride=2, padding=1),
        case("with dilation 2", large, kernels, dilation=2),
        case("with 2 groups", (2, 4, 5, 4), (6, 2, 3, 2), groups=2),
        case("with 4 groups", (2, 4, 5, 4), (4, 1, 2, 3), groups=4),
        case("with arrays of float32", (2, 3, 5, 4), kernels)._replace(
            dtype=np.float32, needs="float32"
        ),
    )
    asks = ("bias", "stride", "padding")
    both = ("dy", "x", "weight", "stride", "padding", "dilation", "groups")
    return Subject(
        F.conv2d,
        cases,
        "(N, K, H', W')",
        asks,
        F.conv2d_backward,
        mutants="conv2d",
        takes={"dbias": ("dy",), "dweight": both, "dx": both},
    )


def _pool2d(forward: Any, backward: Any, name: str) -> Subject:
    def case(words: str, image: Any, kernel: Any, draw: Any = normal, **settings: Any) -> Case:
        return Case(words, {"x": draw(*image), "kernel_size": kernel}, settings)

    maps = (2, 3, 7, 10)
    cases: tuple[Case, ...] = (
        case("with one map", (1, 1, 4, 6), 2),
        case("with several images and channels", (2, 3, 4, 6), 2),
        case("where the windows do not fit", maps, 3),
        case("with windows that overlap", maps, 3, stride=2),
        case("with windows that leave gaps", maps, 2, stride=3),
        case("with ties", (2, 3, 6, 8), 2, few)._replace(needs="ties"),
        case("with overlapping windows and ties", maps, 3, few, stride=2)._replace(needs="ties"),
        case("with padding 1", maps, 3, stride=2, padding=1),
        case("with padding 1 and numbers far below 0", maps, 3, low, stride=2, padding=1),
        case("with windows that are not square", maps, (2, 3))._replace(needs="not square"),
        case("with policy ceil", maps, 3, stride=2, policy="ceil"),
        case("with policy ceil and stride 3", maps, 2, stride=3, policy="ceil"),
        case("with arrays of float32", (2, 3, 4, 6), 2)._replace(dtype=np.float32, needs="float32"),
    )
    if name == "avg_pool2d":
        inside = case(
            "without counting the padding", maps, 3, stride=2, padding=1, count_include_pad=False
        )
        cases = (*cases[:-1], inside, cases[-1])
    return Subject(forward, cases, "(N, C, H', W')", ("stride", "ties"), backward, mutants=name)


def _elementwise(forward: Any, backward: Any = None, mutants: str = "") -> Subject:
    cases = (
        Case("with a batch", {"x": normal(5, 4)}),
        Case("with maps", {"x": normal(2, 3, 4, 5)}, needs="any shape"),
        Case("with one axis", {"x": normal(6)}, needs="any shape"),
        Case("with zeros among the numbers", {"x": few(5, 4)}),
        Case("with numbers up to 50", {"x": wide(5, 4)}),
        Case("with arrays of float32", {"x": normal(5, 4)}, dtype=np.float32, needs="float32"),
    )
    return Subject(forward, cases, "of x", ("any shape",), backward, mutants=mutants)


def _softmax() -> Subject:
    cases = (
        Case("with one example", {"x": normal(1, 4)}),
        Case("with a batch", {"x": normal(5, 3)}),
        Case("with logits around 1000 and -1000", {"x": far(4, 3)}, needs="large logits"),
        Case("with maps (N, K, H, W)", {"x": normal(2, 3, 4, 5)}, needs="maps"),
        Case("with arrays of float32", {"x": normal(5, 3)}, dtype=np.float32, needs="float32"),
    )
    return Subject(
        F.softmax, cases, "(N, K)", ("large logits",), F.softmax_backward, mutants="softmax"
    )


def _linear() -> Subject:
    def case(words: str, examples: int, features: int, outputs: int) -> Case:
        weight, bias = normal(outputs, features), normal(outputs)
        return Case(words, {"x": normal(examples, features), "weight": weight, "bias": bias})

    cases = (
        case("with one example", 1, 3, 2),
        case("with a batch", 5, 4, 3),
        case("with as many outputs as features", 5, 4, 4),
        case("with arrays of float32", 5, 4, 3)._replace(dtype=np.float32, needs="float32"),
    )
    return Subject(F.linear, cases, "(N, K)", ("bias",), F.linear_backward, mutants="linear")


def _cross_entropy() -> Subject:
    def case(words: str, draw: Any, examples: int, classes: int, **more: Any) -> Case:
        inputs = {"logits": draw(examples, classes), "labels": labels(examples, classes)}
        return Case(words, inputs)._replace(**more)

    cases = (
        case("with one example", normal, 1, 3),
        case("with a batch", normal, 6, 4),
        case("with logits around 1000 and -1000", far, 6, 4, needs="large logits"),
        case("with arrays of float32", normal, 6, 4, dtype=np.float32, needs="float32"),
    )
    forward, backward = losses.cross_entropy, losses.cross_entropy_backward
    return Subject(forward, cases, "", ("large logits",), backward, mutants="cross_entropy")


def _batch_norm() -> Subject:
    def case(words: str, *shape: int, **settings: Any) -> Case:
        count = shape[1]
        inputs = {
            "x": lambda rng: (
                3 * rng.standard_normal(shape)
                + rng.standard_normal(count).reshape((-1, *(1 for _ in shape[2:])))
            ),
            "running_mean": normal(count),
            "running_var": positive(count),
            "weight": positive(count),
            "bias": normal(count),
        }
        return Case(words, inputs, settings)

    cases = (
        case("in training", 6, 3, training=True),
        case("in training, with maps", 3, 4, 2, 3, training=True),
        case("in evaluation", 6, 3, training=False),
        case("in evaluation, with maps", 3, 4, 2, 3, training=False),
        case("with eps 0.5", 6, 3, training=True, eps=0.5),
        case("with momentum 0.3", 6, 3, training=True, momentum=0.3),
        case("with arrays of float32", 6, 3, training=True)._replace(
            dtype=np.float32, needs="float32"
        ),
    )
    return Subject(
        F.batch_norm,
        cases,
        "of x",
        ("bias", "training", "eps", "momentum"),
        F.batch_norm_backward,
        ("running_mean", "running_var"),
        mutants="batch_norm",
    )


SUBJECTS: dict[str, Callable[[], Subject]] = {
    "accuracy": small.accuracy_subject,
    "avg_pool2d": lambda: _pool2d(F.avg_pool, F.avg_pool_backward, "avg_pool2d"),
    "batch_norm": _batch_norm,
    "confusion_matrix": digits.confusion_subject,
    "conv2d": _conv2d,
    "convolve1d": lambda: small.slide_subject(naive.convolve1d, (7,), (3,), "(L',)"),
    "convolve2d": lambda: small.slide_subject(naive.convolve2d, (5, 7), (2, 3), "(H', W')"),
    "cross_correlate1d": lambda: small.slide_subject(naive.cross_correlate1d, (7,), (3,), "(L',)"),
    "cross_correlate2d": lambda: small.slide_subject(
        naive.cross_correlate2d, (5, 7), (2, 3), "(H', W')"
    ),
    "cross_correlate_channels": small.channels_subject,
    "cross_entropy": _cross_entropy,
    "im2col": small.im2col_subject,
    "input_gradient": small.input_gradient_subject,
    "linear": _linear,
    "max_pool2d": lambda: _pool2d(F.max_pool, F.max_pool_backward, "max_pool2d"),
    "mse_loss": small.mse_subject,
    "normalize": digits.normalize_subject,
    "one_hot": small.one_hot_subject,
    "output_size": small.output_size_subject,
    "pad2d": small.pad2d_subject,
    "prepare_images": digits.prepare_subject,
    "relu": lambda: _elementwise(F.relu, F.relu_backward, "relu"),
    "sigmoid": lambda: _elementwise(F.sigmoid, F.sigmoid_backward),
    "softmax": _softmax,
    "tanh": lambda: _elementwise(F.tanh, F.tanh_backward),
    "windows": small.windows_subject,
}


def subject(name: str, asks: Iterable[str] | None = None) -> Subject:
    """Look a subject up by its name, reduced to the cases of a question.

    Parameters
    ----------
    name : str
        One of ``SUBJECTS``.
    asks : iterable of str, optional
        Optional arguments and abilities asked for; "all" of them, or the usual ones.

    Returns
    -------
    Subject

    Raises
    ------
    ValueError
        If there is no such subject or it has no such argument.

    Examples
    --------
    >>> [case.words for case in subject("linear").cases][:2]
    ['with one example', 'with a batch']
    """
    if name not in SUBJECTS:
        raise ValueError(
            f"name must be one of {', '.join(SUBJECTS)}, not {name!r}. Choose one of these."
        )
    found = SUBJECTS[name]()
    if isinstance(asks, str) and asks != "all":
        asks = [asks]
    wanted = found.optional() if asks == "all" else set(found.asks if asks is None else asks)
    unknown = sorted(wanted - found.optional())
    if unknown:
        known = ", ".join(sorted(found.optional())) or "nothing"
        raise ValueError(
            f"asks must be among {known} for {name}, not {', '.join(unknown)}. Correct the names."
        )
    return found._replace(cases=found.chosen(wanted))
