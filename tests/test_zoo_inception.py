"""Inception v2 against the paper and two ports' counts, Inception v3 against torchvision."""

import pytest
import torchvision
from torchvision.models.inception import InceptionAux

from cnnlab import zoo
from cnnlab.count import summarize
from cnnlab.spec import AvgPool, Chain, Concat, MaxPool, ShapeError
from cnnlab.zoo.inception import conv, inception_v2, separable_stem
from tests.parity import assert_same_outputs


@pytest.mark.parametrize(
    ("variant", "params"),
    [
        (inception_v2(separable_stem()), 11_278_528),
        (inception_v2(separable_stem(), proj_4cd=96), 11_188_288),
        (inception_v2(conv(64, 7, 2, padding=3, bias=True), bias=True), 11_295_240),
    ],
    ids=["paper", "release", "port"],
)
def test_readings_of_inception_v2(variant, params):
    assert summarize(variant, (3, 224, 224)).params == params


def outputs(spec):
    rows = summarize(spec, (3, 224, 224)).rows
    return {row.path: row.output_shape for row in rows if row.path.startswith("inception")}


def test_printed_outputs_of_inception_v2_need_the_narrow_projections():
    printed = {
        "inception3a": (256, 28, 28),
        "inception3b": (320, 28, 28),
        "inception3c": (576, 14, 14),
        "inception4a": (576, 14, 14),
        "inception4b": (576, 14, 14),
        "inception4c": (576, 14, 14),
        "inception4d": (576, 14, 14),
        "inception4e": (1024, 7, 7),
        "inception5a": (1024, 7, 7),
        "inception5b": (1024, 7, 7),
    }
    narrow = outputs(inception_v2(separable_stem(), proj_4cd=96))
    assert {path: narrow[path] for path in printed} == printed
    wide = outputs(zoo.get("inception-v2").spec)
    differing = {path: wide[path] for path in printed if wide[path] != printed[path]}
    assert differing == {
        "inception4c": (608, 14, 14),
        "inception4d": (608, 14, 14),
        "inception4e": (1056, 7, 7),
    }


def test_only_the_last_module_of_inception_v2_projects_a_maximum():
    spec = zoo.get("inception-v2").spec
    projected = {
        name: type(module["pool"]["pool"])
        for name, module in spec.children
        if isinstance(module, Concat) and isinstance(module["pool"], Chain)
    }
    assert {name for name, pool in projected.items() if pool is MaxPool} == {"inception5b"}
    assert {name for name, pool in projected.items() if pool is AvgPool} == {
        f"inception{name}" for name in ("3a", "3b", "4a", "4b", "4c", "4d", "5a")
    }


def test_inception_v3_has_the_shapes_of_its_table():
    rows = zoo.get("inception-v3").summary()
    assert rows["Mixed_5d"].output_shape == (288, 35, 35)
    assert rows["Mixed_6e"].output_shape == (768, 17, 17)
    assert rows["Mixed_7a"].output_shape == (1280, 8, 8)
    assert rows["Mixed_7c"].output_shape == (2048, 8, 8)


def test_inception_v3_explains_the_total_that_keras_prints():
    summary = zoo.get("inception-v3").summary()
    scales = summary.buffers // 2  # Keras leaves them out and counts means and variances
    assert summary.params - scales + summary.buffers == 23_851_784


def test_inception_v3_equals_torchvision_at_the_smallest_input():
    spec = zoo.get("inception-v3").spec
    with pytest.raises(ShapeError, match="Mixed_7a"):
        summarize(spec, (3, 74, 74))
    theirs = torchvision.models.inception_v3(
        aux_logits=False, transform_input=False, init_weights=False
    )
    assert_same_outputs(spec, theirs, (3, 75, 75))


def test_inception_v3_head_equals_torchvision():
    ((_, head),) = zoo.get("inception-v3").heads
    assert_same_outputs(head, InceptionAux(768, 1000), (768, 17, 17))
