"""ResNets beside torchvision's, and beside the paper's own sentences."""

from itertools import pairwise

import pytest
import torchvision.models

from cnnlab import zoo
from cnnlab.spec import Conv, Identity, Linear
from tests.parity import assert_same_outputs


@pytest.mark.parametrize(("layers", "numpy"), [(18, True), (50, False)])
def test_outputs_are_torchvisions(layers, numpy):
    theirs = getattr(torchvision.models, f"resnet{layers}")(weights=None)
    assert_same_outputs(zoo.get(f"resnet-{layers}").spec, theirs, (3, 64, 64), numpy=numpy)


RESNETS = [name for name in zoo.names() if name.startswith("resnet-")]


@pytest.mark.parametrize("name", RESNETS)
def test_name_counts_the_weighted_layers(name):
    rows = zoo.get(name).summary().rows
    weighted = [row.path for row in rows if isinstance(row.row, Conv | Linear)]
    assert len([path for path in weighted if "shortcut" not in path]) == int(name.split("-")[1])


@pytest.mark.parametrize("name", RESNETS)
def test_maps_halve_and_channels_double(name):
    summary = zoo.get(name).summary()
    stages = [row.output_shape for row in summary.rows if row.path.endswith(".0.relu")]
    for (channels, height, width), after in pairwise(stages):
        assert after == (2 * channels, height // 2, width // 2)


@pytest.mark.parametrize(
    ("layers", "option_a"),
    [(20, 269_722), (32, 464_154), (44, 658_586), (56, 853_018), (110, 1_727_962)],
)
def test_cifar_without_its_projections_has_the_parameters_of_option_a(layers, option_a):
    network = zoo.get(f"resnet-{layers}-cifar")
    kept = [row.params for row in network.summary().rows if "shortcut" not in row.path]
    assert sum(kept) == option_a
    assert f"{option_a:,}" in network.published.note


def test_a_shortcut_projects_only_where_the_shape_changes():
    rows = zoo.get("resnet-34").summary().rows
    shortcuts = [row for row in rows if ".shortcut" in row.path]
    projected = {row.path.split(".sum")[0] for row in shortcuts if row.params}
    assert projected == {"layer2.0", "layer3.0", "layer4.0"}
    assert sum(isinstance(row.row, Identity) for row in shortcuts) == 13
