"""Decks of slides in a browser, walked from end to end and measured.

python -m tests.browser.slides [NOTEBOOK ...] lists what does not fit its slide.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cnnlab.course import slides
from tests.browser.lab import chromium

SCREEN = {"width": 1280, "height": 720}
SMALLEST = 0.7  # of its own size, to which a figure may shrink and still be read from afar

# Of each slide, with everything on it shown and each answer of a quiz opened in turn: how far the
# content reaches beyond the room inside the margins, in pixels, and how much figures shrink.
MEASURE = """() => {
  let title = "";
  const reach = (slide) => {
    const { bottom, right } = slide.getBoundingClientRect();
    const { paddingBottom, paddingRight } = getComputedStyle(slide);
    const boxes = [...slide.querySelectorAll("*")].map((one) => one.getBoundingClientRect());
    return [
      Math.max(...boxes.map((box) => box.bottom)) - bottom + parseFloat(paddingBottom),
      Math.max(...boxes.map((box) => box.right)) - right + parseFloat(paddingRight),
    ];
  };
  const shrunk = (image) => {
    const { width, height } = image.getBoundingClientRect();
    const drawn = Math.min(width / image.naturalWidth, height / image.naturalHeight);
    return drawn / Number(getComputedStyle(image).zoom);
  };
  return Reveal.getSlides().map((slide) => {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, 999);
    title = slide.querySelector("h1, h2, h3")?.textContent ?? title;
    const answers = [...slide.querySelectorAll("details")];
    const reaches = [reach(slide), ...answers.map((one) => ((one.open = true), reach(slide)))];
    answers.forEach((one) => (one.open = false));
    return {
      title,
      below: Math.max(...reaches.map(([down]) => down)),
      beside: Math.max(...reaches.map(([, right]) => right)),
      figure: Math.min(1, ...[...slide.querySelectorAll("img")].map(shrunk)),
    };
  });
}"""


def show(page: Any, deck: Path, query: str = "") -> None:
    """Open a deck and wait until it can be read."""
    page.goto(deck.as_uri() + query)
    page.wait_for_function("Reveal.isReady()")
    page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")


def misfits(page: Any, deck: Path) -> Iterator[str]:
    """One line for each slide whose content is too large, or its figure too small."""
    show(page, deck)
    name = deck.name.replace(".slides.html", ".ipynb")
    for number, slide in enumerate(page.evaluate(MEASURE), 1):
        place = f"{name}, slide {number}, “{slide['title']}”"
        for key, side in (("below", "high"), ("beside", "wide")):
            if slide[key] >= 1:
                yield f"{place}: {slide[key]:.0f} pixels too {side}"
        if slide["figure"] < SMALLEST:
            yield f"{place}: figure shrunk to {slide['figure']:.0%}, at least {SMALLEST:.0%} is read"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        written = slides.write(folder, sys.argv[1:])
        page = browser.new_page(viewport=SCREEN)
        for deck in (path for path in written if path.name.endswith(".slides.html")):
            for line in misfits(page, deck):
                print(line)


if __name__ == "__main__":
    main()
