"""Maps as pictures: what is above 0 orange, what is below blue, what is 0 the paper itself."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from cnnlab.explore.images import data_uri
from cnnlab.explore.inside.network import SHAPES, SIDE, Array, forward

ORANGE, BLUE = (213, 94, 0), (0, 114, 178)
# Which layer's greatest number is the darkest: layers that pass numbers on share one scale.
SCALES = {
    "relu1": "conv1", "pool1": "conv1", "relu2": "conv2", "pool2": "conv2", "flatten": "conv2",
}  # fmt: skip


def limit(found: Mapping[str, Array], layer: str) -> float:
    """What is drawn darkest in a layer.

    Examples
    --------
    >>> from cnnlab.explore.inside.network import forward
    >>> found = forward(np.eye(28))
    >>> limit(found, "pool1") == float(abs(found["conv1"]).max()), limit(found, "input")
    (True, 1.0)
    """
    if layer in ("input", "softmax"):
        return 1.0
    return float(abs(found[SCALES.get(layer, layer)]).max()) or 1.0


def shaded(values: Array, most: float) -> Array:
    """Colour a map, the more opaque the further from 0.

    Parameters
    ----------
    values : (H, W) array
    most : float
        What is opaque.

    Returns
    -------
    (H, W, 4) uint8 array

    Examples
    --------
    >>> shaded(np.array([[-2.0, 0.0, 1.0]]), 2.0)[0].tolist()
    [[0, 114, 178, 255], [0, 114, 178, 0], [213, 94, 0, 128]]
    """
    rgba = np.empty((*values.shape, 4), np.uint8)
    rgba[..., :3] = np.where(values[..., None] > 0, ORANGE, BLUE)
    rgba[..., 3] = np.floor(255 * np.clip(abs(values) / most, 0, 1) + 0.5)
    return rgba


def pictures(image: Array) -> Mapping[str, str]:
    """The maps of every layer as data URIs, by name and channel.

    Parameters
    ----------
    image : (28, 28) array

    Examples
    --------
    >>> found = pictures(np.eye(28, dtype=np.float32))
    >>> len(found), found["conv2:7"][:22]
    (44, 'data:image/png;base64,')
    """
    return _pictures(np.ascontiguousarray(image, np.float32).tobytes())


@lru_cache(8)
def _pictures(image: bytes) -> Mapping[str, str]:
    pixels: Any = np.frombuffer(image, np.float32).reshape(SIDE, SIDE)
    found = forward(pixels)
    grey = np.floor(255 * pixels + 0.5).astype(np.uint8)
    uris = {"input:0": data_uri(np.repeat(grey[..., None], 3, axis=2))}
    for layer in [*SHAPES][1:-2]:
        most = limit(found, layer)
        uris |= {
            f"{layer}:{c}": data_uri(shaded(each, most)) for c, each in enumerate(found[layer])
        }
    return uris
