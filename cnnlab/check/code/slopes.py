"""What differences of a student's forward pass say of its gradients."""

from collections.abc import Callable

from cnnlab.check.core.calls import call
from cnnlab.check.core.result import RefusedError, Result
from cnnlab.scratch.gradcheck import Report


def differences(compare: Callable[[], Report], where: str = "", noun: str = "function") -> Report:
    """Compare with differences; what keeps them from being compared ends the check.

    Raises
    ------
    RefusedError
        If the student's object was stopped, or has no slopes.
    """

    def compared() -> Report | Result:
        try:
            return compare()
        except RefusedError as refused:
            return refused.result

    report = call(compared, (), {}, where, noun)
    if isinstance(report, Result):
        raise RefusedError(report)
    return report  # type: ignore[no-any-return]


def first_wrong(report: Report, is_wrong: str) -> Result | None:
    """Name the first gradient that differences contradict, or None."""
    entries = report.entries.items()
    wrong = ((name, entry.cause) for name, entry in entries if not entry.ok)
    return next((wrong_slope(name, is_wrong, cause) for name, cause in wrong), None)


def wrong_slope(name: str, is_wrong: str, cause: str) -> Result:
    """Say that a gradient does not agree with the forward pass, and why.

    Examples
    --------
    >>> wrong_slope("x", "does not fit", "it is all zeros")
    ✗ not yet: The gradient of x does not fit: it is all zeros.
    """
    text = f"The gradient of {name} {is_wrong}: {cause}."
    return Result("fail", text.replace("?.", "?"))
