"""Windows along one axis: how many fit under every policy, and what is left over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cnnlab import geometry
from cnnlab.explore.scene import Fix, Grid, Link, Play, Scene

MAX_CELLS = 64  # beyond this a strip of pixels cannot be read; sizes and text still hold

Kind = Literal["pixel", "padding", "outside"]


@dataclass(frozen=True)
class Windows:
    """Where the windows of a convolution lie along one axis.

    Attributes
    ----------
    problem : str
        Why no window fits, or "".
    floor, ceil, error : int or None
        Windows under each policy; None where it refuses.
    read : list of range
        Input positions of each window under "floor".
    hanging : range
        Positions of the window that only "ceil" has, or of the first one where none fits; may be
        empty.
    left_over : int
        Pixels of the padded input after the last window of "floor".
    """

    size: int
    kernel_size: int
    stride: int
    padding: int
    problem: str = ""
    floor: int | None = None
    ceil: int | None = None
    error: int | None = None
    read: tuple[range, ...] = ()
    hanging: range = range(0)
    left_over: int = 0

    @property
    def outputs(self) -> dict[str, int | None]:
        """Windows by policy."""
        return {"floor": self.floor, "ceil": self.ceil, "error": self.error}

    @property
    def bars(self) -> list[range]:
        """Windows of "floor", then the one that hangs over."""
        return [*self.read, *([self.hanging] if self.hanging else [])]

    @property
    def positions(self) -> range:
        """What is drawn: padding, pixels, and what a hanging window would need."""
        if self.size < 1 or self.padding < 0 or self.size + 2 * self.padding > MAX_CELLS:
            return range(0)
        end = max(self.size + self.padding, self.hanging.stop if self.hanging else 0)
        return range(-self.padding, end) if end + self.padding <= 2 * MAX_CELLS else range(0)

    def kind(self, position: int) -> Kind:
        """What lies at a position."""
        if 0 <= position < self.size:
            return "pixel"
        return "padding" if -self.padding <= position < self.size + self.padding else "outside"

    def unread(self, position: int) -> bool:
        """Whether no window of "floor" reads it, although some fit."""
        here = self.kind(position) != "outside"
        return bool(self.read) and here and not any(position in w for w in self.read)


@dataclass(frozen=True, kw_only=True)
class OutputSizeScene(Scene):
    """Windows, and what is said of them."""

    windows: Windows


def lay_windows(*, size: int, kernel_size: int, stride: int, padding: int) -> Windows:
    """Lay windows along one axis, for any integers.

    Examples
    --------
    >>> windows = lay_windows(size=7, kernel_size=3, stride=3, padding=0)
    >>> windows.outputs
    {'floor': 2, 'ceil': 3, 'error': None}
    >>> windows.read, windows.hanging
    ((range(0, 3), range(3, 6)), range(6, 9))
    """
    numbers = (size, kernel_size, stride, padding)
    try:
        floor = geometry.output_size(*numbers)
    except ValueError as error:
        fits_nothing = min(size, kernel_size, stride) >= 1 and padding >= 0
        reach = range(-padding, kernel_size - padding) if fits_nothing else range(0)
        return Windows(*numbers, problem=str(error), hanging=reach)
    ceil = geometry.output_size(*numbers, policy="ceil")
    left_over = (size + 2 * padding - kernel_size) % stride
    read: list[range] = []
    hanging = range(0)
    if size + 2 * padding <= MAX_CELLS:
        read, more = (geometry.windows(*numbers, policy=p) for p in ("floor", "ceil"))
        hanging = more[-1] if len(more) > len(read) else hanging
    exact = None if left_over else floor
    return Windows(*numbers, "", floor, ceil, exact, tuple(read), hanging, left_over)


def output_size_scene(*, size: int, kernel_size: int, stride: int, padding: int) -> OutputSizeScene:
    """Windows of a convolution along one axis, under every policy, in words.

    Parameters
    ----------
    size, kernel_size, stride, padding : int
        Any integers; where they make no sense, ``problem`` says so.

    Examples
    --------
    >>> output_size_scene(size=7, kernel_size=3, stride=3, padding=0).formulas[0]
    'floor: ⌊(7 + 2·0 − 3)/3⌋ + 1 = 2'
    """
    windows = lay_windows(size=size, kernel_size=kernel_size, stride=stride, padding=padding)
    return OutputSizeScene(
        windows=windows,
        text=_text(windows),
        problem=windows.problem,
        fixes=list(_fixes(windows)),
        formulas=[] if windows.problem else _formulas(windows),
        code=_code(windows),
        grids=_grids(windows),
        links=_links(windows),
        play=Play(grid="window", label="windows") if windows.read else None,
        hint="Point at a window or a pixel, or walk with Tab and the arrow keys.",
    )


def _fixes(windows: Windows) -> Iterator[Fix]:
    """Nearest settings under which every pixel is read and nothing hangs over."""
    if not windows.hanging and not windows.left_over:
        return
    size, kernel_size, stride = windows.size, windows.kernel_size, windows.stride
    for padding in range(5):
        room = size + 2 * padding - kernel_size
        if padding != windows.padding and room >= 0 and room % stride == 0:
            yield Fix(f"padding {padding}", {"padding": padding})
            break
    room = size + 2 * windows.padding - kernel_size
    if room < 0:
        yield Fix(f"kernel {kernel_size + room}", {"kernel_size": kernel_size + room})
    else:
        smaller = next(s for s in range(stride - 1, 0, -1) if room % s == 0)
        yield Fix(f"stride {smaller}", {"stride": smaller})


def _grids(windows: Windows) -> list[Grid]:
    cells = [f"input:{position}" for position in windows.positions]
    bars = [f"window:{i}" for i in range(len(windows.bars))] if cells else []
    grids = [
        Grid(name="input", label="input", keys=[cells]),
        Grid(name="window", label="windows", keys=[bars]),
    ]
    return [grid for grid in grids if grid["keys"][0]]


def _links(windows: Windows) -> dict[str, Link]:
    """What a window reads, and which windows read a pixel."""
    if not windows.positions:
        return {}
    links: dict[str, Link] = {}
    for i, window in enumerate(windows.bars):
        pixels = [_place(windows, position) for position in window]
        begin = f"{i}·{windows.stride} − {windows.padding} = {_signed(window[0])}"
        text = f"Window {i} begins at {begin} and reads {', '.join(pixels)}.{_over(windows, i)}"
        marks = {"window": [f"input:{position}" for position in window]}
        links[f"window:{i}"] = Link(text=text, marks=marks)
    for position in windows.positions:
        readers = [i for i, window in enumerate(windows.bars) if position in window]
        text = f"{_place(windows, position).capitalize()}: {_readers(readers)}."
        marks = {"output": [f"window:{i}" for i in readers]}
        links[f"input:{position}"] = Link(text=text, marks=marks)
    return links


def _over(windows: Windows, i: int) -> str:
    if i < len(windows.read):
        return ""
    if windows.problem:
        return " It hangs over the edge, so there is no output."
    return " It hangs over the edge: only ceil has it."


def _place(windows: Windows, position: int) -> str:
    names = {"pixel": "pixel", "padding": "padding at", "outside": "nothing at"}
    return f"{names[windows.kind(position)]} {_signed(position)}"


def _signed(number: int) -> str:
    return str(number).replace("-", "−")


def _readers(readers: list[int]) -> str:
    if not readers:
        return "no window reads it, so it cannot change the output"
    many = "s" if len(readers) > 1 else ""
    return f"read by window{many} {', '.join(map(str, readers))}"


def _formulas(windows: Windows) -> list[str]:
    room = windows.size + 2 * windows.padding - windows.kernel_size
    fraction = f"({windows.size} + 2·{windows.padding} − {windows.kernel_size})/{windows.stride}"
    rounded_up = -(-room // windows.stride) + 1
    beyond = ""
    if rounded_up != windows.ceil:
        beyond = f", but that window would start beyond the input, so {windows.ceil}"
    whole = f"= {windows.error}"
    if windows.error is None:
        whole = f"= {room / windows.stride + 1:.2f} is not whole, so it is refused"
    return [
        f"floor: ⌊{fraction}⌋ + 1 = {windows.floor}",
        f"ceil:  ⌈{fraction}⌉ + 1 = {rounded_up}{beyond}",
        f"error: {fraction} + 1 {whole}",
    ]


def _code(windows: Windows) -> list[str]:
    if windows.problem:
        return [f"# {windows.problem}"]
    size, kernel_size, stride = windows.size, windows.kernel_size, windows.stride
    padding = windows.padding
    keras = f"keras.layers.Conv2D(1, kernel_size={kernel_size}, strides={stride})"
    if padding:
        keras = f"keras.Sequential([keras.layers.ZeroPadding2D({padding}), {keras}])"
    return [
        "# PyTorch",
        f"conv = torch.nn.Conv2d(1, 1, kernel_size={kernel_size}, stride={stride}, "
        f"padding={padding})",
        f"conv(torch.zeros(1, 1, {size}, {size})).shape[-1]  # {windows.floor}",
        "# Keras",
        f"conv = {keras}",
        f"conv(keras.ops.zeros((1, {size}, {size}, 1))).shape[-2]  # {windows.floor}",
    ]


def _text(windows: Windows) -> str:
    start = (
        f"input {windows.size}, kernel {windows.kernel_size}, stride {windows.stride}, "
        f"padding {windows.padding} → "
    )
    if windows.problem:
        return f"{start}{windows.problem}"
    error = "error: does not fit" if windows.error is None else f"error {windows.error}"
    text = f"{start}floor {windows.floor}, ceil {windows.ceil}, {error}"
    if windows.left_over:
        text += f", {_pixels(windows.left_over)} left over"
    if windows.stride > windows.kernel_size and (windows.floor or 0) > 1:
        skipped = _pixels(windows.stride - windows.kernel_size)
        text += f", {skipped} skipped between windows"
    return text


def _pixels(number: int) -> str:
    return f"{number} pixel{'' if number == 1 else 's'}"
