"""The explorers' notebook as a web page, read with neither kernel nor network."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

from cnnlab import explore
from tests.browser.lab import ROOT, Lab

NOTEBOOK = ROOT / "notebooks" / "90_appendix_explorers.ipynb"


class Pictures(HTMLParser):
    """Collects source and alternative text of every image."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("img", "source", "video", "iframe"):
            self.found.append((given.get("src") or "", given.get("alt") or ""))


def texts() -> Iterator[str]:
    """What the explorers of the notebook say of themselves, as stored."""
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                yield output.data["text/plain"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page, _ = HTMLExporter().from_filename(str(NOTEBOOK))
    path = tmp_path_factory.mktemp("export") / "explorers.html"
    path.write_text(page, "utf-8")
    return path


def test_every_explorer_is_a_picture_inside_the_page_that_says_what_it_shows(
    exported: Path,
) -> None:
    found = Pictures(exported.read_text("utf-8")).found
    assert len(found) == len(explore.names())
    assert all(source.startswith("data:image/") for source, _ in found)
    assert all(alt.startswith(text) for (_, alt), text in zip(found, texts(), strict=True))


def test_every_picture_shows_without_a_network(lab: Lab, exported: Path) -> None:
    with lab.page.context.browser.new_context(offline=True) as context:
        page = context.new_page()
        page.goto(exported.as_uri(), wait_until="domcontentloaded")
        images = page.locator("img").evaluate_all(
            """(nodes) => Promise.all(nodes.map(async (node) => {
              await node.decode();
              const { width, height } = node.getBoundingClientRect();
              return width >= 100 && height >= 20;
            }))"""
        )
        assert images == [True] * len(explore.names())
