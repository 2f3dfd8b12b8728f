"""Worked examples, each with what it shows and a question to try."""

from cnnlab.explore.boundary.model import Settings
from cnnlab.explore.examples import Example

_ONE, _HIDDEN, _SIGNS = "one unit", "hidden units", "−1 for no"

EXAMPLES: dict[str, Example] = {
    "or": Example(
        _ONE,
        "OR",
        {},
        "A single input of 1 is enough to bring the sum above 0.",
        "Which of the three numbers must change for AND, and how far?",
    ),
    "and": Example(
        _ONE,
        "AND",
        {"b": -1.5},
        "The weights of OR, with a bias that a single input of 1 does not overcome.",
        "Between which biases does it stay AND?",
    ),
    "nand": Example(
        _ONE,
        "NAND",
        {"w1": -1.0, "w2": -1.0, "b": 1.5},
        "The line of AND; the arrow points to its other side.",
        "What is it if you change the sign of the weights of AND, but not that of its bias?",
    ),
    "not": Example(
        _ONE,
        "NOT x₁",
        {"w1": -1.0, "w2": 0.0, "b": 0.5},
        "The second weight is 0, so the line stands upright and x₂ is not read.",
        "How do you turn it into NOT x₂?",
    ),
    "sigmoid": Example(
        _ONE,
        "sigmoid, saturated",
        {"activation": "sigmoid", "w1": 6.0, "w2": 6.0, "b": -3.0},
        "The line of OR, but the sums are so large that the sigmoid is flat at all four points.",
        "Divide all three numbers by 6: what becomes of the line, and what of the slopes?",
    ),
    "dead": Example(
        _ONE,
        "ReLU, dead",
        {"activation": "relu", "w1": -1.0, "w2": -1.0, "b": -0.5},
        "No input brings the sum above 0, so the slope is 0 everywhere and nothing can be learned.",
        "Which is the smallest bias that revives it?",
    ),
    "xor": Example(
        _HIDDEN,
        "XOR: OR, NAND",
        {"hidden": 2, "b": -1.5},
        "In the hidden plane 01 and 10 fall together, so one line suffices.",
        "Turn it into XNOR: which three numbers change their signs?",
    ),
    "xor-relu": Example(
        _HIDDEN,
        "XOR: two ReLUs",
        {
            "hidden": 2, "activation": "relu", "w2": -2.0, "b": 0.0,
            "c1": 0.0, "w21": 1.0, "w22": 1.0, "c2": -1.0,
        },
        "Both units read the sum of the inputs; the second one bends it down again.",
        "Choose sigmoid instead of ReLU: is it still XOR?",
    ),
    "triangle": Example(
        _HIDDEN,
        "three lines",
        {
            "hidden": 3, "w3": 1.0, "b": -2.5, "w12": 0.0,
            "w21": 0.0, "w22": 1.0, "c2": -0.5, "w31": -1.0, "w32": -1.0, "c3": 2.6,
        },
        "The output is on where all three hidden units are: inside the triangle.",
        "Which output bias makes it on where at least two of the three are, and which function is it?",
    ),
    "signs": Example(
        _SIGNS,
        "AND of −1 and 1",
        {"no": -1},
        "The inputs are −1 and 1, so the weighted inputs are −2, 0, 0 and 2.",
        "Keep the three numbers, but let 0 stand for no: which function is it then?",
    ),
    "pisa": Example(
        _SIGNS,
        "exercise of Pisa DM2",
        {
            "no": -1, "hidden": 3, "activation": "sign", "w1": 0.2, "w2": 0.2, "w3": 0.3, "b": -0.2,
            "w11": 0.4, "w12": 0.1, "c1": -0.2, "w21": 0.0, "w22": -0.4, "c2": -0.2,
            "w31": -0.1, "w32": 0.4, "c3": -0.2,
        },
        "Every unit answers −1 or 1, and has the threshold 0.2, which is the bias −0.2.",
        "Set all four biases to 0: which function does it become?",
    ),
}  # fmt: skip


def named(settings: Settings) -> str:
    """Name of the example that this is, or "".

    Examples
    --------
    >>> named(Settings(b=-1.5))
    'and'
    """
    for name, example in EXAMPLES.items():
        if Settings(**example.settings) == settings:
            return name
    return ""
