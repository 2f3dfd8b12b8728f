"""Questions of lab 08: deeper and wider."""

from cnnlab.check.questions.base import ChoiceQuestion, NumberQuestion, Option, Question, told, vary

_TAPS = 3 * 3


def _bottleneck(maps: int = 256, filters: int = 32) -> NumberQuestion:
    directly = maps * _TAPS * filters
    each = maps + _TAPS * filters  # weights for each map of the bottleneck
    return NumberQuestion(
        "08-bottleneck",
        f"A layer of {filters} filters of 3×3 reads {maps} maps, without biases. A bottleneck of 1×1, "
        "also without biases, is put before it, and makes fewer maps for it to read. How many maps "
        "may the bottleneck make at most, if both layers together are to have at most half of the "
        "weights that the one layer had?",
        lambda: directly // 2 // each,
        "",
        0,
        told(
            (
                directly // 2 // each + 1,
                "That is one map too many: the weights come to a little more than half.",
            ),
            (
                maps // 2,
                "Half of the maps halve the weights of the 3×3. The bottleneck has weights, too.",
            ),
            (
                directly // 2 // maps,
                "With this many maps, the bottleneck alone uses up half of the weights. The 3×3 after "
                "it has weights, too.",
            ),
            (
                directly // each,
                "With this many maps, the two layers cost as much as the 3×3 without a bottleneck. They "
                "may cost half of that.",
            ),
            (maps // 4, "That is enough, and a few more maps are possible."),
            (
                directly / 2 / each,
                "This would be exactly half, but the number of maps is a whole number.",
            ),
            (directly // 2 // each - 1, "That is enough, and more are possible."),
            (directly // 2 // each - 2, "That is enough, and more are possible."),
            (filters, "That is how many filters the 3×3 has. How many maps may it read?"),
            (
                filters // 2,
                "This is half of the filters. There are as many filters as before, but they read fewer "
                "maps.",
            ),
            (maps, "That is how many maps there are without a bottleneck."),
            (
                directly // 2,
                "This is half of the weights. How many of them does one map of the bottleneck "
                "cost?",
            ),
            (directly, "These are the weights without a bottleneck."),
            (_TAPS, "That is how many weights a kernel has for each map that it reads."),
            (each, "That is how many weights one map of the bottleneck costs."),
        ),
        hint="How many weights does each map of the bottleneck cost, before it and after it?",
    )


QUESTIONS: tuple[Question, ...] = (
    vary(_bottleneck, maps=range(96, 257, 8), filters=range(32, 65, 8)),
    ChoiceQuestion(
        "08-dead-bias",
        "A convolution with a bias comes before a batch normalisation. Which of these numbers "
        "does the gradient change in training? Choose all that apply.",
        (
            Option("The weights of the convolution."),
            Option(
                "The bias of the convolution.",
                "Whatever it adds to a map goes into the map's mean, and the mean is subtracted.",
            ),
            Option("The scale of the batch normalisation."),
            Option("The shift of the batch normalisation."),
            Option(
                "The running mean of the batch normalisation.",
                "It is kept up to date in each forward pass, but no gradient reaches it.",
            ),
        ),
    ),
    ChoiceQuestion(
        "08-which-googlenet",
        "A library's GoogLeNet has 6,624,904 parameters; the published one has 6,998,552. What is "
        "the reason?",
        (
            Option(
                "Its two further outputs, which help in training, are left out.",
                "Neither count includes them.",
            ),
            Option("Where the paper has kernels of 5×5, it has 3×3."),
            Option(
                "It has batch normalisation.",
                "It does, but that makes the count larger, not smaller: a scale and a shift take "
                "the place of each bias.",
            ),
            Option(
                "It has fewer classes.",
                "Both have a thousand.",
            ),
        ),
    ),
    ChoiceQuestion(
        "08-what-it-shows",
        "Three stacks of eight blocks were trained in the same way: plain and residual from the "
        "default weights, plain from He's. What do they show? Choose all that apply.",
        (
            Option(
                "From the default weights, the plain network memorises its training images.",
                "It does no better on them than on the others: it has learned nothing at all.",
            ),
            Option(
                "The plain network has too few parameters.",
                "Both have the same number, because a shortcut adds none.",
            ),
            Option("From the default weights, the shortcut decides whether this depth learns."),
            Option("A plain stack of this depth can learn, if its initial weights suit it."),
            Option(
                "A residual network is right more often than a plain one, however deep they are.",
                "Only one depth was tried, so this experiment says nothing about others.",
            ),
        ),
    ),
)
