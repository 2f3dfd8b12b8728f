"""UnrolledExplorer in JupyterLab: steps are walked, a message goes back, a word is typed."""

from tests.browser.lab import Lab, expect


def test_steps_are_walked_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = UnrolledExplorer(units=2); x")
    with lab.busy():
        explorer.locator("[data-key='step:0']").focus()
        reading = explorer.locator(".cnnlab-reading")
        expect(reading).to_contain_text("Step 1 reads h.")
        lab.page.keyboard.press("ArrowRight")
        expect(reading).to_contain_text("Step 2 reads e.")
        expect(explorer.locator(".is-output")).to_have_count(4)


def test_arrow_keys_move_the_step_and_backward_says_what_arrives_there(lab: Lab) -> None:
    explorer = lab.show("x = UnrolledExplorer(units=2); x")
    explorer.locator("[data-control='step'] input").press("ArrowLeft")
    result = explorer.locator(".cnnlab-result")
    expect(result).to_contain_text("step 2 reads e")
    explorer.get_by_label("direction").select_option("backward: message")
    expect(result).to_contain_text("its message to the state of step 2")
    expect(explorer.locator("[data-key^='size:']")).to_have_count(4)
    lab.agree(explorer, "print(x)")


def test_a_word_is_typed_and_a_wrong_one_has_a_way_out(lab: Lab) -> None:
    explorer = lab.show('x = UnrolledExplorer(show=["word", "units"]); x')
    word = explorer.locator("[data-control='word'] input")
    word.fill("hole")
    word.press("Enter")
    expect(explorer.locator("[data-key^='step:']")).to_have_count(3)
    word.fill("hallo")
    word.press("Enter")
    expect(explorer).to_contain_text("not 'hallo'")
    explorer.get_by_role("button", name="word hllo").click()
    expect(explorer.locator("[data-key^='step:']")).to_have_count(3)
    lab.says("x.word", "'hllo'")
