"""ScalingExplorer in JupyterLab: φ is moved in the picture, and published networks are read."""

from tests.browser.lab import Lab, expect


def test_phi_is_moved_in_the_picture_by_keys_and_by_the_slider(lab: Lab) -> None:
    explorer = lab.show("x = ScalingExplorer(phi=0); x")
    result = explorer.locator(".cnnlab-result")
    expect(result).to_contain_text("5,288,548 parameters")
    explorer.locator("[data-key='phi:0']").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(result).to_contain_text("φ 0.25")
    lab.says("x.phi", "0.25")
    explorer.locator("[data-control='phi'] input").press("ArrowRight")
    expect(result).to_contain_text("φ 0.5")


def test_published_networks_are_read_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = ScalingExplorer(); x")
    with lab.busy():
        explorer.locator("[data-key='stop:1']").hover()
        reading = explorer.locator(".cnnlab-reading")
        expect(reading).to_contain_text("7,794,184 parameters")
        expect(reading).to_contain_text("no single φ gives all three")
