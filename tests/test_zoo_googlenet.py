"""GoogLeNet: row by row against the paper, and the port against torchvision."""

import pytest
import torchvision
from torch import nn
from torchvision.models.googlenet import InceptionAux

from cnnlab import zoo
from cnnlab.pytorch.transfer import copy_by_order
from cnnlab.spec import LRN
from tests.parity import assert_same_outputs

# Table 1 of the paper: thousands (1024) of parameters, millions of operations.
PAPER = {
    "inception3a": (159, 128),
    "inception3b": (380, 304),
    "inception4a": (364, 73),
    "inception4b": (437, 88),
    "inception4c": (463, 100),
    "inception4d": (580, 119),
    "inception4e": (840, 170),
    "inception5a": (1072, 54),
    "inception5b": (1388, 71),
    "fc": (1000, 1),
}


@pytest.mark.parametrize("name", PAPER)
def test_rows_agree_with_the_papers_table_as_far_as_it_is_exact(name):
    rows = [
        row for row in zoo.get("googlenet").summary().rows if row.path.partition(".")[0] == name
    ]
    thousands, millions = PAPER[name]
    assert sum(row.params for row in rows) / 1024 == pytest.approx(thousands, rel=0.08)
    assert sum(row.macs for row in rows) / 1e6 == pytest.approx(millions, rel=0.06)


def test_shapes_are_those_of_the_paper():
    rows = zoo.get("googlenet").summary()
    assert rows["conv1.conv"].output_shape == (64, 112, 112)
    assert rows["norm1"].output_shape == (64, 56, 56)
    assert rows["inception3b"].output_shape == (480, 28, 28)
    assert rows["inception4d"].output_shape == (528, 14, 14)
    assert rows["inception5b"].output_shape == (1024, 7, 7)


def test_normalisation_stands_after_the_first_pooling_and_before_the_second():
    names = [name for name, _ in zoo.get("googlenet").spec.children]
    assert names[1:7] == ["pool1", "norm1", "conv2_reduce", "conv2", "norm2", "pool2"]
    kinds = {type(zoo.get("googlenet").spec[name]) for name in ("norm1", "norm2")}
    assert kinds == {LRN}


def test_port_equals_torchvision():
    theirs = torchvision.models.googlenet(
        aux_logits=False, transform_input=False, init_weights=False
    )
    # 97 does not divide by the strides, so that a pooling that rounds down would show.
    assert_same_outputs(zoo.get("googlenet-port").spec, theirs, (3, 97, 97))


def test_heads_of_the_port_equal_torchvision():
    for (_, head), channels in zip(zoo.get("googlenet-port").heads, (512, 528), strict=True):
        theirs = InceptionAux(channels, 1000)
        assert_same_outputs(head, theirs, (channels, 14, 14))


def test_copy_by_order_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"0\.weight must have the shape of weight, \(2, 3\), not"):
        copy_by_order(nn.Linear(3, 2), nn.Sequential(nn.Linear(4, 2)))
    with pytest.raises(ValueError, match="must hold 2 arrays as source does, not 4"):
        copy_by_order(nn.Linear(3, 2), nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2)))
