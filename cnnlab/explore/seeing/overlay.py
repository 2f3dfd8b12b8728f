"""A map laid over the picture that it is of."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cnnlab.explore.images import SIGNED, colored, data_uri, span
from cnnlab.explore.seeing import maps, model
from cnnlab.explore.seeing.maps import Answer, Map, Question

RISING = SIGNED[1:]  # from nothing to the strongest
DYES = 96  # colours of a stored picture, so that it stays small
STRONGEST = 0.85  # of a map's colour over the picture
PALE, PALER = 0.45, 0.7  # how light the picture's black becomes under a map, a fine one
FEW = 400  # cells of a coarse map


def is_signed(method: str, values: Map) -> bool:
    """Whether the map tells what lowers the score from what raises it."""
    return method in maps.SIGNED or span(values)[0] < 0


def limit(values: Map) -> float:
    """What the strongest colour stands for; of a map of many pixels all but the largest hundredth.

    Examples
    --------
    >>> limit(np.array([[-4.0, 2.0]], np.float32))
    4.0
    """
    sizes = np.abs(values[np.isfinite(values)])
    share = 0.99 if sizes.size > FEW else 1.0
    return float(np.quantile(sizes, share, method="higher")) if sizes.size else 0.0


def spread(question: Question, values: Map) -> Map:
    """Every pixel's value of the map, (side, side); 0 where no place lies.

    Cells of a layer's map divide the picture evenly. A place that was covered is drawn at the
    patch's middle, as wide as the stride.

    Parameters
    ----------
    question : Question
    values : (rows, columns) array
    """
    side = question.picture.reader.side
    start, step = 0.0, side / len(values)
    if question.method == "occlusion":
        patch, step = maps.pixels(question)
        start = (patch - step) / 2
    place = np.floor((np.arange(side) + 0.5 - start) / step).astype(int)
    inside = (place >= 0) & (place < len(values))
    found = values[np.ix_(place.clip(0, len(values) - 1), place.clip(0, len(values) - 1))]
    return np.where(np.outer(inside, inside), found, np.float32(0))


@lru_cache(maxsize=8)
def laid_over(question: Question, answer: Answer) -> str:
    """The map over a pale, grey picture, as a data URI."""
    seen = model.visible(question.picture)
    pale = PALE if question.method in maps.COARSE else PALER
    grey = pale + (1 - pale) * seen.mean(axis=2, keepdims=True)  # (H, W, 1)
    values = spread(question, answer.values)
    strongest = limit(values) or 1.0
    known = np.nan_to_num(values)
    shares = np.minimum(np.abs(known) / strongest, 1)[..., None] * STRONGEST
    dyes = colored(np.sign(known), -1, 1, SIGNED)  # (H, W, 3)
    mixed = 255 * grey * (1 - shares) + dyes * shares
    return data_uri(np.round(mixed).astype(np.uint8), DYES)


@lru_cache(maxsize=16)
def seen(picture: model.Picture) -> str:
    """The picture as the network sees it, as a data URI."""
    rgb: npt.NDArray[np.uint8] = np.round(255 * model.visible(picture)).astype(np.uint8)
    return data_uri(rgb, DYES)
