"""BlockExplorer in JupyterLab: a width is moved, a layer is pointed at, its share is marked."""

from tests.browser.lab import Lab, expect


def test_the_ladder_is_walked_by_the_slider(lab: Lab) -> None:
    explorer = lab.show("x = BlockExplorer(narrow=128); x")
    result = explorer.locator(".cnnlab-result")
    expect(result).to_contain_text("69,632 parameters")
    explorer.locator("[data-control='narrow'] input").press("ArrowLeft")
    expect(result).to_contain_text("52,224 parameters")
    lab.says("x.narrow", "96")


def test_a_layer_is_read_and_its_share_is_marked_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = BlockExplorer(example='inception'); x")
    with lab.busy():
        explorer.locator("[data-key='layer:2']").hover()
        expect(explorer.locator(".cnnlab-reading")).to_contain_text("110,720 parameters")
        expect(explorer.locator("[data-key='params:2'].is-window")).to_have_count(1)
        expect(explorer.locator("[data-key='macs:2'].is-window")).to_have_count(1)


def test_a_fire_module_has_its_own_sliders(lab: Lab) -> None:
    explorer = lab.show("x = BlockExplorer(); x")
    expect(explorer.get_by_label("squeeze SR, %")).to_be_hidden()
    explorer.locator("[data-control='kind'] select").select_option("fire module")
    expect(explorer.get_by_label("squeeze SR, %")).to_be_visible()
    expect(explorer.get_by_label("maps of the 1×1")).to_be_hidden()
