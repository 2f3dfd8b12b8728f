"""Questions of the first notebook, to try checks on; they count nowhere."""

from cnnlab.check.questions.base import ChoiceQuestion, Option, Question

QUESTIONS: tuple[Question, ...] = (
    ChoiceQuestion(
        "00-order-of-axes",
        "In which order does the course write the axes of a batch of images?",
        (
            Option(
                "Batch, height, width, channels.",
                "So does Keras; the course goes with PyTorch.",
            ),
            Option("Batch, channels, height, width."),
            Option(
                "Channels, batch, height, width.",
                "Each image's numbers would be torn apart in memory.",
            ),
        ),
    ),
)
