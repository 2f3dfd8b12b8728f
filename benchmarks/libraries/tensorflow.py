"""TensorFlow without Keras."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tests.conventions.asking import Question

NAN, INF = float("nan"), float("inf")


def line(*numbers: float) -> Any:
    return tf.reshape(tf.constant(numbers, tf.float32), (1, -1, 1))


def kernel(*numbers: float) -> Any:
    return tf.reshape(tf.constant(numbers, tf.float32), (-1, 1, 1))


def slope(function: Callable[[Any], Any], *at: float) -> Any:
    x = tf.Variable(tf.constant(at, tf.float32))
    with tf.GradientTape() as tape:
        y = function(x)
    return tape.gradient(y, x).numpy()


def shrunk() -> Any:
    return tf.image.resize(tf.reshape(tf.constant([0.0, 0, 4, 0, 0, 0]), (1, 6, 1)), (1, 2))


TENSORFLOW: dict[str, Question] = {
    "same-stride": lambda: tf.nn.conv1d(line(1, 2, 3, 4), kernel(1, 1, 1), 2, "SAME"),
    "same-even": lambda: tf.nn.conv1d(line(1, 2, 3), kernel(1, 1), 1, "SAME"),
    "flip": lambda: tf.nn.conv1d(line(0, 0, 1, 0, 0), kernel(1, 2, 3), 1, "VALID"),
    "average-same": lambda: tf.nn.avg_pool1d(line(1, 2, 3), 2, 1, "SAME"),
    "transposed-size": lambda: tf.nn.conv1d_transpose(
        line(1, 1), kernel(1, 1, 1), (1, 4, 1), 2, "SAME"
    ),
    "transposed-flip": lambda: tf.nn.conv1d_transpose(
        line(1, 0), kernel(1, 2, 3), (1, 4, 1), 1, "VALID"
    ),
    "tie-pool": lambda: slope(
        lambda x: tf.nn.max_pool1d(tf.reshape(x, (1, -1, 1)), 2, 2, "VALID"), 1, 1
    ),
    "tie-max": lambda: slope(tf.reduce_max, 1, 1),
    "tie-axis": lambda: slope(lambda x: tf.reduce_max(x, axis=0), 1, 1),
    "tie-two": lambda: slope(lambda x: tf.maximum(x, 1.0), 1),
    "slope-relu": lambda: slope(tf.nn.relu, 0),
    "slope-relu6": lambda: slope(tf.nn.relu6, 0, 6),
    "slope-clamp": lambda: slope(lambda x: tf.clip_by_value(x, 0, 1), 0, 1),
    "slope-leaky": lambda: slope(lambda x: tf.nn.leaky_relu(x, 0.01), 0),
    "slope-abs": lambda: slope(tf.abs, 0),
    "slope-selu": lambda: slope(tf.nn.selu, 0),
    "nan-pool": lambda: tf.nn.max_pool1d(line(NAN, 1, 1, NAN), 2, 2, "VALID"),
    "infinity-pool": lambda: tf.nn.max_pool1d(line(-INF, -INF), 2, 2, "VALID"),
    "lrn-alpha": lambda: tf.nn.lrn(tf.ones((1, 1, 1, 5)), 2, 1.0, 1.0, 1.0)[0, 0, 0, 2],
    "gelu": lambda: tf.nn.gelu(1.0),
    "leaky-slope": lambda: tf.nn.leaky_relu(-1.0),
    "mean-of-none": lambda: tf.reduce_mean(tf.zeros(0)),
    "deviation": lambda: tf.math.reduce_std(tf.constant([0.0, 2.0])),
    "enlarge": lambda: tf.image.resize(tf.reshape(tf.constant([0.0, 1.0]), (1, 2, 1)), (1, 4)),
    "shrink": shrunk,
    "brightness": lambda: tf.image.adjust_brightness(tf.fill((1, 1, 1), 0.5), 0.1),
    "contrast": lambda: tf.image.adjust_contrast(tf.constant([[[0.0], [1.0]]]), 2.0),
    "contrast-colour": lambda: tf.image.adjust_contrast(tf.constant([[[1.0, 0, 0]]]), 0.5),
    "grey": lambda: tf.image.rgb_to_grayscale(tf.reshape(tf.eye(3), (3, 1, 3))),
}
LIBRARIES = {"TensorFlow": TENSORFLOW}
