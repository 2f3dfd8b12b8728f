"""Wrong networks with the right parameters: what a specification becomes by a mistake."""

from collections.abc import Callable
from itertools import count

from cnnlab import spec
from cnnlab.check.core.misconception import Misconception
from cnnlab.spec import Row

_Pooling = spec.MaxPool | spec.AvgPool
_ACTIVATIONS: dict[type[Row], str] = {
    spec.Identity: "There is no activation where the task has one.",
    spec.ReLU: "The activations are ReLU, and the task names others.",
    spec.Tanh: "The activations are tanh, and the task names others.",
    spec.Sigmoid: "The activations are sigmoids, and the task names others.",
    spec.ScaledTanh: "The activations are scaled tanh, and the task names others.",
}
_MISSING = {0: "The first activation is missing.", -1: "The last activation is missing."}
_LAST: dict[type[Row], str] = {
    spec.ReLU: "There is a ReLU after the last layer, so no logit can be negative.",
    spec.Sigmoid: "There is a sigmoid after the last layer, but the loss expects logits.",
    spec.Tanh: "There is a tanh after the last layer, but the loss expects logits.",
    spec.ScaledTanh: "There is a scaled tanh after the last layer, but the loss expects logits.",
}


def swap(row: Row, change: Callable[[Row], Row]) -> Row:
    """A specification with every row changed that ``change`` changes.

    Examples
    --------
    >>> swap(spec.Chain(fc=spec.Linear(2), act=spec.ReLU()), lambda r: r)
    Chain(fc=Linear(2), act=ReLU())
    """
    if isinstance(row, spec.Combinator):
        return type(row)(**{name: swap(child, change) for name, child in row.children})
    return change(row)


def network_rows() -> list[Misconception[Row]]:
    """What goes wrong in networks that have the right parameters; models change a specification.

    Returns
    -------
    list of Misconception

    Examples
    --------
    >>> network_rows()[0].model(spec.Chain(pool=spec.MaxPool(2)))
    Chain(pool=AvgPool(2))
    """
    averaged = _pooled(spec.MaxPool, spec.AvgPool)
    maximum = _pooled(spec.AvgPool, spec.MaxPool)
    rows: list[Misconception[Row]] = [
        Misconception("average pooling", averaged, "Windows are averaged, not maximised."),
        Misconception("max pooling", maximum, "Windows give their maximum, not their mean."),
    ]
    rows += [Misconception(k.__name__, _activated(k), text) for k, text in _ACTIVATIONS.items()]
    rows += [Misconception(f"activation {n}", _without(n), text) for n, text in _MISSING.items()]
    rows += [Misconception(f"last {k.__name__}", _ended(k), text) for k, text in _LAST.items()]
    return rows


def _pooled(right: type[_Pooling], wrong: type[_Pooling]) -> Callable[[Row], Row]:
    def change(part: Row) -> Row:
        if isinstance(part, right):
            return wrong(part.kernel_size, part.stride, part.padding, policy=part.policy)
        return part

    return lambda row: swap(row, change)


def _activated(kind: type[Row]) -> Callable[[Row], Row]:
    return lambda row: swap(row, lambda part: kind() if type(part) in _ACTIVATIONS else part)


def _without(place: int) -> Callable[[Row], Row]:
    """One activation left out, counted from the first or, below 0, from behind."""

    def model(row: Row) -> Row:
        places = count(-_activations(row) if place < 0 else 0)
        return swap(
            row,
            lambda part: spec.Identity() if _bends(part) and next(places) == place else part,
        )

    return model


def _activations(row: Row) -> int:
    """How many there are."""
    if isinstance(row, spec.Combinator):
        return sum(_activations(child) for _, child in row.children)
    return int(_bends(row))


def _bends(part: Row) -> bool:
    return type(part) in _ACTIVATIONS and not isinstance(part, spec.Identity)


def _ended(kind: type[Row]) -> Callable[[Row], Row]:
    return lambda row: spec.Chain(**dict(getattr(row, "children", ())), last_of_all=kind())
