"""A student's object, which stays where it is: methods of a view of it are called there."""

from typing import Any

from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.error_hints import BUILD_HINTS
from cnnlab.check.core.result import RefusedError, Result
from cnnlab.check.run import seam
from cnnlab.check.run.runner import Runner
from cnnlab.check.run.seam import Outcome


class Thing:
    """A student's object, through the seam.

    Parameters
    ----------
    view : object
        Of ours: it holds the student's object, and its public methods take and return plain data.
    noun : str
        What the object is.

    Examples
    --------
    >>> class Halves:
    ...     def half(self, number):
    ...         return number / 2
    >>> Thing(Halves(), "number").ask("half", 6).returned
    3.0
    """

    def __init__(self, view: Any, noun: str) -> None:
        names = [name for name in dir(view) if not name.startswith("_")]
        self._seam = seam.enter({name: getattr(view, name) for name in names})
        self._noun = noun

    def ask(self, method: str, *inputs: Any, where: str = "", **settings: Any) -> Outcome:
        """What came of a call; the check ends with a result if nothing did.

        Parameters
        ----------
        method : str
            Of the view.
        *inputs : objects
            By position; those that were written into are told by their place, "0" for the first.
        where : str
            The case, in words that follow a verb.
        **settings
            By name.

        Raises
        ------
        RefusedError
            If the method returned nothing, or was stopped.
        """
        numbered = {str(place): value for place, value in enumerate(inputs)}
        runner = Runner(self._seam, method, self._noun, BUILD_HINTS, ours=True)
        outcome = runner(Arguments(numbered, settings), where)
        if isinstance(outcome, Result):
            raise RefusedError(outcome)
        return outcome
