"""Gestures of the graph explorer."""

from tests.browser.lab import Lab, expect


def test_the_steps_fill_in_the_numbers_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = GraphExplorer(selected='step:0'); x")
    value = explorer.locator("[data-slot='value:c'] text")
    signal = explorer.locator("[data-slot='signal:x'] text")
    message = explorer.locator("[data-slot='message:y,x,1'] text")
    with lab.busy():
        expect(value).to_have_text("")
        explorer.locator("[data-key='step:0']").focus()
        for _ in range(4):
            lab.page.keyboard.press("ArrowRight")
        expect(explorer.locator(".cnnlab-reading")).to_contain_text("c = a + b = 6 + 15 = 21")
        expect(value).to_have_text("21")
        expect(signal).to_have_text("")
        step = explorer.get_by_role("button", name="step", exact=True)
        for _ in range(4):
            step.click()
        expect(message).to_have_text("21")
        expect(signal).to_have_text("21")


def test_an_expression_of_ones_own_is_drawn_and_a_wrong_one_explained(lab: Lab) -> None:
    explorer = lab.show("x = GraphExplorer(); x")
    field = explorer.get_by_label("expression", exact=True)
    field.fill("q = u*v; q*q")
    field.press("Enter")
    expect(explorer.locator("[data-key='node:q']")).to_be_visible()
    expect(explorer.locator("[data-control=leaf] select")).to_contain_text("v")
    expect(explorer.locator("select").first).to_have_value("own expression")
    field.fill("q = u*v; q.__class__")
    field.press("Enter")
    expect(explorer.locator(".cnnlab-problem")).to_contain_text("only numbers, names")
    expect(explorer.locator("[data-key='node:q']")).to_be_visible()
    explorer.get_by_role("button", name="back to the diamond").click()
    expect(explorer).to_contain_text("error signals: c 1, b 1, a 1, y 7, x 21")
    expect(field).to_have_value("y = 3*x; a = 2*y; b = 5*y; c = a + b")


def test_a_leaf_is_nudged_and_given_another_value(lab: Lab) -> None:
    explorer = lab.show("x = GraphExplorer(); x")
    slider = explorer.locator("[data-control=nudge] input")
    slider.press("ArrowRight")
    expect(explorer).to_contain_text("c moves by 0.021, its error signal predicts 21 · 0.001")
    explorer.locator("[data-key='node:x']").focus()
    lab.page.keyboard.press("Enter")
    field = explorer.get_by_label("new value of node x")
    expect(field).to_have_value("1")
    field.fill("2")
    field.press("Enter")
    lab.says("x.values", "{'x': 2.0}")
    explorer.locator("[data-key='node:y']").dblclick()
    expect(explorer.get_by_label("new value of node y")).to_have_count(0)
