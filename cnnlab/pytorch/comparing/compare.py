"""The comparison itself: record, match, explain."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from cnnlab.pytorch.comparing import outside, steps
from cnnlab.pytorch.comparing.explain import explain
from cnnlab.pytorch.comparing.matching import difference, pairs, parting, same
from cnnlab.pytorch.comparing.report import Comparison
from cnnlab.pytorch.comparing.statistics import kept_statistics
from cnnlab.pytorch.comparing.steps import Step

EXACT, FLOAT32 = 1e-7, 2e-5  # of the numbers' size, where both compute in float64 or not
FORMS = "a torch.nn.Module, a network of cnnlab.scratch"


def compare(ours: Any, theirs: Any, x: Any, *, training: bool = False) -> Comparison:
    """Find the first layer in which two networks differ, and the convention that explains it.

    Both compute on copies, in double precision where they can. Where their outputs part, our
    layer is run again on the same input under each convention that libraries are known to differ
    in: padding, eps, axes, gates, kernels, divisors, bias, activation. Those that reproduce
    their numbers are reported.

    Parameters
    ----------
    ours : torch.nn.Module or a network of cnnlab.scratch
        Such as ``zoo.get(name).torch()`` or ``zoo.get(name).numpy()``.
    theirs : torch.nn.Module, a network of cnnlab.scratch, a Keras model, or path of an ONNX file
        A Keras model is given ``x`` with the channels last, and its outputs are turned back.
    x : (N, C, H, W) array or tensor
        A batch that ours takes; random numbers show more than zeros or a flat picture.
    training : bool
        Compare as in training: batch normalisation uses the batch, and the running statistics
        that both keep afterwards are compared too. Dropout rests all the same.

    Returns
    -------
    Comparison
        ``str()`` of it is a table and a sentence.

    Raises
    ------
    TypeError
        If a network is of no kind that can be compared.
    ValueError
        If a network does not take ``x``.
    ImportError
        If theirs needs a library that is not installed.

    Examples
    --------
    >>> from cnnlab import pytorch, spec
    >>> row = spec.Chain(conv=spec.Conv(2, 3), norm=spec.BatchNorm(), relu=spec.ReLU())
    >>> ours = pytorch.build(row, (1, 6, 6))
    >>> theirs = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2, eps=1e-3), nn.ReLU())
    >>> pytorch.copy_by_order(ours, theirs)
    >>> x = torch.randn(2, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    >>> found = compare(ours, theirs, x)
    >>> found.ours, found.convention
    ('norm (BatchNorm2d)', 'has eps=0.001, ours 1e-05')
    >>> compare(ours, ours, x).same
    True
    """
    batch = _batch(x)
    mine, my_copy = _record("ours", ours, batch, training, FORMS)
    forms = f"{FORMS}, a Keras model or the path of an ONNX file"
    other, their_copy = _record("theirs", theirs, batch, training, forms)
    exact = all(step.y.dtype == torch.float64 for step in (mine[-1], other[-1]))
    within = EXACT if exact else FLOAT32
    agreed = pairs(mine, other, within)
    parted = parting(mine, other, agreed)
    last = len(mine) if parted is None else parted[0]
    rows = [
        (str(mine[i]), str(other[j]), difference(mine[i].y, other[j].y) or 0.0)
        for i, j in agreed.items()
        if i < last and mine[i].name != "output"
    ]
    if parted is not None:
        return _apart(mine, other, parted, rows, within)
    if training and (found := kept_statistics(my_copy, their_copy)):
        where, gap, words = found
        return Comparison(tuple(rows), *where, gap, words, "Their outputs in training agree.")
    note = "" if len(mine) == len(other) else _lengths(mine, other)
    return Comparison(tuple(rows), note=note)


def _apart(
    mine: list[Step],
    other: list[Step],
    parted: tuple[int, int],
    rows: list[tuple[str, str, float]],
    within: float,
) -> Comparison:
    at, there = parted
    step, theirs = mine[at], other[there]
    gap = difference(step.y, theirs.y)
    note = ""
    if gap is None:
        shapes = [" × ".join(map(str, s.y.shape)) for s in (step, theirs)]
        note = f"Shapes: ours {shapes[0]}, theirs {shapes[1]}."
    words = explain(mine, at, theirs, within)
    if not words:  # theirs may do something between its layers, where nobody looks
        for earlier in range(max(at - 3, 0), at):
            for seen in (theirs.x, theirs.y):
                if not words and not same(mine[earlier].y, seen, within):
                    words = explain(mine, earlier, replace(theirs, y=seen), within)
                    step = mine[earlier] if words else step
        note = "It does so between its layers." if words else note
    if not words and len(mine) != len(other):
        note = f"{note} {_lengths(mine, other)}".strip()
    apart = float("inf") if gap is None else gap
    rows = [*rows, (str(step), str(theirs), apart)]
    return Comparison(tuple(rows), str(step), str(theirs), apart, words, note)


def _lengths(mine: list[Step], other: list[Step]) -> str:
    return f"Ours has {len(mine) - 1} layers, theirs {len(other) - 1}."


def _batch(x: Any) -> Tensor:
    try:
        batch = torch.as_tensor(np.asarray(x) if not isinstance(x, Tensor) else x.detach().cpu())
    except (TypeError, ValueError):
        batch = torch.empty(0)
    if batch.ndim < 2 or not batch.numel():
        raise ValueError(
            "compare: x must be a batch of examples, such as an array of shape (2, 3, 32, 32), "
            f"not {type(x).__name__} of shape {tuple(getattr(x, 'shape', ()))}."
        )
    return batch.double() if batch.is_floating_point() else batch.long()


def _record(
    role: str, network: Any, x: Tensor, training: bool, forms: str
) -> tuple[list[Step], nn.Module | None]:
    if role == "theirs" and isinstance(network, str | Path):
        if not Path(network).is_file():
            raise ValueError(f"compare: theirs must be an ONNX file, but {network} is no file.")
        return outside.onnx(network, x), None
    try:
        if role == "theirs" and outside.is_keras(network):  # on PyTorch it is a Module as well
            return outside.keras(network, x, training), None
        if isinstance(network, nn.Module):
            return steps.tensors(network, x, training)
        if hasattr(network, "forward") and hasattr(network, "state_dict"):
            return steps.arrays(network, x, training), None
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ValueError(
            f"compare: {role} must take x of shape {tuple(x.shape)}, but stops: {reason}"
        ) from error
    hint = " Call .torch() or .numpy() on it first." if hasattr(network, "torch") else ""
    raise TypeError(f"compare: {role} must be {forms}, not {type(network).__name__}.{hint}")
