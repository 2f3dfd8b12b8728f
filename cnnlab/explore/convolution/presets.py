"""Worked examples, each with what it shows and a question to try."""

from dataclasses import asdict
from typing import Any

import numpy as np

from cnnlab.explore.convolution.layer import Settings
from cnnlab.explore.examples import Example

Choice = dict[str, Any]  # fields of Settings, by name

DEFAULTS: Choice = asdict(Settings())


def values(**arrays: Any) -> dict[str, float]:
    """Name every number of some arrays as the cells of the picture are named.

    Examples
    --------
    >>> values(bias=[1], kernel=[[[[2, 3]]]])
    {'bias:0': 1.0, 'kernel:0,0,0,0': 2.0, 'kernel:0,0,0,1': 3.0}
    """
    return {
        f"{name}:{','.join(map(str, index))}": float(value)
        for name, array in arrays.items()
        for index, value in np.ndenumerate(np.asarray(array, float))
    }


_RGB = values(
    input=[[[156, 155], [153, 154]], [[167, 166], [164, 165]], [[163, 162], [160, 161]]],
    kernel=[
        [
            [[-1, -1, 1], [0, 1, -1], [0, 1, 1]],
            [[1, 0, 0], [1, -1, -1], [1, 0, -1]],
            [[0, 1, 1], [0, 1, 0], [1, -1, 1]],
        ]
    ],
    bias=[1],
)
_DOT = values(
    input=[[[int((i, j) == (2, 2)) for j in range(5)] for i in range(5)]],
    kernel=[[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]],
)
_EDGE = values(input=[[[10, 10, 10, 0, 0, 0]] * 6])
_SMALL = values(input=[[[1, 2, 0], [0, 1, 3], [2, 1, 0]]], kernel=[[[[1, 0], [2, -1]]]], bias=[1])


FIRST, DEPTH, STRIDE = "first steps", "channels and filters", "stride, and what does not fit"
PADDING, KINDS = "padding and size", "other kinds of layer"

PRESETS: dict[str, Example] = {
    "small": Example(
        FIRST,
        "3×3 input, 2×2 kernel, by hand",
        {"size": 3, "kernel_size": 2, "values": _SMALL},
        "Four products and the bias make one output, so each can be checked by hand.",
        "Which outputs change if you raise the pixel in row 0, column 2?",
    ),
    "edge": Example(
        FIRST,
        "a vertical edge found",
        {"size": 6, "values": _EDGE},
        "The kernel takes the right column from the left one, so it answers only at the edge.",
        "What would come out if the right half were the bright one?",
    ),
    "dot": Example(
        FIRST,
        "a dot, cross-correlated: kernel turned",
        {"size": 5, "values": _DOT},
        "Cross-correlation lays the kernel on as it is, so a single dot returns it turned by 180°.",
        "Which kernels would come out the same either way?",
    ),
    "dot-flipped": Example(
        FIRST,
        "a dot, convolved: kernel upright",
        {"size": 5, "values": _DOT, "flip": True},
        "True convolution turns the kernel first, so a single dot returns it upright.",
        "Does the difference matter to a network that learns its weights?",
    ),
    "signal": Example(
        FIRST,
        "a signal, 1-D",
        {
            "ndim": 1,
            "size": 4,
            "kernel_size": 2,
            "values": values(input=[[[1, 2, 4, 8]]], kernel=[[[[-1, 1]]]]),
        },
        "In one dimension the window slides along a line; this kernel takes differences.",
        "Which two weights would average neighbours instead?",
    ),
    "rgb": Example(
        DEPTH,
        "RGB: 308 − 498 + 164 + 1 = −25",
        {"size": 2, "channels": 3, "each_side": True, "top": 1, "left": 1, "values": _RGB},
        "Each channel has a kernel of its own; their sums and one bias make a single number.",
        "How many weights does this one filter have?",
    ),
    "two-filters": Example(
        DEPTH,
        "5×5×3, pad 1 (7×7×3 in all), stride 2, two filters → 3×3×2",
        {"size": 5, "channels": 3, "filters": 2, "stride": 2, "padding": 1},
        "Each filter reads all three channels and makes a map of its own.",
        "How many parameters would ten such filters have?",
    ),
    "one-filter-32": Example(
        DEPTH,
        "32×32×3, one 5×5 filter → 28×28×1",
        {"size": 32, "channels": 3, "kernel_size": 5},
        "One filter makes one map, however many channels it reads.",
        "Where have four rows and four columns gone?",
    ),
    "six-filters-32": Example(
        DEPTH,
        "32×32×3, six 5×5 filters → 28×28×6",
        {"size": 32, "channels": 3, "filters": 6, "kernel_size": 5},
        "Six filters make six maps, which are the channels of the next layer.",
        "How many weights does one 5×5 filter of the next layer need?",
    ),
    "ten-filters-32": Example(
        DEPTH,
        "32×32×3, ten 3×3 filters, pad 1 → 32×32×10",
        {"size": 32, "channels": 3, "filters": 10, "padding": 1},
        "Padding keeps height and width, and the number of filters alone sets the depth.",
        "What does a stride of 2 do to the output, and what to the parameters?",
    ),
    "stride-1": Example(
        STRIDE,
        "7×7, 3×3, stride 1 → 5×5",
        {},
        "The window moves by one pixel, so neighbouring outputs share most of what they read.",
        "How many outputs read the pixel in the middle?",
    ),
    "stride-2": Example(
        STRIDE,
        "7×7, 3×3, stride 2 → 3×3",
        {"stride": 2},
        "The window moves by two pixels, so the map is about half as high and half as wide.",
        "Which pixels do two or more outputs read?",
    ),
    "stride-3": Example(
        STRIDE,
        "7×7, 3×3, stride 3: does not fit",
        {"stride": 3, "policy": "error"},
        "Two windows fit side by side and the third would hang over, so it is refused.",
        "Which of the ways out reads every pixel?",
    ),
    "stride-3-floor": Example(
        STRIDE,
        "… the rest dropped (floor) → 2×2",
        {"stride": 3},
        "No window reads the last row and column, so they change nothing.",
        "Type another number at the right edge: does any output move?",
    ),
    "stride-3-ceil": Example(
        STRIDE,
        "… the last window hangs over (ceil) → 3×3",
        {"stride": 3, "policy": "ceil"},
        "The last windows hang over the edge and read 0 there.",
        "Which outputs are sums of fewer than nine pixels?",
    ),
    "missed": Example(
        STRIDE,
        "8×8, 3×3, stride 2: a row and a column missed",
        {"size": 8, "stride": 2},
        "Steps of 2 do not reach the last of 8 pixels, and nothing warns you.",
        "On which sides would one more pixel of padding be enough?",
    ),
    "same-3": Example(
        PADDING,
        "7×7, 3×3, pad 1 → 7×7, as in VGG",
        {"padding": 1},
        "One ring of zeros lets each pixel be the middle of a window, so the size stays.",
        "Which outputs are made of padding in part?",
    ),
    "same-5": Example(
        PADDING,
        "7×7, 5×5, pad 2 → 7×7",
        {"kernel_size": 5, "padding": 2},
        "A 5×5 kernel reaches two pixels beyond its middle, so it needs two rings.",
        "Which padding would keep the size with an 11×11 kernel?",
    ),
    "same-7": Example(
        PADDING,
        "7×7, 7×7, pad 3 → 7×7",
        {"kernel_size": 7, "padding": 3},
        "A 7×7 kernel needs three rings, and nearly every window holds some of them.",
        "How many windows hold no padding at all?",
    ),
    "stride-2-pad-1": Example(
        PADDING,
        "7×7, 3×3, pad 1, stride 2 → 4×4",
        {"stride": 2, "padding": 1},
        "A stride of 2 with one ring halves the map, rounded up, as many networks do.",
        "Which other input size gives 4×4 as well?",
    ),
    "shrink-32": Example(
        PADDING,
        "a 5×5 kernel shrinks 32 → 28×28",
        {"size": 32, "kernel_size": 5},
        "Without padding a 5×5 kernel takes two pixels off each side.",
        "How many such layers can follow one another until 5×5 no longer fits?",
    ),
    "shrink-28": Example(
        PADDING,
        "and shrinks 28 → 24×24",
        {"size": 28, "kernel_size": 5},
        "The next layer takes off as much again, so depth without padding eats the picture.",
        "Which padding would stop that?",
    ),
    "dilation": Example(
        KINDS,
        "7×7, 3×3, dilation 2 → 3×3",
        {"dilation": 2},
        "The same nine weights, spread out, see 5×5 pixels.",
        "What is left of the output with dilation 3, and why?",
    ),
    "depthwise": Example(
        KINDS,
        "depthwise: each channel its own kernel",
        {"kind": "depthwise", "size": 5, "channels": 3},
        "Each channel is filtered alone, so no output mixes channels.",
        "How many weights would a plain layer with three filters have?",
    ),
    "pointwise": Example(
        KINDS,
        "pointwise: 1×1 mixes the channels",
        {"kind": "pointwise", "size": 4, "channels": 3, "filters": 2},
        "A 1×1 kernel sees a single pixel, but in all channels, and mixes them.",
        "How many times fewer weights is that than with 3×3 kernels?",
    ),
    "groups": Example(
        KINDS,
        "two groups",
        {"size": 4, "channels": 4, "filters": 2, "groups": 2},
        "Filter 0 reads the first two channels only, and filter 1 the last two.",
        "How many weights are saved beside a layer without groups?",
    ),
    "transposed": Example(
        KINDS,
        "transposed: 2×2 stamped, stride 2 → 5×5",
        {
            "kind": "transposed",
            "size": 2,
            "stride": 2,
            "values": values(input=[[[1, 2], [3, 4]]], kernel=[[[[1] * 3] * 3]]),
        },
        "Each input stamps the kernel, two pixels apart, and where stamps overlap, they add.",
        "Where do they overlap, and what does a stride of 3 do to that?",
    ),
}


def preset(name: str) -> Choice:
    """All settings of a worked example.

    Examples
    --------
    >>> preset("stride-2")["stride"]
    2
    """
    return DEFAULTS | PRESETS[name].settings
