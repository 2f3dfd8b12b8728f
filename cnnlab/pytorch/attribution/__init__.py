"""What a network's score depends on: maps over its input, by seven methods.

Each function takes a module that gives logits, a batch of images and the class asked about, and
returns a map for each image. The module is asked in evaluation mode; its modes, gradients and
statistics are afterwards as they were. The score is the logit, before any softmax: a probability
also rises when the others fall.

Examples
--------
>>> import torch
>>> from cnnlab import spec
>>> from cnnlab.pytorch import build
>>> net = build(spec.Chain(spec.Conv(4, 3), spec.ReLU(), spec.Flatten(), spec.Linear(10)), (1, 8, 8))
>>> x = torch.ones(2, 1, 8, 8)
>>> gradient(net, x, target=3).shape, saliency(net, x, target=3).shape
(torch.Size([2, 1, 8, 8]), torch.Size([2, 8, 8]))
>>> occlusion(net, x, target=3, patch_size=4, stride=2).shape
torch.Size([2, 3, 3])
>>> grad_cam(net, x, target=3, layer="1").shape
torch.Size([2, 6, 6])
"""

from cnnlab.pytorch.attribution.asking import Target, scores
from cnnlab.pytorch.attribution.covering import covered_logits, occlusion
from cnnlab.pytorch.attribution.gradients import (
    gradient,
    guided_backprop,
    input_times_gradient,
    integrated_gradients,
    path_gradients,
    saliency,
)
from cnnlab.pytorch.attribution.inside import grad_cam, responses
from cnnlab.pytorch.attribution.shuffled import depth, randomized

__all__ = [
    "Target",
    "covered_logits",
    "depth",
    "grad_cam",
    "gradient",
    "guided_backprop",
    "input_times_gradient",
    "integrated_gradients",
    "occlusion",
    "path_gradients",
    "randomized",
    "responses",
    "saliency",
    "scores",
]
