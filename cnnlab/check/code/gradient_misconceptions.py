"""What went wrong with one gradient of several, where no mutant explains them together."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from cnnlab.check.code.code_misconceptions import gradients
from cnnlab.check.code.trials import Call, Outputs
from cnnlab.check.core.arrays import Array, difference, same
from cnnlab.check.exercises.cases import Subject
from cnnlab.check.exercises.gradient_slips import GRADIENT_SLIPS
from cnnlab.check.exercises.sentences import SENTENCES


class Pulled(NamedTuple):
    """A call, its upstream gradient, the right gradients and the student's."""

    call: Call
    dy: Array
    right: Outputs
    given: Outputs


def one_gradient(name: str, asked: Subject, pulled: Pulled, which: int) -> str:
    """Explain one wrong gradient.

    Parameters
    ----------
    name : str
        The forward pass.
    asked : Subject
    pulled : Pulled
    which : int
        Position of the gradient.

    Returns
    -------
    str
        A sentence.
    """
    given, right = pulled.given[which], pulled.right[which]
    if _in_another_order(pulled):
        return "These are the right gradients in another order; give that of x first."
    for text, slipped in (*_named(name, pulled, which), *_slips(asked, pulled, which)):
        if same(given, slipped) and not same(right, slipped):
            return text
    return difference(given, right)


def _in_another_order(pulled: Pulled) -> bool:
    pairs = [[same(given, right) for right in pulled.right] for given in pulled.given]
    taken = {row.index(True) for row in pairs if any(row)}
    return len(taken) == len(pulled.right) > 1


def _named(name: str, pulled: Pulled, which: int) -> Iterator[tuple[str, Array]]:
    """Sentences, and the gradients of slips that are told apart one by one."""
    made = pulled.call
    gradient = [f"d{key}" for key, value in made.named.items() if isinstance(value, np.ndarray)]
    for _, model, text in GRADIENT_SLIPS.get((name, gradient[which]), ()):
        try:
            value = model(np.copy(pulled.dy), *made.args, **made.settings)
        except Exception:  # this call leaves no room for the slip
            continue
        if value is not None:
            yield text, np.asarray(value)


def _slips(asked: Subject, pulled: Pulled, which: int) -> Iterator[tuple[str, Array]]:
    """Sentences, and the gradient that each of these slips would give."""
    right, made = pulled.right[which], pulled.call
    examples = len(next(iter(made.named.values())))
    yield SENTENCES["gradient averaged"], right / examples
    yield "The gradient is multiplied by the batch size.", right * examples
    yield SENTENCES["gradient of ones"], _with(asked, pulled, np.ones_like(pulled.dy))[which]
    if pulled.dy.ndim:
        first = np.zeros_like(pulled.dy)
        first[:1] = pulled.dy[:1]
        yield SENTENCES["dweight of example 0"], _with(asked, pulled, first)[which]
        last = np.zeros_like(pulled.dy)
        last[-1:] = pulled.dy[-1:]
        text = "Only the last example counts: add up over the batch, do not overwrite."
        yield text, _with(asked, pulled, last)[which]
    padding = made.settings.get("padding", 0)
    if padding and right.ndim == 4:
        sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
        text = "The padding is still around the gradient: cut it off, for it is no part of x."
        given = pulled.given[which]
        if given.shape == np.pad(right, sides).shape:
            yield text, given
    yield from _settings(asked, pulled, which)


def _with(asked: Subject, pulled: Pulled, dy: Array) -> Outputs:
    return gradients(asked, asked.forward, asked.backward, pulled.call, dy)


def _settings(asked: Subject, pulled: Pulled, which: int) -> Iterator[tuple[str, Array]]:
    """Gradients of the same sizes with another stride or padding: windows in other places."""
    made, dy = pulled.call, pulled.dy
    for key, plain in (("stride", 1), ("padding", 0), ("dilation", 1)):
        if key not in made.settings:
            continue
        other: dict[str, Any] = {**made.settings, key: plain}
        try:
            y, cache = asked.forward(*made.args, **other)
            wide = np.zeros_like(y)
            part = tuple(slice(min(a, b)) for a, b in zip(dy.shape, y.shape, strict=True))
            wide[part] = dy[part]
            result = asked.backward(wide, cache) if asked.backward else None
        except Exception:  # this call leaves no room for the slip
            continue
        every = result if isinstance(result, tuple) else (result,)
        yield (
            f"This is the gradient without the {key}: does backward use it?",
            np.asarray(every[which]),
        )
