"""Worked examples: a sentence and a question each, one click away."""

from typing import Any

from cnnlab.explore.examples import Example
from cnnlab.zoo.efficientnet import ALPHA, BETA, GAMMA

USUAL: dict[str, Any] = {"phi": 1.0, "alpha": ALPHA, "beta": BETA, "gamma": GAMMA}

_PAPER, _ONE = "the paper's α, β and γ", "one of the three alone"

EXAMPLES = {
    "base": Example(
        _PAPER,
        "φ = 0: B0",
        {"phi": 0.0},
        "With φ = 0 every factor is 1, and the formula gives B0 itself.",
        "By what will the work grow with each step of φ?",
    ),
    "first": Example(
        _PAPER,
        "φ = 1: not B1",
        {},
        "The formula's first step is wider and finer than the published B1, which has width 1.0.",
        "Which published network does it match best?",
    ),
    "last": Example(
        _PAPER,
        "φ = 7: not B7",
        {"phi": 7.0},
        "1.2 to the seventh power is 3.58, but the published B7 has a depth of 3.1.",
        "Move φ until the depth is 3.1. Are width and resolution now B7's?",
    ),
    "deeper": Example(
        _ONE,
        "only deeper",
        {"phi": 2.0, "alpha": 1.92, "beta": 1.0, "gamma": 1.0},
        "The same budget spent on depth alone: layers grow, and channels stay as they are.",
        "Why is the work that is counted less than what the formula promises?",
    ),
    "wider": Example(
        _ONE,
        "only wider",
        {"phi": 2.0, "alpha": 1.0, "beta": 1.39, "gamma": 1.0},
        "Width counts twice, because each layer has more inputs and more outputs.",
        "How many parameters does this cost, compared with depth alone?",
    ),
    "finer": Example(
        _ONE,
        "only finer",
        {"phi": 2.0, "alpha": 1.0, "beta": 1.0, "gamma": 1.39},
        "A finer input costs work and memory, but not one parameter.",
        "Which of the three would you choose if the model had to fit into a small file?",
    ),
}
