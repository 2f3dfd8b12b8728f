"""Early stopping: the epoch with the lowest validation loss, and the epoch that training ends after."""

from collections.abc import Sequence

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def early_stopping(losses: Sequence[float], patience: int) -> Array:
    """Best epoch and last epoch, counted from 1: training ends `patience` epochs after a low.

    Examples
    --------
    >>> early_stopping([0.9, 0.6, 0.5, 0.7, 0.6, 0.4], 2)
    array([3, 5])
    """
    return _stopped(losses, patience)


def _stopped(losses: Sequence[float], patience: int, equal: bool = False) -> Array:
    """A new low must be lower, or equal will do."""
    best = 0
    for epoch, loss in enumerate(losses):
        if epoch and (loss <= losses[best] if equal else loss < losses[best]):
            best = epoch
        if epoch - best == patience:
            break
    return np.array([best + 1, epoch + 1])


def _from_the_last_fall(losses: Sequence[float], patience: int) -> Array:
    """Patience counts epochs in a row that are no better than the epoch before."""
    rises, last = 0, len(losses)
    for epoch in range(1, len(losses)):
        rises = 0 if losses[epoch] < losses[epoch - 1] else rises + 1
        if rises == patience:
            last = epoch + 1
            break
    return np.array([int(np.argmin(losses[:last])) + 1, last])


def _never_reset(losses: Sequence[float], patience: int) -> Array:
    """Patience is used up for good by every epoch without a new low."""
    best, bad = 0, 0
    for epoch, loss in enumerate(losses):
        if epoch and loss < losses[best]:
            best = epoch
        elif epoch:
            bad += 1
        if bad == patience:
            break
    return np.array([best + 1, epoch + 1])


def _by_the_lowest_of_all(losses: Sequence[float], patience: int) -> Array:
    """Patience is counted from the lowest of all losses, be it reached or not."""
    best = int(np.argmin(losses)) + 1
    return np.array([best, min(best + patience, len(losses))])


def _only_rises(losses: Sequence[float], patience: int) -> Array:
    """An epoch uses patience up only if its loss is above that of the epoch before."""
    best, rises = 0, 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best, rises = epoch, 0
        elif epoch:
            rises += loss > losses[epoch - 1]
        if rises == patience:
            break
    return np.array([best + 1, epoch + 1])


def _told(*losses: float) -> Draw:
    """A list, as in the lab's example: a student may ask it for its index."""
    return lambda rng: list(losses)


EXERCISE = Exercise(
    early_stopping,
    (
        Case(
            "with a loss that falls and rises",
            {"losses": _told(0.8, 0.5, 0.4, 0.6, 0.7, 0.9, 0.3), "patience": 3},
        ),
        Case(
            "with a loss that goes up and down",
            {"losses": _told(0.9, 0.5, 0.7, 0.6, 0.8, 0.7, 0.75, 0.4), "patience": 3},
        ),
        Case(
            "with new lows in time",
            {"losses": _told(0.9, 0.95, 0.7, 0.8, 0.6, 0.65, 0.5, 0.7, 0.8, 0.9), "patience": 2},
        ),
        Case(
            "with the same loss twice",
            {"losses": _told(0.9, 0.5, 0.6, 0.5, 0.7, 0.8), "patience": 3},
        ),
        Case("where patience never runs out", {"losses": _told(0.9, 0.7, 0.8, 0.6), "patience": 3}),
        Case("where it only rises", {"losses": _told(0.3, 0.4, 0.5, 0.6), "patience": 2}),
        Case("with patience 1", {"losses": _told(0.9, 0.8, 0.85, 0.2), "patience": 1}),
        Case(
            "with losses that lie close together",
            {"losses": _told(0.5, 0.4999, 0.4998, 0.49985, 0.4998, 0.3), "patience": 2},
        ),
    ),
    axes="best epoch, last epoch",
    values=(
        Misconception(
            "counted from the last fall",
            _from_the_last_fall,
            "Patience starts again whenever the loss is lower than in the epoch before. It counts "
            "from the best epoch of all.",
        ),
        Misconception(
            "never reset",
            _never_reset,
            "Every epoch without a new low uses patience up for good. A new low starts it again.",
        ),
        Misconception(
            "one epoch too late",
            lambda losses, patience: early_stopping(losses, patience + 1),
            "Training goes on for one epoch too many: after `patience` epochs without a new low "
            "it ends.",
        ),
        Misconception(
            "one epoch too early",
            lambda losses, patience: (
                early_stopping(losses, patience - 1) if patience > 1 else np.array([1, 1])
            ),
            "Training ends one epoch too early: the epoch of the low itself does not count.",
        ),
        Misconception(
            "epochs from 0",
            lambda losses, patience: early_stopping(losses, patience) - 1,
            "Both are one too small: epochs count from 1.",
        ),
        Misconception(
            "best from 0",
            lambda losses, patience: early_stopping(losses, patience) - [1, 0],
            "The best epoch is one too small: epochs count from 1.",
        ),
        Misconception(
            "last from 0",
            lambda losses, patience: early_stopping(losses, patience) - [0, 1],
            "The last epoch is one too small: epochs count from 1.",
        ),
        Misconception(
            "equal is better",
            lambda losses, patience: _stopped(losses, patience, equal=True),
            "A loss as low as the best one counts as a new low here. It must be lower.",
        ),
        Misconception(
            "never stops",
            lambda losses, patience: np.array([np.argmin(losses) + 1, len(losses)]),
            "It looks at all losses, also at those that training never reaches. When patience has "
            "run out, nobody knows what would have come.",
        ),
        Misconception(
            "looks ahead",
            lambda losses, patience: np.array(
                [np.argmin(losses) + 1, early_stopping(losses, patience)[1]]
            ),
            "The best epoch is looked for among all losses, also among those that training never "
            "reaches.",
        ),
        Misconception(
            "counted from the lowest of all",
            _by_the_lowest_of_all,
            "The best epoch is looked for among all losses, also among those that training never "
            "reaches.",
        ),
        Misconception(
            "only rises",
            _only_rises,
            "Only epochs whose loss has risen use patience up. Every epoch without a new low does.",
        ),
        Misconception(
            "exchanged",
            lambda losses, patience: early_stopping(losses, patience)[::-1],
            "The two have changed places: first the best epoch, then the last.",
        ),
        Misconception(
            "last weights",
            lambda losses, patience: early_stopping(losses, patience)[[1, 1]],
            "The best epoch is not the last one: that is why its weights must be put back.",
        ),
        Misconception(
            "first rise",
            lambda losses, patience: early_stopping(losses, 1),
            "It ends at the first epoch without a new low, whatever the patience.",
        ),
        Misconception(
            "loss for epoch",
            lambda losses, patience: np.take(losses, early_stopping(losses, patience) - 1),
            "These are losses; the numbers of their epochs are asked for.",
        ),
        Misconception(
            "lowest loss",
            lambda losses, patience: np.array(
                [
                    losses[early_stopping(losses, patience)[0] - 1],
                    early_stopping(losses, patience)[1],
                ]
            ),
            "The first is the lowest loss; the number of its epoch is asked for.",
        ),
    ),
    shapes=(
        Misconception(
            "one alone",
            lambda losses, patience: (),
            "One number comes back: return the best epoch and the last one.",
        ),
    ),
)
