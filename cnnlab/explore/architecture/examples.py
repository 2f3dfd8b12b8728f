"""Worked examples: a sentence and a question each, one click away."""

from typing import Any

from cnnlab.explore.examples import Example

USUAL: dict[str, Any] = {"network": "resnet-18", "beside": "", "mode": "diagram", "inside": ""}

_SIDE, _BARS, _INSIDE = "two side by side", "weights and work", "inside"

EXAMPLES = {
    "alexnets": Example(
        _SIDE,
        "two groups or one",
        {"network": "alexnet", "beside": "alexnet-ungrouped"},
        "Three convolutions read half of the maps in one network, and all of them in the other.",
        "How many parameters does that save, and in which layers?",
    ),
    "one-weird-trick": Example(
        _SIDE,
        "AlexNet of 2012 and of 2014",
        {"network": "alexnet", "beside": "alexnet-owt"},
        "What libraries call AlexNet is the later form, with fewer filters and no LRN.",
        "Which of the two has 61,100,840 parameters?",
    ),
    "vgg-c-d": Example(
        _SIDE,
        "VGG-C and VGG-D",
        {"network": "vgg-c", "beside": "vgg-d"},
        "Both have 16 weight layers; they differ in three convolutions, 1×1 here and 3×3 there.",
        "What do the three larger kernels cost, in parameters and in MACs?",
    ),
    "resnets": Example(
        _SIDE,
        "ResNet-18 and ResNet-34",
        {"network": "resnet-18", "beside": "resnet-34"},
        "The same blocks stand in both, only more often in the deeper one.",
        "Nearly twice the parameters: in which of the four parts are most of the new ones?",
    ),
    "alexnet-bars": Example(
        _BARS,
        "AlexNet: weights last, work first",
        {"network": "alexnet", "mode": "bars"},
        "The dense layers hold nearly all weights, the convolutions do nearly all the work.",
        "Why does a dense layer need one MAC a weight, and a convolution thousands?",
    ),
    "b7-bars": Example(
        _BARS,
        "EfficientNet-B7",
        {"network": "efficientnet-b7", "mode": "bars"},
        "Weights lie late, where maps are many and small; the work is spread more evenly.",
        "Which stage has the most blocks, and does it have the most work?",
    ),
    "residual": Example(
        _INSIDE,
        "a residual block",
        {"inside": "layer1"},
        "One branch computes, the other passes its input on, and both are added.",
        "Open layer2's first block too. What stands on its second branch, and why?",
    ),
    "inception": Example(
        _INSIDE,
        "an Inception block",
        {"network": "googlenet", "inside": "inception3a"},
        "Four branches look at the same maps through windows of different sizes.",
        "What do the 1×1 convolutions before the 3×3 and the 5×5 save?",
    ),
    "c3": Example(
        _INSIDE,
        "C3's connection table",
        {"network": "lenet-5", "mode": "table"},
        "Each map of C3 reads only some of the six maps before it: 60 kernels, 1,516 parameters.",
        "How many parameters are there once all 96 connections are ticked?",
    ),
}
