"""Questions of lab 10: what a network sees."""

from cnnlab.check.questions.base import ChoiceQuestion, NumberQuestion, Option, Question, told, vary
from cnnlab.geometry import output_size

_UP, _DOWN = 3, 7  # weights of two units
_FOR, _AGAINST = 4, 5  # what they count for the class, and against it
_AT_PICTURE, _AT_BASELINE, _SUM = 7.5, -0.5, 7.04

_ONE_TOO_MANY = "There is one place too many along each side: the last one must end inside."
_OWN_WEIGHT = "What comes back to a unit goes on through that unit's own weight."


def _passes(side: int = 96, patch: int = 24, stride: int = 8) -> NumberQuestion:
    places = output_size(side, patch, stride)
    return NumberQuestion(
        "10-passes",
        f"A picture has {side}×{side} pixels. A patch of {patch}×{patch} covers one place after "
        f"another, in steps of {stride} pixels, and always lies inside the picture. How many forward "
        "passes does the occlusion map of one class take, including the one for the whole picture?",
        lambda: places**2 + 1,
        "",
        0,
        told(
            (
                places**2,
                "These are the places of the patch. The whole picture is needed too, as without "
                "its score there is no fall.",
            ),
            (places, "This is how many places lie along one side. The patch moves down as well."),
            (places + 1, "You counted the places along one side. The patch moves down as well."),
            (
                (places - 1) ** 2 + 1,
                "One place is missing along each side: after (n − k) / s steps there are places on "
                "both ends.",
            ),
            (
                (places - 1) ** 2,
                "One place is missing along each side, as a patch lies on both ends. And the whole "
                "picture needs a pass too.",
            ),
            (
                (side // stride) ** 2 + 1,
                "You divided the side by the step. Near the edge the patch would not lie inside.",
            ),
            (
                (side // stride) ** 2,
                "You divided the side by the step. Near the edge the patch would not lie inside.",
            ),
            (
                (side // patch) ** 2 + 1,
                f"You laid the patches side by side. They overlap, as a step is {stride} pixels.",
            ),
            (
                (side // patch) ** 2,
                f"You laid the patches side by side. They overlap, as a step is {stride} pixels.",
            ),
            (
                output_size(side, patch) ** 2 + 1,
                f"You took steps of one pixel. A step is {stride} pixels.",
            ),
            (
                3 * places**2 + 1,
                "You covered each colour by itself. The patch covers all three at once.",
            ),
            (
                2 * places**2,
                "You counted two passes for each place. The whole picture needs its pass only once.",
            ),
            (places**2 + 2, "That is one pass too many. The whole picture needs one."),
            (side**2, f"You let a place begin at each pixel. A step is {stride} pixels."),
            (output_size(side, patch) ** 2, f"A step is {stride} pixels, not one."),
            ((places + 1) ** 2, _ONE_TOO_MANY),
            ((places + 1) ** 2 + 1, _ONE_TOO_MANY),
            (
                2 * places,
                "You added the places along both sides. Each row of places has all the columns.",
            ),
            (places - 1, "These are the steps along one side. How many places are there?"),
            (side // stride, "These are the steps along one side, some of them beyond the edge."),
        ),
        hint="How many places lie along one side? There are as many downwards, and the whole picture "
        "needs one more pass.",
    )


QUESTIONS: tuple[Question, ...] = (
    vary(_passes, side=range(80, 161, 8), patch=(16, 24, 32, 40), stride=(4, 8)),
    NumberQuestion(
        "10-guided",
        f"The score of a class is {_FOR} · ReLU({_UP}x) − {_AGAINST} · ReLU({_DOWN}x), and the "
        "pixel x is 2. What does guided back-propagation give for the pixel?",
        lambda: _FOR * _UP,
        "",
        0,
        told(
            (
                _FOR * _UP - _AGAINST * _DOWN,
                "This is the true gradient. The guided rule lets nothing negative pass a ReLU on "
                "the way back.",
            ),
            (
                _FOR * _UP + _AGAINST * _DOWN,
                "You made positive what comes back negative. The guided rule makes it 0.",
            ),
            (
                0,
                "You cut off in the end, at the pixel. The guided rule cuts off at each ReLU, "
                "before the two are added.",
            ),
            (
                -_AGAINST * _DOWN,
                "You kept the unit that counts against the class. What comes back to it is "
                "negative, and nothing negative passes.",
            ),
            (
                _AGAINST * _DOWN,
                "You kept the unit that counts against the class. What comes back to it is "
                "negative, and nothing negative passes.",
            ),
            (
                2 * _FOR * _UP,
                "This is multiplied by the pixel. A gradient says how fast the score rises.",
            ),
            (
                2 * (_FOR * _UP - _AGAINST * _DOWN),
                "This is the score. A gradient says how fast it rises with x.",
            ),
            (
                _FOR,
                "This is what comes back *to* the first unit. On its way to the pixel it is "
                f"multiplied by {_UP}.",
            ),
            (_UP, f"You left out that the first unit counts {_FOR} times in the score."),
            (_FOR * _DOWN, _OWN_WEIGHT),
            (_AGAINST * _UP, _OWN_WEIGHT),
            (
                _DOWN,
                "This is the weight of the second unit, and what comes back to that is negative.",
            ),
            (_UP * _DOWN, "You multiplied the weights of two units that are side by side."),
            (_FOR * _AGAINST, "You multiplied what comes back to two units side by side."),
            (2 * _UP, "This is what the first unit puts out. What comes *back* through it?"),
            (2 * _DOWN, "This is what the second unit puts out. What comes *back* through it?"),
            (
                2 * _FOR,
                "What comes back to the first unit is multiplied by a weight, not by the pixel.",
            ),
            (2, "This is the pixel. How fast does the score rise with it?"),
            (1, "This is the slope of an open ReLU alone. It passes on what comes back."),
            (
                _AGAINST,
                "What comes back to the second unit is negative, and nothing negative passes.",
            ),
        ),
        hint="What comes back to each of the two units? Which of them lets it pass, and by what is "
        "it multiplied then?",
    ),
    NumberQuestion(
        "10-gap",
        f"The score of a class is {_AT_PICTURE} for the picture and {_AT_BASELINE:g} for the "
        f"baseline. A map of integrated gradients adds up to {_SUM}. What percentage of the gain is "
        "missing from the map?".replace("-", "−"),
        lambda: 100 * (_AT_PICTURE - _AT_BASELINE - _SUM) / (_AT_PICTURE - _AT_BASELINE),
        "%",
        0.01,
        told(
            (
                100 * (_AT_PICTURE + _AT_BASELINE - _SUM) / (_AT_PICTURE + _AT_BASELINE),
                "You took the gain as 7.0. From below 0 the way up is longer: you subtract a negative "
                "number.",
            ),
            (
                100 * (_SUM - _AT_PICTURE - _AT_BASELINE) / (_AT_PICTURE + _AT_BASELINE),
                "You took the gain as 7.0. From below 0 the way up is longer: you subtract a negative "
                "number.",
            ),
            (
                100 * (_SUM - _AT_PICTURE) / _AT_PICTURE,
                "You compared with the score of the picture. The map adds up to what was gained "
                "*over the baseline*.",
            ),
            (
                100 * (_AT_PICTURE - _SUM) / _AT_PICTURE,
                "You compared with the score of the picture. The map adds up to what was gained "
                "*over the baseline*.",
            ),
            (
                100 * (_AT_PICTURE - _AT_BASELINE - _SUM) / _SUM,
                "You divided by the map's sum. Divide by what was gained.",
            ),
            (
                100 * (_AT_PICTURE - _AT_BASELINE - _SUM) / _AT_PICTURE,
                "You divided by the score of the picture. Divide by what was gained.",
            ),
            (
                100 * _SUM / (_AT_PICTURE - _AT_BASELINE),
                "This is how much of the gain the map holds. How much is missing?",
            ),
            (
                (_AT_PICTURE - _AT_BASELINE - _SUM) / (_AT_PICTURE - _AT_BASELINE),
                "This is a share of 1. Write it as a percentage.",
            ),
            (
                _AT_PICTURE - _AT_BASELINE - _SUM,
                "This is what is missing, in points of the score. Write it as a percentage of the "
                "gain.",
            ),
            (_AT_PICTURE - _AT_BASELINE, "This is how much is gained. What part of it is missing?"),
            (_SUM, "These are points of the score. Which part of the gain is missing, in percent?"),
            (
                _SUM / (_AT_PICTURE - _AT_BASELINE),
                "This is how much of the gain the map holds. How much is missing, in percent?",
            ),
            (100 * _SUM / _AT_PICTURE, "You compared with the score of the picture alone."),
            (
                100 * (_AT_PICTURE - _AT_BASELINE - _SUM),
                "This is what is missing, times 100. Divide it by what was gained.",
            ),
        ),
        hint="How much is gained on the way from the baseline to the picture? The map should add up "
        "to that.",
    ),
    ChoiceQuestion(
        "10-reports",
        "Which fault belongs to which program?",
        (
            Option(
                "A: the pooling over all places is asked, B: the softmax is in the way, C: a "
                "largest value below 0, D: always class 0, E: blue first.",
                "A map of a single cell has lost its places, and that is not A's.",
            ),
            Option(
                "A: the softmax is in the way, B: the pooling over all places is asked, C: always "
                "class 0, D: a largest value below 0, E: blue first.",
                "The map that stays the same, whatever one asks about, belongs to the program that "
                "always asks about one class.",
            ),
            Option(
                "A: blue first, B: the pooling over all places is asked, C: a largest value below "
                "0, D: always class 0, E: the softmax is in the way.",
                "A softmax changes no answer of the network, and E's network sees another class.",
            ),
            Option(
                "A: the softmax is in the way, B: the pooling over all places is asked, C: a "
                "largest value below 0, D: always class 0, E: blue first.",
            ),
            Option(
                "A: always class 0, B: the pooling over all places is asked, C: a largest value "
                "below 0, D: the softmax is in the way, E: blue first.",
                "What grows fainter with the network's certainty is a probability's map, not that "
                "of a fixed class.",
            ),
        ),
    ),
    ChoiceQuestion(
        "10-layer",
        "Program B draws Grad-CAM of EfficientNet-Lite0. Which layer should it ask?",
        (
            Option(
                "`avgpool`, which gives 1,280 maps of 1×1.",
                "That is the layer it asks already: a map with one place cannot say where.",
            ),
            Option(
                "`fc`, which gives 1,000 numbers.",
                "These are the scores of the classes, which have no places at all.",
            ),
            Option("`stage9`, which gives 1,280 maps of 7×7."),
            Option(
                "`stage1`, which gives 32 maps of 112×112.",
                "Its maps are fine, but they know only edges and colours, and nothing of rockets.",
            ),
        ),
    ),
)
