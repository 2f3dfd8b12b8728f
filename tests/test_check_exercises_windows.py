"""Slips that lab 04 invites: each is named, and what tells of it never tells the answer."""

import numpy as np
import pytest

from cnnlab import check
from cnnlab.check import exercises
from cnnlab.check.code.explain import modelled, value_rows
from cnnlab.check.core.arrays import same
from cnnlab.check.core.differences import difference
from cnnlab.check.core.error_hints import ARRAY_HINTS, ERROR_HINTS, Stop, cause
from cnnlab.check.exercises import find
from cnnlab.check.exercises.common.base import Call
from cnnlab.check.exercises.common.changes import only
from cnnlab.check.exercises.im2col import im2col
from cnnlab.geometry import output_size

SHAPES = [(name, row) for name in exercises.names() for row in find(name).shapes]


def titled(value):
    return getattr(value[0] if isinstance(value, list) else value, "name", value)


@pytest.mark.parametrize(("name", "row"), SHAPES, ids=titled)
def test_a_shape_is_named_whatever_the_values_are(name, row):
    right = find(name).reference

    def wrong(*args, **settings):
        y = only(right(*args, **settings))
        shape = modelled(row, *args, **settings)
        return y if shape in (None, y.shape) else np.full(shape, 7.0)

    asks = sorted({key for case in find(name, "all").cases for key in case.settings} & {"stride"})
    asks += ["padding"] * (name in ("conv2d", "im2col", "max_pool2d"))
    asks += ["bias"] * ("bias" in find(name).optional()) + ["not square"] * (name == "im2col")
    result = check.function(wrong, name, asks=asks)
    assert (result.status, row.sentence in result.message) == ("fail", True), result


CONV = find("conv2d", ["bias", "stride", "padding"])
NAMES = ("dx", "dweight", "dbias")


def parts():
    """Wrong gradients in the cases of a lab, each with the misconceptions that lead to it."""
    calls = [case.draw(0) for case in CONV.cases]
    upstream = [np.random.default_rng(0).standard_normal(CONV.outputs(c)[0].shape) for c in calls]
    at = list(zip(calls, upstream, strict=True))
    for which, name in enumerate(NAMES):
        groups = [([CONV.gradients_of(*call)[which] for call in at], [])]
        for row in CONV.gradients:
            wrong = [CONV.gradients_of(*call, backward=row.model)[which] for call in at]
            alike = (rows for other, rows in groups if all(map(same, wrong, other)))
            rows = next(alike, None)
            if rows is None:
                groups.append((wrong, rows := []))
            rows.append(row)
        yield from ((name, rows) for _, rows in groups[1:])


@pytest.mark.parametrize(("name", "rows"), list(parts()), ids=titled)
def test_one_gradient_is_named_by_its_misconception(name, rows):
    which = NAMES.index(name)

    def own(dy, x, weight, bias, stride=1, padding=0):
        call = Call(
            "", {"x": x, "weight": weight, "bias": bias}, {"stride": stride, "padding": padding}
        )
        return CONV.gradients_of(call, dy, backward=rows[0].model)[which]

    result = check.backward(own, "conv2d", name)
    assert result.status == "fail"
    assert any(row.sentence in result.message for row in rows), result


UNFINISHED = "Only its beginning is filled, and the rest is 0: did it stop too early?"


def test_slips_of_loops_are_told_of_code_only():
    image, kernel = [[1, 0, 2], [3, 1, 0], [0, 2, 4]], [[1, 2], [0, -1]]
    sliding = find("cross_correlate2d")
    code = {row.sentence for row in value_rows(sliding)}
    pencil = {row.sentence for row in value_rows(sliding, code=False)}
    of_code = {row.sentence for row in sliding.code_only}
    assert of_code <= code
    assert not of_code & pencil
    half = [[0, 4], [0, 0]]  # the first row alone
    result = check.array(half, "cross_correlate2d", image, kernel)
    assert result.message == UNFINISHED


def layer(places=output_size, begins=lambda i, stride: i * stride, across=None):
    """A layer in loops, as lab 04 teaches it, whose windows may be counted and begin wrongly."""

    def conv2d(x, weight, bias, stride=1, padding=0):
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
        kh, kw = weight.shape[2:]
        rows = places(x.shape[2], kh, stride)
        columns = places(x.shape[3], across or kw, stride)
        y = np.zeros((len(x), len(weight), rows, columns))
        for n, k, i, j in np.ndindex(y.shape):
            top, left = begins(i, stride), begins(j, stride)
            window = x[n, :, top : top + kh, left : left + (across or kw)]
            y[n, k, i, j] = (window * weight[k]).sum() + bias[k]
        return y

    return conv2d


def as_columns(handed_on=True, transposed=(0, 2, 1)):
    def weight_gradient(dy, x, weight, stride=1, padding=0):
        settings = {"stride": stride, "padding": padding} if handed_on else {}
        columns = im2col(x, weight.shape[2:], **settings).transpose(transposed)
        product = dy.reshape(*dy.shape[:2], -1) @ columns
        return product.sum(axis=0).reshape(weight.shape)

    return weight_gradient


def matrix(bias_axes, handed_on=True):
    def conv2d(x, weight, bias, stride=1, padding=0):
        settings = (stride, padding) if handed_on else ()
        columns = im2col(x, weight.shape[2:], *settings)
        y = weight.reshape(len(weight), -1) @ columns + bias[bias_axes]
        size = [output_size(x.shape[a], weight.shape[a], stride, padding) for a in (2, 3)]
        return y.reshape(len(x), len(weight), *size)

    return conv2d


def sent_back(begins=lambda i, stride: i * stride, padded=1, letters="nk,kcuv->ncuv"):
    def input_gradient(dy, x, weight, stride=1, padding=0):
        height, width = x.shape[2:]
        kh, kw = weight.shape[2:]
        inside = padded * padding
        dx = np.zeros((*x.shape[:2], height + 2 * inside, width + 2 * inside))
        for i, j in np.ndindex(dy.shape[2:]):
            top, left = begins(i, stride), begins(j, stride)
            share = np.einsum(letters, dy[:, :, i, j], weight)
            dx[:, :, top : top + kh, left : left + kw] += share
        return dx[:, :, inside : inside + height, inside : inside + width]

    return input_gradient


def stacked(x, kernel_size, stride=1, padding=0):
    size = kernel_size
    places = np.ndindex(x.shape[2] - size + 2, x.shape[3] - size + 1)  # a row too many
    windows = [x[:, :, i : i + size, j : j + size].reshape(len(x), -1) for i, j in places]
    return np.stack(windows, axis=2)


def beyond(image, kernel):
    out = np.zeros(image.shape)
    for i, j, u, v in np.ndindex(*image.shape, *kernel.shape):
        out[i, j] += kernel[u, v] * image[i + u, j + v]
    return out


def letters(x, weight, bias, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
    return np.einsum("ncijvu,kcuv->nkij", windows, weight)


def function(answer, name):
    return lambda: check.function(answer, name)


def backward(answer, gradient):
    return lambda: check.backward(answer, "conv2d", gradient)


STOPPED = [
    (function(layer(lambda n, k, s: n - k + 1), "conv2d"), "count the places with the stride"),
    (function(layer(lambda n, k, s: output_size(n, k, s, 1)), "conv2d"), "Does it hang over"),
    (function(layer(across=2), "conv2d"), "cut with the height for the width"),
    (function(matrix(slice(None)), "conv2d"), "compared from the right"),
    (function(matrix((slice(None), None), handed_on=False), "conv2d"), "padding handed on"),
    (function(stacked, "im2col"), "the last window must end inside"),
    (function(beyond, "cross_correlate2d"), "count the places along each axis by itself"),
    (function(letters, "conv2d"), "one letter of np.einsum stands for axes of two sizes"),
    (backward(as_columns(handed_on=False), "dweight"), "9 columns meet 30 rows"),
    (backward(as_columns(transposed=(0, 1, 2)), "dweight"), "must be transposed?"),
    (backward(sent_back(padded=0), "dx"), "is dx as large as the padded image"),
]


@pytest.mark.parametrize(("act", "says"), STOPPED, ids=[says for _, says in STOPPED])
def test_what_stops_a_function_is_said_in_words_of_the_lab(act, says):
    result = act()
    assert (result.status, says in repr(result)) == ("fail", True), result


def test_the_functions_of_the_lab_pass():
    assert check.function(layer(), "conv2d")
    assert check.function(matrix((slice(None), None)), "conv2d")
    assert check.backward(as_columns(), "conv2d", "dweight")
    assert check.backward(sent_back(), "conv2d", "dx")


def test_an_error_that_nobody_knows_keeps_its_own_words():
    assert cause(Stop.of(ValueError("x")), ERROR_HINTS, with_settings=True) == ("", "")
    text = "operands could not be broadcast together with shapes (2,3,4) (2,5,3) "
    assert cause(Stop.of(ValueError(text)), ERROR_HINTS, with_settings=False) == ("", "")
    assert find("unit").error_hints[-len(ARRAY_HINTS) :] == ARRAY_HINTS


@pytest.mark.parametrize(
    "act", [lambda dy, x: dy if x > 0 else 0 * dy, lambda dy, x: dy * (max(x, 0) > 0)]
)
def test_an_array_is_no_yes_or_no(act):
    said = check.backward(act, "relu", "dx").message
    assert "an array is asked for one yes or no" in said


def test_few_values_are_not_counted():
    right = np.arange(9.0).reshape(3, 3)
    assert difference(right * [[1], [0], [0]], right) == UNFINISHED
    for wrong in (right + np.eye(3), right + 1 + np.arange(3)):
        assert difference(wrong, right) in (
            "Its type and shape are right, but not all of its values are.",
            "Its values are wrong: it is shifted by 1 along axis 0 (off by one).",
        )
    right = np.arange(12.0)
    assert difference(right + (right == 1), right) == "1 of its 12 values is wrong."


def test_weights_that_run_away_are_named():
    rng = np.random.default_rng(0)
    x, wanted_weight = rng.standard_normal((1, 1, 12, 12)), rng.standard_normal((1, 1, 3, 3))
    columns = im2col(x, 3)[0].T  # (places, weights)
    wanted = columns @ wanted_weight.ravel()

    def learn(sign, rate=0.1, steps=60):
        weight = np.zeros(9)
        for _ in range(steps):
            error = columns @ weight - wanted
            weight = weight - sign * rate * 2 * columns.T @ error / error.size
        return weight.reshape(1, 1, 3, 3)

    assert check.array(learn(1), wanted_weight, tolerance=0.01)
    assert "look at the signs" in check.array(learn(-1), wanted_weight, tolerance=0.01).message
    with np.errstate(all="ignore"):
        endless = learn(1, rate=1000.0, steps=400)
    assert "grow without end" in check.array(endless, wanted_weight, tolerance=0.01).message
