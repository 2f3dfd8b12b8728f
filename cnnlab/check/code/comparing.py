"""A run beside what is right: whether they agree, and how they differ where nothing explains it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from cnnlab.check.core.arrays import same
from cnnlab.check.core.differences import difference, of_shape, shape_causes
from cnnlab.check.exercises.common.base import Call, Outputs
from cnnlab.check.run.seam import Earlier


class Run(NamedTuple):
    """A call, the right outputs, the student's, the cache that came along, how far off is right."""

    call: Call
    right: Outputs
    given: Outputs
    cache: Earlier | None = None
    slack: float | None = None


def agrees(run: Run) -> bool:
    """Whether the student's outputs are right."""
    return all_same(run.given, run.right, run.slack)


def all_same(given: Outputs, right: Outputs, tolerance: float | None = None) -> bool:
    """Whether outputs are those wanted, up to rounding."""
    return all(same(a, b, tolerance) for a, b in zip(given, right, strict=True))


def neutral(run: Run, axes: str, runs: Iterable[Run] = ()) -> str:
    """A sentence on the first output that is wrong, where no misconception explains it.

    A cause that it guesses must explain every one of the runs that is wrong.
    """
    pairs = list(zip(run.given, run.right, strict=True))
    for which, (given, right) in enumerate(pairs):
        if not same(given, right):
            text = difference(given, right, axes if which == 0 else "")
            guess = _guess(run)
            if which == 0 and given.shape != right.shape:
                text = of_shape(given, _cause_of_all(run, runs), axes)
            if which == 0 and guess and any(guess != _guess(other) for other in _wrong(runs)):
                text = "Its type and shape are right, its values are not."
            return text if which == 0 else f"y is right, what the cache remembers is not. {text}"
    return ""


def _cause_of_all(run: Run, runs: Iterable[Run]) -> str:
    """What may have caused a wrong shape, and every other one too; empty if nothing explains all."""
    shapes = [(r.given[0], r.right[0]) for r in runs if r.given[0].shape != r.right[0].shape]
    every = [shape_causes(*pair) for pair in shapes]
    likely = shape_causes(run.given[0], run.right[0])
    return next((cause for cause in likely if all(cause in causes for causes in every)), "")


def _wrong(runs: Iterable[Run]) -> list[Run]:
    """Runs of the right shape with several values that are wrong: one value fits any cause."""
    shaped = (r for r in runs if r.given[0].shape == r.right[0].shape and r.right[0].size > 1)
    return [r for r in shaped if not agrees(r)]


# What a few numbers may look like by luck, whatever went wrong.
_LUCK = ("The sign is wrong", "These are the right values in another order")


def _guess(run: Run) -> str:
    """The cause that is guessed of wrong values, without its numbers; empty if none is."""
    given, right = run.given[0], run.right[0]
    text = difference(given, right) if right.ndim and given.shape == right.shape else ""
    guessed = text.endswith("?") or text.startswith(("Its values are wrong", *_LUCK))
    return re.sub(r"(?<!axis )(?<!axes )[\d.e−-]+", "#", text) if guessed else ""
