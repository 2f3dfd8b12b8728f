"""Batch norm's running mean after some batches in training mode."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array

_AXES = (0, 2, 3)  # all but the channels


def running_mean(start: Array, batches: Array, momentum: float) -> Array:
    """Running mean (C,) after batches (B, N, C, H, W), PyTorch's momentum.

    Examples
    --------
    >>> running_mean(np.array([0.0]), np.full((2, 1, 1, 1, 1), 10.0), 0.1).round(3)
    array([1.9])
    """
    return _run(start, batches, 1 - momentum, momentum)


def _run(start: Array, batches: Array, old: float, new: float) -> Array:
    mean = start
    for batch in batches:
        mean = old * mean + new * batch.mean(axis=_AXES)
    return np.asarray(mean)


def _run_of(of_batch: Callable[..., Any]) -> Callable[..., Array]:
    """Something else of each batch than its mean."""

    def model(start: Array, batches: Array, momentum: float) -> Array:
        kept = start
        for batch in batches:
            kept = (1 - momentum) * kept + momentum * of_batch(batch, axis=_AXES)
        return np.asarray(kept)

    return model


def _given(change: Callable[[Array], Array]) -> Callable[..., Array | None]:
    """Other batches than those handed in, which a single one does not show."""
    return lambda start, batches, momentum: (
        running_mean(start, change(batches), momentum) if len(batches) > 1 else None
    )


def _normal(*shape: int) -> Draw:
    """Batches whose means differ from channel to channel and from one to the next."""

    def draw(rng: np.random.Generator) -> Array:
        shift = rng.normal(0, 2, (shape[0], 1, shape[2], 1, 1))
        return np.asarray(3 + shift + rng.standard_normal(shape))

    return draw


def _start(channels: int) -> Draw:
    return lambda rng: rng.normal(-2, 1, channels)


def _case(words: str, shape: tuple[int, ...], momentum: float) -> Case:
    inputs = {"start": _start(shape[2]), "batches": _normal(*shape), "momentum": momentum}
    return Case(words, inputs)


EXERCISE = Exercise(
    running_mean,
    (
        _case("with a single batch", (1, 4, 3, 5, 2), 0.1),
        _case("with five batches", (5, 3, 2, 4, 4), 0.1),
        _case("with another momentum", (3, 2, 4, 3, 5), 0.3),
        _case("with as many maps as images", (4, 3, 3, 3, 3), 0.2),
    ),
    axes="(C,)",
    values=(
        Misconception(
            "shares exchanged",
            lambda start, batches, momentum: _run(start, batches, momentum, 1 - momentum),
            "Old and new have changed places. In PyTorch the momentum is the share of the *new* "
            "batch.",
        ),
        Misconception(
            "momentum of 0.1",
            lambda start, batches, momentum: _run(start, batches, 0.9, 0.1),
            "The momentum is 0.1, whatever is handed in.",
        ),
        Misconception(
            "halves",
            lambda start, batches, momentum: _run(start, batches, 0.5, 0.5),
            "Old and new count alike. The new batch has the share `momentum`.",
        ),
        Misconception(
            "away from the batch",
            lambda start, batches, momentum: _run(start, batches, 1 + momentum, -momentum),
            "The mean moves away from the batches. It should move towards them.",
        ),
        Misconception(
            "batch alone",
            lambda start, batches, momentum: _run(start, batches, 0, 1),
            "This is the mean of the last batch. It has the share `momentum` only.",
        ),
        Misconception(
            "nothing moved",
            lambda start, batches, momentum: start,
            "The mean has not moved. That is how it is in evaluation mode; here each batch moves "
            "it.",
        ),
        Misconception(
            "from 0",
            lambda start, batches, momentum: _run(0 * start, batches, 1 - momentum, momentum),
            "You began with 0. Begin with `start`.",
        ),
        Misconception(
            "first batch alone",
            _given(lambda batches: batches[:1]),
            "Only the first batch has moved the mean. The others move it on.",
        ),
        Misconception(
            "first batch left out",
            lambda start, batches, momentum: _run(start, batches[1:], 1 - momentum, momentum),
            "The first batch is left out. It moves the mean, too.",
        ),
        Misconception(
            "last batch left out",
            lambda start, batches, momentum: _run(start, batches[:-1], 1 - momentum, momentum),
            "The last batch is left out. It moves the mean, too.",
        ),
        Misconception(
            "last batch alone",
            _given(lambda batches: batches[-1:]),
            "Only the last batch counts, together with the start. Each batch moves what the one "
            "before has left.",
        ),
        Misconception(
            "all batches as one",
            _given(lambda batches: batches.reshape(1, -1, *batches.shape[2:])),
            "All batches together have moved the mean once. Each of them moves it.",
        ),
        Misconception(
            "the mean of the batches",
            lambda start, batches, momentum: batches.mean(axis=(0, 1, 3, 4)),
            "This is the mean of all batches. The running mean keeps a part of what was there "
            "before.",
        ),
        Misconception(
            "backwards",
            _given(lambda batches: batches[::-1]),
            "The batches come in reverse order. The last one weighs most.",
        ),
        Misconception(
            "added",
            lambda start, batches, momentum: _run(start, batches, 1, momentum),
            "The share of the new batch is added, but the old mean keeps all of its weight.",
        ),
        Misconception(
            "old share alone",
            lambda start, batches, momentum: _run(start, batches, 1 - momentum, 0),
            "The old mean shrinks, but nothing of the batches is added.",
        ),
        Misconception(
            "new share whole",
            lambda start, batches, momentum: _run(start, batches, 1 - momentum, 1),
            "The mean of a batch is added whole. It gets the share `momentum`.",
        ),
        Misconception(
            "one mean for all channels",
            _run_of(lambda batch, axis: batch.mean()),
            "Each batch has one mean for all channels. Each channel has its own.",
        ),
        Misconception(
            "sum",
            _run_of(np.sum),
            "You added the values of a channel up. Divide by how many there are.",
        ),
        Misconception(
            "variance",
            _run_of(np.var),
            "You took the variance of each batch. Take the mean.",
        ),
        Misconception(
            "deviation",
            _run_of(np.std),
            "You took the standard deviation of each batch. Take the mean.",
        ),
        Misconception(
            "median",
            _run_of(np.median),
            "You took the median of each batch. Take the mean.",
        ),
        Misconception(
            "largest",
            _run_of(np.max),
            "You took the largest value of each batch. Take the mean.",
        ),
        Misconception(
            "first image alone",
            lambda start, batches, momentum: _run(start, batches[:, :1], 1 - momentum, momentum),
            "Only the first image of each batch counts. Take the mean over all of them.",
        ),
    ),
    shapes=(
        Misconception(
            "after each batch",
            lambda start, batches, momentum: (len(batches), len(start)),
            "The mean after each batch is there. The last one is asked for.",
        ),
        Misconception(
            "of each image",
            lambda start, batches, momentum: batches.shape[1:3],
            "There is a mean for each image. Take it over the images too.",
        ),
    ),
)
