"""Copying weights by order checks every shape and names what does not fit."""

from collections import OrderedDict

import pytest
import torch
from torch import nn

from cnnlab.pytorch.transfer import copy_by_order


def small():
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4, 2))


def test_parameters_and_buffers_are_copied_not_shared():
    source, target = small(), small()
    source[1].running_mean.fill_(3.0)
    copy_by_order(source, target)
    for ours, theirs in zip(
        target.state_dict().values(), source.state_dict().values(), strict=True
    ):
        assert torch.equal(ours, theirs)
        assert ours.data_ptr() != theirs.data_ptr()


def test_a_module_without_numbers_gets_its_own():
    source = small()
    with torch.device("meta"):
        target = small()
    copy_by_order(source, target)
    assert torch.equal(target[0].weight, source[0].weight)
    assert target[0].weight.data_ptr() != source[0].weight.data_ptr()


def test_a_wrong_shape_names_both_keys_and_changes_nothing():
    source, target = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2)), nn.Linear(3, 2)
    wrong = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))
    before = wrong[0].weight.clone()
    with pytest.raises(ValueError, match=r"1\.weight must have the shape of 1\.weight, \(2, 2\)"):
        copy_by_order(source, wrong)
    assert torch.equal(wrong[0].weight, before)
    for pair in ((source, target), (target, source)):
        with pytest.raises(ValueError, match=r"1\.weight is the first without a partner"):
            copy_by_order(*pair)


def parts(**named):
    return nn.Sequential(OrderedDict(named))


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"aux1": nn.Linear(4, 3), "aux2": nn.Linear(4, 3)}, "Without aux1 and aux2 it would fit"),
        ({"AuxLogits": nn.Linear(4, 3)}, "Without AuxLogits it would fit"),
        ({"head": nn.Linear(2, 7)}, "Without head it would fit"),
    ],
)
def test_parts_that_are_too_many_are_named(extra, said):
    source = parts(stem=nn.Conv2d(3, 4, 3), **extra, fc=nn.Linear(4, 2))
    target = parts(stem=nn.Conv2d(3, 4, 3), fc=nn.Linear(4, 2))
    with pytest.raises(ValueError, match=said):
        copy_by_order(source, target)
    with pytest.raises(ValueError, match="the same layers in the same order"):
        copy_by_order(target, source)
