"""The lectures as slides, in a browser that has no network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cnnlab.course import slides
from cnnlab.notebooks import notebook_paths
from tests.browser.slides import SCREEN, misfits, show

LECTURES = [path for path in notebook_paths() if "_lecture_" in path.name]


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return slides.write(tmp_path_factory.mktemp("deck"), [LECTURES[0]])[0]


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page whose errors, and whose wishes for other files, make the test fail."""
    complaints: list[str] = []
    with browser.new_context(offline=True, viewport=SCREEN) as context:
        new = context.new_page()
        new.on("pageerror", lambda error: complaints.append(str(error)))
        new.on("requestfailed", lambda request: complaints.append(request.url))
        yield new
    assert not complaints, "\n".join(complaints)


@pytest.mark.full
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_every_deck_is_one_small_file_that_fits(page: Any, tmp_path: Path, path: Path) -> None:
    (deck,) = slides.write(tmp_path, [path])
    assert deck.stat().st_size <= slides.MOST
    found = list(misfits(page, deck))
    assert not found, "\n".join(found)


def test_a_slide_that_is_too_full_is_named(page: Any, deck: Path) -> None:
    text = deck.read_text("utf-8")
    full = deck.with_name("full.slides.html")
    more = "<p>more</p>" * 20 + "<pre style='font-size: 20px'>small</pre>"
    full.write_text(text.replace("</h1>", f"</h1>{more}", 1), "utf-8")
    high, small = misfits(page, full)
    assert high.startswith("full.ipynb, slide 1, “Start here”: ")
    assert high.endswith("pixels too high")
    assert small.endswith("letters of 20.0 pixels, at least 21.6 are read")


def place(page: Any) -> int:
    return int(page.evaluate("Reveal.getSlides().indexOf(Reveal.getCurrentSlide())"))


def test_keys_turn_the_pages_one_by_one(page: Any, deck: Path) -> None:
    show(page, deck)
    last = page.evaluate("Reveal.getSlides().length") - 1
    seen = [place(page)]
    while seen[-1] < last:
        page.keyboard.press("ArrowRight")
        if place(page) != seen[-1]:  # the others show what a slide held back
            seen.append(place(page))
    assert seen == list(range(last + 1))
    page.keyboard.press("Home")
    assert place(page) == 0
    assert page.locator(".slide-number").inner_text().split() == ["1", "/", str(last + 1)]


def test_an_answer_opens_by_key_and_click_and_one_at_a_time(page: Any, deck: Path) -> None:
    show(page, deck)
    page.evaluate(
        """() => {
          const quiz = Reveal.getSlides().find((slide) => slide.querySelector("details"));
          const { h, v } = Reveal.getIndices(quiz);
          Reveal.slide(h, v);
        }"""
    )
    here, questions = place(page), page.locator("summary:visible")
    opened = "nodes => nodes.map((node) => node.parentNode.open)"
    questions.nth(1).focus()
    for key, shows in (("Enter", True), (" ", False), (" ", True)):
        page.keyboard.press(key)
        assert questions.evaluate_all(opened)[1] is shows
    questions.nth(0).click()
    assert questions.evaluate_all(opened)[:2] == [True, False]
    assert place(page) == here


def test_it_prints_a_page_for_each_slide(page: Any, deck: Path) -> None:
    show(page, deck)
    count = page.evaluate("Reveal.getSlides().length")
    show(page, deck, "?print-pdf")
    page.wait_for_selector(".pdf-page")
    assert page.locator(".pdf-page").count() == count
    heights = page.locator(".pdf-page").evaluate_all("nodes => nodes.map((n) => n.clientHeight)")
    assert max(heights) <= SCREEN["height"]
