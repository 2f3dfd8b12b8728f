"""Calling a student's function: its answer, or one sentence about what stopped it."""

import inspect
import linecache
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.error_hints import Stop, cause
from cnnlab.check.core.result import Result

# Code that is not the student's: this package, Python, and what is installed.
_FOREIGN = (
    str(Path(__file__).resolve().parents[1]),
    sys.prefix,
    os.path.dirname(os.__file__),
    "<frozen",
)
_LONGEST = 160  # characters of an exception's text that are worth reading


def call(
    function: Callable[..., Any],
    args: Sequence[Any],
    settings: Mapping[str, Any],
    where: str = "",
    noun: str = "function",
    stops: Sequence[Stop] = (),
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
    stops : sequence of Stop
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
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            answer = function(*args, **settings)
    except NotImplementedError:
        return todo(noun)
    except (Exception, SystemExit) as error:
        return _stopped(error, where, noun, *cause(error, stops, bool(settings)))
    return todo(noun) if unanswered(answer) else answer


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


def misfit(
    function: Callable[..., Any], names: Sequence[str], settings: Mapping[str, Any]
) -> Result | None:
    """Compare a function's arguments with those it will be called with.

    Parameters
    ----------
    function : callable
    names : sequence of str
        Arguments given by position.
    settings : mapping
        Arguments given by name.

    Returns
    -------
    Result or None
        What does not fit, or None; functions that hide their signature are taken as they are.

    Examples
    --------
    >>> misfit(lambda x, strides: x, ["x"], {"stride": 2})
    ✗ not yet: Your function has no argument named stride; its arguments are x, strides. ...
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*names, **settings)
    except TypeError:
        return _misfit(signature, list(names), list(settings))
    return None


def _misfit(signature: inspect.Signature, names: list[str], settings: list[str]) -> Result:
    own = signature.parameters
    listing = ", ".join(own) or "none"
    open_ended = any(p.kind is p.VAR_KEYWORD for p in own.values())
    unknown = [name for name in settings if name not in own and not open_ended]
    if unknown:
        message = (
            f"Your function has no argument named {' or '.join(unknown)}; "
            f"its arguments are {listing}."
        )
        return Result("fail", message, "Name the arguments as the task does.")
    wanted = ", ".join([*names, *(f"{name}=…" for name in settings)])
    message = f"The check calls your function with {wanted}; its arguments are {listing}."
    return Result(
        "fail", message, "Take these arguments in this order; further ones need defaults."
    )


def _stopped(
    error: BaseException, where: str, noun: str, known: str = "", hint: str = ""
) -> Result:
    text = " ".join(str(error).split())
    text = f": {text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}" if text else ""
    message = known or f"your {noun} stops with {type(error).__name__}{text}"
    message = f"{where}: {message}" if where else message
    message = message[:1].upper() + message[1:]
    place = _place(error.__traceback__)
    return Result(
        "fail",
        f"{message.rstrip('.')}.{place}",
        hint or "Call it on a small input of your own to see why.",
    )


def _place(traceback: TracebackType | None) -> str:
    """The innermost line of the student's own code that was running."""
    found: tuple[str, int] | None = None
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if not file.startswith(_FOREIGN):
            found = file, traceback.tb_lineno
        traceback = traceback.tb_next
    if found is None:
        return ""
    line = linecache.getline(*found).strip()
    return f" It happens in line {found[1]} of its cell or file{f', `{line}`' if line else ''}."
