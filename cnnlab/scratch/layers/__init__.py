"""Layers: a row of an architecture with weights, a forward and a backward pass.

Each class is a shell around a pair of :mod:`cnnlab.scratch.functional`, where the arithmetic is.

Examples
--------
A layer from its row and the shape that enters:

>>> import numpy as np
>>> from cnnlab import spec
>>> layer = make(spec.Linear(2), (3,))
>>> y = layer.forward(np.ones((5, 3), np.float32))
>>> dx = layer.backward(np.ones_like(y))
>>> y.shape, dx.shape, layer.grads["weight"].shape
((5, 2), (5, 3), (2, 3))

The same layer with functions of one's own:

>>> def my_linear(x, weight, bias):
...     return x @ weight.T + bias, (x, weight)
>>> def my_linear_backward(dy, cache):
...     x, weight = cache
...     return dy @ weight, dy.T @ x, dy.sum(axis=0)
>>> mine = make(spec.Linear(2), (3,), forward=my_linear, backward=my_linear_backward)
>>> bool(np.allclose(mine.forward(np.ones((5, 3), np.float32)), y))
True
"""

from typing import Any

from cnnlab import spec
from cnnlab.scratch.layers import base, plain, windowed
from cnnlab.scratch.layers.base import *
from cnnlab.scratch.layers.plain import *
from cnnlab.scratch.layers.windowed import *
from cnnlab.spec import Row, Shape

# A layer carries the name of its row.
_KINDS: dict[type[Row], type[base.FunctionLayer]] = dict.fromkeys(
    plain.ACTIVATIONS, plain.Activation
) | {
    getattr(spec, name): vars(room)[name]
    for room in (plain, windowed)
    for name in room.__all__
    if hasattr(spec, name)
}


def make(row: Row, in_shape: Shape, **options: Any) -> base.FunctionLayer:
    """Make the layer of a row.

    Parameters
    ----------
    row : Row
        A row that is no combinator; for those see :func:`cnnlab.scratch.build`.
    in_shape : tuple of int
        Shape that enters, without the batch.
    **options
        ``forward`` and ``backward`` (functions of one's own), ``rng``, ``init``, ``dtype`` and
        ``noise``, as :class:`FunctionLayer`.

    Returns
    -------
    FunctionLayer

    Raises
    ------
    TypeError
        If there is no layer for the row.

    Examples
    --------
    >>> import numpy as np
    >>> layer = make(spec.MaxPool(2), (3, 8, 8), dtype=np.float64)
    >>> layer.forward(np.zeros((5, 3, 8, 8))).shape
    (5, 3, 4, 4)
    """
    kind = _KINDS.get(type(row))
    if kind is None:
        raise TypeError(
            f"make: row must be a layer such as Conv(8, 3), not {row!r}. "
            "For several rows use cnnlab.scratch.build."
        )
    return kind(row, in_shape, **options)
