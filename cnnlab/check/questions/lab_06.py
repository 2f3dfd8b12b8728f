"""Questions of lab 06: training a ConvNet."""

import math

from cnnlab.check.misconceptions import Misconception
from cnnlab.check.questions.base import ChoiceQuestion, NumberQuestion, Option, Question

QUESTIONS: tuple[Question, ...] = (
    ChoiceQuestion(
        "06-softmax-twice",
        "A network ends with a softmax and is trained with PyTorch's cross_entropy. What follows?",
        (
            Option(
                "It raises an error, since the loss expects logits.",
                "Any numbers of the right shape are accepted; nothing tells them from logits.",
            ),
            Option("It learns slowly, because the loss takes another softmax of probabilities."),
            Option(
                "Nothing changes, since a softmax of a softmax is the same.",
                "Try (1, 0): the second softmax makes it far less certain.",
            ),
            Option(
                "The predicted classes are wrong.",
                "A softmax keeps the order, so the largest stays the largest.",
            ),
        ),
    ),
    ChoiceQuestion(
        "06-eval-mode",
        "The accuracy of a network with dropout differs each time it is measured on the same "
        "test images. What was forgotten?",
        (
            Option(
                "To shuffle the test images.",
                "Their order does not change which of them are right.",
            ),
            Option(
                "To set the seed before training.",
                "The weights are the same each time; something else is drawn anew.",
            ),
            Option(
                "To switch gradients off.",
                "That saves memory and time; the outputs are the same.",
            ),
            Option("To switch the network to evaluation."),
        ),
    ),
    ChoiceQuestion(
        "06-test-statistics",
        "Which mean and deviation should the test images be normalised with?",
        (
            Option("Those of the training images."),
            Option(
                "Their own.",
                "The network would see other inputs than it was trained on, and one image's "
                "prediction would depend on the others.",
            ),
            Option(
                "Those of all images together.",
                "Then the test images would have had a say in training.",
            ),
        ),
    ),
    NumberQuestion(
        "06-first-loss",
        "Which cross-entropy should a network with ten classes start from, if it gives all of "
        "them the same probability?",
        lambda: math.log(10),
        "nats",
        0.005,
        (
            Misconception(
                "logarithm to base 10",
                lambda _: 1.0,
                "You took the logarithm to base 10; the loss takes the natural one.",
            ),
            Misconception(
                "logarithm to base 2",
                lambda _: math.log2(10),
                "You took the logarithm to base 2; the loss takes the natural one.",
            ),
            Misconception(
                "probability itself",
                lambda _: 0.1,
                "This is the probability; the loss is minus its logarithm.",
            ),
        ),
    ),
)
