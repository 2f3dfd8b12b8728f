"""Worked examples, each with what it shows and a question to try."""

from typing import Any

from cnnlab.explore.examples import Example

USUAL: dict[str, Any] = {"digit": 3, "sample": 0, "dx": 0, "dy": 0, "step": 4}

_MAPS, _NETWORKS = "maps that follow", "networks that read"

EXAMPLES: dict[str, Example] = {
    "whole": Example(
        _MAPS,
        "a whole step",
        {"dx": 4},
        "Four pixels are one step, so pooled and strided maps move by exactly one cell.",
        "With which other shifts to the right do they follow exactly if the step is 3?",
    ),
    "half": Example(
        _MAPS,
        "half a step",
        {"dx": 2},
        "Two pixels are half a step, so other pixels are kept; only the response map still follows.",
        "Which step makes all three maps follow this shift?",
    ),
    "one": Example(
        _MAPS,
        "a single pixel",
        {"dx": 1},
        "The pooled map changes less than the strided one: a maximum stays the same until it leaves "
        "its window.",
        "How do both change if the step is only 2?",
    ),
    "diagonal": Example(
        _MAPS,
        "along a diagonal",
        {"dx": 4, "dy": 3},
        "The shift is a whole step to the right, but not down, so the smaller maps do not follow.",
        "By how many pixels further down do they follow again?",
    ),
    "dense": Example(
        _NETWORKS,
        "a lost network",
        {"digit": 2, "dx": 5},
        "The dense network meets the strokes at weights that were trained for others; the other "
        "network finds them wherever they are.",
        "How far can you move the digit before the dense network misreads it?",
    ),
    "wrong": Example(
        _NETWORKS,
        "always misread",
        {"digit": 5, "dx": -5, "dy": 2},
        "The convolutional network misreads this digit in the middle and here alike: to be "
        "invariant is not to be right.",
        "Does it read the other samples of this digit rightly?",
    ),
}
