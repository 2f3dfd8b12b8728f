"""The cells of ConvolutionExplorer under pointer and keyboard; OutputSizeExplorer's beside them."""

from typing import Any

import pytest

from tests.browser.lab import Lab, expect


def cell(explorer: Any, key: str) -> Any:
    return explorer.locator(f'[data-key="{key}"]')


def marked(explorer: Any, role: str) -> set[str]:
    """Keys of the cells that carry a mark."""
    found: list[str] = explorer.locator(f".is-{role}").evaluate_all(
        "nodes => nodes.map((node) => node.dataset.key)"
    )
    return set(found)


def reading(explorer: Any) -> Any:
    return explorer.locator(".cnnlab-reading")


def focused_key(lab: Lab) -> str:
    return str(lab.page.evaluate("document.activeElement.dataset.key"))


def plane(name: str, rows: range, columns: range, first: str = "0") -> set[str]:
    return {f"{name}:{first},{row},{column}" for row in rows for column in columns}


def test_hovering_an_output_marks_its_window_and_writes_its_sum(lab: Lab) -> None:
    explorer = lab.show("ConvolutionExplorer()")
    with lab.busy():
        cell(explorer, "output:0,1,2").hover()
        expect(reading(explorer)).to_have_text(
            "Output row 1, column 2: 3·1 + 0·0 + 4·(−1) + 0·1 + 5·0 + 3·(−1) + 4·1 + 3·0 "
            "+ 2·(−1) + 0 = −2"
        )
        assert marked(explorer, "window") == plane("input", range(1, 4), range(2, 5))
        weights = plane("kernel", range(3), range(3), "0,0")
        assert marked(explorer, "weight") == weights | {"bias:0"}
        assert marked(explorer, "here") == {"output:0,1,2"}


def test_hovering_backwards_marks_every_output(lab: Lab) -> None:
    explorer = lab.show("ConvolutionExplorer(stride=2)")
    with lab.busy():
        cell(explorer, "input:0,2,2").hover()
        assert marked(explorer, "output") == plane("output", range(2), range(2))
        expect(reading(explorer)).to_contain_text("goes into 4 outputs")
        cell(explorer, "kernel:0,0,1,1").hover()
        assert marked(explorer, "output") == plane("output", range(3), range(3))
        assert marked(explorer, "window") == plane("input", range(1, 6, 2), range(1, 6, 2))
        expect(reading(explorer)).to_contain_text("one number, shared by 9 outputs")
        # Away from all cells, what is selected is marked again.
        lab.page.mouse.move(0, 0)
        assert marked(explorer, "here") == {"output:0,0,0"}


def test_a_pixel_that_no_window_reads_says_so(lab: Lab) -> None:
    explorer = lab.show("ConvolutionExplorer(stride=3)")
    cell(explorer, "input:0,6,6").hover()
    expect(reading(explorer)).to_contain_text("no output reads it, so it changes nothing")
    assert marked(explorer, "output") == set()
    expect(explorer.locator("svg")).to_contain_text("dropped")


def test_arrow_keys_walk_and_python_hears(lab: Lab) -> None:
    explorer = lab.show("x = ConvolutionExplorer(padding=1); x")
    cell(explorer, "output:0,0,0").focus()
    with lab.busy():
        for key, place in [
            ("ArrowRight", "0,1"), ("ArrowDown", "1,1"), ("End", "1,6"), ("PageDown", "6,6"),
            ("ArrowRight", "6,6"), ("Home", "6,0"), ("PageUp", "0,0"), ("ArrowLeft", "0,0"),
            ("ArrowDown", "1,0"),
        ]:  # fmt: skip
            lab.page.keyboard.press(key)
            assert focused_key(lab) == f"output:0,{place}"
        expect(reading(explorer)).to_contain_text("Output row 1, column 0: 0·1")
        assert "input:0,0,-1" in marked(explorer, "window")
    lab.says("x.selected", "'output:0,1,0'")
    lab.python("x.selected = 'kernel:0,0,0,0'")
    expect(reading(explorer)).to_contain_text("Weight row 0, column 0 = 1")


def test_each_grid_is_one_tab_stop_and_remembers_its_place(lab: Lab) -> None:
    explorer = lab.show("ConvolutionExplorer()")
    names = explorer.get_by_role("grid").evaluate_all("g => g.map((grid) => grid.ariaLabel)")
    assert [name.split()[0] for name in names] == ["input", "kernel", "bias", "output"]
    cell(explorer, "input:0,0,0").focus()
    lab.page.keyboard.press("ArrowDown")
    keys = []
    for _ in range(3):
        lab.page.keyboard.press("Tab")
        keys.append(focused_key(lab))
    assert keys == ["kernel:0,0,0,0", "bias:0", "output:0,0,0"]
    for _ in range(3):
        lab.page.keyboard.press("Shift+Tab")
    assert focused_key(lab) == "input:0,1,0"


def test_step_play_and_scrub_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = ConvolutionExplorer(); x")
    scrub = explorer.locator(".cnnlab-player input")

    def press(name: str) -> None:
        explorer.get_by_role("button", name=name, exact=True).click()

    with lab.busy():
        press("step")
        assert marked(explorer, "here") == {"output:0,0,1"}
        press("step back")
        press("step back")
        assert marked(explorer, "here") == {"output:0,4,4"}
        scrub.fill("7")
        assert marked(explorer, "here") == {"output:0,1,2"}
        press("play")
        cell_after = cell(explorer, "output:0,1,4").and_(explorer.locator(".is-here"))
        cell_after.wait_for()
        press("pause")
        stopped = scrub.input_value()
        assert int(stopped) >= 9
    lab.says("x.selected.startswith('output:0,1,')", "True")


def test_play_goes_one_step_at_a_time_when_motion_is_reduced(lab: Lab) -> None:
    lab.calm()
    explorer = lab.show("ConvolutionExplorer()")
    play = explorer.get_by_role("button", name="play", exact=True)
    play.click()
    play.click()  # it has not become "pause"
    assert marked(explorer, "here") == {"output:0,0,2"}


@pytest.mark.parametrize("start", ["Enter", "F2", "double click", "7"])
def test_a_number_is_typed_into_its_cell(lab: Lab, start: str) -> None:
    explorer = lab.show("x = ConvolutionExplorer(); x")
    weight = cell(explorer, "kernel:0,0,1,1")
    if start == "double click":
        weight.dblclick()
    else:
        weight.focus()
        lab.page.keyboard.press(start)
    field = explorer.get_by_role("textbox")
    if start == "7":
        expect(field).to_have_value("7")
    else:
        field.fill("−2.5")
    lab.page.keyboard.press("Enter")
    expect(field).to_have_count(0)
    assert focused_key(lab) == "kernel:0,0,1,1"
    value = "7" if start == "7" else "-2.5"
    expect(weight.locator("text")).to_have_text(value.replace("-", "−"))
    lab.says("float(x.kernel[0, 0, 1, 1])", str(float(value)))
    assert focused_key(lab) == "kernel:0,0,1,1"


def test_what_is_not_a_number_is_refused_and_nothing_is_lost(lab: Lab) -> None:
    explorer = lab.show("x = ConvolutionExplorer(padding=1); x")
    cell(explorer, "input:0,0,0").focus()
    lab.page.keyboard.press("Enter")
    field = explorer.get_by_role("textbox")
    field.fill("two")
    lab.page.keyboard.press("Enter")
    expect(reading(explorer)).to_contain_text("“two” is not a number")
    expect(field).to_have_value("two")
    lab.page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    assert focused_key(lab) == "input:0,0,0"
    # Neither padding nor outputs are edited.
    for key in ("input:0,-1,-1", "output:0,0,0"):
        cell(explorer, key).focus()
        lab.page.keyboard.press("Enter")
        expect(field).to_have_count(0)
    lab.says("x.values", "{}")


def test_an_edit_made_while_the_kernel_is_busy_arrives(lab: Lab) -> None:
    explorer = lab.show("x = ConvolutionExplorer(); x")
    with lab.busy():
        cell(explorer, "bias:0").focus()
        lab.page.keyboard.press("5")
        lab.page.keyboard.press("Enter")
        expect(cell(explorer, "bias:0").locator("text")).to_have_text("5")
    expect(reading(explorer)).to_contain_text("Bias = 5")
    lab.says("x.bias", "array([5.])")


def test_a_worked_example_is_one_choice_away(lab: Lab) -> None:
    explorer = lab.show("x = ConvolutionExplorer(); x")
    explorer.get_by_label("worked example").select_option("RGB: 308 − 498 + 164 + 1 = −25")
    expect(explorer.locator(".cnnlab-result")).to_contain_text("input 3×2×2, kernel 3×3")
    cell(explorer, "output:0,0,0").hover()
    expect(reading(explorer)).to_contain_text("308 − 498 + 164 + 1 = −25")
    for name, words in {"sum:0,1": "−498", "total:0": "+ 1 = −25"}.items():
        expect(explorer.locator(f'[data-slot="{name}"]')).to_have_text(words)
    expect(explorer.get_by_label("top")).to_have_value("1")
    expect(explorer.get_by_label("padding", exact=True)).to_be_hidden()
    explorer.get_by_role("slider", name="stride").press("ArrowRight")
    expect(explorer.get_by_label("worked example")).to_have_value("own numbers")


def test_bad_settings_are_explained_and_taken_back(lab: Lab) -> None:
    explorer = lab.show("x = ConvolutionExplorer(size=3, kernel_size=7); x")
    expect(explorer.locator(".cnnlab-result")).to_contain_text("kernel 7 does not fit height 3")
    expect(explorer.locator(".cnnlab-player")).to_be_hidden()
    explorer.get_by_label("kernel size").fill("2")
    expect(cell(explorer, "output:0,1,1")).to_be_visible()
    expect(explorer.locator(".cnnlab-player")).to_be_visible()


def test_windows_and_pixels_of_output_size(lab: Lab) -> None:
    explorer = lab.show("OutputSizeExplorer(stride=3)")
    with lab.busy():
        cell(explorer, "window:1").hover()
        assert marked(explorer, "window") == {"input:3", "input:4", "input:5"}
        cell(explorer, "input:6").hover()
        expect(reading(explorer)).to_contain_text("Pixel 6: read by window 2")
    explorer.get_by_text("code", exact=True).click()
    expect(explorer.locator("details")).to_contain_text("keras.layers.Conv2D")
    expect(explorer.locator("details")).to_contain_text("torch.nn.Conv2d")


def test_an_untouched_number_keeps_all_its_digits(lab: Lab) -> None:
    explorer = lab.show("x = ConvolutionExplorer(values={'bias:0': 0.123456}); x")
    weight = cell(explorer, "bias:0")
    expect(weight.locator("text")).to_have_text("0.123")
    weight.focus()
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.press("Enter")
    assert focused_key(lab) == "bias:0"
    lab.says("x.bias", "array([0.123456])")
