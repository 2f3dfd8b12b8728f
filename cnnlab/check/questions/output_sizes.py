"""What students believe of output sizes, whether a number is asked for or a function."""

from collections.abc import Callable
from typing import NamedTuple

from cnnlab import geometry
from cnnlab.check.core.misconception import Misconception
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
    def right(self) -> int:
        """The output size."""
        return geometry.output_size(*self)

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
    model: Callable[[SizeSettings], int | None], policy: Policy | None = None
) -> Callable[[SizeSettings], int | None]:
    """A model that makes a difference where the stride does not fit, with this policy."""
    return lambda s: None if s.fits or policy not in (None, s.policy) else model(s)


MISCONCEPTIONS: tuple[Misconception[SizeSettings], ...] = (
    Misconception(
        "window beyond the input",
        lambda s: s.windows() if s.windows() != s.right else None,
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
        lambda s: s.right - 1,
        "You counted the steps between the windows: the window before the first step is missing.",
    ),
    Misconception(
        "padding counted once and the + 1 forgotten",
        _rounded(_padded(lambda s: s.windows(padded=s.size + s.sides[0]) - 1)),
        "You counted the padding once, but it lies on both sides. And the window before the first "
        "step is missing.",
    ),
    Misconception(
        "padding and the + 1 forgotten",
        _rounded(_padded(lambda s: s.windows(padded=s.size) - 1)),
        "You left the padding out, and the window before the first step is missing.",
    ),
    Misconception(
        "input divided alone",
        _rounded(lambda s: s.divided(s.size)),
        "This is the input divided by the stride. Where do the kernel and the padding come in?",
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
        lambda s: s.right**2,
        "This is the number of values in a square output: give the length of one side.",
    ),
)
"""The most telling first."""

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
"""Those that a single number does not tell from others, but that a function shows."""

IN_CODE: tuple[Misconception[SizeSettings], ...] = (
    Misconception(
        "span one short",
        lambda s: s.windows(span=s.span - 1),
        "You took one pixel too few as the span of the kernel: from the first tap to the last, both "
        "count.",
    ),
    Misconception(
        "one gap for all taps",
        _dilated(lambda s: s.windows(span=s.kernel_size + s.dilation - 1)),
        "You made one gap in the kernel, but there is a gap between any two taps.",
    ),
    Misconception(
        "gaps as wide as the dilation",
        lambda s: s.windows(span=s.kernel_size + (s.kernel_size - 1) * s.dilation),
        "You put dilation pixels into each gap of the kernel, but its taps lie that far apart, so "
        "that one pixel fewer lies between them.",
    ),
    Misconception(
        "brackets forgotten",
        lambda s: s.padded - s.span // s.stride + 1 if s.stride > 1 else None,
        "You divided the span alone: put brackets around the difference before you divide.",
    ),
    Misconception(
        "last start left out",
        lambda s: -(-s.room // s.stride),
        "The last window is missing wherever the stride fits: is the span a pixel too long, or does "
        "a range end too early?",
    ),
)
"""Those that leave a single number right by luck, wherever the stride does not fit."""

IN_NUMBERS: tuple[Misconception[SizeSettings], ...] = (
    Misconception(
        "kernel and the + 1 forgotten",
        lambda s: s.padded // s.stride,
        "You divided the padded input by the stride. The kernel is not subtracted, and the window "
        "before the first step is missing.",
    ),
    Misconception(
        "size of the input",
        lambda s: s.size,
        "This is the size of the input: count the windows that fit into it.",
    ),
)
"""Those that a single number may well be by luck, so that no student's numbers can avoid them."""
