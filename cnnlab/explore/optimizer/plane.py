"""The surface from above: where its places lie in the drawing, and how high they are."""

from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import NamedTuple

import contourpy
import numpy as np

from cnnlab.explore.optimizer.surfaces import SURFACES, Array, Place, Surface

GRID, LEVELS = 65, 10


class Box(NamedTuple):
    """A rectangle of the drawing, in pixels."""

    x: float
    y: float
    width: float
    height: float


class Plane:
    """A surface's window laid over a rectangle of the drawing."""

    def __init__(self, surface: Surface, box: Box) -> None:
        self.surface, self.box = surface, box

    def point(self, place: Place) -> tuple[float, float]:
        """Pixels of a place.

        Examples
        --------
        >>> Plane(SURFACES["saddle"], Box(0, 0, 400, 320)).point((1, 0))
        (300.0, 160.0)
        """
        left, right, bottom, top = self.surface.window
        x, y, width, height = self.box
        across, up = (place[0] - left) / (right - left), (place[1] - bottom) / (top - bottom)
        return x + across * width, y + (1 - up) * height

    def segment(self, start: Place, end: Place) -> str:
        """Path data of the part of a line that lies inside; "" if none does."""
        (x0, y0), (x1, y1) = self.point(start), self.point(end)
        first, last = 0.0, 1.0
        left, top, width, height = self.box
        for at, by, low, high in (
            (x0, x1 - x0, left, left + width),
            (y0, y1 - y0, top, top + height),
        ):
            if by == 0 and not low <= at <= high:
                return ""
            near, far = sorted(((low - at) / by, (high - at) / by)) if by else (-inf, inf)
            first, last = max(first, near), min(last, far)
        if first > last:
            return ""
        ends = [(x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in (first, last)]
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ends)


@lru_cache(32)
def hills(name: str, box: Box) -> tuple[str, ...]:
    """Path data of where a surface is higher than each of some levels, the lowest first.

    The levels lie closer together where the surface is low, so that a flat floor shows.

    Examples
    --------
    >>> len(hills("long bowl", Box(0, 0, 400, 300)))
    10
    """
    surface = SURFACES[name]
    left, right, bottom, top = surface.window
    x, y = np.meshgrid(np.linspace(left, right, GRID), np.linspace(bottom, top, GRID))
    heights = surface.loss(x, y)  # (GRID, GRID)
    low, high = float(heights.min()), float(heights.max())
    levels = low + (high - low) * np.linspace(0, 1, LEVELS + 2)[1:-1] ** 2.5
    across = np.linspace(box.x, box.x + box.width, GRID)
    down = np.linspace(box.y + box.height, box.y, GRID)
    found = contourpy.contour_generator(across, down, heights, fill_type="OuterOffset")
    return tuple(_area(*found.filled(level, 2 * abs(high) + 1)) for level in levels)


def _area(outlines: list[Array], offsets: list[Array]) -> str:
    """Path data of areas with holes."""
    rings = [
        outline[start:end]
        for outline, ends in zip(outlines, offsets, strict=True)
        for start, end in pairwise(ends)
    ]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)
