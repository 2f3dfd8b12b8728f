"""Worked examples, each with what it shows and a question to try."""

from typing import Any

from cnnlab.explore.examples import Example
from cnnlab.explore.receptive_field.model import STACK

USUAL: dict[str, Any] = {
    "network": STACK,
    "padding": "valid",
    "size": 14,
    "layers": [[3, 1, 1]] * 3,
    "channels": 64,
}

_STACKS, _FASTER, _NETWORKS = "small kernels", "wider with fewer layers", "networks"

EXAMPLES: dict[str, Example] = {
    "two": Example(
        _STACKS,
        "two 3×3 see as one 5×5",
        {"layers": [[3, 1, 1]] * 2},
        "Each 3×3 layer adds one pixel on every side, so two of them see as far as one 5×5 layer.",
        "How many 3×3 layers see as far as one 9×9 layer?",
    ),
    "edge": Example(
        _STACKS,
        "same size, at the edge",
        {"padding": "same"},
        "Padding keeps every layer as long as the input, but units near the edge see zeros.",
        "How many units of the last layer see only real pixels?",
    ),
    "stride": Example(
        _FASTER,
        "a stride of 2",
        {"layers": [[3, 1, 1], [3, 2, 1], [3, 1, 1]], "size": 16},
        "Behind a stride of 2, neighbours lie two pixels apart, so the next layer adds twice as much.",
        "In which layer must the stride stand so that the last one sees most?",
    ),
    "pool": Example(
        _FASTER,
        "convolution and pooling in turn",
        {"layers": [[3, 1, 1], [2, 2, 1], [3, 1, 1], [2, 2, 1]], "size": 22},
        "Pooling itself adds little, but every layer behind it steps twice as far.",
        "What does the last layer see without the two poolings?",
    ),
    "dilation": Example(
        _FASTER,
        "dilations 1, 2, 4",
        {"layers": [[3, 1, 1], [3, 1, 2], [3, 1, 4]], "size": 20},
        "The gaps double from layer to layer, so three layers see 15 pixels and skip none of them.",
        "Which pixels of its field does a unit not read if all three dilations are 2?",
    ),
    "lenet": Example(
        _NETWORKS,
        "LeNet-5",
        {"network": "lenet-5"},
        "Each pooling doubles the step, so a unit sees 16 of the 32 pixels after only four layers.",
        "Which layer is the first in which a unit sees the whole image?",
    ),
    "vgg": Example(
        _NETWORKS,
        "VGG-16, 3×3 alone",
        {"network": "vgg-d"},
        "Every kernel is 3×3; behind each pooling the same kernel widens the field twice as fast.",
        "Behind which pooling does a unit first see more than 40 pixels?",
    ),
}
