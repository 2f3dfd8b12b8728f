"""TextExplorer in JupyterLab: windows are walked, a sentence is typed, padding is left out."""

from tests.browser.lab import Lab, expect


def test_windows_are_walked_while_the_kernel_is_busy(lab: Lab) -> None:
    explorer = lab.show("x = TextExplorer(); x")
    with lab.busy():
        explorer.locator("[data-key='window:3,0']").focus()
        reading = explorer.locator(".cnnlab-reading")
        expect(reading).to_contain_text('Window 1 of 3 words, "I think it"')
        lab.page.keyboard.press("End")
        expect(reading).to_contain_text('"is not good": 1·0 + 1·1 + 1·1 − 1 = 1.')
        expect(explorer.locator("[data-key^='word:'].is-window")).to_have_count(3)
        expect(explorer.locator("[data-key='pooled:3'].is-output")).to_have_count(1)


def test_a_sentence_is_typed_and_a_short_one_has_a_way_out(lab: Lab) -> None:
    explorer = lab.show("x = TextExplorer(); x")
    sentence = explorer.locator("[data-control='sentence'] input")
    sentence.fill("this was never a good film")
    sentence.press("Enter")
    result = explorer.locator(".cnnlab-result")
    expect(result).to_contain_text('3 words: 1 ("never a good")')
    lab.agree(explorer, "print(x)")
    sentence.fill("never good")
    sentence.press("Enter")
    expect(explorer).to_contain_text("no window of more than 2 words fits")
    explorer.get_by_role("button", name="windows of at most 2 words").click()
    expect(result).to_contain_text('2 words: 1 ("never good")')
    lab.says("x.longest", "2")


def test_padding_wins_and_is_left_out(lab: Lab) -> None:
    explorer = lab.show("x = TextExplorer(example='padding wins', show=['masked']); x")
    result = explorer.locator(".cnnlab-result")
    expect(result).to_contain_text('2 words: 0.5 ("PAD PAD", first of 3)')
    explorer.get_by_label("leave out padding").check()
    expect(result).to_contain_text("4 masked padding tokens → 2 words: 0, 3 words: 0")
    lab.agree(explorer, "print(x)")
