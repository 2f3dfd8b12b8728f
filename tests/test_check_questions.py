"""The bank: every wrong choice has a reason, and no display shows what is right."""

import re

import numpy as np
import pytest

from cnnlab import check
from cnnlab.check.questions import ChoiceQuestion, NumberQuestion, Question, WordsQuestion, names
from cnnlab.check.questions import find as look_up

BANK = [look_up(name, Question) for name in names()]
CHOICES = [question for question in BANK if isinstance(question, ChoiceQuestion)]
NUMBERS = [question for question in BANK if isinstance(question, NumberQuestion)]


def name_of(question):
    return question.name


def test_names_are_unique_and_begin_with_their_lab():
    assert len(set(names())) == len(names())
    assert all(re.fullmatch(r"\d\d(-[a-z]+)+", name) for name in names())


@pytest.mark.parametrize("question", CHOICES, ids=name_of)
def test_right_letters_pass_and_each_wrong_one_gets_its_own_reason(question):
    assert check.choice("".join(question.right), question.name)
    assert check.choice(set(question.right), question.name)
    assert check.choice(tuple(letter.upper() for letter in question.right), question.name)
    reasons = set()
    for letter in set(question.choices) - question.right:
        result = check.choice(f" {letter}) ", question.name)
        assert result.status == "fail"
        assert question.by_letter[letter].wrong in result.message
        reasons.add(question.by_letter[letter].wrong)
        for right in question.right:
            assert question.by_letter[right].text not in repr(result)
    assert len(reasons) == len(question.choices) - len(question.right)
    assert question.right


@pytest.mark.parametrize("question", CHOICES, ids=name_of)
def test_choosing_everything_or_too_little_fails(question):
    everything = check.choice("".join(question.choices), question.name)
    assert everything.status == "fail"
    assert len(question.right) == 1 or "Choose" in question.prompt
    if len(question.right) > 1:
        first = min(question.right)
        assert "it is not all" in check.choice(first, question.name).message
    else:
        assert "has one answer" in everything.message


def test_a_diagnosis_passes_with_the_mended_code_alone():
    question = look_up("06-labels-twice", ChoiceQuestion)
    (right,) = question.right

    def twice(labels, classes):
        return np.eye(classes)[np.eye(classes, dtype=int)[labels]]

    def once(labels, classes):
        return np.eye(classes)[labels]

    def judged(letter, encode):
        return check.choice(letter, question.name, mended=check.function(encode, "one_hot"))

    assert judged(right, once)
    result = judged(right, twice)
    assert result.status == "fail"
    assert "diagnosis is right; now the code" in result.message
    assert "encoded twice" in result.message
    assert judged(right, ...).status == "todo"
    assert judged(..., once).status == "todo"
    for letter in set(question.choices) - question.right:
        assert question.by_letter[letter].wrong in judged(letter, once).message


def test_the_right_letter_cannot_be_guessed_from_its_place():
    places = [
        letter for question in CHOICES if len(question.right) == 1 for letter in question.right
    ]
    assert max(places.count(letter) for letter in "abcd") <= len(places) // 2
    assert len(set(places)) == 4


def test_a_choice_and_what_is_said_of_it_are_told_apart():
    assert ") Network: There is one" in check.choice("d", "13-poster-missing").message
    assert check.choice("b", "13-question").message.endswith("better than their mean does?")


@pytest.mark.parametrize("answer", ["", "e", "yes", 1, 0, True, [1], {"a": 1}, [], "a z"])
def test_what_is_no_letter_gets_a_sentence(answer):
    result = check.choice(answer, "05-max-pool-padding")
    assert result.status == "fail"
    assert "the answer is a letter" in result.message


@pytest.mark.parametrize("question", BANK, ids=name_of)
def test_a_question_shows_what_is_asked_and_no_more(question):
    shown = repr(check.ask(question.name)) + check.ask(question.name)._repr_html_()
    assert question.prompt in shown.replace("&#x27;", "'")
    for text in question.choices.values():
        assert text in repr(question)
    for option in getattr(question, "options", ()):
        assert not option.wrong or option.wrong not in shown
    assert "Option(" not in shown


@pytest.mark.parametrize("question", NUMBERS, ids=name_of)
def test_right_numbers_pass_and_are_not_told(question):
    value = question.value()
    assert check.number(value, question.name)
    assert check.number(float(f"{value:.3g}"), question.name)
    shown = f"{value:.3g}"
    for answer in (..., -value, value / 2, value * 3, 10 * value, "x"):
        result = check.number(answer, question.name)
        assert result.status == ("todo" if answer is ... else "fail")
        assert shown not in repr(result)


@pytest.mark.parametrize("question", NUMBERS, ids=lambda question: question.name)
def test_each_wrong_number_gets_its_own_sentence(question):
    for misconception in question.wrong:
        answer = misconception.model(None)
        alike = [m.sentence for m in question.wrong if m.model(None) == answer]
        assert check.number(answer, question.name).message in alike


@pytest.mark.parametrize("answer", [1, 100])
def test_a_whole_is_no_rounded_share(answer):
    assert "rounded" not in repr(check.number(answer, "13-always-no"))


def test_words_are_looked_for_and_said_to_count_nothing():
    question = look_up("05-why-padding", WordsQuestion)
    both = "Maps would shrink, and pixels at the border would count less."
    assert check.words(both, question.name)
    for answer in (both, "Because.", "maps shrink", "shrink border"):
        assert "counts nothing" in check.words(answer, question.name).hint
    assert check.words("shrink border", question.name).message.startswith("These are words")
    assert check.words("Because.", question.name).message == question.ideas[0].nudge
    assert "Some of it" in check.words("the borders are cut off there", question.name).message
    assert [check.words(answer, question.name).status for answer in (..., None, " ")] == [
        "todo"
    ] * 3
    assert check.words(5, question.name).status == "fail"


def test_words_are_never_a_step():
    with pytest.raises(TypeError, match="step"):
        check.words("x", "05-why-padding", step="1")
    with check.strict():
        assert not check.words("x", "05-why-padding")


def test_a_shown_question_holds_no_answer():
    for name in names():
        shown = check.ask(name)
        assert set(vars(shown)) == {"name", "prompt", "letters"}
        assert not {"right", "options", "by_letter", "value", "wrong", "ideas"} & set(dir(shown))
