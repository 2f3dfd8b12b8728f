"""Convolution whose kernels are as large as the map: a dense layer.

There is one window, and it lies in memory as a column already. So nothing is copied, and each of the
three convolutions is one product. LeNet-5's layer C5 is such a layer, and so is any 1×1 kernel on what
global pooling leaves.

References
----------
Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998: why C5 is called a
convolution all the same.
"""

from math import prod

from cnnlab.scratch.functional.blas import matmul
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.windows import Window


def covered(window: Window, groups: int) -> bool:
    """Whether every kernel covers the whole map, and sees all its channels."""
    whole = window.kernel_size == window.size
    return whole and groups == 1 and window.padding == ((0, 0), (0, 0))


def convolve(x: Array, weight: Array, bias: Array | None) -> Array:
    """Output of a convolution, (N, K, 1, 1)."""
    y = matmul(_rows(x), _rows(weight).T)  # (N, K)
    if bias is not None:
        y += bias
    return y[..., None, None]


def weight_gradient(x: Array, dy: Array) -> Array:
    """Gradient of the weight, (K, C, H, W)."""
    dweight = matmul(dy[..., 0, 0].T, _rows(x))  # (K, C * H * W)
    return dweight.reshape(len(dweight), *x.shape[1:])


def input_gradient(dy: Array, weight: Array) -> Array:
    """Gradient of the input, (N, C, H, W)."""
    dx = matmul(dy[..., 0, 0], _rows(weight))  # (N, C * H * W)
    return dx.reshape(len(dx), *weight.shape[1:])


def _rows(array: Array) -> Array:
    return array.reshape(len(array), prod(array.shape[1:]))
