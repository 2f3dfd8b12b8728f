"""Output sizes along one axis."""

from typing import Any

from cnnlab import geometry
from cnnlab.check.core.answers import whole_number
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.numbers.base import Calculation
from cnnlab.check.questions.output_sizes import IN_NUMBERS, MISCONCEPTIONS, SizeSettings
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
    return Calculation(
        settings=question,
        prompt=says,
        read=lambda given: whole_number(given, "sizes"),
        is_right=lambda number: refused or (fits and number == question.right),
        misconceptions=(*MISCONCEPTIONS, *IN_NUMBERS) if fits else (),
        otherwise=lambda number: f"This is not the {says}" if fits else _no_size(question, number),
        hint=f"{_formula(policy)}." if fits else _MUST_FIT,
    ).judge(-1 if refused else answer)


def _fits(question: SizeSettings) -> bool:
    """Whether there is a size: only policy "error" refuses a stride that does not fit."""
    _ = question._replace(policy="floor").right  # what makes no sense at all raises here
    geometry.check_policy(question.policy)
    return question.policy != "error" or question.fits


def _formula(policy: Policy) -> str:
    brackets: dict[Policy, tuple[str, str]] = {"ceil": ("⌈", "⌉"), "error": ("", "")}
    before, after = brackets.get(policy, ("⌊", "⌋"))
    return FORMULA.replace("⌊", before).replace("⌋", after)


def _no_size(question: SizeSettings, number: int) -> str:
    """What is wrong with a size where there is none."""
    for policy in ("floor", "ceil"):
        if number == question._replace(policy=policy).right:
            says = f"This is the size with policy {policy}; the question asks what happens when "
            return f"{says}the stride must fit."
    return f"This is not the output size of {question}."


_MUST_FIT = "Divide without rounding, and look whether the result is whole."
