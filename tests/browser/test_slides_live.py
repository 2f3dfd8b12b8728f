"""Explorers that live on a slide: at any size of the screen, and with the network off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from cnnlab import explore
from cnnlab.course import slides
from tests.browser.lab import expect
from tests.browser.slides import SCREEN, misfits, show

FORMAT: Any = nbformat  # its functions have no types
v4 = FORMAT.v4
LIVE = ".cnnlab-live .cnnlab-explorer"
PLACE = "Reveal.getSlides().indexOf(Reveal.getCurrentSlide())"
LARGE = {"width": 1920, "height": 1080}


def shown(call: str) -> Any:
    """A cell as Jupyter stores it."""
    explorer = eval(f"explore.{call}", {"explore": explore})
    (data, _) = explorer._repr_mimebundle_()
    kept = {kind: data[kind] for kind in ("text/html", "text/plain")}
    output = v4.new_output("display_data", kept)
    marks = {"slideshow": {"slide_type": "subslide"}}
    return v4.new_code_cell(f"explore.{call}", outputs=[output], metadata=marks)


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two slides with explorers between two without."""
    folder = tmp_path_factory.mktemp("live")
    start, end = (v4.new_markdown_cell(f"# {word}") for word in ("Start", "End"))
    end.metadata["slideshow"] = {"slide_type": "slide"}
    cells = [start, shown("OutputSizeExplorer()"), shown("InsideExplorer(layer='conv2')"), end]
    FORMAT.write(v4.new_notebook(cells=cells), folder / "talk.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explore.OutputSizeExplorer, "ahead", 40)
        yield slides.write(folder, [folder / "talk.ipynb"])[0]


def opened(browser: Any, deck: Path, size: dict[str, int]) -> Iterator[Any]:
    """A deck, with the network off; whatever it asks for or complains about fails the test."""
    asked: list[str] = []
    with browser.new_context(offline=True, viewport=size, reduced_motion="reduce") as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        show(page, deck)
        yield page
    assert [url[:200] for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_an_explorer_wakes_on_its_slide_and_keeps_its_keys(browser: Any, deck: Path) -> None:
    for page in opened(browser, deck, SCREEN):
        page.wait_for_timeout(100)
        assert page.locator(LIVE).count() == 0
        page.keyboard.press("ArrowRight")
        explorer = page.locator(LIVE)
        explorer.wait_for()
        assert explorer.count() == 1
        result = explorer.locator(".cnnlab-result")
        start = result.inner_text()
        names = ("size", "kernel_size", "stride", "padding")
        for name in names:
            explorer.locator(f"[data-control={name}] input").press("End")
        expect(explorer.locator(".cnnlab-reading")).to_contain_text("not have every combination")
        expect(result).not_to_have_text(start)
        for _ in names:
            page.keyboard.press("Control+z")
        expect(result).to_have_text(start)
        for name in ("undo", "copy as code"):
            explorer.get_by_role("button", name=name, exact=True).focus()
            page.keyboard.press(" ")
        explorer.locator("select").first.focus()
        for key in ("ArrowDown", "f", "Home"):
            page.keyboard.press(key)
        assert page.evaluate(PLACE) == 1
        page.keyboard.press("Escape")
        page.keyboard.press("ArrowRight")
        assert page.evaluate(PLACE) == 2


def test_paper_has_their_pictures(browser: Any, deck: Path) -> None:
    for page in opened(browser, deck, SCREEN):
        show(page, deck, "?print-pdf")
        page.wait_for_selector(".pdf-page")
        page.wait_for_timeout(100)
        assert page.locator(".cnnlab-live img:visible").count() == 2
        assert page.locator(LIVE).count() == 0


def test_a_lens_lies_at_its_cell_on_a_large_screen(browser: Any, deck: Path) -> None:
    for page in opened(browser, deck, LARGE):
        page.evaluate("Reveal.slide(0, 2)")
        explorer = page.locator(LIVE)
        plane = explorer.locator("[data-cells='conv2:2']")
        box = plane.bounding_box()
        x, y = box["x"] + 0.45 * box["width"], box["y"] + 0.45 * box["height"]
        page.mouse.move(x, y)
        expect(explorer.locator(".cnnlab-reading")).to_contain_text("map 2, row 4, column 4")
        lens = explorer.locator(".cnnlab-lens").bounding_box()
        assert lens["x"] + lens["width"] / 2 == pytest.approx(x, abs=4)
        assert 0 < lens["y"] - y < 40


def test_an_explorer_fits_its_slide(browser: Any, deck: Path) -> None:
    for page in opened(browser, deck, SCREEN):
        assert list(misfits(page, deck)) == []
