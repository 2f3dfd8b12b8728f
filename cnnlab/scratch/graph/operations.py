"""What a node of a graph can compute, and its slope in each of its inputs."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.squashing import logistic


class Operation(NamedTuple):
    """One operation on numbers.

    Attributes
    ----------
    value : callable
        From the inputs to the output.
    slopes : callable
        From the output and the inputs, in this order, to the partial derivative in each input.
    """

    value: Callable[..., float]
    slopes: Callable[..., tuple[float, ...]]


def _power(x: float, n: float) -> float:
    return float(np.power(x, n))


def _sigmoid(x: float) -> float:
    return float(logistic(np.array(x)))


def _relu(x: float) -> float:
    return 0.0 if x <= 0 else x  # NaN passes through


# Written with the output y where that is shorter: the forward pass has it already.
OPERATIONS: dict[str, Operation] = {
    "+": Operation(lambda a, b: a + b, lambda y, a, b: (1.0, 1.0)),
    "-": Operation(lambda a, b: a - b, lambda y, a, b: (1.0, -1.0)),
    "*": Operation(lambda a, b: a * b, lambda y, a, b: (b, a)),
    "/": Operation(lambda a, b: a / b, lambda y, a, b: (1 / b, -y / b)),
    # The exponent is a constant, so that nobody asks for its slope.
    "**": Operation(_power, lambda y, x, n: (n * _power(x, n - 1), 0.0)),
    "neg": Operation(lambda x: -x, lambda y, x: (-1.0,)),
    "exp": Operation(np.exp, lambda y, x: (y,)),
    "log": Operation(np.log, lambda y, x: (1 / x,)),
    "sqrt": Operation(np.sqrt, lambda y, x: (1 / (2 * y),)),
    "sin": Operation(np.sin, lambda y, x: (np.cos(x),)),
    "cos": Operation(np.cos, lambda y, x: (-np.sin(x),)),
    "tanh": Operation(np.tanh, lambda y, x: (1 - y * y,)),
    "sigmoid": Operation(_sigmoid, lambda y, x: (y * (1 - y),)),
    "relu": Operation(_relu, lambda y, x: (float(x > 0),)),  # at 0 the slope is 0, as in PyTorch
}
