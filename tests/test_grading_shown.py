"""The copy of a notebook that pages are made from: text and pictures, nothing that runs or loads."""

import copy
from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import v4 as new

from cnnlab.course.grading.shown import clean, markdown, page, shown
from cnnlab.course.labs import files
from cnnlab.notebooks import notebook_paths
from tests import hostile_pages

AWAY = "http://127.0.0.1:9"
HARMLESS = {"href", "xmlns"}  # where an address may stand: whoever clicks a link means to


class Watch(HTMLParser):
    """Notes whatever would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "link", "style", "base", "meta", "form"):
            self.found.append(tag)
        for name, value in attrs:
            loads = name not in HARMLESS and AWAY in (value or "") and "url(" not in (value or "")
            if name.startswith("on") or loads or name in ("id", "name"):
                self.found.append(f"{tag} {name}={value}")


def harm(html: str) -> list[str]:
    watch = Watch()
    watch.feed(html)
    watch.close()
    return watch.found


def plain(source: str) -> str:
    """What nbgrader's Formgrader makes of a text cell."""
    return str(MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(source))


@pytest.mark.parametrize("text", hostile_pages.markup(AWAY))
def test_nothing_runs_or_loads_however_it_is_shown(text: str) -> None:
    for html in (clean(text), plain(markdown(text)), page(text), page(markdown(text))):
        assert harm(html) == []


def test_a_test_that_watches_sees_harm() -> None:
    assert all(harm(plain(text)) for text in hostile_pages.markup(AWAY)[:5])


PIECES = ["$", "$$", "`", "```\n", "\n", "\n\n", " ", "x", "\\", "<i onclick='x()'>", "</i>", "<!--",
          "-->", "[", "](", ")", f"<img src='{AWAY}/x'>", "\\text{", "}", "\\begin{a}", "\\end{a}",
          "# ", "> ", "- ", "<pre>", "&lt;", "MATHEMATICS0MATHEMATICS", "\"", "|"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_mixture_of_markup_and_formulas_slips_through(text: str) -> None:
    assert harm(plain(markdown(text))) == []
    assert harm(page(text)) == []


@pytest.mark.parametrize(
    "text",
    ["So *two* < three & more.", "1. a\n2. b\n\n> c", "```python\nif a < b:\n    c\n```", "$x^2$",
     "<details><summary>Hint</summary>\n\nCount.\n\n</details>", "See [this](02_lab.ipynb)."],
)  # fmt: skip
def test_honest_words_stay_as_they_were_written(text: str) -> None:
    assert markdown(text) == text


def test_what_is_rewritten_says_the_same() -> None:
    text = "# Why\n\n| a | b |\n|--:|---|\n| 1 | `x < 2` |\n\n```\nfirst\n\n\nthird <i>\n```\n$y$"
    html = plain(markdown(text))
    for part in ("<h1>Why</h1>", "<code>x &lt; 2</code>", "text-align:right", "third &lt;i&gt;"):
        assert part in html
    assert "first&#10;&#10;&#10;third" in html
    assert "$y$" in html


def test_a_pasted_picture_stands_in_the_text() -> None:
    html = plain(markdown("![sketch](attachment:a.png)", {"a.png": {"image/png": "iVBORw0KGgo="}}))
    assert '<img src="data:image/png;base64,iVBORw0KGgo=" alt="sketch">' in html
    assert "attachment:b" in markdown("![sketch](attachment:b)"), "shown as written if missing"


def test_outputs_are_text_and_pictures_alone() -> None:
    given_in = new.new_code_cell("x", outputs=hostile_pages.outputs(AWAY))
    before = copy.deepcopy(given_in)
    (cell,) = shown(new.new_notebook(cells=[given_in])).cells
    assert given_in == before, "the hand-in is left as it is"
    kinds = {"text/plain", "text/latex", "text/html", "text/markdown", "image/png", "image/jpeg"}
    assert len(cell.outputs) == len(before.outputs)
    for output in cell.outputs:
        data = output.get("data", {})
        assert set(data) <= kinds
        assert harm(data.get("text/html", "")) == []
        assert harm(plain(data.get("text/markdown", ""))) == []
        assert not any(output.get("metadata", {}).values())
    nbformat.validate(shown(new.new_notebook(cells=[new.new_code_cell("x", outputs=cell.outputs)])))


def test_our_own_notebooks_look_as_before() -> None:
    """Cards, figures and explorers keep their words, colours and pictures."""
    for path in notebook_paths()[:4]:
        nb = files.read(path)
        for cell, copied in zip(nb.cells, shown(nb).cells, strict=True):
            for output, made in zip(
                cell.get("outputs", []), copied.get("outputs", []), strict=True
            ):
                html, safe = (one.get("data", {}).get("text/html", "") for one in (output, made))
                for mark in ("<img", "src=", "style=", "<td", "<strong"):
                    assert html.count(mark) == safe.count(mark)
