"""Kinds of questions, and how one is found by its name. Displays show what is asked, no more."""

import importlib
import pkgutil
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import in_html


@dataclass(frozen=True, repr=False)
class Question:
    """What is asked; a card in JupyterLab, lines of text elsewhere.

    Parameters
    ----------
    name : str
        Number of the lab, a dash, and a word or two.
    prompt : str
        The question.
    """

    name: str
    prompt: str

    @property
    def choices(self) -> dict[str, str]:
        """Letters and what they stand for, if there is something to choose from."""
        return {}

    def asked(self, **numbers: Any) -> "Question":
        """The same question with these numbers, if it has some that are drawn.

        Raises
        ------
        ValueError
            If it has none.
        """
        if numbers:
            raise ValueError(
                f"question {self.name!r} has no numbers to draw, not {', '.join(numbers)}. "
                "Leave them out."
            )
        return self

    def __repr__(self) -> str:
        return "\n".join(
            [self.prompt, *(f"  {letter}) {text}" for letter, text in self.choices.items())]
        )

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{in_html(text)}</li>" for text in self.choices.values())
        choices = f'<ol style="list-style-type: lower-alpha">{items}</ol>' if items else ""
        return f"<p>{in_html(self.prompt)}</p>{choices}"


@dataclass(frozen=True, repr=False)
class Shown(Question):
    """A question as learners see it: no attribute holds what is right.

    Parameters
    ----------
    name, prompt : str
        As for :class:`Question`.
    letters : tuple of (str, str)
        Letters and what they stand for.
    """

    letters: tuple[tuple[str, str], ...] = ()

    @property
    def choices(self) -> dict[str, str]:
        return dict(self.letters)


@dataclass(frozen=True)
class Option:
    """One choice; what is wrong with it, or nothing if it is right."""

    text: str
    wrong: str = ""


@dataclass(frozen=True, repr=False)
class ChoiceQuestion(Question):
    """A question with options, of which one or several are right.

    Parameters
    ----------
    name, prompt : str
        As for :class:`Question`.
    options : tuple of Option
        In the order of their letters.
    """

    options: tuple[Option, ...] = ()

    @property
    def choices(self) -> dict[str, str]:
        return {letter: option.text for letter, option in self.by_letter.items()}

    @property
    def by_letter(self) -> dict[str, Option]:
        """Options by letter."""
        return dict(zip(string.ascii_lowercase, self.options, strict=False))

    @property
    def right(self) -> frozenset[str]:
        """Letters of the right options."""
        return frozenset(letter for letter, option in self.by_letter.items() if not option.wrong)


def told(*rows: tuple[float, str]) -> tuple[Misconception[None], ...]:
    """Wrong numbers by themselves, each with the sentence that it deserves, likeliest first.

    Examples
    --------
    >>> [row.sentence for row in told((0.1, "This is the probability."))]
    ['This is the probability.']
    """
    return tuple(
        Misconception(f"{number:g}", lambda _, number=number: number, sentence)
        for number, sentence in rows
    )


@dataclass(frozen=True, repr=False)
class NumberQuestion(Question):
    """A question with one number for an answer.

    Parameters
    ----------
    name, prompt : str
        As for :class:`Question`.
    value : callable
        Computes the number.
    unit : str
        What it counts.
    tolerance : float
        Relative error that passes.
    wrong : tuple of Misconception
        Wrong computations, without arguments, and the sentence each deserves.
    hint : str
        What to think of where nothing explains the answer; its unit if empty.
    draws : mapping of str to sequence
        Numbers of the question that may be drawn for a student, by name; see :func:`vary`.
    asks : callable, optional
        Asks the same with the numbers that it is given.
    """

    value: Callable[[], float] = float
    unit: str = ""
    tolerance: float = 0.005
    wrong: tuple[Misconception[None], ...] = ()
    hint: str = ""
    draws: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    asks: "Callable[..., NumberQuestion] | None" = None

    def asked(self, **numbers: Any) -> "NumberQuestion":
        if numbers and self.asks is not None:
            return self.asks(**numbers)
        return super().asked(**numbers)  # type: ignore[return-value]


def vary(asks: Callable[..., NumberQuestion], **draws: Sequence[Any]) -> NumberQuestion:
    """Ask each student with other numbers; :func:`cnnlab.check.variant` draws them.

    Parameters
    ----------
    asks : callable
        Makes the question from its numbers; those that it has by default are in the bank.
    **draws
        What each number may be. Those with which two slips, or a slip and the right answer, come
        to the same are left out.

    Examples
    --------
    >>> def double(size=4):
    ...     return NumberQuestion("00-double", f"Twice {size}?", lambda: 2 * size)
    >>> vary(double, size=range(3, 9)).asked(size=7)
    Twice 7?
    """
    return replace(asks(), draws=draws, asks=asks)


@dataclass(frozen=True, repr=False)
class GivenQuestion(Question):
    """Arrays to work on with a pencil.

    Parameters
    ----------
    name, prompt : str
        As for :class:`Question`.
    arrays : tuple of lists
        Rows of numbers, lists of numbers, or single numbers.
    """

    arrays: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Idea:
    """Something that an answer in words should touch on.

    Parameters
    ----------
    words : tuple of str
        Beginnings of words, one of which shows that the idea is there.
    nudge : str
        A question that leads to it.
    """

    words: tuple[str, ...]
    nudge: str


@dataclass(frozen=True, repr=False)
class WordsQuestion(Question):
    """A question to answer in one's own words.

    Parameters
    ----------
    name, prompt : str
        As for :class:`Question`.
    ideas : tuple of Idea
        What an answer should touch on.
    """

    ideas: tuple[Idea, ...] = ()


Q = TypeVar("Q", bound=Question)


def names() -> list[str]:
    """Names of all questions in the bank.

    Examples
    --------
    >>> "05-max-pool-padding" in names()
    True
    """
    package = importlib.import_module("cnnlab.check.questions")
    modules = (info.name for info in pkgutil.iter_modules(package.__path__))
    labs = sorted(module.removeprefix("lab_") for module in modules if module.startswith("lab_"))
    return [question.name for lab in labs for question in _bank(lab)]


def _bank(lab: str) -> tuple[Question, ...]:
    module = importlib.import_module(f"cnnlab.check.questions.lab_{lab}")
    questions: tuple[Question, ...] = module.QUESTIONS
    return questions


def find(name: str, kind: type[Q]) -> Q:
    """Look a question up.

    Parameters
    ----------
    name : str
        One of :func:`names`.
    kind : type
        What kind of question it must be.

    Raises
    ------
    KeyError
        If there is no such question of this kind; the message lists those there are.

    Examples
    --------
    >>> find("05-max-pool-padding", Question).prompt
    'Max pooling with padding: which value do the padded positions count as, and why?'
    """
    known = names()
    if name in known:
        question = next(one for one in _bank(name[:2]) if one.name == name)
        if isinstance(question, kind):
            return question
        raise KeyError(f"question {name!r} is a {type(question).__name__}, not a {kind.__name__}.")
    raise KeyError(f"question must be one of {', '.join(known)}, not {name!r}. Choose one.")
