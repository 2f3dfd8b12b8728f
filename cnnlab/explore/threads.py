"""How many cores the explorers' small sums may take."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any, cast

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Hold BLAS to one thread: for products this small, more would wait for each other.

    Examples
    --------
    >>> import numpy as np
    >>> with one_thread():
    ...     np.eye(2) @ np.eye(2)
    array([[1., 0.],
           [0., 1.]])
    """
    return cast("AbstractContextManager[Any]", _blas().limit(limits=1))


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")
