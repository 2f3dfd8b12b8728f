"""Gestures of the boundary explorer."""

from typing import Any

from tests.browser.lab import Lab, expect


def drag(lab: Lab, handle: Any, right: float, down: float) -> None:
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x + right / 2, y + down / 2)
    lab.page.mouse.move(x + right, y + down)
    lab.page.mouse.up()


def test_a_line_is_dragged_the_table_follows_and_it_can_be_undone(lab: Lab) -> None:
    explorer = lab.show("x = BoundaryExplorer(); x")
    scale = explorer.locator("svg").bounding_box()["width"] / 900
    drag(
        lab, explorer.locator("[data-key^='line:']"), 62 * scale, -62 * scale
    )  # half a unit to the right and up
    lab.says("x.b", "-1.5")
    expect(explorer).to_contain_text("11 → 1: AND; 2 of 16 functions found")
    expect(explorer.locator("[data-control=b] output")).to_have_text("-1.5")
    expect(explorer.locator("select").first).to_have_value("AND")
    undo = explorer.get_by_role("button", name="undo", exact=True)
    undo.click()
    lab.says("(x.b, x.found)", "(-0.5, [7])")


def test_an_arrow_is_dragged_and_the_line_turns_around_its_foot(lab: Lab) -> None:
    explorer = lab.show("x = BoundaryExplorer(); x")
    knob = explorer.locator("[data-key^='tip:']")
    scale = explorer.locator("svg").bounding_box()["width"] / 900
    drag(lab, knob, 25 * scale, 0)
    lab.says("(x.w1, x.w2)", "(2.0, 1.0)")


def test_a_slider_and_a_hidden_unit_answer_the_keyboard(lab: Lab) -> None:
    explorer = lab.show("x = BoundaryExplorer(example='xor', show=['hidden', 'c1', 'b']); x")
    expect(explorer).to_contain_text("11 → 0: XOR")
    slider = explorer.locator("[data-control=b] input")
    for _ in range(10):
        slider.press("ArrowRight")
    lab.says("x.b", "-0.5")
    expect(explorer).to_contain_text("11 → 1: TRUE")
    explorer.locator("[data-key='hidden:0']").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("01: h₁ = 1, h₂ = 1, so z")


def test_no_becomes_minus_one_and_the_same_numbers_another_function(lab: Lab) -> None:
    explorer = lab.show("x = BoundaryExplorer(show=['no', 'b']); x")
    expect(explorer).to_contain_text("01 → 1, 10 → 1, 11 → 1: OR")
    expect(explorer).to_contain_text("on where 1·x₁ + 1·x₂ > 0.5")
    explorer.locator("[data-control=no] select").select_option("−1")
    expect(explorer).to_contain_text("++ → 1: AND")
    lab.says("(x.no, x.example)", "(-1, 'signs')")
