"""The glossary: made from the lectures' own sentences, one word for one thing."""

import json
import re

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4

from cnnlab.__main__ import main
from cnnlab.course import glossary
from cnnlab.notebooks import notebook_paths, source_paths

FACTS = {"title": "A", "minutes": 1, "prerequisites": [], "goals": ["see"]}


# Sentences.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("A filter of $3 \\cdot 3$ has 9.5 weights. $x$ follows.", 2),
        ("Take $a. B$ and `x. Y`, e.g. Sobel, i.e. an edge, cf. Fig. 3.", 1),
        ("(It is called **ReLU**.) Next.", ["(It is called **ReLU**.)", "Next."]),
        ("A trick. **im2col** it is, e.g. **here**.", ["A trick.", "**im2col** it is, e.g. **here**."]),
        ("He said so.\nShe did too.", ["He said so.", "She did too."]),
        ("A line\nthat goes on.", ["A line that goes on."]),
        ("- **a**: one.\n- **b**: two;\n  and more\n1. three", ["**a**: one.", "**b**: two; and more", "three"]),
        ("| a | b. C |\n|---|---|\n| $x$ | d |", ["a", "b.", "C", "$x$", "d"]),
        ("## A heading. Here\nText.", ["Text."]),
        ("```\nA. B.\n```\nText.", ["Text."]),
        ("Then:\n\n$$x. Y$$\n\nDone.", ["Then:", "$$x. Y$$", "Done."]),
    ],
)  # fmt: skip
def test_sentences(text, expected):
    found = list(glossary.sentences(text))
    assert (found if isinstance(expected, list) else len(found)) == expected


PIECES = st.sampled_from(
    ["a map", "$3 \\cdot 3$", "$x. Y$", "2.5", "`a. B`", "e.g. Sobel", "**stride**", "(cf. Fig. 2)"]
)
SENTENCE = st.lists(PIECES, min_size=1).map(lambda pieces: f"The {' '.join(pieces)}.")


@given(st.lists(SENTENCE, min_size=1), st.sampled_from([" ", "\n", "\n\n", "\n- ", "\n2. "]))
def test_sentences_are_found_again(written, between):
    assert list(glossary.sentences(between.join(written))) == written


# Definitions.


def lecture(folder, text, *terms, name="04_lecture_a.ipynb"):
    cell = v4.new_markdown_cell(f"## On sliding\n\n{text}", id="one")
    cell.metadata.cnnlab = {"defines": list(terms)}
    heading = v4.new_markdown_cell("# A\n\n```\n# a comment\n```", id="head")
    notebook = v4.new_notebook(cells=[heading, cell], metadata={"cnnlab": FACTS})
    nbformat.write(notebook, folder / name)


def test_a_definition_is_the_sentence_with_the_bold_term(tmp_path):
    text = (
        "Look. The **stride** is, e.g. with $s = 2$, how far it moves. **Taps** are what it reads"
    )
    lecture(tmp_path, text, "stride", "tap")
    stride, tap = glossary.definitions(tmp_path)
    assert stride.sentence == "The **stride** is, e.g. with $s = 2$, how far it moves."
    assert tap == ("tap", "**Taps** are what it reads.", "04_lecture_a.ipynb", "On sliding")
    assert stride.address == "04_lecture_a.ipynb#On-sliding"


@pytest.mark.parametrize("text", ["(**Max** is what it takes.)", "(**Max** is what it takes. Ah.)"])
def test_brackets_around_a_definition_are_left_out(tmp_path, text):
    lecture(tmp_path, text, "max")
    assert glossary.definitions(tmp_path)[0].sentence == "**Max** is what it takes."


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("The stride is how far it moves.", r"must stand bold, but \*\*stride\*\* does not"),
        ("The **strider** walks over the input.", "must stand bold"),
        ("```\nThe **stride** is how far it moves.\n```", "must stand bold"),
        ("There are three, called **stride**:\n\n- one", "must be a whole sentence"),
        ("| **stride** | 2 |", "must be a whole sentence"),
    ],
)
def test_what_defines_nothing_is_refused(tmp_path, text, complaint):
    lecture(tmp_path, text, "stride")
    with pytest.raises(ValueError, match=rf"04_lecture_a\.ipynb: .*{complaint}"):
        glossary.definitions(tmp_path)


def test_a_term_is_defined_once(tmp_path):
    for number in ("04", "05"):
        text = "The **stride** is how far it moves."
        lecture(tmp_path, text, "stride", name=f"{number}_lecture_a.ipynb")
    with pytest.raises(ValueError, match=r"05_lecture_a.*stride is defined in 04_lecture_a"):
        glossary.definitions(tmp_path)


# The notebook of the glossary.


@pytest.fixture
def course(tmp_path):
    lecture(
        tmp_path, "The **stride** is how far it moves. A **map** is an output.", "stride", "map"
    )
    cells = [v4.new_markdown_cell(name, id=name) for name in ("before", "terms", "after")]
    nbformat.write(
        v4.new_notebook(cells=cells, metadata={"cnnlab": FACTS}), tmp_path / glossary.NAME
    )
    return tmp_path


def test_only_generated_cells_are_replaced(course):
    assert glossary.make(course, check=True) == "changed"
    assert glossary.make(course) == "changed"
    once = (course / glossary.NAME).read_bytes()
    assert glossary.make(course) == "same"
    assert (course / glossary.NAME).read_bytes() == once
    lecture(course, "The **jump** is a distance in pixels.", "jump")
    assert glossary.make(course) == "changed"
    nb = nbformat.read(course / glossary.NAME, as_version=4)
    ids = [cell.id for cell in nb.cells]
    assert ids == ["before", "terms", "glossary-j", "glossary-other-words", "after"]
    link = "[04, On sliding](04_lecture_a.ipynb#On-sliding)"
    assert nb.cells[2].source == f"### J\n\n- **jump**: The jump is a distance in pixels. {link}"


def test_command_says_what_is_missing(course, monkeypatch):
    monkeypatch.setattr(glossary, "notebook_folder", lambda folder=None: course)
    monkeypatch.setattr(glossary, "definitions", lambda folder=None: [])
    assert main(["glossary", "--check"]) == 1
    assert main(["glossary"]) == 0
    assert main(["glossary", "--check"]) == 0
    nb = nbformat.read(course / glossary.NAME, as_version=4)
    nb.cells = nb.cells[:1]
    nbformat.write(nb, course / glossary.NAME)
    with pytest.raises(SystemExit, match="one cell must have the id 'terms', but none has"):
        main(["glossary"])


def test_the_glossary_is_in_step_with_the_lectures():
    assert glossary.make(check=True) == "same", "run python -m cnnlab glossary"


def test_every_section_can_be_linked_to():
    for definition in glossary.definitions():
        assert "%" not in definition.address, "JupyterLab would not find such a heading"
        assert not re.search(r"[()\s]", definition.address), "no link in Markdown"


# One word for one thing.


@pytest.mark.parametrize(
    "path", [*notebook_paths(), *source_paths()], ids=lambda path: "/".join(path.parts[-2:])
)
def test_one_word_for_one_thing(path):
    assert glossary.other_words(json.loads(path.read_text(encoding="utf-8"))) == []


def test_other_words_lead_to_terms_of_the_glossary():
    terms = {definition.term for definition in glossary.definitions()}
    assert {ours for words in glossary.OTHER_WORDS.values() for ours in words} <= terms


WRITTEN = {word: word for word in glossary.OTHER_WORDS}
WRITTEN |= {"Fully-connected": "fully connected", "mini-batch": "minibatch"}
WRITTEN |= {"feature\nmap": "feature map"}


@pytest.mark.parametrize(("written", "word"), WRITTEN.items())
def test_another_word_is_seen_but_where_it_is_named_as_one(written, word):
    ours = glossary.OTHER_WORDS[word]
    cell = v4.new_markdown_cell(f"## Maps\n\nThese are {written}s.")
    notebook = v4.new_notebook(cells=[cell])
    assert glossary.other_words(notebook) == [f"Under 'Maps': say {' or '.join(ours)}, not {word}."]
    for metadata in ({"defines": [ours[0]]}, {"generated": True}):
        cell.metadata.cnnlab = metadata
        assert glossary.other_words(notebook) == []
    for text in (f"`{written}`", f"## Sources\n\n{written}", f"```\n{written}\n```"):
        notebook.cells = [v4.new_markdown_cell(text)]
        assert glossary.other_words(notebook) == []


@pytest.mark.parametrize(
    "path", [p for p in notebook_paths() if "_lecture_" in p.name], ids=lambda path: path.stem
)
def test_a_term_is_bold_only_where_it_is_defined(path):
    terms = {d.term.casefold() for d in glossary.definitions()}
    terms |= {f"{term}s" for term in terms}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        defined = cell["metadata"].get("cnnlab", {}).get("defines", [])
        forms = {form for term in defined for form in (term.casefold(), f"{term.casefold()}s")}
        if cell["cell_type"] == "markdown":
            bold = set(glossary.bold_terms("".join(cell["source"])))
            assert bold & terms <= forms, cell["id"]
