"""Worked examples: a sentence and a question each, one click away."""

from typing import Any

from cnnlab.explore.examples import Example
from cnnlab.explore.inside.samples import OWN

THREE = [
    [[8, 6], [13, 4], [18, 7], [17, 11], [13, 13], [18, 15], [20, 19], [17, 23], [12, 24], [8, 22]]
]
USUAL: dict[str, Any] = {"picture": OWN, "layer": "conv2", "channel": 3, "strokes": THREE}

_SUM, _WAY, _DRAWN = "one number", "on the way to an answer", "drawings"

CROSS = [[[7, 6], [21, 22]], [[21, 6], [7, 22]]]
SEVEN = [[[8, 6], [20, 6], [16, 14], [13, 24]], [[11, 15], [19, 15]]]
OPEN = [[[8, 5], [8, 14], [18, 14]], [[18, 5], [18, 24]]]

EXAMPLES = {
    "edge": Example(
        _SUM,
        "25 products",
        {"layer": "conv1", "channel": 2},
        "A number of the first layer: 25 pixels, 25 weights, one sum.",
        "Where in this map are the sums below 0? What lies under the window there?",
    ),
    "stack": Example(
        _SUM,
        "54 products",
        {},
        "A number of the second convolution reads a window in all six maps at once, with nine "
        "weights for each.",
        "Which of the six maps adds most here, and which takes away?",
    ),
    "winner": Example(
        _SUM,
        "a maximum",
        {"layer": "pool2", "channel": 3},
        "Pooling keeps one number of four and forgets where in the window it stood.",
        "How much of the digit can you still see in the last maps?",
    ),
    "votes": Example(
        _WAY,
        "200 numbers vote",
        {"picture": "digit 5", "layer": "dense"},
        "The score of a class is a sum of 200 products: most say nothing, a few say much.",
        "Point at the second best class. Which map speaks for it, and which against it?",
    ),
    "exponentials": Example(
        _WAY,
        "from scores to shares",
        {"picture": "digit 9", "layer": "softmax"},
        "Softmax makes the scores positive with a power of e, and divides by their sum.",
        "One score is a little higher than another. How many times as large is its share?",
    ),
    "seven": Example(
        _DRAWN,
        "a seven with a bar",
        {"picture": OWN, "strokes": SEVEN, "layer": "conv1", "channel": 2},
        "A seven as many people in Europe write it, drawn with a mouse.",
        "Draw one without the bar. Which maps of the first layer differ?",
    ),
    "open": Example(
        _DRAWN,
        "a four, or a nine?",
        {"picture": OWN, "strokes": OPEN, "layer": "dense"},
        "A four that is open at the top. Close it with a stroke, and watch the scores.",
        "How far must you close it before the answer is nine? Does it ever change?",
    ),
    "cross": Example(
        _DRAWN,
        "not a digit",
        {"picture": OWN, "strokes": CROSS, "layer": "softmax"},
        "A cross is no digit, but the shares add up to 1 all the same: the network has no way to "
        "say that it does not know.",
        "Draw your initials, a face or a scribble. How sure does it claim to be?",
    ),
}
