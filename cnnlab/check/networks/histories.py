"""The history of a training run: how it is read, and what held the run back."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from cnnlab.check.core.answers import kind
from cnnlab.check.core.arrays import to_array
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result

Curves = dict[str, list[float]]


class Run(NamedTuple):
    """A history to judge.

    Attributes
    ----------
    curves : dict of lists
        Metrics by name, one value an epoch.
    metric : str
        The one with a threshold.
    at_least : float
        The threshold.
    classes : int
    epochs : int, optional
        How many the task allows.
    restored : int, optional
        The epoch whose weights were put back at the end.
    """

    curves: Curves
    metric: str
    at_least: float
    classes: int
    epochs: int | None = None
    restored: int | None = None

    @property
    def good(self) -> bool:
        """Whether the metric ends at the threshold or above, rounding of a float32 aside."""
        return self.of(self.metric)[-1] >= self.at_least - 1e-6

    def of(self, name: str) -> list[float]:
        """A metric; empty if it was not recorded."""
        return self.curves.get(name, [])

    @property
    def chance(self) -> float:
        """Loss of a network that gives every class the same probability."""
        return math.log(self.classes)

    @property
    def floor(self) -> float:
        """Least loss if probabilities are given to a loss that expects logits."""
        return math.log(1 + (self.classes - 1) / math.e)


def _loss_not_finite(run: Run) -> bool:
    return not all(map(math.isfinite, run.of("loss") + run.of("val_loss")))


def _loss_starts_high(run: Run) -> bool:
    # Three times: the first epoch's mean lies below the loss before the first step.
    return bool(run.of("loss")) and run.of("loss")[0] > 3 * run.chance


def _steps_too_large(run: Run) -> bool:
    rate = run.of("learning_rate")  # a tenth is too much for Adam, but not always for others
    return bool(rate) and rate[0] >= 0.1 and (_loss_starts_high(run) or _only_guesses(run))


def _loss_does_not_fall(run: Run) -> bool:
    loss = run.of("loss")
    return len(loss) > 1 and loss[-1] > 0.98 * loss[0]


def _only_guesses(run: Run) -> bool:
    last = run.of("loss")[-1:]
    return bool(last) and abs(last[0] - run.chance) < 0.02 * run.chance


def _softmax_twice(run: Run) -> bool:
    loss, right = run.of("loss"), run.of("accuracy") or run.of(run.metric)
    stuck = bool(loss) and run.floor * 0.99 < loss[-1] < run.chance * 0.98
    return stuck and bool(right) and right[-1] > 0.6


def _percent(run: Run) -> bool:
    return "accuracy" in run.metric and max(run.of(run.metric), default=0) > 1


def _labels_shuffled(run: Run) -> bool:
    seen, new = run.of("accuracy"), run.of("val_accuracy")
    return bool(seen and new) and seen[-1] > 0.8 and new[-1] < 2 / run.classes


def _by_heart(run: Run) -> bool:
    seen, new = run.of("accuracy"), run.of("val_accuracy")
    return bool(seen and new) and run.metric.startswith("val") and seen[-1] - new[-1] > 0.1


def _got_worse(run: Run) -> bool:
    values = run.of(run.metric)
    return bool(values) and max(values) >= run.at_least > values[-1] + 1e-6


def _still_rising(run: Run) -> bool:
    values = run.of(run.metric)
    return len(values) > 1 and values[-1] == max(values) and values[-1] > values[-2] + 1e-3


MISCONCEPTIONS: tuple[Misconception[Run], ...] = (
    Misconception(
        "loss not finite",
        _loss_not_finite,
        "The loss becomes NaN or infinite: is the learning rate too high, or an image not scaled?",
    ),
    Misconception(
        "accuracy in percent",
        _percent,
        "The accuracy is above 1, so it is in percent; give a share from 0 to 1.",
    ),
    Misconception(
        "learning rate far too high",
        _steps_too_large,
        "The steps are so large that the network learns nothing: the learning rate is far too "
        "high. A few thousandths suit Adam.",
    ),
    Misconception(
        "loss starts far above log(classes)",
        _loss_starts_high,
        "The loss starts far above the logarithm of the number of classes, which costs a network "
        "that knows nothing: are the images scaled to [0, 1], the initial weights small?",
    ),
    Misconception(
        "softmax before a loss of logits",
        _softmax_twice,
        "Most answers are right, but the loss stays high: it ends where probabilities are given "
        "to a loss that expects logits. Is there a softmax at the end of the network?",
    ),
    Misconception(
        "labels of one set shuffled",
        _labels_shuffled,
        "The training images are known and the others are guessed: do images and labels of the "
        "validation set still belong together, and are they scaled as in training?",
    ),
    Misconception(
        "only guesses",
        _only_guesses,
        "The loss stays at the logarithm of the number of classes, so the network only guesses: "
        "do images and labels belong together, and do gradients arrive?",
    ),
    Misconception(
        "loss does not fall",
        _loss_does_not_fall,
        "The loss does not fall: look at the learning rate, and whether the optimiser has the "
        "parameters of this network.",
    ),
    Misconception(
        "got worse again",
        _got_worse,
        "The threshold was reached and lost again: keep the weights of the best epoch.",
    ),
    Misconception(
        "memorised",
        _by_heart,
        "The network has memorised the training images, and does much worse on new ones: that is overfitting.",
    ),
    Misconception(
        "stopped too early",
        lambda run: run.epochs is None and _still_rising(run),
        "It was still rising when training ended: give it more epochs, or larger steps.",
    ),
    Misconception(
        "steps too small",
        lambda run: run.epochs is not None and _still_rising(run),
        "It was still rising when training ended: a larger learning rate, or smaller batches, "
        "get further in as many epochs.",
    ),
)
"""What holds a training run back, the most telling sign first; models say whether it is there."""


def _curves(answer: Any) -> Curves | Result:
    record = getattr(answer, "history", answer)
    if not isinstance(record, Mapping):
        return Result(
            "fail",
            f"This asks for the history of a training run, and this is {kind(answer)}.",
            "Give what fit returns, or a dict of lists, one value an epoch.",
        )
    curves: Curves = {}
    for name, values in record.items():
        array = to_array(values, f"metric {name}")
        if isinstance(array, Result):
            return array
        if array.dtype.kind == "b":
            return Result("fail", f"The metric {name} must hold numbers, not truth values.")
        if array.ndim != 1:
            return Result("fail", f"The metric {name} must be a list with one value an epoch.")
        curves[str(name)] = [float(value) for value in array]
    return curves


def read_run(
    answer: Any, metric: str, at_least: float, classes: int, epochs: int | None
) -> Run | Result:
    """Read a history, or say why it is none."""
    curves = _curves(answer)
    if isinstance(curves, Result):
        return curves
    lengths = {len(values) for values in curves.values()}
    if "loss" not in curves or lengths != {seen := len(curves["loss"])} or not seen:
        says = "A history has a loss and other metrics, each with one value an epoch."
        return Result("fail", says, "Give what fit returns.")
    if epochs is not None and seen != epochs:
        says = f"This is the history of a run with {seen} epochs, and the task asks for {epochs}."
        return Result("fail", says, "Is it that of another step?")
    restored = getattr(answer, "restored_epoch", None)
    run = Run(curves, metric, at_least, classes, epochs, restored)
    if not run.of(metric):
        known = ", ".join(curves) or "nothing"
        return Result("fail", f"The history has no {metric}; it has {known}.")
    return run
