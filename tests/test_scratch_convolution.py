"""The NumPy convolutions equal PyTorch's and the loops, forward and backward."""

import tracemalloc

import numpy as np
import pytest
import torch
import torch.nn.functional as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from cnnlab import geometry
from cnnlab.scratch import functional as F
from cnnlab.scratch import naive

TOLERANCE = {"float64": 1e-10, "float32": 1e-4}


@pytest.fixture(autouse=True, scope="module")
def one_torch_thread():
    """Threads cost more than they bring on arrays this small."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def assert_close(ours, theirs, dtype):
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype == np.dtype(dtype)
    scale = max(np.abs(theirs).max(initial=0), 1e-30)
    assert np.abs(ours - theirs).max(initial=0) <= TOLERANCE[dtype] * scale


def torch_gradients(forward, dy, *arrays):
    """PyTorch's output and gradients for the upstream gradient ``dy(shape)``."""
    tensors = [torch.from_numpy(array.copy()).requires_grad_() for array in arrays]
    y = forward(*tensors)
    upstream = dy(tuple(y.shape))
    gradients = torch.autograd.grad(y, tensors, torch.from_numpy(upstream))
    return y.detach().numpy(), upstream, [gradient.numpy() for gradient in gradients]


def torch_conv2d(x, weight, bias, *, stride, padding, dilation, groups):
    sides = [
        geometry.resolve_padding(*axis)
        for axis in zip(padding, x.shape[2:], weight.shape[2:], stride, dilation, strict=True)
    ]
    x = tf.pad(x, (*sides[1], *sides[0]))
    return tf.conv2d(x, weight, bias, stride=stride, dilation=dilation, groups=groups)


def arrays(rng, dtype, *shapes):
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


@st.composite
def convolutions(draw, max_images=4, max_size=12, max_channels=3):
    """Shapes and settings that fit: (x shape, weight shape, keyword arguments)."""
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    groups = draw(st.integers(1, 3))
    channels = groups * draw(st.integers(1, max_channels))
    kernels = groups * draw(st.integers(1, 3))
    kernel_size = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    stride, dilation = draw(pair), draw(pair)
    rule = st.one_of(
        st.integers(0, 3),
        st.tuples(st.integers(0, 3), st.integers(0, 3)),
        st.sampled_from(["same", "valid"]),
    )
    padding = draw(st.tuples(rule, rule))
    spans = [d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True)]
    size = [draw(st.integers(span, span + max_size)) for span in spans]
    x_shape = (draw(st.integers(1, max_images)), channels, *size)
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return x_shape, (kernels, channels // groups, *kernel_size), settings


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@settings(max_examples=100, deadline=None, derandomize=True)
@given(convolution=convolutions(), seed=st.integers(0, 999))
def test_conv2d_equals_pytorch(dtype, convolution, seed):
    x_shape, weight_shape, options = convolution
    rng = np.random.default_rng(seed)
    x, weight, bias = arrays(rng, dtype, x_shape, weight_shape, weight_shape[0])
    y, dy, gradients = torch_gradients(
        lambda *tensors: torch_conv2d(*tensors, **options),
        lambda shape: rng.standard_normal(shape).astype(dtype),
        *(x, weight, bias),
    )
    ours, cache = F.conv2d(x, weight, bias, **options)
    assert_close(ours, y, dtype)
    for gradient, theirs in zip(F.conv2d_backward(dy, cache), gradients, strict=True):
        assert_close(gradient, theirs, dtype)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(convolution=convolutions(max_images=2, max_size=3, max_channels=2))
def test_conv2d_equals_the_loops(convolution):
    x_shape, weight_shape, options = convolution
    rng = np.random.default_rng(0)
    x, weight, bias = arrays(rng, "float64", x_shape, weight_shape, weight_shape[0])
    y, cache = F.conv2d(x, weight, bias, **options)
    assert_close(y, naive.conv2d(x, weight, bias, **options), "float64")
    dy = rng.standard_normal(y.shape)
    loops = naive.conv2d_backward(dy, x, weight, **options)
    for gradient, loop in zip(F.conv2d_backward(dy, cache), loops, strict=True):
        assert_close(gradient, loop, "float64")


# Sizes that are cut into several blocks of images and of rows, unlike the small ones above.
LARGE = {
    "many small images": ((70, 6, 14, 14), (16, 6, 5, 5), {}),
    "one image, many rows": ((1, 16, 96, 70), (24, 16, 3, 3), {"padding": 1}),
    "strided": ((9, 16, 57, 45), (32, 16, 3, 5), {"stride": (2, 3), "padding": ((0, 1), 2)}),
    "pointwise": ((3, 32, 56, 56), (48, 32, 1, 1), {}),
    "depthwise": ((5, 32, 30, 41), (32, 1, 3, 3), {"groups": 32, "padding": "same"}),
    "depthwise, multiplier 2": ((5, 24, 30, 30), (48, 1, 3, 3), {"groups": 24, "stride": 2}),
    "one channel": ((40, 1, 28, 28), (32, 1, 3, 3), {"padding": "same"}),
    "kernel as large as image": ((40, 16, 5, 5), (120, 16, 5, 5), {}),
    "padding beyond the kernel": ((6, 4, 9, 30), (5, 4, 2, 3), {"padding": 4}),
    "large enough for threads": ((9, 32, 40, 40), (64, 32, 3, 3), {"padding": 1}),
}


@pytest.mark.parametrize("case", LARGE)
def test_conv2d_in_blocks_equals_pytorch(case):
    x_shape, weight_shape, options = LARGE[case]
    options = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1} | options
    rng = np.random.default_rng(3)
    x, weight, bias = arrays(rng, "float64", x_shape, weight_shape, weight_shape[0])
    settings = {
        name: geometry.per_axis(name, options[name], 2) for name in ("stride", "dilation")
    } | {"padding": geometry.padding_per_axis(options["padding"], 2), "groups": options["groups"]}
    y, dy, gradients = torch_gradients(
        lambda *tensors: torch_conv2d(*tensors, **settings),
        rng.standard_normal,
        *(x, weight, bias),
    )
    ours, cache = F.conv2d(x, weight, bias, **options)
    assert_close(ours, y, "float64")
    for gradient, theirs in zip(F.conv2d_backward(dy, cache), gradients, strict=True):
        assert_close(gradient, theirs, "float64")


@settings(max_examples=40, deadline=None, derandomize=True)
@given(convolution=convolutions(), seed=st.integers(0, 99))
def test_conv1d_equals_pytorch(convolution, seed):
    (images, channels, length, _), weight_shape, options = convolution
    options = {name: v if name == "groups" else v[0] for name, v in options.items()}
    rng = np.random.default_rng(seed)
    shapes = (images, channels, length), weight_shape[:3], weight_shape[0]
    x, weight, bias = arrays(rng, "float64", *shapes)
    sides = geometry.resolve_padding(
        options["padding"], length, weight.shape[2], options["stride"], options["dilation"]
    )
    y, dy, gradients = torch_gradients(
        lambda x, *rest: tf.conv1d(tf.pad(x, sides), *rest, **(options | {"padding": 0})),
        rng.standard_normal,
        *(x, weight, bias),
    )
    ours, cache = F.conv1d(x, weight, bias, **(options | {"padding": (options["padding"],)}))
    assert_close(ours, y, "float64")
    for gradient, theirs in zip(F.conv1d_backward(dy, cache), gradients, strict=True):
        assert_close(gradient, theirs, "float64")


@st.composite
def transposed_convolutions(draw):
    (images, channels, *size), (_, _, *kernel_size), options = draw(convolutions(max_size=4))
    stride, dilation, groups = options["stride"], options["dilation"], options["groups"]
    extra = [draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True)]
    padding = [
        draw(st.integers(0, min(3, ((w - 1) * s + d * (k - 1)) // 2)))
        for w, s, d, k in zip(size, stride, dilation, kernel_size, strict=True)
    ]
    options |= {"padding": tuple(padding), "output_padding": tuple(extra)}
    weight_shape = channels, draw(st.integers(1, 3)), *kernel_size
    return (images, channels, *size), weight_shape, groups * weight_shape[1], options


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(convolution=transposed_convolutions(), seed=st.integers(0, 99))
def test_conv_transpose2d_equals_pytorch(dtype, convolution, seed):
    x_shape, weight_shape, kernels, options = convolution
    rng = np.random.default_rng(seed)
    x, weight, bias = arrays(rng, dtype, x_shape, weight_shape, kernels)
    y, dy, gradients = torch_gradients(
        lambda *tensors: tf.conv_transpose2d(*tensors, **options),
        lambda shape: rng.standard_normal(shape).astype(dtype),
        *(x, weight, bias),
    )
    ours, cache = F.conv_transpose2d(x, weight, bias, **options)
    assert_close(ours, y, dtype)
    for gradient, theirs in zip(F.conv_transpose2d_backward(dy, cache), gradients, strict=True):
        assert_close(gradient, theirs, dtype)


def test_transposed_convolution_cuts_uneven_padding():
    rng = np.random.default_rng(1)
    x, weight = arrays(rng, "float64", (2, 3, 5, 6), (3, 4, 3, 3))
    whole, _ = F.conv_transpose2d(x, weight, stride=2)
    cut, _ = F.conv_transpose2d(x, weight, stride=2, padding=((1, 0), (0, 2)))
    assert_close(cut, whole[:, :, 1:, :-2], "float64")


def test_inputs_stay_as_they_were_and_need_not_be_contiguous():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((12, 14, 3, 2)).transpose(3, 2, 1, 0)[:, ::-1, ::2]
    weight = np.asfortranarray(rng.standard_normal((4, 3, 3, 2)))
    bias = rng.standard_normal(8)[::2]
    for padding in (0, 1):
        for images in (1, 2):
            part = x[:images]
            part.flags.writeable = weight.flags.writeable = False
            y, cache = F.conv2d(part, weight, bias, padding=padding)
            expected, same = F.conv2d(part.copy(), weight.copy("C"), bias.copy(), padding=padding)
            np.testing.assert_allclose(y, expected)
            dy = rng.standard_normal(y.shape[::-1]).transpose()
            dy.flags.writeable = False
            before = [array.copy() for array in (part, weight, dy)]
            gradients = F.conv2d_backward(dy, cache)
            for ours, theirs in zip(gradients, F.conv2d_backward(dy.copy(), same), strict=True):
                np.testing.assert_allclose(ours, theirs)
            for array, copy in zip((part, weight, dy), before, strict=True):
                np.testing.assert_array_equal(array, copy)


def test_results_own_their_memory():
    """What a caller does to ``y`` or ``dx`` must not reach ``x`` or ``dy``."""
    x, weight = np.ones((1, 2, 4, 4)), np.ones((2, 2, 1, 1))
    y, cache = F.conv2d(x, weight)
    dx, dweight, dbias = F.conv2d_backward(y, cache)
    assert dbias is None
    for array in (y, dx, dweight):
        assert array.flags.c_contiguous
        assert not any(np.shares_memory(array, other) for other in (x, weight))
    assert not np.shares_memory(dx, y)


def test_an_empty_batch_has_an_empty_output_and_zero_gradients():
    y, cache = F.conv2d(np.ones((0, 2, 5, 5)), np.ones((3, 2, 3, 3)), np.ones(3))
    dx, dweight, dbias = F.conv2d_backward(y, cache)
    assert y.shape == (0, 3, 3, 3)
    assert dx.shape == (0, 2, 5, 5)
    assert not dweight.any()
    assert not dbias.any()


def traced_peak(step):
    with threadpool_limits(1):  # each thread holds a block
        tracemalloc.start()
        step()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_memory_of_a_large_layer_stays_within_a_quarter_of_its_inputs_and_outputs():
    """The whole window matrix of this layer would be nine times its input: 230 MB."""
    rng = np.random.default_rng(0)
    shape = (4, 32, 224, 224)
    x, weight, bias, dy = arrays(rng, "float32", shape, (32, 32, 3, 3), 32, shape)

    def step():
        y, cache = F.conv2d(x, weight, bias, padding=1)
        return y, F.conv2d_backward(dy, cache)

    assert x.nbytes + dy.nbytes + traced_peak(step) < 1.25 * 4 * x.nbytes


def test_memory_of_a_long_sequence_stays_close_to_its_output():
    x, weight = np.ones((1, 16, 100_000)), np.ones((16, 16, 9))
    output = x.nbytes
    assert traced_peak(lambda: F.conv1d(x, weight)) < 2 * output


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"x": np.ones((1, 3, 8, 8), np.float32)}, TypeError, "dtype of x, float32"),
        ({"x": np.ones((1, 3, 8, 8), int)}, TypeError, "float32 or float64, not int"),
        ({"x": [1.0]}, TypeError, "NumPy array, not list"),
        ({"x": np.ones((3, 8, 8))}, ValueError, r"4 axes \(N, C, H, W\), not 3"),
        ({"x": np.ones((1, 4, 8, 8))}, ValueError, "weight must have 4 channels"),
        ({"x": np.ones((1, 3, 2, 8))}, ValueError, "conv2d: kernel 3 does not fit height 2"),
        ({"bias": np.ones(5)}, ValueError, r"bias must have shape \(6,\), not \(5,\)"),
        ({"groups": 2}, ValueError, "groups must divide the 3 input channels"),
        ({"groups": 3}, ValueError, "weight must have 1 channels"),
        ({"groups": 0}, ValueError, "groups must be at least 1"),
        ({"stride": 0}, ValueError, "conv2d: stride must be at least 1"),
        ({"stride": 1.5}, TypeError, "conv2d: stride must be an integer"),
        ({"padding": "full"}, ValueError, "conv2d: padding must be 'same'"),
    ],
)
def test_errors_say_what_must_be(change, error, words):
    arguments = {"x": np.ones((1, 3, 8, 8)), "weight": np.ones((6, 3, 3, 3)), "bias": None}
    with pytest.raises(error, match=words):
        F.conv2d(**(arguments | change))


def test_errors_of_the_others():
    x, weight = np.ones((1, 4, 5, 5)), np.ones((4, 2, 3, 3))
    with pytest.raises(ValueError, match="conv_transpose2d: groups must divide the 4"):
        F.conv_transpose2d(x, weight, groups=3)
    with pytest.raises(ValueError, match="conv_transpose2d: output_padding must be 0 with padd"):
        F.conv_transpose2d(x, weight, stride=2, padding="same", output_padding=1)
    with pytest.raises(ValueError, match="conv_transpose2d: padding must be 'same', 'valid'"):
        F.conv_transpose2d(x, weight, padding="full")
    with pytest.raises(ValueError, match="conv_transpose2d: output_padding must be smaller"):
        F.conv_transpose2d(x, weight, output_padding=1)
    with pytest.raises(ValueError, match="one entry for each of the 4 channels"):
        F.conv_transpose2d(x, np.ones((3, 2, 3, 3)))
    with pytest.raises(ValueError, match="conv1d: kernel 9 does not fit length 5"):
        F.conv1d(x[:, :, 0], np.ones((4, 4, 9)))
    _, cache = F.conv2d(x, np.ones((2, 4, 3, 3)))
    with pytest.raises(ValueError, match=r"dy must have shape \(1, 2, 3, 3\)"):
        F.conv2d_backward(np.ones((1, 2, 5, 5)), cache)
    with pytest.raises(TypeError, match="dy must have the dtype of x"):
        F.conv2d_backward(np.ones((1, 2, 3, 3), np.float32), cache)


def test_loops_know_the_textbook_values():
    image = np.arange(16.0).reshape(4, 4)
    kernel = np.array([[1.0, 0.0], [0.0, -1.0]])
    np.testing.assert_array_equal(naive.cross_correlate2d(image, kernel), np.full((3, 3), -5.0))
    np.testing.assert_array_equal(naive.convolve2d(image, kernel), np.full((3, 3), 5.0))
    signal, taps = np.array([1.0, 2, 3, 4]), np.array([1.0, 0, 2])
    np.testing.assert_array_equal(
        naive.convolve1d(signal, taps), np.convolve(signal, taps, "valid")
    )
    np.testing.assert_array_equal(
        naive.cross_correlate1d(signal, taps), np.correlate(signal, taps, "valid")
    )


@pytest.mark.parametrize(("kind", "pool"), [("max", tf.max_pool2d), ("average", tf.avg_pool2d)])
@pytest.mark.parametrize(("kernel_size", "stride"), [(2, 2), (3, 2), (2, 3)])
def test_pooling_loops_equal_pytorch(kind, pool, kernel_size, stride):
    rng = np.random.default_rng(4)
    x = rng.standard_normal((2, 3, 7, 9))
    y, dy, (dx,) = torch_gradients(lambda x: pool(x, kernel_size, stride), rng.standard_normal, x)
    assert_close(naive.pool2d(x, kernel_size, stride, kind), y, "float64")
    assert_close(naive.pool2d_backward(dy, x, kernel_size, stride, kind), dx, "float64")
