"""SignalExplorer in JupyterLab: layers are walked, and an example is chosen and left."""

from tests.browser.lab import Lab, expect


def test_layers_are_played_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = SignalExplorer(depth=5); x")
    with lab.busy():
        explorer.get_by_label("step", exact=True).click()
        reading = explorer.locator(".cnnlab-reading")
        expect(reading).to_contain_text("Input: signal")
        explorer.get_by_label("step", exact=True).click()
        expect(reading).to_contain_text("Layer 1: signal")
        expect(explorer.locator(".is-here")).to_have_count(3)  # in each of the three parts


def test_zeros_are_said_and_an_example_is_left_by_moving_a_slider(lab: Lab) -> None:
    explorer = lab.show("x = SignalExplorer(); x")
    choice = explorer.get_by_label("worked example")
    choice.select_option("zeros")
    expect(explorer.locator(".cnnlab-result")).to_contain_text("no weight has a gradient")
    expect(explorer.locator(".cnnlab-note")).to_contain_text("Would another activation help?")
    explorer.locator("[data-control='depth'] input").press("ArrowRight")
    expect(choice).to_have_value("own settings")
    lab.says("x.example, x.scheme, x.depth", "('', 'zeros', 5)")
