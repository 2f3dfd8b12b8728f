"""The zoo: every published count is recounted, three ways, layer by layer."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from cnnlab import zoo
from cnnlab.spec import Combinator

SMALL = 30_000_000  # parameters; larger networks are not built with weights


@pytest.mark.parametrize("name", zoo.names())
def test_published_counts_are_recounted(name):
    network = zoo.get(name)
    published, summary = network.published, network.summary()
    assert published.params in (None, summary.params)
    assert published.trainable_params in (None, summary.trainable_params)
    assert published.macs in (None, summary.macs)
    assert {path: summary[path].params for path in published.rows} == published.rows
    assert published.params or published.trainable_params or published.note, "nothing to hold it to"


@pytest.mark.parametrize("name", [name for name in zoo.names() if zoo.get(name).heads])
def test_auxiliary_heads_are_counted_apart(name):
    network = zoo.get(name)
    heads = sum(summary.params for summary in network.head_summaries().values())
    assert network.summary().params + heads == network.published.params_with_heads


@pytest.mark.parametrize("name", zoo.names())
def test_pytorch_counts_the_same_layer_by_layer(name):
    network = zoo.get(name)
    state = dict(network.torch(device="meta").named_parameters())
    for row in network.summary().rows:
        if not isinstance(row.row, Combinator):
            own = [p.numel() for key, p in state.items() if key.rpartition(".")[0] == row.path]
            assert sum(own) == row.params, row.path


@pytest.mark.parametrize("name", zoo.names())
def test_numpy_counts_the_same_layer_by_layer(name):
    network = zoo.get(name)
    summary = network.summary()
    if summary.params > SMALL:
        pytest.skip(f"{summary.params:,} parameters are too many to build here")
    params = network.numpy().params
    assert {key: array.shape for key, array in params.items()} == network.spec.param_shapes(
        network.input_shape
    )


@pytest.mark.parametrize("name", zoo.names())
def test_tables_print_as_source_and_name_their_source(name):
    network = zoo.get(name)
    assert network.name == name
    assert network.published.source
    assert eval(repr(network.spec), vars(__import__("cnnlab.spec").spec)) == network.spec


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LeNet-5", "lenet-5"),
        ("lenet5", "lenet-5"),
        ("vgg16", "vgg-d"),
        ("VGG-19", "vgg-e"),
        ("ResNet50", "resnet-50"),
        ("resnet20", "resnet-20-cifar"),
        ("resnet_18", "resnet-18"),
        ("efficientnet_b3", "efficientnet-b3"),
        ("SqueezeNet 1.1", "squeezenet-1.1"),
        ("Inception V3", "inception-v3"),
        ("googlnet", "googlenet"),
        ("AlexNet", "alexnet"),
        ("ds4400", "ds-4400"),
    ],
)
def test_a_near_miss_is_answered_with_the_name_that_was_meant(name, meant):
    with pytest.raises(KeyError, match=f"not '{name}'. Did you mean '{meant}'"):
        zoo.get(name)


@pytest.mark.parametrize("name", ["zebra", "", 5, None, "net"])
def test_what_is_near_nothing_is_answered_with_all_names(name):
    with pytest.raises(KeyError, match="Choose one of these"):
        zoo.get(name)


def test_every_network_that_a_file_holds_has_its_name():
    files = [import_module(f"cnnlab.zoo.{each.name}") for each in iter_modules(zoo.__path__)]
    held = {
        each.name for file in files for each in vars(file).values() if type(each) is zoo.Network
    }
    assert held <= set(zoo.names())
    assert "lenet-5" in held
