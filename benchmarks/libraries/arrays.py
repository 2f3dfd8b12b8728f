"""SciPy, scikit-image, OpenCV and NumPy."""

import cv2
import numpy as np
import skimage
from scipy import ndimage, signal

from tests.conventions.asking import Question

SHORT, PULSE = np.array([1.0, 2, 3]), np.array([0.0, 0, 1, 0, 0])
ONES, KERNEL = np.ones(2), np.array([1.0, 2, 3])


def corner() -> np.ndarray:
    image = np.zeros((2, 2))
    image[0, 0] = 1
    return image


def filtered(kernel: np.ndarray, x: np.ndarray) -> np.ndarray:
    picture = np.float64(x)[None]
    return cv2.filter2D(picture, -1, np.float64(kernel)[None], borderType=cv2.BORDER_CONSTANT)


def enlarged_cv2() -> np.ndarray:
    return cv2.resize(np.array([[0, 1]], np.float32), (4, 1), interpolation=cv2.INTER_LINEAR)


def shrunk_cv2() -> np.ndarray:
    return cv2.resize(np.array([[0, 0, 4, 0, 0, 0]], np.float32), (2, 1))


def grey_cv2() -> np.ndarray:
    return cv2.cvtColor(np.eye(3, dtype=np.float32)[None], cv2.COLOR_RGB2GRAY)


LIBRARIES: dict[str, dict[str, Question]] = {
    "scipy.ndimage.convolve": {
        "same-even": lambda: ndimage.convolve(SHORT, ONES, mode="constant"),
        "flip": lambda: ndimage.convolve(PULSE, KERNEL, mode="constant")[1:4],
    },
    "scipy.ndimage.correlate": {
        "same-even": lambda: ndimage.correlate(SHORT, ONES, mode="constant"),
        "flip": lambda: ndimage.correlate(PULSE, KERNEL, mode="constant")[1:4],
    },
    "scipy.signal.convolve": {
        "same-even": lambda: signal.convolve(SHORT, ONES, "same"),
        "flip": lambda: signal.convolve(PULSE, KERNEL, "valid"),
    },
    "scipy.signal.correlate": {
        "same-even": lambda: signal.correlate(SHORT, ONES, "same"),
        "flip": lambda: signal.correlate(PULSE, KERNEL, "valid"),
    },
    "scipy.signal.convolve2d": {
        "same-even": lambda: signal.convolve2d(SHORT[None], ONES[None], "same"),
        "flip": lambda: signal.convolve2d(PULSE[None], KERNEL[None], "valid"),
    },
    "NumPy": {
        "flip": lambda: np.convolve(PULSE, KERNEL, "valid"),
        "same-even": lambda: np.convolve(SHORT, ONES, "same"),
        "mean-of-none": lambda: np.zeros(0).mean(),
        "deviation": lambda: np.array([0.0, 2.0]).std(),
    },
    "OpenCV": {
        "same-even": lambda: filtered(ONES, SHORT),
        "flip": lambda: filtered(KERNEL, PULSE)[0, 1:4],
        "grey": grey_cv2,
        "enlarge": enlarged_cv2,
        "shrink": shrunk_cv2,
    },
    "scikit-image": {
        "grey": lambda: skimage.color.rgb2gray(np.eye(3)[None]),
        "turn": lambda: skimage.transform.rotate(corner(), 90).round(3),
        "enlarge": lambda: skimage.transform.resize(np.array([0.0, 1.0]), (4,)),
        "shrink": lambda: skimage.transform.resize(np.array([0.0, 0, 4, 0, 0, 0]), (2,)),
    },
}
