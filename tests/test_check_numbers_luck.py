"""No known misconception gives the right answer to a question, for any student."""

import ast
from collections.abc import Iterator
from typing import Any

import nbformat
import numpy as np
import pytest

from cnnlab import check, geometry, notebooks, zoo
from cnnlab.check.numbers import (
    fields,
    number,
    paddings,
    pool_gradient,
    unread,
    variants,
)
from cnnlab.check.questions import NumberQuestion, Question, find, names, output_sizes
from cnnlab.check.tables.columns import COLUMNS
from cnnlab.check.tables.misconceptions import cells

NUMBERS = [q for q in (find(n, Question) for n in names()) if isinstance(q, NumberQuestion)]


def _settings(size, kernel_size, stride=1, padding=0, dilation=1, policy="floor"):
    return output_sizes.SizeSettings(size, kernel_size, stride, padding, dilation, policy)


def _padding(size, kernel_size, stride=1, dilation=1, output_size=None, policy="floor"):
    wanted = size if output_size is None else output_size
    return paddings.PaddingSettings(size, kernel_size, stride, dilation, policy, wanted)


def _max_pool(dy, x, kernel_size, stride=None):
    return pool_gradient.Pooling(np.asarray(dy), np.asarray(x), kernel_size, stride or kernel_size)


# For each check: its misconceptions, and what they look at.
ASKED = {
    "output_size": ((*output_sizes.MISCONCEPTIONS, *output_sizes.IN_FUNCTIONS), _settings),
    "unread": (unread.UNREAD, _settings),
    "padding": (paddings.MISCONCEPTIONS, _padding),
    "receptive_field": (
        fields.MISCONCEPTIONS,
        lambda layers: tuple(fields.Layer(**layer) for layer in layers),
    ),
    "max_pool_gradient": (pool_gradient.GRADIENTS, _max_pool),
}
DRAWN = {
    "fits": "output_size",
    "does-not-fit": "output_size",
    "dilated": "output_size",
    "same-padding": "padding",
    "receptive-field": "receptive_field",
}


def lucky(name: str, *args: Any, **settings: Any) -> list[str]:
    """Misconceptions whose answer passes."""
    rows, question = ASKED[name]
    judge, asked = getattr(check, name), question(*args, **settings)
    given = {row.name: row.model(asked) for row in rows}
    answers = {key: _typed(value) for key, value in given.items() if value is not None}
    return [key for key, value in answers.items() if judge(value, *args, **settings)]


def _typed(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


@pytest.mark.parametrize("question", DRAWN)
def test_no_misconception_is_right_by_luck_whoever_the_student_is(question):
    for settings in variants.candidates(question):
        assert lucky(DRAWN[question], **settings) == [], settings


def test_a_student_gets_one_of_these_numbers():
    for question in variants.QUESTIONS:
        drawn = map(repr, variants.candidates(question))
        assert repr(check.variant(question, "s7")) in drawn


def fixed() -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Questions that the labs ask with the same numbers for all."""
    for path in notebooks.source_paths():
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type != "code" or "check." not in cell.source:
                continue
            for node in ast.walk(ast.parse(cell.source)):
                name = getattr(getattr(node, "func", None), "attr", "")
                if name in ASKED and "variant" not in ast.unparse(node):
                    scope = {"check": check}
                    args = eval(f"[{', '.join(map(ast.unparse, node.args[1:]))}]", scope)
                    named = {k.arg: eval(ast.unparse(k.value), scope) for k in node.keywords}
                    named.pop("step", None)
                    yield name, args, named


FIXED = list(fixed())


def test_the_labs_ask_such_questions():
    assert {name for name, _, _ in FIXED} >= {"output_size", "unread", "padding"}


@pytest.mark.parametrize(("name", "args", "settings"), FIXED, ids=str)
def test_no_misconception_is_right_by_luck_in_a_lab(name, args, settings):
    assert lucky(name, *args, **settings) == []


@pytest.mark.parametrize("question", NUMBERS, ids=lambda question: question.name)
def test_no_slip_gives_a_number_of_the_bank(question):
    value = question.value()
    expected = number.Quantity(value, question.unit)
    rows = [(row.name, row.model(None)) for row in question.wrong]
    rows += [(row.name, row.model(expected)) for row in number.MISCONCEPTIONS]
    for name, wrong in rows:
        assert wrong is None or not check.number(wrong, question.name), name


@pytest.mark.parametrize("column", ["params", "output_shape"])
def test_who_believes_a_wrong_thing_of_the_tables_gets_a_cell_of_them_wrong(column):
    """The three tables of lab 05 together; their maps are square, and none has groups."""
    kind, lucky_in = COLUMNS[column], {"groups ignored", "height and width swapped"}
    tables = [
        cells.Table(found.spec, found.input_shape)
        for found in map(zoo.get, ("ds-4400", "datasci-207", "ai-civil-w8"))
    ]
    for row in kind.misconceptions:
        wrong, said = False, False
        for table in tables:
            for path in table.rows:
                value = row.model(cells.Cell(table, path, 0, kind.value))
                said = said or value is not None
                wrong = wrong or value not in (None, kind.value(table.rows[path]))
        assert wrong or not said or row.name in lucky_in, row.name


def test_geometry_agrees_with_what_the_questions_look_at():
    for settings in variants.candidates("does-not-fit"):
        asked = _settings(**settings)
        assert asked.windows() == geometry.output_size(**settings)
