"""Picture files and arrays of pixels as numbers from 0, black, to 1, white."""

import os
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from PIL.Image import Image as Opened

Images = npt.NDArray[np.float32]

_GREY = {"1", "L", "LA", "La", "I", "F", "I;16", "I;16L", "I;16B", "I;16N"}
_WITH_ALPHA = {"LA", "La", "PA", "RGBA", "RGBa"}


def read_image(path: str | os.PathLike[str], *, white: float | None = None) -> Images:
    """Read an image file, such as your own photograph, as the arrays of this course.

    What is transparent shows white paper. Of a file with several pictures the first is read.

    Parameters
    ----------
    path : path
        A PNG, JPEG, TIFF or other file that Pillow reads.
    white : float, optional
        The number that means white, where the file does not say it: 255 for 8 bits and 65,535
        for 16 bits if left out, 1 for floats. Files of 32-bit integers need it, and so do
        measurements that use a part of their range, such as 4,095 for 12 bits in 16.

    Returns
    -------
    image : (C, H, W) float32 array
        In [0, 1], upright; one channel for a grey image, else red, green, blue.

    Raises
    ------
    OSError
        If the file is missing or no image.
    ValueError
        If the file holds numbers of which it is not known which one is white.

    Examples
    --------
    >>> from importlib.resources import files
    >>> read_image(files("skimage.data") / "chelsea.png").shape
    (3, 300, 451)
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    _check_white(white)
    try:
        with Image.open(path) as opened:
            if opened.mode == "I" and opened.format == "PNG" and white is None:
                white = 65535  # the only deep grey a PNG has
            pixels = _pixels(ImageOps.exif_transpose(opened))
    except UnidentifiedImageError:
        raise OSError(
            f"read_image: {os.fspath(path)} must be a picture, but it cannot be read as one. "
            "Save it as PNG or JPEG, for instance from the program that shows it."
        ) from None
    except OSError as error:
        if error.filename is not None:  # missing, or not to be opened
            raise
        raise OSError(
            f"read_image: {os.fspath(path)} must be a whole picture, but {error}. "
            "Copy or download it again."
        ) from error
    unit = as_unit(
        pixels,
        white=white,
        name=f"read_image: {os.fspath(path)}",
        remedy="read_image(path, white={white})",
        normalised=False,
    )
    channels_last = np.atleast_3d(unit)  # (H, W, C)
    return np.ascontiguousarray(channels_last.transpose(2, 0, 1))  # (C, H, W)


def as_unit(
    pixels: npt.ArrayLike,
    *,
    white: float | None = None,
    name: str = "image",
    remedy: str = "image / {white}",
    normalised: bool = True,
) -> Images:
    """Pixels of any kind as float32, 1 being white.

    Parameters
    ----------
    pixels : array
        Bytes, 16-bit numbers, truth values, or floats of which 1 is white.
    white : float, optional
        The number that means white.
    name, remedy : str
        What an error calls the array, and what helps if its white is not known, with a place for
        the number that is likely to mean it.
    normalised : bool
        Whether floats may lie outside 0 … 1, as a normalised image's do, though never as far as
        bytes.

    Raises
    ------
    ValueError
        If it holds no finite numbers, or it is not known which of them is white.

    Examples
    --------
    >>> as_unit(np.array([[0, 65535]], np.uint16))
    array([[0., 1.]], dtype=float32)
    >>> as_unit(np.array([[0.0, 255.0]]))
    Traceback (most recent call last):
        ...
    ValueError: image must hold numbers from 0 to 1, not 0 to 255. Say which number is white: \
image / 255.
    """
    array = np.asarray(pixels)
    if array.dtype.kind not in "buif":
        path = array.dtype.kind in "US"
        advice = "Read the file first: cnnlab.data.read_image(path)" if path else "Pass pixels"
        raise ValueError(f"{name} must hold numbers, not {array.dtype}. {advice}.")
    _check_white(white)
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    if not np.isfinite([low, high]).all():
        raise ValueError(f"{name} must be finite. Find the other values with np.isfinite.")
    deep = array.dtype.kind == "u" and array.dtype.itemsize == 2
    if white is None and deep and 1 < high <= 255:
        raise ValueError(
            f"{name} must use more of its 16 bits than 0 to {high:g}, which would be nearly black. "
            f"Say which number is white: {remedy.format(white=255)}."
        )
    if white is None and (deep or array.dtype == np.uint8):
        white = float(np.iinfo(array.dtype).max)
    # Sharpened and normalised images go beyond white, and below black if they go far.
    outside = (10 if low < 0 else 2) if normalised and array.dtype.kind == "f" else 1
    if white is None and max(-low, high) <= outside and (normalised or low >= 0):
        return array.astype(np.float32)
    if white is None or not 0 <= low <= high <= white:
        most = max(-low, high)
        likely = next((top for top in (255, 65535) if 10 < most <= top), f"{most:g}")
        cure = (
            f"Say which number is white: {remedy.format(white=likely)}."
            if normalised or low >= 0
            else "Shift the numbers first, so that black is 0."
        )
        raise ValueError(
            f"{name} must hold numbers from 0 to {1 if white is None else white:g}, "
            f"not {low:g} to {high:g}. {cure}"
        )
    unit: Images = np.divide(array, white, dtype=np.float32)
    return unit


def _check_white(white: Any) -> None:
    real = isinstance(white, Real) and not isinstance(white, bool)
    if white is not None and not (real and 0 < float(white) < np.inf):
        raise ValueError(
            f"white must be a number above 0, not {white!r}. Give the one that means white, "
            "such as 255."
        )


def on_paper(pixels: Images) -> Images:
    """Put transparent pixels on white paper.

    Parameters
    ----------
    pixels : (H, W, 2) or (H, W, 4) float32 array
        In [0, 1]; grey or colour, and how opaque it is.

    Returns
    -------
    (H, W, 1) or (H, W, 3) float32 array

    Examples
    --------
    >>> on_paper(np.array([[[0, 0, 0, 0], [0, 0, 0, 1]]], np.float32)).tolist()
    [[[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]]
    """
    opaque = pixels[..., -1:]
    return pixels[..., :-1] * opaque + 1 - opaque


def _pixels(picture: "Opened") -> npt.NDArray[Any]:
    """Numbers of an open file: (H, W), or (H, W, 3) in colour."""
    grey = picture.mode in _GREY
    if picture.mode in _WITH_ALPHA or "transparency" in picture.info:
        composed = on_paper(np.asarray(picture.convert("RGBA"), np.float32) / np.float32(255))
        return composed[..., 0] if grey else composed
    if not grey:
        return np.asarray(picture.convert("RGB"))
    return np.asarray(picture.convert("L") if picture.mode == "1" else picture)
