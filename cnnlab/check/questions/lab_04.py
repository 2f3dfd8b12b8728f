"""Questions of lab 04: convolution from scratch."""

from cnnlab.check.questions.base import GivenQuestion, Question

QUESTIONS: tuple[Question, ...] = (
    GivenQuestion(
        "04-way-back",
        "The gradient of an output, and the kernel that it went through.",
        ([[1.0, 0.0], [-1.0, 2.0]], [[1.0, 2.0], [3.0, -1.0]]),
    ),
)
