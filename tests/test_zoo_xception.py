"""Xception against the table that Keras prints."""

import pytest

from cnnlab import zoo
from cnnlab.spec import Identity


def test_running_statistics_explain_the_total_that_keras_prints():
    summary = zoo.get("xception").summary()
    assert summary.buffers == 54_528
    assert summary.params + summary.buffers == 22_910_480


@pytest.mark.parametrize(
    ("path", "params", "shape"),
    [
        ("block2.main.sepconv1", 8_768, (128, 147, 147)),
        ("block2.main.sepconv2", 17_536, (128, 147, 147)),
        ("block3.main.sepconv1", 33_920, (256, 74, 74)),
        ("block3.main.sepconv2", 67_840, (256, 74, 74)),
        ("block4.main.sepconv1", 188_672, (728, 37, 37)),
        ("block4.main.sepconv2", 536_536, (728, 37, 37)),
        ("block5.main.sepconv1", 536_536, (728, 19, 19)),
        ("block12.main.sepconv3", 536_536, (728, 19, 19)),
        ("block13.main.sepconv2", 752_024, (1024, 19, 19)),
        ("block14.sepconv1", 1_582_080, (1536, 10, 10)),
        ("block14.sepconv2", 3_159_552, (2048, 10, 10)),
    ],
)
def test_separable_convolutions_are_those_of_keras(path, params, shape):
    summary = zoo.get("xception").summary()
    depthwise, pointwise = (
        summary[f"{path}.sepconv.{half}"] for half in ("depthwise", "pointwise")
    )
    assert depthwise.params + pointwise.params == params
    assert pointwise.output_shape == shape


def test_relu_comes_before_each_separable_convolution_but_those_after_a_relu():
    spec = zoo.get("xception").spec
    names = {
        block: [name.rstrip("123") for name, _ in spec[block]["main"].children]
        for block in (f"block{number}" for number in range(2, 14))
    }
    down = ["relu", "sepconv", "relu", "sepconv", "pool"]
    assert names["block2"] == down[1:]
    assert all(names[block] == down for block in ("block3", "block4", "block13"))
    middle = [f"block{number}" for number in range(5, 13)]
    assert all(names[block] == ["relu", "sepconv"] * 3 for block in middle)
    assert all(isinstance(spec[block]["shortcut"], Identity) for block in middle)
    assert [name for name, _ in spec["block14"].children] == [
        "sepconv1",
        "relu1",
        "sepconv2",
        "relu2",
    ]
