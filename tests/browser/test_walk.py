"""A walk through every explorer in JupyterLab: never blank, nothing moves, undo leads back."""

import random
from typing import Any

import pytest

from cnnlab import explore
from tests.browser.lab import Lab, expect

GESTURES = 40
BOXES = ".cnnlab-essentials, .cnnlab-more"
SHAPES = """(root) => root.querySelectorAll(
  ".cnnlab-picture :is(svg rect:not(.paper), svg path, canvas)").length"""
MOVED = """(node, luck) => {
  if (node.localName === "select") {
    const all = [...node.options].map((_, i) => i).filter((i) => i !== node.selectedIndex);
    node.selectedIndex = all[Math.floor(luck * all.length)] ?? node.selectedIndex;
    node.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (node.type === "range") {
    const [least, most] = [Number(node.min), Number(node.max)];
    node.value = least + luck * (most - least);
    node.dispatchEvent(new Event("input", { bubbles: true }));
    node.dispatchEvent(new Event("change", { bubbles: true }));
  } else node.click();
}"""


def gesture(explorer: Any, rng: random.Random) -> str:
    """Move a control, press a fix, or step through the cells."""
    moved = explorer.locator(f":is({BOXES}) :is(input:not([type=file]), select, button)")
    fixes = explorer.locator(".cnnlab-problem button")
    steps = explorer.locator(".cnnlab-player button").filter(visible=True)
    kinds = [moved] * 4 + [each for each in (fixes, steps) if each.count()]
    chosen = rng.choice(kinds)
    node = chosen.nth(rng.randrange(chosen.count()))
    said = str(node.evaluate("node => (node.closest('label') ?? node).textContent"))
    node.evaluate(MOVED, rng.random())
    return said


@pytest.mark.parametrize("name", explore.names())
def test_forty_gestures_draw_leave_the_height_alone_and_can_be_undone(lab: Lab, name: str) -> None:
    lab.calm()
    rng = random.Random(name)
    explorer = lab.show(f"x = {name}(); x")
    lab.says("x._width", "900")
    start, height = lab.python("print(x.call())"), explorer.bounding_box()["height"]
    for _ in range(GESTURES):
        said = gesture(explorer, rng)
        lab.python("0")  # Python has heard of it
        assert explorer.evaluate(SHAPES) >= 5, f"blank after {said}"
        assert explorer.bounding_box()["height"] == height, f"{said} moved the page"
    undo = explorer.get_by_role("button", name="undo", exact=True)
    for _ in range(3 * GESTURES):
        if lab.python("x._can[0]") == "False":
            break
        undo.evaluate("node => node.click()")
        lab.page.wait_for_timeout(20)
    expect(undo).to_have_attribute("aria-disabled", "true")
    assert lab.python("print(x.call())") == start
