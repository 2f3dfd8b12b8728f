"""A walk through every explorer in JupyterLab: never blank, nothing moves, undo leads back."""

import random
from typing import Any

import pytest

from cnnlab import explore
from cnnlab.explore.history import LONGEST
from cnnlab.explore.scene import WIDTHS
from tests.browser.lab import Lab, expect
from tests.browser.test_every_explorer import SETTLED

# Moves a control, presses a fix, or steps through the cells; then waits until Python, if there is
# any, has heard of it. It is one call because each costs time, and because what stops long work
# vanishes when the work is done.
GESTURE = """async (root, [kind, which, luck]) => {
  const find = (places) => [...root.querySelectorAll(places)];
  const moved = find(":is(.cnnlab-essentials, .cnnlab-more)"
    + " :is(input:not([type=file]), select, button)");
  const steps = find(".cnnlab-player button").filter((node) => node.checkVisibility());
  const rare = [find(".cnnlab-problem button"), steps].filter((nodes) => nodes.length);
  const kinds = [moved, moved, moved, moved, ...rare];
  const nodes = kinds[Math.floor(kind * kinds.length)];
  const node = nodes[Math.floor(which * nodes.length)];
  const said = (node.closest("label") ?? node).textContent;
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
  await window.panel?.sessionContext.session.kernel.requestExecute({ code: "0" }).done;
  const shapes = root.querySelectorAll(
    ".cnnlab-picture :is(svg rect:not(.paper), svg path, canvas)").length;
  return [said, shapes, root.getBoundingClientRect().height];
}"""
FEWEST = 2  # shapes of a drawing: one pixel and the one window over it
UNDO = """async (node, most) => {
  for (let i = 0; i < most && node.getAttribute("aria-disabled") !== "true"; i++) {
    node.click();
    await panel.sessionContext.session.kernel.requestExecute({ code: "0" }).done;
    await new Promise((done) => setTimeout(done, 20));
  }
}"""


def gesture(root: Any, rng: random.Random) -> Any:
    """Make a gesture; return where, how many shapes are drawn then, and the explorer's height."""
    return root.evaluate(GESTURE, [rng.random() for _ in range(3)])


def walk(lab: Lab, name: str, gestures: int) -> None:
    """Play for a while: never blank, the height stays, undo leads back to the start."""
    rng = random.Random(name)
    explorer = lab.show(f"x = {name}(); x")
    root = explorer.element_handle()
    lab.page.wait_for_function(SETTLED, arg=[root, list(WIDTHS)])
    start = lab.python("print(x.call())")
    high = root.evaluate("(root) => root.getBoundingClientRect().height")
    for _ in range(gestures):
        said, shapes, height = gesture(root, rng)
        assert shapes >= FEWEST, f"blank after {said}"
        assert height == high, f"{said} moved the page"
    found = lab.violations()
    assert not found, "\n\n".join(found)
    undo = explorer.get_by_role("button", name="undo", exact=True)
    undo.evaluate(UNDO, 3 * gestures)
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
