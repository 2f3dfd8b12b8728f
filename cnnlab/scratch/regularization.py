"""Penalties on large weights, and limits on large gradients.

A penalty returns what it adds to the loss and what it adds to the gradients. Biases and the
scales of normalisation are one-dimensional and go free.
"""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.paths import check_names, nearest

Arrays: TypeAlias = Mapping[str, Array]
Strength: TypeAlias = float | Mapping[str, float]


def l2_penalty(params: Arrays, strength: Strength) -> tuple[float, dict[str, Array]]:
    """``strength · Σ w²``: pulls every weight towards 0 in proportion to its size.

    Parameters
    ----------
    params : dict of arrays
    strength : float, or dict of str to float
        As in Keras; PyTorch's ``weight_decay`` is twice this. A dict gives strengths by path, of
        a layer or of a part that holds it, or "" for the whole network; what is not named goes
        free.

    Returns
    -------
    value : float
        To add to the loss.
    grads : dict of arrays
        To add to the gradients of the same names.

    Examples
    --------
    >>> value, grads = l2_penalty({"weight": np.array([[1.0, -2.0]]), "bias": np.ones(1)}, 0.1)
    >>> value, grads
    (0.5, {'weight': array([[ 0.2, -0.4]])})
    >>> two = {"conv.weight": np.ones((1, 1, 3, 3)), "fc.weight": np.ones((1, 2))}
    >>> round(l2_penalty(two, {"conv": 0.1, "fc": 0.01})[0], 2)
    0.92
    """
    return elastic_net_penalty(params, l1=0.0, l2=strength)


def l1_penalty(params: Arrays, strength: Strength) -> tuple[float, dict[str, Array]]:
    """``strength · Σ |w|``: pulls every weight towards 0 equally hard, so that many end there.

    Parameters
    ----------
    params : dict of arrays
    strength : float, or dict of str to float
        As in :func:`l2_penalty`.

    Returns
    -------
    value : float
    grads : dict of arrays

    Examples
    --------
    >>> value, grads = l1_penalty({"weight": np.array([[1.0, -2.0]])}, 0.1)
    >>> round(value, 4), grads
    (0.3, {'weight': array([[ 0.1, -0.1]])})
    """
    return elastic_net_penalty(params, l1=strength, l2=0.0)


def elastic_net_penalty(
    params: Arrays, l1: Strength, l2: Strength
) -> tuple[float, dict[str, Array]]:
    """``l1 · Σ |w| + l2 · Σ w²``.

    Parameters
    ----------
    params : dict of arrays
    l1, l2 : float, or dict of str to float
        Strengths of the two parts, as in :func:`l2_penalty`.

    Returns
    -------
    value : float
    grads : dict of arrays

    References
    ----------
    H. Zou and T. Hastie, "Regularization and variable selection via the elastic net", 2005.

    Examples
    --------
    >>> round(elastic_net_penalty({"weight": np.array([[1.0, -2.0]])}, l1=0.1, l2=0.1)[0], 4)
    0.8
    """
    rows = [name.rpartition(".")[0] for name in params]
    for kind, strength in (("l1", l1), ("l2", l2)):
        check_names(f"penalty: {kind}", strength if isinstance(strength, Mapping) else (), rows)
    value, grads = 0.0, {}
    for name, w in params.items():
        if w.ndim > 1:
            lasso, ridge = _strength("l1", l1, name), _strength("l2", l2, name)
            value += lasso * float(np.abs(w).sum()) + ridge * float((w * w).sum())
            grads[name] = lasso * np.sign(w) + (2 * ridge) * w
    return value, grads


def activity_penalty(y: Array, l1: float = 0.0, l2: float = 0.0) -> tuple[float, Array]:
    """``(l1 · Σ |y| + l2 · Σ y²) / N``: pulls what a layer puts out, not its weights, towards 0.

    Parameters
    ----------
    y : (N, ...) array
        Outputs of a layer for a batch.
    l1, l2 : float
        Strengths; l1 makes most outputs exactly 0, so that an example is told by a few units.

    Returns
    -------
    value : float
        As Keras' ``activity_regularizer``: the mean over the batch, to be added to the loss.
    dy : (N, ...) array
        Its gradient, to be added to the gradient that reaches the layer from above.

    Examples
    --------
    >>> activity_penalty(np.array([[1.0, -2.0], [0.0, 3.0]]), l1=0.5)
    (1.5, array([[ 0.25, -0.25],
           [ 0.  ,  0.25]]))
    """
    lasso, ridge = _strength("l1", l1, ""), _strength("l2", l2, "")
    value = lasso * float(np.abs(y).sum()) + ridge * float((y * y).sum())
    return value / len(y), (lasso * np.sign(y) + (2 * ridge) * y) / len(y)


def _strength(kind: str, strength: Strength, name: str) -> float:
    own = nearest(name, strength, 0.0) if isinstance(strength, Mapping) else strength
    if not own >= 0:
        raise ValueError(f"penalty: strength {kind} must be at least 0, not {own}. Try 1e-4.")
    return own


def clip_grad_norm(grads: Arrays, max_norm: float) -> float:
    """Scale all gradients together, in place, so that their common length is at most max_norm.

    Parameters
    ----------
    grads : dict of arrays
    max_norm : float
        Largest common length.

    Returns
    -------
    float
        The length before.

    References
    ----------
    R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural
    networks", 2013.

    Examples
    --------
    >>> grads = {"weight": np.array([3.0]), "bias": np.array([4.0])}
    >>> clip_grad_norm(grads, 1.0), grads["weight"].round(3)
    (5.0, array([0.6]))
    """
    norm = float(np.sqrt(sum(float((g * g).sum()) for g in grads.values())))
    factor = max_norm / (norm + 1e-6)  # torch's guard against a length of 0
    if factor < 1:
        for gradient in grads.values():
            gradient *= factor
    return norm


def clip_grad_value(grads: Arrays, clip_value: float) -> None:
    """Cut every single number of the gradients, in place, to ±clip_value.

    Parameters
    ----------
    grads : dict of arrays
    clip_value : float
        Largest size of a number.

    Examples
    --------
    >>> grads = {"weight": np.array([-3.0, 0.5])}
    >>> clip_grad_value(grads, 1.0)
    >>> grads["weight"]
    array([-1. ,  0.5])
    """
    for gradient in grads.values():
        np.clip(gradient, -clip_value, clip_value, out=gradient)
