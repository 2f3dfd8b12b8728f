"""Notebook hygiene, the map of the course, and that no stored number can change unseen."""

import copy
import json
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat import v4 as new

from cnnlab import notebooks
from cnnlab.__main__ import main
from cnnlab.course import generated, refresh
from tests.notebook_rules import (
    RULES,
    cells,
    clean_metadata,
    displays,
    every_cell_on_a_slide,
    evidence_is_shown,
    executed_in_order,
    headings_without_jumps,
    images_have_text,
    known_tags,
    lecture_sections,
    letters_have_one_meaning,
    measured_within_bounds,
    minutes_are_true,
    named,
    no_trouble_stored,
    numbers_are_compared,
    numbers_have_one_form,
    opens_with_its_facts,
    proofs_are_folded,
    short_cells,
    stays_on_any_machine,
    valid_format,
)

ROOT = Path(__file__).resolve().parents[1]
# A lab as students get it keeps the rules because its source does; test_labs.py compares them.
FILES = [
    path
    for pattern in ("*.ipynb", f"{notebooks.SOURCE_FOLDER}/*.ipynb")
    for path in sorted((ROOT / "notebooks").glob(pattern))
    if not notebooks.is_made(path)
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_notebook_keeps_every_rule(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    nb = nbformat.reads(text, as_version=4)
    complaints = [f"{rule.__name__}: {what}" for rule in RULES for what in rule(nb, path.name)]
    assert not complaints, "\n".join([path.name, *complaints])
    assert text == nbformat.writes(nb) + "\n"


def too_early(course: list[notebooks.Notebook]) -> list[str]:
    """Notebooks that build on a chapter which does not come before them."""
    return [
        row.path.name
        for place, row in enumerate(course)
        if not set(row.prerequisites) <= {earlier.number for earlier in course[:place]}
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_notebook_leads_on(path: Path) -> None:
    nb = nbformat.read(path, as_version=4)
    found = [cell for cell in nb.cells if cell.id == generated.LINKS]
    assert [cell.source for cell in found] == [generated.links(path)], (
        "give one Markdown cell the id 'links' and run python -m cnnlab refresh"
    )
    assert all(map(notebooks.is_generated, found))


@pytest.mark.skipif(not FILES, reason="there are no notebooks yet")
def test_prerequisites_come_earlier() -> None:
    assert too_early(notebooks.notebooks()) == []


# The rules themselves: they pass a good notebook, and each can fail.

NAME = "04_lecture_convolution.ipynb"
FIGURE = '<img alt="Bars of height 3 and 10" src="data:image/png;base64,iVBORw0KGgo1234=">'
FACTS = {
    "title": "Convolution",
    "minutes": 3,
    "prerequisites": ["03"],
    "goals": ["slide a kernel", "count to <3>"],
}


def notebook(*parts: NotebookNode, **facts: object) -> NotebookNode:
    nb = new.new_notebook(metadata={"cnnlab": FACTS | facts})
    nb.cells = [new.new_markdown_cell(generated.opening(nb.metadata)), *parts]
    for number, cell in enumerate(nb.cells):
        cell.update(id=f"cell-{number}", metadata={"slideshow": {"slide_type": "slide"}})
    refresh.clean(nb)
    return nb


def code(source: str, count: int | None = None, **output: object) -> NotebookNode:
    outputs = [new.new_output(**output)] if output else []
    return new.new_code_cell(source, execution_count=count, outputs=outputs)


MEASURED = "loss: ≈ 2.32 (measured, between 2.2 and 2.4)\n"


def keep(nb: NotebookNode, values: list[float]) -> NotebookNode:
    """Put what ten seeds gave beside the cell that measures."""
    nb.cells[4].metadata["cnnlab"] = {"measured": {"loss": values}}
    return nb


def good_notebook() -> NotebookNode:
    nb = notebook(
        new.new_markdown_cell("## Sliding\n\n![A kernel on a grid](kernel.png)\n\n### By hand"),
        code("1 + 2", 1, output_type="execute_result", data={"text/plain": "3"}, execution_count=1),
        code("figure()", 2, output_type="display_data", data={"text/html": FIGURE}),
        code("print(25)", 3, output_type="stream", text=f"25\n{MEASURED}"),
        new.new_markdown_cell("## Two-minute quiz\n\n## Recap\n\n## Sources"),
    )
    return keep(nb, [2.3] * 10)


def change(cell: int, **fields: object) -> Callable[[NotebookNode], None]:
    return lambda nb: nb.cells[cell].update(nbformat.from_dict(fields))


def store(**output: object) -> Callable[[NotebookNode], None]:
    return change(3, outputs=[new.new_output(**output)])


def tag(cell: int, *names: str) -> Callable[[NotebookNode], None]:
    return lambda nb: nb.cells[cell].metadata.update(tags=list(names))


BROKEN: list[tuple[Callable, Callable[[NotebookNode], object]]] = [
    (valid_format, lambda nb: nb.update(nbformat_minor=4)),
    (valid_format, lambda nb: nb.cells[1].pop("id")),
    (valid_format, change(1, id="cell-0")),
    (valid_format, change(1, metadata=3)),
    (clean_metadata, lambda nb: nb.metadata.language_info.update(version="3.11.2")),
    (clean_metadata, lambda nb: nb.metadata.update(widgets={})),
    (clean_metadata, lambda nb: nb.cells[2].metadata.update(execution={})),
    (clean_metadata, store(output_type="display_data", data={
        "text/plain": "w", "application/vnd.jupyter.widget-view+json": {"model_id": "1"}})),
    (opens_with_its_facts, lambda nb: nb.metadata.cnnlab.update(minutes=4)),
    (opens_with_its_facts, lambda nb: nb.cells.pop(0)),
    (images_have_text, change(1, source="![](kernel.png)")),
    (images_have_text, change(1, source="![Kernel](https://example.org/kernel.png)")),
    (images_have_text, change(1, source="<img src='a.png' alt=' '>")),
    (images_have_text, store(output_type="display_data", data={"image/png": "iVBO"})),
    (images_have_text, store(output_type="display_data", data={"text/html": "<img src='a'>"})),
    (images_have_text, store(output_type="display_data", data={"text/html": "<svg></svg>"})),
    (images_have_text, store(output_type="display_data", data={
        "text/html": "<img alt='Cat' src='http://example.org/cat.png'>"})),
    (stays_on_any_machine, store(output_type="stream", text="saved in /home/ada/x")),
    (stays_on_any_machine, change(2, source="open('/tmp/x')")),
    (stays_on_any_machine, change(2, source=r"open('C:\Users\ada')")),
    (stays_on_any_machine, change(2, source="fetch('https://example.org')")),
    (no_trouble_stored, store(output_type="error", ename="ValueError", evalue="x", traceback=[])),
    (no_trouble_stored, store(output_type="stream", name="stderr", text="UserWarning: x")),
    (executed_in_order, change(2, execution_count=None)),
    (executed_in_order, change(2, execution_count=7)),
    (executed_in_order, change(2, outputs=[])),
    (executed_in_order, change(4, outputs=[])),
    (short_cells, change(3, source="x = 1\n" * 21)),
    (known_tags, tag(2, "nbval-typo")),
    (known_tags, change(2, source="# NBVAL_SKIP\n1 + 2")),
    (every_cell_on_a_slide, lambda nb: nb.cells[2].metadata.pop("slideshow")),
    (every_cell_on_a_slide, change(2, metadata={"slideshow": {"slide_type": "page"}})),
    (headings_without_jumps, change(1, source="### Too deep")),
    (headings_without_jumps, change(1, source="# Second title")),
    (numbers_are_compared, tag(2, "nbval-ignore-output")),
    (numbers_are_compared, tag(4, "nbval-skip")),
    (numbers_are_compared, store(output_type="stream", text="<W at 0x7f3a5b2c1d00>")),
    (numbers_have_one_form, store(output_type="stream", text="in all: 1605760")),
    (numbers_have_one_form, change(1, source="## Sliding\n\nIt has 61706 parameters.")),
    (numbers_have_one_form, store(output_type="stream", text="98.7% are right")),
    (numbers_have_one_form, change(1, source=r"Nearly $98.7\%$.")),
    (letters_have_one_meaning, change(1, source="It is $(W - F + 2P)/S + 1$.")),
    (letters_have_one_meaning, change(1, source=r"$$(k \cdot k \cdot D + 1) \cdot K$$")),
    (proofs_are_folded, change(2, source="# Proof.\nassert 1 + 2 == 3", outputs=[])),
    (proofs_are_folded, change(2, source="total = 1 + 2\nassert total == 3\nprint(total)")),
    (proofs_are_folded, change(2, source="assert 1 + 2 == 3", outputs=[],
                               metadata={"jupyter": {"source_hidden": True}})),
    (measured_within_bounds, lambda nb: nb.cells[4].metadata.pop("cnnlab")),
    (measured_within_bounds, lambda nb: keep(nb, [2.3] * 9)),
    (measured_within_bounds, lambda nb: keep(nb, [2.3] * 9 + [2.5])),
    (measured_within_bounds, change(4, outputs=[new.new_output(
        "stream", text="loss: ≈ 2.41 (measured, between 2.2 and 2.4)\n")])),
    (evidence_is_shown, store(output_type="stream", text="True")),
    (evidence_is_shown, store(output_type="stream", text="as before: True · shape (2, 2)")),
    (evidence_is_shown, store(output_type="execute_result", execution_count=1, data={
        "text/plain": "array([[ True, False]])"})),
    (minutes_are_true, lambda nb: nb.metadata.cnnlab.update(minutes=30)),
    (minutes_are_true, lambda nb: nb.metadata.cnnlab.update(minutes=1)),
    (lecture_sections, change(5, source="## Quiz\n\n## Recap")),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_passes_a_good_notebook(rule: Callable) -> None:
    assert list(rule(good_notebook(), NAME)) == []


@pytest.mark.parametrize(("rule", "spoil"), BROKEN)
def test_rule_finds_what_is_broken(rule: Callable, spoil: Callable) -> None:
    nb = good_notebook()
    spoil(nb)
    assert list(rule(nb, NAME))


def test_every_rule_is_seen_to_fail() -> None:
    assert list(named(good_notebook(), "convolution.ipynb"))
    assert {rule for rule, _ in BROKEN} | {named} == set(RULES)


@pytest.mark.parametrize("source", ["x = 1", "show(x)", "x;", "def f():\n    print(1)"])
def test_a_silent_cell_needs_no_output(source: str) -> None:
    assert not displays(source)


@pytest.mark.parametrize("text", ["Conv(2, bias=False)", "NumPy calls it True: a bool is an int"])
def test_settings_and_sentences_may_say_true(text: str) -> None:
    nb = notebook(code("show()", 1, output_type="stream", text=text))
    assert list(evidence_is_shown(nb, NAME)) == []


@pytest.mark.parametrize(
    "text",
    [
        "1,605,760 parameters and 98.7 %; $8{,}064$, $98.7\\,\\%$, `61706`, 0.00001, 2026-11",
        r"Shapes $(N, C, H, W)$, rows of $C \cdot H \cdot W$; $\lfloor (n + 2p - k)/s \rfloor + 1$",
        "[a page](https://example.org/1605760) and *Sizes*: $K$ filters",
    ],
)
def test_the_course_s_own_forms_pass(text: str) -> None:
    nb = notebook(new.new_markdown_cell(text))
    assert list(numbers_have_one_form(nb, NAME)) == []
    assert list(letters_have_one_meaning(nb, NAME)) == []


# The map of the course.


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for name, facts in {
        "04_lab_convolution.ipynb": {"title": "Convolution by hand", "minutes": 40},
        "04_lecture_convolution.ipynb": {"title": "Convolution & <flip>", "minutes": 25},
        "00_lecture_start_here.ipynb": {"title": "Start", "minutes": 5, "prerequisites": []},
        "04_lecture_convolution-Copy1.ipynb": {},
    }.items():
        nbformat.write(notebook(**facts), tmp_path / name)
    return tmp_path


def test_map_in_words(course: Path) -> None:
    assert repr(notebooks.course_map(course)).splitlines() == [
        "00 lecture    5 min  Start",
        "04 lecture   25 min  Convolution & <flip> (after 03)",
        "04 lab       40 min  Convolution by hand (after 03)",
        "3 notebooks, 1 h 10 min",
    ]


def test_links_lead_to_the_partner_the_next_chapter_and_the_map(course: Path) -> None:
    nbformat.write(notebook(title="Pooling"), course / "05_lecture_pooling.ipynb")
    start, lecture, lab, last = notebooks.notebook_paths(course)
    to_map = "Map: [Start](00_lecture_start_here.ipynb)"
    following = "Next: [Pooling](05_lecture_pooling.ipynb)"
    to_lecture = "Lecture: [Convolution & <flip>](04_lecture_convolution.ipynb)"
    assert generated.links(start) == to_lecture.replace("Lecture", "Next")
    assert generated.links(lecture) == " · ".join(
        ["Lab: [Convolution by hand](04_lab_convolution.ipynb)", following, to_map]
    )
    advice, line = generated.links(lab).split("\n\n")
    assert "`python -m cnnlab start 04_lab_convolution`" in advice
    assert line == f"{to_lecture} · {following} · {to_map}"
    assert generated.links(last) == to_map
    with pytest.raises(ValueError, match="must be a notebook of the course"):
        generated.links(course / "notes.ipynb")


def test_refresh_writes_the_links_of_all_neighbours(course: Path) -> None:
    cell = new.new_markdown_cell("", id=generated.LINKS)
    start, lecture, _ = notebooks.notebook_paths(course)
    for path in (start, lecture):
        nb = nbformat.read(path, as_version=4)
        nb.cells.append(cell)
        nbformat.write(nb, path)
    refresh.link([course])
    for path in (start, lecture):
        assert nbformat.read(path, as_version=4).cells[-1].source == generated.links(path)


def test_map_as_a_table(course: Path) -> None:
    table = ET.fromstring(notebooks.course_map(course)._repr_html_())
    assert table.findtext("caption") == "The course: 3 notebooks, 1 h 10 min"
    assert [th.get("scope") for th in table.findall("thead/tr/th")] == ["col"] * 6
    links = [th.find("a") for th in table.findall("tbody/tr/th[@scope='row']")]
    targets = [course / link.get("href") for link in links]
    assert targets == notebooks.notebook_paths(course)
    assert links[1].text == "Convolution & <flip>"
    assert [li.text for li in table.findall("tbody/tr[2]//li")] == FACTS["goals"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("title", value) for value in (" ", 4)),
        *(("minutes", value) for value in (True, 0, 2.5)),
        *(("prerequisites", value) for value in ("03", [3], ["3"])),
        *(("goals", value) for value in ([], "one", [""])),
    ],
)
def test_wrong_or_missing_fact_is_named(course: Path, key: str, value: object) -> None:
    path = course / "04_lab_convolution.ipynb"
    nb = json.loads(path.read_text(encoding="utf-8"))
    nb["metadata"]["cnnlab"][key] = value
    path.write_text(json.dumps(nb), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"04_lab_convolution.ipynb: metadata.cnnlab.{key} must"):
        notebooks.notebooks(course)
    del nb["metadata"]["cnnlab"][key]
    path.write_text(json.dumps(nb), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"04_lab_convolution.ipynb: .*{key} must .* missing"):
        notebooks.notebooks(course)


def test_a_missing_prerequisite_is_seen(course: Path) -> None:
    lecture, lab = notebooks.notebook_paths(course)[1:]
    assert too_early(notebooks.notebooks(course)) == [lecture.name, lab.name]
    nbformat.write(notebook(prerequisites=["00"]), lecture)
    nbformat.write(notebook(prerequisites=["04"]), lab)
    assert too_early(notebooks.notebooks(course)) == []


def test_missing_folder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="pip install -e"):
        notebooks.course_map(tmp_path / "nowhere")


# Refreshing, and the regression test itself.


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with every kind of output, run once."""
    path = tmp_path_factory.mktemp("stored") / NAME
    nb = notebook(
        code("import os, sys, ipywidgets\nfrom IPython.display import HTML"),
        code("40 + 2"),
        code("print('loss', flush=True)\nprint(0.25)"),
        code(
            "from cnnlab.results import measured\nmeasured('read', 0.987, between=(0.9, 1), form='.1%')"
        ),
        code("'at ' + hex(31) + ' and at 7'"),
        code(f"HTML('''{FIGURE}''')"),
        code("object()"),
        code("ipywidgets.IntSlider(5)"),
        code("sys.executable, os.environ['CNNLAB_QUIET'], os.path.basename(os.getcwd())"),
        code("never_defined"),
    )
    nb.cells[-1].metadata.tags = ["nbval-skip"]
    nb.metadata.language_info.version = "3.0"
    nbformat.write(nb, path)
    assert main(["refresh", str(path)]) == 0
    return path


def stored_cells(path: Path) -> list[NotebookNode]:
    return cells(nbformat.read(path, as_version=4), "code")


def test_stored_form(stored: Path) -> None:
    nb = nbformat.read(stored, as_version=4)
    rules = (valid_format, clean_metadata, executed_in_order)
    assert [what for rule in rules for what in rule(nb, NAME)] == []
    *_, slider, place, skipped = stored_cells(stored)
    assert slider.outputs[0].data == {"text/plain": "IntSlider(value=5)"}
    expected = repr((sys.executable, "1", stored.parent.name))
    assert place.outputs[0].data["text/plain"].replace("\n", "") == expected
    assert (skipped.execution_count, skipped.outputs) == (None, [])


def test_second_refresh_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / NAME
    nbformat.write(notebook(code("print('é')"), code("1 / 4")), path)
    unrun = path.read_bytes()
    assert main(["refresh", str(path), "--check"]) == 1
    assert path.read_bytes() == unrun
    assert main(["refresh", str(path)]) == 0
    once = path.read_bytes()
    assert once != unrun
    assert [report.status for report in refresh.refresh([path])] == ["same"]
    assert path.read_bytes() == once
    assert list(tmp_path.iterdir()) == [path]


def test_failing_cell_leaves_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / NAME
    nbformat.write(notebook(code("1"), code("1 / 0"), code("2")), path)
    before = path.read_bytes()
    assert main(["refresh", str(path)]) == 1
    assert path.read_bytes() == before
    said = capsys.readouterr().out
    assert f"{NAME}: failed" in said
    assert "error in cell [2]: ZeroDivisionError: division by zero" in said


def test_slow_cells_are_reported() -> None:
    said = str(refresh.Refreshed(Path(NAME), "same", {1: 2.0, 2: 61.0}))
    assert "63.0 s; slowest cell [2], 61.0 s" in said
    assert "warning: cell [2] took 61 s; the limit is 20 s" in said
    assert "warning: 63 s in all; the limit is 60 s" in said
    assert "warning" not in str(refresh.Refreshed(Path(NAME), "same", {1: 20.0, 2: 19.0}))


def spoil(text: str, at: int) -> str:
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def spoiled_copies(cell: NotebookNode) -> Iterator[tuple[NotebookNode, bool]]:
    """Copies of a cell with one stored digit changed, and whether that must be noticed."""
    output = cell.outputs[0]
    holder, key = (output, "text") if "text" in output else (output.data, next(iter(output.data)))
    unseen = [
        m.span()
        for m in re.finditer(
            r"(?<=base64,)[^\"]+|(?<=at 0x)[0-9A-Fa-f]{7,}|(?<=read: ≈ )[\d.]+", holder[key]
        )
    ]
    for digit in re.finditer(r"\d", holder[key]):
        other = copy.deepcopy(cell)
        target = other.outputs[0] if "text" in output else other.outputs[0].data
        target[key] = spoil(holder[key], digit.start())
        yield other, not any(first <= digit.start() < last for first, last in unseen)


def nbval_failures(path: Path) -> list[bool]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    options = settings["tool"]["pytest"]["ini_options"]["addopts"]
    nbval = [option for option in options if option.startswith("--nbval")]
    report = path.with_suffix(".xml")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-o", "addopts=", "-c"]
    command += ["pyproject.toml", *nbval, f"--junitxml={report}", str(path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return [case.find("failure") is not None for case in ET.parse(report).iter("testcase")]


def test_no_stored_number_can_change_unseen(stored: Path, tmp_path: Path) -> None:
    setup, *shows = stored_cells(stored)[:7]
    copies = [pair for cell in shows for pair in [(cell, False), *spoiled_copies(cell)]]
    nb = notebook(setup, *(cell for cell, _ in copies))
    nbformat.write(nb, tmp_path / NAME)
    expected = [False, *(noticed for _, noticed in copies)]
    assert expected.count(True) >= 10
    assert nbval_failures(tmp_path / NAME) == expected


def test_outputs_that_are_not_compared_are_no_change(tmp_path: Path) -> None:
    path = tmp_path / "timings.ipynb"
    timing = new.new_code_cell("import time\ntime.time_ns()")
    timing.metadata["tags"] = ["nbval-ignore-output"]
    nb = new.new_notebook(cells=[timing, new.new_code_cell("1 + 1")])
    nbformat.write(nb, path)
    assert refresh.refresh([path])[0].status == "changed"
    once = path.read_bytes()
    assert refresh.refresh([path])[0].status == "same"
    assert refresh.refresh([path], check=True)[0].status == "same"
    assert path.read_bytes() == once
    nb = nbformat.read(path, 4)
    nb.cells[1].source = "1 + 2"
    nbformat.write(nb, path)
    assert refresh.refresh([path], check=True)[0].status == "changed"
