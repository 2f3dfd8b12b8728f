"""The states of a recurrent network, one after the other."""

from collections.abc import Callable

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def recurrent_states(x: Array, w_xh: Array, w_hh: Array) -> Array:
    """States after each input, (L, D), (H, D), (H, H) -> (L, H), from a state of zeros.

    Source: J. Elman, *Finding Structure in Time*, 1990.

    Examples
    --------
    >>> recurrent_states(np.ones((2, 1)), np.ones((1, 1)), np.zeros((1, 1))).round(3).tolist()
    [[0.762], [0.762]]
    """
    return _walk(x, w_xh, w_hh, lambda h, value, wx, wh: np.tanh(wx @ value + wh @ h))


def _walk(
    x: Array,
    w_xh: Array,
    w_hh: Array,
    step: Callable[[Array, Array, Array, Array], Array],
    start: float = 0.0,
) -> Array:
    """States by another step, a function of the state before, the input and the weights."""
    states = [np.full(len(w_hh), start)]
    for value in x:
        states.append(step(states[-1], value, w_xh, w_hh))
    return np.array(states[1:])  # (L, H)


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _sums_carried(x: Array, w_xh: Array, w_hh: Array) -> Array:
    """The sum before the tanh is carried on; the tanh is for the outside alone."""
    return np.tanh(_walk(x, w_xh, w_hh, lambda h, value, wx, wh: wx @ value + wh @ h))


def _late(states: Array) -> Array:
    return np.concatenate([np.zeros_like(states[:1]), states[:-1]])


def _from_the_first(x: Array, w_xh: Array, w_hh: Array) -> Array:
    h, states = w_xh @ x[0], []
    for value in x:
        h = np.tanh(w_xh @ value + w_hh @ h)
        states.append(h)
    return np.array(states)


def _in_place(x: Array, w_xh: Array, w_hh: Array) -> Array:
    """One array that is added to, and stands in the list again and again."""
    sums = _walk(x, w_xh, w_hh, lambda h, value, wx, wh: h + np.tanh(wx @ value + wh @ h))
    return np.broadcast_to(sums[-1:], sums.shape)


def _case(words: str, steps: int, inputs: int, units: int) -> Case:
    return Case(
        words,
        {"x": normal(steps, inputs), "w_xh": normal(units, inputs), "w_hh": normal(units, units)},
    )


EXERCISE = Exercise(
    recurrent_states,
    (
        _case("with a single step", 1, 3, 2),
        _case("with a single unit", 4, 1, 1),
        _case("with several steps and units", 5, 3, 4),
        _case("with as many units as inputs", 4, 3, 3),
        _case("with as many steps as units", 3, 2, 3),
    ),
    axes="(L, H)",
    values=(
        Misconception(
            "no memory",
            lambda x, wx, wh: np.tanh(x @ wx.T),
            "Each state knows its own input alone. It also depends on the state before, by w_hh.",
        ),
        Misconception(
            "no tanh",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: a @ v + b @ h),
            "The tanh is missing: these are the sums.",
        ),
        Misconception(
            "sums carried on",
            _sums_carried,
            "The sum is carried to the next step, and the tanh is taken afterwards. The state that "
            "is carried is the tanh.",
        ),
        Misconception(
            "tanh of the input alone",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: np.tanh(a @ v) + b @ h),
            "The tanh is taken of the input's part alone. Add the part of the state first.",
        ),
        Misconception(
            "tanh of the state alone",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: a @ v + np.tanh(b @ h)),
            "The tanh is taken of the state's part alone. Add the part of the input first.",
        ),
        Misconception(
            "parts multiplied",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: np.tanh((a @ v) * (b @ h))),
            "The two parts are multiplied or divided, so that zeros stay zeros. Add them.",
        ),
        Misconception(
            "added to the state",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: h + np.tanh(a @ v + b @ h)),
            "The new state is added to the old one. It should replace it.",
        ),
        Misconception(
            "half of the state kept",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: (h + np.tanh(a @ v + b @ h)) / 2),
            "Half of the old state is kept. The new one should replace it.",
        ),
        Misconception(
            "tanh of each part",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: np.tanh(a @ v) + np.tanh(b @ h)),
            "The tanh is taken of each part by itself. Add the two parts first.",
        ),
        Misconception(
            "sigmoid",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: _sigmoid(a @ v + b @ h)),
            "This is the sigmoid in place of the tanh.",
        ),
        Misconception(
            "relu",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: np.maximum(0, a @ v + b @ h)),
            "This is the ReLU in place of the tanh.",
        ),
        Misconception(
            "w_hh transposed",
            lambda x, wx, wh: recurrent_states(x, wx, wh.T),
            "w_hh is transposed. Its rows belong to the new units, its columns to the old ones.",
        ),
        Misconception(
            "w_xh transposed",
            lambda x, wx, wh: recurrent_states(x, wx.T, wh) if wx.shape[0] == wx.shape[1] else None,
            "w_xh is transposed. Its rows belong to the units, its columns to the inputs.",
        ),
        Misconception(
            "start of ones",
            lambda x, wx, wh: _walk(
                x, wx, wh, lambda h, v, a, b: np.tanh(a @ v + b @ h), start=1.0
            ),
            "The state starts with ones. It starts with zeros.",
        ),
        Misconception(
            "start with the first input",
            _from_the_first,
            "The state starts with the first input, which is then read once more. It should start with zeros.",
        ),
        Misconception(
            "memory of one step",
            lambda x, wx, wh: np.tanh(x @ wx.T + _late(np.tanh(x @ wx.T)) @ wh.T),
            "Each state remembers one step and no more. It should be made of the *state* before, in which all earlier ones are.",
        ),
        Misconception(
            "state multiplied by itself",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: np.tanh(a @ v + h)),
            "The state before is added as it is. Multiply it by w_hh first.",
        ),
        Misconception(
            "tanh twice",
            lambda x, wx, wh: _walk(x, wx, wh, lambda h, v, a, b: np.tanh(a @ v + b @ np.tanh(h))),
            "The tanh is taken of the state once more before w_hh. It is already inside the state.",
        ),
        Misconception(
            "first input for all",
            lambda x, wx, wh: recurrent_states(np.broadcast_to(x[:1], x.shape), wx, wh),
            "Every step reads the first input. Each step has its own.",
        ),
        Misconception(
            "last state for all",
            lambda x, wx, wh: np.broadcast_to(recurrent_states(x, wx, wh)[-1:], (len(x), len(wh))),
            "Every row is the last state. If the same array was put into the list each time, put "
            "a copy there.",
        ),
        Misconception(
            "state changed in place",
            _in_place,
            "`h += …` adds to the state, and changes the array that is in the list already. Write `h = …`, so that it is a new one.",
        ),
        Misconception(
            "states in reverse",
            lambda x, wx, wh: recurrent_states(x, wx, wh)[::-1],
            "The rows are in reverse order. The first row is the state after the first input.",
        ),
        Misconception(
            "read backwards",
            lambda x, wx, wh: recurrent_states(x[::-1], wx, wh),
            "The inputs are read from the end. The first step reads x[0].",
        ),
        Misconception(
            "one step late",
            lambda x, wx, wh: np.concatenate(
                [np.zeros((1, len(wh))), recurrent_states(x, wx, wh)[:-1]]
            ),
            "The first row is the state at the start, and the last state is missing. The rows are "
            "the states after each input.",
        ),
    ),
    shapes=(
        Misconception(
            "last state alone",
            lambda x, wx, wh: (len(wh),),
            "This is one state. Keep the state after each input, one row for each.",
        ),
        Misconception(
            "start too",
            lambda x, wx, wh: (len(x) + 1, len(wh)),
            "There is one row too many: leave out the state at the start.",
        ),
        Misconception(
            "one row",
            lambda x, wx, wh: (1, len(wh)),
            "There is a single row: is return inside the loop?",
        ),
        Misconception(
            "axes exchanged",
            lambda x, wx, wh: (len(wh), len(x)),
            "The axes are exchanged: a row for each step, a column for each unit.",
        ),
        Misconception(
            "columns of one number",
            lambda x, wx, wh: (len(x), len(wh), 1),
            "Each state is a column of its own. Let it be a row: no third axis.",
        ),
        Misconception(
            "tables",
            lambda x, wx, wh: (len(x), len(wh), len(wh)),
            "Each state is a table. The matrix product is @, and * multiplies number by number.",
        ),
        Misconception(
            "one number a step",
            lambda x, wx, wh: (len(x),),
            "There is one number for each step. A state has one for each unit.",
        ),
    ),
)
