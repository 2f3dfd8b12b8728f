"""Running a student's function: the one way in which every check calls it."""

from collections.abc import Sequence

from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.calls import misfit, stopped, todo
from cnnlab.check.core.error_hints import ErrorHint
from cnnlab.check.core.result import Result
from cnnlab.check.run.seam import Outcome, Seam


class Runner:
    """A student's function, called with documented arguments as it takes them.

    Arguments go by name, by position or as ``*args`` and ``**settings``, whichever fits; a
    function of tensors gets tensors.

    Parameters
    ----------
    seam : Seam
        Where the function is.
    name : str
        Which of the functions there.
    noun : str
        What it is.
    error_hints : sequence of ErrorHint
        Errors whose causes are known.
    ours : bool
        Whether it is a method of ours, around an object of the student's: it takes arrays as they
        are, and nothing that it returned is asked for again.

    Examples
    --------
    >>> from cnnlab.check.run.seam import Here
    >>> run = Runner(Here({"divide": lambda a, s=1: a / s}), "divide")
    >>> run(Arguments({"x": 6.0}, {"stride": 2}, {"stride": 1})).returned
    3.0
    >>> run(Arguments({"x": 6.0}, {"stride": 0}, {"stride": 1}), "with stride 0").message
    'With stride 0: your function stops with ZeroDivisionError: float division by zero. ...'
    """

    def __init__(
        self,
        seam: Seam,
        name: str,
        noun: str = "function",
        error_hints: Sequence[ErrorHint] = (),
        *,
        ours: bool = False,
    ) -> None:
        self.seam, self.name, self.noun, self.error_hints = seam, name, noun, error_hints
        self.ours = ours
        self.overwrites = False  # whether an output changed after it had been returned
        self._tensors = False

    def refusal(self, given: Arguments) -> Result | None:
        """Say that the function does not take such arguments, before it is called with any."""
        takes = self.seam.unfit(self.name, given)
        return None if takes is None else misfit(takes, given)

    def __call__(self, given: Arguments, where: str = "") -> Outcome | Result:
        """What came of a call, or a result that says why the function returned nothing."""
        outcome = self._call(given, where, self._tensors)
        if self.ours or self._tensors or not isinstance(outcome, Result):
            return outcome
        if not self.seam.tensors():
            return outcome
        again = self._call(given, where, tensors=True)
        if isinstance(again, Result):
            return again if _asks_for_tensors(outcome) else outcome
        self._tensors = True
        return again

    def _call(self, given: Arguments, where: str, tensors: bool) -> Outcome | Result:
        outcome = self.seam.call(self.name, given, tensors, self.ours)
        self.overwrites |= outcome.overwritten
        if outcome.stop is None:
            return todo(self.noun) if unanswered(outcome.returned) else outcome
        if outcome.stop.takes is not None:
            return misfit(outcome.stop.takes, given)
        settings = bool(given.settings)
        return stopped(outcome.stop, where, self.noun, self.error_hints, settings)


def _asks_for_tensors(result: Result) -> bool:
    """Whether an error came because arrays were given to a function of tensors."""
    return "Tensor" in result.message or "numpy.ndarray' object has no" in result.message
