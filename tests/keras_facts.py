"""What Keras prints and computes for networks and rules that we have in our words too.

    python -m tests.keras_facts      asks Keras again, where it is installed; nothing else needs it

The facts below were written down from Keras 3.15.1 on PyTorch. The tests hold our specifications
and optimisers against them.
"""

import importlib
import os
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Table = list[tuple[str, tuple[int, ...], int]]

UNET: Table = [
    ("Conv2D", (40, 24, 8), 224), ("Conv2D", (40, 24, 8), 584),
    ("MaxPooling2D", (20, 12, 8), 0),
    ("Conv2D", (20, 12, 16), 1_168), ("Conv2D", (20, 12, 16), 2_320),
    ("MaxPooling2D", (10, 6, 16), 0),
    ("Conv2D", (10, 6, 32), 4_640), ("Conv2D", (10, 6, 32), 9_248),
    ("Conv2DTranspose", (20, 12, 16), 4_624), ("Concatenate", (20, 12, 32), 0),
    ("Conv2D", (20, 12, 16), 4_624), ("Conv2D", (20, 12, 16), 2_320),
    ("Conv2DTranspose", (40, 24, 8), 520), ("Concatenate", (40, 24, 16), 0),
    ("Conv2D", (40, 24, 8), 1_160), ("Conv2D", (40, 24, 8), 584), ("Conv2D", (40, 24, 2), 18),
]  # fmt: skip
SMALL: Table = [
    ("Conv2D", (4, 4, 4), 112), ("BatchNormalization", (4, 4, 4), 16),
    ("Flatten", (64,), 0), ("Dense", (2,), 130),
]  # fmt: skip
TEXT: dict[str, Table] = {
    "SimpleRNN": [("Embedding", (40, 32), 32_000), ("SimpleRNN", (24,), 1_368), ("Dense", (2,), 50)],
    "LSTM": [("Embedding", (40, 32), 32_000), ("LSTM", (24,), 5_472), ("Dense", (2,), 50)],
    "GRU": [("Embedding", (40, 32), 32_000), ("GRU", (24,), 4_176), ("Dense", (2,), 50)],
    "Conv1D": [
        ("Embedding", (40, 32), 32_000), ("Conv1D", (36, 24), 3_864),
        ("GlobalMaxPooling1D", (24,), 0), ("Dense", (2,), 50),
    ],
}  # fmt: skip
OUTPUTS = {
    "unet": [-0.051893, -0.462646, 0.272846, -0.606042],
    "SimpleRNN": [1.785965, 1.32014, 2.925225, 1.013852],
    "LSTM": [0.510591, 0.356342, 0.0275, 0.350047],
    "GRU": [-2.085424, -0.048841, -2.204318, -0.177398],
    "Conv1D": [0.550207, 0.700041, 0.518844, 0.92316],
}
"""The first and last numbers of each output, for the weights and inputs drawn below."""
MOVED = {
    "Adagrad": [2.040948, -2.554881, 0.192935, 1.111373],
    "Adam": [2.041556, -2.552571, 0.192099, 1.111488],
    "AdamW": [2.041312, -2.552263, 0.192076, 1.111356],
    "Nadam": [2.041725, -2.554441, 0.193141, 1.113035],
    "RMSprop": [2.043103, -2.553147, 0.190249, 1.109527],
    "SGD": [2.037915, -2.556377, 0.19609, 1.156834],
}
"""The first and last weights that each rule reaches, with Keras' defaults, in thirty steps."""
LOSSES = (1, 0.9, 0.95, 0.9, 0.89, 0.85, 0.86, 0.87, 0.84, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9)
RATES: dict[int, list[float]] = {
    1: [2, 2, 1, 0.5, 0.5, 0.5, 0.25, 0.125, 0.125, 0.125, *(0.5**n for n in range(4, 9))],
    2: [2, 2, 2, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125],
    3: [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1],
}
"""By patience: the learning rate after each of the losses, from 2, halved on a plateau."""


def weights(shapes: Iterable[tuple[int, ...]]) -> list[Array]:
    """Numbers for the arrays of a network, the same everywhere, of a size that keeps the scale."""
    rng = np.random.default_rng(0)
    fans = [(shape, max(10, np.prod(shape) // max(shape))) for shape in shapes]
    return [(rng.uniform(-2, 2, shape) / fan**0.5).astype("float32") for shape, fan in fans]


def image() -> Array:
    """One picture, channels last."""
    return np.random.default_rng(1).uniform(0, 1, (1, 40, 24, 3)).astype("float32")


def tokens() -> NDArray[np.int64]:
    """Two texts of forty tokens."""
    return np.random.default_rng(2).integers(0, 1000, (2, 40))


def ends(output: Any) -> list[float]:
    """The first two numbers of an output and its last two, to six digits."""
    flat = np.asarray(output, "float64").ravel()
    return [round(float(v), 6) for v in (*flat[:2], *flat[-2:])]


def gradients() -> tuple[Array, list[Array]]:
    """Where the rules start, and the thirty gradients they are given."""
    rng = np.random.default_rng(3)
    draws = rng.standard_normal((31, 50)).astype("float32")
    return draws[0], list(draws[1:])


def _unet(keras: Any) -> Any:
    layers = keras.layers

    def twice(x: Any, channels: int) -> Any:
        for _ in range(2):
            x = layers.Conv2D(channels, 3, padding="same", activation="relu")(x)
        return x

    entrance = keras.Input((40, 24, 3))
    left = twice(entrance, 8)
    middle = twice(layers.MaxPooling2D(2)(left), 16)
    below = twice(layers.MaxPooling2D(2)(middle), 32)
    up = layers.Conv2DTranspose(16, 3, strides=2, padding="same")(below)
    middle = twice(layers.Concatenate()([middle, up]), 16)
    up = layers.Conv2DTranspose(8, 2, strides=2, padding="same")(middle)
    left = twice(layers.Concatenate()([left, up]), 8)
    return keras.Model(entrance, layers.Conv2D(2, 1)(left))


def _text(keras: Any, kind: str) -> Any:
    entrance = keras.Input((40,), dtype="int32")
    embedded = keras.layers.Embedding(1000, 32)(entrance)
    if kind == "Conv1D":
        maps = keras.layers.Conv1D(24, 5, activation="relu")(embedded)
        state = keras.layers.GlobalMaxPooling1D()(maps)
    else:
        state = getattr(keras.layers, kind)(24)(embedded)
    return keras.Model(entrance, keras.layers.Dense(2)(state))


def _small(keras: Any) -> list[Any]:
    layers = keras.layers
    return [layers.Conv2D(4, 3), layers.BatchNormalization(), layers.Flatten(), layers.Dense(2)]


def _rule(keras: Any, name: str) -> Any:
    start, steps = gradients()
    variable = keras.Variable(start)
    rule = getattr(keras.optimizers, name)()
    rule.build([variable])
    for step in steps:
        rule.apply([keras.ops.convert_to_tensor(step)], [variable])
    return keras.ops.convert_to_numpy(variable.value)


def _rates(keras: Any, patience: int) -> list[float]:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(2.0), "mse")
    halving = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=patience)
    halving.set_model(model)
    halving.on_train_begin()
    rates = []
    for epoch, loss in enumerate(LOSSES):
        halving.on_epoch_end(epoch, {"val_loss": loss})
        rates.append(float(model.optimizer.learning_rate.value))
    return rates


def _table(model: Any) -> Table:
    rows = [(type(x).__name__, tuple(x.output.shape[1:]), x.count_params()) for x in model.layers]
    return [row for row in rows if row[0] != "InputLayer"]


def main() -> None:
    """Ask Keras for every fact and stop at one that differs."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = importlib.import_module("keras")  # by name, as it is not among the course's tools
    tables = {"unet": UNET, **TEXT}
    for name, table in tables.items():
        model = _unet(keras) if name == "unet" else _text(keras, name)
        model.set_weights(weights(w.shape for w in model.get_weights()))
        output = ends(model.predict(image() if name == "unet" else tokens(), verbose=0))
        print(f"{name}: {output}")
        if _table(model) != table or not np.allclose(output, OUTPUTS[name], atol=1e-5):
            raise SystemExit(f"Keras {keras.__version__} prints another table for {name}.")
    for name, there in MOVED.items():
        reached = ends(_rule(keras, name))
        print(f"{name}: {reached}")
        if not np.allclose(reached, there, atol=1e-5):
            raise SystemExit(f"Keras {keras.__version__} takes other steps with {name}.")
    for patience, rates in RATES.items():
        if _rates(keras, patience) != rates:
            raise SystemExit(f"Keras {keras.__version__} waits otherwise with patience {patience}.")
    model = keras.Sequential([keras.Input((6, 6, 3)), *_small(keras)])
    if _table(model) != SMALL:
        raise SystemExit(f"Keras {keras.__version__} counts the small network otherwise.")


if __name__ == "__main__":
    main()
