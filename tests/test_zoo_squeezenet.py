"""SqueezeNets beside torchvision's, and their metaparameters."""

import pytest
import torchvision.models
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import zoo
from cnnlab.count import summarize
from cnnlab.spec import Chain, Conv
from cnnlab.zoo.squeezenet import fire, squeezenet
from tests.parity import assert_same_outputs


@pytest.mark.parametrize(("version", "numpy"), [("1.0", False), ("1.1", True)])
def test_outputs_are_torchvisions(version, numpy):
    theirs = getattr(torchvision.models, f"squeezenet{version.replace('.', '_')}")(weights=None)
    assert_same_outputs(zoo.get(f"squeezenet-{version}").spec, theirs, (3, 95, 95), numpy=numpy)


# Table 1 of the paper: s1×1, e1×1, e3×3 and the parameters before pruning.
TABLE_1 = {
    "fire2": (16, 64, 64, 11_920),
    "fire3": (16, 64, 64, 12_432),
    "fire4": (32, 128, 128, 45_344),
    "fire5": (32, 128, 128, 49_440),
    "fire6": (48, 192, 192, 104_880),
    "fire7": (48, 192, 192, 111_024),
    "fire8": (64, 256, 256, 188_992),
    "fire9": (64, 256, 256, 197_184),
}


@pytest.mark.parametrize("name", TABLE_1)
def test_fire_modules_are_those_of_table_1(name):
    *filters, params = TABLE_1[name]
    network = zoo.get("squeezenet-1.0")
    assert network.spec[name] == fire(*filters)
    rows = network.summary().rows
    assert sum(row.params for row in rows if row.path.startswith(f"{name}.")) == params


def test_maps_shrink_as_in_the_paper_from_227_pixels():
    rows = summarize(zoo.get("squeezenet-1.0").spec, (3, 227, 227))
    sizes = [rows[path].output_shape[1] for path in ("conv1", "maxpool1", "maxpool4", "maxpool8")]
    assert sizes == [111, 55, 27, 13]


def test_version_1_1_has_2_4_times_fewer_operations():
    old, new = (zoo.get(f"squeezenet-{v}").summary().macs for v in ("1.0", "1.1"))
    assert old / new == pytest.approx(2.4, rel=0.05)


def megabytes(sr: float, pct3x3: float) -> float:
    table = squeezenet(Conv(96, 7, stride=2), {4, 8}, sr, pct3x3)
    return summarize(table, (3, 224, 224)).param_bytes / 1e6


@pytest.mark.parametrize(
    ("sr", "pct3x3", "published"),
    [(0.125, 0.5, 4.8), (0.75, 0.5, 19), (0.5, 0.01, 5.7), (0.5, 0.5, 13), (0.5, 0.99, 21)],
)
def test_model_sizes_are_those_of_figure_3(sr, pct3x3, published):
    assert megabytes(sr, pct3x3) == pytest.approx(published, rel=0.06)


@given(
    sr=st.sampled_from([0.125, 0.25, 0.5, 0.75, 1.0]),
    pct3x3=st.sampled_from([0.125, 0.25, 0.5, 0.75]),
)
def test_every_module_keeps_its_ratios(sr, pct3x3):
    table = squeezenet(Conv(96, 7, stride=2), {4, 8}, sr, pct3x3)
    for name, module in table.children:
        if name.startswith("fire"):
            assert isinstance(module, Chain)
            e1, e3 = (branch.out_channels for branch in module["expand"])
            assert module["squeeze1x1"].out_channels / (e1 + e3) == sr
            assert e3 / (e1 + e3) == pct3x3


@pytest.mark.parametrize(("name", "value"), [("sr", 0), ("sr", 1.5), ("pct3x3", 0), ("pct3x3", 1)])
def test_senseless_ratios_are_refused(name, value):
    with pytest.raises(ValueError, match=rf"{name} must be in \(0, 1.*, not {value}\. The paper"):
        squeezenet(Conv(96, 7, stride=2), {4, 8}, **{name: value})
