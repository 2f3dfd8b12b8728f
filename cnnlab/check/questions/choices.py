"""Questions of the bank: multiple choice with a reason for each wrong choice, and words."""

import re
from typing import Any

from cnnlab.check.core.answers import kind, members, read, unanswered
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.questions import (
    ChoiceQuestion,
    GivenQuestion,
    Question,
    Shown,
    WordsQuestion,
    find,
)


def ask(question: str, **numbers: Any) -> Question:
    """Show a question of the bank.

    Parameters
    ----------
    question : str
        Its name, such as "05-max-pool-padding".
    **numbers
        Numbers that :func:`cnnlab.check.variant` has drawn for it; those of the bank if left out.

    Returns
    -------
    Question
        A card in JupyterLab, lines of text elsewhere; it does not show what is right.

    Raises
    ------
    KeyError, ValueError
        If there is no such question, or it has no numbers to draw.

    Examples
    --------
    >>> ask("00-order-of-axes")
    In which order does the course write the axes of a batch of images?
      a) Batch, height, width, channels.
      b) Batch, channels, height, width.
      c) Channels, batch, height, width.
    """
    known = find(question, Question).asked(**numbers)
    return Shown(known.name, known.prompt, tuple(known.choices.items()))


def given(question: str) -> Any:
    """Give the arrays that a step works on, fresh each time.

    A test cell asks for them again, so that it does not depend on a name that may hold
    something else by then.

    Parameters
    ----------
    question : str
        Its name, such as "05-image".

    Returns
    -------
    number, (N,) array or (H, W) array, or tuple of such
        Fresh copies: whoever changes them changes nobody else's.

    Raises
    ------
    KeyError
        If there is no such question.

    Examples
    --------
    >>> dy, x = given("05-way-back")
    >>> dy
    array([[10, 20],
           [30, 40]])
    """
    import numpy as np  # only here: most questions need no arrays

    arrays = tuple(np.array(rows) for rows in find(question, GivenQuestion).arrays)
    return arrays if len(arrays) > 1 else arrays[0]


@check
def choice(answer: Any, question: str, *, mended: Result | None = None) -> Result:
    """Check a multiple-choice question of the bank; each wrong choice gets a reason.

    Parameters
    ----------
    answer : object
        The student's letter, such as "b", or several, such as "ac" or ("a", "c"); ``...`` or
        ``None`` while there is none.
    question : str
        Name of the question, see :func:`ask`.
    mended : Result, optional
        Where the question asks for a diagnosis: what another check says of the mended code. The
        step passes if both are right.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Whatever the answer is; no answer raises.

    Raises
    ------
    KeyError
        If there is no such question.

    Examples
    --------
    >>> choice("a", "00-order-of-axes")
    ✗ not yet: a) Batch, height, width, channels. So does Keras; the course goes with PyTorch.
    >>> from cnnlab import check
    >>> choice("b", "00-order-of-axes", mended=check.output_size(..., size=7, kernel_size=3))
    ○ to do: The diagnosis is right; now the code: output size of input 7, kernel 3, ...
    """
    known = find(question, ChoiceQuestion)
    place = f"letter{'s' if len(known.right) > 1 else ''}, {_letters(known)},"
    chosen = read(answer, known.prompt, place, lambda given: _chosen(given, known))
    if isinstance(chosen, Result):
        return chosen
    if chosen == known.right and mended is not None and not mended:
        text = f"The diagnosis is right; now the code: {mended.message}"
        return Result(mended.status, text, mended.hint)
    if chosen == known.right:
        return Result("pass", _joined([known.choices[letter] for letter in sorted(chosen)]))
    if len(known.right) == 1 and len(chosen) > 1:
        return Result("fail", "This question has one answer.", "Choose one letter.")
    wrong = sorted(chosen - known.right)
    if not wrong:
        return Result("fail", "What you chose is right, but it is not all.", "Look once more.")
    option = known.by_letter[wrong[0]]
    text = option.text if option.text.endswith((".", "?")) else f"{option.text}:"
    return Result("fail", f"{wrong[0]}) {text} {option.wrong}")


def _joined(sentences: list[str]) -> str:
    """Sentences as one: "One is true; another is true, too."."""
    first, *rest = (sentence.removesuffix(".") for sentence in sentences)
    joined = "; ".join([first, *(text[:1].lower() + text[1:] for text in rest)])
    return joined if joined.endswith("?") else f"{joined}."


def _letters(known: ChoiceQuestion) -> str:
    return " or ".join([", ".join([*known.choices][:-1]), [*known.choices][-1]])


# What people write around and between their letters: "A and B", "answer: b", "it's only c".
_AROUND = {
    *("and", "answer", "answers", "are", "both", "choice", "choose", "correct", "i", "is", "it"),
    *("letter", "letters", "my", "only", "option", "options", "plus", "right", "s", "the"),
}


def _chosen(answer: Any, known: ChoiceQuestion) -> frozenset[str] | Result:
    parts = members(answer, (list, tuple, set, frozenset))
    parts = [_plain(answer)] if parts is None else list(map(_plain, parts))
    if not all(issubclass(type(part), str) for part in parts):
        says = f"the answer is a letter, this is {kind(answer)}."
        return Result("fail", says, f"Choose {_letters(known)}, in quotes.")
    text = " ".join(map(str.lower, parts))
    copied = [letter for letter, option in known.choices.items() if _words(option) in _words(text)]
    words = [] if copied else _words(text).split()
    around = _AROUND - set(known.choices)
    letters = frozenset(copied) | frozenset("".join(word for word in words if word not in around))
    if not letters or not letters <= set(known.choices):
        return Result("fail", f"the answer is a letter, {_letters(known)}.", "Choose among these.")
    return letters


def _plain(part: Any) -> Any:
    """A text that NumPy holds, as a text."""
    return part.item() if type(part).__module__ == "numpy" and part.size == 1 else part


def _words(text: str) -> str:
    """A text without what stands between its words."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


_MACHINE = (
    "A program looked for words only and counts nothing: read the lecture's answer beside yours."
)


def words(answer: Any, question: str) -> Result:
    """Look through a short answer in words, for self-study only.

    A program that finds words does not know what a sentence says. So this is no step of a
    lab, never counts, and never raises.

    Parameters
    ----------
    answer : object
        The student's sentence or two; ``...``, ``None`` or "" while there is none.
    question : str
        Name of the question, see :func:`ask`.

    Returns
    -------
    Result
        "pass" if all ideas are touched on, and a nudge towards the first that is not.

    Raises
    ------
    KeyError
        If there is no such question.

    Examples
    --------
    >>> words("Otherwise the maps would shrink with every layer.", "05-why-padding")
    ✗ not yet: Some of it is there. Which pixels lie in fewer windows than others? Hint: A \
program looked for words only and counts nothing: read the lecture's answer beside yours.
    """
    known = find(question, WordsQuestion)
    if unanswered(answer) or (type(answer) is str and not answer.strip()):
        return Result("todo", known.prompt, "Write a sentence or two in quotes.")
    if not issubclass(type(answer), str):
        return Result("fail", f"the answer is a sentence, this is {kind(answer)}.")
    text = str.lower(answer)
    missing = [idea for idea in known.ideas if not _touches(text, idea.words)]
    if missing:
        some = "Some of it is there. " if len(missing) < len(known.ideas) else ""
        return Result("fail", f"{some}{missing[0].nudge}", _MACHINE)
    if len(text.split()) < 5:
        return Result("fail", "These are words, not yet a sentence.", _MACHINE)
    return Result("pass", "your words touch on all that was looked for.", _MACHINE)


def _touches(text: str, beginnings: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}", text) for word in beginnings)
