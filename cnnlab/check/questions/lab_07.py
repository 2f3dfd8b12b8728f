"""Questions of lab 07: from LeNet to AlexNet."""

from cnnlab.check.questions.base import (
    ChoiceQuestion,
    NumberQuestion,
    Option,
    Question,
    told,
    vary,
)

_ALL_LAYERS = (
    "You divided the parameters of all layers. Only those of the first dense layer were miscounted."
)


def _places(width: int) -> int:
    """Width of C5's map: two convolutions of 5 and two halvings, then windows of 5."""
    return ((width - 4) // 2 - 4) // 2 - 4


def _sliding(width: int = 212) -> NumberQuestion:
    return NumberQuestion(
        "07-places",
        f"LeNet-5, written with convolutions only, slides over an image of 32×{width} pixels. How "
        "many places does the map of C5 have, from left to right?",
        lambda: _places(width),
        "",
        0,
        told(
            (
                _places(width) - 1,
                "This is how often the window moves. It has a first place before it moves at all.",
            ),
            (
                width // 4,
                "You divided the width by 4, as two poolings do. How many pixels do the kernels "
                "take away at the edges?",
            ),
            (
                _places(width) + 4,
                "This is the map of S4. C5 has kernels of 5×5, each of which needs five of its "
                "columns.",
            ),
            ((width - 4) // 2, "This is the map of S2. Three more layers follow."),
            (
                (width - 32) // 2 + 1,
                "This moves the network by two pixels. There are two poolings, and both halve.",
            ),
            (
                width - 32 + 1,
                "This moves the network by one pixel. The poolings make its stride larger.",
            ),
            (
                width // 32,
                "This lays images of 32 pixels side by side. The network moves by less than its "
                "width, so that its windows overlap.",
            ),
            (1, "With 32 pixels it is one place; a wider image has more."),
            (width // 4 - 4, "Only C5 takes pixels away here. C1 and C3 have no padding either."),
            (width - 4, "This is the map of C1. Four more layers follow."),
            ((width - 4) // 2 - 4, "This is the map of C3. Two more layers follow."),
            (width, "This is the width of the image."),
            (
                width - 32,
                "This is how many pixels are left when the network is at its first place. By how "
                "many does it move at a time?",
            ),
            (_places(width) + 1, "That is one too many: the last window must end inside."),
        ),
        hint="Go from layer to layer: C1 takes four pixels away, S2 halves, C3 takes four away, S4 "
        "halves, and C5?",
    )


QUESTIONS: tuple[Question, ...] = (
    vary(_sliding, width=range(132, 397, 4)),
    ChoiceQuestion(
        "07-whose-size",
        "An image of 224 pixels, kernels of 11, stride 4. A colleague shows you the first map of "
        "an AlexNet: it has 56×56 numbers. How did it get this size?",
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
                "That gives 55: it is how torchvision repairs the size.",
            ),
            Option('With padding "same", as Keras calls it.'),
            Option(
                "With 227 pixels in place of 224, as Caffe does.",
                "That gives 55, without any rounding.",
            ),
        ),
    ),
    NumberQuestion(
        "07-flattened",
        "A library once printed 50,844,008 parameters for AlexNet without groups; the right number "
        "is 62,378,344. Only the first dense layer, which has 4,096 units, was miscounted: the "
        "library took the wrong number of inputs for it. How many inputs did the library count?",
        lambda: 256 * 5 * 5,
        "",
        0,
        told(
            (256 * 6 * 6, "This is how many inputs it really has. How many did the library count?"),
            (256 * (6 * 6 - 5 * 5), "This is how many inputs are missing. How many did it count?"),
            (
                256 * (6 * 6 - 5 * 5) * 4096,
                "This is how many parameters are missing. How many parameters go missing with each "
                "input?",
            ),
            (
                256 * (6 * 6 + 6 * 6 - 5 * 5),
                "You added the missing inputs. The library counted too few parameters, and so too "
                "few inputs.",
            ),
            (25, "This is the number of pixels in a map. There are 256 maps."),
            (256, "This is the number of maps. Each has several pixels."),
            (50_844_008 // 4096, _ALL_LAYERS),
            (50_844_008 / 4097, _ALL_LAYERS),
            (256 * 13 * 13, "These are the inputs before the last pooling."),
            (4096, "This is the number of units. How many inputs has each?"),
            (
                5,
                "This is the side of a map as the library took it. How many inputs does that make?",
            ),
            (256 * 5, "That is one row of each map. A map is as high as it is wide."),
            (256 * 5 * 5 * 4096, "These are weights. How many inputs had each of the units?"),
            (256 * 5 * 5 + 1, "A bias is not an input."),
        ),
        hint="How many parameters are missing? Each input that is missing takes 4,096 weights with "
        "it.",
    ),
    ChoiceQuestion(
        "07-two-groups",
        "A convolution keeps its number of filters, but gets two groups in place of one. Which of "
        "these become half of what they were? Choose all that apply.",
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
