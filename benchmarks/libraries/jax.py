"""JAX, and Flax and Optax upon it."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax
from flax import linen as nn
from flax.training.early_stopping import EarlyStopping
from jax import lax

from tests.conventions.asking import Question

KEY = jax.random.PRNGKey(0)
NAN, INF = float("nan"), float("inf")


def line(*numbers: float) -> Any:
    """One example, channels last, as Flax has it."""
    return jnp.array(numbers, jnp.float32).reshape(1, -1, 1)


def conv(x: Any, kernel: list[float], stride: int, padding: Any) -> Any:
    weight = jnp.array(kernel, jnp.float32).reshape(-1, 1, 1)
    return lax.conv_general_dilated(
        x, weight, (stride,), padding, dimension_numbers=("NWC", "WIO", "NWC")
    )


def transposed(x: Any, kernel: list[float], stride: int, padding: Any, **more: Any) -> Any:
    weight = jnp.array(kernel, jnp.float32).reshape(-1, 1, 1)
    return lax.conv_transpose(
        x, weight, (stride,), padding, dimension_numbers=("NWC", "WIO", "NWC"), **more
    )


def slope(function: Callable[[Any], Any], *at: float) -> Any:
    return jax.grad(lambda x: function(x).sum())(jnp.array(at, jnp.float32))


def pooled(x: Any) -> Any:
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 1), (1, 2, 1), "VALID")


def first_step(rule: Any, w: float, g: float) -> float:
    state = rule.init(jnp.array(w))
    update, _ = rule.update(jnp.array(g), state, jnp.array(w))
    return -float(update)


def running(name: str, momentum: float) -> Any:
    layer = nn.BatchNorm(use_running_average=False, momentum=momentum)
    x = jnp.array([[0.0], [2.0]])
    _, changed = layer.apply(layer.init(KEY, x), x, mutable=["batch_stats"])
    return changed["batch_stats"][name][0]


def spread(layer: Any, *shape: int) -> float:
    return float(f"{layer.init(KEY, jnp.ones(shape))['params']['kernel'].std():.2g}")


def size(cell: Any) -> int:
    variables = nn.RNN(cell).init(KEY, jnp.ones((1, 5, 3)))
    return sum(leaf.size for leaf in jax.tree.leaves(variables))


def smoothed() -> Any:
    labels = optax.smooth_labels(jnp.array([[1.0, 0, 0]]), 0.3)
    return optax.softmax_cross_entropy(jnp.array([[2.0, 0, 0]]), labels)[0]


def stopped() -> int:
    rule = EarlyStopping(patience=2)
    for epoch, loss in enumerate((0.9, 0.6, 0.5, 0.7, 0.6, 0.6, 0.4)):
        rule = rule.update(loss)
        if rule.should_stop:
            return epoch + 1
    return 0


def one_example() -> Any:
    layer, x = nn.BatchNorm(use_running_average=False), jnp.array([[3.0]])
    return layer.apply(layer.init(KEY, x), x, mutable=["batch_stats"])[0]


def emptied() -> Any:
    layer, x = nn.BatchNorm(use_running_average=False), jnp.zeros((0, 1))
    variables = layer.init(KEY, jnp.zeros((1, 1)))
    return layer.apply(variables, x, mutable=["batch_stats"])[1]["batch_stats"]["mean"][0]


def plateau() -> list[float]:
    rule = optax.contrib.reduce_on_plateau(factor=0.5, patience=1)
    state, rates = rule.init(jnp.zeros(1)), []
    for loss in (0.9, 0.7, 0.8, 0.8, 0.8, 0.8):
        _, state = rule.update(jnp.zeros(1), state, value=loss)
        rates.append(float(state.scale))
    return rates


JAX: dict[str, Question] = {
    "same-stride": lambda: conv(line(1, 2, 3, 4), [1, 1, 1], 2, "SAME"),
    "half-stride": lambda: conv(line(1, 2, 3, 4), [1, 1, 1], 2, [(1, 1)]),
    "same-even": lambda: conv(line(1, 2, 3), [1, 1], 1, "SAME"),
    "flip": lambda: conv(line(0, 0, 1, 0, 0), [1, 2, 3], 1, "VALID"),
    "transposed-size": lambda: transposed(line(1, 1), [1, 1, 1], 2, "SAME"),
    "transposed-gap": lambda: transposed(line(1, 1), [1, 1], 3, "VALID"),
    "transposed-flip": lambda: transposed(line(1, 0), [1, 2, 3], 1, "VALID"),
    "tie-pool": lambda: slope(lambda x: pooled(x.reshape(1, -1, 1)), 1, 1),
    "tie-max": lambda: slope(jnp.max, 1, 1),
    "tie-axis": lambda: slope(lambda x: jnp.max(x, axis=0), 1, 1),
    "tie-two": lambda: slope(lambda x: jnp.maximum(x, 1.0), 1),
    "slope-relu": lambda: slope(jax.nn.relu, 0),
    "slope-relu6": lambda: slope(jax.nn.relu6, 0, 6),
    "slope-clamp": lambda: slope(lambda x: jnp.clip(x, 0, 1), 0, 1),
    "slope-hardtanh": lambda: slope(jax.nn.hard_tanh, -1, 1),
    "slope-leaky": lambda: slope(jax.nn.leaky_relu, 0),
    "slope-abs": lambda: slope(jnp.abs, 0),
    "slope-elu": lambda: slope(lambda x: jax.nn.elu(x, 2.0), 0),
    "slope-selu": lambda: slope(jax.nn.selu, 0),
    "slope-celu": lambda: slope(jax.nn.celu, 0),
    "nan-pool": lambda: pooled(line(NAN, 1, 1, NAN)),
    "infinity-pool": lambda: pooled(line(-INF, -INF)),
    "gelu": lambda: jax.nn.gelu(1.0),
    "hard-sigmoid": lambda: jax.nn.hard_sigmoid(1.0),
    "leaky-slope": lambda: jax.nn.leaky_relu(-1.0),
    "mean-of-none": lambda: jnp.zeros(0).mean(),
    "deviation": lambda: jnp.array([0.0, 2.0]).std(),
    "enlarge": lambda: jax.image.resize(jnp.array([0.0, 1.0]), (4,), "linear"),
    "shrink": lambda: jax.image.resize(jnp.array([0.0, 0, 4, 0, 0, 0]), (2,), "linear"),
}
FLAX: dict[str, Question] = {
    "average-edge": lambda: nn.avg_pool(line(4, 8), (3,), (1,), [(1, 1)]),
    "average-same": lambda: nn.avg_pool(line(1, 2, 3), (2,), (1,), "SAME"),
    "running-variance": lambda: running("var", 0.0),
    "momentum": lambda: running("mean", nn.BatchNorm.momentum),
    "batch-eps": lambda: nn.BatchNorm.epsilon,
    "batch-of-one": one_example,
    "batch-of-none": emptied,
    "early-stopping": stopped,
    "layer-eps": lambda: nn.LayerNorm.epsilon,
    "dropout-one": lambda: nn.Dropout(1.0, deterministic=False).apply(
        {}, jnp.ones(2), rngs={"dropout": KEY}
    ),
    "first-dense": lambda: spread(nn.Dense(1000), 1, 1000),
    "first-depthwise": lambda: spread(
        nn.Conv(4500, (3, 3), feature_group_count=4500), 1, 3, 3, 4500
    ),
    "first-transposed": lambda: spread(nn.ConvTranspose(200, (3, 3)), 1, 3, 3, 50),
    "lstm-size": lambda: size(nn.LSTMCell(4)),
    "gru-size": lambda: size(nn.GRUCell(4)),
}
OPTAX: dict[str, Question] = {
    "adam-small": lambda: first_step(optax.adam(1.0, eps=1e-7), 0.0, 1e-7),
    "rmsprop-first": lambda: first_step(optax.rmsprop(1.0), 0.0, 1.0),
    "adagrad-first": lambda: first_step(optax.adagrad(1.0), 0.0, 1.0),
    "decay": lambda: first_step(optax.adamw(1.0, weight_decay=0.1), 2.0, 0.0),
    "label-smoothing": smoothed,
    "plateau": plateau,
}
LIBRARIES = {"JAX": JAX, "Flax": FLAX, "Optax": OPTAX}
