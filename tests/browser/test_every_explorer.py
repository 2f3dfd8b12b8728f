"""What every explorer must do in JupyterLab, whatever it shows."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from cnnlab import explore
from cnnlab.explore.scene import WIDTHS
from tests.browser.lab import Lab, expect

every_explorer = pytest.mark.parametrize("name", explore.names())

# What takes the focus with Tab: a group of radio buttons or a grid is one stop.
STOPS = (
    "a[href], button:not([disabled]), input:not([disabled]), select, summary, textarea, "
    "[tabindex='0']"
)
TAB_STOPS = f":is({STOPS}):not([tabindex='-1'])"  # arrow keys lead to the others of a group
KEYS = ("ArrowDown", "ArrowUp", "b", "x")  # JupyterLab's own: other cells, a new one, cut


@every_explorer
def test_it_renders_and_says_what_its_repr_says(lab: Lab, name: str) -> None:
    explorer = lab.show(f"x = {name}(); x")
    expect(explorer.locator("svg, canvas").first).to_be_visible()
    lab.agree(explorer, "print(x)")
    lab.says("x.purpose in explore.listing()", "True")


def focused(lab: Lab) -> dict[str, Any]:
    """What has the focus, and whether one can see that it does."""
    found: dict[str, Any] = lab.page.evaluate(
        """(stops) => {
          const node = document.activeElement;
          const explorer = node.closest(".cnnlab-explorer");
          const style = getComputedStyle(node);
          const box = node.getBoundingClientRect();
          return {
            html: node.outerHTML.slice(0, 200),
            number: [...explorer?.querySelectorAll(stops) ?? []]
              .filter((each) => each.checkVisibility({ visibilityProperty: true })).indexOf(node),
            inside: !!explorer,
            ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
            shown: box.width > 0 && box.height > 0,
            named: node.localName === "summary" || !!(node.ariaLabel || node.labels?.length
              || node.getAttribute("aria-labelledby") || node.textContent.trim()),
          };
        }""",
        TAB_STOPS,
    )
    return found


def pass_the_cells_buttons(lab: Lab) -> None:
    """JupyterLab shows them when a cell gets the focus, sometimes between two keys."""
    for _ in range(30):
        if focused(lab)["inside"]:
            return
        lab.page.keyboard.press("Tab")


@every_explorer
def test_tab_reaches_every_control_and_the_focus_is_seen(lab: Lab, name: str) -> None:
    explorer = lab.show(f"{name}()")
    stops = explorer.locator(TAB_STOPS).filter(visible=True)
    count = stops.count()
    stops.first.focus()
    lab.page.keyboard.press("Shift+Tab")
    for number in range(count):
        lab.page.keyboard.press("Tab")
        if number == 0:
            pass_the_cells_buttons(lab)
        stop = focused(lab)
        assert stop["number"] == number, f"not {number} of {count}: {stop['html']}"
        assert stop["ringed"], f"no focus to be seen: {stop['html']}"
        assert stop["shown"], f"no size: {stop['html']}"
        assert stop["named"], f"no name: {stop['html']}"
    lab.page.keyboard.press("Tab")
    assert not focused(lab)["inside"], "the focus is caught"


@every_explorer
def test_jupyterlab_takes_no_key_until_escape_leads_back_to_the_cell(lab: Lab, name: str) -> None:
    """Neither arrows, which would leave the cell, nor letters, which are shortcuts."""
    explorer = lab.show(f"{name}()")
    stops, number = explorer.locator(STOPS).filter(visible=True), 0
    while number < stops.count():  # keys move sliders, which may bring or take other controls
        stop = stops.nth(number)
        number += 1
        stop.focus()
        # Arrows and letters are choices in a list.
        for key in () if stop.evaluate("node => node.localName === 'select'") else KEYS:
            lab.page.keyboard.press(key)
            assert focused(lab)["inside"], f"{key} led out of the explorer"
        state = lab.page.evaluate("[panel.content.widgets.length, panel.content.activeCellIndex]")
        assert state == [1, 0], f"JupyterLab answered a key on {focused(lab)['html']}"
        lab.page.keyboard.press("Escape")
        assert lab.page.evaluate("document.activeElement.matches('.jp-Cell, .jp-Notebook')")


def shown(lab: Lab, part: str, empty: str = "[]") -> Any:
    """What Python told the page to bring to life: grids, links, …"""
    return json.loads(lab.python(f"print(json.dumps(x._shown.get({part!r}, {empty})))"))


def few(keys: list[str]) -> list[str]:
    """About five of them, spread over the picture."""
    return keys[:: max(len(keys) // 5, 1)]


def here(lab: Lab) -> str:
    return str(lab.page.evaluate("document.activeElement.dataset.key ?? ''"))


# Where a key leads from row r, column c of a grid of so many rows; past an edge one stays.
MOVES = {
    "PageUp": lambda r, c, rows: (0, c),
    "Home": lambda r, c, rows: (r, 0),
    "ArrowRight": lambda r, c, rows: (r, c + 1),
    "ArrowDown": lambda r, c, rows: (min(r + 1, rows - 1), c),
    "End": lambda r, c, rows: (r, 10**9),
    "ArrowLeft": lambda r, c, rows: (r, max(c - 1, 0)),
    "PageDown": lambda r, c, rows: (rows - 1, c),
    "ArrowUp": lambda r, c, rows: (max(r - 1, 0), c),
}


@every_explorer
def test_arrow_keys_walk_the_grids_while_the_kernel_is_busy(lab: Lab, name: str) -> None:
    explorer = lab.show(f"x = {name}(); x")
    grids = shown(lab, "grids")
    with lab.busy():
        for rows in (grid["keys"] for grid in grids):
            stops = explorer.locator("[data-key][tabindex='0']")
            stops = stops.evaluate_all("nodes => nodes.map((node) => node.dataset.key)")
            (start,) = {key for row in rows for key in row} & set(stops)
            explorer.locator(f"[data-key='{start}'][tabindex='0']").first.focus()
            r, c = next((r, row.index(start)) for r, row in enumerate(rows) if start in row)
            for key, move in MOVES.items():
                lab.page.keyboard.press(key)
                r, c = move(r, c, len(rows))
                c = min(c, len(rows[r]) - 1)
                assert here(lab) == rows[r][c], f"{key} from {start}"
                assert focused(lab)["ringed"], f"{rows[r][c]} shows no focus"


MARKED = """(root) => Object.fromEntries([...root.querySelectorAll("[data-key]")].map(
  (node) => [node.dataset.key, node.getAttribute("class") ?? ""]))"""


def spelled_out(keys: list[str]) -> Iterator[str]:
    """Keys with several numbers in a place, as in ``input:0,1 2,3``, stand for all of them."""
    for key in keys:
        grid, _, places = key.partition(":")
        for numbers in product(*(place.split() for place in places.split(","))):
            yield f"{grid}:{','.join(numbers)}"


@every_explorer
def test_hovering_a_cell_marks_and_reads_while_the_kernel_is_busy(lab: Lab, name: str) -> None:
    explorer = lab.show(f"x = {name}(); x")
    links = shown(lab, "links", "{}")
    with lab.busy():
        for key in few([*links]):
            explorer.locator(f"[data-key='{key}']").first.hover()
            line = explorer.locator("[aria-live]").filter(has_text=links[key]["text"])
            expect(line).to_be_visible()
            classes = explorer.evaluate(MARKED)
            for role, keys in links[key].get("marks", {}).items():
                for marked in spelled_out(keys):
                    assert f"is-{role}" in classes[marked].split(), f"{key} marks {marked}"


# axe-core cannot tell what lies under the words of an SVG: shapes drawn before them, which hold
# their middle. Contrast as in WCAG 2.2, 1.4.3.
FAINT = """(root) => {
  const parse = (color) => {
    const [r, g, b, a = 1] = (color.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
    return [r, g, b, a];
  };
  const over = (under, [r, g, b, a], opacity) =>
    [r, g, b].map((part, i) => under[i] + (part - under[i]) * a * opacity);
  const light = (rgb) => rgb.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  let paper = root;
  while (!parse(getComputedStyle(paper).backgroundColor)[3]) paper = paper.parentElement;
  paper = parse(getComputedStyle(paper).backgroundColor);
  const found = [];
  for (const svg of root.querySelectorAll("svg")) {
    const shapes = [];
    for (const node of svg.querySelectorAll("rect, path, circle, polygon, text")) {
      if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const { fill, fillOpacity, opacity, fontSize } = getComputedStyle(node);
      const box = node.getBoundingClientRect();
      if (node.localName !== "text") {
        if (fill.startsWith("rgb")) shapes.push([box, parse(fill), fillOpacity * opacity]);
        continue;
      }
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      const under = shapes
        .filter(([b]) => b.left <= x && x <= b.right && b.top <= y && y <= b.bottom)
        .reduce((rgb, [, color, alpha]) => over(rgb, color, alpha), paper.slice(0, 3));
      const [dark, bright] = [light(under), light(over(under, parse(fill), fillOpacity * opacity))]
        .toSorted((a, b) => a - b);
      const ratio = (bright + 0.05) / (dark + 0.05);
      if (node.textContent.trim() && ratio < (parseFloat(fontSize) >= 24 ? 3 : 4.5))
        found.push(`${ratio.toFixed(1)}: ${fill} on ${under.map(Math.round)}: ${node.outerHTML}`);
    }
  }
  return found;
}"""


@every_explorer
def test_nothing_is_hard_to_perceive_in_either_theme(lab: Lab, name: str) -> None:
    lab.calm()  # or colours would be on their way
    explorer = lab.show(f"x = {name}(); x")
    links = [*shown(lab, "links", "{}")]
    for theme in ("light", "dark"):
        lab.theme(theme)
        found = lab.violations() + explorer.evaluate(FAINT)
        for key in few(links):
            explorer.locator(f"[data-key='{key}']").first.hover()
            found += [f"on hovering {key}: {what}" for what in explorer.evaluate(FAINT)]
        assert not found, "\n\n".join([theme, *found])


OVERFLOWING = """(root) => {
  const scrolls = (node) => node !== root && /auto|scroll/.test(getComputedStyle(node).overflowX);
  const boxed = (node) => node !== root && (scrolls(node) || boxed(node.parentElement));
  const right = root.closest(".jp-OutputArea-output").getBoundingClientRect().right;
  return [...root.querySelectorAll("*")]
    .filter((node) => node.checkVisibility() && !boxed(node.parentElement))
    .filter((node) => node.getBoundingClientRect().right > right + 1)
    .map((node) => node.outerHTML.slice(0, 200));
}"""


# A choice may be narrower than its longest words only where it fills its row.
CUT = """(root) => [...root.querySelectorAll("select")].filter((node) => {
  const { width } = node.getBoundingClientRect();
  node.style.cssText = "flex: none; width: max-content; max-width: none";
  const wanted = node.getBoundingClientRect().width;
  node.style.cssText = "";
  const row = node.parentElement.getBoundingClientRect().width;
  return node.checkVisibility() && width < Math.min(wanted, row) - 1;
}).map((node) => node.outerHTML.slice(0, 200))"""


@every_explorer
def test_nothing_leaves_a_narrow_page(lab: Lab, name: str) -> None:
    """What is too wide, such as a picture, scrolls in a box of its own."""
    lab.narrow()
    explorer = lab.show(f"{name}()")
    assert explorer.evaluate(OVERFLOWING) == []
    assert explorer.evaluate(CUT) == []
    assert explorer.evaluate("root => root.scrollWidth <= root.clientWidth + 1")


# The drawing for this width has come: the widest there is room for.
SETTLED = """([root, widths]) => {
  const room = root.firstElementChild.clientWidth;
  const fits = Math.max(widths[0], ...widths.filter((each) => each <= room));
  return root.querySelector(".cnnlab-picture svg").viewBox.baseVal.width === fits;
}"""
UNSEEN = """(root) => {
  const frame = root.querySelector(".cnnlab-picture");
  const inside = frame.getBoundingClientRect();
  const seen = ({ left, right, top, bottom }) => left >= inside.left - 1
    && right <= inside.right + 1 && top >= inside.top - 1 && bottom <= inside.bottom + 1;
  const parts = [...frame.querySelectorAll(":is(rect, path, circle, polygon, text, canvas)")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }))
    .filter((node) => !seen(node.getBoundingClientRect()))
    .map((node) => node.outerHTML.slice(0, 200));
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = frame;
  const scrolls = scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
  const page = root.closest(".jp-OutputArea-output").getBoundingClientRect();
  return [...parts, ...scrolls ? ["the picture scrolls"] : [],
    ...inside.right > page.right + 1 ? ["the picture leaves the page"] : []];
}"""


@pytest.mark.parametrize("width", [360, 800, 1200])
@every_explorer
def test_the_whole_picture_is_in_sight(lab: Lab, name: str, width: int) -> None:
    """Input, output and all words lie on the stage, which does not scroll."""
    lab.page.set_viewport_size({"width": width, "height": 900})
    explorer = lab.show(f"{name}()")
    handle = explorer.element_handle()
    lab.page.wait_for_function(SETTLED, arg=[handle, list(WIDTHS)])
    assert explorer.evaluate(UNSEEN) == []


SMALL = """(root) => [...root.querySelectorAll("*")]
  .filter((node) => node.checkVisibility() && [...node.childNodes].some(
    (child) => child.nodeType === Node.TEXT_NODE && child.data.trim()))
  .filter((node) => {
    const scale = node instanceof SVGElement ? node.getScreenCTM().a : 1;
    return parseFloat(getComputedStyle(node).fontSize) * scale < 11.9;
  })
  .map((node) => node.outerHTML.slice(0, 200))"""


@every_explorer
def test_words_are_large_enough_to_read(lab: Lab, name: str) -> None:
    explorer = lab.show(f"{name}()")
    assert explorer.evaluate(SMALL) == []
    lab.narrow()
    assert explorer.evaluate(SMALL) == []


MOVING = """(root) => [root, ...root.querySelectorAll("*")].filter((node) => {
  const { animationName, transitionDuration } = getComputedStyle(node);
  return animationName !== "none" || parseFloat(transitionDuration) > 0.01;
}).map((node) => node.outerHTML.slice(0, 200))"""


@every_explorer
def test_nothing_moves_by_itself_when_motion_is_reduced(lab: Lab, name: str) -> None:
    lab.calm()
    explorer = lab.show(f"{name}()")
    assert explorer.evaluate(MOVING) == []


@every_explorer
def test_sliders_answer_in_the_page_while_the_kernel_is_busy_and_in_python_after(
    lab: Lab, name: str
) -> None:
    explorer = lab.show(f"x = {name}(); x")
    traits = json.loads(
        lab.python("print(json.dumps({c['label']: c['name'] for c in x._controls}))")
    )
    sliders = explorer.locator("label:has(input[type=range] + output)").filter(visible=True)
    assert sliders.count() or shown(lab, "grids"), "nothing to move"
    with lab.busy():
        for slider in sliders.all():
            knob, readout = slider.locator("input"), slider.locator("output")
            before = readout.inner_text()
            highest = knob.evaluate("node => node.valueAsNumber >= Number(node.max)")
            knob.press("ArrowLeft" if highest else "ArrowRight")
            expect(readout).not_to_have_text(before)
    for slider in sliders.all():
        trait = traits[slider.locator("span").first.inner_text()]
        lab.says(f"print(format(x.{trait}, 'g'))", slider.locator("output").inner_text())
    lab.agree(explorer, "print(x)")


BROKEN = """
import anywidget
class Broken(anywidget.AnyWidget):
    _esm = '''export default { render({ el }) {
      el.classList.add("cnnlab-explorer");
      el.style.transition = "all 1s";
      el.innerHTML = '<style>.cnnlab-explorer :focus-visible { outline: none !important }</style>'
        + '<input type="range"><p style="color: #aaa; font-size: 8px; width: 900px">grey</p>'
        + '<svg><rect width="90" height="30" fill="#000"/><text y="20" fill="#444">dark</text></svg>';
      console.error("broken");
    } }'''
Broken()
"""


def test_the_checks_find_what_is_broken(lab: Lab) -> None:
    explorer = lab.show(BROKEN)
    explorer.locator("input").focus()
    stop = focused(lab)
    assert stop["inside"]
    assert not stop["ringed"]
    assert not stop["named"]
    lab.page.keyboard.press("b")  # a cell below, when JupyterLab takes it
    assert lab.page.evaluate("panel.content.widgets.length") == 2
    assert {line.split()[0] for line in lab.violations()} == {"color-contrast", "label"}
    lab.narrow()
    for check in (OVERFLOWING, SMALL, MOVING, FAINT):
        assert explorer.evaluate(check)
    (error,) = lab.errors
    assert "broken" in error
    lab.errors.clear()
