"""The table of conventions: our answers and PyTorch's, asked again; and that it can be read."""

import copy
import json
import re
from importlib.metadata import version

import pytest

from cnnlab import conventions
from tests.conventions.asking import agree, asked

TABLE = conventions.table()
ROWS = {row.id: row for row in TABLE.rows}
OURS = [*asked("tests.conventions.ours")]
PYTORCH = [*asked("tests.conventions.pytorch")]


@pytest.mark.parametrize(("row", "library", "answer"), OURS, ids=[row for row, *_ in OURS])
def test_we_answer_as_the_table_says(row, library, answer):
    assert agree(ROWS[row].answers[library], answer), answer


@pytest.mark.parametrize(
    ("row", "library", "answer"), PYTORCH, ids=[f"{r}-{w}" for r, w, _ in PYTORCH]
)
def test_pytorch_answers_as_the_table_says(row, library, answer):
    stored = ROWS[row].answers[library]
    if version("torch").partition("+")[0] != TABLE.versions["torch"] and not agree(stored, answer):
        pytest.skip(f"another PyTorch answers {answer}, the table's {stored}")
    assert agree(stored, answer), answer


def test_every_cell_of_ours_and_pytorchs_is_asked():
    asked_now = {(row, library) for row, library, _ in OURS + PYTORCH}
    libraries = {library for _, library in asked_now}
    stored = {(row.id, who) for row in TABLE.rows for who in row.answers if who in libraries}
    assert asked_now == stored


@pytest.mark.parametrize("cell", [("same-stride", "cnnlab"), ("tie-pool", "PyTorch")])
def test_a_changed_cell_is_seen(cell):
    row, library = cell
    changed = copy.deepcopy(ROWS[row].answers[library])
    changed[0] += 1
    (answer,) = [found for r, w, found in OURS + PYTORCH if (r, w) == cell]
    assert not agree(changed, answer)


@pytest.mark.parametrize(
    ("stored", "found"),
    [(1, 2), ([1, 2], [1]), ("refuses", 0), (1e-5, 1e-6), (["nan", 1], ["nan", "nan"]), (0, 1e-3)],
)
def test_answers_that_differ_are_told_apart(stored, found):
    assert not agree(stored, found)
    assert agree(stored, stored)


@pytest.mark.parametrize("row", TABLE.rows, ids=ROWS)
def test_a_row_can_be_read(row):
    assert len(row.answers) >= 1
    assert row.topic in TABLE.topics
    for part in (row.question, row.example, row.sentence, row.agree, row.ours):
        assert part
        assert not re.search(r"\d{5,}", part), "numbers have commas"
    assert row.sentence.endswith(".")
    assert len(row.sentence) < 330
    assert row.question in str(row)
    assert f"id='{row.id}'" in row.html()


def test_rows_are_one_each_and_complete():
    kept = json.loads(conventions.FILE.read_text("utf-8"))
    assert len(ROWS) == len(kept["rows"]) > 60
    assert sum(len(conventions.about(topic)) for topic in TABLE.topics) == len(ROWS)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", TABLE.date)


def test_rows_are_found_by_words_in_any_order():
    assert "gelu" in [row.id for row in conventions.find("tanh GELU")]
    assert len(conventions.find("no such words")) == 0
    assert {"tie-pool", "tie-max"} <= {row.id for row in conventions.find("gradient equal")}
    with pytest.raises(ValueError, match=r"topic must be one of Windows and padding, .* Choose"):
        conventions.about("nothing")


def test_a_box_finds_what_is_typed():
    words, found = conventions.search("gelu tanh").box().children
    assert "GELU: exactly" in found.value
    words.value = "no such words"
    assert found.value == (
        '<p>0 of 76 rows have "no such words". Try fewer words, or a part of one.</p>'.replace(
            '"', "&quot;"
        )
    )
    words.value = ""
    assert found.value.startswith("<p>76 rows.</p><section><p><b>Padding &quot;same&quot;")


def test_what_is_searched_is_stored_as_text_and_as_a_table():
    stored = conventions.search("gelu tanh")._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in stored
    assert stored["text/plain"].startswith('1 of 76 rows has "gelu tanh".\n\nGELU: exactly')
    assert "<table>" in stored["text/html"]
    assert " id=" not in stored["text/html"]


def test_a_page_holds_each_anchor_once():
    assert "id='gelu'" in conventions.about("Losses, dropout and activations")._repr_html_()
    assert " id=" not in conventions.find("gelu tanh")._repr_html_()


def test_answers_are_grouped_and_written_as_books_do():
    (row,) = [row for row in TABLE.rows if row.id == "same-stride"]
    groups = dict(row.grouped())
    assert groups["6, 7"][:3] == ["cnnlab", "JAX", "Keras"]
    assert "PyTorch" in groups["refuses"]
    assert conventions.in_words(194400) == "194,400"
    assert conventions.in_words([1e-5, -0.3]) == "1e−5, −0.3"
