"""EfficientNets beside torchvision's, and compound scaling recomputed."""

from itertools import pairwise
from math import log

import pytest
import torchvision.models
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import zoo
from cnnlab.spec import BatchNorm, Conv, DepthwiseConv, Scale, SiLU
from cnnlab.zoo.efficientnet import ALPHA, B0, BETA, COEFFICIENTS, GAMMA, round_channels
from tests.parity import assert_same_outputs


def test_outputs_are_torchvisions():
    theirs = torchvision.models.efficientnet_b0(weights=None)
    assert_same_outputs(zoo.get("efficientnet-b0").spec, theirs, (3, 64, 64), numpy=True)


def test_compound_scaling_about_doubles_the_work():
    assert pytest.approx(2, rel=0.05) == ALPHA * BETA**2 * GAMMA**2


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_released_coefficients_follow_the_powers(name):
    """Each of the three, read as a power, tells nearly the same φ."""
    width, depth, resolution, *_ = COEFFICIENTS[name]
    powers = log(depth, ALPHA), log(width, BETA), log(resolution / 224, GAMMA)
    assert max(powers) - min(powers) < 1.1


# Table 2 of the paper, in 10⁹; its FLOPs are MACs.
TABLE_2 = {"b0": 0.39, "b1": 0.70, "b2": 1.0, "b3": 1.8, "b4": 4.2, "b5": 9.9, "b6": 19, "b7": 37}


@pytest.mark.parametrize("name", TABLE_2)
def test_macs_are_those_of_table_2(name):
    macs = zoo.get(f"efficientnet-{name}").summary().macs
    assert macs / 1e9 == pytest.approx(TABLE_2[name], rel=0.05)


def test_maps_of_b0_are_those_of_table_1():
    summary = zoo.get("efficientnet-b0").summary()
    last = {row.path.split(".")[0]: row.output_shape for row in summary.rows}
    sizes = 112, 112, 56, 28, 14, 14, 7, 7, 7
    channels = 32, *(stage.channels for stage in B0), 1280
    for number, (size, maps) in enumerate(zip(sizes, channels, strict=True), start=1):
        assert last[f"stage{number}"] == (maps, size, size)


def test_larger_ones_are_nowhere_smaller():
    networks = [zoo.get(f"efficientnet-{name}").summary() for name in COEFFICIENTS]
    for small, large in pairwise(networks):
        assert small.params < large.params
        assert small.macs < large.macs
        assert len(small.rows) <= len(large.rows)


@given(st.floats(8, 5000))
def test_channels_round_to_eights_and_hardly_down(channels):
    rounded = round_channels(channels)
    assert rounded % 8 == 0
    assert 0.9 * channels <= rounded <= channels + 8


def test_lite_is_b0_without_gates_and_with_tensorflows_padding():
    b0, lite = (zoo.get(f"efficientnet-{name}").summary() for name in ("b0", "lite0"))
    gates = sum(row.params for row in b0.rows if ".se" in row.path)
    assert b0.params - gates == lite.params
    assert not any(isinstance(row.row, Scale | SiLU) for row in lite.rows)
    for row in (row.row for row in lite.rows):
        if isinstance(row, Conv | DepthwiseConv) and row.kernel_size != 1:
            assert row.padding == "same"
        if isinstance(row, BatchNorm):
            assert row.eps == 1e-3
