"""Wrong layers, to test tests with: a check is as good as the mutants that it catches.

Every mutant is a forward/backward pair with one slip, most of them slips that learners make.
It takes the arguments of the right function, so it fits wherever that does.

References
----------
R. DeMillo, R. Lipton and F. Sayward, "Hints on Test Data Selection", 1978.

Examples
--------
Which wrong versions of ReLU does a test with one positive number overlook?

>>> import numpy as np
>>> missed = [m.name for m in of("relu") if m.forward(np.array([[2.0]]))[0] == 2]
>>> "identity" in missed, "absolute value" in missed, "cut at 1" in missed
(True, True, False)
"""

from collections.abc import Callable

from cnnlab.scratch.mutants import batch_norm, convolution, dense, losses, pooling
from cnnlab.scratch.mutants.base import Mutant

__all__ = ["Mutant", "names", "of"]

_ZOO: dict[str, Callable[[], list[Mutant]]] = {
    "avg_pool2d": pooling.avg_pool_mutants,
    "batch_norm": batch_norm.batch_norm_mutants,
    "conv2d": convolution.conv2d_mutants,
    "cross_entropy": losses.cross_entropy_mutants,
    "linear": dense.linear_mutants,
    "max_pool2d": pooling.max_pool_mutants,
    "relu": dense.relu_mutants,
    "softmax": dense.softmax_mutants,
}


def names() -> list[str]:
    """Functions that have mutants.

    Returns
    -------
    list of str
        Sorted.

    Examples
    --------
    >>> "conv2d" in names()
    True
    """
    return sorted(_ZOO)


def of(function: str) -> list[Mutant]:
    """Mutants of a function of :mod:`cnnlab.scratch.functional` or of a loss, made anew.

    Parameters
    ----------
    function : str
        One of :func:`names`.

    Returns
    -------
    list of Mutant
        At least twelve; their names differ.

    Raises
    ------
    KeyError
        If there are none of that function; the message lists those there are.

    Examples
    --------
    >>> next(m.slip for m in of("conv2d") if m.name == "flipped kernel")
    'the kernel is turned by 180 degrees before it slides (convolution in the strict sense)'
    """
    if function not in _ZOO:
        raise KeyError(
            f"function must be one of {', '.join(names())}, not {function!r}. Choose one of these."
        )
    return _ZOO[function]()
