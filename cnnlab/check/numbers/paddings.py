"""Which padding keeps a size, or gives one."""

from typing import Any, NamedTuple

from cnnlab import geometry
from cnnlab.check.core.answers import members, whole_number
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.numbers.base import Calculation
from cnnlab.geometry import Policy


class PaddingSettings(NamedTuple):
    """The numbers of a padding question, in the meaning of :mod:`cnnlab.geometry`."""

    size: int
    kernel_size: int
    stride: int
    dilation: int
    policy: Policy
    output_size: int

    def gives(self, sides: tuple[int, int]) -> int:
        """Output size with a padding; 0 where the kernel does not fit."""
        size, kernel_size, stride, dilation, policy, _ = self
        try:
            return geometry.output_size(size, kernel_size, stride, sides, dilation, policy)
        except ValueError:
            return 0

    @property
    def span(self) -> int:
        """Pixels from the kernel's first tap to its last."""
        return geometry.effective_kernel_size(self.kernel_size, self.dilation)

    @property
    def total(self) -> int:
        """Least padding of both sides together, or -1 where none gives the size."""
        most = self.output_size * self.stride + self.span
        paddings = range(most + 1)
        right = (t for t in paddings if self.gives((t // 2, t - t // 2)) == self.output_size)
        return next(right, -1)

    def __str__(self) -> str:
        dilated = f", dilation {self.dilation}" if self.dilation > 1 else ""
        return (
            f"padding of input {self.size}, kernel {self.kernel_size}, stride {self.stride}"
            f"{dilated} for output {self.output_size}"
        )


def _even(pixels: int) -> int | None:
    return pixels // 2 if pixels >= 0 else None


MISCONCEPTIONS: tuple[Misconception[PaddingSettings], ...] = (
    Misconception(
        "one side of an odd padding",
        lambda s: s.total // 2 if s.total % 2 else None,
        "As much on both sides is one pixel short: this kernel needs more after than before.",
    ),
    Misconception(
        "one side of an odd padding, rounded up",
        lambda s: s.total // 2 + 1 if s.total % 2 else None,
        "As much on both sides is one pixel too many: this kernel needs more after than before.",
    ),
    Misconception(
        "both sides together",
        lambda s: s.total or None,
        "This is the padding of both sides together, but padding is counted on each side.",
    ),
    Misconception(
        "dilation forgotten",
        lambda s: _even(s.kernel_size - 1) if s.dilation > 1 else None,
        "This keeps the size without dilation: with dilation {dilation} the kernel spans more.",
    ),
    Misconception(
        "stride forgotten",
        lambda s: _even(s.span - 1) if s.stride > 1 else None,
        "This keeps the size at stride 1, but the stride is {stride}.",
    ),
    Misconception(
        "no padding",
        lambda s: 0,
        "Without padding the output is smaller: the kernel must fit inside the input.",
    ),
    Misconception(
        "the kernel's size",
        lambda s: s.kernel_size,
        "This is the kernel's size: no window would need so many pixels beyond the edge.",
    ),
    Misconception(
        "the span",
        lambda s: s.span if s.dilation > 1 else None,
        "This is how many pixels the dilated kernel spans: it takes one less away, and half of that "
        "comes back on each side.",
    ),
    Misconception(
        "half of the kernel, rounded up",
        lambda s: (s.kernel_size + 1) // 2 if s.dilation != (s.kernel_size + 1) // 2 else None,
        "You counted the kernel's middle pixel too, but it stays on the input.",
    ),
    Misconception(
        "the stride",
        lambda s: s.stride if s.stride > 1 else None,
        "This is the stride; padding makes up for what the kernel takes.",
    ),
)
"""Misconceptions about paddings, the most telling first."""

HINT = "output = (input + padding before + padding after − span)/stride + 1: solve for the padding."


@check
def padding(
    answer: Any,
    size: int,
    kernel_size: int,
    stride: int = 1,
    dilation: int = 1,
    output_size: int | None = None,
    policy: Policy = "floor",
) -> Result:
    """Check which padding keeps a size along one axis, or gives another.

    Every padding that does so passes; with a stride there may be several.

    Parameters
    ----------
    answer : object
        The student's: pixels on each side, or a pair (before, after); ``...`` or ``None``
        while there is none.
    size, kernel_size, stride, dilation, policy
        The question, as in :func:`cnnlab.geometry.output_size`.
    output_size : int, optional
        Size that must come out; the input's if left out.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Whatever the answer is; no answer raises.

    Raises
    ------
    TypeError, ValueError
        If the question itself makes no sense, for example if no padding gives the size.

    Examples
    --------
    >>> padding(4, size=32, kernel_size=5)
    ✗ not yet: This is the padding of both sides together, but padding is counted on each side. \
Hint: output = (input + padding before + padding after − span)/stride + 1: solve for the padding.
    """
    target = size if output_size is None else geometry.integer("output_size", output_size, 1)
    for name, value in (("size", size), ("stride", stride), ("kernel_size", kernel_size)):
        geometry.integer(name, value, 1)
    geometry.check_policy(policy)
    question = PaddingSettings(size, kernel_size, stride, dilation, policy, target)
    if question.total < 0:
        raise ValueError(f"padding: none gives the {question}. Ask for another output_size.")
    return Calculation(
        settings=question,
        prompt=f"{question}.",
        read=_sides,
        is_right=lambda sides: question.gives(sides) == target,
        misconceptions=MISCONCEPTIONS,
        otherwise=lambda sides: (
            f"With this padding the output is too "
            f"{'large' if question.gives(sides) > target else 'small'}."
        ),
        hint=HINT,
        agrees=lambda sides, wrong: wrong == (sides[0] if sides[0] == sides[1] else sides),
    ).judge(answer)


def _sides(answer: Any) -> tuple[int, int] | Result:
    items = members(answer)
    if items is None or len(items) == 1:
        items = [answer, answer]  # as much before as after
    if len(items) != 2:
        return Result("fail", "a padding is one number, or a pair (before, after).")
    numbers = [whole_number(item, "paddings") for item in items]
    wrong = [number for number in numbers if isinstance(number, Result)]
    if wrong and issubclass(type(answer), str):
        return Result("fail", "paddings are pixels, this is a str.", "Say how many on each side.")
    if wrong:
        return wrong[0]
    before, after = (number for number in numbers if isinstance(number, int))
    if before < 0 or after < 0:
        return Result("fail", "a padding adds pixels: it cannot be negative.")
    return before, after
