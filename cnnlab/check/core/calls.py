"""Calling a student's function: its answer, or one sentence about what stopped it."""

import builtins
import inspect
import linecache
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.error_hints import ErrorHint, cause
from cnnlab.check.core.result import Result

# Code that is not the student's: this package, Python, and what is installed.
# Each folder ends in a separator: code in /home/ada/cnn-lab is not inside /home/ada/cnn.
_FOREIGN = (
    os.path.join(Path(__file__).resolve().parents[1], ""),
    os.path.join(sys.prefix, ""),
    os.path.join(os.path.dirname(os.__file__), ""),
    "<frozen",
)
_LONGEST = 160  # characters of an exception's text that are worth reading


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
    if shell is not None:
        shell.ask_exit = leaves  # what exit() and quit() call in a notebook
    try:
        yield
    finally:
        builtins.input = typed
        if shell is not None:
            del shell.ask_exit


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
    error, returned = attempt(function, args, settings)
    if error is not None:
        return failed(error, where, noun, error_hints, bool(settings))
    return todo(noun) if unanswered(returned) else returned


def attempt(
    function: Callable[..., Any], args: Sequence[Any], settings: Mapping[str, Any]
) -> tuple[BaseException | None, Any]:
    """Call a student's function; its error, or None and what it returns.

    Examples
    --------
    >>> attempt(lambda x: x + 1, [2], {})
    (None, 3)
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), unattended():
            warnings.simplefilter("ignore")
            return None, function(*args, **settings)
    except (Exception, SystemExit) as error:
        return error, None


def failed(
    error: BaseException,
    where: str = "",
    noun: str = "function",
    error_hints: Sequence[ErrorHint] = (),
    with_settings: bool = False,
) -> Result:
    """Say in one sentence what stopped a function.

    Parameters
    ----------
    error : exception
    where, noun, error_hints
        As for :func:`call`.
    with_settings : bool
        Whether it was called with settings such as a stride.

    Returns
    -------
    Result

    Examples
    --------
    >>> failed(SystemExit()).message
    'Your function ends Python with exit().'
    """
    if type(error) is NotImplementedError:
        return todo(noun)
    if isinstance(error, SystemExit):
        text = f"your {noun} ends Python with exit()"
        return _stopped(error, where, text, "End it with return, and hand the result back.")
    if isinstance(error, UnattendedError):
        text = f"your {noun} asks for something with input(), and nobody is there to answer"
        return _stopped(error, where, text, "All that it needs comes with its arguments.")
    known, hint = cause(error, error_hints, with_settings)
    text = " ".join(str(error).split())
    text = f": {text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}" if text else ""
    return _stopped(
        error, where, known or f"your {noun} stops with {type(error).__name__}{text}", hint
    )


def _stopped(error: BaseException, where: str, text: str, hint: str) -> Result:
    message = f"{where}: {text}" if where else text
    message = message[:1].upper() + message[1:]
    place = _place(error.__traceback__)
    hint = hint or "Call it on a small input of your own to see why."
    return Result("fail", f"{message.rstrip('.')}.{place}", hint)


def todo(noun: str) -> Result:
    """Say that a function, class or array is not there yet.

    Examples
    --------
    >>> todo("function")
    ○ to do: the function returns nothing yet. Hint: Write its body and end it with return.
    """
    return Result(
        "todo", f"the {noun} returns nothing yet.", "Write its body and end it with return."
    )


def missing(noun: str) -> Result:
    """Say that there is nothing yet in place of the dots.

    Examples
    --------
    >>> missing("network")
    ○ to do: the network. Hint: Put your network in place of the dots.
    """
    return Result("todo", f"the {noun}.", f"Put your {noun} in place of the dots.")


def misfit(function: Callable[..., Any], given: Arguments) -> Result:
    """Say that a function does not take the arguments that the task documents.

    Examples
    --------
    >>> misfit(lambda x: x, Arguments({"x": 0}, {"stride": 2}, {"stride": 1})).message
    'The check calls your function with x, stride; its arguments are x.'
    """
    own = inspect.signature(function).parameters
    wanted = ", ".join([*given.inputs, *given.defaults])
    message = f"The check calls your function with {wanted}; its arguments are"
    return Result(
        "fail",
        f"{message} {', '.join(own) or 'none'}.",
        "Take these arguments in this order; further ones need defaults.",
    )


def _place(traceback: TracebackType | None) -> str:
    """The innermost line of the student's own code that was running."""
    place: tuple[str, int] | None = None
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if not file.startswith(_FOREIGN):
            place = file, traceback.tb_lineno
        traceback = traceback.tb_next
    if place is None:
        return ""
    line = linecache.getline(*place).strip()
    return f" It happens in line {place[1]} of its cell or file{f', `{line}`' if line else ''}."
