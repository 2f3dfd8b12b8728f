"""ArchitectureExplorer in JupyterLab: blocks are walked, opened and left; connections are ticked."""

from tests.browser.lab import Lab, expect


def test_a_block_is_opened_and_left_by_mouse_and_by_keys(lab: Lab) -> None:
    explorer = lab.show("x = ArchitectureExplorer(network='googlenet'); x")
    explorer.locator("[data-key='first:5']").click()
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("inception3a")
    explorer.get_by_role("button", name="open", exact=True).click()
    result = explorer.locator(".cnnlab-result")
    expect(result).to_contain_text("googlenet › inception3a")
    lab.says("x.inside", "'inception3a'")
    explorer.get_by_role("button", name="back", exact=True).press("Enter")
    expect(result).not_to_contain_text("›")


def test_blocks_are_walked_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = ArchitectureExplorer(network='efficientnet-b7'); x")
    with lab.busy():
        explorer.locator("[data-key='first:0']").click()
        lab.page.keyboard.press("ArrowRight")
        expect(explorer.locator(".cnnlab-reading")).to_contain_text("stage2")


def test_a_connection_is_ticked_by_a_click_and_the_button_and_by_typing(lab: Lab) -> None:
    explorer = lab.show("x = ArchitectureExplorer(example='c3'); x")
    result = explorer.locator(".cnnlab-result")
    expect(result).to_contain_text("1,516 parameters")
    explorer.locator("[data-key='table:3,0']").click()
    explorer.get_by_role("button", name="open", exact=True).click()
    expect(result).to_contain_text("1,541 parameters")
    explorer.locator("[data-key='table:3,0']").press("0")
    lab.page.keyboard.press("Enter")
    expect(result).to_contain_text("1,516 parameters")
    explorer.get_by_role("button", name="back", exact=True).click()
    expect(result).to_contain_text("2,416 parameters")
