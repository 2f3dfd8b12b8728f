"""Questions of lab 01: neurons and Boolean functions."""

from cnnlab.check.questions.base import (
    ChoiceQuestion,
    GivenQuestion,
    NumberQuestion,
    Option,
    Question,
    told,
)

_TARGETS = (0, 0, 0, 1, 1, 1, 1, 1)  # x₁ OR (x₂ AND x₃), the rows counting up


def _squared(answer: float) -> float:
    return sum((target - answer) ** 2 for target in _TARGETS) / len(_TARGETS)


def _mean() -> float:
    return sum(_TARGETS) / len(_TARGETS)


QUESTIONS: tuple[Question, ...] = (
    GivenQuestion(
        "01-four-answers",
        "Rows of inputs, two weights and a bias.",
        ([[0, 0], [0, 1], [1, 0], [1, 1]], [2, 1], -2),
    ),
    ChoiceQuestion(
        "01-one-unit",
        "Which of these functions can a single unit with a step function compute? Choose all that "
        "are possible.",
        (
            Option("The same as x₁, whatever x₂ is."),
            Option(
                "1 if x₁ and x₂ are equal.",
                "Draw the four points: its ones lie at opposite corners, so no line has just these "
                "two on one side.",
            ),
            Option("1 if x₁ is 1 and x₂ is 0."),
            Option("Always 1."),
            Option(
                "1 if exactly one of x₁, x₂ and x₃ is 1.",
                "Keep x₃ at 0: what is left is XOR of the other two.",
            ),
        ),
    ),
    GivenQuestion(
        "01-correction",
        "Two weights and the bias, one example, and its target.",
        ([2, 1, -1], [1, 0], 0),
    ),
    NumberQuestion(
        "01-stuck-loss",
        "A network learns x₁ OR (x₂ AND x₃) from all eight rows, with the mean squared error. All "
        "its hidden units die, so it gives the same answer to every row. At which loss does it "
        "end?",
        lambda: _squared(_mean()),
        "",
        0.005,
        told(
            (
                _squared(1 / 2),
                "This is the loss of answering ½ to all rows. How many of the eight targets are 1?",
            ),
            (
                _squared(1),
                "This is the loss of answering 1 to all rows. A number between 0 and 1 is better.",
            ),
            (
                _squared(0),
                "This is the share of ones among the targets. What is the best one answer, and how "
                "large are the squares of its errors, on average?",
            ),
            (
                sum(abs(target - _mean()) for target in _TARGETS) / len(_TARGETS),
                "This is the mean of the sizes of the errors; square each of them first.",
            ),
            (
                len(_TARGETS) * _squared(_mean()),
                "This is the sum of the squares; the loss is their mean.",
            ),
            (_squared(_mean()) / 2, "There is a factor ½ too much."),
            (
                1 / 8,
                "This is a loss of XOR, where two of its four points fall together. Here there are "
                "eight rows, which all get one answer, and the function is another one.",
            ),
            (
                1 / 6,
                "This is a loss of XOR, where three of its four points fall together. Here there "
                "are eight rows, which all get one answer, and the function is another one.",
            ),
        ),
        hint="Under squared error, the best one answer to several targets is their mean.",
    ),
    ChoiceQuestion(
        "01-last-unit",
        "A photograph may show a dog, a cat, both, or neither. What belongs at the end of the "
        "network, and which loss goes with it?",
        (
            Option(
                "Two units with a softmax, and cross-entropy.",
                "A softmax makes the two sum to 1, so it can say neither both nor none.",
            ),
            Option(
                "One unit with a sigmoid, and binary cross-entropy.",
                "One probability answers one question; here there are two questions, and any pair "
                "of answers is possible.",
            ),
            Option("Two units, each with a sigmoid and its own binary cross-entropy."),
            Option(
                "Two units without an activation, and the mean squared error.",
                "It can be trained, but its answers are no probabilities: they may be below 0 or "
                "above 1.",
            ),
        ),
    ),
)
