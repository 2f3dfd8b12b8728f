"""Maps of what a score depends on: against sums by hand, and nothing of the network changes."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from cnnlab import spec, zoo
from cnnlab.pytorch import attribution, build
from cnnlab.pytorch.attribution import (
    covered_logits,
    depth,
    grad_cam,
    gradient,
    guided_backprop,
    input_times_gradient,
    integrated_gradients,
    occlusion,
    path_gradients,
    randomized,
    responses,
    saliency,
)
from cnnlab.pytorch.attribution.broken import broken_maps
from cnnlab.pytorch.attribution.inside import weighted_maps

SMALL = spec.Chain(
    conv1=spec.Conv(4, 3), bn=spec.BatchNorm(), relu1=spec.ReLU(), pool=spec.MaxPool(2),
    conv2=spec.Conv(5, 2), relu2=spec.ReLU(), avgpool=spec.GlobalAvgPool(),
    flatten=spec.Flatten(), dropout=spec.Dropout(0.5), fc=spec.Linear(3),
)  # fmt: skip
SHAPE = (2, 9, 8)

METHODS = {
    "occlusion": lambda net, x, t: occlusion(net, x, t, patch_size=3, stride=2, fill=0.3),
    "gradient": gradient,
    "saliency": saliency,
    "input × gradient": input_times_gradient,
    "guided": guided_backprop,
    "integrated": lambda net, x, t: integrated_gradients(net, x, t, baseline=-1.0, steps=3),
    "grad-cam": lambda net, x, t: grad_cam(net, x, t, "relu2"),
}
SHAPES = {"occlusion": (4, 3), "saliency": (9, 8), "grad-cam": (2, 2)}
every_method = pytest.mark.parametrize("name", METHODS)


def images(count=3, shape=SHAPE, seed=0, dtype=torch.float64):
    values = np.random.default_rng(seed).standard_normal((count, *shape))
    return torch.tensor(values, dtype=dtype)


@pytest.fixture
def net():
    return build(SMALL, SHAPE, seed=1).double()


def linear(weights, bias=0.0):
    """A network whose score is a weighted sum of the input."""
    layer = nn.Linear(weights.numel(), 1).double()
    with torch.no_grad():
        layer.weight.copy_(weights.reshape(1, -1))
        layer.bias.fill_(bias)
    return nn.Sequential(nn.Flatten(), layer)


# ---- All methods


@every_method
def test_a_batch_gets_a_map_for_each_image(net, name):
    x = images()
    found = METHODS[name](net, x, 2)
    assert found.shape == (3, *SHAPES.get(name, SHAPE))
    assert not found.requires_grad
    alone = torch.cat([METHODS[name](net, one[None], 2) for one in x])
    torch.testing.assert_close(found, alone)


@every_method
def test_each_image_may_have_a_class_of_its_own(net, name):
    x, targets = images(), torch.tensor([2, 0, 1])
    found = METHODS[name](net, x, targets)
    each = [METHODS[name](net, x[[i]], int(t)) for i, t in enumerate(targets)]
    torch.testing.assert_close(found, torch.cat(each))


@every_method
@pytest.mark.parametrize("around", [torch.enable_grad, torch.no_grad, torch.inference_mode])
def test_the_network_and_the_images_are_left_as_they_were(net, name, around):
    net.train()
    net.bn.eval()
    net.conv1.weight.requires_grad_(False)
    net.fc.weight.grad = torch.ones_like(net.fc.weight)
    modes = [module.training for module in net.modules()]
    state, x = copy.deepcopy(net.state_dict()), images()
    before, generator = x.clone(), torch.get_rng_state()
    with around():
        first = METHODS[name](net, x, 0)
    assert [module.training for module in net.modules()] == modes
    assert all(torch.equal(value, state[key]) for key, value in net.state_dict().items())
    assert torch.equal(net.fc.weight.grad, torch.ones_like(net.fc.weight))
    assert [p.grad is None for p in net.parameters()].count(False) == 1
    assert [p.requires_grad for p in net.parameters()].count(False) == 1
    assert not any(module._forward_hooks for module in net.modules())
    assert torch.equal(x, before)
    assert not x.requires_grad
    assert torch.equal(torch.get_rng_state(), generator)
    torch.testing.assert_close(METHODS[name](net.eval(), x, 0), first.clone())


@every_method
def test_images_that_keep_gradients_keep_none_of_ours(net, name):
    x = images().requires_grad_()
    assert not METHODS[name](net, x, 0).requires_grad
    assert x.grad is None


@every_method
@pytest.mark.parametrize(
    ("target", "says"),
    [
        (3, "target must be a class from 0 to 2, not 3"),
        (-1, "target must be a class from 0 to 2, not -1"),
        (torch.tensor([0, 1]), "one for each of 3 images"),
        (torch.tensor([0.0, 1.0, 2.0]), "target must be a class from 0 to 2"),
    ],
)
def test_a_class_that_is_not_there_is_refused_and_the_network_still_left_alone(
    net, name, target, says
):
    net.train()
    with pytest.raises(ValueError, match=says):
        METHODS[name](net, images(), target)
    assert all(module.training for module in net.modules())
    assert not any(module._forward_hooks for module in net.modules())


def test_what_are_no_images_or_no_logits_is_refused(net):
    with pytest.raises(ValueError, match=r"x must be \(N, C, H, W\) images, not \(2, 9, 8\)"):
        occlusion(net, images()[0], 0, patch_size=2)
    with pytest.raises(TypeError, match=r"x must hold floating-point numbers, not torch.uint8"):
        gradient(net, torch.zeros(1, *SHAPE, dtype=torch.uint8), 0)
    with pytest.raises(ValueError, match=r"must give \(N, classes\) logits, not \(3, 4, 7, 6\)"):
        gradient(net[:1], images(), 0)


# ---- Occlusion


@pytest.mark.parametrize("fill", [0.0, 0.7, "mean", "reversed"])
def test_occlusion_of_a_weighted_sum_is_the_sum_that_is_lost(fill):
    weights, x = images(1, seed=5)[0], images(2)
    filling = {"mean": x.mean((2, 3), keepdim=True), "reversed": x.flip(3)}.get(fill, fill)
    found = occlusion(linear(weights, 3.0), x, 0, patch_size=3, stride=2, fill=filling)
    lost = (weights * (x - filling)).sum(1, keepdim=True)  # (N, 1, H, W)
    expected = F.avg_pool2d(lost, 3, 2) * 9  # what a patch covers, added up
    torch.testing.assert_close(found, expected[:, 0])


def test_covering_costs_one_forward_pass_a_place(net):
    calls = []
    net.register_forward_hook(lambda *_: calls.append(1))
    found = occlusion(net, images(), 1, patch_size=2, stride=3)
    assert len(calls) == 1 + found[0].numel()


def test_places_follow_one_another_row_by_row(net):
    x = images(1)
    every = torch.cat([*covered_logits(net, x, patch_size=4, stride=2)])  # (places, classes)
    net.eval()
    with torch.no_grad():
        whole = net(x)[0]
    for target in range(3):
        found = occlusion(net, x, target, patch_size=4, stride=2)
        torch.testing.assert_close(found.flatten(), whole[target] - every[:, target].cpu())


def test_a_walk_that_is_left_leaves_the_network_in_training_mode(net):
    net.train()
    walk = covered_logits(net, images(), patch_size=2)
    next(walk)
    assert net.training
    assert net.dropout.training


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"patch_size": 10}, "kernel 10 does not fit"),
        ({"patch_size": 0}, "kernel_size must be at least 1"),
        ({"patch_size": 2, "stride": 0}, "stride must be at least 1"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(net, settings, says):
    with pytest.raises(ValueError, match=says):
        occlusion(net, images(), 0, **settings)


# ---- Gradients


def test_of_a_weighted_sum_the_gradient_is_the_weights():
    weights, x = images(1, seed=5)[0], images(2)
    net = linear(weights, bias=-2.0)
    torch.testing.assert_close(gradient(net, x, 0), weights.expand(2, -1, -1, -1))
    torch.testing.assert_close(saliency(net, x, 0), weights.abs().amax(0).expand(2, -1, -1))
    torch.testing.assert_close(input_times_gradient(net, x, 0), weights * x)
    found = integrated_gradients(net, x, 0, baseline=x.flip(2), steps=1)
    torch.testing.assert_close(found, weights * (x - x.flip(2)))


def test_the_gradient_agrees_with_central_differences(net):
    x, rng = images(1), np.random.default_rng(3)
    net = nn.Sequential(nn.Conv2d(2, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(4 * 7 * 6, 3))
    net = net.double()
    slope = gradient(net, x, 1)
    for _ in range(5):
        way = torch.tensor(rng.standard_normal(x.shape)) * 1e-5
        with torch.no_grad():
            difference = (net(x + way) - net(x - way))[0, 1] / 2
        torch.testing.assert_close((slope * way).sum(), difference, rtol=1e-6, atol=1e-12)


def test_guided_by_hand():
    """Three hidden units: one is off, one is taken away by the score, one counts."""
    net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)).double()
    with torch.no_grad():
        net[0].weight.copy_(torch.tensor([[1.0, 2.0], [3.0, -1.0], [-4.0, 1.0]]))
        net[0].bias.zero_()
        net[2].weight.copy_(torch.tensor([[2.0, -5.0, 7.0]]))
    x = torch.tensor([[1.0, 1.0]], dtype=torch.float64)  # units: 3, 2 and -3
    assert gradient(net, x, 0).tolist() == [[2 - 15, 4 + 5]]
    assert guided_backprop(net, x, 0).tolist() == [[2, 4]]


def test_guided_is_the_gradient_where_all_that_comes_back_is_positive(net):
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.abs_()
    x = images()
    torch.testing.assert_close(guided_backprop(net, x, 0), gradient(net, x, 0))
    assert gradient(net, x, 0).abs().max() > 0


@pytest.mark.parametrize("inplace", [False, True])
@pytest.mark.parametrize("kind", [nn.ReLU, nn.ReLU6])
def test_guided_knows_both_rectifiers_also_in_place(kind, inplace):
    torch.manual_seed(0)
    layers = [nn.Linear(4, 6), kind(inplace=inplace), nn.Linear(6, 5), kind(inplace=inplace)]
    net = nn.Sequential(*layers, nn.Linear(5, 2)).double()
    x = images(3, (4,))
    found = guided_backprop(net, x, 1)
    slope = net[4].weight[1].expand(3, -1)
    hidden = [net[:n](x) for n in (1, 3)]
    for before, layer in ((hidden[1], net[2]), (hidden[0], net[0])):
        passed = (before > 0) & (before < (6 if kind is nn.ReLU6 else torch.inf))
        slope = slope.clamp(min=0) * passed @ layer.weight
    torch.testing.assert_close(found, slope.detach())


def test_guided_needs_rectifiers():
    with pytest.raises(ValueError, match="guided_backprop: net must have ReLU modules"):
        guided_backprop(nn.Sequential(nn.Linear(2, 2), nn.SiLU()), torch.ones(1, 2), 0)


@pytest.mark.parametrize("baseline", [0.0, "images"])
def test_integrated_gradients_are_complete(net, baseline):
    """They add up to the change of the score, and the better the more steps."""
    x = images()
    start = images(seed=9) if baseline == "images" else torch.full_like(x, baseline)
    net.eval()
    with torch.no_grad():
        change = (net(x) - net(start))[:, 2]
    errors = []
    for steps in (5, 500):
        found = integrated_gradients(net, x, 2, start, steps)
        errors.append((found.flatten(1).sum(1) - change).abs().max())
    assert errors[1] < 0.01 * change.abs().max()
    assert errors[1] < errors[0]


def test_a_curved_score_needs_no_more_than_one_midpoint_where_it_is_a_square():
    class Square(nn.Module):
        def forward(self, x):
            return (x**2).sum((1, 2, 3))[:, None]

    x = images(2)
    torch.testing.assert_close(integrated_gradients(Square(), x, 0, 0.0, steps=1), x**2)


@pytest.mark.parametrize("steps", [0, -3])
def test_steps_that_are_none_are_refused(net, steps):
    with pytest.raises(ValueError, match=f"steps must be at least 1, not {steps}"):
        next(path_gradients(net, images(), 0, 0.0, steps))


# ---- Maps inside


def test_grad_cam_by_hand_on_two_maps_of_two_by_two():
    """Means of the gradient are 1 and −0.5; 1·A − 0.5·B, and what is negative is cut off."""
    net = nn.Sequential(nn.Identity(), nn.Flatten(), nn.Linear(8, 1, bias=False)).double()
    slopes = torch.tensor([[[1.0, 3.0], [0.0, 0.0]], [[-2.0, 0.0], [0.0, 0.0]]])
    with torch.no_grad():
        net[2].weight.copy_(slopes.reshape(1, 8))
    maps = torch.tensor([[[4.0, 0.0], [1.0, 2.0]], [[2.0, 2.0], [2.0, 6.0]]]).double()
    assert grad_cam(net, maps[None], 0, "0").tolist() == [[[3, 0], [0, 0]]]


def test_grad_cam_before_a_mean_over_places_is_a_weighted_sum_of_maps(net):
    """There the gradient is one number a map: the weight of the class over the number of places."""
    x = images()
    maps = responses(net, x, "relu2")
    expected = F.relu((net.fc.weight[1][:, None, None] * maps).sum(1) / maps[0, 0].numel())
    torch.testing.assert_close(grad_cam(net, x, 1, "relu2"), expected.detach())


def test_a_layer_is_watched_though_the_next_works_in_place():
    torch.manual_seed(0)
    conv = nn.Conv2d(2, 4, 3)
    head = (nn.Flatten(), nn.Linear(4 * 7 * 6, 3))
    plain, inplace = (nn.Sequential(conv, nn.ReLU(here), *head).double() for here in (False, True))
    x = images()
    assert responses(inplace, x, "0").min() < 0
    torch.testing.assert_close(grad_cam(inplace, x, 1, "0"), grad_cam(plain, x, 1, "0"))


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        ("relu3", "layer must be one of .*conv1.*, not 'relu3'. Did you mean 'relu2'?"),
        ("avgpool", r"maps larger than 1×1, but avgpool gives \(3, 5, 1, 1\)"),
        ("flatten", r"larger than 1×1, but flatten gives \(3, 5\)"),
    ],
)
def test_a_layer_without_maps_is_refused(net, layer, says):
    with pytest.raises(ValueError, match=says):
        grad_cam(net, images(), 0, layer)


def test_a_layer_that_is_never_called_is_refused():
    plain = nn.Sequential(nn.Flatten(), nn.Linear(2 * 9 * 8, 3)).double()
    plain[0].spare = nn.Identity()
    with pytest.raises(ValueError, match=r"but 0\.spare is never called"):
        responses(plain, images(), "0.spare")


# ---- Random weights


def test_layers_are_shuffled_from_the_top(net):
    paths = ["conv1", "bn", "conv2", "fc"]
    trained = build(SMALL, SHAPE, seed=1).double()
    with torch.no_grad():
        trained.bn.weight.copy_(torch.arange(4))
    assert depth(trained) == 3
    changed = {0: [], 1: ["fc"], 2: ["conv2", "fc"], 3: paths}
    for layers, expected in changed.items():
        other = randomized(trained, layers)
        differ = [
            path
            for path in paths
            if not torch.equal(getattr(other, path).weight, getattr(trained, path).weight)
        ]
        assert differ == expected


def test_shuffling_keeps_the_numbers_the_statistics_and_the_original(net):
    state, generator = copy.deepcopy(net.state_dict()), torch.get_rng_state()
    other = randomized(net, 3)
    assert all(torch.equal(value, state[key]) for key, value in net.state_dict().items())
    assert torch.equal(torch.get_rng_state(), generator)
    for key, value in other.state_dict().items():
        torch.testing.assert_close(value.flatten().sort()[0], state[key].flatten().sort()[0])
    assert torch.equal(other.bn.running_var, net.bn.running_var)


def test_one_more_layer_leaves_those_above_as_they_were_and_a_seed_repeats(net):
    one, two, again, other = (
        randomized(net, n, seed) for n, seed in ((1, 0), (2, 0), (2, 0), (2, 1))
    )
    assert torch.equal(one.fc.weight, two.fc.weight)
    assert torch.equal(two.conv2.weight, again.conv2.weight)
    assert not torch.equal(two.conv2.weight, other.conv2.weight)


@pytest.mark.parametrize("layers", [-1, 4])
def test_layers_that_are_not_there_are_refused(net, layers):
    with pytest.raises(
        ValueError, match=f"layers must be 0 to 3, the layers with weights, not {layers}"
    ):
        randomized(net, layers)


def test_a_network_of_the_zoo_is_asked_as_it_is():
    net = zoo.get("lenet-5").torch().double()
    x = images(1, (1, 32, 32))
    layer = [path for path, module in net.named_modules() if path][2]
    assert grad_cam(net, x, 3, layer).ndim == 3
    assert set(attribution.__all__) <= set(dir(attribution))


# ---- Maps that went wrong


def test_each_broken_map_has_its_own_slip():
    """What the lab's reports say of the five programs is true of any network."""
    x = images(1, (3, 9, 8))
    net = build(SMALL, (3, 9, 8), seed=1).double().eval()
    found = broken_maps(net, x, last="relu2", pooled="avgpool")
    with torch.no_grad():
        logits, turned = net(x)[0], net(x.flip(1))[0]
    seen, least = int(logits.argmax()), int(logits.argmin())
    start = x.clone().requires_grad_()
    net(start).softmax(dim=1)[0, seen].backward()
    torch.testing.assert_close(found["A"].values, start.grad[0].abs().amax(dim=0))
    assert found["B"].values.shape == (1, 1)
    summed = weighted_maps(net, x, least, "relu2")[0]
    torch.testing.assert_close(found["C"].values, summed / summed.max())
    torch.testing.assert_close(found["D"].values, grad_cam(net, x, 0, "relu2")[0])
    assert found["E"].seen == int(turned.argmax())
    assert {found[letter].seen for letter in "ABCD"} == {seen}
