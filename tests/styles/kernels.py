"""One kernel over one image, in many styles."""

import numpy as np
import scipy.ndimage
import scipy.signal
import torch

from tests.styles.base import Row, by_name


def loops(image, kernel):
    (height, width), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((height - kh + 1, width - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for u in range(kh):
                for v in range(kw):
                    out[i, j] += kernel[u, v] * image[i + u, j + v]
    return out


def a_sum_for_each_window(image, kernel):
    kh, kw = kernel.shape
    rows, columns = range(image.shape[0] - kh + 1), range(image.shape[1] - kw + 1)
    return [[(image[i : i + kh, j : j + kw] * kernel).sum() for j in columns] for i in rows]


def a_picture_for_each_weight(image, kernel):
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    return sum(
        weight * image[u : u + rows, v : v + columns] for (u, v), weight in np.ndenumerate(kernel)
    )


def plain_lists(image, kernel):
    image, kernel = image.tolist(), kernel.tolist()
    kh, kw = len(kernel), len(kernel[0])
    out = []
    for i in range(len(image) - kh + 1):
        out.append([])
        for j in range(len(image[0]) - kw + 1):
            total = 0.0
            for u in range(kh):
                for v in range(kw):
                    total += kernel[u][v] * image[i + u][j + v]
            out[-1].append(total)
    return out


def stride_tricks(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.tensordot(windows, kernel, axes=((2, 3), (0, 1)))


def as_strided(image, kernel):
    shape = (*np.subtract(image.shape, kernel.shape) + 1, *kernel.shape)
    windows = np.lib.stride_tricks.as_strided(image, shape, image.strides * 2)
    return (windows * kernel).sum(axis=(2, 3))


def einsum(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijuv,uv->ij", windows, kernel)


def fft(image, kernel):
    size = np.add(image.shape, kernel.shape) - 1
    spectrum = np.fft.rfft2(image, size) * np.fft.rfft2(kernel[::-1, ::-1], size)
    full = np.fft.irfft2(spectrum, size)
    kh, kw = kernel.shape
    return full[kh - 1 : image.shape[0], kw - 1 : image.shape[1]]


def pytorch(image, kernel):
    x, weight = (torch.as_tensor(a)[None, None] for a in (image, kernel))
    return torch.nn.functional.conv2d(x, weight)[0, 0]


def pytorch_unfold(image, kernel):
    windows = torch.tensor(image).unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return (windows * torch.tensor(kernel)).sum((2, 3))


def scipy_signal(image, kernel):
    return scipy.signal.correlate2d(image, kernel, mode="valid")


def scipy_ndimage(image, kernel):
    (kh, kw), (height, width) = kernel.shape, image.shape
    full = scipy.ndimage.correlate(image, kernel, mode="constant")
    top, left = kh // 2, kw // 2
    return full[top : top + height - kh + 1, left : left + width - kw + 1]


def one_matrix_product(image, kernel):
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    matrix = np.zeros((rows * columns, image.size))
    for i, j in np.ndindex(rows, columns):
        whole = np.zeros(image.shape)
        whole[i : i + kernel.shape[0], j : j + kernel.shape[1]] = kernel
        matrix[i * columns + j] = whole.ravel()
    return (matrix @ image.ravel()).reshape(rows, columns)


def recursion(image, kernel):
    """Row by row, from the last one on."""
    if len(image) < len(kernel):
        return np.zeros((0, image.shape[1] - kernel.shape[1] + 1))
    top = [
        np.vdot(image[: len(kernel), j : j + kernel.shape[1]], kernel)
        for j in range(image.shape[1] - kernel.shape[1] + 1)
    ]
    return np.vstack([top, recursion(image[1:], kernel)])


def dot_of_flat_windows(image, kernel):
    kh, kw = kernel.shape
    flat = []
    for i in range(image.shape[0] - kh + 1):
        places = range(image.shape[1] - kw + 1)
        windows = (image[i : i + kh, j : j + kw] for j in places)
        flat.append(np.array([window.ravel().dot(kernel.ravel()) for window in windows]))
    return np.array(flat)


CORRELATE = by_name(
    loops,
    a_sum_for_each_window,
    a_picture_for_each_weight,
    plain_lists,
    stride_tricks,
    as_strided,
    einsum,
    fft,
    pytorch,
    pytorch_unfold,
    scipy_signal,
    scipy_ndimage,
    one_matrix_product,
    recursion,
    dot_of_flat_windows,
)


def _turned(f, turn):
    def convolve2d(image, kernel):
        return f(image, np.ascontiguousarray(turn(kernel)))

    return convolve2d


_TURNS = (
    lambda k: k[::-1, ::-1],
    np.flip,
    lambda k: np.rot90(k, 2),
    lambda k: np.flipud(np.fliplr(k)),
    lambda k: k.ravel()[::-1].reshape(k.shape),
)
CONVOLVE = {
    name: _turned(f, _TURNS[number % len(_TURNS)])
    for number, (name, f) in enumerate(CORRELATE.items())
}
CONVOLVE["scipy convolve2d"] = lambda image, kernel: scipy.signal.convolve2d(
    image, kernel, mode="valid"
)


def indices_that_run_back(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for i, j in np.ndindex(out.shape):
        for u, v in np.ndindex(kernel.shape):
            out[i, j] += kernel[kh - 1 - u, kw - 1 - v] * image[i + u, j + v]
    return out


CONVOLVE["indices that run back"] = indices_that_run_back


def _channels(f):
    def correlate_channels(x, weight, bias):
        total = 0
        for channel, kernel in zip(x, weight, strict=True):
            total = total + np.asarray(f(channel, kernel))
        return total + bias

    return correlate_channels


CHANNELS = {name: _channels(f) for name, f in CORRELATE.items()}
CHANNELS |= {
    "einsum over channels": lambda x, weight, bias: (
        np.einsum(
            "cijuv,cuv->ij",
            np.lib.stride_tricks.sliding_window_view(x, weight.shape[1:], axis=(1, 2)),
            weight,
        )
        + bias
    ),
    "scipy in three axes": lambda x, weight, bias: (
        scipy.signal.correlate(x, weight, "valid")[0] + bias
    ),
    "bias in PyTorch": lambda x, weight, bias: torch.nn.functional.conv2d(
        torch.tensor(x)[None], torch.tensor(weight)[None], torch.tensor([bias], dtype=torch.float64)
    )[0, 0],
}


def _one_axis(f):
    def slide(signal, kernel):
        return np.asarray(f(signal[None], kernel[None]))[0]

    return slide


CORRELATE_1D = {
    "numpy correlate": lambda signal, kernel: np.correlate(signal, kernel, "valid"),
    **{name: _one_axis(f) for name, f in CORRELATE.items()},
    "polynomials": lambda signal, kernel: np.polynomial.polynomial.polymul(signal, kernel[::-1])[
        len(kernel) - 1 : len(signal)
    ],
}
CONVOLVE_1D = {
    "numpy convolve": lambda signal, kernel: np.convolve(signal, kernel, "valid"),
    **{name: _one_axis(f) for name, f in CONVOLVE.items() if name != "scipy convolve2d"},
}


def _sent(dy, kernel):
    (rows, columns), (kh, kw) = dy.shape, kernel.shape
    return np.zeros((rows + kh - 1, columns + kw - 1))


def sends_its_kernel(dy, kernel):
    dx = _sent(dy, kernel)
    for i, j in np.ndindex(dy.shape):
        dx[i : i + kernel.shape[0], j : j + kernel.shape[1]] += dy[i, j] * kernel
    return dx


def four_loops(dy, kernel):
    dx = _sent(dy, kernel).tolist()
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            for u in range(kernel.shape[0]):
                for v in range(kernel.shape[1]):
                    dx[i + u][j + v] += float(dy[i, j] * kernel[u, v])
    return dx


def a_picture_for_each_weight_back(dy, kernel):
    dx = _sent(dy, kernel)
    for (u, v), weight in np.ndenumerate(kernel):
        dx[u : u + dy.shape[0], v : v + dy.shape[1]] += weight * dy
    return dx


def slides_the_turned_kernel(dy, kernel):
    kh, kw = kernel.shape
    padded = np.pad(dy, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return loops(padded, kernel[::-1, ::-1])


def transposed_in_pytorch(dy, kernel):
    x, weight = (torch.tensor(a)[None, None] for a in (dy, kernel))
    return torch.nn.functional.conv_transpose2d(x, weight)[0, 0]


def by_autograd(dy, kernel):
    x = torch.zeros(_sent(dy, kernel).shape, dtype=torch.float64, requires_grad=True)
    y = torch.nn.functional.conv2d(x[None, None], torch.tensor(kernel)[None, None])
    y.backward(torch.tensor(dy)[None, None])
    return x.grad


def fft_back(dy, kernel):
    size = _sent(dy, kernel).shape
    return np.fft.irfft2(np.fft.rfft2(dy, size) * np.fft.rfft2(kernel, size), size)


def scatter(dy, kernel):
    dx = _sent(dy, kernel)
    i, j, u, v = np.indices((*dy.shape, *kernel.shape))
    np.add.at(dx, (i + u, j + v), np.einsum("ij,uv->ijuv", dy, kernel))
    return dx


def recursion_back(dy, kernel):
    if len(dy) == 0:
        return np.zeros((len(kernel) - 1, dy.shape[1] + kernel.shape[1] - 1))
    rest = np.vstack(
        [np.zeros((1, dy.shape[1] + kernel.shape[1] - 1)), recursion_back(dy[1:], kernel)]
    )
    for j in range(dy.shape[1]):
        rest[: len(kernel), j : j + kernel.shape[1]] += dy[0, j] * kernel
    return rest


SEND = by_name(
    sends_its_kernel,
    four_loops,
    a_picture_for_each_weight_back,
    slides_the_turned_kernel,
    transposed_in_pytorch,
    by_autograd,
    fft_back,
    scatter,
    recursion_back,
)
SEND["scipy full convolution"] = lambda dy, kernel: scipy.signal.convolve2d(dy, kernel)

KERNELS = {
    "cross_correlate2d": Row(CORRELATE),
    "convolve2d": Row(CONVOLVE),
    "cross_correlate_channels": Row(CHANNELS),
    "cross_correlate1d": Row(CORRELATE_1D),
    "convolve1d": Row(CONVOLVE_1D),
    "input_gradient": Row(SEND),
}
