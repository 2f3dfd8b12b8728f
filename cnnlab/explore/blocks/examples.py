"""Worked examples: a sentence and a question each, one click away."""

from typing import Any

from cnnlab.explore.examples import Example

USUAL: dict[str, Any] = {
    "kind": "bottleneck",
    "inputs": 256,
    "outputs": 32,
    "narrow": 64,
    "squeeze": 12.5,
    "share": 50.0,
    "size": 28,
    "biases": False,
}

_LADDER, _PAPERS = "32 filters on 256 maps", "blocks of the papers"

EXAMPLES = {
    "directly": Example(
        _LADDER,
        "73,728: directly",
        {"kind": "plain"},
        "Each of the 32 filters has 9 weights for each of the 256 maps.",
        "How many weights are left if a 1×1 first makes 128 maps of the 256?",
    ),
    "through-128": Example(
        _LADDER,
        "69,632: through 128",
        {"narrow": 128},
        "The 3×3 has half of its weights left, but the 1×1 costs nearly as much as that saves.",
        "How narrow must the bottleneck be, so that the whole costs half?",
    ),
    "through-64": Example(
        _LADDER,
        "34,816: through 64",
        {},
        "Both parts are small now: together they have less than half of the weights.",
        "Widen the output to 256 maps. Does the bottleneck still pay?",
    ),
    "inception": Example(
        _PAPERS,
        "GoogLeNet's first module",
        {"kind": "inception", "inputs": 192, "outputs": 256, "narrow": 96, "biases": True},
        "163,696 parameters, which is what the lecture counts.",
        "Which single layer has most of them?",
    ),
    "residual": Example(
        _PAPERS,
        "ResNet's basic block",
        {"kind": "residual", "inputs": 64, "outputs": 64, "size": 56},
        "Two convolutions of 3×3, and a way around them that costs nothing.",
        "Double the output: what does the way around cost now?",
    ),
    "fire": Example(
        _PAPERS,
        "SqueezeNet's first fire module",
        {"kind": "fire", "inputs": 96, "outputs": 128, "size": 56, "biases": True},
        "96 maps are squeezed to 16 and expanded to 128, half of them by 1×1.",
        "What costs more: a larger SR or a larger PCT?",
    ),
    "separable": Example(
        _PAPERS,
        "a separable convolution",
        {"kind": "separable", "inputs": 64, "outputs": 64},
        "The 1×1 needs a ninth of what a plain 3×3 needs. The 3×3 before it has one kernel for "
        "each map, and adds little.",
        "Which of the two grows when both maps in and maps out are doubled?",
    ),
}
