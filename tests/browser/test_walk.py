"""A walk through every explorer in JupyterLab: never blank, nothing moves, undo leads back."""

import random
from typing import Any

import pytest

from cnnlab import explore
from cnnlab.explore.history import LONGEST
from cnnlab.explore.scene import WIDTHS
from tests.browser.lab import Lab, expect
from tests.browser.test_every_explorer import SETTLED

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
    # As it is now: what stops long work vanishes when the work is done.
    node = rng.choice(rng.choice(kinds).element_handles() or moved.element_handles())
    said = str(node.evaluate("node => (node.closest('label') ?? node).textContent"))
    node.evaluate(MOVED, rng.random())
    return said


def walk(lab: Lab, name: str, gestures: int) -> None:
    """Play for a while: never blank, the height stays, undo leads back to the start."""
    rng = random.Random(name)
    explorer = lab.show(f"x = {name}(); x")
    lab.page.wait_for_function(SETTLED, arg=[explorer.element_handle(), list(WIDTHS)])
    start, height = lab.python("print(x.call())"), explorer.bounding_box()["height"]
    for _ in range(gestures):
        said = gesture(explorer, rng)
        lab.python("0")  # Python has heard of it
        assert explorer.evaluate(SHAPES) >= 5, f"blank after {said}"
        assert explorer.bounding_box()["height"] == height, f"{said} moved the page"
    found = lab.violations()
    assert not found, "\n\n".join(found)
    undo = explorer.get_by_role("button", name="undo", exact=True)
    for _ in range(3 * gestures):
        if lab.python("x._can[0]") == "False":
            break
        undo.evaluate("node => node.click()")
        lab.page.wait_for_timeout(20)
    expect(undo).to_have_attribute("aria-disabled", "true")
    if gestures < LONGEST // 2:  # earlier states are forgotten
        assert lab.python("print(x.call())") == start


@pytest.mark.parametrize("name", explore.names())
def test_forty_gestures_draw_leave_the_height_alone_and_can_be_undone(lab: Lab, name: str) -> None:
    lab.calm()
    walk(lab, name, 40)


@pytest.mark.full
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1200])
@pytest.mark.parametrize("name", explore.names())
def test_two_hundred_gestures_at_any_width_in_either_theme(
    lab: Lab, name: str, width: int, theme: str
) -> None:
    lab.calm()
    lab.page.set_viewport_size({"width": width, "height": 900})
    lab.theme(theme)
    walk(lab, name, 200)
