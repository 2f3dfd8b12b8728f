"""Questions of lab 05: the arithmetic of shapes."""

from cnnlab import geometry
from cnnlab.check.questions.base import (
    ChoiceQuestion,
    GivenQuestion,
    Idea,
    NumberQuestion,
    Option,
    Question,
    WordsQuestion,
    told,
)
from cnnlab.count import MEGABYTE


def _unread_share() -> float:
    read = 7 - len(geometry.unread(7, 3, stride=3))
    return 100 * (1 - read**2 / 7**2)


def _param_megabytes() -> float:
    from cnnlab import zoo

    return zoo.get("datasci-207").summary().param_bytes / MEGABYTE


QUESTIONS: tuple[Question, ...] = (
    GivenQuestion(
        "05-image",
        "An image to pool.",
        ([[1, 0, 3, 2, 1], [4, 2, 5, 0, 2], [0, 1, 6, 1, 0], [3, 2, 0, 7, 1], [1, 8, 2, 0, 3]],),
    ),
    GivenQuestion(
        "05-way-back",
        "The gradient of an output, and the input that was pooled.",
        ([[10, 20], [30, 40]], [[2, 1, 4, 4], [0, 3, 1, 2], [5, 2, 0, 1], [1, 0, 6, 3]]),
    ),
    ChoiceQuestion(
        "05-stride-does-not-fit",
        "A 7×7 image meets a 3×3 kernel with stride 3 and no padding in PyTorch's Conv2d. "
        "What happens?",
        (
            Option(
                "It refuses with an error, because the stride does not fit.",
                "That is one policy, and the one the formula suggests; PyTorch is more lenient.",
            ),
            Option(
                "A last window hangs over the edge, and zeros fill it.",
                "Pooling can be told to do so; a convolution does not.",
            ),
            Option("The last row and column are never read, and nothing says so."),
            Option(
                "The windows move closer together until they fit.",
                "The stride is the same between all windows, whatever the size.",
            ),
        ),
    ),
    ChoiceQuestion(
        "05-window-over-the-edge",
        "Where does a last window hang over the edge when the stride does not fit?",
        (
            Option("In PyTorch's MaxPool2d with ceil_mode=True, as in Caffe's pooling."),
            Option(
                "In PyTorch's MaxPool2d as it is.",
                "As it is, it drops the pixels that are left over.",
            ),
            Option(
                "In every convolution with padding 1.",
                "Padding makes the input larger; the windows still stay inside what is padded.",
            ),
            Option(
                "In TensorFlow with padding='valid'.",
                "'valid' means that every window lies inside the input.",
            ),
        ),
    ),
    ChoiceQuestion(
        "05-what-pooling-changes",
        "What is different after 2×2 max pooling with stride 2? Choose all that apply.",
        (
            Option("Height and width are about halved."),
            Option(
                "The number of channels is halved.",
                "Each map is pooled by itself; none is merged with another.",
            ),
            Option("A later kernel of the same size sees more of the image."),
            Option(
                "The network has a few more parameters.",
                "Pooling only picks values: there is nothing to learn.",
            ),
        ),
    ),
    ChoiceQuestion(
        "05-average-pooling",
        "After a ReLU, a filter responds strongly at one position, and the response is 0 around it. Why "
        "can average pooling be a poor choice here?",
        (
            Option(
                "It needs weights, and they may be learned badly.",
                "It has none: the mean is the same for every window.",
            ),
            Option(
                "It moves the response to another position.",
                "Both poolings report one number for each window and forget where in it the response was.",
            ),
            Option(
                "It has no gradient at the position of the response.",
                "Every position of the window receives a share of the gradient.",
            ),
            Option("The zeros around it dilute the response."),
        ),
    ),
    ChoiceQuestion(
        "05-max-pool-padding",
        "Max pooling with padding: which value do the padded positions count as, and why?",
        (
            Option(
                "0, as for a convolution.",
                "Then a window at the edge with negative values alone would report the padding.",
            ),
            Option("−∞, so that a padded position never wins."),
            Option(
                "The mean of the window, so that nothing changes.",
                "That mean could beat every pixel but the largest, and would still be invented.",
            ),
            Option(
                "The nearest pixel, as if the image went on.",
                "The result would often be the same, but this is not what libraries do.",
            ),
        ),
    ),
    ChoiceQuestion(
        "05-max-pool-gradient",
        "What arrives at the inputs of a max-pooling window in the backward pass?",
        (
            Option(
                "An equal share at each of them.",
                "That is average pooling; here, only some of them had a say.",
            ),
            Option(
                "The whole gradient at each of them.",
                "Changing a value that did not win changes nothing in the output.",
            ),
            Option("The whole gradient at the one that won, nothing at the others."),
            Option(
                "Nothing, since choosing a maximum has no slope.",
                "Raise the winner a little, and the output rises as much.",
            ),
        ),
    ),
    ChoiceQuestion(
        "05-two-small-kernels",
        "Two 3×3 convolutions in place of one 5×5, with the same number of channels everywhere. Choose "
        "all that apply.",
        (
            Option("One unit sees as much of the input."),
            Option(
                "One unit sees more of the input.",
                "Follow the field back layer by layer: the second kernel adds what the first did.",
            ),
            Option("There are fewer weights."),
            Option("There is room for one more non-linearity."),
        ),
    ),
    ChoiceQuestion(
        "05-receptive-field-growth",
        "A stack of 3×3 convolutions should see more of the image, with the same number of layers. Which "
        "change widens the field of the last layer most?",
        (
            Option("Stride 2 in the first layer."),
            Option(
                "Stride 2 in the last layer.",
                "A stride spreads only the layers after it, and here there is none.",
            ),
            Option(
                "Padding 1 in every layer.",
                "Padding keeps the size of the maps; a unit sees as much as before.",
            ),
            Option(
                "Twice as many channels in every layer.",
                "Channels are looked at all together anyway; they do not reach further.",
            ),
        ),
    ),
    ChoiceQuestion(
        "05-learned-or-fixed",
        "What can a convolution with stride 2 do that pooling with stride 2 cannot?",
        (
            Option(
                "Halve height and width.",
                "Both do; compare the formulas for their sizes.",
            ),
            Option(
                "Work without any parameters.",
                "It is the other way round.",
            ),
            Option("Learn how to sum a window up, and mix channels."),
            Option(
                "Read every pixel of the image.",
                "With windows at least as wide as the stride, both do.",
            ),
        ),
    ),
    NumberQuestion(
        "05-unread-share",
        "A 3×3 kernel with stride 3 and no padding slides over a 7×7 image, policy floor. What "
        "percentage of the pixels is never read?",
        _unread_share,
        "%",
        0.005,
        told(
            (
                100 / 7,
                "This is the share of one row; a pixel is read only if its row and its column are.",
            ),
            (
                100 * 14 / 49,
                "You counted the corner twice: it lies in the last row and in the last column.",
            ),
            (100 / 49, "This is the corner alone; a whole row and a whole column are left out."),
        ),
    ),
    NumberQuestion(
        "05-two-for-one",
        "What percentage of the weights do you save with two 3×3 convolutions in place of one "
        "5×5, all with C channels in and out? Biases are left aside.",
        lambda: 100 * (1 - 2 * 3**2 / 5**2),
        "%",
        0.01,
        told(
            (
                100 * (1 - 3**2 / 5**2),
                "You compared one 3×3 with the 5×5, but it takes two of them.",
            ),
            (
                100 * (5**2 / (2 * 3**2) - 1),
                "You took the two small kernels as the whole; what is saved is a share of the "
                "large one.",
            ),
        ),
    ),
    NumberQuestion(
        "05-parameter-memory",
        "How many MB do the parameters of the DATASCI 207 network take in float32?",
        _param_megabytes,
        "MB",
    ),
    WordsQuestion(
        "05-why-padding",
        "Why do deep networks pad their convolutions? Say it in a sentence or two.",
        (
            Idea(
                ("shrink", "smaller", "size", "shape", "dimension"),
                "What becomes of a map after many layers without padding?",
            ),
            Idea(
                ("edge", "border", "corner", "margin", "boundar"),
                "Which pixels lie in fewer windows than others?",
            ),
        ),
    ),
)
