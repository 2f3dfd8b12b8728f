"""Initial weights, drawn once for NumPy and PyTorch alike.

The same specification, seed and scheme give the same numbers in both worlds, so a
network can be compared with its twin without copying weights.

References
----------
X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
networks", 2010. K. He et al., "Delving Deep into Rectifiers", 2015. Y. LeCun et al.,
"Efficient BackProp", 1998.
"""

from collections.abc import Iterable, Mapping
from math import erf, exp, pi, prod, sqrt
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnlab import spec
from cnnlab.scratch.paths import check_names, nearest
from cnnlab.spec import Row, Shape, trace

Array: TypeAlias = NDArray[Any]
Init: TypeAlias = str | Mapping[str, str]

# Variance of a weight, as (numerator, weight of fan_in, weight of fan_out) in its denominator.
_VARIANCE = {"glorot": (2.0, 1, 1), "he": (2.0, 1, 0), "lecun": (1.0, 1, 0)}

SCHEMES = (
    "torch",
    *(f"{name}-{shape}" for name in _VARIANCE for shape in ("uniform", "normal", "truncated")),
    "zeros",
)

_CUT = 2.0  # deviations at which "truncated" ends, as in Keras' he_normal and its kin
# Deviation of a standard normal number that is drawn again until it lies within the cut:
# its variance is 1 − 2 c φ(c) / (2 Φ(c) − 1).
_CUT_DEVIATION = sqrt(1 - 2 * _CUT * exp(-(_CUT**2) / 2) / sqrt(2 * pi) / erf(_CUT / sqrt(2)))


def scheme_at(path: str, init: Init) -> str:
    """Scheme of the row at a path: its own, or that of the innermost part named that holds it.

    Parameters
    ----------
    path : str
        As in ``state_dict`` keys.
    init : str or dict of str to str
        One scheme for all rows, or schemes by path: of a row, or of a part that holds it, or ""
        for the whole network. What is not named is drawn as PyTorch does.

    Examples
    --------
    >>> init = {"": "he-uniform", "head.fc3": "glorot-uniform"}
    >>> scheme_at("head.fc2", init), scheme_at("head.fc3", init)
    ('he-uniform', 'glorot-uniform')
    """
    return init if isinstance(init, str) else nearest(path, init, "torch")


def check_init(init: Init, paths: Iterable[str]) -> None:
    """Refuse a scheme that there is not, and a path where there is nothing.

    Examples
    --------
    >>> check_init({"fc9": "zeros"}, ["fc1", "fc2"])
    Traceback (most recent call last):
        ...
    ValueError: init must name rows of the network, such as fc1, fc2, not 'fc9'. Mend the name, \
or leave it out.
    """
    schemes = {"": init} if isinstance(init, str) else init
    for scheme in schemes.values():
        if scheme not in SCHEMES:
            raise ValueError(
                f"init must be one of {', '.join(SCHEMES)}, not {scheme!r}. Choose one."
            )
    check_names("init", schemes, paths)


def fans(shape: Shape) -> tuple[int, int]:
    """Inputs that feed one output, and outputs that one input feeds, through a weight.

    Examples
    --------
    >>> fans((64, 32, 3, 3)), fans((10, 128))
    ((288, 576), (128, 10))
    """
    return prod(shape[1:]), shape[0] * prod(shape[2:])


def draw(shape: Shape, fan_in: int, fan_out: int, scheme: str, rng: np.random.Generator) -> Array:
    """Draw one weight array.

    Parameters
    ----------
    shape : tuple of int
        Shape of the array.
    fan_in, fan_out : int
        As :func:`fans` counts them.
    scheme : str
        One of ``SCHEMES``: PyTorch's default, U(±1/√fan_in); Glorot, variance
        2/(fan_in + fan_out); He, 2/fan_in; LeCun, 1/fan_in, each uniform, normal or truncated,
        which is normal, nothing beyond two deviations, and what Keras calls ``he_normal``,
        ``glorot_normal`` and ``lecun_normal``; or zeros.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    float32 array

    Examples
    --------
    >>> draw((1, 2), 2, 1, "he-normal", np.random.default_rng(0)).shape
    (1, 2)
    """
    check_init(scheme, ())
    if scheme == "zeros":
        return np.zeros(shape, np.float32)
    if scheme == "torch":
        return _uniform(shape, 1 / sqrt(fan_in), rng)
    name, distribution = scheme.split("-")
    gain, weight_in, weight_out = _VARIANCE[name]
    deviation = sqrt(gain / (weight_in * fan_in + weight_out * fan_out))
    if distribution == "uniform":
        return _uniform(shape, sqrt(3) * deviation, rng)
    if distribution == "truncated":
        return _truncated(shape, rng) * np.float32(deviation / _CUT_DEVIATION)
    return rng.standard_normal(shape, np.float32) * np.float32(deviation)


def _uniform(shape: Shape, bound: float, rng: np.random.Generator) -> Array:
    return (rng.random(shape, np.float32) * 2 - 1) * np.float32(bound)


def _truncated(shape: Shape, rng: np.random.Generator) -> Array:
    drawn = rng.standard_normal(shape, np.float32)
    while (beyond := np.abs(drawn) > _CUT).any():
        drawn[beyond] = rng.standard_normal(int(beyond.sum()), np.float32)
    return drawn


def initial_params(
    row: Row, in_shape: Shape, rng: np.random.Generator, scheme: str = "torch"
) -> dict[str, Array]:
    """Draw the parameters of one row, float32, by their PyTorch names.

    Normalisation starts as the identity, sub-sampling as the plain mean, a learned slope at a
    quarter. An embedding is
    standard normal. Fixed codes are random corners ±1. Biases are 0, except in PyTorch's
    scheme, which draws them like the weight.
    """
    shapes = row.param_shapes(in_shape)
    params: dict[str, Array] = {}
    for name, shape in shapes.items():
        if isinstance(row, spec.BatchNorm | spec.LayerNorm | spec.GroupNorm | spec.Subsample):
            params[name] = np.full(shape, name == "weight", np.float32)
        elif isinstance(row, spec.PReLU):
            params[name] = np.full(shape, 0.25, np.float32)
        elif isinstance(row, spec.Embedding):
            params[name] = rng.standard_normal(shape, np.float32)
        elif isinstance(row, spec.RBF):
            params[name] = rng.choice(np.array([-1, 1], np.float32), shape)
        else:
            fan_in, fan_out = _fans(row, name, shapes)
            silent = name.startswith("bias") and scheme != "torch"
            params[name] = draw(shape, fan_in, fan_out, "zeros" if silent else scheme, rng)
    return params


def _fans(row: Row, name: str, shapes: dict[str, Shape]) -> tuple[int, int]:
    if isinstance(row, spec.RNN):  # PyTorch's scheme draws every array of it by the state's size
        return (row.hidden_size, row.hidden_size) if "bias" in name else fans(shapes[name])
    if isinstance(row, spec.TableConv):  # one kernel a connection; filters differ, so the mean
        connections, *kernel = shapes["weight"]
        reads = max(connections // len(row.table), 1)
        return reads * prod(kernel), reads * prod(kernel)
    return fans(shapes["weight"])


def initial_state(
    network: Row, input_shape: Shape, seed: int | np.random.Generator = 0, init: Init = "torch"
) -> dict[str, Array]:
    """Draw all parameters and buffers of an architecture, by their ``state_dict`` keys.

    Parameters
    ----------
    network : Row
        The specification.
    input_shape : tuple of int
        Without the batch.
    seed : int or numpy.random.Generator
        Source of randomness; the same seed gives the same numbers.
    init : str or dict of str to str
        As :func:`scheme_at`.

    Returns
    -------
    dict of arrays
        float32, and an int64 counter of batches for each batch normalisation.

    Examples
    --------
    >>> state = initial_state(spec.Chain(fc=spec.Linear(2)), (3,))
    >>> {key: array.shape for key, array in state.items()}
    {'fc.weight': (2, 3), 'fc.bias': (2,)}
    """
    rng = np.random.default_rng(seed)
    state: dict[str, Array] = {}
    bare = not isinstance(network, spec.Combinator)
    rows = [
        step for step in trace(network, input_shape) if not isinstance(step.row, spec.Combinator)
    ]
    check_init(init, (step.path for step in rows))
    for step in rows:
        prefix = "" if bare else f"{step.path}."
        scheme = scheme_at(step.path, init)
        for name, array in initial_params(step.row, step.in_shape, rng, scheme).items():
            state[prefix + name] = array
        for name, shape in step.row.buffer_shapes(step.in_shape).items():
            state[prefix + name] = np.full(shape, name == "running_var", np.float32)
        if isinstance(step.row, spec.BatchNorm):
            state[f"{prefix}num_batches_tracked"] = np.zeros((), np.int64)
    return state
