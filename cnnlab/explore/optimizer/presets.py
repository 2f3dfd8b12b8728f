"""Worked examples: a sentence and a question each, one click away."""

from typing import Any

from cnnlab.explore.examples import Example

DEFAULTS: dict[str, Any] = {
    "surface": "long bowl",
    "optimizer": "SGD",
    "lr": 0.07,
    "other": "none",
    "other_lr": 0.2,
    "steps": 40,
    "momentum": 0.9,
    "weight_decay": 0.0,
}

_BOWL, _SLOW = "a long bowl", "where the gradient is small"
_BENT, _MANY, _DECAY = "a bent valley", "several minima", "weight decay"

EXAMPLES = {
    "zigzag": Example(
        _BOWL,
        "SGD zigzags",
        {},
        "Plain descent jumps from one slope to the other, and creeps along the bowl.",
        "With which learning rate does it jump to and fro for ever? Work it out, then look.",
    ),
    "divergence": Example(
        _BOWL,
        "SGD diverges",
        {"lr": 0.085},
        "Each step is longer than the last one, because it overshoots the steep side.",
        "Would it help to start closer to the minimum? Drag the start, or move it with the keys.",
    ),
    "ball": Example(
        _BOWL,
        "momentum beside SGD",
        {"other": "momentum", "other_lr": 0.02},
        "The velocity adds up along the bowl and cancels across it, so the ball swings past.",
        "Which momentum arrives first? You find its slider under “more”.",
    ),
    "looks-ahead": Example(
        _BOWL,
        "Nesterov beside momentum",
        {"optimizer": "momentum", "lr": 0.02, "other": "Nesterov", "other_lr": 0.02},
        "Looking ahead brakes before the slope rises again, so it swings less.",
        "Does that hold if both keep 0.5 of the velocity, or 0.98?",
    ),
    "diagonal": Example(
        _BOWL,
        "Adam beside RMSprop",
        {"optimizer": "Adam", "lr": 0.2, "other": "RMSprop", "other_lr": 0.05},
        "Both set out diagonally: dividing by the usual size of a gradient makes steps equal.",
        "How long is Adam's first step, for which learning rate, and from which start?",
    ),
    "forever": Example(
        _BOWL,
        "Adagrad beside Adam",
        {"optimizer": "Adagrad", "lr": 0.5, "other": "Adam", "other_lr": 0.5},
        "Adagrad divides by all squares so far, so its steps only get shorter.",
        "Can you make it diverge? Try the largest learning rate, and watch the first step.",
    ),
    "bend": Example(
        _BENT,
        "SGD beside Adam",
        {"surface": "Rosenbrock", "lr": 0.001, "other": "Adam", "other_lr": 0.1, "steps": 100},
        "Both find the floor of the valley quickly, and then the long way begins.",
        "Raise the learning rate of SGD by one stop at a time: when does it diverge?",
    ),
    "ridge": Example(
        _SLOW,
        "a saddle, nearly on the ridge",
        {"surface": "saddle", "lr": 0.2, "other": "Adam", "other_lr": 0.2, "steps": 30},
        "Plain descent lingers where the gradient is small; Adam leaves the saddle at once.",
        "Put w₂ of the start to 0. What becomes of both, and what would a tiny push change?",
    ),
    "flat": Example(
        _SLOW,
        "a plateau",
        {"surface": "plateau", "lr": 0.5, "other": "Adam", "other_lr": 0.1},
        "SGD's step is as small as the gradient; Adam's is as long as its learning rate.",
        "How large must the learning rate of SGD be to arrive within 40 steps?",
    ),
    "choice": Example(
        _MANY,
        "which hollow?",
        {
            "surface": "several minima",
            "lr": 0.1,
            "other": "momentum",
            "other_lr": 0.1,
            "steps": 60,
        },
        "Plain descent ends in the nearest hollow; the ball rolls through it, to the deepest.",
        "How far to the right must the ball start to stay in the first hollow too?",
    ),
    "decoupled": Example(
        _DECAY,
        "Adam beside AdamW",
        {
            "surface": "Rosenbrock",
            "optimizer": "Adam",
            "lr": 0.05,
            "other": "AdamW",
            "other_lr": 0.05,
            "steps": 100,
            "weight_decay": 1.0,
        },
        "Adam divides the pull towards (0, 0) by the steep gradients too, and little is left.",
        "Set the weight decay to 0 (it is under “more”). What becomes of the difference?",
    ),
}
