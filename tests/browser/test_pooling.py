"""Gestures of the pooling explorer."""

from tests.browser.lab import Lab, expect


def test_a_cell_is_edited_and_what_is_no_number_is_refused(lab: Lab) -> None:
    explorer = lab.show("x = PoolingExplorer(); x")
    explorer.locator("[data-key='input:0,0']").dblclick()
    field = explorer.get_by_label("new value of input 0, 0")
    field.fill("six")
    field.press("Enter")
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("“six” is not a number")
    field.fill("9")
    field.press("Enter")
    expect(explorer).to_contain_text("output 2×2: 9 8 / 3 4")
    lab.says("x.input[0]", "[9.0, 1.0, 2.0, 4.0]")
    expect(explorer.locator("select").first).to_have_value("own numbers")


def test_a_click_beside_the_cells_does_nothing(lab: Lab) -> None:
    explorer = lab.show("x = PoolingExplorer(); x")
    picture = explorer.locator(".cnnlab-picture")
    for gesture in (picture.click, picture.dblclick):
        gesture(position={"x": 1, "y": 1})
    lab.says("x.selected", "'output:0,0'")


def test_a_gradient_is_routed_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = PoolingExplorer(example='ties', backward=True, show=['ties']); x")
    upstream = explorer.locator("[data-key='upstream:0,0']")
    with lab.busy():
        upstream.hover()
        expect(explorer.locator(".cnnlab-reading")).to_contain_text("the first of 4 that tie")
        expect(explorer.locator("[data-key='gradient:0,0'] .mark-route")).to_be_visible()
        expect(explorer.locator("[data-key='input:0,1'] .mark-tie")).to_be_visible()
    explorer.get_by_label("a tie goes to").select_option(label="all in equal parts")
    upstream.hover()
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("1/4 = 0.25 to each of 4 cells")
