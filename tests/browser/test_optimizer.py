"""OptimizerExplorer in JupyterLab: the start is dragged, and the walk is played."""

from typing import Any

from tests.browser.lab import Lab, expect


def pull(lab: Lab, handle: Any, right: float, down: float) -> None:
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x + right, y + down, steps=5)
    lab.page.mouse.up()


def test_the_start_is_dragged_no_further_than_the_picture_and_undone(lab: Lab) -> None:
    explorer = lab.show("x = OptimizerExplorer(); x")
    handle, plane = explorer.locator(".handle"), explorer.locator("[data-plane]")
    box = plane.bounding_box()
    pull(lab, handle, box["width"] * 3 / 7, box["height"] / 4)
    expect(explorer.locator(".cnnlab-result")).to_contain_text("start (−1, 0)")
    lab.says("x.w1, x.w2", "(-1.0, 0.0)")
    pull(lab, handle, 0, box["height"] * 2)
    lab.says("x.w1, x.w2", "(-1.0, -2.0)")
    undo = explorer.get_by_role("button", name="undo", exact=True)
    undo.click()
    lab.says("x.w1, x.w2", "(-1.0, 0.0)")
    undo.click()
    lab.says("x.w1, x.w2", "(-4.0, 1.0)")


def test_arrow_keys_move_the_start_which_keeps_the_focus(lab: Lab) -> None:
    explorer = lab.show("x = OptimizerExplorer(); x")
    explorer.locator(".handle").focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp", "ArrowDown"):
        lab.page.keyboard.press(key)
    lab.says("x.w1, x.w2", "(-3.9, 1.45)")
    expect(explorer.locator(".handle")).to_be_focused()
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("Start (−3.9, 1.45)")
    lab.page.keyboard.press("Home")
    lab.says("x.w1", "-4.5")


def test_a_walk_is_stepped_and_played_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = OptimizerExplorer(optimizer='Adam', lr=0.2); x")
    with lab.busy():
        for _ in range(3):
            explorer.get_by_label("step", exact=True).click()
        reading = explorer.locator(".cnnlab-reading")
        expect(reading).to_contain_text("Step 2.\nAdam: gradient", use_inner_text=True)
        expect(explorer.locator(".cone.is-cone")).to_have_count(2)


def test_the_learning_rate_slides_by_powers_until_it_diverges(lab: Lab) -> None:
    explorer = lab.show("x = OptimizerExplorer(); x")
    slider = explorer.locator("[data-control='lr'] input")
    expect(slider).to_have_attribute("aria-valuetext", "0.07")
    for _ in range(2):
        slider.press("ArrowRight")
    lab.says("x.lr", "0.085")
    expect(explorer.locator(".cnnlab-result")).to_contain_text("diverges")
    slider.press("End")
    lab.says("x.lr", "10.0")
    lab.python("x.lr = 0.0725")
    expect(explorer.locator("[data-control='lr'] output")).to_have_text("0.0725")
