"""SeeingExplorer in JupyterLab: places are read, classes chosen, long work is stopped."""

from tests.browser.lab import Lab, expect

DIGIT = 'x = SeeingExplorer(picture="digit 3", method="occlusion", patch=8, stride=4); x'
LONG = 'x = SeeingExplorer(picture="astronaut", show=["method", "patch", "stride"]); x'


def test_a_place_of_the_map_is_read_and_its_patch_is_framed(lab: Lab) -> None:
    explorer = lab.show(DIGIT)
    expect(explorer.locator("image")).to_have_count(2)
    cells = explorer.locator("[data-cells='map:0']")
    box = cells.bounding_box()
    lab.page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.9 * box["height"])
    reading = explorer.locator(".cnnlab-reading")
    expect(reading).to_contain_text("patch over rows 20 to 27, columns 0 to 7: the score of 3")
    expect(reading).to_contain_text("Under it:")
    lab.says("x.scene.chosen", "(5, 0)")
    lab.agree(explorer.locator(".cnnlab-result"), "print(x)")


def test_the_map_is_walked_with_the_keys(lab: Lab) -> None:
    explorer = lab.show(DIGIT)
    explorer.get_by_role("region", name="picture").focus()
    for key in ("ArrowRight", "PageDown", "ArrowRight", "ArrowDown"):
        lab.page.keyboard.press(key)
    lab.says("x.scene.chosen", "(1, 1)")
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("patch over rows 4 to 11")


def test_a_class_is_chosen_by_its_name(lab: Lab) -> None:
    explorer = lab.show("x = SeeingExplorer(picture='coffee'); x")
    explorer.get_by_role("combobox", name="class", exact=True).select_option("cup")
    expect(explorer.locator(".cnnlab-result")).to_contain_text("Grad-CAM of cup")
    lab.says("x.target", "2")


def test_long_work_shows_how_far_it_is_is_stopped_and_goes_on(lab: Lab) -> None:
    explorer = lab.show(LONG)
    result = explorer.locator(".cnnlab-result")
    explorer.get_by_role("combobox", name="method", exact=True).select_option("occlusion")
    expect(result).to_contain_text("computing")
    explorer.get_by_role("button", name="stop").click()
    expect(result).to_contain_text("stopped")
    explorer.get_by_role("button", name="go on").click()
    expect(result).to_contain_text("8×8 places")
    lab.agree(result, "print(x)")
