"""Gestures of the receptive-field explorer."""

from tests.browser.lab import Lab, expect


def test_a_cone_follows_the_pointer_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = ReceptiveFieldExplorer(); x")
    expect(explorer.locator("[data-key='cone-layer3:4']")).to_be_visible()
    with lab.busy():
        explorer.locator("[data-key='layer2:1']").hover()
        expect(explorer.locator("[data-key='cone-layer2:1']")).to_be_visible()
        expect(explorer.locator(".cone.is-cone")).to_have_count(1)
        expect(explorer.locator(".cnnlab-reading")).to_contain_text("pixels 1 to 5 of the input")


def test_layers_are_typed_added_and_removed(lab: Lab) -> None:
    explorer = lab.show("x = ReceptiveFieldExplorer(show=['network', 'remove']); x")
    stride = explorer.get_by_label("stride of layer 1")
    stride.fill("2")
    stride.press("Tab")
    expect(explorer).to_contain_text("sees 11×11 pixels, jump 2")
    expect(explorer.get_by_label("dilation of layer 1")).to_be_focused()
    stride.fill("99")
    stride.press("Tab")
    expect(stride).to_have_value("2")
    explorer.get_by_text("remove the last layer").click()
    expect(explorer.get_by_label("stride of layer 3")).to_have_count(0)
    lab.says("x.layers", "[[3, 2, 1], [3, 1, 1]]")


def test_the_table_of_a_network_turns_to_the_layer_that_is_walked_to(lab: Lab) -> None:
    explorer = lab.show("x = ReceptiveFieldExplorer(); x")
    explorer.get_by_label("network").select_option("resnet-50")
    table = explorer.get_by_role("grid", name="layers")
    table.locator("[tabindex='0']").focus()
    lab.page.keyboard.press("PageDown")
    lab.page.keyboard.press("PageDown")
    expect(explorer.locator("svg [data-key='row:21']")).to_be_visible()
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("each next unit sees 8 further")
