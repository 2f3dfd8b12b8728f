"""The gradient of the weights that carry the state: back through time, over all steps."""

from collections.abc import Callable

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array

Slope = Callable[[Array, Array], Array]


def recurrent_gradient(dh: Array, states: Array, w_hh: Array) -> Array:
    """Gradient of w_hh from that of the last state, (H,), (L, H), (H, H) -> (H, H).

    The state before the first is zeros.

    Source: P. Werbos, *Backpropagation through time: what it does and how to do it*, 1990.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> recurrent_gradient(one[0], np.array([[0.5], [0.0]]), one).item()
    0.5
    """
    return sum(_shares(dh, states, w_hh), np.zeros_like(w_hh))


def _slope(h: Array, before: Array) -> Array:
    """Slope of the tanh, by its value."""
    return 1 - h**2


def _shares(
    dh: Array,
    states: Array,
    w_hh: Array,
    slope: Slope = _slope,
    hand: Callable[[Array, Array], Array] = lambda w, dz: w.T @ dz,
    meets: Slope = lambda h, before: before,
    join: Callable[[Array, Array], Array] = np.outer,
) -> list[Array]:
    """What each step contributes, the last step first; parts of the rule may be others."""
    shares = []
    before = np.concatenate([np.zeros((1, len(w_hh))), states[:-1]])  # (L, H)
    for h, earlier in zip(states[::-1], before[::-1], strict=True):
        dz = dh * slope(h, earlier)
        shares.append(join(dz, meets(h, earlier)))  # (H, H)
        dh = hand(w_hh, dz)
    return shares


def _total(**rule: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    """The gradient with a part of the rule replaced."""
    return lambda dh, states, w: sum(_shares(dh, states, w, **rule), np.zeros_like(w))


def _last_slope_alone(dh: Array, states: Array, w_hh: Array) -> Array:
    """The slope of the tanh at the last step, and then no more."""
    dz = dh * (1 - states[-1] ** 2)
    first, *rest = _shares(dz, states, w_hh, slope=lambda h, before: np.ones_like(h))
    return sum(rest, first)


def _from_first_to_last(dh: Array, states: Array, w_hh: Array) -> Array:
    """The right rule in the wrong order."""
    gradient, before = np.zeros_like(w_hh), np.zeros(len(w_hh))
    for h in states:
        dz = dh * (1 - h**2)
        gradient, dh, before = gradient + np.outer(dz, before), w_hh.T @ dz, h
    return gradient


def _wrapped(dh: Array, states: Array, w_hh: Array) -> Array:
    """The first step meets states[-1]."""
    gradient = np.zeros_like(w_hh)
    for t in reversed(range(len(states))):
        dz = dh * (1 - states[t] ** 2)
        gradient, dh = gradient + np.outer(dz, states[t - 1]), w_hh.T @ dz
    return gradient


def _own_but_first(dh: Array, states: Array, w_hh: Array) -> Array:
    shares = _shares(dh, states, w_hh, meets=lambda h, before: h)
    return sum(shares[:-1], np.zeros_like(w_hh))


def _by_hand(
    share: Callable[[Array, Array], Array], hand: Callable[[Array, Array, Array], Array]
) -> Callable[..., Array]:
    """The rule with what enters the share, and what is handed on, of dh, dz and w_hh."""

    def model(dh: Array, states: Array, w_hh: Array) -> Array:
        gradient = np.zeros_like(w_hh)
        for t in range(len(states) - 1, 0, -1):
            dz = dh * (1 - states[t] ** 2)
            gradient += np.outer(share(dh, dz), states[t - 1])
            dh = hand(dh, dz, w_hh)
        return gradient

    return model


_slope_at_home = _by_hand(lambda dh, dz: dz, lambda dh, dz, w: w.T @ dh)
_slope_abroad = _by_hand(lambda dh, dz: dh, lambda dh, dz, w: w.T @ dz)
_signals_added = _by_hand(lambda dh, dz: dz, lambda dh, dz, w: dh + w.T @ dz)


def _spectral(size: int) -> Callable[[np.random.Generator], Array]:
    """Weights that let a message last for some steps."""
    return lambda rng: rng.standard_normal((size, size)) / np.sqrt(size) + np.eye(size)


def _states(steps: int, units: int) -> Callable[[np.random.Generator], Array]:
    return lambda rng: rng.uniform(-0.9, 0.9, (steps, units))


def _case(words: str, steps: int, units: int) -> Case:
    return Case(
        words, {"dh": normal(units), "states": _states(steps, units), "w_hh": _spectral(units)}
    )


EXERCISE = Exercise(
    recurrent_gradient,
    (
        _case("with two steps", 2, 3),
        _case("with a single unit", 4, 1),
        _case("with several steps and units", 5, 3),
        _case("with as many steps as units", 4, 4),
        _case("with a single step", 1, 2),
    ),
    axes="(H, H)",
    values=(
        Misconception(
            "last step only",
            lambda *a: _shares(*a)[0],
            "This is the share of the last step alone. w_hh was used at every step, so every step "
            "has a share; add them up.",
        ),
        Misconception(
            "last two steps",
            lambda *a: sum(_shares(*a)[1:2], _shares(*a)[0]),
            "Only the last two steps have a share. Go back to the first.",
        ),
        Misconception(
            "first shares overwritten",
            lambda *a: next((s for s in _shares(*a)[::-1] if s.any()), _shares(*a)[0]),
            "This is the share of one early step alone: a later share must be added to what is "
            "there, not replace it.",
        ),
        Misconception(
            "no slope",
            _total(slope=lambda h, before: np.ones_like(h)),
            "The slope of the tanh is missing. At each step the signal is multiplied by it.",
        ),
        Misconception(
            "slope at the last step alone",
            _last_slope_alone,
            "The slope of the tanh is used at the last step only. Every step has a tanh.",
        ),
        Misconception(
            "slope not squared",
            _total(slope=lambda h, before: 1 - h),
            "The slope of the tanh is not 1 − h. How does it depend on h?",
        ),
        Misconception(
            "square of 1 − h",
            _total(slope=lambda h, before: (1 - h) ** 2),
            "The slope of the tanh is not (1 − h)². Square h first, then subtract it from 1.",
        ),
        Misconception(
            "h itself",
            _total(slope=lambda h, before: h),
            "The signal is multiplied by the state. Multiply it by the slope of the tanh.",
        ),
        Misconception(
            "slope of a sigmoid",
            _total(slope=lambda h, before: h * (1 - h)),
            "h (1 − h) is the slope of the sigmoid. This is a tanh.",
        ),
        Misconception(
            "slope of the state before",
            _total(slope=lambda h, before: 1 - before**2),
            "The slope is taken at the state before. It belongs to the state that the step makes.",
        ),
        Misconception(
            "slope of the tanh once more",
            _total(slope=lambda h, before: 1 - np.tanh(h) ** 2),
            "The tanh is taken once more. The states are values of the tanh already.",
        ),
        Misconception(
            "handed on unchanged",
            _total(hand=lambda w, dz: dz),
            "The signal goes to the step before unchanged. On its way it passes w_hh.",
        ),
        Misconception(
            "slope not handed on",
            _slope_at_home,
            "The signal that goes to the step before has not passed the tanh. Multiply it by the slope first.",
        ),
        Misconception(
            "slope in what is handed on alone",
            _slope_abroad,
            "The share of a step is made of the signal before the tanh. Multiply it by the slope first.",
        ),
        Misconception(
            "signals added up",
            _signals_added,
            "The signal of a step is added to what is handed on. Only what passes w_hh goes to the step before.",
        ),
        Misconception(
            "w_hh not transposed",
            _total(hand=lambda w, dz: w @ dz),
            "On the way back the signal must pass the transpose of w_hh: from the new units to the "
            "old ones.",
        ),
        Misconception(
            "the same signal at all steps",
            lambda dh, states, w: sum(
                (_shares(dh, states[: t + 1], w)[0] for t in range(len(states))),
                np.zeros_like(w),
            ),
            "Every step gets the signal of the last one. It must be handed back from step to step.",
        ),
        Misconception(
            "from first to last",
            _from_first_to_last,
            "The steps are gone through from first to last. The signal comes in at the last state "
            "and goes back from there.",
        ),
        Misconception(
            "last state before the first",
            _wrapped,
            "At the first step, states[t - 1] is the last state: −1 counts from the end. The state "
            "before the first is zeros.",
        ),
        Misconception(
            "own state",
            _total(meets=lambda h, before: h),
            "A step's signal is multiplied by the state that it makes. w_hh was multiplied by the "
            "state before.",
        ),
        Misconception(
            "own state, but for the first",
            _own_but_first,
            "A step's signal is multiplied by the state that it makes. w_hh was multiplied by the state before.",
        ),
        Misconception(
            "number by number",
            _total(
                meets=lambda h, before: before,
                join=lambda dz, h: np.broadcast_to(dz * h, (len(h), len(h))),
            ),
            "The signal is multiplied by the state number by number. An outer product is needed, np.outer: each unit with each.",
        ),
        Misconception(
            "inner product",
            _total(
                meets=lambda h, before: before, join=lambda dz, h: np.full((len(h), len(h)), dz @ h)
            ),
            "This is an inner product, one number for all. An outer product is needed, np.outer.",
        ),
        Misconception(
            "transposed",
            lambda *a: recurrent_gradient(*a).T,
            "This is the transpose. A row belongs to a new unit, a column to an old one, as in "
            "w_hh.",
        ),
        Misconception(
            "mean",
            lambda dh, states, w: recurrent_gradient(dh, states, w) / len(states),
            "This is divided by the number of steps. The shares of the steps are added up.",
        ),
        Misconception(
            "turned sign",
            lambda *a: -recurrent_gradient(*a),
            "The sign is wrong. This is the gradient, not the step against it.",
        ),
    ),
    shapes=(
        Misconception(
            "of a state",
            lambda dh, states, w: dh.shape,
            "This has as many numbers as a state. The gradient of w_hh has the shape of w_hh.",
        ),
        Misconception(
            "a share for each step",
            lambda dh, states, w: (len(states), *w.shape),
            "The shares of the steps are put one after the other. Add them up.",
        ),
        Misconception(
            "one number",
            lambda dh, states, w: (),
            "This is one number: an outer product is needed, np.outer, not an inner one.",
        ),
    ),
)
