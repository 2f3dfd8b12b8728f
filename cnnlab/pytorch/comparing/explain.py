"""Which convention turns our layer's numbers into theirs."""

import itertools
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from cnnlab.pytorch.comparing.conventions import dense, gates, norms, recurrent, transposed, windows
from cnnlab.pytorch.comparing.matching import difference, same
from cnnlab.pytorch.comparing.steps import Step

_BY_KIND: dict[str, Callable[[Step], Iterator[tuple[str, Tensor]]]] = {
    "conv": windows.conv,
    "pool": windows.pool,
    "transposed": transposed.transposed,
    "norm": norms.norm,
    "recurrent": recurrent.recurrent,
    "activation": gates.activation,
    "dropout": gates.dropout,
    "resize": gates.resize,
    "flatten": dense.flatten,
}
MOST = 3  # explanations that are told
FAR = 4  # layers of ours that one of theirs may hold


def explain(ours: list[Step], at: int, theirs: Step, within: float) -> tuple[str, ...]:
    """Name the conventions under which our step gives theirs.

    Parameters
    ----------
    ours : list of Step
    at : int
        Which of ours parts from theirs first.
    theirs : Step
        What stands there in theirs; its output may belong to one of our next layers, if its
        layer does two things at once.
    within : float
        Largest difference that counts as none, as a share of the numbers' size.
    """
    step = ours[at]
    found: dict[str, float] = {}
    for words, y in _candidates(ours, at):
        for form in _continued(ours, at, y):
            gap = difference(form, theirs.y)
            if gap is not None and gap <= within:
                found.setdefault(words, gap)
                break
    if not found and step.y.shape == theirs.y.shape and step.y.ndim > 1:
        shift = dense.shifted(step.y, theirs.y, within)
        return (shift,) if shift else ()
    best = min(found.values(), default=0.0)
    good = [words for words, gap in found.items() if gap <= max(10 * best, 1e-12)]
    # What one convention explains needs no second one.
    simple = [words for words in good if not any(w in words for w in good if w != words)]
    return tuple(simple[:MOST])


def _candidates(ours: list[Step], at: int) -> Iterator[tuple[str, Tensor]]:
    step = ours[at]
    with torch.no_grad():
        if step.module is not None and step.kind == "dense":
            yield from dense.dense(step, _maps(ours, at))
        elif step.kind in _BY_KIND and (step.module is not None or step.kind == "activation"):
            yield from _BY_KIND[step.kind](step)
        if step.module is not None:
            yield from dense.unbiased(step)
        yield from _axes(step)
        yield from gates.added(step.y)
        yield from _without(ours, at)
        yield from _first(step)


def _axes(step: Step) -> Iterator[tuple[str, Tensor]]:
    if step.y.ndim > 2:
        yield "has the channels as its last axis", step.y.movedim(1, -1)
    if step.y.ndim == 4:
        yield "has height and width exchanged", step.y.transpose(2, 3)
    if step.y.ndim == 3:
        yield "has its last two axes exchanged", step.y.transpose(1, 2)
        yield "has the examples as its second axis", step.y.transpose(0, 1)


def _without(ours: list[Step], at: int) -> Iterator[tuple[str, Tensor]]:
    """Ours with this layer left out, as far as the next one can be run."""
    idle = same(ours[at].x, ours[at].y)
    if not idle and at + 1 < len(ours) and (after := ours[at + 1].module) is not None:
        y = _run(after, ours[at].x)
        if y is not None:
            yield f"has no {ours[at].what} here", y


def _first(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Ours behind an activation that theirs applies first."""
    if step.module is not None and step.kind in ("conv", "dense", "pool", "norm"):
        for name, gate in gates.GATES.items():
            y = _run(step.module, gate(step.x))
            if y is not None:
                yield f"applies {name} before this layer", y


def _run(module: torch.nn.Module, x: Tensor) -> Tensor | None:
    try:
        y = module(x)
    except (RuntimeError, ValueError, IndexError):
        return None  # the shapes do not fit, so this is not what theirs does
    first = y[0] if isinstance(y, tuple) else y
    return first if isinstance(first, Tensor) else None


def _continued(ours: list[Step], at: int, y: Tensor) -> Iterator[Tensor]:
    """The numbers themselves, and what our next layers make of them."""
    yield y
    for before, step in itertools.pairwise(ours[at : at + FAR]):
        if step.module is None or not same(before.y, step.x):
            return
        after = _run(step.module, y)
        if after is None:
            return
        y = after
        yield y


def _maps(ours: list[Step], at: int) -> tuple[int, ...]:
    """Shape of the maps that became the vector which this layer reads."""
    for step in reversed(ours[:at]):
        for tensor in (step.y, step.x):
            if tensor.ndim > 2 and tensor[0].numel() == ours[at].x.shape[-1]:
                return tuple(tensor.shape[1:])
    return ()
