"""Calling a student's function: its answer, or one sentence about what stopped it."""

import builtins
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from types import GeneratorType
from typing import Any

import numpy as np

from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.error_hints import ErrorHint, Stop, cause
from cnnlab.check.core.result import Result

_LONGEST = 160  # characters of an exception's text that are worth reading
_PRINTED = "nothing returned"  # in place of an error's name
_LOOK = "Call it on a small input of your own to see why."
_HINTS = (  # for errors that Python raises itself, by name and text
    (
        "UnboundLocalError",
        "",
        "A name that a function gives a value anywhere is its own: give it a first value before it is "
        "read, and not the function's own name.",
    ),
    ("NameError", "", "Is the name spelled right, and has the cell that makes it been run?"),
    (
        "IndexError",
        "out of (?:bounds|range)",
        "Places are counted from 0: the last of n is n − 1. Is this axis the right one?",
    ),
    (
        "IndexError",
        "boolean index did not match",
        "A mask is as long as what it picks from. Do both come from the function's arguments?",
    ),
    ("RecursionError", "", "It calls itself again and again, and never comes to an end."),
    (
        "Exception",
        "^'float' object cannot be interpreted|^expected a sequence of integers|^slice indices must be"
        "|^only integers, slices",
        "Sizes and places are whole numbers: // divides and rounds down.",
    ),
)
_LINES = 20  # that a check lets functions print
_MOST = 10**6  # entries that are asked for one by one: some generators never end


class _Printing:
    """How many more lines a student's functions may print."""

    left = _LINES


class UnattendedError(RuntimeError):
    """A student's function waits for somebody to type."""


@contextmanager
def unattended() -> Iterator[None]:
    """Keep a student's function from waiting for input, and from closing the notebook.

    Examples
    --------
    >>> with unattended():
    ...     input("How many? ")
    Traceback (most recent call last):
        ...
    cnnlab.check.core.calls.UnattendedError: How many?
    """

    def asks(prompt: object = "") -> str:
        raise UnattendedError(str(prompt))

    def leaves() -> None:
        raise SystemExit

    typed, builtins.input = builtins.input, asks
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    before = vars(shell).get("ask_exit") if shell is not None else None
    if shell is not None:
        shell.ask_exit = leaves  # what exit() and quit() call in a notebook
    try:
        yield
    finally:
        builtins.input = typed
        if shell is not None:
            del shell.ask_exit
            if before is not None:  # a check within a check
                shell.ask_exit = before


def begin_printing() -> None:
    """Let a student's functions print again, as at the beginning of a check."""
    _Printing.left = _LINES


@contextmanager
def _overheard() -> Iterator[list[Any]]:
    """What a student's function prints: a list that is empty as long as it prints nothing."""
    prints = builtins.print
    printed: list[Any] = []

    def overheard(*values: Any, **settings: Any) -> None:
        printed.append(values)
        if _Printing.left <= 0:
            return
        sep = settings.pop("sep", None)
        lines = (" " if sep is None else sep).join(map(str, values)).split("\n")
        prints("\n".join(lines[: _Printing.left]), **settings)
        _Printing.left -= len(lines)
        if _Printing.left <= 0:
            prints("… (what the function prints from here on is left out)")

    builtins.print = overheard
    try:
        yield printed
    finally:
        builtins.print = prints


def call(
    function: Callable[..., Any],
    args: Sequence[Any],
    settings: Mapping[str, Any],
    where: str = "",
    noun: str = "function",
    error_hints: Sequence[ErrorHint] = (),
) -> Any:
    """Call a student's function and let nothing escape.

    Parameters
    ----------
    function : callable
    args : sequence
        Arguments by position.
    settings : mapping
        Arguments by name.
    where : str
        The case, in words that follow a verb: "with stride 2".
    noun : str
        What is called.
    error_hints : sequence of ErrorHint
        Errors whose causes are known.

    Returns
    -------
    object
        What the function returns, or a :class:`Result` that says why it returned nothing.

    Examples
    --------
    >>> call(lambda x: 1 / x, [0], {})
    ✗ not yet: Your function stops with ZeroDivisionError: division by zero. ...
    """
    stop, returned = attempt(function, args, settings)
    if stop is not None:
        return stopped(stop, where, noun, error_hints, bool(settings))
    return todo(noun) if unanswered(returned) else returned


def attempt(
    function: Callable[..., Any], args: Sequence[Any], settings: Mapping[str, Any]
) -> tuple[Stop | None, Any]:
    """Call a student's function; what stopped it, or None and what it returns.

    Entries that it would hand over one by one are returned as a list.

    Examples
    --------
    >>> attempt(lambda x: x + 1, [2], {})
    (None, 3)
    >>> attempt(lambda x: map(abs, x), [[-1, 2]], {})
    (None, [1, 2])
    """
    try:
        with (
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            unattended(),
            _overheard() as printed,
        ):
            warnings.simplefilter("ignore")
            returned = function(*args, **settings)
            if returned is None and printed:
                return Stop((_PRINTED,)), None
            one_by_one = isinstance(returned, GeneratorType | map | filter | zip)
            return None, list(islice(returned, _MOST)) if one_by_one else returned
    except (Exception, SystemExit) as error:
        return Stop.of(error), None


def stopped(
    stop: Stop,
    where: str = "",
    noun: str = "function",
    error_hints: Sequence[ErrorHint] = (),
    with_settings: bool = False,
) -> Result:
    """Say in one sentence what stopped a function.

    Parameters
    ----------
    stop : Stop
    where, noun, error_hints
        As for :func:`call`.
    with_settings : bool
        Whether it was called with settings such as a stride.

    Returns
    -------
    Result

    Examples
    --------
    >>> stopped(Stop.of(SystemExit())).message
    'Your function ends Python with exit().'
    """
    if stop.errors[:1] == ("NotImplementedError",):
        return todo(noun)
    if "SystemExit" in stop.errors:
        text = f"your {noun} ends Python with exit()"
        return _stopped(stop, where, text, "End it with return, and hand the result back.")
    if UnattendedError.__name__ in stop.errors:
        text = f"your {noun} asks for something with input(), and nobody is there to answer"
        return _stopped(stop, where, text, "All that it needs comes with its arguments.")
    if _PRINTED in stop.errors:
        text = f"your {noun} prints, but returns nothing"
        return _stopped(stop, where, text, "Hand the answer back with return: print only shows it.")
    known, hint = cause(stop, error_hints, with_settings)
    text = " ".join(stop.text.split())
    text = f": {text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}" if text else ""
    return _stopped(stop, where, known or f"your {noun} stops with {stop.errors[0]}{text}", hint)


def _stopped(stop: Stop, where: str, text: str, hint: str) -> Result:
    message = f"{where}: {text}" if where else text
    message = message[:1].upper() + message[1:]
    known = (
        text
        for error, words, text in _HINTS
        if error in stop.errors and re.search(words, stop.text)
    )
    hint = hint or next(known, _LOOK)
    return Result("fail", f"{message.rstrip('.')}.{stop.place}", hint)


def todo(noun: str) -> Result:
    """Say that a function, class or array is not there yet.

    Examples
    --------
    >>> todo("function")
    ○ to do: the function returns nothing yet. Hint: Write its body ...
    """
    hint = "Write its body and end it with return; functions that it calls must be written, too."
    return Result("todo", f"the {noun} returns nothing yet.", hint)


def missing(noun: str) -> Result:
    """Say that there is nothing yet in place of the dots.

    Examples
    --------
    >>> missing("network")
    ○ to do: the network. Hint: Put your network in place of the dots.
    """
    return Result("todo", f"the {noun}.", f"Put your {noun} in place of the dots.")


def misfit(takes: Sequence[str], given: Arguments) -> Result:
    """Say that a function does not take the arguments that the task documents.

    Examples
    --------
    >>> misfit(["x"], Arguments({"x": 0}, {"stride": 2}, {"stride": 1})).message
    'The check calls your function with x, stride; its arguments are x.'
    """
    wanted = ", ".join([*given.inputs, *given.defaults])
    message = f"The check calls your function with {wanted}; its arguments are"
    return Result(
        "fail",
        f"{message} {', '.join(takes) or 'none'}.",
        "Take these arguments in this order; further ones need defaults.",
    )
