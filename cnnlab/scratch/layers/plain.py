"""Layers without windows: dense, recurrent, normalisation, noise, activations."""

from typing import Any

import numpy as np

from cnnlab import spec
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.layers.base import FunctionLayer, Pair
from cnnlab.spec import Row, Shape

__all__ = [
    "GRU",
    "LRN",
    "LSTM",
    "RBF",
    "RNN",
    "Activation",
    "BatchNorm",
    "Crop",
    "DropConnect",
    "Dropout",
    "Embedding",
    "Flatten",
    "GroupNorm",
    "LayerNorm",
    "Linear",
    "Pad",
    "Reshape",
    "Upsample",
]


class Linear(FunctionLayer):
    """Dense layer; see :func:`cnnlab.scratch.functional.linear`."""

    pair = Pair(F.linear, F.linear_backward)


class RBF(FunctionLayer):
    """Distance to fixed codes; ``grads`` stays empty, because the codes are not trained."""

    pair = Pair(F.rbf, F.rbf_backward)


class Embedding(FunctionLayer):
    """Vectors for tokens; ``backward`` returns zeros, because tokens cannot be moved."""

    pair = Pair(F.embedding, F.embedding_backward)

    def backward(self, dy: Array) -> Array:
        super().backward(dy)
        return np.zeros((len(dy), dy.shape[2]), dy.dtype)  # (N, L)


class Flatten(FunctionLayer):
    """All numbers of an example in one line."""

    pair = Pair(F.flatten, F.flatten_backward)


class RNN(FunctionLayer):
    """Recurrent layer; see :func:`cnnlab.scratch.functional.rnn`."""

    pair, axes = Pair(F.rnn, F.rnn_backward), (1,)


class LSTM(FunctionLayer):
    """Long short-term memory; see :func:`cnnlab.scratch.functional.lstm`."""

    pair, axes = Pair(F.lstm, F.lstm_backward), (1,)


class GRU(FunctionLayer):
    """Gated recurrent unit; see :func:`cnnlab.scratch.functional.gru`."""

    pair, axes = Pair(F.gru, F.gru_backward), (1,)


class Reshape(FunctionLayer):
    """The same numbers under another shape."""

    pair = Pair(F.reshape, F.reshape_backward)


class Pad(FunctionLayer):
    """Zeros around each map."""

    pair = Pair(F.pad, F.pad_backward)


class Crop(FunctionLayer):
    """Each map without its margins."""

    pair = Pair(F.crop, F.crop_backward)


class Upsample(FunctionLayer):
    """Each map enlarged."""

    pair = Pair(F.upsample, F.upsample_backward)


class LayerNorm(FunctionLayer):
    """Normalisation over all of an example."""

    pair = Pair(F.layer_norm, F.layer_norm_backward)


class GroupNorm(FunctionLayer):
    """Normalisation over groups of channels."""

    pair = Pair(F.group_norm, F.group_norm_backward)


class LRN(FunctionLayer):
    """Local response normalisation; see :func:`cnnlab.scratch.functional.local_response_norm`."""

    pair = Pair(F.local_response_norm, F.local_response_norm_backward)


class BatchNorm(FunctionLayer):
    """Batch normalisation that keeps its running statistics in ``buffers``.

    Examples
    --------
    >>> layer = BatchNorm(spec.BatchNorm(), (2,))
    >>> _ = layer.forward(np.array([[0, 1], [4, 1]], np.float32), training=True)
    >>> layer.buffers["running_mean"]
    array([0.2, 0.1], dtype=float32)
    """

    pair = Pair(F.batch_norm, F.batch_norm_backward)

    def __init__(self, row: spec.BatchNorm, in_shape: Shape, **options: Any) -> None:
        super().__init__(row, in_shape, **options)
        self.buffers["num_batches_tracked"] = np.zeros((), np.int64)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        mean, variance, batches = self.buffers.values()
        settings = self._settings | {"training": training}
        y, self.cache = self._forward(x, mean, variance, *self.params.values(), **settings)
        if training:
            mean[...], variance[...] = self.cache.running_mean, self.cache.running_var
            batches += 1
        return y


class _Noisy(FunctionLayer):
    def settings(self, x: Array, training: bool) -> dict[str, Any]:
        return self._settings | {"training": training, "rng": self.noise}


class Dropout(_Noisy):
    """Drops outputs in training; see :func:`cnnlab.scratch.functional.dropout`."""

    pair = Pair(F.dropout, F.dropout_backward)


class DropConnect(_Noisy):
    """Drops weights in training; see :func:`cnnlab.scratch.functional.drop_connect`."""

    pair = Pair(F.drop_connect, F.drop_connect_backward)


def _identity(x: Array) -> tuple[Array, tuple[()]]:
    return x, ()


ACTIVATIONS: dict[type[Row], Pair] = {
    spec.Identity: Pair(_identity, lambda dy, cache: dy),
    spec.Step: Pair(F.step, F.step_backward),
    spec.Sign: Pair(F.sign, F.sign_backward),
    spec.Sigmoid: Pair(F.sigmoid, F.sigmoid_backward),
    spec.Tanh: Pair(F.tanh, F.tanh_backward),
    spec.ScaledTanh: Pair(F.scaled_tanh, F.scaled_tanh_backward),
    spec.ReLU: Pair(F.relu, F.relu_backward),
    spec.ReLU6: Pair(F.relu6, F.relu6_backward),
    spec.LeakyReLU: Pair(F.leaky_relu, F.leaky_relu_backward),
    spec.ELU: Pair(F.elu, F.elu_backward),
    spec.Softplus: Pair(F.softplus, F.softplus_backward),
    spec.SiLU: Pair(F.silu, F.silu_backward),
    spec.GELU: Pair(F.gelu, F.gelu_backward),
    spec.HardSigmoid: Pair(F.hard_sigmoid, F.hard_sigmoid_backward),
    spec.HardSwish: Pair(F.hard_swish, F.hard_swish_backward),
    spec.PReLU: Pair(F.prelu, F.prelu_backward),
    spec.Softmax: Pair(F.softmax, F.softmax_backward),
}


class Activation(FunctionLayer):
    """Any activation of :mod:`cnnlab.scratch.functional`, named by its row.

    Examples
    --------
    >>> Activation(spec.ReLU(), (2,)).forward(np.array([[-1.0, 2.0]]))
    array([[0., 2.]])
    """

    def built_in(self) -> Pair:
        return ACTIVATIONS[type(self.row)]
