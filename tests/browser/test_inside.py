"""InsideExplorer in JupyterLab: a digit is drawn by hand and by keys, a number is pointed at."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from cnnlab import data
from cnnlab.explore import InsideExplorer
from cnnlab.explore.inside import network
from cnnlab.explore.inside.network import LAYERS, TRAINED_ON, forward
from cnnlab.explore.inside.page import packed, program
from cnnlab.explore.inside.pen import drawn
from cnnlab.explore.page import STYLE
from tests.browser.lab import NARROW, Lab, expect
from tests.drawn_digits import many


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


# ---- On a page without Python


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: Any) -> Iterator[Any]:
    """The explorer on a page that is opened from disk, with the network off."""
    file = tmp_path_factory.mktemp("inside") / "page.html"
    last = "window.inside = { forward, drawn, Inside };"
    file.write_text(
        f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><div id=here></div>"
        f'<script type="module">{program()}\n{last}\n'
        f"await enliven(document.querySelector('#here'), {json.dumps(packed(InsideExplorer()))});"
        "document.querySelector('#here').dataset.ready = '';</script>",
        "utf-8",
    )
    with browser.new_context(offline=True) as context:
        opened = context.new_page()
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto(file.as_uri())
        opened.wait_for_selector("#here[data-ready]")
        yield opened
        assert errors == []


def test_the_page_computes_the_logits_of_scratch(page: Any) -> None:
    _, unseen = data.load("mnist-5k").split((TRAINED_ON,), seed=0)
    images = [unseen.images[i, 0] for i in range(0, 1000, 40)]
    drawings = [strokes for strokes, _ in many(3)][:25]
    assert len(images) == len(drawings) == 25
    wanted = [forward(each)["dense"].ravel() for each in [*images, *map(drawn, drawings)]]
    weights = {name: w.tolist() for name, w in network.weights().items()}
    found = page.evaluate(
        """([weights, images, drawings]) => [...images, ...drawings.map(inside.drawn)].map(
          (image) => inside.forward(weights, image).dense[0].flat())""",
        [weights, [each.tolist() for each in images], drawings],
    )
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter() if node.tag.endswith("text")]


def test_the_page_says_and_draws_what_python_does(page: Any) -> None:
    result = page.locator(".cnnlab-result")
    twin = InsideExplorer()
    for layer in LAYERS:
        page.locator("[data-control='layer'] select").select_option(index=LAYERS.index(layer))
        twin.layer = layer
        expect(result).to_have_text(repr(twin))
        width = page.evaluate("document.querySelector('.cnnlab-picture svg').viewBox.baseVal.width")
        drawing = page.evaluate("document.querySelector('.cnnlab-picture svg').outerHTML")
        assert texts(drawing) == texts(twin.draw(twin.stage(int(width))))


def test_a_digit_is_drawn_on_the_page(page: Any) -> None:
    page.set_viewport_size(NARROW)
    page.get_by_role("button", name="clear the pad").click()
    result = page.locator(".cnnlab-result")
    expect(result).to_contain_text("an empty pad")
    page.get_by_role("application", name="Drawing pad").focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", " ", *["Shift+ArrowDown"] * 4, " "):
        page.keyboard.press(key)
    expect(result).to_contain_text("your drawing: read as 1")
    page.locator("[data-cells='pool2:4']").scroll_into_view_if_needed()
    box = page.locator("[data-cells='pool2:4']").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.3 * box["height"])
    expect(page.locator(".cnnlab-reading")).to_contain_text("Pool2, map 4, row 1, column 2")
    page.get_by_role("button", name="undo").click()
    expect(result).to_contain_text("an empty pad")
    page.get_by_label("worked example").select_option("not a digit")
    expect(result).to_contain_text("your drawing: read as")
