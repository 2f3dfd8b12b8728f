"""Integrated gradients: the way from a baseline, times the mean gradient along it."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array

Gradient = Callable[[Array], Array]


def integrated_gradients(gradient: Gradient, x: Array, baseline: Array, steps: int) -> Array:
    """Way from the baseline to x, times the mean gradient at the middles of the steps.

    Source: M. Sundararajan et al., *Axiomatic Attribution for Deep Networks*, 2017.

    Examples
    --------
    The score is the sum of squares, and its gradient twice the pixels.

    >>> double = lambda x: 2 * x
    >>> integrated_gradients(double, np.array([3.0, 1.0]), np.zeros(2), steps=4)
    array([9., 1.])
    """
    return (x - baseline) * _mean(gradient, x, baseline, _middles(steps))


def _middles(steps: int) -> Array:
    return (np.arange(steps) + 0.5) / steps


def _mean(gradient: Gradient, x: Array, baseline: Array, shares: Iterable[float]) -> Array:
    """Mean gradient at these shares of the way."""
    slopes = [gradient(baseline + share * (x - baseline)) for share in shares]
    return np.asarray(np.mean(slopes, axis=0))


def _at(shares: Callable[[int], Array]) -> Callable[..., Array]:
    """The method with the gradients taken elsewhere."""
    return lambda gradient, x, baseline, steps: (
        (x - baseline) * _mean(gradient, x, baseline, shares(steps))
    )


def _on(path: Callable[[Array, Array, float], Array]) -> Callable[..., Array]:
    """The method along another path."""
    return lambda gradient, x, baseline, steps: (
        (x - baseline)
        * np.mean([gradient(path(x, baseline, share)) for share in _middles(steps)], axis=0)
    )


def _some_steps(which: Callable[[int], Iterable[int]]) -> Callable[..., Array]:
    """Gradients of some steps added up, and divided by the number of all."""

    def model(gradient: Gradient, x: Array, baseline: Array, steps: int) -> Array:
        total = np.zeros_like(x)
        for step in which(steps):
            total = total + gradient(baseline + (step + 0.5) / steps * (x - baseline))
        return np.asarray((x - baseline) * total / steps)

    return model


def cubes(x: Array) -> Array:
    """Gradient of the sum of cubes, the first pixel counted twice."""
    slopes = 3 * x**2
    slopes.flat[0] *= 2
    return np.asarray(slopes)


def bent(x: Array) -> Array:
    """Gradient of a score in which all pixels work together."""
    return np.asarray(np.cos(x.sum()) + x**2 - 0.3)


def _case(words: str, gradient: Gradient, size: tuple[int, ...], steps: int, black: bool) -> Case:
    given: dict[str, Any] = {"gradient": lambda rng: gradient, "x": normal(*size)}
    given["baseline"] = (lambda rng: np.zeros(size)) if black else normal(*size)
    return Case(words, given | {"steps": steps})


EXERCISE = Exercise(
    integrated_gradients,
    (
        _case("with one pixel and two steps", cubes, (1,), 2, True),
        _case("with several pixels", cubes, (5,), 4, True),
        _case("with a baseline that is not 0", cubes, (4,), 3, False),
        _case("with an image", bent, (3, 4), 5, False),
        _case("with a single step", bent, (3, 2), 1, False),
    ),
    axes="of the picture",
    values=(
        Misconception(
            "gradient at the picture",
            lambda gradient, x, baseline, steps: (x - baseline) * gradient(x),
            "This takes the gradient at the picture alone. Collect it on the way from the baseline.",
        ),
        Misconception(
            "input times gradient",
            lambda gradient, x, baseline, steps: x * gradient(x),
            "This is the input times the gradient at the picture. Collect the gradient on the way "
            "from the baseline.",
        ),
        Misconception(
            "ends of the steps",
            _at(lambda steps: (np.arange(steps) + 1) / steps),
            "These are the gradients at the *end* of each step. Take them at the middle, which is "
            "far more exact.",
        ),
        Misconception(
            "beginnings of the steps",
            _at(lambda steps: np.arange(steps) / steps),
            "These are the gradients at the *beginning* of each step. Take them at the middle.",
        ),
        Misconception(
            "both ends",
            _at(lambda steps: np.linspace(0, 1, steps)),
            "These gradients reach from the baseline to the picture, both included. Take one at "
            "the middle of each step.",
        ),
        Misconception(
            "one step too many",
            _at(lambda steps: np.linspace(0, 1, steps + 1)),
            "This takes one gradient more than there are steps. Take one at the middle of each "
            "step.",
        ),
        Misconception(
            "shares of one step more",
            _at(lambda steps: (np.arange(steps) + 0.5) / (steps + 1)),
            "The way is divided into one step more than there are, so that its end is never reached. Divide by `steps`.",
        ),
        Misconception(
            "0.5 divided alone",
            _at(lambda steps: np.arange(steps) + 0.5 / steps),
            "Only the 0.5 is divided by the number of steps: put brackets around the sum.",
        ),
        Misconception(
            "mean of both ends",
            lambda gradient, x, baseline, steps: (
                (x - baseline)
                * (
                    _mean(gradient, x, baseline, np.arange(steps) / steps)
                    + _mean(gradient, x, baseline, (np.arange(steps) + 1) / steps)
                )
                / 2
            ),
            "This takes the mean of the gradients at both ends of each step. Take the gradient at "
            "its middle.",
        ),
        Misconception(
            "middle of the way",
            lambda gradient, x, baseline, steps: (x - baseline) * gradient((x + baseline) / 2),
            "This takes one gradient, at the middle of the *way*. Take one at the middle of each "
            "step.",
        ),
        Misconception(
            "mean over pixels too",
            lambda gradient, x, baseline, steps: (
                (x - baseline) * _mean(gradient, x, baseline, _middles(steps)).mean()
            ),
            "The mean is taken over the pixels too, so that all have the same gradient. Take it "
            "over the steps alone, `axis=0`.",
        ),
        Misconception(
            "picture in place of the way",
            lambda gradient, x, baseline, steps: x * _mean(gradient, x, baseline, _middles(steps)),
            "The mean gradient is multiplied by the picture. Multiply by the way from the baseline "
            "to the picture.",
        ),
        Misconception(
            "way from black",
            lambda gradient, x, baseline, steps: (
                (x - baseline) * _mean(gradient, x, 0 * x, _middles(steps))
            ),
            "The path begins at 0 and not at the baseline.",
        ),
        Misconception(
            "baseline ignored",
            lambda gradient, x, baseline, steps: integrated_gradients(gradient, x, 0 * x, steps),
            "The baseline is not used: it is 0 here, whatever `baseline` says.",
        ),
        Misconception(
            "moved by the picture",
            _on(lambda x, baseline, share: baseline + share * x),
            "The path leads from the baseline to baseline + x. It should end at x.",
        ),
        Misconception(
            "baseline not added",
            _on(lambda x, baseline, share: share * (x - baseline)),
            "The path leads from 0 to the difference. Add the baseline, so that it ends at x.",
        ),
        Misconception(
            "beyond the picture",
            _on(lambda x, baseline, share: x + share * (x - baseline)),
            "The path begins at the picture and leads away from it. It should begin at the baseline.",
        ),
        Misconception(
            "away from the picture",
            _on(lambda x, baseline, share: baseline + share * (baseline - x)),
            "The path leads away from the picture: the difference is x − baseline.",
        ),
        Misconception(
            "mean gradient",
            lambda gradient, x, baseline, steps: _mean(gradient, x, baseline, _middles(steps)),
            "This is the mean gradient. Multiply it by the way from the baseline to the picture.",
        ),
        Misconception(
            "not divided",
            lambda *given: given[-1] * integrated_gradients(*given),
            "The gradients are added up. Take their mean: divide by the number of steps.",
        ),
        Misconception(
            "divided twice",
            lambda *given: integrated_gradients(*given) / given[-1],
            "This is divided by the number of steps twice.",
        ),
        Misconception(
            "way without brackets",
            lambda gradient, x, baseline, steps: (
                x - baseline * _mean(gradient, x, baseline, _middles(steps))
            ),
            "Only the baseline is multiplied by the mean gradient: put brackets around the difference.",
        ),
        Misconception(
            "backwards",
            lambda *given: -integrated_gradients(*given),
            "The sign is wrong: the way is x − baseline, and the gradients are added.",
        ),
        Misconception(
            "sizes",
            lambda *given: np.abs(integrated_gradients(*given)),
            "The signs are lost, and so the map no longer adds up to what was gained.",
        ),
        Misconception(
            "last gradient only",
            _at(lambda steps: _middles(steps)[-1:]),
            "Only the gradient of the last step counts. Add all of them up before you divide.",
        ),
        Misconception(
            "last gradient, divided",
            lambda gradient, x, baseline, steps: (
                (x - baseline) * _mean(gradient, x, baseline, [(steps - 0.5) / steps]) / steps
            ),
            "Only the gradient of the last step counts. Add all of them up: `total = total + …`.",
        ),
        Misconception(
            "first gradient, divided",
            lambda gradient, x, baseline, steps: (
                (x - baseline) * _mean(gradient, x, baseline, [0.5 / steps]) / steps
            ),
            "Only the gradient of the first step counts: is return inside the loop?",
        ),
        Misconception(
            "first step left out",
            _some_steps(lambda steps: range(1, steps)),
            "The first step is left out: the steps count from 0.",
        ),
        Misconception(
            "a step behind the end",
            _some_steps(lambda steps: range(steps + 1)),
            "There is one step too many, beyond the picture: `range(steps)` has as many as are wanted.",
        ),
    ),
    shapes=(
        Misconception(
            "the sum",
            lambda gradient, x, baseline, steps: (),
            "This is one number, such as the sum. The map has a number for each pixel.",
        ),
        Misconception(
            "all steps",
            lambda gradient, x, baseline, steps: (steps, *x.shape),
            "The gradients of all steps are side by side. Take their mean over axis 0.",
        ),
    ),
)
