"""What every notebook of the course must keep to, one rule a function."""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from nbformat import NotebookNode
from nbformat.validator import iter_validate

from cnnlab import notebooks
from cnnlab.course import generated, refresh
from cnnlab.course.bounds import RUNS
from cnnlab.results import measurements

LONGEST_CELL = 20  # lines
WORDS_PER_MINUTE = 200
MINUTES_PER_CODE_CELL = {"lecture": 0.75, "lab": 1.5, "appendix": 1.5}
SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
UNCOMPARED = {"nbval-skip", "nbval-ignore-output"}
TAGS = UNCOMPARED | {"nbval-check-output"}
SECTIONS = ("quiz", "recap", "sources")

DATA_URI = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")
HEADING = re.compile(r"^(#{1,6}) +(.+)$", re.MULTILINE)
MARKDOWN_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
MACHINE_PATH = re.compile(
    r"(?<![\w./~-])/(?:home|root|work|tmp|Users|var|opt)/|\b[A-Z]:\\+(?:[A-Z]|temp|tmp)"
)


LONG_NUMBER = re.compile(r"(?<![\w.,/#:-])\d{5,}(?![\w,/-]|\.\d)")
BARE_PERCENT = re.compile(r"\d+\\?%")
# What a line says of itself; settings, as in bias=False, and words within a sentence may stand.
VERDICT = re.compile(r"(?:^|[:·] *)(?:array)?[\[( ]*(?:True|False)\b", re.MULTILINE)
FORMULA = re.compile(r"\$[^$]+\$")
# Sizes may be called H and W where they stand for the axes, as in (C, H, W).
FOREIGN_LETTER = re.compile(r"(?<![A-Za-z\\{])(?:[FPSD](?![A-Za-z])|W(?=\s*[-+]))")


def cells(nb: NotebookNode, kind: str) -> list[NotebookNode]:
    return [cell for cell in nb.cells if cell.cell_type == kind]


def tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def prose(cell: NotebookNode) -> str:
    return re.sub(r"^```.*?^```", "", cell.source, flags=re.DOTALL | re.MULTILINE)


def shown(cell: NotebookNode) -> Iterator[str]:
    """Everything a reader can read in a cell's outputs, pixels left out."""
    for output in cell.get("outputs", []):
        data = output.get("data", {"text/stream": output.get("text", "")})
        texts = [text for mime, text in data.items() if mime.startswith("text/")]
        yield from (DATA_URI.sub("", text) for text in texts)


class Images(HTMLParser):
    """Collects the images of a piece of HTML and what is wrong with them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.complaints: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: (value or "").strip() for key, value in attrs}
        if tag == "img" and not given.get("alt"):
            self.complaints.append("an <img> needs alt text")
        if tag == "img" and given.get("src", "").startswith(("http:", "https:", "//")):
            self.complaints.append("an <img> must not come from the network")
        if tag == "svg" and not given.keys() & {"aria-label", "aria-labelledby", "aria-hidden"}:
            self.complaints.append("an <svg> needs an aria-label")


# Rules: each takes a notebook and its file name, and yields what is wrong.


def named(nb: NotebookNode, name: str) -> Iterator[str]:
    if not notebooks.NAME.fullmatch(name):
        yield f"{name} must look like 04_lecture_convolution.ipynb"


def valid_format(nb: NotebookNode, name: str) -> Iterator[str]:
    if (nb.nbformat, nb.nbformat_minor) < (4, 5):
        yield "the format must be 4.5 or later, with cell ids"
    yield from (error.message for error in iter_validate(nb))
    if len({cell.get("id") for cell in nb.cells}) < len(nb.cells):
        yield "every cell needs an id of its own"


def clean_metadata(nb: NotebookNode, name: str) -> Iterator[str]:
    cleaned = copy.deepcopy(nb)
    refresh.clean(cleaned)
    if cleaned != nb:
        yield "it holds machine or run metadata; run python -m cnnlab refresh"


def opens_with_its_facts(nb: NotebookNode, name: str) -> Iterator[str]:
    if nb.cells[0].cell_type != "markdown" or nb.cells[0].source != generated.opening(nb.metadata):
        yield "the first cell must be cnnlab.course.generated.opening(metadata)"


def images_have_text(nb: NotebookNode, name: str) -> Iterator[str]:
    for cell in cells(nb, "markdown"):
        yield from Images(prose(cell)).complaints
        for alt, target in MARKDOWN_IMAGE.findall(prose(cell)):
            if not alt.strip():
                yield f"image {target} needs alt text"
            if target.startswith(("http:", "https:", "//")):
                yield f"image {target} must not come from the network"
    for output in (output for cell in cells(nb, "code") for output in cell.outputs):
        data = output.get("data", {})
        yield from Images(data.get("text/html", "")).complaints
        if "text/html" not in data and any(mime.startswith("image/") for mime in data):
            yield "a bare image has no alt text; show it as HTML"


def stays_on_any_machine(nb: NotebookNode, name: str) -> Iterator[str]:
    for cell in nb.cells:
        for text in (cell.source, *shown(cell)):
            if match := MACHINE_PATH.search(text):
                yield f"absolute path near {text[match.start() : match.start() + 30]!r}"
        if cell.cell_type == "code" and re.search(r"https?://", cell.source):
            yield "code must not fetch from the network; put links in prose"


def no_trouble_stored(nb: NotebookNode, name: str) -> Iterator[str]:
    for output in (output for cell in cells(nb, "code") for output in cell.outputs):
        if output.output_type == "error":
            yield f"stored error {output.ename}"
        if output.get("name") == "stderr":
            yield f"stored warning {output.text[:60]!r}"


def displays(source: str) -> bool:
    """Whether a cell certainly shows something: it prints, or ends in a value."""
    body = ast.parse(source).body
    values = [statement.value for statement in body if isinstance(statement, ast.Expr)]
    calls = [value.func for value in values if isinstance(value, ast.Call)]
    if any(isinstance(func, ast.Name) and func.id in ("print", "display") for func in calls):
        return True
    ends_in_value = bool(body) and isinstance(body[-1], ast.Expr)
    return ends_in_value and not isinstance(values[-1], ast.Call) and not source.endswith(";")


def executed_in_order(nb: NotebookNode, name: str) -> Iterator[str]:
    run = [c for c in cells(nb, "code") if c.source.strip() and "nbval-skip" not in tags(c)]
    counts = [cell.execution_count for cell in run]
    if counts != list(range(1, len(run) + 1)):
        yield f"execution counts must be 1 to {len(run)}, not {counts}"
    for cell in run:
        if displays(cell.source.strip()) and not cell.outputs:
            yield f"no stored output of {cell.source!r}"


def short_cells(nb: NotebookNode, name: str) -> Iterator[str]:
    for cell in cells(nb, "code"):
        if (lines := len(cell.source.splitlines())) > LONGEST_CELL:
            yield f"cell [{cell.execution_count}] has {lines} lines, more than {LONGEST_CELL}"


def known_tags(nb: NotebookNode, name: str) -> Iterator[str]:
    for cell in nb.cells:
        yield from (f"unknown tag {tag}" for tag in sorted(tags(cell) - TAGS))
        if cell.cell_type == "code" and re.search(r"#\s*(NBVAL|PYTEST_VALIDATE)_", cell.source):
            yield "mark cells with tags, not with comments"


def every_cell_on_a_slide(nb: NotebookNode, name: str) -> Iterator[str]:
    for cell in nb.cells:
        if cell.metadata.get("slideshow", {}).get("slide_type") not in SLIDE_TYPES:
            yield f"no slide type on {cell.source[:40]!r}"


def headings(nb: NotebookNode) -> list[tuple[int, str]]:
    found = [pair for cell in cells(nb, "markdown") for pair in HEADING.findall(prose(cell))]
    return [(len(marks), text) for marks, text in found]


def headings_without_jumps(nb: NotebookNode, name: str) -> Iterator[str]:
    level = 0
    for deeper, text in headings(nb):
        if deeper > level + 1 or (deeper == 1 and level):
            yield f"heading {text!r} of level {deeper} cannot follow one of level {level}"
        level = deeper


def numbers_are_compared(nb: NotebookNode, name: str) -> Iterator[str]:
    for cell in cells(nb, "code"):
        if tags(cell) & UNCOMPARED and any(re.search(r"\d", text) for text in shown(cell)):
            yield "a cell that is not compared must store no number"
        if any(re.search(r"\bat 0x[0-9A-Fa-f]{7,}", text) for text in shown(cell)):
            yield "a memory address says nothing; give the object a repr"


def plain(cell: NotebookNode) -> str:
    """What a reader reads: prose without code, formulas' commas as commas; or what is printed."""
    if cell.cell_type == "markdown":
        return re.sub(r"`[^`]*`|\]\([^)]*\)", "", prose(cell)).replace("{,}", ",")
    return "\n".join(
        output.get("text", output.get("data", {}).get("text/plain", ""))
        for output in cell.get("outputs", [])
    )


def numbers_have_one_form(nb: NotebookNode, name: str) -> Iterator[str]:
    for cell in nb.cells:
        for found in LONG_NUMBER.findall(plain(cell)):
            yield f"{cell.id}: write {found} with commas, as in 1,605,760"
        for found in BARE_PERCENT.findall(plain(cell)):
            yield f"{cell.id}: write {found} with a space, as in 98.7 %"


def letters_have_one_meaning(nb: NotebookNode, name: str) -> Iterator[str]:
    """Kernel k, stride s, padding p, dilation d, input n, channels C, filters K."""
    for cell in cells(nb, "markdown") if name >= "04" else []:
        for formula in FORMULA.findall(prose(cell)) if cell.id != "letters" else []:
            for found in FOREIGN_LETTER.findall(formula):
                yield f"{cell.id}: {found} in {formula} is another book's letter; see appendix 91"


def proofs_are_folded(nb: NotebookNode, name: str) -> Iterator[str]:
    """What a reader sees convinces by its numbers; what only proves is out of sight."""
    for cell in cells(nb, "code"):
        if any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(cell.source))):
            folded = cell.metadata.get("jupyter", {}).get("source_hidden")
            if not (folded and cell.source.startswith("#")):
                yield f"a cell that asserts must be folded and begin with a comment: {cell.id}"


def measured_within_bounds(nb: NotebookNode, name: str) -> Iterator[str]:
    for cell in cells(nb, "code"):
        kept = cell.metadata.get("cnnlab", {}).get("measured", {})
        for one in measurements("\n".join(shown(cell))):
            values = kept.get(one.what, [])
            if len(values) < RUNS:
                yield f"bounds of {one.what!r} must come from {RUNS} runs: python -m cnnlab bounds"
            if not all(one.low <= value <= one.high for value in [one.value, *values]):
                yield f"{one.what!r} must lie between {one.low} and {one.high}: {values}"


def evidence_is_shown(nb: NotebookNode, name: str) -> Iterator[str]:
    """True convinces nobody: the numbers that were compared do."""
    for cell in cells(nb, "code"):
        for found in VERDICT.findall(plain(cell)):
            yield f"{cell.id}: show what was compared in place of {found.strip()}"


def minutes(nb: NotebookNode, kind: str) -> float:
    words = sum(len(prose(cell).split()) for cell in cells(nb, "markdown"))
    return words / WORDS_PER_MINUTE + len(cells(nb, "code")) * MINUTES_PER_CODE_CELL[kind]


def minutes_are_true(nb: NotebookNode, name: str) -> Iterator[str]:
    said, estimate = notebooks.read_facts(nb.metadata).minutes, minutes(nb, name.split("_")[1])
    if not estimate / 2 <= said <= estimate * 2:
        yield f"it says {said} minutes; words and code cells suggest {estimate:.0f}"


def lecture_sections(nb: NotebookNode, name: str) -> Iterator[str]:
    text = " / ".join(heading.casefold() for _, heading in headings(nb))
    if "_lecture_" in name:
        yield from (f"no heading with {word!r}" for word in SECTIONS if word not in text)


RULES: list[Callable[[NotebookNode, str], Iterator[str]]] = [
    named,
    valid_format,
    clean_metadata,
    opens_with_its_facts,
    images_have_text,
    stays_on_any_machine,
    no_trouble_stored,
    executed_in_order,
    short_cells,
    known_tags,
    every_cell_on_a_slide,
    headings_without_jumps,
    numbers_are_compared,
    numbers_have_one_form,
    letters_have_one_meaning,
    proofs_are_folded,
    measured_within_bounds,
    evidence_is_shown,
    minutes_are_true,
    lecture_sections,
]
