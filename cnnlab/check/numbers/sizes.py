"""Output sizes along one axis, and the ways to get them wrong."""

from collections.abc import Callable
from typing import Any, NamedTuple

from cnnlab import geometry
from cnnlab.check.core.answers import read, whole_number
from cnnlab.check.core.misconception import Misconception, first_match
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.geometry import AxisPadding, Policy


class SizeSettings(NamedTuple):
    """The numbers of an output-size question, in the meaning of :mod:`cnnlab.geometry`."""

    size: int
    kernel_size: int
    stride: int
    padding: AxisPadding
    dilation: int
    policy: Policy

    @property
    def sides(self) -> tuple[int, int]:
        """Padding before and after, in pixels."""
        return geometry.resolve_padding(
            self.padding, self.size, self.kernel_size, self.stride, self.dilation
        )

    @property
    def padded(self) -> int:
        """Input size with the padding of both sides."""
        return self.size + sum(self.sides)

    @property
    def span(self) -> int:
        """Pixels from the kernel's first tap to its last."""
        return geometry.effective_kernel_size(self.kernel_size, self.dilation)

    @property
    def room(self) -> int:
        """Pixels that the kernel can move."""
        return self.padded - self.span

    @property
    def fits(self) -> bool:
        """Whether the stride leaves no pixel over, so that rounding makes no difference."""
        return self.room % self.stride == 0

    def divided(self, pixels: int) -> int:
        """Pixels by the stride, as the policy rounds."""
        return -(-pixels // self.stride) if self.policy == "ceil" else pixels // self.stride

    def windows(self, padded: int | None = None, span: int | None = None) -> int:
        """Count windows in a line of ``padded`` pixels, as the policy rounds."""
        room = (self.padded if padded is None else padded) - (self.span if span is None else span)
        return self.divided(room) + 1

    def __str__(self) -> str:
        dilated = f", dilation {self.dilation}" if self.dilation > 1 else ""
        return (
            f"input {self.size}, kernel {self.kernel_size}, stride {self.stride}, "
            f"padding {self.padding}{dilated} with policy {self.policy}"
        )


def _padded(model: Callable[[SizeSettings], int]) -> Callable[[SizeSettings], int | None]:
    """A model that makes a difference with padding only."""
    return lambda s: model(s) if s.padded > s.size else None


def _dilated(model: Callable[[SizeSettings], int]) -> Callable[[SizeSettings], int | None]:
    return lambda s: model(s) if s.dilation > 1 else None


def _rounded(
    model: Callable[[SizeSettings], int], policy: Policy | None = None
) -> Callable[[SizeSettings], int | None]:
    """A model that makes a difference where the stride does not fit, with this policy."""
    return lambda s: None if s.fits or policy not in (None, s.policy) else model(s)


MISCONCEPTIONS: tuple[Misconception[SizeSettings], ...] = (
    Misconception(
        "window beyond the input",
        lambda s: s.windows() if s.windows() != _right(s) else None,
        "You counted a last window that would start beyond the input; even policy ceil leaves "
        "that one out.",
    ),
    Misconception(
        "padding forgotten",
        _padded(lambda s: s.windows(padded=s.size)),
        "You left the padding out: the kernel slides over the padded input.",
    ),
    Misconception(
        "padding counted once",
        _padded(lambda s: s.windows(padded=s.size + s.sides[0])),
        "You counted the padding once, but it lies on both sides of the input.",
    ),
    Misconception(
        "dilation forgotten",
        _dilated(lambda s: s.windows(span=s.kernel_size)),
        "You left the dilation out: with dilation {dilation} the taps of the kernel lie apart, "
        "so it spans more pixels than it has taps.",
    ),
    Misconception(
        "effective kernel counted wrong",
        _dilated(lambda s: s.windows(span=s.dilation * s.kernel_size)),
        "You took dilation times kernel as the span, but there is one gap fewer than taps: "
        "count from the first tap to the last.",
    ),
    Misconception(
        "rounded up",
        _rounded(lambda s: -(-s.room // s.stride) + 1, "floor"),
        "You rounded up, but policy floor drops the pixels that are left over.",
    ),
    Misconception(
        "rounded down, or rounded up without the + 1",  # the same number wherever ceil counts
        _rounded(lambda s: s.room // s.stride + 1, "ceil"),
        "This is one window too few. Policy ceil rounds up, and the window before the first step "
        "counts too: which of the two is missing?",
    ),
    Misconception(
        "stride forgotten",
        lambda s: s.room + 1 if s.stride > 1 else None,
        "You moved the kernel one pixel at a time, but the stride is {stride}.",
    ),
    Misconception(
        "forgot the + 1",
        lambda s: _right(s) - 1,
        "You counted the steps between the windows: the window before the first step is missing.",
    ),
    Misconception(
        "stride and the + 1 forgotten",
        lambda s: s.room,
        "You stopped after the subtraction: this is the room that is left for the kernel to move.",
    ),
    Misconception(
        "divided before subtracting",
        lambda s: s.padded // s.stride - s.span + 1 if s.stride > 1 else None,
        "You divided the input alone by the stride: subtract the kernel before you divide.",
    ),
    Misconception(
        "kernel not subtracted",
        lambda s: s.padded // s.stride + 1,
        "You did not subtract the kernel: its last window must end inside the padded input.",
    ),
    Misconception(
        "kernel not subtracted, rounded up",
        _rounded(lambda s: -(-s.padded // s.stride) + 1, "ceil"),
        "You did not subtract the kernel: count how far it can move before you divide.",
    ),
    Misconception(
        "padding added in the end",
        _padded(lambda s: s.windows(padded=s.size) + sum(s.sides)),
        "You added the padding to the result: it makes the input larger, before you divide.",
    ),
    Misconception(
        "the size of same padding",
        lambda s: -(-s.size // s.stride),
        "This is the size that padding 'same' gives; here the padding is {padding}.",
    ),
    Misconception(
        "padded size",
        lambda s: s.padded,
        "This is the size of the input, padding included: count the windows that fit into it.",
    ),
    Misconception(
        "area",
        lambda s: _right(s) ** 2,
        "This is the number of values in a square output: give the length of one side.",
    ),
)
"""Misconceptions about output sizes, the most telling first."""

IN_FUNCTIONS: tuple[Misconception[SizeSettings], ...] = (
    Misconception(
        "rounded to the nearest",
        _rounded(lambda s: (2 * s.room + s.stride) // (2 * s.stride) + 1),
        "You rounded to the nearest whole number, but policy {policy} always rounds one way, "
        "however much is left over.",
    ),
    Misconception(
        "1 added before dividing",
        lambda s: s.divided(s.room + 1) if s.stride > 1 else None,
        "You added the 1 before you divided: it counts the first window, so it comes after.",
    ),
)
"""Misconceptions that a single number does not tell from others, but that a function shows."""

FORMULA = "output = ⌊(input + padding before + padding after − span)/stride⌋ + 1"


def _right(s: SizeSettings) -> int:
    return geometry.output_size(*s)


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
    if refused or (fits and number == _right(question)):
        return Result("pass", says)
    return _wrong(question, number) if fits else _no_size(question, number)


def _fits(question: SizeSettings) -> bool:
    """Whether there is a size: only policy "error" refuses a stride that does not fit."""
    _right(question._replace(policy="floor"))  # what makes no sense at all raises here
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
        if number == _right(question._replace(policy=policy)):
            says = f"This is the size with policy {policy}; the question asks what happens when "
            return Result("fail", f"{says}the stride must fit.", _MUST_FIT)
    return Result("fail", f"This is not the output size of {question}.", _MUST_FIT)


_MUST_FIT = "Divide without rounding, and look whether the result is whole."
