"""Every topic of the decks is where docs/coverage.md says it is."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest

from cnnlab.notebooks import notebook_folder

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
TOPICS = {"A": 21, "B": 32, "C": 64, "D": 36, "E": 64}
ROW = re.compile(
    r"^\| ([A-E]\d+) \| (.+?) \| (?:–|\[.+?\]\(\.\./notebooks/(.+?)\)) \| (.+?) \| (?:`(.+)`)? ?\|$"
)


class Topic(NamedTuple):
    number: str
    words: str
    notebook: str | None
    section: str  # or why it is left out
    term: str | None


@cache
def topics() -> list[Topic]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    found = [ROW.match(line) for line in lines if re.match(r"\| [A-E]\d", line)]
    assert all(found), "a row of the page has another form"
    return [Topic(*match.groups()) for match in found if match]


@cache
def sections(notebook: str) -> dict[str, str]:
    """Text, code and outputs below each heading, up to the next one."""
    found: dict[str, str] = {}
    heading = ""
    for cell in nbformat.read(notebook_folder() / notebook, as_version=4).cells:
        lines = cell.source.splitlines()
        if cell.cell_type == "code":
            for output in cell.outputs:
                lines.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
        for line in lines:
            title = re.match(r"#{1,3} (.+)", line) if cell.cell_type == "markdown" else None
            if title:  # proves nothing of itself
                heading, line = title[1], ""
            found[heading] = f"{found.get(heading, '')}{line}\n"
    return found


def test_no_topic_is_forgotten() -> None:
    wanted = [f"{deck}{n}" for deck, count in TOPICS.items() for n in range(1, count + 1)]
    assert [topic.number for topic in topics()] == wanted


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.number)
def test_the_section_exists_and_speaks_of_the_topic(topic: Topic) -> None:
    if topic.notebook is None:
        assert topic.section.startswith("left out: ")
        return
    assert topic.section in sections(topic.notebook)
    assert topic.term is not None
    whole = rf"(?<!\w){re.escape(topic.term)}(?!\d)"  # the beginning of a word, or a whole number
    assert re.search(whole, sections(topic.notebook)[topic.section], re.IGNORECASE)
