"""Matrix products of the size that BLAS multiplies fastest.

For a large product BLAS rearranges both factors, so that it can read them in order; a small one
OpenBLAS multiplies as they are, if the processor has AVX-512. Most products of a convolution lie between
the two: large enough to be rearranged, but too narrow for that to pay. Cut into many small ones, they take
half the time there. On other processors all factors are rearranged, and products stay whole.

References
----------
K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", 2008: why a large
product rearranges its factors.
"""

import sys
from collections.abc import Sequence
from functools import cache

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import cut, numpy_blas, share_out, workers

# Found by measuring with benchmarks/conv2d.py; they change speed, not what is computed.
PRODUCT = 1_000_000  # multiply-adds up to which OpenBLAS need not rearrange its factors
COLUMNS, ROWS = 64, 16  # fewest of a piece
LANES = 16  # floats that a processor multiplies at once
AVX_512 = ("SkylakeX", "Cooperlake", "SapphireRapids")  # what OpenBLAS calls kernels that use it


@cache
def takes_small() -> bool:
    """Whether BLAS multiplies small factors as they are, or rearranges any."""
    return any(library.architecture in AVX_512 for library in numpy_blas().lib_controllers)


def most() -> int:
    """Return up to how many multiply-adds a product is quick; anywhere, if all factors are rearranged."""
    return PRODUCT if takes_small() else sys.maxsize


def product(left: Array, right: Array, out: Array) -> Array:
    """Write ``left @ right`` to ``out``, in pieces that BLAS is quick at.

    Parameters
    ----------
    left : (..., M, K) array
    right : (..., K, N) array
    out : (..., M, N) array

    Returns
    -------
    (..., M, N) array
        ``out``.

    Examples
    --------
    >>> import numpy as np
    >>> left, right = np.ones((2, 1000)), np.ones((1000, 800))
    >>> product(left, right, np.empty((2, 800)))[0, :3]
    array([1000., 1000., 1000.])
    """
    (rows, inner), columns = left.shape[-2:], right.shape[-1]
    if right.strides[-1] != right.itemsize:  # turned: only a large product is quick then
        return np.matmul(left, right, out=out)
    step = _step(columns, rows * inner, COLUMNS)
    if step:
        whole = columns // step * step
        pieces = (_columns(array[..., :whole], step) for array in (right, out))
        np.matmul(left[..., None, :, :], next(pieces), out=next(pieces))
        if whole < columns:
            np.matmul(left, right[..., whole:], out=out[..., whole:])
        return out
    step = _step(rows, inner * columns, ROWS)
    if step:
        whole = rows // step * step
        pieces = (_rows(array[..., :whole, :], step) for array in (left, out))
        np.matmul(next(pieces), right[..., None, :, :], out=next(pieces))
        if whole < rows:
            np.matmul(left[..., whole:, :], right, out=out[..., whole:, :])
        return out
    return np.matmul(left, right, out=out)


def matmul(left: Array, right: Array) -> Array:
    """Product of rows with a matrix, (..., K) and (K, N); threads share its longer side if it is large.

    Examples
    --------
    >>> import numpy as np
    >>> matmul(np.ones((4, 2, 3)), np.ones((3, 5))).shape
    (4, 2, 5)
    """
    result: Array
    if left.shape[-1] == 1:  # BLAS takes several times as long for an outer product
        result = left * right[0]
        return result
    shares = workers(left.size * right.shape[1])
    if shares == 1:
        result = left @ right
        return result
    rows = left.reshape(-1, left.shape[-1])  # (M, K)
    out = np.empty((len(rows), right.shape[1]), np.result_type(left, right))

    def some_rows(share: Sequence[slice]) -> None:
        for some in share:
            np.matmul(rows[some], right, out=out[some])

    def some_columns(share: Sequence[slice]) -> None:
        for some in share:
            np.matmul(rows, right[:, some], out=out[:, some])

    work = some_rows if len(out) >= out.shape[1] else some_columns
    share_out(work, cut(max(out.shape), shares), shares)
    return out.reshape(*left.shape[:-1], -1)  # (..., N)


def _step(length: int, cost: int, fewest: int) -> int:
    """Return how long pieces of a side are, alike but for the last, or 0 if it should stay whole."""
    longest = most() // max(1, cost) // LANES * LANES
    if not fewest <= longest < length:
        return 0
    even = -(-length // -(-length // longest))
    return -(-even // LANES) * LANES


def _columns(array: Array, step: int) -> Array:
    """View (..., M, n * step) as (..., n, M, step)."""
    return array.reshape(*array.shape[:-1], -1, step).swapaxes(-3, -2)


def _rows(array: Array, step: int) -> Array:
    """View (..., n * step, N) as (..., n, step, N)."""
    return array.reshape(*array.shape[:-2], -1, step, array.shape[-1])
