"""A filter that never reads what comes later."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import few, normal
from cnnlab.scratch.functional.checks import Array


def causal_filter(x: Array, kernel: Array) -> Array:
    """Answer at each moment from it and what came before, (L,), (k,) -> (L,).

    The last weight meets the present, and zeros stand before the beginning.

    Source: A. van den Oord and others, *WaveNet: A Generative Model for Raw Audio*, 2016.

    Examples
    --------
    >>> causal_filter(np.array([1.0, 2, 3]), np.array([10.0, 1]))
    array([ 1., 12., 23.])
    """
    return _padded(x, kernel, len(kernel) - 1)


def _padded(x: Array, kernel: Array, before: int, **kind: str) -> Array:
    """The filter with so many of its k − 1 padded places in front."""
    after = len(kernel) - 1 - before
    padded = np.pad(x, (before, after), **kind)  # type: ignore[call-overload]
    return np.correlate(padded, kernel, "valid")


def _mirrored(x: Array, kernel: Array) -> Array:
    return _padded(x, kernel, len(kernel) - 1, mode="reflect")


def _with_first_weights(x: Array, kernel: Array) -> Array:
    """Where the kernel hangs over the beginning, its first weights on what is there."""
    ends = range(1, len(x) + 1)
    seen = (x[max(0, end - len(kernel)) : end] for end in ends)
    return np.array([part @ kernel[: len(part)] for part in seen])


def _by_sum(x: Array, kernel: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(causal_filter(x, kernel) / kernel.sum())


def _oldest(x: Array, kernel: Array) -> Array:
    reach = np.minimum(np.arange(len(x)), len(kernel) - 1)
    return np.asarray(kernel[-1 - reach] * x[np.arange(len(x)) - reach])


def _case(words: str, length: int, k: int) -> Case:
    return Case(words, {"x": normal(length), "kernel": normal(k)})


EXERCISE = Exercise(
    causal_filter,
    (
        Case("with small whole numbers", {"x": few(9), "kernel": few(3)}),
        _case("with three weights", 7, 3),
        _case("with an even number of weights", 9, 4),
        _case("with a single weight", 5, 1),
        _case("with as many weights as moments", 5, 5),
    ),
    axes="(L,)",
    values=(
        Misconception(
            "same",
            lambda x, k: _padded(x, k, len(k) // 2),
            "The padding is shared between both ends, so the answer reads moments that are still "
            "to come. Put all of it in front.",
        ),
        Misconception(
            "same, less in front",
            lambda x, k: _padded(x, k, (len(k) - 1) // 2),
            "The padding lies at both ends, so the answer reads moments that are still to come. "
            "Put all of it in front.",
        ),
        Misconception(
            "all behind",
            lambda x, k: _padded(x, k, 0),
            "All the padding is at the end, so the answer reads the present and what is still to "
            "come. Put it in front.",
        ),
        Misconception(
            "flipped",
            lambda x, k: np.convolve(x, k)[: len(x)],
            "The kernel is turned round: its first weight meets the present. Here the last one "
            "does.",
        ),
        Misconception(
            "flipped and same",
            lambda x, k: np.convolve(x, k)[(len(k) - 1) // 2 :][: len(x)],
            "The kernel is turned round, and the padding lies at both ends, so that it also reads "
            "what is still to come. np.convolve flips kernels.",
        ),
        Misconception(
            "the past alone",
            lambda x, k: np.concatenate([[0], causal_filter(x, k)[:-1]]),
            "Everything comes one moment too late, since the present is left out. The last weight "
            "meets it.",
        ),
        Misconception(
            "edge repeated",
            lambda x, k: _padded(x, k, len(k) - 1, mode="edge"),
            "The first number is repeated before the beginning. Zeros belong there.",
        ),
        Misconception(
            "mirrored",
            lambda x, k: _mirrored(x, k),
            "The series is mirrored before its beginning. Put zeros there.",
        ),
        Misconception(
            "first moments as they were",
            lambda x, k: np.where(np.arange(len(x)) < len(k) - 1, x, causal_filter(x, k)),
            "The first moments are left as they were. They have an answer as well, with zeros for what was before.",
        ),
        Misconception(
            "first weights at the beginning",
            lambda x, k: _with_first_weights(x, k),
            "At the beginning the first weights are used. The last ones stay there: the others meet zeros.",
        ),
        Misconception(
            "round the end",
            lambda x, k: _padded(x, k, len(k) - 1, mode="wrap"),
            "The end is put before the beginning: those moments come later. Zeros belong there.",
        ),
        Misconception(
            "start left at 0",
            lambda x, k: np.where(np.arange(len(x)) < len(k) - 1, 0, causal_filter(x, k)),
            "The first moments stay at 0. They have an answer as well, with zeros for what was "
            "before.",
        ),
        Misconception(
            "last weight only",
            lambda x, k: x * k[-1],
            "Only the last weight is used. The others meet the moments before.",
        ),
        Misconception(
            "oldest weight only",
            lambda x, k: _oldest(x, k),
            "Each answer holds one product, that of the oldest moment: a sum is overwritten. Add up, `+=`.",
        ),
        Misconception(
            "mean",
            lambda x, k: causal_filter(x, k) / len(k),
            "This is divided by the number of weights. A filter adds up.",
        ),
        Misconception(
            "divided by the sum",
            _by_sum,
            "The kernel is divided by its sum. Leave it as it is.",
        ),
    ),
    shapes=(
        Misconception(
            "no padding",
            lambda x, k: (len(x) - len(k) + 1,),
            "There is no padding, so the first moments have no answer. Put zeros in front, one "
            "fewer than the kernel has weights.",
        ),
        Misconception(
            "padding on both sides",
            lambda x, k: (len(x) + len(k) - 1,),
            "There are more answers than moments: there is padding at the end, too, or nothing is cut off.",
        ),
        Misconception(
            "one zero too many",
            lambda x, k: (len(x) + 1,),
            "There is one answer too many: put one zero fewer in front than the kernel has weights.",
        ),
        Misconception(
            "two zeros always",
            lambda x, k: (max(len(x) + 2 - len(k) + 1, 0),),
            "Two zeros are in front, whatever the kernel is. There is one fewer than it has weights.",
        ),
        Misconception(
            "one number",
            lambda x, k: (),
            "One number comes out, and there is one for each moment.",
        ),
    ),
)
