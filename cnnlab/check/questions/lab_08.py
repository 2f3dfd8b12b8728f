"""Questions of lab 08: deeper and wider."""

from cnnlab.check.questions.base import ChoiceQuestion, NumberQuestion, Option, Question, told

_MAPS, _FILTERS, _TAPS = 256, 32, 3 * 3
_DIRECTLY = _MAPS * _TAPS * _FILTERS
_EACH = _MAPS + _TAPS * _FILTERS  # weights for each map of the bottleneck

QUESTIONS: tuple[Question, ...] = (
    NumberQuestion(
        "08-bottleneck",
        f"A layer of {_FILTERS} filters of 3×3 reads {_MAPS} maps, without biases. A bottleneck of 1×1, "
        "also without biases, is put before it, and makes fewer maps for it to read. How many maps "
        "may the bottleneck make at most, if both layers together are to have at most half of the "
        "weights that the one layer had?",
        lambda: _DIRECTLY // 2 // _EACH,
        "",
        0,
        told(
            (
                _DIRECTLY // 2 // _EACH + 1,
                "That is one map too many: the weights come to a little more than half.",
            ),
            (
                _MAPS // 2,
                "Half of the maps halve the weights of the 3×3. The bottleneck has weights, too.",
            ),
            (
                _DIRECTLY // 2 // _MAPS,
                "With this many maps, the bottleneck alone uses up half of the weights. The 3×3 after "
                "it has weights, too.",
            ),
            (
                _DIRECTLY // _EACH,
                "With this many maps, the two layers cost as much as the 3×3 without a bottleneck. They "
                "may cost half of that.",
            ),
            (_MAPS // 4, "That is enough, and a few more maps are possible."),
            (
                _DIRECTLY / 2 / _EACH,
                "This would be exactly half, but the number of maps is a whole number.",
            ),
            (_DIRECTLY // 2 // _EACH - 1, "That is enough, and more are possible."),
            (_DIRECTLY // 2 // _EACH - 2, "That is enough, and more are possible."),
            (_FILTERS, "That is how many filters the 3×3 has. How many maps may it read?"),
            (
                _FILTERS // 2,
                "This is half of the filters. There are as many filters as before, but they read fewer "
                "maps.",
            ),
            (_MAPS, "That is how many maps there are without a bottleneck."),
            (
                _DIRECTLY // 2,
                "This is half of the weights. How many of them does one map of the bottleneck "
                "cost?",
            ),
            (_DIRECTLY, "These are the weights without a bottleneck."),
            (_TAPS, "That is how many weights a kernel has for each map that it reads."),
            (_EACH, "That is how many weights one map of the bottleneck costs."),
        ),
        hint="How many weights does each map of the bottleneck cost, before it and after it?",
    ),
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
