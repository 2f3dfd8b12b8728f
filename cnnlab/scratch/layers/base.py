"""What every layer is: parameters, a forward pass, a backward pass."""

import copy
import inspect
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol, TypeAlias

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.init import initial_params
from cnnlab.spec import Row, Shape

__all__ = ["Backward", "Forward", "FunctionLayer", "Layer", "Pair", "Stateful"]

Forward: TypeAlias = Callable[..., tuple[Array, Any]]
Backward: TypeAlias = Callable[[Array, Any], Any]


class Pair(NamedTuple):
    """A function and its gradient: all that a layer computes."""

    forward: Forward
    backward: Backward


class Layer(Protocol):
    """The contract that layers and networks keep.

    Attributes
    ----------
    params : dict of arrays
        Learned; names and shapes as in PyTorch.
    buffers : dict of arrays
        Saved, not learned, such as running statistics.
    grads : dict of arrays
        Keys and shapes of those ``params`` that are trained; set, not added to, by ``backward``.
    """

    @property
    def params(self) -> dict[str, Array]: ...
    @property
    def buffers(self) -> dict[str, Array]: ...
    @property
    def grads(self) -> dict[str, Array]: ...

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape that leaves when ``in_shape`` enters, both without the batch."""
        ...

    def forward(self, x: Array, *, training: bool = False) -> Array:
        """Compute the output and keep what ``backward`` needs; x is not changed."""
        ...

    def backward(self, dy: Array) -> Array:
        """Set ``grads`` and return dL/dx, in the shape of x."""
        ...

    def arrays(self) -> dict[str, Array]:
        """The parameters and buffers themselves, in PyTorch's order."""
        ...

    def state_dict(self) -> dict[str, Array]:
        """Copies of all parameters and buffers."""
        ...

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Copy parameters and buffers from a mapping."""
        ...

    def generators(self) -> list[np.random.Generator]:
        """Every generator of noise inside, once."""
        ...

    def random_state(self) -> list[Any]:
        """State of every generator inside."""
        ...

    def set_random_state(self, states: list[Any]) -> None:
        """Put a :meth:`random_state` back."""
        ...


class Stateful:
    """Saving and loading; a layer of one's own that derives from this needs only ``arrays``."""

    def arrays(self) -> dict[str, Array]:
        """The parameters and buffers themselves, in PyTorch's order."""
        raise NotImplementedError

    def random_state(self) -> list[Any]:
        """State of every generator inside, for :meth:`set_random_state`."""
        return [copy.deepcopy(rng.bit_generator.state) for rng in self.generators()]

    def set_random_state(self, states: list[Any]) -> None:
        """Put a :meth:`random_state` back, so that the same noise is drawn again."""
        for rng, state in zip(self.generators(), states, strict=True):
            rng.bit_generator.state = state

    def generators(self) -> list[np.random.Generator]:
        """Every generator inside, once."""
        return []

    def state_dict(self) -> dict[str, Array]:
        """Copies of all parameters and buffers, keys and shapes as the PyTorch twin's."""
        return {key: array.copy() for key, array in self.arrays().items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Copy parameters and buffers from a mapping, such as a PyTorch ``state_dict``.

        Parameters
        ----------
        state : mapping of str to array or CPU tensor
            Numbers take on the dtype of this network. The count of batches that PyTorch's batch
            normalisation keeps may be left out.

        Raises
        ------
        ValueError
            If a key is missing or unexpected, or a shape differs; nothing is loaded then.
        """
        own = self.arrays()
        given = {
            key: np.asarray(value.detach() if hasattr(value, "detach") else value)
            for key, value in state.items()
            if key in own or not _counts(key)
        }
        wrong = [
            f"{key} has shape {given[key].shape} instead of {own[key].shape}"
            for key in own.keys() & given.keys()
            if given[key].shape != own[key].shape
        ]
        faults = {
            "missing": sorted(key for key in own.keys() - given.keys() if not _counts(key)),
            "unexpected": sorted(given.keys() - own.keys()),
            "wrong shape": sorted(wrong),
        }
        if any(faults.values()):
            listing = "; ".join(
                f"{name}: {', '.join(keys)}" for name, keys in faults.items() if keys
            )
            raise ValueError(
                f"load_state_dict: keys and shapes must be those of this network, not {listing}. "
                "Build both sides from one specification."
            )
        converted = {key: array.astype(own[key].dtype) for key, array in given.items()}
        for key, array in converted.items():
            own[key][...] = array


class FunctionLayer(Stateful):
    """A row of an architecture at work: its weights, and a forward/backward pair.

    The fields of the row carry the names of the function's arguments, so that a layer has
    nothing to add but the weights. A function of one's own takes the place of the built-in
    one if it takes the same arguments; only settings that differ from the built-in function's
    defaults are passed, so it need not know those that are not used.

    Parameters
    ----------
    row : Row
        The settings.
    in_shape : tuple of int
        Shape that enters, without the batch.
    forward, backward : functions, optional
        ``forward(x, *params, **settings) -> (y, cache)`` and ``backward(dy, cache) -> dx``, or
        ``(dx, *dparams)`` for a layer with parameters. Give both or neither.
    rng : numpy.random.Generator or int
        Source of the initial weights.
    init : str
        One of ``cnnlab.scratch.init.SCHEMES``.
    dtype : float32 or float64
    noise : numpy.random.Generator, optional
        Source of what is dropped in training.

    Attributes
    ----------
    params, buffers, grads
        As :class:`Layer`.
    cache
        What the last forward pass kept.
    """

    pair: ClassVar[Pair]
    axes: ClassVar[tuple[int, ...]] = ()  # how many spatial axes may enter, where it matters

    def __init__(
        self,
        row: Row,
        in_shape: Shape,
        *,
        forward: Forward | None = None,
        backward: Backward | None = None,
        rng: np.random.Generator | int = 0,
        init: str = "torch",
        dtype: Any = np.float32,
        noise: np.random.Generator | None = None,
    ) -> None:
        self.row, self.in_shape = row, in_shape
        if (forward is None) != (backward is None):
            raise ValueError(
                f"{type(row).__name__}: forward and backward must come as a pair, because they "
                "share a cache. Give both, or neither."
            )
        with row.speaking():
            row.out_shape(in_shape)  # refuses what does not fit
        built_in = self.built_in()
        self._forward, self._backward = forward or built_in.forward, backward or built_in.backward
        self._settings = _settings(row, built_in.forward)
        drawn = initial_params(row, in_shape, np.random.default_rng(rng), init)
        self.params: dict[str, Array] = {key: array.astype(dtype) for key, array in drawn.items()}
        self.buffers: dict[str, Array] = {
            key: np.full(shape, key == "running_var", dtype)
            for key, shape in row.buffer_shapes(in_shape).items()
        }
        self.grads: dict[str, Array] = {}
        self.noise = noise or np.random.default_rng(0)
        self.cache: Any = None

    def built_in(self) -> Pair:
        """The pair used unless another is given."""
        axes = len(self.in_shape) - 1
        if self.axes and axes not in self.axes:
            known = " or ".join(map(str, self.axes))
            raise NotImplementedError(
                f"{type(self.row).__name__}: in NumPy the input must have {known} spatial axes, "
                f"not {axes}: {self.in_shape}. Use the PyTorch twin."
            )
        return self.pair

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape that leaves when ``in_shape`` enters, both without the batch."""
        return self.row.out_shape(in_shape)

    def settings(self, x: Array, training: bool) -> dict[str, Any]:
        """Keyword arguments of the function."""
        return self._settings

    def forward(self, x: Array, *, training: bool = False) -> Array:
        """Compute the output and keep the cache."""
        result = self._forward(x, *self.params.values(), **self.settings(x, training))
        if not isinstance(result, tuple) or len(result) != 2:
            raise TypeError(
                f"{type(self.row).__name__}: forward must return a pair (y, cache), "
                f"not {type(result).__name__}. End it with `return y, cache`."
            )
        y, self.cache = result
        return y

    def backward(self, dy: Array) -> Array:
        """Set ``grads`` and return dL/dx."""
        if self.cache is None:
            raise RuntimeError(
                f"{type(self.row).__name__}: backward must come after forward. Call forward first."
            )
        result = self._backward(dy, self.cache)
        dx, *dparams = result if isinstance(result, tuple) else (result,)
        if self.row.trainable:
            if len(dparams) < len(self.params):
                raise TypeError(
                    f"{type(self.row).__name__}: backward must return gradients of x, "
                    f"{', '.join(self.params)}, not {1 + len(dparams)} of them. Return a tuple."
                )
            self.grads = dict(zip(self.params, dparams, strict=False))
        gradient: Array = dx
        return gradient

    def backward_to_params(self, dy: Array) -> None:
        """Set ``grads`` alone, for a first layer: nobody learns from the gradient of the images."""
        self.backward(dy)

    def arrays(self) -> dict[str, Array]:
        return self.params | self.buffers

    def generators(self) -> list[np.random.Generator]:
        return [self.noise]

    def __call__(self, x: Array, *, training: bool = False) -> Array:
        """Same as ``forward``."""
        return self.forward(x, training=training)

    def __repr__(self) -> str:
        return f"{self.row!r} on {'×'.join(map(str, self.in_shape))}"


def _counts(key: str) -> bool:
    return key.endswith("num_batches_tracked")


def _settings(row: Row, function: Forward) -> dict[str, Any]:
    """Fields of a row that its function takes, as far as they differ from its defaults."""
    arguments = inspect.signature(function).parameters
    names = set(arguments) & set(vars(row)) - {"weight", "bias"}
    return {
        name: getattr(row, name)
        for name in arguments
        if name in names and getattr(row, name) != arguments[name].default
    }
