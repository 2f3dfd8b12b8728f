"""Questions of lab 07: from LeNet to AlexNet."""

from cnnlab.check.questions.base import (
    ChoiceQuestion,
    NumberQuestion,
    Option,
    Question,
    told,
)

_WIDTH = 212  # pixels of the line of digits


_ALL_LAYERS = (
    "You divided the parameters of all layers. Only the first dense one was counted wrongly."
)


def _places(width: int) -> int:
    """Width of C5's map: two convolutions of 5 and two halvings, then windows of 5."""
    return ((width - 4) // 2 - 4) // 2 - 4


QUESTIONS: tuple[Question, ...] = (
    NumberQuestion(
        "07-places",
        f"LeNet-5, written with convolutions only, slides over an image of 32×{_WIDTH} pixels. How "
        "many places has the map of C5, from left to right?",
        lambda: _places(_WIDTH),
        "",
        0,
        told(
            (
                _places(_WIDTH) - 1,
                "This is how often the window moves. It is at a first place before that.",
            ),
            (
                _WIDTH // 4,
                "The image is divided by 4, which two poolings do. What do the kernels take away at "
                "the edges?",
            ),
            (
                _places(_WIDTH) + 4,
                "This is the map of S4. C5 has kernels of 5, which need five of its columns.",
            ),
            ((_WIDTH - 4) // 2, "This is the map of S2. Three more layers follow."),
            (
                (_WIDTH - 32) // 2 + 1,
                "This moves the network by two pixels. There are two poolings, and both halve.",
            ),
            (
                _WIDTH - 32 + 1,
                "This moves the network by one pixel. The poolings make its stride larger.",
            ),
            (
                _WIDTH // 32,
                "This lays images of 32 pixels side by side. The network moves by less than its "
                "width, so that its windows overlap.",
            ),
            (1, "With 32 pixels it is one place; a wider image has more."),
            (_WIDTH // 4 - 4, "Only C5 takes pixels away here. C1 and C3 have no padding either."),
            (_WIDTH - 4, "This is the map of C1. Four more layers follow."),
            ((_WIDTH - 4) // 2 - 4, "This is the map of C3. Two more layers follow."),
            (_WIDTH, "This is the width of the image."),
            (
                _WIDTH - 32,
                "This is how many pixels are left when the network is at its first place. By how many "
                "does it move at a time?",
            ),
            (_places(_WIDTH) + 1, "That is one too many: the last window must end inside."),
        ),
        hint="Go from layer to layer: C1 takes four pixels away, S2 halves, C3 takes four away, S4 "
        "halves, and C5?",
    ),
    ChoiceQuestion(
        "07-whose-size",
        "An image of 224 pixels, kernels of 11, stride 4. A colleague shows you the first map of "
        "an AlexNet: it has 56×56 numbers. Where do they come from?",
        (
            Option(
                "By rounding up, as the program of 2012 does.",
                "Rounding 54.25 up gives 55, not 56.",
            ),
            Option(
                "By rounding down, without padding, as most libraries do.",
                "Rounding 54.25 down gives 54.",
            ),
            Option(
                "With padding 2 on each side, rounded down, as torchvision does.",
                "That is 55: it is how torchvision repairs the size.",
            ),
            Option('With padding "same", as Keras calls it.'),
            Option(
                "With 227 pixels in place of 224, as Caffe does.",
                "That is 55, and exactly so.",
            ),
        ),
    ),
    NumberQuestion(
        "07-flattened",
        "A library once printed 50,844,008 parameters for AlexNet without groups; right are "
        "62,378,344. All layers were counted well but the first dense one, with its 4,096 units: "
        "its number of inputs was wrong. How many inputs did the library count?",
        lambda: 256 * 5 * 5,
        "",
        0,
        told(
            (256 * 6 * 6, "This is how many it really has. How many did the library think?"),
            (256 * (6 * 6 - 5 * 5), "So many inputs are missing. How many did it count?"),
            (
                256 * (6 * 6 - 5 * 5) * 4096,
                "So many parameters are missing. For each missing input, how many parameters are "
                "missing?",
            ),
            (
                256 * (6 * 6 + 6 * 6 - 5 * 5),
                "You added the missing inputs. It counted fewer parameters, so fewer inputs.",
            ),
            (25, "This is the number of pixels in a map. There are 256 maps."),
            (256, "This is the number of maps. Each has several pixels."),
            (50_844_008 // 4096, _ALL_LAYERS),
            (50_844_008 / 4097, _ALL_LAYERS),
            (256 * 13 * 13, "These are the inputs before the last pooling."),
            (4096, "This is the number of units. How many inputs has each?"),
            (5, "This is one side of a map as the library thought. How many inputs are that?"),
            (256 * 5, "That is one row of each map. A map is as high as it is wide."),
            (256 * 5 * 5 * 4096, "These are weights. How many inputs had each of the units?"),
            (256 * 5 * 5 + 1, "The bias is no input."),
        ),
        hint="How many parameters are missing? Each input that is missing takes 4,096 weights with "
        "it.",
    ),
    ChoiceQuestion(
        "07-two-groups",
        "A convolution with as many filters as before gets two groups in place of one. What "
        "becomes half of what it was? Choose all that apply.",
        (
            Option("Its weights."),
            Option(
                "Its biases.",
                "Each filter has one bias, whatever it reads, and there are as many filters.",
            ),
            Option("Its MACs."),
            Option(
                "The number of maps that come out.",
                "Each filter makes a map, and there are as many filters.",
            ),
            Option("The number of maps that each filter reads."),
            Option(
                "The pixels that a unit sees along each axis.",
                "The kernel is as large as before; it reads fewer maps, not fewer pixels.",
            ),
        ),
    ),
)
