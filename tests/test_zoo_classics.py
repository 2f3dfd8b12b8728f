"""The classic families beside their papers' further figures, and beside torchvision's models."""

from math import prod

import numpy as np
import pytest
import torch
import torchvision

from cnnlab import zoo
from cnnlab.count import summarize
from cnnlab.geometry import output_size
from cnnlab.pytorch.transfer import copy_by_order
from cnnlab.spec import RBF, Conv, Linear, Subsample, TableConv
from cnnlab.zoo import lenet, vgg
from cnnlab.zoo.nin import bottleneck


def connections(summary):
    """Inputs of all units, biases counted, as LeCun's papers count them."""
    total = 0
    for row in summary.rows:
        if isinstance(row.row, Conv | TableConv):
            total += row.params * prod(row.output_shape[1:])
        elif isinstance(row.row, Subsample):
            total += (row.row.kernel_size**2 + 1) * prod(row.output_shape)
        elif isinstance(row.row, Linear | RBF):
            total += row.params
    return total


@pytest.mark.parametrize(("name", "published"), [("lenet-1", 98_442), ("lenet-5", 340_908)])
def test_lenets_have_the_published_connections(name, published):
    assert connections(zoo.get(name).summary()) == published


@pytest.mark.parametrize(
    ("table", "inputs", "sizes"),
    [
        (lenet.H3_TABLE, 4, {1: 4, 2: 8}),
        (lenet.C3_TABLE, 6, {3: 6, 4: 9, 6: 1}),
    ],
)
def test_connection_tables_use_every_map_equally_often(table, inputs, sizes):
    assert {size: sum(len(maps) == size for maps in table) for size in sizes} == sizes
    assert len({sum(i in maps for maps in table) for i in range(inputs)}) == 1


def test_two_groups_halve_three_layers():
    grouped, ungrouped = (zoo.get(name).summary() for name in ("alexnet", "alexnet-ungrouped"))
    fewer = {r.path for r, s in zip(grouped.rows, ungrouped.rows, strict=True) if r.macs < s.macs}
    assert fewer == {"conv2", "conv4", "conv5"}
    assert all(2 * grouped[path].macs == ungrouped[path].macs for path in fewer)


def test_alexnet_of_2012_makes_55_by_55_maps_of_224_by_224_images():
    rounded, common = (zoo.get(name).summary() for name in ("alexnet-224", "alexnet"))
    assert [row.output_shape for row in rounded.rows] == [row.output_shape for row in common.rows]
    assert rounded["conv1"].output_shape == (96, 55, 55)
    assert output_size(224, 11, stride=4) == 54


def test_zfnet_has_the_map_sizes_of_its_figure():
    rows = zoo.get("zfnet").summary()
    paths = ("conv1", "pool1", "conv2", "pool2", "conv5", "pool5")
    assert [rows[path].output_shape[1] for path in paths] == [110, 55, 26, 13, 13, 6]


@pytest.mark.parametrize(
    ("letter", "layers"), [("a", 11), ("a-lrn", 11), ("b", 13), ("c", 16), ("d", 16), ("e", 19)]
)
def test_vgg_has_the_published_weight_layers(letter, layers):
    rows = zoo.get(f"vgg-{letter}").summary().rows
    assert sum(row.params > 0 for row in rows) == layers
    assert vgg.CONFIGURATIONS.keys() == vgg.PARAMETERS.keys() == vgg.NOTES.keys()


@pytest.mark.parametrize(("reduced", "weights"), [(None, 73_728), (128, 69_632), (64, 34_816)])
def test_a_bottleneck_saves_weights(reduced, weights):
    summary = summarize(bottleneck(reduced), (256, 28, 28))
    assert summary.params == weights
    assert summary.output_shape == (32, 28, 28)


def lively(module):
    """Weights under which deep layers still tell images apart, unlike the default ones."""
    for parameter in module.parameters():
        if parameter.ndim > 1:
            torch.nn.init.kaiming_uniform_(parameter, nonlinearity="relu")
        else:
            torch.nn.init.uniform_(parameter, -0.1, 0.1)
    return module.eval()


@pytest.mark.parametrize(
    ("name", "theirs", "options"),
    [
        ("alexnet-owt", "alexnet", {}),
        ("vgg-a", "vgg11", {"init_weights": False}),
        ("vgg-d", "vgg16", {"init_weights": False}),
    ],
)
def test_same_outputs_as_torchvision(name, theirs, options):
    torch.manual_seed(0)
    with torch.device("meta"):  # no numbers are drawn that are replaced at once
        reference = torchvision.models.get_model(theirs, weights=None, **options)
    reference = lively(reference.to_empty(device="cpu"))
    network = zoo.get(name)
    ours = network.torch(device="meta").eval()
    copy_by_order(reference, ours)
    x = torch.randn(2, *network.input_shape)
    with torch.inference_mode():
        y, expected = ours(x), reference(x)
    told_apart = (expected[0] - expected[1]).abs().max().item()
    assert told_apart > 0.1
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-4 * told_apart)


@pytest.mark.parametrize("name", ["lenet-1", "lenet-5", "lenet-5-modern", "ciresan", "nin-cifar10"])
def test_same_outputs_in_numpy_and_pytorch(name):
    network = zoo.get(name)
    module, net = network.torch(seed=1, init="he-normal").eval(), network.numpy(seed=2)
    net.load_state_dict({key: value.numpy() for key, value in module.state_dict().items()})
    x = np.random.default_rng(0).normal(size=(2, *network.input_shape)).astype(np.float32)
    with torch.inference_mode():
        expected = module(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(net.forward(x), expected, rtol=1e-4, atol=1e-5)
    assert np.abs(expected[0] - expected[1]).max() > 1e-3
