"""Small colour sets that are computed from the digits and the photographs, the same everywhere.

Each recipe takes the name of a part and draws with a seed of its own for that part, so that a
set needs no file and no network. What is learned from is kept apart from what is tested on: other
digits, and other halves of the photographs.
"""

import colorsys
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from cnnlab.data.dataset import Dataset, Images

Labels = npt.NDArray[np.int64]

# One colour for each digit: ten hues around the circle, (10, 3).
INKS = np.array([colorsys.hsv_to_rgb(hue / 10, 0.8, 1.0) for hue in range(10)], np.float32)
AGREEING = 0.95  # share of the training digits that wear their own colour
_SEEDS = {"train": 1, "test": 2, "near": 3, "agreeing": 4}


def patch(
    image: Images, size: int, rng: np.random.Generator, *, right: bool, channels: int = 3
) -> Images:
    """Cut a square at random from the left or the right half of a photograph.

    Parameters
    ----------
    image : (C, H, W) array
        A grey one fills all channels.
    size : int
        Height and width of the patch, in pixels.
    rng : Generator
    right : bool
        From the right half; the halves share no pixel.
    channels : int

    Returns
    -------
    (channels, size, size) float32 array

    Examples
    --------
    >>> strip = np.arange(8, dtype=np.float32).reshape(1, 1, 8).repeat(4, axis=1)
    >>> patch(strip, 4, np.random.default_rng(0), right=True)[2, 0]
    array([4., 5., 6., 7.], dtype=float32)
    """
    height, width = image.shape[1:]
    first, behind = (width // 2, width) if right else (0, width // 2)
    top = rng.integers(height - size + 1)
    left = rng.integers(first, behind - size + 1)
    cut = image[:, top : top + size, left : left + size]
    return np.broadcast_to(cut, (channels, size, size))  # (1 or 3, s, s) to (3, s, s)


def digits_on_photos(
    part: str, digits: Dataset, photos: Mapping[str, Images]
) -> tuple[Images, Labels]:
    """Digits that invert the patch of a photograph behind them: |digit − patch|.

    Parameters
    ----------
    part : "train" or "test"
    digits : Dataset
        Of 28×28; four fifths of each class are for training.
    photos : mapping from name to (C, H, W) array

    Returns
    -------
    images : (N, 3, 28, 28) float32 array
    labels : (N,) int64 array
    """
    chosen, rng = _digits(part, digits), np.random.default_rng(_SEEDS[part])
    names = rng.choice(list(photos), len(chosen))
    behind = [patch(photos[name], 28, rng, right=part == "test") for name in names]
    return np.abs(chosen.images - np.stack(behind)), chosen.labels  # (N, 3, 28, 28)


def coloured_digits(
    part: str, digits: Dataset, photos: Mapping[str, Images]
) -> tuple[Images, Labels]:
    """Digits in colour, where the colour gives the class away in training.

    Parameters
    ----------
    part : "train", "agreeing" or "test"
        In training 95 % of the digits wear the colour of their class, of "agreeing" all, and
        for the test each colour is drawn at random.
    digits, photos
        As in :func:`digits_on_photos`; no photograph is used.

    Returns
    -------
    images : (N, 3, 28, 28) float32 array
    labels : (N,) int64 array
    """
    chosen, rng = _digits(part, digits), np.random.default_rng(_SEEDS[part])
    share = {"train": AGREEING, "agreeing": 1.0, "test": 0.0}[part]
    own = rng.random(len(chosen)) < share
    colours = INKS[np.where(own, chosen.labels, rng.integers(10, size=len(chosen)))]  # (N, 3)
    return chosen.images * colours[:, :, None, None], chosen.labels  # (N, 3, 28, 28)


def photo_patches(
    part: str, digits: Dataset, photos: Mapping[str, Images]
) -> tuple[Images, Labels]:
    """Patches of 64×64 pixels, each labelled with the photograph that it was cut from.

    Parameters
    ----------
    part : "train", "near" or "test"
        "train" and "near" come from the left halves, so that they overlap; "test" from the right.
    digits, photos
        As in :func:`digits_on_photos`; no digit is used.

    Returns
    -------
    images : (N, 3, 64, 64) float32 array
    labels : (N,) int64 array
    """
    rng = np.random.default_rng(_SEEDS[part])
    labels = np.repeat(np.arange(len(photos)), 100 if part == "train" else 50)
    images = list(photos.values())
    cuts = [patch(images[label], 64, rng, right=part == "test") for label in labels]
    return np.stack(cuts), labels


RECIPES = {
    "digits-on-photos": digits_on_photos,
    "coloured-digits": coloured_digits,
    "photo-patches": photo_patches,
}


def _digits(part: str, digits: Dataset) -> Dataset:
    train, test = digits.split(0.8, seed=0)
    return train if part == "train" else test
