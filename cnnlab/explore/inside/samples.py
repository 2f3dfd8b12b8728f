"""Digits to begin with: one of each kind, and a few that people drew."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from cnnlab.explore.inside.network import TRAINED_ON, Array
from cnnlab.explore.inside.pen import Stroke, drawn

SAMPLES = tuple(f"digit {n}" for n in range(10))
OWN = "drawn"


@cache
def _unseen() -> tuple[Array, ...]:
    """One digit of each class that the network was not trained on."""
    from cnnlab import data

    _, unseen = data.load("mnist-5k").split((TRAINED_ON,), seed=0)
    first = [int(np.flatnonzero(unseen.labels == n)[0]) for n in range(10)]
    return tuple(unseen.images[i, 0] for i in first)


def image_of(picture: str, strokes: Sequence[Stroke]) -> Array:
    """The image that enters the network.

    Parameters
    ----------
    picture : str
        One of ``SAMPLES``, or "drawn" for the strokes.
    strokes : sequence of sequences of (x, y)

    Returns
    -------
    (28, 28) float32 array

    Examples
    --------
    >>> image_of("digit 3", []).shape, float(image_of("drawn", []).max())
    ((28, 28), 0.0)
    """
    if picture == OWN:
        return drawn(strokes)
    return _unseen()[SAMPLES.index(picture)]
