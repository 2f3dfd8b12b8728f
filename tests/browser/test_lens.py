"""Cells too small for their numbers: a lens shows them under pointer and keyboard."""

from typing import Any

from tests.browser.lab import Lab, expect

LARGE = "ConvolutionExplorer(size=10, channels=4, filters=3, padding=4, kernel_size=5)"


def lens(explorer: Any) -> Any:
    return explorer.locator(".cnnlab-lens")


def test_a_lens_follows_the_pointer_over_a_large_layer(lab: Lab) -> None:
    explorer = lab.show(f"x = {LARGE}; x")
    output = explorer.locator("[data-cells='output:2']")
    box = output.bounding_box()
    cell = box["width"] / 14
    output.hover(position={"x": 3.5 * cell, "y": 1.5 * cell})
    expect(lens(explorer)).to_be_visible()
    expect(lens(explorer).locator(".is-here")).to_have_text(
        lab.python("x._told['near'][2][2]").strip("'")
    )
    lab.says("x._told['key']", "'output:2,1,3'")
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("Output channel 2, row 1, column 3")
    for role in ("window", "weight", "here"):
        assert explorer.locator(f".cnnlab-frame.is-{role}").get_attribute("d")
    lab.page.mouse.move(0, 0)
    expect(lens(explorer)).to_be_hidden()


def test_arrow_keys_move_the_lens(lab: Lab) -> None:
    explorer = lab.show(f"x = {LARGE}; x")
    explorer.locator(".cnnlab-picture").focus()
    for key, at in (
        ("ArrowRight", "input:0,-4,-4"),
        ("ArrowDown", "input:0,-3,-4"),
        ("End", "input:0,-3,13"),
        ("ArrowRight", "input:0,-3,13"),
        ("PageDown", "input:1,-4,-4"),
        ("PageUp", "input:0,-4,-4"),
    ):
        lab.page.keyboard.press(key)
        lab.says("x._told['key']", f"'{at}'")
        expect(lens(explorer)).to_be_visible()
    lab.page.keyboard.press("Tab")
    expect(lens(explorer)).to_be_hidden()


def test_a_linked_cell_shows_its_number_where_digits_do_not_fit(lab: Lab) -> None:
    lab.narrow()
    explorer = lab.show("x = ConvolutionExplorer(size=10, channels=3); x")
    cell = explorer.locator("[data-key='output:0,2,3']")
    with lab.busy():
        cell.hover()
        expect(lens(explorer)).to_have_text(str(cell.get_attribute("data-value")))
        # The page scrolls to what has the focus, and thus under the pointer, which rests.
        explorer.locator("[data-key][tabindex='0']").first.focus()
        for _ in range(4):
            lab.page.keyboard.press("ArrowRight")
            lab.page.wait_for_timeout(100)  # for what scrolling could still set off
            expect(lens(explorer)).to_have_text(
                lab.page.evaluate("document.activeElement.dataset.value")
            )
