"""Inverted dropout with a given mask: what is kept grows, so that the mean stays as it was."""

from typing import Any, NamedTuple

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import generic
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


class DropoutCache(NamedTuple):
    """What the backward pass needs.

    Attributes
    ----------
    mask : (N, K) array
        1 where a unit is kept, 0 where it is dropped.
    rate : float
        Share that is dropped; 0 at test time.
    """

    mask: Array
    rate: float


def dropout(
    x: Array, mask: Array, rate: float, training: bool = True
) -> tuple[Array, DropoutCache]:
    """Drop where the mask is 0 and divide the rest by 1 − rate; at test time do nothing.

    Examples
    --------
    >>> dropout(np.array([2.0, 4, 6, 8]), np.array([1, 0, 1, 0]), 0.5)[0]
    array([ 4.,  0., 12.,  0.])
    """
    if not training:
        return x.copy(), DropoutCache(np.ones_like(mask), 0.0)
    return np.asarray(x * mask / (1 - rate)), DropoutCache(mask, rate)


def dropout_backward(dy: Array, cache: DropoutCache) -> Array:
    """The gradient of x: through the same mask, with the same scale.

    Examples
    --------
    >>> dropout_backward(np.ones(2), DropoutCache(np.array([1, 0]), 0.5))
    array([2., 0.])
    """
    kept: Array = dy * cache.mask / (1 - cache.rate)
    return kept


def _mask(examples: int, units: int, dropped: int) -> Draw:
    """Rows that drop the same number of units, the first two never the same ones."""

    def draw(rng: np.random.Generator) -> Array:
        row = rng.permutation(np.arange(units) >= dropped)
        rows = [
            row if i == 0 else np.roll(row, 1) if i == 1 else rng.permutation(row)
            for i in range(examples)
        ]
        return np.array(rows, dtype=np.int8)

    return draw


def _case(
    words: str,
    examples: int,
    units: int,
    dropped: int,
    rate: float | None = None,
    **settings: Any,
) -> Case:
    """A step whose mask drops just its share, unless another rate is given."""
    inputs = {
        "x": normal(examples, units),
        "mask": _mask(examples, units, dropped),
        "rate": dropped / units if rate is None else rate,
    }
    return Case(words, inputs, settings)


def _where_training(model: Any) -> Any:
    """A misconception of training alone."""
    return lambda x, mask, rate, training=True: model(x, mask, rate) if training else None


EXERCISE = Exercise(
    dropout,
    (
        _case("with one unit of five dropped", 4, 5, 1),
        _case("with three quarters dropped", 3, 8, 6),
        _case("with half of the units dropped", 6, 4, 2),
        _case("with a mask that drops more than its share", 4, 5, 2, rate=0.2),
        _case("at test time", 4, 5, 1, training=False),
        _case("with arrays of float32", 4, 5, 1)._replace(dtype=np.float32, needs="float32"),
    ),
    axes="(N, K)",
    asks=("training",),
    backward=dropout_backward,
    takes={"dx": ("dy", "mask", "rate")},
    values=(
        Misconception(
            "share of the mask",
            _where_training(lambda x, mask, rate: x * mask / mask.mean()),
            "You divided by the share that this very mask keeps. By chance it keeps more or less "
            "than 1 − rate, which is what divides.",
        ),
        Misconception(
            "not scaled",
            _where_training(lambda x, mask, rate: x * mask),
            "What is kept has its old size, so the sums that read it are too small. Inverted "
            "dropout divides by the share that is kept.",
        ),
        Misconception(
            "rate taken for keep",
            _where_training(lambda x, mask, rate: x * mask / rate),
            "You divided by the rate, the share that is dropped. Divide by the share that is kept.",
        ),
        Misconception(
            "multiplied by the share that is kept",
            _where_training(lambda x, mask, rate: x * mask * (1 - rate)),
            "You multiplied by the share that is kept, which makes small what is left: divide.",
        ),
        Misconception(
            "mask turned",
            _where_training(lambda x, mask, rate: x * (1 - mask) / (1 - rate)),
            "Where the mask is 1, a unit is kept; here it is dropped.",
        ),
        Misconception(
            "nothing dropped",
            _where_training(lambda x, mask, rate: x / (1 - rate)),
            "Everything is scaled and nothing dropped: where does the mask enter?",
        ),
        Misconception(
            "one mask for the batch",
            _where_training(lambda x, mask, rate: x * mask[:1] / (1 - rate)),
            "The mask of the first example is used for all: each has a mask of its own.",
        ),
        Misconception(
            "dropped at test time",
            lambda x, mask, rate, training=True: x * mask / (1 - rate),
            "Units are dropped at test time too. Then everything should pass as it is.",
        ),
        Misconception(
            "scaled at test time",
            lambda x, mask, rate, training=True: None if training else x * (1 - rate),
            "At test time the units are scaled. Inverted dropout has done this in training.",
        ),
        Misconception(
            "scaled at test time only",
            lambda x, mask, rate, training=True: x * mask if training else x * (1 - rate),
            "This is dropout in its first form, which scales at test time. Inverted dropout "
            "divides in training, and then leaves x alone.",
        ),
        Misconception(
            "scaled up at test time",
            lambda x, mask, rate, training=True: None if training else x / (1 - rate),
            "At test time nothing is dropped, so nothing must be made up for: do not divide.",
        ),
        Misconception(
            "never drops",
            lambda x, mask, rate, training=True: x.copy(),
            "x comes back as it was: in training the mask must drop some of it.",
        ),
    ),
    gradients=(
        Misconception(
            "share of the mask",
            lambda dy, c: dy * c.mask / c.mask.mean(),
            "You divided by the share that this very mask keeps; the forward pass divides by "
            "1 − rate.",
        ),
        *generic.gradients(dropout_backward),
        Misconception(
            "mask not reused",
            lambda dy, cache: dy / (1 - cache.rate),
            "What was dropped gets a gradient: use the mask of the forward pass again.",
        ),
        Misconception(
            "identity backward",
            lambda dy, cache: dy.copy(),
            "The upstream gradient passes as if nothing had been dropped.",
        ),
        Misconception(
            "gradient not scaled",
            lambda dy, cache: dy * cache.mask,
            "The forward pass divides by the share that is kept, so the gradient must, too.",
        ),
        Misconception(
            "gradient divided by the rate",
            lambda dy, cache: dy * cache.mask / cache.rate if cache.rate else None,
            "It is divided by the rate. The forward pass divides by the share that is kept.",
        ),
        Misconception(
            "gradient multiplied by the share that is kept",
            lambda dy, cache: dy * cache.mask * (1 - cache.rate) if cache.rate else None,
            "It is multiplied by the share that is kept. The forward pass divides by this share, "
            "and so must the gradient.",
        ),
        Misconception(
            "mask turned backward",
            lambda dy, cache: None if not cache.rate else dy * (1 - cache.mask) / (1 - cache.rate),
            "The gradient passes where a unit was dropped, and stops where it was kept.",
        ),
        *generic.batches(dropout_backward),
    ),
)
