"""InsideExplorer in JupyterLab: a digit is drawn by hand and by keys, a number is pointed at."""

from tests.browser.lab import Lab, expect


def test_a_digit_is_drawn_with_the_mouse_and_taken_back(lab: Lab) -> None:
    explorer = lab.show("x = InsideExplorer(strokes=[]); x")
    box = explorer.locator(".cnnlab-pad").bounding_box()

    def at(x: float, y: float) -> tuple[float, float]:
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    lab.page.mouse.move(*at(0.3, 0.2))
    lab.page.mouse.down()
    for x, y in ((0.7, 0.2), (0.5, 0.6), (0.45, 0.9)):
        lab.page.mouse.move(*at(x, y), steps=4)
    lab.page.mouse.up()
    result = explorer.locator(".cnnlab-result")
    expect(result).to_contain_text("your drawing: read as 7")
    lab.agree(result, "print(x)")
    explorer.get_by_role("button", name="undo").click()
    expect(result).to_contain_text("an empty pad")


def test_a_digit_is_drawn_with_the_keys(lab: Lab) -> None:
    explorer = lab.show('x = InsideExplorer(picture="digit 0", strokes=[]); x')
    pad = explorer.get_by_role("application", name="Drawing pad")
    pad.focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", " ", *["Shift+ArrowDown"] * 4, " "):
        lab.page.keyboard.press(key)
    expect(explorer.locator(".cnnlab-result")).to_contain_text("your drawing: read as 1")
    lab.says("x.strokes", "[[[14.0, 6.0], [14.0, 10.0], [14.0, 14.0], [14.0, 18.0], [14.0, 22.0]]]")
    lab.page.keyboard.press("Delete")
    expect(explorer.locator(".cnnlab-result")).to_contain_text("an empty pad")


def test_a_number_is_pointed_at_and_reached_with_the_keys(lab: Lab) -> None:
    explorer = lab.show("x = InsideExplorer(); x")
    box = explorer.locator("[data-cells='pool2:4']").bounding_box()
    lab.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.3 * box["height"])
    reading = explorer.locator(".cnnlab-reading")
    expect(reading).to_contain_text("from relu2, map 4, rows 2 to 3, columns 4 to 5")
    lab.says("x.scene.here.cell.key", "'pool2:4,1,2'")
    explorer.get_by_role("region", name="picture").focus()
    for key in ("PageUp", "ArrowRight"):
        lab.page.keyboard.press(key)
    expect(reading).to_contain_text("Pool2, map 3, row 0, column 1")
