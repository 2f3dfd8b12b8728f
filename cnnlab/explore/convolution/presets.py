"""Worked examples, each one click away."""

from dataclasses import asdict
from typing import Any

import numpy as np

from cnnlab.explore.convolution.layer import Settings

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

PRESETS: dict[str, tuple[str, Choice]] = {
    "small": ("3×3 input, 2×2 kernel, by hand", {"size": 3, "kernel_size": 2, "values": _SMALL}),
    "edge": ("a vertical edge found", {"size": 6, "values": _EDGE}),
    "dot": ("a dot, cross-correlated: kernel turned", {"size": 5, "values": _DOT}),
    "dot-flipped": ("a dot, convolved: kernel upright", {"size": 5, "values": _DOT, "flip": True}),
    "signal": (
        "a signal, 1-D",
        {
            "ndim": 1,
            "size": 4,
            "kernel_size": 2,
            "values": values(input=[[[1, 2, 4, 8]]], kernel=[[[[-1, 1]]]]),
        },
    ),
    "rgb": (
        "RGB: 308 − 498 + 164 + 1 = −25",
        {"size": 2, "channels": 3, "each_side": True, "top": 1, "left": 1, "values": _RGB},
    ),
    "two-filters": (
        "5×5×3, pad 1 (7×7×3 in all), stride 2, two filters → 3×3×2",
        {"size": 5, "channels": 3, "filters": 2, "stride": 2, "padding": 1},
    ),
    "one-filter-32": (
        "32×32×3, one 5×5 filter → 28×28×1",
        {"size": 32, "channels": 3, "kernel_size": 5},
    ),
    "six-filters-32": (
        "32×32×3, six 5×5 filters → 28×28×6",
        {"size": 32, "channels": 3, "filters": 6, "kernel_size": 5},
    ),
    "stride-1": ("7×7, 3×3, stride 1 → 5×5", {}),
    "stride-2": ("7×7, 3×3, stride 2 → 3×3", {"stride": 2}),
    "stride-3": ("7×7, 3×3, stride 3: does not fit", {"stride": 3, "policy": "error"}),
    "stride-3-floor": ("… the rest dropped (floor) → 2×2", {"stride": 3}),
    "stride-3-ceil": ("… the last window hangs over (ceil) → 3×3", {"stride": 3, "policy": "ceil"}),
    "same-3": ("7×7, 3×3, pad 1 → 7×7, as in VGG", {"padding": 1}),
    "same-5": ("7×7, 5×5, pad 2 → 7×7", {"kernel_size": 5, "padding": 2}),
    "same-7": ("7×7, 7×7, pad 3 → 7×7", {"kernel_size": 7, "padding": 3}),
    "stride-2-pad-1": ("7×7, 3×3, pad 1, stride 2 → 4×4", {"stride": 2, "padding": 1}),
    "missed": ("8×8, 3×3, stride 2: a row and a column missed", {"size": 8, "stride": 2}),
    "shrink-32": ("a 5×5 kernel shrinks 32 → 28×28", {"size": 32, "kernel_size": 5}),
    "shrink-28": ("and shrinks 28 → 24×24", {"size": 28, "kernel_size": 5}),
    "ten-filters-32": (
        "32×32×3, ten 3×3 filters, pad 1 → 32×32×10",
        {"size": 32, "channels": 3, "filters": 10, "padding": 1},
    ),
    "dilation": ("7×7, 3×3, dilation 2 → 3×3", {"dilation": 2}),
    "depthwise": (
        "depthwise: each channel its own kernel",
        {"kind": "depthwise", "size": 5, "channels": 3},
    ),
    "pointwise": (
        "pointwise: 1×1 mixes the channels",
        {"kind": "pointwise", "size": 4, "channels": 3, "filters": 2},
    ),
    "groups": ("two groups", {"size": 4, "channels": 4, "filters": 2, "groups": 2}),
    "transposed": (
        "transposed: 2×2 stamped, stride 2 → 5×5",
        {
            "kind": "transposed",
            "size": 2,
            "stride": 2,
            "values": values(input=[[[1, 2], [3, 4]]], kernel=[[[[1] * 3] * 3]]),
        },
    ),
}


def preset(name: str) -> Choice:
    """All settings of a worked example.

    Examples
    --------
    >>> preset("stride-2")["stride"]
    2
    """
    return DEFAULTS | PRESETS[name][1]
