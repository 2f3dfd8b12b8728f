"""One step of Adam: running means of the gradient and of its square, both corrected."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.changes import Function
from cnnlab.check.exercises.common.draws import normal, positive
from cnnlab.scratch.functional.checks import Array

_BETAS, _EPSILON = (0.9, 0.999), 1e-8


def adam_step(
    weight: Array, gradient: Array, mean: Array, square: Array, step: int, rate: float
) -> Array:
    """New weight, mean and square, with β = (0.9, 0.999) and ε = 1e-8: (D,) -> (3, D).

    Steps count from 1.

    Examples
    --------
    >>> still = np.zeros(1)
    >>> adam_step(np.ones(1), np.full(1, 4.0), still, still, 1, 0.5).round(6)
    array([[0.5  ],
           [0.4  ],
           [0.016]])
    """
    return np.asarray(_wrong()(weight, gradient, mean, square, step, rate))


def _wrong(
    betas: tuple[float, float] = _BETAS,
    corrected: tuple[bool, bool] = (True, True),
    step_of: Any = lambda root, mean, gradient: mean / (root + _EPSILON),
    square_of: Any = np.square,
    sign: int = -1,
    shift: int = 0,
    weights: tuple[tuple[float, float], tuple[float, float]] | None = None,
) -> Function:
    """Adam with a part changed."""

    def model(w: Array, g: Array, m: Array, v: Array, step: int, rate: float) -> Array:
        (m1, g1), (v2, g2) = weights or [(beta, 1 - beta) for beta in betas]
        m, v = m1 * m + g1 * g, v2 * v + g2 * square_of(g)
        powers = [
            1 - beta ** (step + shift) if c else 1.0
            for beta, c in zip(betas, corrected, strict=True)
        ]
        with np.errstate(divide="ignore", invalid="ignore"):  # 0 where steps are counted from 0
            root = np.sqrt(np.abs(v) / powers[1])
            return np.stack([w + sign * rate * step_of(root, m / powers[0], g), m, v])

    return model


def _power_of_the_rest(w: Array, g: Array, m: Array, v: Array, step: int, rate: float) -> Array:
    """Corrections (1 − β)ᵗ in place of 1 − βᵗ."""
    _, m, v = adam_step(w, g, m, v, step, rate)
    m_hat, v_hat = (x / (1 - beta) ** step for x, beta in zip((m, v), _BETAS, strict=True))
    return np.stack([w - rate * m_hat / (np.sqrt(v_hat) + _EPSILON), m, v])


def _some_0(rng: np.random.Generator) -> Array:
    return np.array([0.0, 1.0, -1.0]) * rng.uniform(0.5, 2.0, 3)


def _case(words: str, size: int, step: int, rate: float, gradient: Draw | None = None) -> Case:
    start = {"weight": normal(size), "gradient": gradient or normal(size)}
    still = {"mean": np.zeros(size), "square": np.zeros(size)}
    moments = still if step == 1 else {"mean": normal(size), "square": positive(size)}
    return Case(words, {**start, **moments, "step": step, "rate": rate})


def _unguarded(root: Array, mean: Array, gradient: Array) -> Array:
    with np.errstate(invalid="ignore"):  # 0 / 0
        return np.asarray(mean / root)


def _corrected_kept(w: Array, g: Array, m: Array, v: Array, step: int, rate: float) -> Array:
    w, m, v = adam_step(w, g, m, v, step, rate)
    return np.stack([w, m / (1 - _BETAS[0] ** step), v / (1 - _BETAS[1] ** step)])


def _old_moments(w: Array, g: Array, m: Array, v: Array, step: int, rate: float) -> Array:
    return np.stack([adam_step(w, g, m, v, step, rate)[0], m, v])


EXERCISE = Exercise(
    adam_step,
    (
        _case("in the first step", 3, 1, 0.1),
        _case("in step 2", 4, 2, 0.1),
        _case("in step 5, with a lower rate", 4, 5, 0.01),
        _case("where a gradient is 0 in the first step", 3, 1, 0.01, gradient=_some_0),
    ),
    axes="(3, D)",
    tolerance=1e-6,  # ε may stand under the root
    values=(
        Misconception(
            "power of the rest",
            _power_of_the_rest,
            "The corrections take the power of the whole difference: it is 1 − βᵗ, not (1 − β)ᵗ.",
        ),
        Misconception(
            "nothing corrected",
            _wrong(corrected=(False, False)),
            "The means start at 0, so in the first steps they are too small: divide each by "
            "1 − βᵗ before the step.",
        ),
        Misconception(
            "mean corrected alone",
            _wrong(corrected=(True, False)),
            "The mean of the squares is not corrected: divide it by 1 − β₂ᵗ before the root.",
        ),
        Misconception(
            "square corrected alone",
            _wrong(corrected=(False, True)),
            "The mean of the gradients is not corrected: divide it by 1 − β₁ᵗ.",
        ),
        Misconception(
            "steps counted one too far",
            _wrong(shift=1),
            "The correction takes the number of the next step: in step t it is 1 − βᵗ.",
        ),
        Misconception(
            "steps counted from 0",
            _wrong(shift=-1),
            "The correction takes the number of the step before. In the first step 1 − β⁰ is 0, and "
            "nothing can be divided by it: steps count from 1.",
        ),
        Misconception(
            "corrected means kept",
            _corrected_kept,
            "The corrected means are returned. The next step needs those before the correction.",
        ),
        Misconception(
            "means not renewed",
            _old_moments,
            "The weight is right, but the old means come back with it.",
        ),
        *(
            Misconception(name, _wrong(weights=weights), sentence)
            for name, weights, sentence in (
                (
                    "old mean counts in full",
                    ((1, 0.1), (0.999, 0.001)),
                    "The old mean of the gradients counts in full: multiply it by β₁.",
                ),
                (
                    "old square counts in full",
                    ((0.9, 0.1), (1, 0.001)),
                    "The old mean of the squares counts in full: multiply it by β₂.",
                ),
                (
                    "gradient counts in full",
                    ((0.9, 1), (0.999, 0.001)),
                    "The gradient counts in full in its mean: multiply it by 1 − β₁.",
                ),
                (
                    "square counts in full",
                    ((0.9, 0.1), (0.999, 1)),
                    "The square counts in full in its mean: multiply it by 1 − β₂.",
                ),
                (
                    "both count whole",
                    ((0.9, 1), (0.999, 1)),
                    "Gradient and square count whole in their means: multiply them by 1 − β.",
                ),
                (
                    "old mean lost",
                    ((0, 0.1), (0.999, 0.001)),
                    "The old mean of the gradients is lost: it counts β₁ times.",
                ),
                (
                    "old square lost",
                    ((0.9, 0.1), (0, 0.001)),
                    "The old mean of the squares is lost: it counts β₂ times.",
                ),
            )
        ),
        *(
            Misconception(
                f"order {order}",
                lambda *given, order=order: adam_step(*given)[[*order]],
                "The three are right, but in another order: the weight, then the mean, "
                "then the square.",
            )
            for order in ((1, 2, 0), (1, 0, 2), (0, 2, 1), (2, 1, 0), (2, 0, 1))
        ),
        Misconception("uphill", _wrong(sign=1), "The step goes uphill: subtract it."),
        Misconception(
            "no root",
            _wrong(step_of=lambda root, mean, gradient: mean / (root**2 + _EPSILON)),
            "The mean is divided by the mean of the squares: take its root first.",
        ),
        Misconception(
            "not divided",
            _wrong(step_of=lambda root, mean, gradient: mean),
            "The mean of the gradients is the whole step: divide it by the root of the squares.",
        ),
        Misconception(
            "no ε",
            _wrong(step_of=_unguarded),
            "Where the gradient is 0 from the start, 0 is divided by 0: add ε to the root.",
        ),
        Misconception(
            "gradient for its mean",
            _wrong(step_of=lambda root, mean, gradient: gradient / (root + _EPSILON)),
            "The gradient itself is divided by the root, as in RMSprop. Adam takes its mean.",
        ),
        Misconception(
            "gradient not squared",
            _wrong(square_of=lambda gradient: gradient),
            "The second mean is that of the gradients, too: square them first.",
        ),
        Misconception(
            "betas exchanged",
            _wrong(betas=(_BETAS[1], _BETAS[0])),
            "β₁ and β₂ are exchanged: 0.9 belongs to the gradient, 0.999 to its square.",
        ),
        Misconception(
            "one beta for both",
            _wrong(betas=(_BETAS[0], _BETAS[0])),
            "Both means use β₁ = 0.9; that of the squares has β₂ = 0.999.",
        ),
    ),
    shapes=(
        Misconception(
            "weight alone",
            lambda w, *rest: w.shape,
            "One array comes back: return the new weight and both new means.",
        ),
    ),
)
