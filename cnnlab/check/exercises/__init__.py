"""What labs ask for, as values: one file for each exercise, found by its name.

An exercise holds a right function, the cases it is tried on, and what people get wrong: wrong
values, shapes and gradients, each with the sentence it deserves. A new one is a new file with
an ``EXERCISE``; nothing else lists it.

Examples
--------
>>> exercise = find("linear")
>>> [case.words for case in exercise.cases][:2]
['with one example', 'with a batch']
>>> next(row.sentence for row in exercise.values if row.name == "bias subtracted")
'The bias is subtracted, not added.'
"""

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import replace

from cnnlab.check.exercises.common.base import Exercise


def names() -> tuple[str, ...]:
    """Name all exercises, in alphabetical order.

    Examples
    --------
    >>> "conv2d" in names()
    True
    """
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.ispkg))


def find(name: str, asks: Iterable[str] | None = None) -> Exercise:
    """Look an exercise up by its name, reduced to the cases of a question.

    Parameters
    ----------
    name : str
        One of :func:`names`.
    asks : iterable of str, optional
        Optional arguments and abilities asked for; "all" of them, or the usual ones.

    Returns
    -------
    Exercise

    Raises
    ------
    ValueError
        If there is no such exercise or it has no such argument.

    Examples
    --------
    >>> [case.words for case in find("relu", asks="all").cases][1]
    'with maps'
    """
    if name not in names():
        raise ValueError(
            f"name must be one of {', '.join(names())}, not {name!r}. Choose one of these."
        )
    exercise: Exercise = importlib.import_module(f"{__name__}.{name}").EXERCISE
    return replace(exercise, name=name).asking(asks)
