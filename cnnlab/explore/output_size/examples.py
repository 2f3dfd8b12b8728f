"""Worked examples, each with what it shows and a question to try."""

from typing import Any

from cnnlab.explore.examples import Example

USUAL: dict[str, Any] = {"size": 7, "kernel_size": 3, "stride": 1, "padding": 0}

_STRIDE_1, _HALF, _REST = "stride 1", "half the size", "what is left over"

EXAMPLES: dict[str, Example] = {
    "valid": Example(
        _STRIDE_1,
        "no padding",
        {},
        "The last window begins at pixel 4, so the output is two pixels shorter than the input.",
        "How many such layers in a row turn 7 pixels into 1?",
    ),
    "same": Example(
        _STRIDE_1,
        "same size",
        {"padding": 1},
        "A zero on each side makes up for the two pixels that would be lost.",
        "Which padding keeps the size for a kernel of 5, and why is there none for a kernel of 4?",
    ),
    "full": Example(
        _STRIDE_1,
        "every overlap",
        {"padding": 2},
        "With k − 1 zeros on each side every pixel is read by three windows, also the outermost.",
        "How much longer than the input is the output, in terms of k?",
    ),
    "pool": Example(
        _HALF,
        "2×2 pooling",
        {"size": 8, "kernel_size": 2, "stride": 2},
        "Windows lie side by side, so each pixel is read exactly once.",
        "Take away one pixel of the input: which policy loses a pixel, and which one keeps it?",
    ),
    "downsample": Example(
        _HALF,
        "3×3 with stride 2",
        {"size": 8, "stride": 2, "padding": 1},
        "The size is halved, but the zero on the right is never read, so the windows lie off centre.",
        "For which input sizes do floor, ceil and error agree?",
    ),
    "left over": Example(
        _REST,
        "a pixel too many",
        {"stride": 3},
        "A third window would need pixels 6 to 8: floor leaves pixel 6 unread, ceil lets the window "
        "hang over, error refuses.",
        "Which smallest padding makes all three agree?",
    ),
    "gaps": Example(
        _REST,
        "gaps",
        {"size": 10, "kernel_size": 2, "stride": 4},
        "The stride is larger than the kernel, so two pixels between one window and the next are "
        "never read.",
        "Which is the largest stride that leaves no gap?",
    ),
}
