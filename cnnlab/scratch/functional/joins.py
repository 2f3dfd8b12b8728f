"""Where branches meet: they are added, stacked, or multiplied."""

from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array, check_floats, check_shape

__all__ = [
    "AddCache",
    "ConcatCache",
    "ScaleCache",
    "add",
    "add_backward",
    "concat",
    "concat_backward",
    "scale",
    "scale_backward",
]


class ConcatCache(NamedTuple):
    """Channels of each branch."""

    channels: tuple[int, ...]


class AddCache(NamedTuple):
    """How many branches there were."""

    branches: int


class ScaleCache(NamedTuple):
    """The two factors."""

    x: Array
    gate: Array


def add(*branches: Array) -> tuple[Array, AddCache]:
    """Sum of branches of one shape: the residual connection.

    Parameters
    ----------
    *branches : (N, C, ...) arrays
        Of one shape.

    Returns
    -------
    y : (N, C, ...) array
    cache : AddCache

    Examples
    --------
    >>> add(np.ones(2), np.ones(2), np.ones(2))[0]
    array([3., 3.])
    """
    check_floats("add", **{f"branch {i}": branch for i, branch in enumerate(branches)})
    total = branches[0].copy()
    for i, branch in enumerate(branches[1:], 1):
        check_shape("add", f"branch {i}", branch, total.shape)
        total += branch
    return total, AddCache(len(branches))


def add_backward(dy: Array, cache: AddCache) -> tuple[Array, ...]:
    """The same gradient for every branch: the short cut loses nothing on the way.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : AddCache

    Returns
    -------
    tuple of (N, C, ...) arrays
        One for each branch.

    Examples
    --------
    >>> _, cache = add(np.ones(2), np.ones(2))
    >>> add_backward(np.array([1.0, 2.0]), cache)
    (array([1., 2.]), array([1., 2.]))
    """
    return (dy,) * cache.branches


def concat(*branches: Array) -> tuple[Array, ConcatCache]:
    """Channels of all branches, stacked: (N, C₁, …), (N, C₂, …) -> (N, C₁ + C₂, …).

    Parameters
    ----------
    *branches : (N, C, ...) arrays
        Alike but for the channels.

    Returns
    -------
    y : (N, C, ...) array
    cache : ConcatCache

    Examples
    --------
    >>> concat(np.ones((2, 3, 8, 8)), np.ones((2, 5, 8, 8)))[0].shape
    (2, 8, 8, 8)
    """
    check_floats("concat", **{f"branch {i}": branch for i, branch in enumerate(branches)})
    for i, branch in enumerate(branches):
        shape = (len(branches[0]), branch.shape[1], *branches[0].shape[2:])
        check_shape("concat", f"branch {i}", branch, shape)
    return np.concatenate(branches, axis=1), ConcatCache(tuple(b.shape[1] for b in branches))


def concat_backward(dy: Array, cache: ConcatCache) -> tuple[Array, ...]:
    """Each branch gets the gradient of its own channels.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : ConcatCache

    Returns
    -------
    tuple of (N, C, ...) arrays
        One for each branch.

    Examples
    --------
    >>> _, cache = concat(np.ones((1, 1)), np.ones((1, 2)))
    >>> concat_backward(np.array([[1.0, 2.0, 3.0]]), cache)
    (array([[1.]]), array([[2., 3.]]))
    """
    ends = np.cumsum(cache.channels)[:-1].tolist()
    return tuple(part.copy() for part in np.split(dy, ends, axis=1))


def scale(x: Array, gate: Array) -> tuple[Array, ScaleCache]:
    """Multiply every channel with its own number, as squeeze-excite does.

    Parameters
    ----------
    x : (N, C, H, W) array
    gate : (N, C, 1, 1) array
        Or any shape with 1 in place of an axis.

    Returns
    -------
    y : (N, C, H, W) array
    cache : ScaleCache

    References
    ----------
    J. Hu et al., "Squeeze-and-Excitation Networks", 2018.

    Examples
    --------
    >>> scale(np.ones((1, 2, 3, 3)), np.array([[[[0.5]], [[2.0]]]]))[0][0, :, 0, 0]
    array([0.5, 2. ])
    """
    check_floats("scale", x=x, gate=gate)
    fits = x.ndim == gate.ndim and all(
        g in (1, size) for g, size in zip(gate.shape, x.shape, strict=True)
    )
    if not fits:
        raise ValueError(
            f"scale: gate must have the shape {x.shape} of x, or 1 in place of an axis, "
            f"not {gate.shape}. Pool with keepdims first."
        )
    return x * gate, ScaleCache(x, gate)


def scale_backward(dy: Array, cache: ScaleCache) -> tuple[Array, Array]:
    """Each factor's gradient is the other, summed where it was repeated.

    Parameters
    ----------
    dy : (N, C, H, W) array
    cache : ScaleCache

    Returns
    -------
    dx : (N, C, H, W) array
    dgate : (N, C, 1, 1) array
        Shape of the gate.

    Examples
    --------
    >>> y, cache = scale(np.ones((1, 1, 2, 2)), np.array([[[[0.5]]]]))
    >>> dx, dgate = scale_backward(np.ones_like(y), cache)
    >>> dx[0, 0, 0], dgate
    (array([0.5, 0.5]), array([[[[4.]]]]))
    """
    x, gate = cache
    repeated = tuple(axis for axis, size in enumerate(gate.shape) if size == 1)
    return dy * gate, (dy * x).sum(axis=repeated, keepdims=True)
