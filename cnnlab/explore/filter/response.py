"""A kernel over a photograph, in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab import geometry
from cnnlab.explore.images import GREY, SIGNED, channels_last, span
from cnnlab.explore.kernels import Kernel
from cnnlab.explore.threads import one_thread
from cnnlab.scratch import functional as F

Image = npt.NDArray[np.float32]

LUMINANCE = (0.299, 0.587, 0.114)
MAX_SIDE = 1024


@dataclass(frozen=True, kw_only=True)
class Response:
    """A kernel over a grey picture.

    Attributes
    ----------
    name, preset : str
        What picture and kernel are called.
    image : (H, W) array
    kernel : (kh, kw) array
    values : (H', W') array or None
        None where there is no response; ``problem`` says why.
    low, high, colors
        The colour scale.
    pixel : (row, column) or None
        A response whose sum is written out.
    """

    name: str
    preset: str
    stride: int
    padding: int
    image: Image
    kernel: Kernel
    problem: str = ""
    values: Image | None = None
    low: float = -1.0
    high: float = 1.0
    colors: Sequence[str] = SIGNED
    pixel: tuple[int, int] | None = None


def make_response(
    image: Image,
    kernel: Kernel,
    *,
    problem: str = "",
    colors: str = "auto",
    pixel: tuple[int, int] | None = None,
    **named: Any,
) -> Response:
    """Compute a response, or say why there is none.

    Parameters
    ----------
    image : (H, W) float32 array
    kernel : (kh, kw) array
    problem : str
        What was wrong before, so that there is nothing to compute.
    colors : {"auto", "signed", "grey"}
        How it is coloured: by its sign, or as a picture from 0 to 1; "auto" takes grey for
        kernels that keep the brightness, whose weights sum to 1.
    pixel : (row, column), optional
        A response whose sum is to be written out.
    **named
        Other fields of :class:`Response`.
    """
    common: dict[str, Any] = {"image": image, "kernel": kernel, **named}
    if problem:
        return Response(problem=problem, **common)
    stride, padding = named["stride"], named["padding"]
    try:
        geometry.output_shape(image.shape, kernel.shape, stride, padding)
        values = respond(image, kernel, stride, padding)
    except ValueError as error:
        return Response(problem=str(error), **common)
    scale = _scale(values, kernel, colors)
    return Response(values=values, pixel=_inside(pixel, values.shape), **common, **scale)


def respond(image: Image, kernel: Kernel, stride: int, padding: int) -> Image:
    """Slide the kernel over the picture, in float32 as layers do.

    Raises
    ------
    ValueError
        If the padding is more than the kernel could use.

    Examples
    --------
    >>> respond(np.ones((3, 3), np.float32), np.ones((3, 3)), 1, 1)[0]
    array([4., 6., 4.], dtype=float32)
    """
    if padding > max(image.shape):
        raise ValueError(
            f"padding must be at most {max(image.shape)}, the size of the picture, "
            f"not {padding}. Choose less."
        )
    weight = kernel.astype(np.float32)[None, None]  # (1, 1, kh, kw)
    with one_thread(), np.errstate(over="ignore", invalid="ignore"):
        y, _ = F.conv2d(image[None, None], weight, stride=stride, padding=padding)
    response: Image = y[0, 0]
    return response


def grey(image: npt.ArrayLike) -> Image:
    """Turn a picture into one channel of float32, 0 black and 1 white: its luminance.

    Parameters
    ----------
    image : (H, W), (C, H, W) or (H, W, C) array
        Grey or colour, channels first or last, also with transparency, under which white paper
        lies; bytes, 16-bit numbers, or floats of which 1 is white.

    Returns
    -------
    (H, W) float32 array

    Raises
    ------
    ValueError
        If it is no such picture, or has values that are not finite or far beyond white.

    Examples
    --------
    >>> grey(np.full((3, 2, 2), 255, np.uint8))[0]
    array([1., 1.], dtype=float32)
    """
    values = channels_last(image)  # (H, W, C)
    weights = LUMINANCE if values.shape[2] == 3 else (1.0,)
    return np.ascontiguousarray(values @ np.array(weights, np.float32))  # (H, W)


def within(image: Image) -> tuple[Image, str]:
    """A picture of at most 1,024 pixels a side, and a word on what was done to get there.

    Examples
    --------
    >>> smaller, words = within(np.zeros((3000, 10), np.float32))
    >>> smaller.shape, words
    ((1000, 3), 'It is large, so it is reduced: each pixel is the mean of a block of 3×3.')
    """
    factor = -(-max(image.shape) // MAX_SIDE)
    if factor == 1:
        return image, ""
    rows, columns = (min(factor, side) for side in image.shape)
    height, width = image.shape[0] // rows, image.shape[1] // columns
    blocks = image[: height * rows, : width * columns].reshape(height, rows, width, columns)
    words = f"It is large, so it is reduced: each pixel is the mean of a block of {rows}×{columns}."
    return np.ascontiguousarray(blocks.mean(axis=(1, 3))), words  # (height, width)


def brightness(response: Response) -> tuple[float, float]:
    """Values of the photograph's black and white."""
    least, greatest = span(response.image)
    return min(least, 0.0), max(greatest, 1.0)


def _scale(values: Image, kernel: Kernel, colors: str) -> dict[str, Any]:
    if colors == "grey" or (colors == "auto" and keeps_brightness(kernel)):
        return {"low": 0.0, "high": 1.0, "colors": GREY}
    # All but the largest hundredth: a few glints would leave the rest pale.
    sample = np.abs(values[:: len(values) // 128 + 1, :: values.shape[1] // 128 + 1])
    finite = sample[np.isfinite(sample)]
    limit = float(np.quantile(finite, 0.99)) if finite.size else 0.0
    limit = limit or max(span(np.abs(values))[1], 0.0) or 1.0
    return {"low": -limit, "high": limit, "colors": SIGNED}


def keeps_brightness(kernel: Kernel) -> bool:
    """Whether the weights sum to 1."""
    return bool(abs(kernel.sum() - 1) < 1e-3)


def _inside(pixel: tuple[int, int] | None, shape: tuple[int, int]) -> tuple[int, int] | None:
    if pixel is None or not all(0 <= i < n for i, n in zip(pixel, shape, strict=True)):
        return None
    return pixel
