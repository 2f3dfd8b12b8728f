"""ArchitectureExplorer in JupyterLab: blocks are walked, opened and left; connections are ticked."""

from tests.browser.lab import Lab, expect


def test_a_block_unfolds_where_it_stands_by_mouse_and_by_keys(lab: Lab) -> None:
    explorer = lab.show("x = ArchitectureExplorer(network='googlenet'); x")
    block = explorer.locator("[data-key='first:inception3a']")
    sibling, inner = (
        explorer.locator(f"[data-key^='first:inception3{path}']") for path in ("b", "a.")
    )
    height = explorer.bounding_box()["height"]
    block.dblclick()
    expect(inner.first).to_be_visible()
    expect(sibling).to_be_visible()
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("folds it again")
    expect(block).to_be_focused()
    block.press("Enter")
    expect(inner).to_have_count(0)
    expect(block).to_be_focused()
    lab.page.keyboard.press("Enter")
    expect(inner).not_to_have_count(0)
    lab.page.keyboard.press("ArrowDown")
    expect(inner.first).to_be_focused()
    assert explorer.bounding_box()["height"] == height
    explorer.get_by_role("button", name="back", exact=True).press("Enter")
    lab.says("x.inside", "''")


def test_blocks_are_walked_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = ArchitectureExplorer(network='efficientnet-b7'); x")
    with lab.busy():
        explorer.locator("[data-key^='first:']").first.click()
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
