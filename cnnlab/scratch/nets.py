"""Networks: layers in series, or in branches that meet again.

A network keeps the contract of a layer, so networks nest. Names of its parameters are the
paths of the PyTorch twin's ``state_dict``.
"""

from collections.abc import Iterator

import numpy as np

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.layers.base import Layer, Stateful
from cnnlab.spec import Shape


class Net(Stateful):
    """Layers under names; unnamed ones are called "0", "1", … as in ``torch.nn.Sequential``.

    Attributes
    ----------
    children : dict of Layer
        The layers or networks inside.
    in_shape : tuple of int or None
        Shape that it was built for, without the batch; None if it was put together by hand.
    """

    in_shape: Shape | None = None

    def __init__(self, *layers: Layer, **named: Layer) -> None:
        self.children: dict[str, Layer] = {str(i): layer for i, layer in enumerate(layers)} | named
        self.check()

    def check(self) -> None:
        """Refuse a network that could compute nothing."""

    @property
    def params(self) -> dict[str, Array]:
        """Learned arrays of all layers; the arrays themselves, so they can be changed in place."""
        return self._gather("params")

    @property
    def buffers(self) -> dict[str, Array]:
        """Saved arrays of all layers."""
        return self._gather("buffers")

    @property
    def grads(self) -> dict[str, Array]:
        """Gradients of all trained parameters, after ``backward``."""
        return self._gather("grads")

    def arrays(self) -> dict[str, Array]:
        return {
            f"{name}.{key}": array
            for name, layer in self.children.items()
            for key, array in layer.arrays().items()
        }

    def generators(self) -> list[np.random.Generator]:
        every = (rng for layer in self for rng in layer.generators())
        return list({id(rng): rng for rng in every}.values())

    def _gather(self, kind: str) -> dict[str, Array]:
        return {
            f"{name}.{key}": array
            for name, layer in self.children.items()
            for key, array in getattr(layer, kind).items()
        }

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape that leaves when ``in_shape`` enters, both without the batch."""
        raise NotImplementedError

    def forward(self, x: Array, *, training: bool = False) -> Array:
        """Compute the output; every layer keeps what ``backward`` needs."""
        raise NotImplementedError

    def backward(self, dy: Array) -> Array:
        """Set the gradients of every layer and return dL/dx."""
        raise NotImplementedError

    def backward_to_params(self, dy: Array) -> None:
        """Set the gradients of every layer; dL/dx need not be computed."""
        self.backward(dy)

    def __call__(self, x: Array, *, training: bool = False) -> Array:
        """Same as ``forward``."""
        return self.forward(x, training=training)

    def __getitem__(self, path: str) -> Layer:
        """Return a layer by its path, such as ``"conv1"`` or ``"block1.conv2"``."""
        name, _, rest = path.partition(".")
        if name not in self.children:
            known = ", ".join(self.children)
            raise KeyError(f"path must begin with one of {known}, not {name!r}. Choose one.")
        child = self.children[name]
        if not rest:
            return child
        if not isinstance(child, Net):
            raise KeyError(f"{name!r} is a layer and has no {rest!r} inside. Use {name!r}.")
        return child[rest]

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.children.values())

    def __repr__(self) -> str:
        lines = (f"{name}: {layer!r}" for name, layer in self.children.items())
        inside = "\n".join(lines).replace("\n", "\n    ")
        return f"{type(self).__name__}(\n    {inside}\n)"


class Chain(Net):
    """Layers one after another; backward runs through them in reverse.

    Examples
    --------
    >>> from cnnlab import spec
    >>> from cnnlab.scratch import layers
    >>> net = Chain(
    ...     fc1=layers.Linear(spec.Linear(4), (3,)),
    ...     relu=layers.Activation(spec.ReLU(), (4,)),
    ...     fc2=layers.Linear(spec.Linear(2), (4,)),
    ... )
    >>> net.forward(np.ones((5, 3), np.float32)).shape
    (5, 2)
    >>> list(net.params)
    ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias']
    """

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape that leaves when ``in_shape`` enters, both without the batch."""
        for layer in self:
            in_shape = layer.out_shape(in_shape)
        return in_shape

    def forward(self, x: Array, *, training: bool = False) -> Array:
        for layer in self:
            x = layer.forward(x, training=training)
        return x

    def backward(self, dy: Array) -> Array:
        for layer in reversed(self.children.values()):
            dy = layer.backward(dy)
        return dy

    def backward_to_params(self, dy: Array) -> None:
        if type(self).backward is not Chain.backward or not self.children:
            self.backward(dy)  # what a subclass does on the way back is not to be passed by
            return
        *later, first = reversed(self.children.values())
        for layer in later:
            dy = layer.backward(dy)
        # A layer of one's own may know `backward` alone.
        getattr(first, "backward_to_params", first.backward)(dy)


class _Branches(Net):
    def check(self) -> None:
        if not self.children:
            raise ValueError(
                f"{type(self).__name__}: there must be at least 1 branch, not 0. Add a layer."
            )

    def _forward_branches(self, x: Array, training: bool) -> list[Array]:
        return [branch.forward(x, training=training) for branch in self]

    def _backward_branches(self, gradients: tuple[Array, ...]) -> Array:
        # Every branch read the same x, so their gradients add up.
        ends = zip(self, gradients, strict=True)
        return F.add(*(branch.backward(gradient) for branch, gradient in ends))[0]


class Add(_Branches):
    """Branches side by side, added up: the residual connection."""

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape of every branch's end."""
        return next(iter(self)).out_shape(in_shape)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        y, self.cache = F.add(*self._forward_branches(x, training))
        return y

    def backward(self, dy: Array) -> Array:
        return self._backward_branches(F.add_backward(dy, self.cache))


class Concat(_Branches):
    """Branches side by side, their channels stacked."""

    def out_shape(self, in_shape: Shape) -> Shape:
        """All branches' channels, at one height and width."""
        ends = [branch.out_shape(in_shape) for branch in self]
        return sum(end[0] for end in ends), *ends[0][1:]

    def forward(self, x: Array, *, training: bool = False) -> Array:
        y, self.cache = F.concat(*self._forward_branches(x, training))
        return y

    def backward(self, dy: Array) -> Array:
        return self._backward_branches(F.concat_backward(dy, self.cache))


class Scale(Chain):
    """Layers in series whose output multiplies their own input, as squeeze-excite does."""

    def out_shape(self, in_shape: Shape) -> Shape:
        """Same as ``in_shape``."""
        return in_shape

    def forward(self, x: Array, *, training: bool = False) -> Array:
        y, self.cache = F.scale(x, super().forward(x, training=training))
        return y

    def backward(self, dy: Array) -> Array:
        dx, dgate = F.scale_backward(dy, self.cache)
        return F.add(dx, super().backward(dgate))[0]
