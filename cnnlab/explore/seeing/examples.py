"""Worked examples: a sentence and a question each, one click away."""

from typing import Any

from cnnlab.explore.examples import Example

USUAL: dict[str, Any] = {
    "picture": "coffee", "method": "grad-cam", "target": 1, "shuffled": 0, "patch": 7, "stride": 3,
    "fill": "grey", "layer": 9, "channel": 1, "steps": 50,
}  # fmt: skip

_WHERE, _LEARNED, _SUM = "where it looks", "does the map notice?", "sums that come out"

EXAMPLES = {
    "espresso": Example(
        _WHERE,
        "a cup of espresso",
        {},
        "The last maps speak for espresso where the coffee is, no finer than they are: 7×7.",
        "Choose another of the five classes. Where does its evidence lie?",
    ),
    "helmet": Example(
        _WHERE,
        "a football helmet?",
        {"picture": "astronaut", "method": "occlusion"},
        "The first guess is a football helmet, and it falls most where the patch hides the helmet "
        "under her arm; where the map is blue, hiding helps it.",
        "Make the patch black or blurred, or larger. What of the map stays?",
    ),
    "edges": Example(
        _WHERE,
        "what an early layer answers to",
        {"picture": "chelsea", "method": "response", "layer": 2},
        "A map of an early layer is fine, and answers to edges wherever they are.",
        "Go up layer by layer. From which layer on would you not know the cat?",
    ),
    "noticed": Example(
        _LEARNED,
        "Grad-CAM, four layers shuffled",
        {"shuffled": 4},
        "Only 4 of 50 layers are shuffled, from the top, and Grad-CAM no longer finds the cup: the "
        "map depends on what was learned.",
        "Shuffle one layer less, and another. With how many does it still find the cup?",
    ),
    "sharp": Example(
        _LEARNED,
        "guided back-propagation, 20 layers shuffled",
        {"method": "guided-backprop", "shuffled": 20},
        "20 of 50 layers are shuffled, and the map still shows the edges of a cup: they say little "
        "of what was learned.",
        "Set the shuffled layers to 0. Would you have told one map from the other?",
    ),
    "deaf": Example(
        _LEARNED,
        "input × gradient, all layers shuffled",
        {"picture": "digit 3", "method": "input-times-gradient", "shuffled": 3},
        "No layer remembers anything, and yet the map shows a three: because the input is a "
        "factor of it.",
        "Which part of the map is the network's, and which is the picture's?",
    ),
    "complete": Example(
        _SUM,
        "integrated gradients are complete",
        {"picture": "digit 3", "method": "integrated-gradients", "fill": "black"},
        "The map adds up to the rise of the score from a black picture to this one.",
        "Take fewer steps, or another baseline. By how much is the sum off?",
    ),
}
