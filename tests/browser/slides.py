"""A deck of slides in a browser, walked from end to end and measured.

python -m tests.browser.slides [NOTEBOOK ...] lists what does not fit its slide.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cnnlab import slides
from tests.browser.lab import chromium

SCREEN = {"width": 1280, "height": 720}

# Everything shown, and each answer of a quiz opened in turn: how far does the content reach?
MEASURE = """() => {
  const leaves = Reveal.getSlides();
  let title = "";
  return leaves.map((slide, index) => {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, 999);
    const shown = () => {
      const box = slide.getBoundingClientRect();
      const inside = [...slide.querySelectorAll("*")].map((one) => one.getBoundingClientRect());
      return [
        Math.max(...inside.map((one) => one.bottom - box.bottom)),
        Math.max(...inside.map((one) => one.right - box.right)),
      ];
    };
    const answers = [...slide.querySelectorAll("details")];
    const reaches = [shown(), ...answers.map((one) => ((one.open = true), shown()))];
    answers.forEach((one) => (one.open = false));
    title = slide.querySelector("h1, h2, h3")?.textContent ?? title;
    return {
      number: index + 1, title,
      below: Math.max(...reaches.map(([down]) => down)) ,
      beside: Math.max(...reaches.map(([, right]) => right)),
      figures: [...slide.querySelectorAll("img")].map((one) => Math.min(
        one.getBoundingClientRect().width / one.naturalWidth,
        one.getBoundingClientRect().height / one.naturalHeight)),
    };
  });
}"""
