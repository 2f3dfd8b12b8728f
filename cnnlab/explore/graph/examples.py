"""Graphs of the lecture, each with what it shows and a question to try."""

from cnnlab.explore.examples import Example


def _graph(
    title: str, expression: str, values: dict[str, float], sentence: str, question: str
) -> Example:
    """An expression as :func:`cnnlab.scratch.graph.parse` reads it, with values of all its leaves."""
    return Example("", title, {"expression": expression, "values": values}, sentence, question)


EXAMPLES: dict[str, Example] = {
    "diamond": _graph(
        "diamond",
        "y = 3*x; a = 2*y; b = 5*y; c = a + b",
        {"x": 1.0},
        "Two messages reach y, one from a and one from b, and y hands on their sum.",
        "How steep would c be in x if only the last message to y counted?",
    ),
    "paths": _graph(
        "y + exp(xy), two paths",
        "x = cos(t); y = t**2; f = y + exp(x*y)",
        {"t": 1.0},
        "The leaf t goes two ways, and y goes two ways again, so sums stand at both.",
        "At which t is the slope of f in t exactly 0? Type a number into t, and try.",
    ),
    "neuron": _graph(
        "neuron and loss",
        "z = w*x + b; y = sigmoid(z); L = (y - t)**2/2",
        {"w": 1.0, "x": 2.0, "b": -2.0, "t": 1.0},
        "The loss falls when w and b rise, because their error signals are negative.",
        "Set b to −8. How much of the signal of y gets through the sigmoid to z, and why so little?",
    ),
    "penalty": _graph(
        "with a penalty",
        "e = w*x - t; E = e**2/2 + w*w*λ/2",
        {"w": 2.0, "x": 3.0, "t": 5.0, "λ": 0.5},
        "The weight reaches E through the prediction and, twice, through the penalty w · w.",
        "For which λ do the messages to w add up to 0 when t is 7?",
    ),
    "softmax": _graph(
        "softmax, 3 classes",
        "e1 = exp(w1*x); e2 = exp(w2*x); e3 = exp(w3*x); p = e3/(e1 + e2 + e3); L = -log(p)",
        {"w1": 0.0, "x": 1.0, "w2": 0.693147, "w3": 1.609438},
        "The three exponentials are 1, 2 and 5; the third class is the right one.",
        "The signals of w1, w2 and w3 add up to 0. Do they still when x is 2?",
    ),
    "mlp": _graph(
        "ReLU network",
        "h1 = relu(w11*x1 + w12*x2); h2 = relu(w21*x1 + w22*x2); "
        "y = v1*h1 + v2*h2; L = (y - t)**2/2",
        {
            "w11": 1.0, "x1": 1.0, "w12": 1.0, "x2": 2.0, "w21": 1.0, "w22": -1.0,
            "v1": 2.0, "v2": 1.0, "t": 4.0,
        },
        "The second ReLU is closed, so no message gets through it to w21 and w22.",
        "Change one weight so that the second ReLU opens. Which error signals come to life?",
    ),
    "mazur": _graph(
        "Mazur, seen from w1",
        "z = 0.05*w1 + 0.37; h1 = sigmoid(z); z1 = w5*h1 + 0.868597970; o1 = sigmoid(z1); "
        "z2 = w7*h1 + 0.928286408; o2 = sigmoid(z2); "
        "E1 = (o1 - 0.01)**2/2; E2 = (o2 - 0.99)**2/2; E = E1 + E2",
        {"w1": 0.15, "w5": 0.4, "w7": 0.5},
        "Two messages meet at h1, one from each output; what w1 does not reach is written as a number.",
        "A step moves each weight by −0.5 times its error signal. Which of the three moves farthest?",
    ),
}  # fmt: skip

GIVEN = (1.0, 2.0, -1.0, 0.5, 3.0, -2.0)  # for leaves of one's own, so that they differ


def named(expression: str, values: dict[str, float]) -> str:
    """Name of the example that this is, or "".

    Examples
    --------
    >>> named("y = 3*x; a = 2*y; b = 5*y; c = a + b", {"x": 1.0})
    'diamond'
    """
    for name, example in EXAMPLES.items():
        if example.settings == {"expression": expression, "values": values}:
            return name
    return ""
