"""UnrolledExplorer in JupyterLab: a word is read step by step, with memory and without."""

from tests.browser.lab import Lab, expect


def test_steps_are_read_by_keys_and_memory_is_taken_away(lab: Lab) -> None:
    explorer = lab.show("x = UnrolledExplorer(); x")
    result, reading = (explorer.locator(f".cnnlab-{part}") for part in ("result", "reading"))
    expect(result).to_contain_text("names 4 of 4 letters")
    explorer.locator("[data-key='step:0']").focus()
    expect(reading).to_contain_text("Step 1 reads h")
    lab.page.keyboard.press("ArrowRight")
    expect(reading).to_contain_text("Step 2 reads e")
    explorer.locator("[data-control='memory'] input").click()
    expect(result).to_contain_text("without memory")
    lab.says("x.memory", "False")
