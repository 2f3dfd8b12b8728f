"""What Keras answers to the lines that appendix 92 reads.

    python -m tests.keras_lines      asks Keras again, where it is installed; nothing else needs it

The facts below were written down from Keras 3.15.1 on PyTorch. ``test_keras_lines.py`` holds the
appendix and our own rows against them.
"""

import importlib
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.keras_facts import Table

SUMMARIES: dict[str, Table] = {
    "datasci-207": [
        ("Conv2D", (28, 28, 32), 320), ("Conv2D", (28, 28, 64), 18_496),
        ("MaxPooling2D", (14, 14, 64), 0), ("Flatten", (12_544,), 0),
        ("Dropout", (12_544,), 0), ("Dense", (128,), 1_605_760),
        ("Dropout", (128,), 0), ("Dense", (10,), 1_290),
    ],
    "ds-4400": [
        ("Conv2D", (26, 26, 10), 100), ("MaxPooling2D", (13, 13, 10), 0),
        ("Conv2D", (11, 11, 5), 455), ("MaxPooling2D", (5, 5, 5), 0),
        ("Flatten", (125,), 0), ("Dense", (64,), 8_064), ("Dense", (10,), 650),
    ],
    "ai-civil-w8": [
        ("Conv2D", (28, 28, 8), 208), ("MaxPooling2D", (14, 14, 8), 0),
        ("Dropout", (14, 14, 8), 0), ("Conv2D", (14, 14, 16), 1_168),
        ("MaxPooling2D", (7, 7, 16), 0), ("Dropout", (7, 7, 16), 0), ("Flatten", (784,), 0),
        ("Dense", (256,), 200_960), ("Dropout", (256,), 0), ("Dense", (100,), 25_700),
    ],
}  # fmt: skip
ANSWERS: dict[str, float | list[float]] = {
    "same padding with stride 2, ones over 0 to 15": [45, 39, 66, 50],
    "batch normalisation of 0 and 0.1": [-0.845, 0.845],
    "running variance of 0 and 2": 1,
    "share of an l2 that is a string": 0.01,
    "validation loss of the last two of ten squares": 72.5,
    "loss by label": 1.33,
    "loss by row": 1.33,
    "accuracy of labels encoded twice": 0.9,
    "softmax of one output": [1, 1],
    "categorical loss over one column": 0,
    "epochs until patience 2 ends": 5,
    "epochs until patience 0 ends": 4,
    "parameters of the parallel paths": 104_832,
    "parameters of a convolution called twice": 147_584,
}


def _layers(keras: Any) -> Iterator[tuple[str, Any]]:
    layers, of = keras.layers, keras.ops.convert_to_numpy
    conv = layers.Conv2D(1, 3, strides=2, padding="same", kernel_initializer="ones")
    square = np.arange(16, dtype="float32").reshape(1, 4, 4, 1)
    yield "same padding with stride 2, ones over 0 to 15", of(conv(square))
    small = np.array([[0], [0.1]], "float32")
    normal = layers.BatchNormalization()(small, training=True)
    yield "batch normalisation of 0 and 0.1", of(normal)
    last = layers.BatchNormalization(momentum=0.0)
    last(20 * small, training=True)
    yield "running variance of 0 and 2", of(last.moving_variance)
    yield "share of an l2 that is a string", keras.regularizers.get("l2").l2
    yield "softmax of one output", of(keras.ops.softmax(small))


def _trainings(keras: Any) -> Iterator[tuple[str, Any]]:
    entrance = keras.Input((1,))
    line = keras.Model(entrance, keras.layers.Dense(1, kernel_initializer="ones")(entrance))
    line.compile(keras.optimizers.SGD(0.0), "mse")
    x = np.arange(10.0).reshape(-1, 1)
    told = line.fit(x, 0 * x, validation_split=0.2, verbose=0).history["val_loss"]
    yield "validation loss of the last two of ten squares", told
    p, labels = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]], "float32"), np.array([0, 2])
    rows = keras.utils.to_categorical(labels, 3)
    yield "loss by label", float(keras.losses.SparseCategoricalCrossentropy()(labels, p))
    yield "loss by row", float(keras.losses.CategoricalCrossentropy()(rows, p))
    column = keras.losses.CategoricalCrossentropy()(np.ones((2, 1), "float32"), p[:, :1])
    yield "categorical loss over one column", float(column)
    softmax = keras.layers.Dense(100, activation="softmax")(entrance)
    bent = keras.Model(entrance, keras.layers.Reshape((10, 10, 1))(softmax))
    bent.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    twice = keras.utils.to_categorical(np.eye(10), 10)
    yield "accuracy of labels encoded twice", bent.evaluate(x / 10, twice, verbose=0)[1]
    for patience in (2, 0):
        stopping = keras.callbacks.EarlyStopping(patience=patience)
        stopping.set_model(line)
        line.stop_training = False
        stopping.on_train_begin()
        for epoch, loss in enumerate((0.9, 0.6, 0.5, 0.7, 0.6, 0.4)):
            stopping.on_epoch_end(epoch, {"val_loss": loss})
            if line.stop_training:
                yield f"epochs until patience {patience} ends", epoch + 1
                break


def _branches(keras: Any) -> Iterator[tuple[str, Any]]:
    layers = keras.layers

    def conv(channels: int, size: int) -> Any:
        return layers.Conv2D(channels, size, padding="same")

    def chain(*rows: Any) -> Any:
        return keras.Sequential(list(rows))

    point = keras.Input((8, 8, 96))
    paths = [
        conv(64, 1)(point),
        chain(conv(32, 1), conv(128, 3))(point),
        chain(conv(32, 1), conv(64, 3), conv(64, 3))(point),
    ]
    whole = keras.Model(point, layers.Concatenate(axis=-1)(paths))
    yield "parameters of the parallel paths", whole.count_params()
    again, entrance = conv(128, 3), keras.Input((8, 8, 128))
    shared = keras.Model(entrance, again(again(entrance)))
    yield "parameters of a convolution called twice", shared.count_params()


def main() -> None:
    """Ask Keras for every answer and stop at one that differs."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = importlib.import_module("keras")  # by name, as it is not among the course's tools
    asked = set()
    for part in (_layers, _trainings, _branches):
        for question, answer in part(keras):
            asked.add(question)
            print(f"{question}: {np.asarray(answer).ravel().tolist()}")
            if not np.allclose(np.ravel(answer), np.ravel(ANSWERS[question]), atol=1e-3):
                raise SystemExit(f"Keras {keras.__version__} answers otherwise: {question}.")
    if left := ANSWERS.keys() - asked:
        raise SystemExit(f"Nobody asks Keras for {', '.join(sorted(left))}.")


if __name__ == "__main__":
    main()
