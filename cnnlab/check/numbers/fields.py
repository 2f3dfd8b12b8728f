"""Receptive fields through a stack of layers, and the ways to get them wrong."""

from collections.abc import Iterable
from math import prod
from typing import Any, NamedTuple

from cnnlab import geometry
from cnnlab.check.core.answers import whole_number
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.numbers.base import Calculation
from cnnlab.geometry import ReceptiveField


class Layer(NamedTuple):
    """What one layer does to the receptive field."""

    kernel_size: int
    stride: int = 1
    dilation: int = 1

    @property
    def span(self) -> int:
        """Pixels from the kernel's first tap to its last."""
        return geometry.effective_kernel_size(self.kernel_size, self.dilation)

    def __str__(self) -> str:
        stride = f" stride {self.stride}" if self.stride > 1 else ""
        dilation = f" dilation {self.dilation}" if self.dilation > 1 else ""
        return f"kernel {self.kernel_size}{stride}{dilation}"


Stack = tuple[Layer, ...]


def _size(layers: Iterable[Layer]) -> int:
    field = ReceptiveField()
    for layer in layers:
        field = field.then(layer.kernel_size, layer.stride, dilation=layer.dilation)
    return field.size


def _stride_too_early(layers: Stack) -> int:
    size, jump = 1, 1
    for layer in layers:
        jump *= layer.stride
        size += (layer.span - 1) * jump
    return size


def _pools(layers: Stack) -> bool:
    """Whether some layers look like poolings: windows that do not overlap."""
    return any(layer.stride == layer.kernel_size > 1 for layer in layers)


def _dilates(layers: Stack) -> bool:
    return any(layer.dilation > 1 for layer in layers)


MISCONCEPTIONS: tuple[Misconception[Stack], ...] = (
    Misconception(
        "strides forgotten",
        lambda s: _size(layer._replace(stride=1) for layer in s),
        "You let every layer see steps of one pixel, but after a stride neighbours lie further "
        "apart in the input.",
    ),
    Misconception(
        "stride too early",
        _stride_too_early,
        "You let a layer's own stride widen its own field, but it spreads the layers after it.",
    ),
    Misconception(
        "pooling left out",
        lambda s: _size(x for x in s if x.stride != x.kernel_size) if _pools(s) else None,
        "You left the pooling out: it looks at a window too, and spreads what comes after.",
    ),
    Misconception(
        "dilation forgotten",
        lambda s: _size(layer._replace(dilation=1) for layer in s) if _dilates(s) else None,
        "You left the dilation out: the taps of a dilated kernel lie apart.",
    ),
    Misconception(
        "last layer alone",
        lambda s: s[-1].span,
        "This is what one unit sees of the layer before; follow it back to the input.",
    ),
    Misconception(
        "kernels added",
        lambda s: sum(layer.span for layer in s),
        "You added the kernels, but each layer adds one pixel less: its middle was seen already.",
    ),
    Misconception(
        "kernels multiplied",
        lambda s: prod(layer.span for layer in s),
        "You multiplied the kernels, but neighbouring windows overlap.",
    ),
    Misconception(
        "forgot the first pixel",
        lambda s: _size(s) - 1,
        "You summed what the layers add, but the field begins with one pixel.",
    ),
    Misconception(
        "last layer left out",
        lambda s: _size(s[:-1]),
        "You stopped one layer early.",
    ),
    Misconception(
        "first layer left out",
        lambda s: _size(s[1:]),
        "You began one layer late.",
    ),
    Misconception(
        "from the last layer to the first",
        lambda s: _size(reversed(s)),
        "You went through the layers from the last to the first with the strides of the layers "
        "after, but a layer is spread by those before it.",
    ),
    Misconception(
        "distance instead of size",
        lambda s: prod(layer.stride for layer in s),
        "This is how far the fields of neighbouring units lie apart, not how wide one is.",
    ),
    Misconception(
        "area",
        lambda s: _size(s) ** 2,
        "This is the number of pixels in a square field: give the length of one side.",
    ),
)
"""Misconceptions about receptive fields, the most telling first."""

HINT = "Each layer adds (span − 1) · (product of the strides before it); begin with one pixel."


@check
def receptive_field(answer: Any, layers: Iterable[dict[str, int]]) -> Result:
    """Check the receptive field of one unit after a stack of layers, along one axis.

    Parameters
    ----------
    answer : object
        The student's size in pixels; ``...`` or ``None`` while there is none.
    layers : iterable of dict
        ``kernel_size`` and, if not 1, ``stride`` and ``dilation`` of each layer, the first
        layer first.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Whatever the answer is; no answer raises.

    Raises
    ------
    TypeError, ValueError
        If the question itself makes no sense.

    Examples
    --------
    >>> receptive_field(6, [{"kernel_size": 3}, {"kernel_size": 3}])
    ✗ not yet: You added the kernels, but each layer adds one pixel less: its middle was seen \
already. Hint: Each layer adds (span − 1) · (product of the strides before it); begin with one \
pixel.
    """
    stack = tuple(Layer(**layer) for layer in layers)
    if not stack:
        raise ValueError("receptive_field: layers must hold at least one layer, not 0. Add one.")
    for layer in stack:
        for name, value in layer._asdict().items():
            geometry.integer(name, value, 1)
    says = f"receptive field after {', then '.join(map(str, stack))}."
    return Calculation(
        settings=stack,
        prompt=says,
        read=lambda given: whole_number(given, "receptive fields"),
        is_right=lambda number: number == _size(stack),
        misconceptions=MISCONCEPTIONS,
        otherwise=lambda number: f"This is not the {says}",
        hint=HINT,
    ).judge(answer)
