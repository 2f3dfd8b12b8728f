"""Decks of slides in a browser, walked from end to end and measured.

python -m tests.browser.slides [NOTEBOOK ...] lists what does not fit its slide, what is too small
to be read from afar, and paragraphs too long to be read in a room.
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

LETTERS = 0.03 * SCREEN["height"]  # pixels of a letter's size that are still read from afar
WORDS = 60  # of a paragraph, and of a note for the speaker

# Of each slide, with everything on it shown and each answer of a quiz opened in turn: how far the
# content reaches beyond the room inside the margins, in pixels, how much figures shrink, the size
# of the smallest letters (those of formulas and drawings apart), and words of the longest paragraph.
MEASURE = """async () => {
  let title = "";
  const result = [];
  const awake = async (slide) => {
    const asleep = () => [...slide.querySelectorAll(".cnnlab-live")].some(
      (place) => !place.querySelector(".cnnlab-explorer"));
    for (const end = Date.now() + 60_000; asleep(); await new Promise(requestAnimationFrame)) {
      if (Date.now() > end) throw new Error(`An explorer of “${title}” did not wake up.`);
    }
    await new Promise(requestAnimationFrame);
  };
  const reach = (slide) => {
    const { bottom, right } = slide.getBoundingClientRect();
    const { paddingBottom, paddingRight } = getComputedStyle(slide);
    const boxes = [...slide.querySelectorAll(":not(.cnnlab-panel *, .cnnlab-more *)")]
      .map((one) => one.getBoundingClientRect());
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
  const letters = (slide) => {
    const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
    const sizes = [];
    while (texts.nextNode()) {
      const { data, parentElement: parent } = texts.currentNode;
      if (!data.trim() || !parent.getClientRects().length) continue;
      if (parent.closest("math, .cnnlab-picture, aside")) continue;
      const size = parseFloat(getComputedStyle(parent).fontSize);
      if (size) sizes.push(size); // without a size it is not shown
    }
    return Math.min(...sizes);
  };
  const words = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll("math").forEach((formula) => formula.replaceWith("x"));
    return copy.textContent.trim().split(/\\s+/).length;
  };
  const longest = (nodes) => Math.max(0, ...[...nodes].map(words));
  for (const slide of Reveal.getSlides()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, 999);
    await awake(slide);
    title = slide.querySelector("h1, h2, h3")?.textContent ?? title;
    const answers = [...slide.querySelectorAll("details")];
    const reaches = [reach(slide), ...answers.map((one) => ((one.open = true), reach(slide)))];
    answers.forEach((one) => (one.open = false));
    result.push({
      title,
      below: Math.max(...reaches.map(([down]) => down)),
      beside: Math.max(...reaches.map(([, right]) => right)),
      figure: Math.min(1, ...[...slide.querySelectorAll("img")].map(shrunk)),
      letters: letters(slide),
      words: longest(slide.querySelectorAll(":is(p, li):not(.cnnlab-live *, details *, aside *)")),
      notes: longest(slide.querySelectorAll("aside :is(p, li)")),
    });
  }
  return result;
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
        if slide["letters"] < LETTERS:
            yield f"{place}: letters of {slide['letters']:.1f} pixels, at least {LETTERS:.1f} are read"
        for key, kind in (("words", "paragraph"), ("notes", "note")):
            if slide[key] > WORDS:
                yield f"{place}: a {kind} of {slide[key]} words, at most {WORDS} are read"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        written = slides.write(folder, sys.argv[1:])
        page = browser.new_page(viewport=SCREEN)
        for deck in (path for path in written if path.name.endswith(".slides.html")):
            for line in misfits(page, deck):
                print(line)


if __name__ == "__main__":
    main()
