"""FilterExplorer in JupyterLab: pixels are read, chosen and coloured, files are taken in."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.lab import Lab, expect

# Small enough that one picture's pixel is many of the screen's.
SMALL = """
image = np.linspace(-1, 1, 96).reshape(8, 12) ** 2
x = FilterExplorer(image=image, padding=1, show=["preset", "angle", "own_photo"])
x
"""


@pytest.fixture
def small(lab: Lab) -> Any:
    lab.python("import numpy as np")
    return lab.show(SMALL)


def canvas(explorer: Any, number: int) -> Any:
    """The photograph (0) or the response (1)."""
    return explorer.locator("canvas").nth(number)


def place(picture: Any, row: int, column: int) -> dict[str, float]:
    """Middle of a pixel, as a position in the element."""
    size = picture.evaluate("c => [c.clientWidth / c.width, c.clientHeight / c.height]")
    return {"x": (column + 0.5) * size[0], "y": (row + 0.5) * size[1]}


def value(lab: Lab, row: int, column: int) -> str:
    """The response there, as people read it."""
    return lab.python(
        f"from cnnlab.explore.numbers import short; print(short(x.output[{row}, {column}]))"
    )


def test_the_pointer_reads_values_while_the_kernel_is_busy(lab: Lab, small: Any) -> None:
    reading, response = small.locator(".cnnlab-reading"), canvas(small, 1)
    expected = value(lab, 3, 7)
    with lab.busy():
        response.hover(position=place(response, 3, 7))
        expect(reading).to_contain_text(f"response 8×12, row 3, column 7: {expected}, made from")
        expect(reading).to_contain_text("rows 2 to 4, columns 6 to 8")
        window = small.locator(".cnnlab-window")
        expect(window).to_be_visible()
        # It lies over rows 2 to 4 and columns 6 to 8 of the photograph.
        photo, box = canvas(small, 0).bounding_box(), window.bounding_box()
        assert abs((box["x"] - photo["x"]) / photo["width"] - 6 / 12) < 0.01
        assert abs((box["y"] - photo["y"]) / photo["height"] - 2 / 8) < 0.01
        assert abs(box["width"] / photo["width"] - 3 / 12) < 0.01
        lab.page.mouse.move(0, 0)
        expect(window).to_be_hidden()
        expect(reading).to_contain_text("Point at a picture")


def test_arrow_keys_read_values_while_the_kernel_is_busy(lab: Lab, small: Any) -> None:
    reading, response = small.locator(".cnnlab-reading"), canvas(small, 1)
    with lab.busy():
        response.focus()
        expect(reading).to_contain_text("row 4, column 6:")
        for key, row, column in (
            ("ArrowLeft", 4, 5),
            ("ArrowUp", 3, 5),
            ("Shift+ArrowRight", 3, 11),
            ("Home", 3, 0),
            ("PageDown", 7, 0),
            ("ArrowDown", 7, 0),
            ("End", 7, 11),
        ):
            response.press(key)
            expect(reading).to_contain_text(f"row {row}, column {column}:")


def test_enter_writes_the_sum_out(lab: Lab, small: Any) -> None:
    response = canvas(small, 1)
    response.focus()
    response.press("ArrowLeft")
    response.press("Enter")
    expect(small).to_contain_text("response[4, 5] = ")
    lab.says("x.selected", "'response:4,5'")
    response.click(position=place(response, 2, 3))
    expect(small).to_contain_text("response[2, 3] = ")


def test_colours_are_those_of_the_scale(lab: Lab, small: Any) -> None:
    expected = lab.python(
        "from cnnlab.explore.images import colored; s = x.scene.images['response']; "
        "colored(x.output, s['low'], s['high'], s['colors']).ravel().tolist()"
    )
    drawn = canvas(small, 1).evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    )
    drawn = np.array(drawn).reshape(-1, 4)
    assert (drawn[:, 3] == 255).all()
    assert np.abs(drawn[:, :3].ravel() - eval(expected)).max() <= 2
    lab.agree(
        small.locator("svg"),
        "from cnnlab.explore.numbers import short; print(short(x.scene.response.low))",
    )


def test_the_newest_kernel_wins(lab: Lab, small: Any) -> None:
    small.get_by_role("combobox", name="kernel", exact=True).select_option("gabor")
    expect(small.locator("[data-key^='kernel:']")).to_have_count(25)
    angle = small.get_by_label("angle in degrees")
    with lab.busy():
        for _ in range(5):
            angle.press("ArrowRight")
    expect(small).to_contain_text("gabor 5×5")
    lab.says("x.angle", "25")
    lab.agree(small.locator(".cnnlab-result"), "print(x)")


def test_a_weight_is_typed_into_its_cell(lab: Lab, small: Any) -> None:
    cell = small.locator("[data-key='kernel:1,1']")
    cell.focus()
    lab.page.keyboard.press("Enter")
    small.locator("input.cnnlab-field").fill("-2.5")
    lab.page.keyboard.press("Enter")
    expect(small.get_by_role("combobox", name="kernel", exact=True)).to_have_value("custom")
    expect(cell).to_contain_text("−2.5")
    lab.says("x.kernel.tolist()[1]", "[-2.0, -2.5, 2.0]")


def png(image: Image.Image, name: str) -> dict[str, Any]:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": stream.getvalue()}


def test_ones_own_file_is_taken_in_and_scaled(lab: Lab) -> None:
    explorer = lab.show("x = FilterExplorer(); x")
    chooser, result = (
        explorer.get_by_label("a picture of your own"),
        explorer.locator(".cnnlab-result"),
    )
    red = Image.new("RGB", (1024, 256), (255, 0, 0))
    kinds = {
        "grey": (red.convert("L").resize((24, 16)), "16×24", "0.298"),
        "palette": (red.convert("P").resize((30, 20)), "20×30", "0.299"),
        "clear": (Image.new("RGBA", (20, 20), (255, 0, 0, 0)), "20×20", "1.0"),
        "cat": (red, "128×512", "0.299"),
        "huge": (red.resize((4000, 3000)), "384×512", "0.299"),
    }
    for name, (image, shape, value) in kinds.items():
        chooser.set_input_files(png(image, f"{name}.png"))
        expect(result).to_contain_text(f"{name}.png {shape}, sobel-x 3×3")
        lab.says("print(x.image.min().round(3), x.image.max().round(3))", f"{value} {value}")
    expect(explorer.get_by_role("combobox", name="photograph")).to_have_value("your own")


def test_what_is_no_image_is_refused_in_words_that_stay(
    lab: Lab, small: Any, tmp_path: Path
) -> None:
    before = lab.python("print(x)")
    chooser = small.get_by_label("a picture of your own")
    expect(chooser).to_have_css("opacity", "0")  # what is seen is ours
    refusal = small.locator(".cnnlab-refusal[role=status]")  # read out
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"not an image"}
    huge = tmp_path / "huge.png"
    with huge.open("wb") as stream:
        stream.truncate(51_000_000)
    for file, words in (
        (note, "note.txt is not an image this browser can read."),
        (huge, "huge.png is larger than 50 MB. Choose a smaller file."),
    ):
        chooser.set_input_files(file)
        expect(refusal).to_have_text(words)
    canvas(small, 0).hover()
    lab.page.keyboard.press("Tab")
    lab.says("print(x)", before)
    expect(refusal).to_have_text(words)
    small.get_by_role("combobox", name="kernel", exact=True).select_option("gabor")
    expect(refusal).to_have_text("")


def test_what_does_not_fit_is_said_and_mended(lab: Lab, small: Any) -> None:
    lab.python("x.stride = 0")
    expect(small).to_contain_text("stride must be at least 1, not 0.")
    expect(canvas(small, 1)).to_be_hidden()
    lab.python("x.stride = 2")
    expect(canvas(small, 1)).to_be_visible()
    expect(small.locator(".cnnlab-result")).to_contain_text("→ 4×6")
