"""Numbers of a question drawn for each student, equally hard for all."""

import hashlib
import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from functools import cache, partial
from itertools import combinations, permutations, product
from typing import Any, TypeVar

import numpy as np

from cnnlab import geometry
from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result
from cnnlab.check.exercises import find as exercise
from cnnlab.check.numbers import fields, paddings
from cnnlab.check.questions import NumberQuestion, Question, find, names, output_sizes
from cnnlab.check.tables.misconceptions import cells, counts, shapes
from cnnlab.spec import Chain, Conv, Flatten, Linear, MaxPool, ReLU

Settings = dict[str, Any]
S = TypeVar("S")


class NobodyError(ValueError):
    """There is no student to draw numbers for; in a notebook, a card instead of a traceback."""

    def _render_traceback_(self) -> list[str]:
        hint = "Put your name or number between the quotes of its cell, and run that cell again."
        return Result("todo", "your name, from which your numbers are drawn.", hint).show()


def variant(question: str, student_id: str | int) -> Settings:
    """Draw the numbers of a question for one student: the same for ever, on every machine.

    Parameters
    ----------
    question : str
        "fits" (a stride that fits), "does-not-fit" (one that does not), "dilated",
        "same-padding", "receptive-field", "table", "four-windows" or "ten-records"; or the name of
        a question of the bank with numbers to draw, such as "07-places".
    student_id : str or int
        Whatever tells students apart.

    Returns
    -------
    dict
        Settings for the check of that question: :func:`cnnlab.check.output_size` for the first
        three, then :func:`cnnlab.check.padding`, :func:`cnnlab.check.receptive_field`,
        :func:`cnnlab.check.table`, and for the last two :func:`cnnlab.check.array`. For a question
        of the bank, :func:`cnnlab.check.ask` and :func:`cnnlab.check.number` take them.

    Raises
    ------
    ValueError
        If there is no such question, or no student.

    Notes
    -----
    All numbers that are drawn are equally hard: the misconceptions that the question is about
    give answers that are wrong and differ from each other, so that no one is right by luck.

    Examples
    --------
    >>> from cnnlab import check
    >>> numbers = check.variant("does-not-fit", "s1234567")
    >>> numbers == check.variant("does-not-fit", " S1234567")
    True
    >>> check.output_size(..., **numbers).status
    'todo'
    """
    if question not in questions():
        raise ValueError(
            f"question must be one of {', '.join(questions())}, not {question!r}. Choose one."
        )
    # Keyboards differ in how they write an accent; the name is the same.
    student = unicodedata.normalize("NFKC", str(student_id)).strip().casefold()
    if not student or unanswered(student_id):
        raise NobodyError("variant: student_id must name a student, not be empty. Fill it in.")
    drawn = candidates(question)
    # A cryptographic hash: Python's own differs from process to process.
    digest = hashlib.sha256(f"{question}/{student}".encode()).digest()
    return deepcopy(drawn[int.from_bytes(digest, "big") % len(drawn)])


@cache
def candidates(question: str) -> tuple[Settings, ...]:
    """All settings that a question may be drawn with, in an order that never changes."""
    return tuple(QUESTIONS[question]() if question in QUESTIONS else _of_bank(question))


@cache
def questions() -> tuple[str, ...]:
    """Names of all questions with numbers to draw, those of the bank among them.

    Examples
    --------
    >>> "07-places" in questions()
    True
    """
    bank = (find(name, Question) for name in names())
    return *QUESTIONS, *(q.name for q in bank if isinstance(q, NumberQuestion) and q.draws)


def _of_bank(name: str) -> Iterator[Settings]:
    """Numbers with which each sentence of a question belongs to a number of its own."""
    question = find(name, NumberQuestion)
    for drawn in product(*question.draws.values()):
        numbers = dict(zip(question.draws, drawn, strict=True))
        asked = question.asked(**numbers)
        answers = [(asked.value(), ""), *((row.model(None), row.sentence) for row in asked.wrong)]
        close = partial(math.isclose, rel_tol=asked.tolerance, abs_tol=1e-9)
        if not any(close(a, b) and c != d for (a, c), (b, d) in combinations(answers, 2)):
            yield numbers


def _discerning(rows: Iterable[Misconception[S]], names: set[str], settings: S, right: Any) -> bool:
    """Whether no misconception is right by luck, and the named ones give different answers."""
    answers = {row.name: row.model(settings) for row in rows}
    told_apart = [answers[name] for name in names]
    different = None not in told_apart and len({*told_apart}) == len(told_apart)
    return different and right not in answers.values()


Numbers = Iterable[tuple[int, int, int, int, int]]


def _output_sizes(names: set[str], numbers: Numbers, fits: bool) -> Iterator[Settings]:
    """Settings whose stride fits, or not, from size, kernel, stride, padding and dilation."""
    for size, kernel_size, stride, padding, dilation in numbers:
        question = output_sizes.SizeSettings(size, kernel_size, stride, padding, dilation, "floor")
        right, up = (geometry.output_size(*question._replace(policy=p)) for p in ("floor", "ceil"))
        if question.fits != fits or (up == right) != fits:
            continue
        rows = (*output_sizes.MISCONCEPTIONS, *output_sizes.IN_FUNCTIONS)
        if _discerning(rows, names, question, right):
            settings = {"size": size, "kernel_size": kernel_size, "stride": stride}
            settings |= {"padding": padding}
            yield settings | ({"dilation": dilation} if dilation > 1 else {})


_MISCONCEPTIONS = {"padding forgotten", "stride forgotten", "forgot the + 1"}


def _fits() -> Iterator[Settings]:
    numbers = product(range(20, 61), (3, 5, 7), (2, 3), (1, 2), (1,))
    return _output_sizes({*_MISCONCEPTIONS, "kernel not subtracted"}, numbers, fits=True)


def _does_not_fit() -> Iterator[Settings]:
    # With a stride of 2 or 3, rounding to the nearest is right, or adding 1 before dividing.
    # Two slips at once come to another number than one where the padding is twice the stride, and
    # the kernel takes so much more away that the input divided by the stride is another one too.
    numbers = product(range(60, 161), range(22, 26), (4,), (8, 9), (1,))
    names = {*_MISCONCEPTIONS, "rounded up", "padding counted once"}
    names |= {"padding counted once and the + 1 forgotten", "padding and the + 1 forgotten"}
    return _output_sizes(names, numbers, fits=False)


def _dilated() -> Iterator[Settings]:
    names = {"dilation forgotten", "effective kernel counted wrong", "padding forgotten"}
    numbers = product(range(20, 61), (3, 5, 7), (2, 3), (1, 2), (2, 3))
    return _output_sizes(names, numbers, fits=True)


def _same_padding() -> Iterator[Settings]:
    for size, kernel_size, dilation in product(range(20, 61), (5, 7, 9, 11), (1, 2)):
        question = paddings.PaddingSettings(size, kernel_size, 1, dilation, "floor", size)
        names = {"both sides together", "half of the kernel, rounded up"}
        right = question.total // 2
        if dilation == 2 and _discerning(paddings.MISCONCEPTIONS, names, question, right):
            yield {"size": size, "kernel_size": kernel_size, "dilation": dilation}


def _receptive_field() -> Iterator[Settings]:
    names = {
        "strides forgotten",
        "stride too early",
        "pooling left out",
        "kernels added",
        "forgot the first pixel",
        "from the last layer to the first",
        "last layer left out",
        "first layer left out",
    }
    for first, pool, second, third in product((3, 5, 7, 9), (2, 3, 4), (3, 5, 7), (3, 5, 7)):
        stack = (
            fields.Layer(first),
            fields.Layer(pool, pool),
            fields.Layer(second),
            fields.Layer(third),
        )
        right = geometry.receptive_field(layer._asdict() for layer in stack).size
        if _discerning(fields.MISCONCEPTIONS, names, stack, right):
            yield {
                "layers": [
                    {name: value for name, value in layer._asdict().items() if value > 1}
                    for layer in stack
                ]
            }


def _tables() -> Iterator[Settings]:
    numbers = product((26, 28, 30, 32, 34), (8, 12, 16), (3, 5), (20, 24, 32), (3, 5), (40, 64, 96))
    for size, first, kernel1, second, kernel2, units in numbers:
        net = Chain(
            conv1=Conv(first, kernel1, padding="same"),
            relu1=ReLU(),
            pool1=MaxPool(2),
            conv2=Conv(second, kernel2),
            relu2=ReLU(),
            pool2=MaxPool(2),
            flatten=Flatten(),
            fc1=Linear(units),
            relu3=ReLU(),
            fc2=Linear(10),
        )
        if kernel1 != kernel2 and _tells_apart(cells.Table(net, (3, size, size))):
            yield {"network": net, "input_shape": (3, size, size)}


def _tells_apart(table: cells.Table) -> bool:
    """Whether the misconceptions that matter give wrong numbers, and differ."""
    conv = {"bias forgotten", "input channels forgotten", "output channels forgotten"}
    dense = {"bias forgotten", "dense after pooling forgotten", "dense after padding forgotten"}
    maps = {"channels unchanged", "padding that is not there", "the + 1 forgotten"}
    questions: tuple[tuple[str, set[str], Any, Any], ...] = (
        ("conv2", conv, counts.MISCONCEPTIONS, lambda row: row.params),
        ("fc1", dense, counts.MISCONCEPTIONS, lambda row: row.params),
        ("conv2", maps, shapes.MISCONCEPTIONS, lambda row: row.output_shape),
    )
    return all(
        _discerning(
            # others make no difference to this row
            [row for row in misconceptions if row.name in names],
            names,
            cells.Cell(table, path, 0, value),
            value(table.rows[path]),
        )
        for path, names, misconceptions, value in questions
    )


def _arrays(function: str, every: Iterable[Settings]) -> Iterator[Settings]:
    """Arguments of a function with which a pencil's slips give other arrays, all different."""
    asked = exercise(function)
    for arguments in every:
        models = (asked.reference, *(row.model for row in asked.values))
        outputs = [np.round(model(*arguments.values()), 9) + 0.0 for model in models]  # no -0.0
        if len({repr(output) for output in outputs}) == len(outputs):
            yield arguments


def _four_windows() -> Iterator[Settings]:
    """A 3×3 image and a 2×2 kernel, both with the same numbers in another order."""
    numbers = np.array([1.0, 0, 2, 3, 1, 0, 0, 2, 4])
    for shift, weights in product(range(9), permutations((1.0, 2, 0, -1))):
        kernel = np.array(weights).reshape(2, 2)
        yield {"image": np.roll(numbers, shift).reshape(3, 3), "kernel": kernel}


def _ten_records() -> Iterator[Settings]:
    """Labels and answers of two classes, each of which is found, missed and named wrongly."""
    for found, missed, wrongly in product(range(1, 7), repeat=3):
        numbers = found, missed, wrongly, 10 - found - missed - wrongly
        if numbers[-1] > 0:
            pairs = np.repeat([(-1, -1), (-1, 1), (1, -1), (1, 1)], numbers, axis=0)
            labels, answers = pairs[
                [3, 7, 0, 9, 4, 1, 6, 8, 2, 5]
            ].T  # not one kind after the other
            yield {"labels": labels, "answers": answers, "positive": -1}


QUESTIONS: dict[str, Callable[[], Iterator[Settings]]] = {
    "fits": _fits,
    "does-not-fit": _does_not_fit,
    "dilated": _dilated,
    "same-padding": _same_padding,
    "receptive-field": _receptive_field,
    "table": _tables,
    "four-windows": lambda: _arrays("cross_correlate2d", _four_windows()),
    "ten-records": lambda: _arrays("verdict", _ten_records()),
}
"""Questions with numbers to draw, each with the settings that are equally hard."""
