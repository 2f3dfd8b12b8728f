"""Keras; the backend is that of the environment variable KERAS_BACKEND."""

import os
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers

from tests.conventions.asking import Question, dot, refuses, turned

BACKEND = {"torch": "PyTorch", "jax": "JAX", "tensorflow": "TensorFlow"}[
    os.environ["KERAS_BACKEND"]
]
NAN, INF = float("nan"), float("inf")


def line(*numbers: float) -> Any:
    return np.array(numbers, np.float32).reshape(1, -1, 1)


def of(tensor: Any) -> Any:
    return keras.ops.convert_to_numpy(tensor)


def conv(kind: Any, x: Any, weight: list[float], **settings: Any) -> Any:
    layer = kind(1, len(weight), use_bias=False, **settings)
    layer.build(x.shape)
    layer.set_weights([np.array(weight, np.float32).reshape(-1, 1, 1)])
    return of(layer(x))


def layer(kind: Callable[..., Any], x: Any, **settings: Any) -> Any:
    return of(kind(**settings)(x))


def first_step(rule: Any, w: float, g: float) -> float:
    weight = keras.Variable(np.float32(w))
    rule.build([weight])
    rule.apply([keras.ops.convert_to_tensor(np.float32(g))], [weight])
    return w - float(of(weight.value))


def running(name: str, **settings: Any) -> Any:
    normal = layers.BatchNormalization(**settings)
    normal(np.array([[0], [2]], np.float32), training=True)
    return of(getattr(normal, name))[0]


def spread(made: Any, *shape: int) -> float:
    keras.utils.set_random_seed(0)
    made.build((None, *shape))
    return float(f"{of(made.kernel).std():.2g}")


def size(kind: Any) -> int:
    return keras.Sequential([keras.Input((5, 3)), kind(4)]).count_params()


def plateau() -> list[float]:
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    rule = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=1)
    rule.set_model(model)
    rule.on_train_begin()
    rates = []
    for epoch, loss in enumerate((0.9, 0.7, 0.8, 0.8, 0.8, 0.8)):
        rule.on_epoch_end(epoch, {"val_loss": loss})
        rates.append(float(of(model.optimizer.learning_rate.value)))
    return rates


def stopped() -> int:
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    rule = keras.callbacks.EarlyStopping(patience=2)
    rule.set_model(model)
    rule.on_train_begin()
    for epoch, loss in enumerate((0.9, 0.6, 0.5, 0.7, 0.6, 0.6, 0.4)):
        rule.on_epoch_end(epoch, {"val_loss": loss})
        if model.stop_training:
            return epoch + 1
    return 0


def weighted() -> float:
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    logits = np.array([[2, 0], [2, 0]], np.float32)
    return float(of(loss(np.array([0, 1]), logits, sample_weight=np.array([1.0, 3.0]))))


def smoothed() -> float:
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.3)
    return float(of(loss(np.array([[1.0, 0, 0]]), np.array([[2.0, 0, 0]]))))


def rescaled() -> float:
    loss = keras.losses.SparseCategoricalCrossentropy()
    return float(of(loss(np.array([0]), np.array([[0.5, 0.25]], np.float32))))


def brightened() -> Any:
    light = layers.RandomBrightness((0.1, 0.1))
    return of(light(np.full((1, 1, 1), 0.5, np.float32), training=True))


def contrasted(numbers: list[float], channels: int, factor: float) -> Any:
    change = layers.RandomContrast(1.0)
    factors = keras.ops.full((1, 1, 1, 1), factor)
    image = keras.ops.reshape(keras.ops.array(numbers, "float32"), (1, 1, -1, channels))
    return of(change.transform_images(image, {"contrast_factor": factors}))


def random_turn() -> float:
    return turned(of(layers.RandomRotation((0.25, 0.25))(dot()[None, :, :, None], training=True)))


def emptied() -> Any:
    normal = layers.BatchNormalization()
    normal(np.zeros((0, 1), np.float32), training=True)
    return of(normal.moving_mean)[0]


def loss_of_none() -> Any:
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    found = of(loss(np.zeros(0, np.int64), np.zeros((0, 3), np.float32)))
    return found if found.size else "an empty array"


def white() -> Any:
    pixel = np.full((1, 1, 1, 3), 255, np.float32)
    return keras.applications.vgg16.preprocess_input(pixel, data_format="channels_last")


KERAS: dict[str, Question] = {
    "same-stride": lambda: conv(
        layers.Conv1D, line(1, 2, 3, 4), [1, 1, 1], strides=2, padding="same"
    ),
    "same-even": lambda: conv(layers.Conv1D, line(1, 2, 3), [1, 1], padding="same"),
    "flip": lambda: conv(layers.Conv1D, line(0, 0, 1, 0, 0), [1, 2, 3]),
    "average-same": lambda: layer(
        layers.AveragePooling1D, line(1, 2, 3), pool_size=2, strides=1, padding="same"
    ),
    "transposed-size": lambda: conv(
        layers.Conv1DTranspose, line(1, 1), [1, 1, 1], strides=2, padding="same"
    ),
    "transposed-gap": lambda: conv(layers.Conv1DTranspose, line(1, 1), [1, 1], strides=3),
    "transposed-flip": lambda: conv(layers.Conv1DTranspose, line(1, 0), [1, 2, 3]),
    "nan-pool": lambda: layer(layers.MaxPooling1D, line(NAN, 1, 1, NAN)),
    "infinity-pool": lambda: layer(layers.MaxPooling1D, line(-INF, -INF)),
    "running-variance": lambda: running("moving_variance", momentum=0.0),
    "momentum": lambda: running("moving_mean"),
    "batch-eps": lambda: layers.BatchNormalization().epsilon,
    "layer-eps": lambda: layers.LayerNormalization().epsilon,
    "dropout-one": lambda: refuses(
        lambda: of(layers.Dropout(1.0)(np.ones((1, 2), np.float32), training=True))
    ),
    "weighted-loss": weighted,
    "rescaled": rescaled,
    "log-of-zero": lambda: of(keras.losses.BinaryCrossentropy()(np.ones((1, 1)), np.zeros((1, 1)))),
    "label-smoothing": smoothed,
    "adam-eps": lambda: keras.optimizers.Adam().epsilon,
    "adam-small": lambda: first_step(keras.optimizers.Adam(1.0, epsilon=1e-7), 0.0, 1e-7),
    "rmsprop-first": lambda: first_step(keras.optimizers.RMSprop(1.0), 0.0, 1.0),
    "adagrad-first": lambda: first_step(keras.optimizers.Adagrad(1.0), 0.0, 1.0),
    "decay": lambda: first_step(keras.optimizers.Adam(1.0, weight_decay=0.1), 2.0, 0.0),
    "plateau": plateau,
    "early-stopping": stopped,
    "batch-of-one": lambda: of(
        layers.BatchNormalization()(np.full((1, 1), 3, np.float32), training=True)
    ),
    "first-dense": lambda: spread(layers.Dense(1000), 1000),
    "first-depthwise": lambda: spread(layers.DepthwiseConv2D(3), 9, 9, 4500),
    "first-transposed": lambda: spread(layers.Conv2DTranspose(200, 3), 9, 9, 50),
    "gelu": lambda: of(keras.activations.gelu(np.ones(1, np.float32)))[0],
    "hard-sigmoid": lambda: of(keras.activations.hard_sigmoid(np.ones(1, np.float32)))[0],
    "leaky-slope": lambda: layer(layers.LeakyReLU, -np.ones((1, 1), np.float32))[0, 0],
    "lstm-size": lambda: size(layers.LSTM),
    "gru-size": lambda: size(layers.GRU),
    "deviation": lambda: of(keras.ops.std(np.array([0.0, 2.0], np.float32))),
    "batch-of-none": emptied,
    "loss-of-none": loss_of_none,
    "mean-of-none": lambda: of(keras.ops.mean(np.zeros(0, np.float32))),
    "turn-unit": random_turn,
    "brightness": brightened,
    "contrast": lambda: contrasted([0, 1], 1, 2.0),
    "contrast-colour": lambda: contrasted([1, 0, 0], 3, 0.5),
    "white-pixel": white,
}
LIBRARIES = {f"Keras on {BACKEND}": KERAS}
