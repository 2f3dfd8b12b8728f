"""The benchmarks time what they say: layers of the zoo, and large kernels that the zoo does not have."""

import pytest

from benchmarks.layers import FLOATS, LARGE_KERNELS, Arrays, drawn, of
from cnnlab import zoo
from cnnlab.spec.trace import trace


@pytest.fixture(scope="module")
def layers():
    """Every square convolution of the zoo."""
    networks = map(zoo.get, zoo.names())
    steps = (step for network in networks for step in trace(network.spec, network.input_shape))
    return [layer for step in steps for layer in of(step)]


def test_no_network_of_the_zoo_has_kernels_as_large_at_stride_1(layers):
    largest = max(layer.kernel_size for layer in layers if layer.stride == 1 and layer.groups == 1)
    assert all(layer.kernel_size > largest for layer in LARGE_KERNELS)


def test_drawn_layers_are_different_ones_of_the_zoo(layers):
    sizes = {layer[2:] for layer in layers}
    first, again, others = drawn(1), drawn(1), drawn(2)
    assert first == again != others
    assert len({layer[2:] for layer in first} & sizes) == len(first) == 20


def test_drawn_batches_are_not_too_large():
    for layer in drawn(3):
        assert 1 <= layer.images <= 64
        arrays = Arrays.of(layer._replace(images=1))
        floats = layer.images * (arrays.x.size + arrays.dy.size)
        assert floats <= 1.1 * FLOATS  # which is held against outputs without padding
