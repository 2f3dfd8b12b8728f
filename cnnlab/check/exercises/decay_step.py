"""One step of gradient descent with weight decay, which leaves the bias alone."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.changes import Function
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def decay_step(weights: Array, gradient: Array, rate: float, decay: float) -> Array:
    """New weights, w − rate · (g + decay · w), and the bias last, which does not decay: (D + 1,).

    Examples
    --------
    >>> decay_step(np.array([2.0, 1.0]), np.array([1.0, 1.0]), 0.5, 0.5)
    array([1. , 0.5])
    """
    return np.asarray(_step()(weights, gradient, rate, decay))


def _free(weights: Array) -> Array:
    """The weights, with 0 in the place of the bias."""
    return np.append(weights[:-1], 0)


def _step(pull: Function = _free, factor: float = 1.0) -> Function:
    def model(weights: Array, gradient: Array, rate: float, decay: float) -> Array:
        return np.asarray(weights - rate * (gradient + factor * decay * pull(weights)))

    return model


def _bias_only(weights: Array) -> Array:
    return np.append(np.zeros(len(weights) - 1), weights[-1])


def _both_signs(size: int) -> Draw:
    """Weights above and below 0, so that none of the signs can be lost unseen."""
    return lambda rng: np.abs(rng.standard_normal(size)) * (-1.0) ** np.arange(size)


def _case(words: str, size: int, rate: float, decay: float, gradient: Draw | None = None) -> Case:
    inputs = {"weights": _both_signs(size), "gradient": gradient or normal(size)}
    return Case(words, inputs | {"rate": rate, "decay": decay})


EXERCISE = Exercise(
    decay_step,
    (
        _case("with three weights and a bias", 4, 0.1, 0.5),
        _case("with a gradient of 0", 3, 0.2, 0.25, lambda rng: np.zeros(3)),
        _case("with one weight and a bias", 2, 0.5, 0.1),
        _case("with a decay of 0", 5, 0.3, 0.0),
    ),
    axes="(D + 1,)",
    view=True,
    values=(
        Misconception(
            "bias first",
            _step(lambda w: np.append(0, w[1:])),
            "The first number does not decay, and the last one does. The bias is the last.",
        ),
        Misconception(
            "decay on the bias",
            _step(lambda w: w),
            "The bias decays too. It only shifts the curve, so it should take the plain step.",
        ),
        Misconception(
            "decay of the bias only",
            _step(_bias_only),
            "Only the bias decays, and it alone should not: the last number is the bias.",
        ),
        Misconception("no decay", _step(np.zeros_like), "Nothing decays: this is the plain step."),
        Misconception(
            "decay without the rate",
            lambda w, g, rate, decay: w - rate * g - decay * _free(w),
            "The whole decay is subtracted. It is a part of the slope, so it is multiplied by the "
            "rate as the gradient is.",
        ),
        Misconception(
            "growing",
            _step(factor=-1.0),
            "The weights grow: the pull λw is added to the gradient, and both are subtracted.",
        ),
        Misconception(
            "twice the decay",
            _step(factor=2.0),
            "The decay counts twice: here the pull is λw, without a 2.",
        ),
        Misconception(
            "pull of L1",
            _step(lambda w: np.sign(_free(w))),
            "Every weight is pulled equally hard, as by an L1 penalty. Weight decay pulls in "
            "proportion to the weight.",
        ),
        Misconception(
            "pull of the square",
            _step(lambda w: _free(w) ** 2),
            "The pull is the square of the weight, which pushes negative weights away from 0. Its "
            "slope is asked for.",
        ),
        Misconception(
            "pull of the size",
            _step(lambda w: abs(_free(w))),
            "The pull is λ|w|, so negative weights are pushed away from 0: leave them their sign.",
        ),
        Misconception(
            "uphill",
            lambda w, g, rate, decay: w + rate * (g + decay * _free(w)),
            "The step goes uphill: subtract it.",
        ),
        Misconception(
            "rate left out",
            lambda w, g, rate, decay: w - (g + decay * _free(w)),
            "The whole slope is subtracted: where is the learning rate?",
        ),
        Misconception(
            "gradient left out",
            lambda w, g, rate, decay: w - rate * decay * _free(w),
            "The weights decay, but they no longer follow the gradient.",
        ),
        Misconception(
            "bias left alone",
            lambda w, g, rate, decay: np.append(decay_step(w, g, rate, decay)[:-1], w[-1]),
            "The bias does not move at all. It does not decay, but it follows its gradient.",
        ),
        Misconception(
            "gradient decayed",
            lambda w, g, rate, decay: w - rate * np.append((1 + decay) * g[:-1], g[-1]),
            "The gradient is multiplied by the decay. Multiply the weight by it, and leave the gradient as it is.",
        ),
        Misconception(
            "the slope alone",
            lambda w, g, rate, decay: g + decay * _free(w),
            "This is the slope; the new weights are asked for.",
        ),
    ),
    shapes=(
        Misconception(
            "bias lost",
            lambda w, *rest: (len(w) - 1,),
            "The bias is missing: return it as the last number.",
        ),
    ),
)
