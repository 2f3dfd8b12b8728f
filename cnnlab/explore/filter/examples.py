"""Worked examples, each with what it shows and a question to try."""

from typing import Any

from cnnlab.explore.examples import Example

USUAL: dict[str, Any] = {
    "photo": "camera",
    "preset": "sobel-x",
    "kernel_size": 3,
    "angle": 0,
    "stride": 1,
    "padding": 0,
    "colors": "auto",
}

_EDGES, _SMOOTH, _STRIPES, _SIZE = "edges", "smoothing and sharpening", "stripes", "output size"

EXAMPLES: dict[str, Example] = {
    "upright": Example(
        _EDGES,
        "upright edges",
        {},
        "The weights on the left are the opposite of those on the right, so even areas give 0.",
        "Point at the tripod: why is one side of a leg orange and the other blue?",
    ),
    "lying": Example(
        _EDGES,
        "lying edges",
        {"preset": "sobel-y"},
        "The same kernel turned by a quarter: now the horizon shows and the tower's sides do not.",
        "Which weights would find edges that run from the upper left to the lower right?",
    ),
    "dots": Example(
        _EDGES,
        "dots and outlines",
        {"photo": "coins", "preset": "laplacian"},
        "Each pixel is compared with its four neighbours, so edges show whatever their direction.",
        "Change the weight in the middle to −3: why does the picture come back?",
    ),
    "blur": Example(
        _SMOOTH,
        "blur",
        {"photo": "brick", "preset": "blur", "kernel_size": 7},
        "Each pixel becomes the mean of 49, so the fine grain goes and the brightness stays.",
        "How does the picture change if you choose the Gaussian kernel of the same size?",
    ),
    "sharpen": Example(
        _SMOOTH,
        "sharpen",
        {"photo": "chelsea", "preset": "sharpen"},
        "Differences from the neighbours are enlarged; the weights sum to 1, so even areas stay.",
        "What becomes of the fur if you use a kernel of 7 × 7 instead?",
    ),
    "gabor": Example(
        _STRIPES,
        "stripes at an angle",
        {"photo": "grass", "preset": "gabor", "kernel_size": 7, "angle": 45},
        "Only blades that lie across this angle give large responses.",
        "Turn the angle: at which one is the response of the brick wall largest?",
    ),
    "stride": Example(
        _SIZE,
        "stride 4",
        {"stride": 4, "preset": "gaussian", "kernel_size": 7},
        "Only every fourth window is computed, so the response has a sixteenth of the pixels.",
        "Use the identity kernel with stride 4: what happens to the tripod, and why?",
    ),
    "same": Example(
        _SIZE,
        "same size",
        {"preset": "blur", "kernel_size": 7, "padding": 3},
        "Three zeros on each side keep the size, but they count as black, so the border darkens.",
        "Which padding keeps the size for a kernel of 5 × 5?",
    ),
}
