"""A small digit network with its weights, and every number that it computes for one image."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab import scratch
from cnnlab.scratch import functional
from cnnlab.spec import Chain, Conv, Flatten, Linear, MaxPool, ReLU

Array = npt.NDArray[Any]

FILE = Path(__file__).with_name("weights.json")
SIDE = 28  # pixels
TRAINED_ON = 4000  # of the packaged digits; it is measured on the other 1,000

TABLE = Chain(
    conv1=Conv(6, 5), relu1=ReLU(), pool1=MaxPool(2),
    conv2=Conv(8, 3), relu2=ReLU(), pool2=MaxPool(2),
    flatten=Flatten(), dense=Linear(10),
)  # fmt: skip

# Channels, rows and columns; what lies in a row of its own, such as a class, has one column.
SHAPES = {
    "input": (1, 28, 28), "conv1": (6, 24, 24), "relu1": (6, 24, 24), "pool1": (6, 12, 12),
    "conv2": (8, 10, 10), "relu2": (8, 10, 10), "pool2": (8, 5, 5),
    "flatten": (1, 200, 1), "dense": (1, 10, 1), "softmax": (1, 10, 1),
}  # fmt: skip
LAYERS = tuple(SHAPES)


@cache
def weights() -> Mapping[str, Array]:
    """Weights and biases by name, as ``train.py`` stored them.

    Examples
    --------
    >>> {name: each.shape for name, each in weights().items()}
    {'conv1.weight': (6, 1, 5, 5), 'conv1.bias': (6,), 'conv2.weight': (8, 6, 3, 3), \
'conv2.bias': (8,), 'dense.weight': (10, 200), 'dense.bias': (10,)}
    """
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return {name: np.array(values, np.float32) for name, values in found.items()}


@cache
def network() -> Any:
    """The network of ``scratch``."""
    net = scratch.build(TABLE, SHAPES["input"])
    net.load_state_dict(dict(weights()))
    return net


def forward(image: Array) -> Mapping[str, Array]:
    """Compute all layers.

    Parameters
    ----------
    image : (28, 28) array
        0 is paper and 1 is ink.

    Returns
    -------
    dict of str to (channels, rows, columns) float32 array
        By layer; a class is a row of "dense" and of "softmax".

    Examples
    --------
    >>> found = forward(np.zeros((28, 28), np.float32))
    >>> found["pool2"].shape, round(float(found["softmax"].sum()), 5)
    ((8, 5, 5), 1.0)
    """
    return _forward(np.ascontiguousarray(image, np.float32).tobytes())


@lru_cache(32)
def _forward(image: bytes) -> Mapping[str, Array]:
    x = np.frombuffer(image, np.float32).reshape(1, 1, SIDE, SIDE)
    found, net = {"input": x[0]}, network()
    for name in LAYERS[1:-1]:
        x = net[name].forward(x)
        found[name] = x[0].reshape(SHAPES[name])
    shares, _ = functional.softmax(x, axis=1)
    return found | {"softmax": shares[0].reshape(SHAPES["softmax"])}
