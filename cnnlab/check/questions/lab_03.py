"""Questions of lab 03: training and regularisation."""

from cnnlab.check.questions.base import (
    ChoiceQuestion,
    GivenQuestion,
    NumberQuestion,
    Option,
    Question,
    told,
    vary,
)

_RATE, _GRADIENT, _STEPS, _BETAS = 0.01, 50, 3, (0.9, 0.999)


def _moved(mean: bool = True, square: bool = True, root: float = 0.5) -> float:
    """How far Adam has moved a weight after steps with one gradient, its means corrected or not."""
    way = 0.0
    for step in range(1, _STEPS + 1):
        first, second = (1 - beta**step for beta in _BETAS)
        size = _GRADIENT**2 * (1 if square else second)
        way += _RATE * _GRADIENT * (1 if mean else first) / size**root
    return way


def _he(inputs: int = 50, outputs: int = 200) -> NumberQuestion:
    return NumberQuestion(
        "03-he",
        f"A layer with ReLU has {inputs} inputs and {outputs} outputs. Which standard deviation does He's "
        "recipe give its weights?",
        lambda: (2 / inputs) ** 0.5,
        "",
        0.005,
        told(
            (2 / inputs, "This is the variance; the standard deviation is its root."),
            (
                (2 / outputs) ** 0.5,
                "This counts the outputs. What keeps the signal level forward is the number of "
                "inputs that a unit adds up.",
            ),
            (
                2 / outputs,
                "This is a variance, and it counts the outputs. He's recipe counts the inputs, and "
                "the standard deviation is the root of the variance.",
            ),
            ((2 / (inputs + outputs)) ** 0.5, "This is Glorot's recipe, made for tanh."),
            (
                2 / (inputs + outputs),
                "This is the variance of Glorot's recipe, which is made for tanh.",
            ),
            ((1 / inputs) ** 0.5, "The 2 is missing: a ReLU loses half of the mean square."),
            (
                2 / inputs**0.5,
                "The 2 is outside the root. It is a part of the variance, so it belongs inside.",
            ),
            (
                (2 / (inputs * outputs)) ** 0.5,
                "This counts all weights of the layer. A single unit adds up fewer products.",
            ),
        ),
        hint="The recipe gives a variance, and it counts what a single unit adds up.",
    )


QUESTIONS: tuple[Question, ...] = (
    GivenQuestion(
        "03-momentum",
        "Two weights, their gradient, their velocity, the learning rate and the momentum.",
        ([1.0, -2.0], [4.0, 2.0], [2.0, -1.0], 0.1, 0.5),
    ),
    NumberQuestion(
        "03-first-steps",
        "Adam starts, with the learning rate 0.01 and the usual β₁ = 0.9 and β₂ = 0.999. In each "
        "of the first three steps, the gradient of a weight is 50. How far has this weight moved "
        "after these three steps?",
        _moved,
        "",
        0.005,
        told(
            (
                _STEPS * _RATE * _GRADIENT,
                "These are plain steps, rate times gradient. Adam divides by how large the "
                "gradients usually are.",
            ),
            (
                _moved(mean=False, square=False),
                "The two means are not corrected here. Both began at 0, so in the first steps they "
                "are too small.",
            ),
            (
                _moved(mean=False),
                "The mean of the gradients is not corrected here; it began at 0, too.",
            ),
            (
                _moved(square=False),
                "The mean of the squares is not corrected here; it began at 0, too.",
            ),
            (
                _STEPS * _RATE * (1 - _BETAS[0]) / (1 - _BETAS[1]) ** 0.5,
                "These are three first steps without the corrections. Both means began at 0, so "
                "they are too small.",
            ),
            (_moved(root=1), "The gradient is divided by its square. Take the root first."),
            (_RATE, "This is one step. How far has the weight moved after all three?"),
            (
                float(_STEPS),
                "The three quotients are right. Multiply each of them by the learning rate.",
            ),
        ),
        hint="Write down both means after one step, correct them, and divide. Then the next step.",
    ),
    vary(_he, inputs=[2 * n**2 for n in range(3, 16)], outputs=range(60, 301, 20)),
    GivenQuestion(
        "03-dropout",
        "Five numbers, the mask of one example, and the rate.",
        ([4.0, 1.0, -2.0, 8.0, 3.0], [1, 0, 1, 1, 1], 0.2),
    ),
    ChoiceQuestion(
        "03-kept",
        "A loop changes its weights by `weights -= rate * gradient`. Whenever the validation loss "
        "sets a new low, it runs `best = weights`. In the end, which weights are in `best`?",
        (
            Option(
                "Those of the epoch with the lowest validation loss.",
                "`best = weights` copies nothing: both names stand for one array, and `-=` writes "
                "into it.",
            ),
            Option(
                "Those of the first epoch.",
                "The array is the one from the first epoch, but its numbers have changed since.",
            ),
            Option("Those of the very last step."),
            Option(
                "None: Python reports an error.",
                "Python gives no error, which is what makes this so hard to find.",
            ),
        ),
    ),
    ChoiceQuestion(
        "03-one-left",
        "A network with batch normalisation trains on 1,025 images, in batches of 64. What happens "
        "in the last step of an epoch?",
        (
            Option(
                "Its gradient is a little noisier, and nothing else changes.",
                "How many images are in the last batch, and what are their mean and their "
                "variance?",
            ),
            Option(
                "It takes 64 images, like the others.",
                "Sixteen batches of 64 make 1,024 images: what is left for the last one?",
            ),
            Option(
                "One image is its whole batch: normalised, every number becomes 0, and PyTorch "
                "stops with an error."
            ),
            Option(
                "One image is left, and the running mean and variance are used for it.",
                "Those are for evaluation mode; in training mode the batch decides, however small "
                "it is.",
            ),
        ),
    ),
)
