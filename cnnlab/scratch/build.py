"""From a specification to a NumPy network."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from cnnlab import spec
from cnnlab.scratch import nets
from cnnlab.scratch.init import Init, check_init, scheme_at
from cnnlab.scratch.layers import Backward, Forward, FunctionLayer, make
from cnnlab.spec import Row, Shape, trace

Swap: TypeAlias = Mapping[type[Row], tuple[Forward, Backward]]

_NETS: dict[type[Row], type[nets.Net]] = {
    spec.Chain: nets.Chain,
    spec.Add: nets.Add,
    spec.Concat: nets.Concat,
    spec.Scale: nets.Scale,
}


def build(
    network: Row,
    input_shape: Shape,
    seed: int | np.random.Generator = 0,
    *,
    init: Init = "torch",
    dtype: Any = np.float32,
    swap: Swap | None = None,
) -> nets.Net | FunctionLayer:
    """Build the NumPy network of a specification.

    Parameters
    ----------
    network : Row
        A row or a combinator of rows.
    input_shape : tuple of int
        ``(C, H, W)`` and its like, without the batch.
    seed : int or numpy.random.Generator
        Source of the initial weights, which equal the PyTorch twin's for the same seed, and of
        what dropout drops.
    init : str or dict of str to str
        One of ``cnnlab.scratch.init.SCHEMES``, or schemes by path, of a row or of a part that
        holds it: ``{"": "he-uniform", "fc2": "glorot-uniform"}``. "torch" is PyTorch's default.
    dtype : float32 or float64
        float64 is for checking gradients.
    swap : mapping, optional
        Functions of one's own in place of built-in ones: ``{spec.Conv: (forward, backward)}``.

    Returns
    -------
    Net, or a layer if ``network`` is a single row
        Its ``state_dict`` keys and shapes are the PyTorch twin's.

    Raises
    ------
    ShapeError
        If a row does not fit; it names the row and shows the shapes up to there.

    Examples
    --------
    >>> from cnnlab.spec import Chain, Conv, Flatten, Linear
    >>> net = build(Chain(conv1=Conv(6, 5), flatten=Flatten(), fc=Linear(10)), (1, 28, 28))
    >>> list(net.state_dict())
    ['conv1.weight', 'conv1.bias', 'fc.weight', 'fc.bias']
    >>> net.forward(np.zeros((2, 1, 28, 28), np.float32)).shape
    (2, 10)
    """
    steps = trace(network, input_shape)  # refuses what does not fit, by name
    check_init(init, (step.path for step in steps))
    rng = np.random.default_rng(seed)
    (noise,) = rng.spawn(1)  # a stream of its own: weights do not depend on dropout
    options = {"rng": rng, "dtype": dtype, "noise": noise}
    return _build(network, "", tuple(input_shape), dict(swap or {}), init, options)


def _build(
    row: Row,
    path: str,
    in_shape: Shape,
    swap: dict[type[Row], tuple[Forward, Backward]],
    init: Init,
    options: dict[str, Any],
) -> nets.Net | FunctionLayer:
    if isinstance(row, spec.Combinator):
        # In the order of computation, the order in which initial weights are drawn.
        children = {
            name: _build(child, f"{path}.{name}".lstrip("."), shape, swap, init, options)
            for name, child, shape in row.entering(in_shape)
        }
        net = _NETS[type(row)](**children)
        net.in_shape = in_shape
        return net
    if type(row) in swap:
        forward, backward = swap[type(row)]
        options = options | {"forward": forward, "backward": backward}
    return make(row, in_shape, init=scheme_at(path, init), **options)
