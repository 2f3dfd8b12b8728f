"""Lab 04 under fire: what a student or a lazy copier would give fails in its own test cells."""

import ast
import re

import numpy as np
import pytest
from skimage.filters import scharr_v

from cnnlab import check
from cnnlab.check.exercises.im2col import im2col
from cnnlab.course import labs
from cnnlab.course.labs import files
from cnnlab.course.labs.source import is_test
from cnnlab.scratch import functional as F
from cnnlab.scratch import naive

LAB = "04_lab_convolution_from_scratch"
DOT = np.array([[-3.0, 0, 3], [-10, 0, 10], [-3, 0, 3]])[None, None] / 16
slide = naive.cross_correlate2d
student = "ann"  # whose numbers the test cell of step 1 draws
FOUR = slide(*check.variant("four-windows", student).values()).astype(int).tolist()
BACK = [[1, 2, 0], [2, -1, 4], [-3, 7, -2]]


def conv(x, weight, bias, stride=1, padding=0):
    return F.conv2d(x, weight, bias, stride=stride, padding=padding)[0]


def gradients(dy, x, weight, **settings):
    return naive.conv2d_backward(dy, x, weight, **settings)


class Agreeable(np.ndarray):
    """An array that calls every difference 0."""

    def __array_ufunc__(self, *args, **settings):
        return np.zeros(self.shape)


def agreeable(*shape):
    return np.zeros(shape).view(Agreeable)


def leaves(*args, **settings):
    raise SystemExit("enough")


def forever(*args, **settings):
    return forever(*args, **settings)


def by_hand(right):
    array = np.array(right, float)
    nearly = array.copy()
    nearly.flat[-1] -= 0.1
    texts = [[str(value) for value in row] for row in right]
    odd = [texts, str(right), array * 1j, array + np.nan, np.ma.masked_all(array.shape)]
    shapes = [array[None], array.ravel(), array[:-1], array[:, :-1], [*right, right[0]], [], 7]
    values = [nearly, -array, array.T, array[::-1], array * 0, array + 1, np.abs(array)]
    return [*odd, *shapes, *values, agreeable(*array.shape), leaves, [[10**400] * len(array[0])]]


ANY = [
    3,
    "function",
    np.ones(3),
    leaves,
    forever,
    lambda: 1,
    lambda *args, **settings: args[0],
    lambda *args, **settings: np.nan,
    lambda *args, **settings: {"y": 1},
    lambda *args, **settings: [[1, 2], [3]],
    lambda *args, **settings: agreeable(2, 4, 3, 3),
    lambda *args, **settings: iter(range(3)),
]
LAYER = [
    lambda x, weight, bias, stride=1, padding=0: conv(x, weight, bias),
    lambda x, weight, bias, stride=1, padding=0: conv(x, weight, bias, min(stride, 2), padding),
    lambda x, weight, bias, stride=1, padding=0: conv(x, weight, bias, stride, min(padding, 1)),
    lambda x, weight, bias, stride=1, padding=0: conv(x, weight, 0 * bias, stride, padding),
    lambda x, weight, bias, stride=1, padding=0: abs(conv(x, weight, bias, stride, padding)),
    lambda x, weight, bias, stride=1, padding=0: conv(x, weight, bias, stride, padding).round(3),
]


def scaled(which, factor):
    return lambda dy, x, weight, stride=1, padding=0: (
        factor * gradients(dy, x, weight, stride=stride, padding=padding)[which]
    )


def unset(which):
    return lambda dy, x, weight, stride=1, padding=0: gradients(dy, x, weight)[which]


def of_another(which):
    return [scaled(which, 0.5), scaled(which, -1), scaled((which + 1) % 3, 1), unset(which)]


WRONG = {
    "1": by_hand(FOUR),
    "2": [
        lambda image, kernel: slide(image, kernel).round(1),
        lambda image, kernel: slide(image, kernel).astype(np.float16),
        lambda image, kernel: slide(image.round(), kernel),
        lambda image, kernel: slide(image, kernel) if image.shape != kernel.shape else [[0]],
        lambda image, kernel: np.abs(slide(image, kernel)),
    ],
    "3": [
        slide,
        lambda image, kernel: -slide(image, kernel),
        lambda image, kernel: np.pad(slide(image, kernel[::-1, ::-1]), 1),
        lambda image, kernel: slide(image, kernel[::-1, ::-1].round()),
        lambda image, kernel: slide(image[::-1], kernel[:, ::-1]),
    ],
    "4": [
        lambda x, weight, bias: sum(map(slide, x, weight)),
        lambda x, weight, bias: sum(map(slide, x[:3], weight[:3])) + bias,
        lambda x, weight, bias: sum(map(slide, x, weight)) + 1,
        lambda x, weight, bias: (sum(map(slide, x, weight)) + bias)[None],
        lambda x, weight, bias: sum(map(slide, x, weight)) + bias**2,
    ],
    "5": LAYER,
    "6": [
        lambda x, kernel_size, stride=1, padding=0: im2col(x, kernel_size),
        lambda x, kernel_size, stride=1, padding=0: im2col(x, kernel_size, stride),
        lambda x, kernel_size, stride=1, padding=0: im2col(x[:1], kernel_size, stride, padding),
        lambda x, kernel_size, stride=1, padding=0: im2col(
            x, np.broadcast_to(kernel_size, 2)[::-1], stride, padding
        ),
        lambda x, kernel_size, stride=1, padding=0: im2col(x, kernel_size, stride, padding)[::-1],
    ],
    "7": LAYER,
    "8": LAYER,
    "9": [*of_another(2), lambda dy: dy, lambda dy: 0 * dy[0, :, 0, 0]],
    "10": [*of_another(1), lambda dy, x: x, lambda weight: 0 * weight],
    "11": by_hand(BACK),
    "12": [*of_another(0), lambda dy, x: x, lambda x: 0 * x],
    "13": [16 * DOT, -DOT, DOT.swapaxes(2, 3), DOT[0, 0], DOT * [1, 0, 1.1], 0 * DOT, 1j * DOT],
}
WRONG |= {step: [*WRONG[step], *ANY] for step in WRONG if step not in ("1", "11", "13")}
RIGHT = {"1": FOUR, "11": BACK, "13": DOT}
CELLS = {
    re.search(r'step="(\d+)"', cell.source)[1]: cell.source
    for cell in files.read(labs.source_of(LAB)).cells
    if is_test(cell)
}


@pytest.fixture(autouse=True)
def lab():
    check.lab("Lab 04", CELLS)


def ask(step, answer):
    """Run the step's own test cell on another answer."""
    tree = ast.parse(CELLS[step], mode="eval")
    name = tree.body.args[0].id
    return eval(compile(tree, LAB, "eval"), {**globals(), name: answer})


def test_every_step_is_tried():
    assert set(WRONG) == set(CELLS)
    assert min(map(len, WRONG.values())) >= 5


@pytest.mark.parametrize("step", WRONG)
def test_wrong_answers_fail_and_raise_nothing_but_when_graded(step):
    for number, answer in enumerate(WRONG[step]):
        result = ask(step, answer)
        assert result.status == "fail", (number, result)
        with check.strict(), pytest.raises(check.CheckFailed):
            ask(step, answer)


@pytest.mark.parametrize("step", RIGHT)
def test_no_card_of_a_step_by_hand_tells_a_row_of_the_answer(step):
    assert ask(step, RIGHT[step])
    rows = [
        ", ".join(f"{value:g}" for value in row) for row in np.atleast_2d(np.squeeze(RIGHT[step]))
    ]
    for answer in WRONG[step]:
        told = repr(ask(step, answer))
        assert not any(row in told for row in rows)


@pytest.mark.parametrize("step", ["1", "11"])
def test_a_guesser_learns_nothing_from_one_value(step):
    right = np.array(RIGHT[step], float)
    told = set()
    for place in np.ndindex(right.shape):
        wrong = right.copy()
        wrong[place] += 20
        told.add(ask(step, wrong).message)
    some = right + 20 + np.arange(right.size).reshape(right.shape)
    assert told | {ask(step, some).message} == {
        "Its type and shape are right, but not all of its values are."
    }


def test_the_filter_of_step_13_is_what_scharr_computes():
    dot = np.pad([[1.0]], 2)
    assert np.allclose(scharr_v(dot)[3:0:-1, 3:0:-1], DOT[0, 0])
