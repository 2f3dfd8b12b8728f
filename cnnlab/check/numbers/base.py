"""One way for every check of a number: read, compare, explain."""

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cnnlab.check.core.answers import read
from cnnlab.check.core.misconception import Misconception, first_match
from cnnlab.check.core.result import Result

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class Calculation(Generic[S, T]):
    """Something to work out, and the ways to get it wrong.

    Parameters
    ----------
    settings : object
        The numbers of the question, as the models of the misconceptions take them.
    prompt : str
        What is asked for, as a sentence.
    read : callable
        Turns an answer into what is compared, or says what is wrong with its type.
    is_right : callable
        Whether what was read is right.
    misconceptions : iterable of Misconception
        The most telling first; the settings fill their sentences.
    otherwise : callable
        What to say of a wrong answer that none of them explains: the sentence, or a result.
    hint : str
        What to try next, after a sentence.
    passed : str
        What to say of a right answer; the prompt if empty.
    place : str
        What belongs in place of the dots.
    agrees : callable
        Whether what was read is what a misconception gives.

    Examples
    --------
    >>> area = Misconception("area", lambda side: side**2, "This is the area.")
    >>> side = Calculation(
    ...     3, "the side.", int, lambda n: n == 3, [area], lambda n: "It is another number."
    ... )
    >>> side.judge(9)
    ✗ not yet: This is the area.
    >>> side.judge(3)
    ✓ passed: the side.
    """

    settings: S
    prompt: str
    read: Callable[[Any], T | Result]
    is_right: Callable[[T], bool]
    misconceptions: Iterable[Misconception[S]]
    otherwise: Callable[[T], str | Result]
    hint: str = ""
    passed: str = ""
    place: str = "number"
    agrees: Callable[[T, Any], bool] = operator.eq

    def judge(self, answer: Any) -> Result:
        """Whether an answer is right, or what is wrong with it; no answer raises."""
        given = read(answer, self.prompt, self.place, self.read)
        if isinstance(given, Result):
            return given
        if self.is_right(given):
            return Result("pass", self.passed or self.prompt)
        row = first_match(
            self.misconceptions, self.settings, lambda wrong: bool(self.agrees(given, wrong))
        )
        if row is None:
            text = self.otherwise(given)
        else:
            names: dict[str, Any] = getattr(self.settings, "_asdict", dict)()
            text = row.sentence.format(**names)
        return text if isinstance(text, Result) else Result("fail", text, self.hint)
