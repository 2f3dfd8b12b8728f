"""Worked examples: a sentence and a question each, one click away."""

from typing import Any

from cnnlab.explore.examples import Example

DEFAULTS: dict[str, Any] = {
    "scheme": "he-normal",
    "activation": "relu",
    "gain": 1.0,
    "depth": 30,
    "width": 100,
    "seed": 0,
}

_RELU, _SQUASH, _SAME = "ReLU", "tanh and sigmoid", "no random numbers"

EXAMPLES = {
    "he": Example(
        _RELU,
        "He's recipe",
        {},
        "Half of the mean square is lost at each ReLU, and a variance of 2/n makes up for it.",
        "How far may you move the gain before either signal is lost after 30 layers?",
    ),
    "glorot-relu": Example(
        _RELU,
        "Glorot's recipe with ReLU",
        {"scheme": "glorot-normal"},
        "Each layer loses half of the mean square: both signals fade, layer by layer.",
        "Which gain makes it He's recipe? Work it out before you move the slider.",
    ),
    "tiny": Example(
        _RELU,
        "σ = 0.01",
        {"scheme": "small"},
        "Weights that looked harmlessly small leave nothing of the signal.",
        "At which width would this σ be right for ReLU?",
    ),
    "explosion": Example(
        _RELU,
        "gain 2: explosion",
        {"gain": 2.0},
        "Every layer doubles the signal, and on the way back every layer doubles the error signal.",
        "How many layers does it take until the numbers are a million times as large?",
    ),
    "narrow": Example(
        _RELU,
        "narrow and deep: dead units",
        {"width": 5, "depth": 50},
        "With few units a layer may be dead altogether, and then nothing passes, either way.",
        "Try other seeds. How wide must the layers be until none dies?",
    ),
    "tanh": Example(
        _SQUASH,
        "tanh with Glorot's recipe",
        {"scheme": "glorot-normal", "activation": "tanh"},
        "tanh is forgiving: both signals fade slowly.",
        "Raise the gain to 3. Forward all looks well; what comes back?",
    ),
    "sigmoid": Example(
        _SQUASH,
        "sigmoid: the error signal fades",
        {"scheme": "glorot-normal", "activation": "sigmoid", "depth": 10},
        "The slope of a sigmoid is at most 1/4, so the error signal shrinks in each layer.",
        "The signal forward hardly changes from layer to layer. What has it become?",
    ),
    "zeros": Example(
        _SAME,
        "zeros",
        {"scheme": "zeros", "activation": "tanh", "depth": 4},
        "The signal is 0 behind the first layer, and no weight has a gradient: nothing can move.",
        "Would another activation help? Try each of them, and look at the gradients.",
    ),
    "equal": Example(
        _SAME,
        "the same number everywhere",
        {"scheme": "equal", "activation": "tanh", "depth": 4},
        "All units of a layer are one and the same: a hundred units, but one different value.",
        "Point at a layer. Do the units of a layer get different error signals?",
    ),
}
