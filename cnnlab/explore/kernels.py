"""Kernels that were made by hand, and what the map of their responses says."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Kernel = npt.NDArray[np.float64]

SIZES = (3, 5, 7)
LARGEST = 15  # weights a side of a kernel of one's own
GREATEST = 10**6


class Preset(NamedTuple):
    """A named kernel: how it is made at each size, and what its response map means."""

    make: Callable[[int, float], Kernel]
    meaning: str
    sizes: tuple[int, ...] = SIZES


def kernel(name: str, kernel_size: int = 3, angle: float = 0) -> Kernel:
    """Make one of the named kernels.

    Parameters
    ----------
    name : str
        One of ``PRESETS``.
    kernel_size : int
        One of the sizes this kernel comes in, ``PRESETS[name].sizes``.
    angle : float
        Direction across the stripes of a Gabor kernel, in degrees, clockwise from the right.

    Returns
    -------
    (kernel_size, kernel_size) array

    Raises
    ------
    ValueError
        If there is no such kernel, or not of this size.

    Examples
    --------
    >>> kernel("sobel-x")
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    """
    if name not in PRESETS:
        raise ValueError(
            f"preset must be one of {', '.join(PRESETS)}, not {name!r}. "
            "Pick one, or set the kernel itself."
        )
    preset = PRESETS[name]
    if kernel_size not in preset.sizes:
        sizes = " or ".join(map(str, preset.sizes))
        raise ValueError(
            f"kernel_size of {name} must be {sizes}, not {kernel_size}. "
            "Choose one, or set the kernel itself."
        )
    return preset.make(kernel_size, angle)


def own_kernel(weights: npt.ArrayLike) -> Kernel:
    """Check a kernel that somebody made up.

    Raises
    ------
    ValueError
        If it is no table of at most 15 by 15 numbers between −1,000,000 and 1,000,000.

    Examples
    --------
    >>> own_kernel([[0, 1], [1, 0]])
    array([[0., 1.],
           [1., 0.]])
    """
    try:
        kernel = np.array(weights, float)
    except (TypeError, ValueError):
        raise ValueError(
            "kernel must be a table of numbers. Give rows of equal length: [[1, 0], [0, -1]]."
        ) from None
    if kernel.ndim != 2 or not all(1 <= side <= LARGEST for side in kernel.shape):
        raise ValueError(
            f"kernel must have shape (kh, kw), each from 1 to {LARGEST}, not {kernel.shape}. "
            "Give rows of equal length: [[1, 0], [0, -1]]."
        )
    if not (np.abs(kernel) <= GREATEST).all():
        raise ValueError(
            f"kernel must hold finite numbers of at most {GREATEST:,}, but its largest is "
            f"{np.abs(kernel).max():g}. Choose smaller weights."
        )
    return kernel


def fitted(kernel: Kernel, size: int) -> Kernel:
    """Cut a kernel, or pad it with zeros, around its middle.

    Examples
    --------
    >>> fitted(np.ones((1, 5)), 3)
    array([[0., 0., 0.],
           [1., 1., 1.],
           [0., 0., 0.]])
    """
    result = np.zeros((size, size))
    into, taken = zip(*(_overlap(size, side) for side in kernel.shape), strict=True)
    result[into] = kernel[taken]
    return result


def _overlap(size: int, side: int) -> tuple[slice, slice]:
    """Where the middles coincide: slices of the new axis and of the old one."""
    shift = size // 2 - side // 2
    start, stop = max(shift, 0), min(size, side + shift)
    return slice(start, stop), slice(start - shift, stop - shift)


def _binomial(size: int) -> Kernel:
    """Row of Pascal's triangle: 1 2 1, then 1 4 6 4 1, the whole-number bell curves."""
    row = np.ones(1)
    for _ in range(size - 1):
        row = np.convolve(row, [1.0, 1.0])
    return row


def _identity(size: int, _angle: float) -> Kernel:
    one = np.zeros((size, size))
    one[size // 2, size // 2] = 1
    return one


def _vertical_edges(size: int, _angle: float) -> Kernel:
    return np.tile(np.sign(np.arange(size) - size // 2), (size, 1)).astype(float)


def _sobel_x(size: int, _angle: float) -> Kernel:
    return np.outer(_binomial(size), np.convolve(_binomial(size - 2), [-1.0, 0.0, 1.0]))


def _laplacian(size: int, _angle: float) -> Kernel:
    """Sum of the second differences both ways, of a picture blurred as far as the size allows."""
    blur, bend = _gaussian(size - 2, 0), np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    result = np.zeros((size, size))
    for (i, j), weight in np.ndenumerate(bend):
        result[i : i + size - 2, j : j + size - 2] += weight * blur
    return result


def _blur(size: int, _angle: float) -> Kernel:
    return np.full((size, size), 1 / size**2)


def _gaussian(size: int, _angle: float) -> Kernel:
    return np.outer(_binomial(size), _binomial(size)) / 4.0 ** (size - 1)


def _emboss(size: int, _angle: float) -> Kernel:
    steps = np.arange(size) - size // 2
    return np.add.outer(steps, steps) + _identity(size, 0)


def _gabor(size: int, angle: float) -> Kernel:
    """Stripes that fade out to all sides; mean 0, positive weights that sum to 1."""
    down, right = np.mgrid[:size, :size] - size // 2
    turned = np.cos(np.radians(angle)) * right + np.sin(np.radians(angle)) * down
    bell = np.exp(-(down**2 + right**2) / (2 * (size / 4) ** 2))
    stripes = bell * np.cos(2 * np.pi * turned / (size / 1.75))
    stripes -= bell * (stripes.sum() / bell.sum())
    rounded = np.round(stripes / stripes[stripes > 0].sum(), 4)
    rounded[size // 2, size // 2] -= rounded.sum()  # what rounding left over
    result: Kernel = np.round(rounded, 4)
    return result


PRESETS: dict[str, Preset] = {
    "identity": Preset(
        _identity,
        "One weight of 1, under the middle: every pixel stays as it is.",
    ),
    "horizontal-edges": Preset(
        lambda size, angle: _vertical_edges(size, angle).T,
        "Rows below minus rows above. Positive where it gets brighter downwards, negative where "
        "it gets darker, 0 where it is even: horizontal edges show, vertical ones do not.",
    ),
    "vertical-edges": Preset(
        _vertical_edges,
        "Columns on the right minus columns on the left. Positive where it gets brighter to the "
        "right, negative where it gets darker, 0 where it is even: vertical edges show, "
        "horizontal ones do not.",
    ),
    "sobel-x": Preset(
        _sobel_x,
        "Right minus left, the middle rows counting more. Positive where it gets brighter to the "
        "right, negative where it gets darker: vertical edges, with less noise.",
    ),
    "sobel-y": Preset(
        lambda size, angle: _sobel_x(size, angle).T,
        "Below minus above, the middle columns counting more. Positive where it gets brighter "
        "downwards, negative where it gets darker: horizontal edges, with less noise.",
    ),
    "laplacian": Preset(
        _laplacian,
        "The neighbours minus the middle. Positive at dark spots and lines, negative at bright "
        "ones, both side by side at an edge, 0 on even areas and on even slopes.",
    ),
    "blur": Preset(
        _blur,
        "The mean of the window: detail smaller than the kernel goes, brightness stays.",
    ),
    "gaussian": Preset(
        _gaussian,
        "A mean that counts near pixels more: smoother than the plain blur, brightness stays.",
    ),
    "sharpen": Preset(
        lambda size, angle: _identity(size, angle) - _laplacian(size, angle),
        "The picture minus its Laplacian: differences from the neighbours are enlarged, even "
        "areas stay as they are.",
    ),
    "emboss": Preset(
        _emboss,
        "The picture plus its slope down to the right: edges look lit from one side.",
        sizes=(3,),
    ),
    "gabor": Preset(
        _gabor,
        "Stripes at one angle. Large, positive or negative, where the picture has stripes or "
        "edges of that direction and width; near 0 elsewhere.",
        sizes=(5, 7),
    ),
}
