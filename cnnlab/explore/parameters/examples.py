"""Worked examples, each with what it shows and a question to try."""

from typing import Any

from cnnlab.explore.examples import Example

USUAL: dict[str, Any] = {"network": "datasci-207", "detail": "rows", "scale": 1}

_PARAMETERS, _MACS, _DENSE = "many parameters", "many MACs", "beside a dense layer"

EXAMPLES: dict[str, Example] = {
    "dense": Example(
        _PARAMETERS,
        "first dense layer",
        {},
        "Nearly all parameters lie in fc1, which has a weight for every pixel of every map.",
        "Which number in its formula does one more pooling layer make four times smaller?",
    ),
    "vgg": Example(
        _PARAMETERS,
        "VGG's dense layers",
        {"network": "vgg-d", "detail": "learned"},
        "Three dense layers hold about nine tenths of the parameters, thirteen convolutions the rest.",
        "How many parameters are left if fc6 reads one mean of each map instead of 7×7 pixels?",
    ),
    "no dense": Example(
        _PARAMETERS,
        "no dense layer",
        {"network": "nin-cifar10", "detail": "learned"},
        "The last convolution makes a map for each class and their means are the scores, so there "
        "is no dense layer at all.",
        "What do the rows called cccp mix: neighbouring pixels, or the channels of one pixel?",
    ),
    "blocks": Example(
        _PARAMETERS,
        "ResNet's groups",
        {"network": "resnet-18", "detail": "blocks"},
        "Each of the four groups of layers has about four times the parameters of the one before.",
        "Which of the numbers in a convolution's formula have doubled from one group to the next?",
    ),
    "alexnet": Example(
        _MACS,
        "AlexNet's work",
        {"network": "alexnet", "detail": "learned"},
        "The convolutions have under 4 % of the parameters, but over 90 % of the MACs, because each "
        "weight is used at every place.",
        "In which row is a single weight used most often, and how often?",
    ),
    "pointwise": Example(
        _MACS,
        "inside a block",
        {"network": "efficientnet-b0", "detail": "learned"},
        "In each block the depthwise convolution has fewer MACs than either 1×1 convolution around "
        "it, because it reads one channel at a time.",
        "What would the depthwise row of a block cost if it were an ordinary convolution?",
    ),
    "scale": Example(
        _DENSE,
        "image 4× larger",
        {"scale": 4},
        "The convolution needs no more weights for it; the dense layer needs 256 times as many: it "
        "reads 16 times as many pixels and makes 16 times as many.",
        "By how much does the dense layer grow if the side of the image only doubles?",
    ),
}
