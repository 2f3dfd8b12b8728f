"""TranslationExplorer in JupyterLab: the digit is dragged, and what follows follows."""

from typing import Any

import numpy as np

from tests.browser.lab import Lab, expect


def drag(lab: Lab, picture: Any, right: int, down: int) -> None:
    """Drag by so many of the picture's own pixels."""
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    zoom = box["width"] / 40
    x, y = box["x"] + 20 * zoom, box["y"] + 20 * zoom
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x + right * zoom, y + down * zoom, steps=5)
    lab.page.mouse.up()


def pixels(picture: Any) -> Any:
    """What is drawn: one channel, (H, W)."""
    data = picture.evaluate(
        "c => [c.height, c.width, ...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    )
    return np.array(data[2:]).reshape(data[0], data[1], 4)[..., 0]


def test_the_digit_is_dragged(lab: Lab) -> None:
    explorer = lab.show("x = TranslationExplorer(dx=0); x")
    digit = explorer.locator("canvas").first
    before = pixels(digit)
    drag(lab, digit, 4, -3)
    expect(explorer.locator(".cnnlab-result")).to_contain_text("moved 4 right, 3 up")
    lab.says("x.dx, x.dy", "(4, -3)")
    assert np.array_equal(pixels(digit), np.roll(before, (-3, 4), axis=(0, 1)))
    drag(lab, digit, 15, 0)
    expect(explorer.locator(".cnnlab-result")).to_contain_text("moved 6 right, 3 up")


def test_arrow_keys_move_the_digit_as_far_as_it_goes(lab: Lab) -> None:
    explorer = lab.show("x = TranslationExplorer(dx=0); x")
    digit = explorer.locator("canvas").first
    digit.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowUp"):
        digit.press(key)
    expect(explorer.locator(".cnnlab-result")).to_contain_text("moved 2 right, 6 up")
    expect(explorer.locator(".cnnlab-reading")).to_contain_text("dx 2, dy −6")
    lab.says("x.dx, x.dy", "(2, -6)")


def test_the_digit_moves_while_the_kernel_is_busy_and_the_newest_place_wins(lab: Lab) -> None:
    explorer = lab.show("x = TranslationExplorer(dx=0); x")
    digit, response = explorer.locator("canvas").nth(0), explorer.locator("canvas").nth(1)
    at_rest, still = pixels(digit), pixels(response)
    with lab.busy():
        for right in (1, 1, 1):
            drag(lab, digit, right, 1)
        expect(explorer.get_by_label("shift to the right")).to_have_value("3")
        assert np.array_equal(pixels(digit), np.roll(at_rest, (3, 3), axis=(0, 1)))
        # Where the page has a subshell for its widgets, Python answers meanwhile, else later; what
        # is seen is one of the places, whole.
        places = [np.roll(still, (step, step), axis=(0, 1)) for step in range(4)]
        assert any(np.array_equal(pixels(response), place) for place in places)
    expect(explorer.locator(".cnnlab-result")).to_contain_text("moved 3 right, 3 down")
    # The response map has followed exactly, and the digit has not moved twice.
    assert np.array_equal(pixels(response), np.roll(still, (3, 3), axis=(0, 1)))
    assert np.array_equal(pixels(digit), np.roll(at_rest, (3, 3), axis=(0, 1)))


def test_maps_are_read_under_the_pointer(lab: Lab) -> None:
    explorer = lab.show("x = TranslationExplorer(dx=3); x")
    pooled = explorer.locator("canvas").nth(2)
    box = pooled.bounding_box()
    pooled.hover(position={"x": box["width"] * 0.55, "y": box["height"] * 0.55})
    expected = lab.python(
        "from cnnlab.explore.numbers import short; print(short(x.output['pooled'][5, 5]))"
    )
    expect(explorer.locator(".cnnlab-reading")).to_have_text(
        f"pooled map 10×10, row 5, column 5: {expected}"
    )


def test_the_dense_networks_verdict_is_written_out(lab: Lab) -> None:
    explorer = lab.show("x = TranslationExplorer(digit=3, dx=5); x")
    expect(explorer).to_contain_text("dense network says 5")
    expect(explorer).to_contain_text("convolutional network says 3")
