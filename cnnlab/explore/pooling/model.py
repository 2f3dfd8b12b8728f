"""Pooling in numbers: windows, winners, and where a gradient goes."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np

from cnnlab import geometry, spec
from cnnlab.scratch import functional as F

Rows = list[list[float]]
Place = tuple[int, int]
Kind = Literal["pixel", "padding", "outside"]

# The input of the lecture, and inputs that show what it does not.
EXAMPLES: dict[str, list[list[float]]] = {
    "worked 4×4": [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]],
    "ties": [[2, 2, 0, 1], [2, 2, 1, 0], [3, 0, 4, 4], [0, 3, 4, 4]],
    "edge 5×5": [
        [0, 0, 9, 9, 9],
        [0, 0, 9, 9, 9],
        [0, 0, 9, 9, 9],
        [0, 0, 9, 9, 9],
        [0, 0, 0, 0, 9],
    ],
    "negative": [[-1, -2, -3, -4], [-5, -6, -7, -8], [-4, -3, -2, -1], [-8, -7, -6, -5]],
}

# What each shows, and a question to try.
SAID = {
    "worked 4×4": "Each 2×2 window keeps its largest number, so the map is half as high and half "
    "as wide. To try: which pixels could be smaller without changing the output?",
    "ties": "Where several pixels are the maximum, the output is the same, but a gradient must "
    "choose. To try: show the gradients. Who gets them?",
    "edge 5×5": "Five pixels are no multiple of 2, so the last row and column are dropped. "
    "To try: which settings keep them?",
    "negative": "Padding counts as −∞ for the maximum, so it never wins, not even over negative "
    "numbers. To try: add padding. What would come out if it counted as 0?",
}

# Larger ones could be computed, but not read.
MAX_SIDE, MAX_WINDOW = 12, 16


class Settings(NamedTuple):
    """What a learner chooses; names and meanings as in :mod:`cnnlab.scratch.functional`."""

    input: Sequence[Sequence[float]]
    upstream: Sequence[Sequence[float]] = ()
    kind: str = "max"
    kernel_size: int = 2
    stride: int = 2
    padding: int = 0
    policy: geometry.Policy = "floor"
    count_include_pad: bool = True
    backward: bool = False
    ties: str = "first"


@dataclass(frozen=True)
class Pooling:
    """One map pooled, and a gradient sent back through it.

    Attributes
    ----------
    problem : str
        Why there is no output, or "".
    input, output, upstream, gradient : list of rows
        ``gradient`` is that of the input.
    rows, columns : range
        Positions that are drawn, below 0 or beyond the input where there is padding.
    windows : dict
        For each output, the positions it reads.
    kinds : dict
        "pixel", "padding" or "outside" by position.
    unread : set
        Positions of pixels that no window reads.
    failing : (range, range) or None
        Rows and columns of a window that does not fit.
    winners : dict
        For each output, the positions that hold its maximum, the first first; none for a mean.
    """

    settings: Settings
    input: Rows
    rows: range
    columns: range
    kinds: Mapping[Place, Kind]
    problem: str = ""
    output: Rows = field(default_factory=list)
    upstream: Rows = field(default_factory=list)
    gradient: Rows = field(default_factory=list)
    windows: Mapping[Place, list[Place]] = field(default_factory=dict)
    unread: Set[Place] = frozenset()
    failing: tuple[range, range] | None = None

    @cached_property
    def winners(self) -> dict[Place, list[Place]]:
        if self.settings.kind != "max":
            return {}
        return {
            (i, j): [
                (r, c) for r, c in self.pixels(window) if self.input[r][c] == self.output[i][j]
            ]
            for (i, j), window in self.windows.items()
        }

    def pixels(self, places: list[Place]) -> list[Place]:
        """Those of some places that lie in the input."""
        return [place for place in places if self.kinds[place] == "pixel"]

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the input."""
        return len(self.input), len(self.input[0]) if self.input else 0


def pool(settings: Settings) -> Pooling:
    """Pool one map, or say why that does not work."""
    grid = [list(map(float, row)) for row in settings.input]
    rows, columns = range(len(grid)), range(len(grid[0]) if grid else 0)
    try:
        check(settings)
        return _pooled(settings, grid)
    except (TypeError, ValueError) as error:
        pixels: dict[Place, Kind] = {(i, j): "pixel" for i in rows for j in columns}
        return Pooling(settings, grid, rows, columns, pixels, problem=str(error))


def check_grid(name: str, grid: Any) -> list[list[float]]:
    """Refuse what is not a small table of finite numbers, rows of equal length.

    Parameters
    ----------
    name : str
        What the grid is called in an error.
    grid : object
        Lists of numbers, or an array.

    Examples
    --------
    >>> check_grid("input", np.eye(2))
    [[1.0, 0.0], [0.0, 1.0]]
    """
    try:
        values = np.asarray(grid, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be rows of numbers of equal length. Mend it.") from None
    if values.ndim != 2 or values.size < 1 or max(values.shape) > MAX_SIDE:
        raise ValueError(
            f"{name} must have 1 to {MAX_SIDE} rows and columns, not shape {values.shape}. "
            "Use a smaller one."
        )
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must hold finite numbers only. Replace nan and inf.")
    rows: list[list[float]] = values.tolist()
    return rows


def check(settings: Settings) -> None:
    """Refuse what does not pool, before anything is computed."""
    for name in ("kernel_size", "stride", "padding"):
        number = getattr(settings, name)
        if number > MAX_WINDOW:
            raise ValueError(
                f"{name} must be at most {MAX_WINDOW} here, not {number}. Choose a smaller one."
            )
    row = spec.MaxPool if settings.kind == "max" else spec.AvgPool
    shape = 1, len(settings.input), len(settings.input[0])
    window = settings.kernel_size, settings.stride, settings.padding, settings.policy
    row(*window).out_shape(shape)


def _values(settings: Settings) -> tuple[Rows, Rows, Rows]:
    """Output and gradient, as the course's own functions compute them."""
    x = np.array(settings.input, dtype=float)[None, None]  # (1, 1, H, W)
    window = settings.kernel_size, settings.stride, settings.padding
    y: Any
    cache: Any
    back: Callable[..., Any]
    if settings.kind == "max":
        ties: Any = settings.ties
        y, cache = F.max_pool2d(x, *window, policy=settings.policy, ties=ties)
        back = F.max_pool2d_backward
    else:
        include = settings.count_include_pad
        y, cache = F.avg_pool2d(x, *window, policy=settings.policy, count_include_pad=include)
        back = F.avg_pool2d_backward
    dy = np.arange(1.0, y.size + 1).reshape(y.shape[2:])  # (H', W')
    for i, row in enumerate(settings.upstream[: len(dy)]):
        dy[i, : len(row)] = row[: dy.shape[1]]
    gradient = back(dy[None, None], cache)[0, 0]
    return y[0, 0].tolist(), dy.tolist(), gradient.tolist()


def _pooled(settings: Settings, grid: Rows) -> Pooling:
    """Values, where the windows lie, and what kind of cell lies where."""
    window = settings.kernel_size, settings.stride, settings.padding
    size = len(grid), len(grid[0])
    down, across = (geometry.windows(n, *window, policy=settings.policy) for n in size)
    rows, columns = _drawn(size[0], settings, down), _drawn(size[1], settings, across)
    windows = {
        (i, j): [(r, c) for r in up for c in left]
        for i, up in enumerate(down)
        for j, left in enumerate(across)
    }
    kinds = {(r, c): kind((r, c), size, settings.padding) for r in rows for c in columns}
    read = set().union(*windows.values())
    unread = {place for place, kind in kinds.items() if kind == "pixel"} - read
    output, upstream, gradient = _values(settings)
    return Pooling(
        settings, grid, rows, columns, kinds, "", output, upstream, gradient, windows, unread
    )


def _drawn(size: int, settings: Settings, windows: list[range]) -> range:
    """Positions from the first padded one to the last that is padded or read."""
    return range(-settings.padding, max(size + settings.padding, windows[-1][-1] + 1))


def kind(place: Place, size: tuple[int, int], padding: int) -> Kind:
    """What lies at a position of an input of so many rows and columns."""
    if all(0 <= position < n for position, n in zip(place, size, strict=True)):
        return "pixel"
    inside = all(position < n + padding for position, n in zip(place, size, strict=True))
    return "padding" if inside else "outside"
