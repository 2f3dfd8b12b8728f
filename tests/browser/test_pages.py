"""The course as web pages, read from disk with the network off."""

import os
import random
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from cnnlab import explore, spec
from cnnlab.course import pages
from cnnlab.notebooks import notebook_paths
from tests.browser.lab import expect, violations
from tests.browser.test_walk import FEWEST, gesture

NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1200, "height": 900}
STARTING, GLOSSARY = "00_lecture_start_here", "91_appendix_glossary"
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of two notebooks."""
    folder = tmp_path_factory.mktemp("few")
    for path in notebook_paths():
        if path.stem in (STARTING, GLOSSARY):
            shutil.copy(path, folder)
    pages.write(folder / "pages", folder)
    return folder / "pages"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course's pages; those in the folder that CNNLAB_PAGES names, if it is set."""
    if made := os.environ.get("CNNLAB_PAGES"):
        return Path(made)
    folder = tmp_path_factory.mktemp("whole")
    pages.write(folder)
    return folder


def opened(browser: Any, path: Path, size: dict[str, int], theme: str = "light") -> Iterator[Any]:
    """A page, with the network off; whatever it asks for or complains about fails the test."""
    asked: list[str] = []
    with browser.new_context(
        offline=True, viewport=size, color_scheme=theme, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.goto(path.as_uri())
        yield page
    assert [url[:200] for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def enlivened(page: Any) -> list[Any]:
    """Bring all explorers of a page to life, and return them."""
    for place in page.locator(".cnnlab-live").all():
        place.scroll_into_view_if_needed()
        place.locator(".cnnlab-explorer").wait_for()
    return list(page.locator(".cnnlab-live .cnnlab-explorer").all())


@cache
def said(call: str) -> str:
    """What Python says of a call that makes an explorer, in one line."""
    made = eval(call, {"explore": explore, **vars(spec)})
    return " ".join(repr(made).split())


def agrees(explorer: Any) -> None:
    """What is shown is what Python makes of the code that can be copied."""
    explorer.get_by_role("button", name="copy as code").evaluate("node => node.click()")
    reading = explorer.locator(".cnnlab-reading")
    expect(reading).to_contain_text("explore.")
    call = reading.inner_text().removeprefix("Copied: ")
    expect(explorer.locator(".cnnlab-result")).to_have_text(said(call))


def walk(explorer: Any, gestures: int, seed: str = "") -> None:
    """Play for a while: never blank, pictures and Python agree, undo leads back."""
    rng = random.Random(seed)
    result = explorer.locator(".cnnlab-result")
    start = result.inner_text()
    for number in range(gestures):
        moved, shapes, _ = gesture(explorer, rng)
        assert shapes >= FEWEST, f"blank after {moved}"
        if number % 8 == 7:
            agrees(explorer)
    undo = explorer.get_by_role("button", name="undo", exact=True)
    undo.evaluate("(node, most) => { for (let i = 0; i < most; i++) node.click(); }", gestures)
    expect(undo).to_have_attribute("aria-disabled", "true")
    expect(result).to_have_text(start)


def test_an_explorer_lives_on_a_telephone_without_network(browser: Any, few: Path) -> None:
    for page in opened(browser, few / f"{STARTING}.html", NARROW):
        (explorer,) = enlivened(page)
        walk(explorer, 16)
        explorer.locator("[data-control=stride] input").press("ArrowRight")
        expect(explorer.locator(".cnnlab-result")).to_contain_text("stride 3")
        assert page.evaluate(BEYOND) <= 0
        assert violations(page) == []


def test_what_is_not_there_is_said_and_controls_follow(browser: Any, few: Path) -> None:
    """Three settings moved one by one leave what was computed."""
    for page in opened(browser, few / f"{STARTING}.html", WIDE):
        (explorer,) = enlivened(page)
        for name in ("size", "kernel_size", "stride", "padding"):
            knob = explorer.locator(f"[data-control={name}] input")
            knob.press("End")
        reading = explorer.locator(".cnnlab-reading")
        expect(reading).to_contain_text("does not have every combination")
        agrees(explorer)


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """A page with a layer whose cells are too small for digits, and with one that is small."""
    cells = []
    for call in ("size=10, channels=3, filters=2, padding=4, kernel_size=5", "size=5"):
        code = f"explore.ConvolutionExplorer({call})"
        data = eval(code, {"explore": explore})._repr_mimebundle_()[0]
        stored = {kind: data[kind] for kind in ("text/html", "text/plain")}
        cells.append(v4.new_code_cell(code, outputs=[v4.new_output("display_data", stored)]))
    about = {"title": "A", "minutes": 1, "prerequisites": [], "goals": ["see"]}
    notebook = v4.new_notebook(cells=cells, metadata={"cnnlab": about})
    nbformat.write(notebook, tmp_path / "01_lecture_a.ipynb")
    return pages.write(tmp_path / "pages", tmp_path)[1]


def test_a_lens_shows_numbers_and_a_number_that_needs_python_says_so(
    browser: Any, layer: Path
) -> None:
    for page in opened(browser, layer, WIDE):
        large, small = enlivened(page)
        picture = large.get_by_role("region", name="picture")
        picture.focus()
        for key in ("End", "ArrowDown", "ArrowLeft"):
            page.keyboard.press(key)
        x = explore.ConvolutionExplorer(size=10, channels=3, filters=2, padding=4, kernel_size=5)
        told = x.tell("input:0,-3,12")
        assert told is not None
        expect(large.locator(".cnnlab-lens .is-here")).to_have_text(told["near"][2][2])
        expect(large.locator(".cnnlab-reading")).to_have_text("input 0, -3, 12: 0")
        cell = small.locator("[data-key='input:0,1,1']").first
        cell.focus()
        for key in ("Enter", "7"):
            small.locator(".cnnlab-reading").evaluate("node => { node.textContent = ''; }")
            cell.press(key)
            expect(small.locator(".cnnlab-reading")).to_contain_text("needs Python")


def test_search_finds_a_section(browser: Any, few: Path) -> None:
    for page in opened(browser, few / "index.html", NARROW):
        page.get_by_label("Search the course").fill("receptive field")
        first = page.locator("#found li").first
        expect(first).to_contain_text("receptive field")
        first.get_by_role("link").click()
        page.wait_for_url("**/91_appendix*#*")
        page.get_by_role("button", name="dark colours").click()
        light = "document.body.dataset.jpThemeLight"
        assert page.evaluate(light) == "false"
        for event, on_paper in (("beforeprint", "true"), ("afterprint", "false")):
            page.evaluate("event => dispatchEvent(new Event(event))", event)
            assert page.evaluate(light) == on_paper


@pytest.mark.full
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("name", ["index", *(path.stem for path in notebook_paths())])
def test_every_page(browser: Any, whole: Path, name: str, size: dict[str, int], theme: str) -> None:
    for page in opened(browser, whole / f"{name}.html", size, theme):
        for explorer in enlivened(page):
            walk(explorer, 16, name)
        assert page.evaluate(BEYOND) <= 0
        assert violations(page) == []
