"""One step of a network of sigmoid units under half of the squared error: Mazur's example."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.changes import Function
from cnnlab.scratch.functional.checks import Array

_BIASES = 0.35, 0.60


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _forward(
    w1: Array, w2: Array, x: Array, biases: tuple[float, float] = _BIASES
) -> tuple[Array, Array]:
    h = _sigmoid(w1 @ x + biases[0])
    return h, _sigmoid(w2 @ h + biases[1])


def delta_step(w1: Array, w2: Array, x: Array, t: Array, rate: float) -> Array:
    """Weights of both layers after one step, (2, 2, 2); the biases, 0.35 and 0.60, stay.

    Examples
    --------
    >>> w1, w2 = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]])
    >>> delta_step(w1, w2, np.array([0.05, 0.10]), np.array([0.01, 0.99]), 0.5)[1, 0, 0].round(9)
    np.float64(0.35891648)
    """
    h, o = _forward(w1, w2, x)
    return _moved(w1, w2, x, rate, (o - t) * o * (1 - o), h)


def _moved(
    w1: Array,
    w2: Array,
    x: Array,
    rate: float,
    z2: Array,
    h: Array,
    back: Array | None = None,
    slope: Array | None = None,
) -> Array:
    """One step from the outputs' signals: back through w2 and the hidden slope, unless others."""
    z1 = ((w2 if back is None else back).T @ z2) * (h * (1 - h) if slope is None else slope)
    return np.stack([w1 - rate * np.outer(z1, x), w2 - rate * np.outer(z2, h)])


def _wrong(
    signals: Function = lambda o, t, h: (o - t) * o * (1 - o),
    slope: Function = lambda o, h: h * (1 - h),
    biases: tuple[float, float] = _BIASES,
) -> Function:
    """One step with other signals of the outputs, slopes of the hidden units, or biases."""

    def model(w1: Array, w2: Array, x: Array, t: Array, rate: float) -> Array:
        h, o = _forward(w1, w2, x, biases)
        return _moved(w1, w2, x, rate, signals(o, t, h), h, slope=slope(o, h))

    return model


def _updated_first(w1: Array, w2: Array, x: Array, t: Array, rate: float) -> Array:
    h, o = _forward(w1, w2, x)
    z2 = (o - t) * o * (1 - o)
    return _moved(w1, w2, x, rate, z2, h, back=w2 - rate * np.outer(z2, h))


def _twice_sigmoid(w1: Array, w2: Array, x: Array, t: Array, rate: float) -> Array:
    h, o = _forward(w1, w2, x)
    z2 = (o - t) * _sigmoid(o) * (1 - _sigmoid(o))
    z1 = (w2.T @ z2) * _sigmoid(h) * (1 - _sigmoid(h))
    return np.stack([w1 - rate * np.outer(z1, x), w2 - rate * np.outer(z2, h)])


def _hidden_for_inputs(w1: Array, w2: Array, x: Array, t: Array, rate: float) -> Array:
    h, o = _forward(w1, w2, x)
    return _moved(w1, w2, h, rate, (o - t) * o * (1 - o), h)


def _one_transposed(layer: int) -> Function:
    """The step of one layer transposed: 0 is the hidden one."""

    def model(w1: Array, w2: Array, x: Array, t: Array, rate: float) -> Array:
        moved = delta_step(w1, w2, x, t, rate)
        moved[layer] = _transposed(w1, w2, x, t, rate)[layer]
        return moved

    return model


def _rows_for_columns(w1: Array, w2: Array, x: Array, t: Array, rate: float) -> Array:
    h, o = _forward(w1, w2, x)
    return _moved(w1, w2, x, rate, (o - t) * o * (1 - o), h, back=w2.T)


def _one_output_only(w1: Array, w2: Array, x: Array, t: Array, rate: float) -> Array:
    h, o = _forward(w1, w2, x)
    z2 = (o - t) * o * (1 - o)
    first = np.diag(z2) @ w2  # (2, 2): the message of each output to each hidden unit
    z1 = first[0] * h * (1 - h)
    return np.stack([w1 - rate * np.outer(z1, x), w2 - rate * np.outer(z2, h)])


def _transposed(w1: Array, w2: Array, x: Array, t: Array, rate: float) -> Array:
    step = delta_step(w1, w2, x, t, rate) - np.stack([w1, w2])
    return np.asarray(np.stack([w1, w2]) + step.transpose(0, 2, 1))


def _uniform(*shape: int) -> Draw:
    return lambda rng: rng.uniform(-1, 1, shape)


def _case(words: str, rate: float, **given: Draw) -> Case:
    drawn = {"w1": _uniform(2, 2), "w2": _uniform(2, 2), "x": _uniform(2), "t": _uniform(2)}
    return Case(words, {**drawn, **given, "rate": rate})


EXERCISE = Exercise(
    delta_step,
    (
        _case(
            "with the numbers of the lecture",
            0.5,
            w1=lambda rng: np.array([[0.15, 0.20], [0.25, 0.30]]),
            w2=lambda rng: np.array([[0.40, 0.45], [0.50, 0.55]]),
            x=lambda rng: np.array([0.05, 0.10]),
            t=lambda rng: np.array([0.01, 0.99]),
        ),
        _case("with other numbers", 2.0),
        _case("with a large learning rate", 10.0),
    ),
    axes="(layer, to, from)",
    values=(
        Misconception(
            "new weights for old",
            _updated_first,
            "The hidden layer's signals are computed with the new weights of the last layer. "
            "First all error signals, then all steps.",
        ),
        Misconception(
            "climbing",
            lambda w1, w2, x, t, rate: delta_step(w1, w2, x, t, -rate),
            "The weights move uphill: subtract the learning rate times the gradient.",
        ),
        Misconception(
            "sigmoid taken twice",
            _twice_sigmoid,
            "The slope of a sigmoid is o(1 − o), with its output. Here the sigmoid is taken once "
            "more, of the output.",
        ),
        Misconception(
            "no slope at the output",
            _wrong(signals=lambda o, t, h: o - t),
            "At the outputs the slope of the sigmoid, o(1 − o), is left out.",
        ),
        Misconception(
            "no slope at the hidden units",
            _wrong(slope=lambda o, h: np.ones_like(h)),
            "At the hidden units the slope of the sigmoid, h(1 − h), is left out.",
        ),
        Misconception(
            "no slope at all",
            _wrong(lambda o, t, h: o - t, lambda o, h: np.ones_like(h)),
            "The slopes of the sigmoids, o(1 − o) and h(1 − h), are left out.",
        ),
        Misconception(
            "square not halved",
            lambda w1, w2, x, t, rate: delta_step(w1, w2, x, t, 2 * rate),
            "The step is twice as large as it should be: the ½ of the loss takes the 2 of the "
            "square away.",
        ),
        Misconception(
            "halved once more",
            lambda w1, w2, x, t, rate: delta_step(w1, w2, x, t, rate / 2),
            "The step is half as large as it should be: the ½ of the loss and the 2 of its square have "
            "cancelled, and nothing is left to halve.",
        ),
        Misconception(
            "bias of the hidden layer in both",
            _wrong(biases=(0.35, 0.35)),
            "The bias of the hidden layer, 0.35, is used at the outputs, too. Theirs is 0.60.",
        ),
        Misconception(
            "bias of the outputs in both",
            _wrong(biases=(0.60, 0.60)),
            "The bias of the outputs, 0.60, is used at the hidden units, too. Theirs is 0.35.",
        ),
        Misconception(
            "slope at the target",
            _wrong(signals=lambda o, t, h: (o - t) * t * (1 - t)),
            "The slope at the outputs is taken at the targets, t(1 − t). It is o(1 − o), at what the "
            "unit answers.",
        ),
        Misconception(
            "slope of the hidden units at the outputs",
            _wrong(signals=lambda o, t, h: (o - t) * h * (1 - h)),
            "At the outputs, the slope of the hidden units is used: it is o(1 − o) there.",
        ),
        Misconception(
            "slope of the outputs at the hidden units",
            _wrong(slope=lambda o, h: o * (1 - o)),
            "At the hidden units, the slope of the outputs is used: it is h(1 − h) there.",
        ),
        Misconception(
            "slopes of tanh",
            _wrong(lambda o, t, h: (o - t) * (1 - o * o), lambda o, h: 1 - h * h),
            "The slopes are those of tanh, 1 − h². That of a sigmoid is h(1 − h).",
        ),
        Misconception(
            "step of the hidden layer transposed",
            _one_transposed(0),
            "The step of the hidden layer is transposed: the rows of a weight belong to the unit it "
            "leads to.",
        ),
        Misconception(
            "step of the last layer transposed",
            _one_transposed(1),
            "The step of the last layer is transposed: the rows of a weight belong to the unit it leads "
            "to.",
        ),
        Misconception(
            "rate left out",
            lambda w1, w2, x, t, rate: delta_step(w1, w2, x, t, 1.0),
            "The whole gradient is subtracted: where is the learning rate?",
        ),
        Misconception(
            "rate of the lecture",
            lambda w1, w2, x, t, rate: delta_step(w1, w2, x, t, 0.5),
            "The learning rate is always 0.5; use the one that is given.",
        ),
        Misconception(
            "hidden values for inputs",
            _hidden_for_inputs,
            "The hidden weights move by the hidden values; what they are multiplied by is the "
            "input x.",
        ),
        Misconception(
            "the moves alone",
            lambda w1, w2, x, t, rate: delta_step(w1, w2, x, t, rate) - np.stack([w1, w2]),
            "These are the moves alone; the new weights are asked for.",
        ),
        Misconception(
            "layers exchanged",
            lambda w1, w2, x, t, rate: delta_step(w1, w2, x, t, rate)[::-1],
            "The two layers have changed places: give the hidden layer's weights first.",
        ),
        Misconception(
            "first layer only",
            lambda w1, w2, x, t, rate: np.stack([delta_step(w1, w2, x, t, rate)[0], w2]),
            "Only the hidden layer's weights have moved.",
        ),
        Misconception(
            "no biases",
            _wrong(biases=(0.0, 0.0)),
            "The biases, 0.35 and 0.60, are missing from the sums.",
        ),
        Misconception(
            "biases exchanged",
            _wrong(biases=(0.60, 0.35)),
            "The biases have changed places: 0.35 belongs to the hidden units, 0.60 to the outputs.",
        ),
        Misconception(
            "rows for columns",
            _rows_for_columns,
            "A hidden unit adds up what it hears along its own connections: its column of the "
            "second layer's weights, not a row. In matrices: w2.T @ signals.",
        ),
        Misconception(
            "one output only",
            _one_output_only,
            "A hidden unit feeds both outputs, and here it listens to the first one only.",
        ),
        Misconception(
            "step transposed",
            _transposed,
            "The step is transposed: the rows of a weight belong to the unit it leads to.",
        ),
        Misconception(
            "last layer only",
            lambda w1, w2, x, t, rate: np.stack([w1, delta_step(w1, w2, x, t, rate)[1]]),
            "Only the last layer has moved: send the signals on to the hidden layer.",
        ),
        Misconception(
            "the gradients",
            lambda w1, w2, x, t, rate: np.stack([w1, w2]) - delta_step(w1, w2, x, t, 1.0),
            "These are the gradients; the new weights are asked for.",
        ),
        Misconception(
            "not moved",
            lambda w1, w2, x, t, rate: np.stack([w1, w2]),
            "The weights have not moved.",
        ),
    ),
)
