"""A map made ready for drawing: cut off below 0, and divided by its largest value if it has one."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.draws import few, normal, positive
from cnnlab.scratch.functional.checks import Array


def share_of_largest(values: Array) -> Array:
    """Share of the largest value, 0 where a value is negative; all 0 if none is positive.

    Examples
    --------
    >>> share_of_largest(np.array([[4.0, -2.0], [1.0, 0.0]]))
    array([[1.  , 0.  ],
           [0.25, 0.  ]])
    >>> share_of_largest(np.array([[-1.0, -3.0]]))
    array([[0., 0.]])
    """
    above = np.maximum(values, 0)
    largest = above.max()
    return above / largest if largest > 0 else above


def _divided(values: Array, by: Any) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(values / by)


def _negative(*shape: int) -> Array:
    return -np.linspace(0.5, 3, int(np.prod(shape))).reshape(shape)


def _small(*shape: int) -> Draw:
    """Numbers of the size that gradients have."""
    return lambda rng: 4e-4 * rng.standard_normal(shape)


def _in_both_forms(
    name: str, parts: Callable[[Array], tuple[Array, Any]], sentence: str
) -> tuple[Misconception[Any], ...]:
    """A division as it is, and one that gives 0 where it would divide 0 by 0."""
    return (
        Misconception(name, lambda values: _divided(*parts(values)), sentence),
        Misconception(
            f"{name}, but not by 0",
            lambda values: np.nan_to_num(_divided(*parts(values))),
            sentence,
        ),
    )


_NOTHING = (
    "This divides 0 by 0. Such a map is 0 everywhere: look at the largest value before you divide."
)

EXERCISE = Exercise(
    share_of_largest,
    (
        Case("with a few numbers", {"values": np.array([[4.0, 2.0], [1.0, 3.0]])}),
        Case("with negative numbers", {"values": np.array([[-0.8, 0.5, 0.1], [0.25, -0.1, 0.4]])}),
        Case("with many numbers", {"values": normal(4, 5)}),
        Case("with some equal numbers", {"values": few(5, 6)}),
        Case("with very small numbers", {"values": _small(4, 4)}),
        Case("with positive numbers alone", {"values": positive(3, 4)}),
        Case("where all numbers are negative", {"values": _negative(3, 4)}),
        Case("where all numbers are 0", {"values": np.zeros((3, 3))}),
    ),
    axes="of the map",
    tolerance=1e-4,  # a tiny number added to the largest does no harm
    values=(
        Misconception(
            "divided by nothing",
            lambda values: _divided(np.maximum(values, 0), np.maximum(values, 0).max()),
            _NOTHING,
        ),
        Misconception(
            "divided by nothing, told apart from 0",
            lambda values: _divided(np.maximum(values, 0), max(values.max(), 0)),
            _NOTHING,
        ),
        Misconception(
            "divided before it is cut",
            lambda values: np.maximum(_divided(values, values.max()), 0),
            "The largest number may be negative too, and dividing by it makes all positive. Cut off "
            "first, then divide.",
        ),
        Misconception(
            "divided before it is cut, but not by 0",
            lambda values: np.maximum(np.nan_to_num(_divided(values, values.max())), 0),
            "The largest number may be negative too, and dividing by it makes all positive. Cut off "
            "first, then divide.",
        ),
        Misconception(
            "cut, but divided by what is negative",
            lambda values: _divided(np.maximum(values, 0), values.max()),
            "The largest value is looked for before negative numbers are cut off. Where it is 0, "
            "this divides 0 by 0; ask before you divide.",
        ),
        *_in_both_forms(
            "divided, not cut",
            lambda values: (values, values.max()),
            "Nothing is cut off below 0. And where all numbers are negative, the largest one is "
            "negative too, so that dividing by it turns all signs.",
        ),
        Misconception(
            "cut alone",
            lambda values: np.maximum(values, 0),
            "What is negative is cut off; now divide by the largest value.",
        ),
        Misconception(
            "negative stays",
            lambda values: values / values.max() if values.max() > 0 else 0 * values,
            "What is negative is still there. Cut it off: it speaks against the class.",
        ),
        *_in_both_forms(
            "from the smallest",
            lambda values: (values - values.min(), float(np.ptp(values))),
            "The smallest value is moved to 0 and the largest to 1, so that 0 is no longer 0. "
            "A map has a zero that means something.",
        ),
        *_in_both_forms(
            "by the largest size",
            lambda values: (np.maximum(values, 0), float(np.abs(values).max())),
            "This is divided by the largest *size*, which may belong to a negative number.",
        ),
        *_in_both_forms(
            "share of the sum",
            lambda values: (np.maximum(values, 0), float(np.maximum(values, 0).sum())),
            "This is the share of the *sum*. Divide by the largest value.",
        ),
        *_in_both_forms(
            "sizes",
            lambda values: (np.abs(values), float(np.abs(values).max())),
            "Negative numbers have become positive. They should become 0.",
        ),
        *_in_both_forms(
            "row by row",
            lambda values: (
                np.maximum(values, 0),
                np.maximum(values, 0).max(axis=1, keepdims=True),
            ),
            "Each row is divided by its own largest value. There is one for the whole map.",
        ),
        Misconception(
            "a map of ones",
            lambda values: share_of_largest(values) if values.max() > 0 else np.ones_like(values),
            "Where no number is positive the map becomes 1 everywhere. It should be 0.",
        ),
        Misconception(
            "left as it is",
            lambda values: share_of_largest(values) if values.max() > 0 else values,
            "Where no number is positive the map is left as it is. It should be 0 everywhere.",
        ),
        *(
            Misconception(
                f"never smaller than {least}",
                lambda values, least=least: np.maximum(values, 0) / max(float(values.max()), least),
                "A largest value that is small is not divided by. Divide by it whenever it is "
                "positive.",
            )
            for least in (1.0, 0.1, 0.01, 0.001)
        ),
        *(
            Misconception(
                f"{more} added",
                lambda values, more=more: np.maximum(values, 0) / (max(values.max(), 0) + more),
                "A number is added to the largest value, so that a faint map becomes fainter. Ask "
                "whether the largest is above 0 instead.",
            )
            for more in (1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
        ),
        Misconception(
            "cut off at 1",
            lambda values: np.clip(values, 0, 1),
            "What is above 1 is cut off. Divide by the largest value.",
        ),
        Misconception(
            "0 or 1",
            lambda values: (values > 0).astype(float),
            "Each value is 0 or 1. Keep how large it is, as a share of the largest.",
        ),
        Misconception(
            "bytes",
            lambda values: np.floor(255 * share_of_largest(values)),
            "These run up to 255. The largest value should become 1.",
        ),
        Misconception(
            "by the mean",
            lambda values: np.nan_to_num(
                _divided(np.maximum(values, 0), np.maximum(values, 0).mean())
            ),
            "This is divided by the mean. Divide by the largest value.",
        ),
        Misconception(
            "left over dropped",
            lambda values: np.floor(share_of_largest(values)),
            "What is left over is dropped: divide with / instead of //.",
        ),
        Misconception(
            "turned round",
            lambda values: 1 - share_of_largest(values) if values.max() > 0 else 0 * values,
            "The largest value has become 0. It should become 1.",
        ),
        Misconception(
            "sigmoid",
            lambda values: 1 / (1 + np.exp(-values)),
            "The values went through a sigmoid. Cut off what is negative, and divide by the largest.",
        ),
    ),
    shapes=(
        Misconception(
            "one number",
            lambda values: (),
            "This is a single number, such as the largest. Divide the map by it.",
        ),
        Misconception(
            "one number where none is positive",
            lambda values: values.shape if values.max() > 0 else (),
            "Where no number is positive, a single number comes out. The map keeps its shape, and is 0 everywhere.",
        ),
    ),
)
