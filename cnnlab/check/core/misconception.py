"""Wrong models as data: what a student believed, and the sentence that this deserves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

S = TypeVar("S")


@dataclass(frozen=True)
class Misconception(Generic[S]):
    """One wrong model of a question; its type parameter is what the models of a table take.

    Parameters
    ----------
    name : str
        Short name, unique in its table.
    model : callable
        From what the right answer is made of to the one that this misconception gives: the
        question's settings, or the arguments of a function. None where it makes no difference.
    sentence : str
        What to tell the student. Braces are filled in with the settings' fields; the
        expected value must not appear.

    Examples
    --------
    >>> row = Misconception("perimeter", lambda side: 4 * side, "This is the perimeter.")
    >>> row.model(3)
    12
    """

    name: str
    model: Callable[..., Any]
    sentence: str


def first_match(
    rows: Iterable[Misconception[S]], settings: S, explains: Callable[[Any], bool]
) -> Misconception[S] | None:
    """Find the first misconception whose model explains an answer.

    Parameters
    ----------
    rows : iterable of Misconception
        The table, most telling rows first.
    settings : object
        Settings of the question, as the models take them.
    explains : callable
        Whether a model's value is the student's.

    Returns
    -------
    Misconception or None

    Examples
    --------
    >>> area = Misconception("area", lambda side: side * side, "This is the area.")
    >>> first_match([area], 3, lambda value: value == 9).name
    'area'
    """
    for row in rows:
        value = row.model(settings)
        if value is not None and explains(value):
            return row
    return None
