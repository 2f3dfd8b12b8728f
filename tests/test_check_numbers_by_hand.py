"""Pencil answers: unread pixels and gradients of a pooling, with the misconception behind a wrong one."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import check, geometry
from cnnlab.check.numbers import pool_gradient, unread
from cnnlab.check.questions.output_sizes import SizeSettings

LAYER: dict[str, Any] = {"size": 17, "kernel_size": 4, "stride": 5}
RIGHT = [4, 9, 14, 15, 16]
X = np.array([[2, 1, 4, 4], [0, 3, 1, 2], [5, 2, 0, 1], [1, 0, 6, 3]])
DY = np.array([[10, 20], [30, 40]])


@pytest.mark.parametrize(
    "answer",
    [
        *(RIGHT, RIGHT[::-1], tuple(RIGHT), set(RIGHT), np.array(RIGHT), torch.tensor(RIGHT)),
        *(str(RIGHT), "4, 9, 14, 15, 16", "{4, 9, 14, 15, 16}", [str(p) for p in RIGHT]),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_unread_accepts_every_way_of_writing(answer: object) -> None:
    assert check.unread(answer, **LAYER)


@given(
    size=st.integers(1, 20),
    kernel_size=st.integers(1, 6),
    stride=st.integers(1, 6),
    answer=st.lists(st.integers(-1, 20)),
)
def test_unread_passes_the_right_positions_alone(
    size: int, kernel_size: int, stride: int, answer: list[int]
) -> None:
    kernel_size = min(size, kernel_size)
    right = geometry.unread(size, kernel_size, stride)
    layer = {"size": size, "kernel_size": kernel_size, "stride": stride}
    assert check.unread(right, **layer)
    assert bool(check.unread(answer, **layer)) == (sorted(answer) == list(right))


@pytest.mark.parametrize("row", unread.UNREAD, ids=lambda row: row.name)
def test_each_belief_about_unread_pixels_is_named(row: Any) -> None:
    question = SizeSettings(17, 4, 5, 0, 1, "floor")
    result = check.unread(sorted(row.model(question)), **LAYER)
    assert result.status == "fail"
    assert result.message == row.sentence.format(**question._asdict())


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([17], "Position 17 is not in the input"),
        ([3], "Pixel 3 lies in a window"),
        ([4, 15], "some pixel that no window reads is missing"),
        (4, "positions are a list"),
        ("4, 9", "look after the last window too"),
        ("the last", "positions are a list"),
        ([4.5, 9.0], "positions are whole numbers"),
    ],
)
def test_other_unread_answers_get_a_reason(answer: object, says: str) -> None:
    result = check.unread(answer, **LAYER)
    assert result.status == "fail"
    assert says in result.message


@given(seed=st.integers(0, 1000), stride=st.integers(1, 3))
def test_gradient_agrees_with_pytorch(seed: int, stride: int) -> None:
    rng = np.random.default_rng(seed)
    x = torch.tensor(rng.integers(0, 4, (5, 6)).astype(float), requires_grad=True)  # many ties
    y = torch.nn.functional.max_pool2d(x[None, None], 2, stride)[0, 0]
    dy = torch.tensor(rng.standard_normal(y.shape))
    y.backward(dy)
    assert check.max_pool_gradient(x.grad, dy, x.detach(), 2, stride)
    assert check.max_pool_gradient(x.grad.tolist(), dy, x.detach(), 2, stride)
    assert not check.max_pool_gradient(x.grad + 1, dy, x.detach(), 2, stride)


@pytest.mark.parametrize("row", pool_gradient.GRADIENTS, ids=lambda row: row.name)
def test_each_belief_about_the_gradient_is_named(row: Any) -> None:
    result = check.max_pool_gradient(row.model(pool_gradient.Pooling(DY, X, 2, 2)), DY, X, 2)
    assert (result.status, result.message) == ("fail", row.sentence)


def test_other_gradients_get_a_reason() -> None:
    swapped = pool_gradient.Pooling(DY.T, X, 2, 2).route(pool_gradient._first)
    assert "not each holds" in check.max_pool_gradient(swapped, DY, X, 2).message
    assert "shape of the output" in check.max_pool_gradient(DY, DY, X, 2).message
    for answer in (np.zeros((4, 4)), "x", [[1], [2, 3]], 5):
        assert check.max_pool_gradient(answer, DY, X, 2).status == "fail"


def test_dots_are_to_do_and_a_wrong_question_is_refused() -> None:
    assert check.unread(..., **LAYER).status == "todo"
    assert check.max_pool_gradient(..., DY, X, 2).status == "todo"
    with pytest.raises(ValueError, match="dy must have the shape of the output"):
        check.max_pool_gradient(..., DY, X, 3)


def test_a_range_far_beyond_the_input_is_answered_at_once() -> None:
    assert "Position 17 is not in the input" in check.unread(range(10**12), **LAYER).message
    assert check.unread(range(10**30), **LAYER).status == "fail"


class Sealed(set):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        raise RuntimeError


def test_a_set_that_cannot_be_read_fails() -> None:
    assert check.unread(Sealed(), **LAYER).status == "fail"


@pytest.mark.parametrize("answer", [[4, 4, 9, 14, 15, 16], (*RIGHT, 9), np.array([4, 4])])
def test_a_pixel_listed_twice_fails(answer: object) -> None:
    result = check.unread(answer, **LAYER)
    assert result.status == "fail"
    assert "is there twice" in result.message
