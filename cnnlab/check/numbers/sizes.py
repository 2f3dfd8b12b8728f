"""Output sizes along one axis."""

from typing import Any

from cnnlab import geometry
from cnnlab.check.core.answers import read, whole_number
from cnnlab.check.core.misconception import first_match
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.questions.output_sizes import MISCONCEPTIONS, SizeSettings
from cnnlab.geometry import AxisPadding, Policy

FORMULA = "output = ⌊(input + padding before + padding after − span)/stride⌋ + 1"


@check
def output_size(
    answer: Any,
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: AxisPadding = 0,
    dilation: int = 1,
    policy: Policy = "floor",
) -> Result:
    """Check the output size of a convolution or pooling along one axis.

    Parameters
    ----------
    answer : object
        The student's; ``...`` or ``None`` while there is none. With policy "error" it may be
        the word "error": the stride does not fit, and there is no output.
    size, kernel_size, stride, padding, dilation, policy
        The question, as in :func:`cnnlab.geometry.output_size`.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Whatever the answer is; no answer raises.

    Raises
    ------
    TypeError, ValueError
        If the question itself makes no sense, for example a kernel that does not fit.

    Examples
    --------
    >>> output_size(4, size=7, kernel_size=3)
    ✗ not yet: You counted the steps between the windows: the window before the first step is \
missing. Hint: output = ⌊(input + padding before + padding after − span)/stride⌋ + 1.
    """
    question = SizeSettings(size, kernel_size, stride, padding, dilation, policy)
    fits = _fits(question)
    says = f"output size of {question}."
    refused = policy == "error" and type(answer) is str and answer.strip().lower() == "error"
    if refused and fits:
        return Result("fail", "The stride fits here: no pixel is left over.", f"{FORMULA}.")
    number = read(-1 if refused else answer, says, "number", lambda a: whole_number(a, "sizes"))
    if isinstance(number, Result):
        return number
    if refused or (fits and number == question.right):
        return Result("pass", says)
    return _wrong(question, number) if fits else _no_size(question, number)


def _fits(question: SizeSettings) -> bool:
    """Whether there is a size: only policy "error" refuses a stride that does not fit."""
    _ = question._replace(policy="floor").right  # what makes no sense at all raises here
    geometry.check_policy(question.policy)
    return question.policy != "error" or question.fits


def _wrong(question: SizeSettings, number: int) -> Result:
    hint = FORMULA
    if question.policy == "ceil":
        hint = FORMULA.translate(str.maketrans("⌊⌋", "⌈⌉"))
    elif question.policy == "error":
        hint = FORMULA.translate({ord("⌊"): "", ord("⌋"): ""})
    row = first_match(MISCONCEPTIONS, question, lambda value: bool(value == number))
    if row is None:
        return Result("fail", f"This is not the output size of {question}.", f"{hint}.")
    return Result("fail", row.sentence.format(**question._asdict()), f"{hint}.")


def _no_size(question: SizeSettings, number: int) -> Result:
    """What is wrong with a size where there is none."""
    for policy in ("floor", "ceil"):
        if number == question._replace(policy=policy).right:
            says = f"This is the size with policy {policy}; the question asks what happens when "
            return Result("fail", f"{says}the stride must fit.", _MUST_FIT)
    return Result("fail", f"This is not the output size of {question}.", _MUST_FIT)


_MUST_FIT = "Divide without rounding, and look whether the result is whole."
