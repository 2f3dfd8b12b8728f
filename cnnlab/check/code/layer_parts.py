"""A student's layer on its side of the seam, and what it must have before it is run."""

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnlab.check.core.arrays import Array
from cnnlab.check.core.differences import difference
from cnnlab.check.core.result import Result
from cnnlab.check.run.things import Thing
from cnnlab.spec import Row


class LayerView:
    """A copy of a student's layer, on its side."""

    def __init__(self, answer: Any) -> None:
        self._own = answer

    def lacks(self) -> tuple[str, ...]:
        """What every layer has and this one has not: a message and a hint, or nothing."""
        missing = misses(self._own)
        return () if missing is None else (missing.message, missing.hint)

    def detach(self) -> bool:
        """Go on with a copy, so that the student's own is left as it was, where it can be copied."""
        try:
            self._own = copy.deepcopy(self._own)
        except Exception:
            return False
        return True

    def state(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Parameters and buffers."""
        return self._own.params, getattr(self._own, "buffers", None) or {}

    def load(self, params: Mapping[str, Array], buffers: Mapping[str, Array]) -> bool:
        """Put other arrays in the place of parameters and buffers."""
        for held, arrays in zip(self.state(), (params, buffers), strict=True):
            held.update(arrays)  # type: ignore[attr-defined]  # a dict, if it is right
        return True

    def forward(self, x: Array, *, training: bool) -> Any:
        return self._own.forward(x, training=training)

    def backward(self, dy: Array) -> Any:
        return self._own.backward(dy)

    def out_shape(self, in_shape: tuple[int, ...]) -> Any:
        return self._own.out_shape(in_shape)

    def grads(self) -> Mapping[str, Any]:
        return self._own.grads  # type: ignore[no-any-return]

    def output(self, x: Array, params: Mapping[str, Array], training: bool) -> Array:
        """What comes out with other numbers in the parameters."""
        for key, values in params.items():
            self._own.params[key][...] = values
        return np.asarray(self._own.forward(x, training=training))

    def gradients(
        self, x: Array, dy: Array, params: Mapping[str, Array], training: bool
    ) -> dict[str, Any]:
        """The gradients there."""
        self.output(x, params, training)
        dx = self._own.backward(dy)
        return {"x": dx, **self._own.grads}


class OwnLayer:
    """The same layer on this side, in the mode that is checked; where it is stopped, the check ends."""

    def __init__(self, answer: Any, training: bool) -> None:
        self.training = training
        self.thing = Thing(LayerView(answer), "layer")

    @property
    def params(self) -> dict[str, Any]:
        """Copies of the parameters."""
        return self.thing.ask("state").returned[0]  # type: ignore[no-any-return]

    @property
    def buffers(self) -> dict[str, Any]:
        """Copies of what is saved but not learned."""
        return self.thing.ask("state").returned[1]  # type: ignore[no-any-return]

    @property
    def grads(self) -> dict[str, Any]:
        """Copies of the gradients that the last backward has left."""
        return self.thing.ask("grads").returned  # type: ignore[no-any-return]

    def forward(self, x: Array) -> Any:
        """What comes out."""
        return self.thing.ask("forward", x, where="in forward", training=self.training).returned

    def backward(self, dy: Array, where: str = "in backward") -> Any:
        """The gradient of x."""
        return self.thing.ask("backward", dy, where=where).returned


def misses(answer: Any) -> Result | None:
    """Say what an answer lacks that every layer has."""
    if isinstance(answer, type):
        return Result("fail", "This is the class of a layer; give a layer that it makes.")
    for name in ("forward", "backward", "out_shape"):
        if not callable(getattr(answer, name, None)):
            return Result(
                "fail",
                f"A layer has a method {name}; this {type(answer).__name__} has none.",
                "A layer has params, grads, forward, backward and out_shape.",
            )
    for name in ("params", "grads"):
        if not isinstance(getattr(answer, name, None), Mapping):
            return Result(
                "fail",
                f"A layer has a dict {name}; this {type(answer).__name__} has none.",
                "Make it in __init__, empty if there is nothing to learn.",
            )
    return None


def parameters(own: OwnLayer, x: Array, row: Row | None) -> Result | None:
    """Say which parameter does not have the name or the shape of the row's."""
    if row is None:
        return None
    params, wanted = own.params, row.param_shapes(x.shape[1:])
    if set(params) != set(wanted):
        listing = ", ".join(params) or "none"
        return Result(
            "fail",
            f"The names of the parameters are {listing}; they must be those of PyTorch.",
            "A weight is called weight, a bias is called bias.",
        )
    for key, shape in wanted.items():
        text = difference(np.zeros(np.shape(params[key])), np.ones(shape))
        if np.shape(params[key]) != tuple(shape):
            return Result("fail", f"The parameter {key} does not fit. {text}")
    return None
