"""Slips of the way back through one kernel: a name, a wrong model, a sentence."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.exercises.kernel_slips import SlipRow, first, half_turn
from cnnlab.check.exercises.small_subjects import input_gradient
from cnnlab.scratch import naive
from cnnlab.scratch.functional.checks import Array

OVERWRITTEN = "Where windows overlap, a later share replaces an earlier one: add them up."
_SHARE_MISSING = "A place has not sent its share: each place sends one, unless its dy is 0."


def _replaced(dy: Array, kernel: Array, keeps: Callable[[Array, Array], Array]) -> Array:
    """Shares that do not add up: each place decides what stays of old and new."""
    dx = np.zeros_like(input_gradient(dy, kernel))
    for i, j in np.ndindex(dy.shape):
        part = slice(i, i + kernel.shape[0]), slice(j, j + kernel.shape[1])
        dx[part] = keeps(dx[part], dy[i, j] * kernel)
    return dx


def _without(dy: Array, *place: Any) -> Array:
    rest = dy.copy()
    rest[place] = 0
    return rest


BACK_SLIPS: tuple[SlipRow, ...] = (
    (
        "kernel turned",
        lambda dy, k: input_gradient(dy, half_turn(k)),
        "The kernel is turned: each place sends it back as it is.",
    ),
    (
        "kernel transposed",
        lambda dy, k: input_gradient(dy, k.T),
        "Rows and columns of the kernel are exchanged.",
    ),
    (
        "dy transposed",
        lambda dy, k: input_gradient(dy.T, k),
        "Rows and columns of dy are exchanged.",
    ),
    ("windows overwritten", lambda dy, k: _replaced(dy, k, lambda old, new: new), OVERWRITTEN),
    (
        "windows overwritten, but not by 0",
        lambda dy, k: _replaced(dy, k, lambda old, new: new if new.any() else old),
        OVERWRITTEN,
    ),
    (
        "first share kept",
        lambda dy, k: _replaced(dy, k, lambda old, new: np.where(old, old, new)),
        "Where windows overlap, only the first share is kept: add them up.",
    ),
    (
        "dy left out",
        lambda dy, k: input_gradient(np.ones_like(dy), k),
        "Every place sends the kernel back as it is: multiply it by the dy of the place.",
    ),
    (
        "signs of dy lost",
        lambda dy, k: input_gradient(np.abs(dy), k),
        "A dy has lost its minus sign.",
    ),
    (
        "0 sends too",
        lambda dy, k: input_gradient(np.where(dy == 0, 1, dy), k),
        "A place whose dy is 0 sends nothing.",
    ),
    (
        "kernel left out",
        lambda dy, k: input_gradient(dy, np.ones_like(k)),
        "Every pixel of a window gets the whole dy: multiply it by the weight that lies there.",
    ),
    (
        "averaged where windows overlap",
        lambda dy, k: input_gradient(dy, k) / input_gradient(np.ones_like(dy), np.ones_like(k)),
        "Where windows overlap, their shares are averaged; they must be added.",
    ),
    (
        "slid over dy",
        naive.cross_correlate2d,
        "The kernel slides over dy and gathers; on the way back each place sends.",
    ),
    (
        "number by number",
        lambda dy, k: dy * k,
        "dy and kernel are multiplied number by number; each number of dy needs the whole kernel.",
    ),
    ("sign turned", lambda dy, k: -input_gradient(dy, k), "The sign is turned."),
    ("first place only", lambda dy, k: input_gradient(first(dy, 0, 0), k), _SHARE_MISSING),
    ("last place missing", lambda dy, k: input_gradient(_without(dy, -1, -1), k), _SHARE_MISSING),
    ("first place missing", lambda dy, k: input_gradient(_without(dy, 0, 0), k), _SHARE_MISSING),
    ("corner missing", lambda dy, k: input_gradient(_without(dy, -1, 0), k), _SHARE_MISSING),
)
"""Slips of the way back from (H', W') to (H, W)."""
