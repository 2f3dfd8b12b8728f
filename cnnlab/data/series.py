"""Series that recall the digits, after MNIST-1D: curves of twelve points, moved and disturbed.

The recipe is that of the paper [1]_. The curves are drawn for this course: the way of a pen from
the top of a digit to its foot, −1 to the left and 1 to the right. The noise is chosen so that
networks read about as many series as in the paper.

References
----------
.. [1] S. Greydanus and D. Kobak, "Scaling down deep learning with MNIST-1D", arXiv:2011.14439,
   2020.
"""

import numpy as np
import numpy.typing as npt

from cnnlab.data.dataset import Images

Labels = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

CURVES = np.array([
    [0.1, 0.6, 0.9, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.9, 0.6, 0.1],  # 0: its right half
    [-1.0, -0.5, 0.1, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3],
    [-0.7, 0.1, 0.8, 1.0, 0.8, 0.4, 0.0, -0.4, -0.8, -1.0, 0.0, 1.0],
    [-0.7, 0.4, 0.9, 0.9, 0.4, -0.2, -0.2, 0.4, 1.0, 1.0, 0.4, -0.8],
    [0.6, 0.3, 0.0, -0.3, -0.6, -0.9, -1.0, 0.9, 0.4, 0.4, 0.4, 0.4],
    [1.0, 0.0, -0.8, -0.8, -0.8, 0.0, 0.7, 1.0, 1.0, 0.7, 0.0, -0.8],
    [0.7, 0.1, -0.4, -0.7, -0.9, -1.0, -1.0, 0.0, 0.9, 1.0, 0.7, 0.0],
    [-1.0, -0.1, 0.8, 0.9, 0.7, 0.5, 0.3, 0.1, -0.1, -0.3, -0.4, -0.5],
    [0.0, 0.5, 0.8, 0.8, 0.4, -0.2, 0.4, 0.8, 1.0, 1.0, 0.7, 0.0],
    [0.0, -0.7, -0.9, -0.7, 0.0, 0.9, 0.9, 0.8, 0.7, 0.5, 0.3, 0.0],
])  # fmt: skip
LENGTH = 40
_PADDING = (36, 60)  # points of rest that follow the curve
_MOST_SHIFT = 48
_SCALE, _SHEAR = 0.4, 0.75  # width of the range of the height, of the slope
_SMOOTH_NOISE, _POINT_NOISE = 0.5, 0.05
_SMOOTHING = np.exp(-0.5 * (np.arange(-8, 9) / 2) ** 2)  # a bell of two points' width
_SEEDS = {"train": 1, "test": 2}


def mnist_1d(part: str, count: int) -> tuple[Images, Labels]:
    """Labelled series, as many of each digit.

    Parameters
    ----------
    part : "train" or "test"
    count : int
        A multiple of 10.

    Returns
    -------
    series : (N, 1, 1, 40) float32 array
    labels : (N,) int64 array

    Examples
    --------
    >>> series, labels = mnist_1d("test", 20)
    >>> series.shape, labels[:4].tolist()
    ((20, 1, 1, 40), [0, 1, 2, 3])
    """
    rng = np.random.default_rng(_SEEDS[part])
    labels = np.arange(count) % len(CURVES)
    rows = [one_series(CURVES[label], rng) for label in labels]
    # Rounded, so that the last digit is the same on every machine.
    return np.round(rows, 3).astype(np.float32)[:, None, None], labels  # (N, 1, 1, 40)


def one_series(curve: Numbers, rng: np.random.Generator) -> Numbers:
    """A curve at another height, place and width, tilted, with noise.

    Parameters
    ----------
    curve : (12,) array
    rng : Generator

    Returns
    -------
    (40,) array

    Examples
    --------
    >>> one_series(CURVES[7], np.random.default_rng(0)).shape
    (40,)
    """
    rest = np.zeros(rng.integers(*_PADDING, endpoint=True))
    height = 1 + _SCALE * (rng.random() - 0.5)
    moved = np.roll(np.concatenate([height * curve, rest]), rng.integers(_MOST_SHIFT))
    tilt = _SHEAR * (rng.random() - 0.5) * np.linspace(-1, 1, len(moved))
    noise = np.convolve(rng.normal(size=len(moved)), _SMOOTHING, "same") / _SMOOTHING.sum()
    noisy = moved + tilt + _SMOOTH_NOISE * noise + _POINT_NOISE * rng.normal(size=len(moved))
    places = np.linspace(0, len(moved) - 1, LENGTH)
    return np.asarray(np.interp(places, np.arange(len(moved)), noisy))
