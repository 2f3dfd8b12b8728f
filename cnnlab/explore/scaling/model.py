"""Depth, width and resolution of a scaled network, counted exactly, and the published ones."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log

from cnnlab.count import summarize
from cnnlab.spec import Chain, Row, Shape
from cnnlab.zoo.efficientnet import B0, COEFFICIENTS, HEAD, STEM, round_channels, scaled

BASE = 224  # pixels of B0's input


@dataclass(frozen=True)
class Sizes:
    """A network by its factors, with its exact counts."""

    width: float
    depth: float
    resolution: int
    params: int
    macs: int


@dataclass(frozen=True)
class Stage:
    """One row of the base table, scaled and rounded.

    Attributes
    ----------
    name : str
        As in the zoo's table.
    base, wanted, channels
        Channels of B0, times the width, and rounded.
    layers, deep, repeats
        Layers of B0, times the depth, and rounded up; one for stem and head, which are not scaled.
    """

    name: str
    base: int
    wanted: float
    channels: int
    layers: int
    deep: float
    repeats: int


@lru_cache(maxsize=256)
def counted(width: float, depth: float, resolution: int) -> Sizes:
    """Count B0's table scaled by two factors, for inputs of so many pixels.

    Equal blocks in a row are counted once.

    Examples
    --------
    >>> counted(1.0, 1.1, 240).params
    7794184
    """
    shape: Shape = (3, resolution, resolution)
    params = macs = 0
    for stage in scaled(width, depth):
        before: tuple[Row, Shape] | None = None
        for row in stage if isinstance(stage, Chain) else (stage,):
            if before is None or before[0] is not row or before[1] != shape:
                found = summarize(row, shape)
            before, shape = (row, shape), found.output_shape
            params, macs = params + found.params, macs + found.macs
    return Sizes(width, depth, resolution, params, macs)


def formula(phi: float, alpha: float, beta: float, gamma: float) -> Sizes:
    """Scale by the formula: depth α^φ, width β^φ, resolution 224·γ^φ, rounded to whole pixels.

    Examples
    --------
    >>> found = formula(1, 1.2, 1.1, 1.15)
    >>> found.width, found.depth, found.resolution
    (1.1, 1.2, 258)
    """
    return counted(round(beta**phi, 9), round(alpha**phi, 9), max(round(BASE * gamma**phi), 32))


def published() -> list[Sizes]:
    """B0 to B7 as the authors released them, recounted."""
    return [
        counted(width, depth, resolution)
        for width, depth, resolution, _, _ in COEFFICIENTS.values()
    ]


def stages(width: float, depth: float) -> list[Stage]:
    """Rows of the base table, scaled and rounded.

    Parameters
    ----------
    width, depth : float

    Examples
    --------
    >>> stages(1.1, 1.2)[1]
    Stage(name='stage2', base=16, wanted=17.6, channels=16, layers=1, deep=1.2, repeats=2)
    """

    def row(number: int, base: int, layers: int, deep: float) -> Stage:
        wanted = round(width * base, 3)
        repeats = ceil(depth * layers) if deep else 1
        name = f"stage{number}"
        channels = round_channels(width * base)
        return Stage(name, base, wanted, channels, layers, round(deep, 3) or 1.0, repeats)

    middle = [row(n, s.channels, s.layers, depth * s.layers) for n, s in enumerate(B0, start=2)]
    return [row(1, STEM, 1, 0.0), *middle, row(9, HEAD, 1, 0.0)]


def exponents(sizes: Sizes, alpha: float, beta: float, gamma: float) -> dict[str, float | None]:
    """Which φ the formula would need for each factor; None where a base of 1 changes nothing.

    Parameters
    ----------
    sizes : Sizes
    alpha, beta, gamma : float

    Examples
    --------
    >>> found = exponents(published()[1], 1.2, 1.1, 1.15)
    >>> {name: round(phi, 2) for name, phi in found.items()}
    {'depth': 0.52, 'width': 0.0, 'resolution': 0.49}
    """
    pairs = {
        "depth": (sizes.depth, alpha),
        "width": (sizes.width, beta),
        "resolution": (sizes.resolution / BASE, gamma),
    }
    return {name: log(f) / log(base) if base != 1 else None for name, (f, base) in pairs.items()}
