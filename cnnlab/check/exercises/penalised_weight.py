"""The slope of a weight that reaches the loss in two ways: by prediction and by penalty."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise


def penalised_weight(w: float, x: float, t: float, penalty: float) -> float:
    """Slope in w of ½(wx − t)² + penalty/2 · w².

    Examples
    --------
    >>> penalised_weight(2.0, 3.0, 5.0, 0.5)
    4.0
    """
    return (w * x - t) * x + penalty * w


def _case(words: str, w: float, x: float, t: float, penalty: float) -> Case:
    return Case(words, {"w": w, "x": x, "t": t, "penalty": penalty})


EXERCISE = Exercise(
    penalised_weight,
    (
        _case("with whole numbers", 2.0, 4.0, 5.0, 0.25),
        _case("with a negative weight", -1.5, 2.0, 1.0, 0.4),
        _case("with a prediction that is right", 3.0, 0.5, 1.5, 0.2),
        _case("without a penalty", 1.5, -2.0, 1.0, 0.0),
    ),
    values=(
        Misconception(
            "penalty only",
            lambda w, x, t, penalty: penalty * w,
            "Only the message of the penalty arrives: it must be added to that of the prediction, "
            "not put in its place.",
        ),
        Misconception(
            "prediction only",
            lambda w, x, t, penalty: (w * x - t) * x,
            "Only the message of the prediction arrives: w is in the penalty, too.",
        ),
        Misconception(
            "penalty not halved",
            lambda w, x, t, penalty: (w * x - t) * x + 2 * penalty * w,
            "The penalty counts twice: the ½ takes the 2 of the square away.",
        ),
        Misconception(
            "penalty halved",
            lambda w, x, t, penalty: (w * x - t) * x + penalty * w / 2,
            "The penalty counts half: the slope of w² is 2w.",
        ),
        Misconception(
            "penalty without w",
            lambda w, x, t, penalty: (w * x - t) * x + penalty,
            "The penalty's slope does not depend on w here; the slope of ½w² is w.",
        ),
        Misconception(
            "size of the weight",
            lambda w, x, t, penalty: (w * x - t) * x + penalty * abs(w),
            "The penalty pulls a negative weight up: its sign belongs in the slope.",
        ),
        Misconception(
            "x forgotten",
            lambda w, x, t, penalty: (w * x - t) + penalty * w,
            "The prediction's message lacks a factor: the slope of wx in w is x.",
        ),
        Misconception(
            "messages multiplied",
            lambda w, x, t, penalty: (w * x - t) * x * penalty * w,
            "The two messages are multiplied, but paths add up.",
        ),
        Misconception(
            "penalty subtracted",
            lambda w, x, t, penalty: (w * x - t) * x - penalty * w,
            "The penalty is subtracted: it is a part of the loss, so its slope is added.",
        ),
        Misconception(
            "sign turned",
            lambda w, x, t, penalty: -(w * x - t) * x - penalty * w,
            "The sign is wrong: this is the step, not the slope.",
        ),
        Misconception(
            "error turned",
            lambda w, x, t, penalty: (t - w * x) * x + penalty * w,
            "The error has the wrong sign: it is prediction minus target, wx − t.",
        ),
        Misconception(
            "square not halved",
            lambda w, x, t, penalty: 2 * (w * x - t) * x + penalty * w,
            "The prediction's message counts twice: the ½ takes the 2 of the square away.",
        ),
        Misconception(
            "neither halved",
            lambda w, x, t, penalty: 2 * ((w * x - t) * x + penalty * w),
            "Everything counts twice: the ½ takes the 2 of each square away.",
        ),
        Misconception(
            "all halved",
            lambda w, x, t, penalty: ((w * x - t) * x + penalty * w) / 2,
            "This is half of the slope. Where two paths meet, they add up; nothing is averaged.",
        ),
        Misconception(
            "prediction halved",
            lambda w, x, t, penalty: (w * x - t) * x / 2 + penalty * w,
            "The prediction's message counts half: the slope of a square brings a 2, which takes "
            "the ½ away.",
        ),
        Misconception(
            "w for x",
            lambda w, x, t, penalty: (w * x - t) * w + penalty * w,
            "The prediction's message is multiplied by w, but the slope of wx in w is x.",
        ),
        Misconception(
            "penalty not differentiated",
            lambda w, x, t, penalty: (w * x - t) * x + penalty * np.square(w) / 2,
            "The penalty itself is added; what is added is its slope in w.",
        ),
        Misconception(
            "the loss itself",
            lambda w, x, t, penalty: (w * x - t) ** 2 / 2 + penalty * np.square(w) / 2,
            "This is the loss, not its slope in w.",
        ),
    ),
)
