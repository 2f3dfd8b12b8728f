"""Gestures of the parameter explorer."""

from tests.browser.lab import Lab, expect


def test_the_table_is_walked_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = ParameterExplorer(); x")
    table = explorer.get_by_role("grid", name="datasci-207")
    reading = explorer.locator(".cnnlab-reading")
    table.locator("[tabindex='0']").focus()
    with lab.busy():
        lab.page.keyboard.press("ArrowDown")
        lab.page.keyboard.press("ArrowDown")
        expect(reading).to_contain_text("(3·3·32 + 1)·64 = 18,496")
        lab.page.keyboard.press("End")
        for _ in range(3):
            lab.page.keyboard.press("ArrowLeft")
        assert lab.page.evaluate("document.activeElement.textContent") == "14,450,688"
        lab.page.keyboard.press("PageDown")
        expect(reading).to_contain_text("fc2, output 10")
    expect(explorer).to_contain_text("conv2 as a dense layer: (28·28·32 + 1)·(28·28·64)")
    lab.says("print(x.selected)", "rows:10")


def test_a_long_table_keeps_its_headings_in_sight_and_its_place(lab: Lab) -> None:
    explorer = lab.show("x = ParameterExplorer(network='resnet-152'); x")
    table = explorer.get_by_role("grid", name="resnet-152")
    assert table.locator("tbody tr").count() == 561
    table.locator("[tabindex='0']").focus()
    for _ in range(5):
        lab.page.keyboard.press("PageDown")
    box, heading = (table.locator(part).first.bounding_box() for part in ("tr.is-here", "thead th"))
    frame = explorer.locator(".cnnlab-table").bounding_box()
    assert box["y"] >= heading["y"] + heading["height"] - 1
    assert box["y"] + box["height"] <= frame["y"] + frame["height"]
    explorer.get_by_label("image side ×").press("ArrowRight")
    expect(explorer).to_contain_text("image 2 times larger a side")
    expect(table.locator("tr.is-here")).to_have_count(1)
    explorer.get_by_label("rows of the table").select_option(label="blocks")
    expect(table.locator("tbody tr")).to_have_count(11)
