"""Geometry: equality with PyTorch, properties, published facts, and readable errors."""

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnlab import geometry
from cnnlab.geometry import ReceptiveField

SIZES = st.integers(1, 40)
KERNELS = st.integers(1, 7)
STRIDES = st.integers(1, 5)
PADS = st.integers(0, 4)
DILATIONS = st.integers(1, 4)
PAIRS = st.tuples(PADS, PADS)
PADDINGS = st.one_of(PADS, PAIRS, st.sampled_from(["same", "valid"]))


def fits(size, kernel_size, padding, dilation, stride=1):
    before, after = geometry.resolve_padding(padding, size, kernel_size, stride, dilation)
    return geometry.effective_kernel_size(kernel_size, dilation) <= size + before + after


CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
MAX_POOL = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}


@pytest.mark.parametrize("ndim", [1, 2, 3])
def test_convolution_sizes_equal_pytorch(ndim):
    rng = np.random.default_rng(ndim)
    compared = 0
    for _ in range(400):
        shape = tuple(rng.integers(1, 12, ndim).tolist())
        kernel, stride, padding, dilation = (
            tuple(rng.integers(low, high, ndim).tolist())
            for low, high in ((1, 5), (1, 4), (0, 3), (1, 3))
        )
        if not all(fits(*axis) for axis in zip(shape, kernel, padding, dilation, strict=True)):
            continue
        weight = torch.zeros(1, 1, *kernel)
        expected = CONV[ndim](torch.zeros(1, 1, *shape), weight, None, stride, padding, dilation)
        ours = geometry.output_shape(shape, kernel, stride, padding, dilation)
        assert ours == tuple(expected.shape[2:])
        compared += 1
    assert compared > 200


@pytest.mark.parametrize("ndim", [1, 2, 3])
@pytest.mark.parametrize("policy", ["floor", "ceil"])
def test_pooling_sizes_equal_pytorch(ndim, policy):
    rng = np.random.default_rng(ndim)
    compared = 0
    for _ in range(400):
        shape = tuple(rng.integers(1, 14, ndim).tolist())
        kernel = tuple(rng.integers(1, 6, ndim).tolist())
        stride = tuple(rng.integers(1, 6, ndim).tolist())
        padding = tuple(int(rng.integers(0, size // 2 + 1)) for size in kernel)
        dilation = tuple(rng.integers(1, 3, ndim).tolist())
        if not all(fits(*axis) for axis in zip(shape, kernel, padding, dilation, strict=True)):
            continue
        x = torch.zeros(1, 1, *shape)
        expected = MAX_POOL[ndim](x, kernel, stride, padding, dilation, ceil_mode=policy == "ceil")
        ours = geometry.output_shape(shape, kernel, stride, padding, dilation, policy)
        assert ours == tuple(expected.shape[2:])
        compared += 1
    assert compared > 200


@pytest.mark.parametrize("ndim", [1, 2, 3])
def test_transposed_sizes_equal_pytorch(ndim):
    rng = np.random.default_rng(ndim)
    compared = 0
    for _ in range(300):
        stride, dilation = int(rng.integers(1, 4)), int(rng.integers(1, 4))
        size, kernel = int(rng.integers(1, 9)), int(rng.integers(1, 5))
        padding, extra = int(rng.integers(0, 3)), int(rng.integers(0, max(stride, dilation)))
        x, weight = torch.zeros(1, 1, *[size] * ndim), torch.zeros(1, 1, *[kernel] * ndim)
        settings = (size, kernel, stride, padding, extra, dilation)
        try:
            ours = geometry.transposed_output_size(*settings)
        except ValueError:  # stricter than PyTorch, which lets some empty outputs through
            continue
        expected = TRANSPOSED[ndim](x, weight, None, stride, padding, extra, 1, dilation)
        assert expected.shape[2:] == (ours,) * ndim
        compared += 1
    assert compared > 150


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@given(SIZES, KERNELS, DILATIONS)
def test_same_padding_equals_pytorch_at_stride_one(size, kernel, dilation):
    x = torch.arange(1.0, size + 1).view(1, 1, -1)
    weight = torch.arange(1.0, kernel + 1).view(1, 1, -1)
    before, after = geometry.same_padding(size, kernel, dilation=dilation)
    ours = F.conv1d(F.pad(x, (before, after)), weight, dilation=dilation)
    assert torch.equal(ours, F.conv1d(x, weight, padding="same", dilation=dilation))


@given(SIZES, KERNELS, STRIDES, DILATIONS, st.sampled_from(geometry.POLICIES[1:]))
def test_same_keeps_the_size_divided_by_the_stride(size, kernel, stride, dilation, policy):
    out = geometry.output_size(size, kernel, stride, "same", dilation, policy)
    assert out == -(-size // stride)


@given(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS)
def test_policies_agree_when_the_stride_fits_and_differ_by_one_window_otherwise(
    size, kernel, stride, padding, dilation
):
    assume(fits(size, kernel, padding, dilation, stride))
    floor, ceil = (
        geometry.output_size(size, kernel, stride, padding, dilation, policy)
        for policy in ("floor", "ceil")
    )
    before, after = geometry.resolve_padding(padding, size, kernel, stride, dilation)
    left = (size + before + after - geometry.effective_kernel_size(kernel, dilation)) % stride
    if left:
        assert ceil - floor in (0, 1)
        with pytest.raises(ValueError, match=f"{left} of {size + before + after} pixels"):
            geometry.output_size(size, kernel, stride, padding, dilation, "error")
    else:
        exact = geometry.output_size(size, kernel, stride, padding, dilation, "error")
        assert floor == ceil == exact


@given(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS, st.sampled_from(["floor", "ceil"]))
def test_windows_are_what_a_convolution_reads(size, kernel, stride, padding, dilation, policy):
    assume(fits(size, kernel, padding, dilation, stride))
    settings = (size, kernel, stride, padding, dilation, policy)
    windows = geometry.windows(*settings)
    assert len(windows) == geometry.output_size(*settings)
    assert all(len(window) == kernel for window in windows)
    before, after = geometry.resolve_padding(padding, size, kernel, stride, dilation)
    fitting = geometry.output_size(*settings[:-1], "floor")
    assert all(window[-1] < size + after for window in windows[:fitting])
    assert all(window.start < size <= window[-1] for window in windows[fitting:])
    padded = [None] * before + list(range(size)) + [None] * after
    for window, cut in zip(windows, geometry.window_slices(*settings), strict=True):
        inside = [i for i in window if 0 <= i < size]
        assert [value for value in padded[cut] if value is not None] == inside


@given(SIZES, KERNELS, STRIDES, PADS, DILATIONS)
@example(7, 3, 3, 0, 1)
def test_unread_inputs_have_no_gradient(size, kernel, stride, padding, dilation):
    assume(fits(size, kernel, padding, dilation))
    x = torch.zeros(1, 1, size, requires_grad=True)
    y = F.conv1d(x, torch.ones(1, 1, kernel), None, stride, padding, dilation)
    (gradient,) = torch.autograd.grad(y.sum(), x)
    unread = geometry.unread(size, kernel, stride, padding, dilation)
    assert unread == torch.nonzero(gradient[0, 0] == 0).flatten().tolist()


@given(st.lists(st.tuples(KERNELS, st.integers(1, 3), st.integers(1, 2)), max_size=4))
def test_receptive_field_is_where_the_gradient_flows(layers):
    field = geometry.receptive_field(
        {"kernel_size": kernel, "stride": stride, "before": 1, "dilation": dilation}
        for kernel, stride, dilation in layers
    )
    size = 400
    x = torch.zeros(1, 1, size, requires_grad=True)
    y = x
    for kernel, stride, dilation in layers:
        y = F.conv1d(F.pad(y, (1, 0)), torch.ones(1, 1, kernel), None, stride, 0, dilation)
    for unit in (0, 2):
        (gradient,) = torch.autograd.grad(y[0, 0, unit], x, retain_graph=True)
        seen = torch.nonzero(gradient[0, 0]).flatten().tolist()
        first = field.start + unit * field.jump
        last = first + field.size - 1
        assert not seen or (seen[0] >= max(first, 0) and seen[-1] == last)
        if first >= 0:
            assert seen[0] == first


def test_published_facts():
    """DATASCI 207 and AI Civil W8: 7×7 with 3×3, padding that keeps the size, 32 → 28 → 24."""
    assert [geometry.output_size(7, 3, stride) for stride in (1, 2)] == [5, 3]
    with pytest.raises(ValueError, match=r"\(7 - 3\)/3 \+ 1 = 2\.33"):
        geometry.output_size(7, 3, stride=3, policy="error")
    assert geometry.output_size(7, 3, padding=1) == 7
    assert [geometry.same_padding(9, kernel)[0] for kernel in (3, 5, 7)] == [1, 2, 3]
    assert geometry.output_size(32, 5) == 28
    assert geometry.output_size(28, 5) == 24
    assert geometry.receptive_field([{"kernel_size": 3}] * 2).size == 5
    assert geometry.receptive_field([{"kernel_size": 3}] * 3).size == 7


SENSELESS = [
    ({"size": 7, "kernel_size": 3, "stride": 0}, ValueError, "stride must be at least 1, not 0"),
    ({"size": 7, "kernel_size": 3, "stride": -1}, ValueError, "stride must be at least 1, not -1"),
    ({"size": 7, "kernel_size": 0}, ValueError, "kernel_size must be at least 1, not 0"),
    ({"size": 0, "kernel_size": 1}, ValueError, "size must be at least 1, not 0"),
    (
        {"size": 7, "kernel_size": 3, "padding": -1},
        ValueError,
        "padding must be at least 0, not -1",
    ),
    (
        {"size": 7, "kernel_size": 3, "dilation": 0},
        ValueError,
        "dilation must be at least 1, not 0",
    ),
    ({"size": 7.0, "kernel_size": 3}, TypeError, "size must be an integer, not 7.0"),
    ({"size": 7, "kernel_size": 2.5}, TypeError, "kernel_size must be an integer, not 2.5"),
    ({"size": 7, "kernel_size": True}, TypeError, "not the boolean True"),
    ({"size": 7, "kernel_size": np.bool_(True)}, TypeError, "not the boolean True"),
    ({"size": 7, "kernel_size": torch.tensor(True)}, TypeError, "not the boolean"),
    ({"size": "7", "kernel_size": 3}, TypeError, "size must be an integer, not '7'"),
    ({"size": 7, "kernel_size": 3, "padding": "full"}, ValueError, "not 'full'"),
    ({"size": 7, "kernel_size": 3, "padding": (1, 2, 3)}, ValueError, "not 3 values"),
    ({"size": 7, "kernel_size": 3, "policy": "round"}, ValueError, "policy must be one of"),
    (
        {"size": 3, "kernel_size": 5},
        ValueError,
        r"kernel 5 does not fit size 3 with padding 0 \(padded size 3\). Use padding >= 1 or",
    ),
    (
        {"size": 5, "kernel_size": 3, "dilation": 4},
        ValueError,
        r"kernel 3 \(spans 9 with dilation 4\)",
    ),
]


@pytest.mark.parametrize(("settings", "kind", "sentence"), SENSELESS)
def test_senseless_input_gets_one_clear_sentence(settings, kind, sentence):
    with pytest.raises(kind, match=sentence) as caught:
        geometry.output_size(**settings)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")


@given(st.integers(1, 3), st.integers(4, 7), st.integers(0, 1), DILATIONS)
def test_the_padding_that_an_error_names_is_the_smallest_that_fits(size, kernel, padding, dilation):
    assume(not fits(size, kernel, padding, dilation))
    with pytest.raises(ValueError, match="does not fit") as caught:
        geometry.output_size(size, kernel, padding=padding, dilation=dilation)
    named = int(str(caught.value).split("padding >= ")[1].split()[0])
    assert fits(size, kernel, named, dilation)
    assert not fits(size, kernel, named - 1, dilation)


def test_numpy_integers_are_integers():
    assert geometry.output_size(np.int64(7), np.int32(3), stride=np.uint8(2)) == 3


def test_axes_are_named_and_counted():
    with pytest.raises(ValueError, match="does not fit height 3"):
        geometry.output_shape((3, 9), 5)
    with pytest.raises(ValueError, match="does not fit width 3"):
        geometry.output_shape((9, 3), 5)
    with pytest.raises(ValueError, match="one for each of 2 axes"):
        geometry.output_shape((9, 9), (3, 3, 3))
    with pytest.raises(ValueError, match="inner pair"):
        geometry.padding_per_axis((1, 1, 1, 1), ndim=2)
    with pytest.raises(ValueError, match="1, 2 or 3 axes"):
        geometry.output_shape((9, 9, 9, 9), 3)


def test_transposed_convolution_refuses_what_makes_no_sense():
    with pytest.raises(ValueError, match="output_padding must be smaller"):
        geometry.transposed_output_size(4, 3, stride=2, output_padding=2)
    with pytest.raises(ValueError, match="leaves no output"):
        geometry.transposed_output_size(1, 1, padding=3)


@given(st.integers(1, 30), st.integers(1, 5), st.integers(1, 4), st.integers(0, 2))
def test_transposed_convolution_undoes_the_shape(size, kernel, stride, padding):
    assume(fits(size, kernel, padding, 1))
    out = geometry.output_size(size, kernel, stride, padding)
    left = (size + 2 * padding - kernel) % stride
    assert geometry.transposed_output_size(out, kernel, stride, padding, left) == size


def test_union_holds_both_fields():
    assert ReceptiveField(3, 2, 0).union(ReceptiveField(5, 2, -1)) == ReceptiveField(5, 2, -1)
    assert ReceptiveField(1, 2, 4).union(ReceptiveField(3, 2, -1)) == ReceptiveField(6, 2, -1)
