"""Wrong models of functions: what a slip in the code puts out, and the sentence it deserves.

Most are the mutants of :mod:`cnnlab.scratch.mutants`; their sentences are in
:mod:`cnnlab.check.sentences`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.cases import Subject
from cnnlab.check.misconceptions import Misconception
from cnnlab.check.sentences import sentence
from cnnlab.check.sizes import MISCONCEPTIONS as SIZES
from cnnlab.check.sizes import SizeSettings
from cnnlab.check.slips import BACKWARD_SLIPS, SLIPS
from cnnlab.check.subjects import SUBJECTS
from cnnlab.check.trials import Call, Outputs, outputs
from cnnlab.scratch import mutants
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.mutants import Mutant

Row = Misconception[Call]


def forward_rows(name: str) -> list[Row]:
    """What students believe about a function, the most telling belief first.

    Parameters
    ----------
    name : str
        One of ``cnnlab.check.subjects.SUBJECTS``.

    Returns
    -------
    list of Misconception

    Examples
    --------
    >>> [row.name for row in forward_rows("accuracy")]
    ['percent', 'number of right ones', 'share of wrong ones']
    """
    if name == "output_size":
        return _sizes()
    found = SUBJECTS[name]()
    zoo = mutants.of(found.mutants) if found.mutants else []
    settings = {key for case in found.cases for key in case.settings}
    return [
        *(_of_mutant(name, found, mutant) for mutant in zoo if mutant.forward is not found.forward),
        *(_without(key, found) for key in ("stride", "padding", "dilation") if key in settings),
        *(
            Misconception(title, _of_inputs(model), text)
            for title, model, text in SLIPS.get(name, ())
        ),
    ]


def backward_rows(name: str) -> list[Misconception[tuple[Call, Array]]]:
    """What students believe about a gradient; models take a call and the upstream gradient.

    Parameters
    ----------
    name : str
        One of ``cnnlab.check.subjects.SUBJECTS``, with a backward pass.

    Returns
    -------
    list of Misconception

    Examples
    --------
    >>> "dx not flipped" in [row.name for row in backward_rows("conv2d")]
    True
    """
    found = SUBJECTS[name]()
    zoo = mutants.of(found.mutants) if found.mutants else []
    zoo.sort(key=lambda mutant: mutant.forward is not found.forward)  # backward slips alone first
    more = BACKWARD_SLIPS.get(name, ())
    return [
        *(_of_backward(name, found, mutant) for mutant in zoo),
        *(Misconception(title, model, text) for title, model, text in more),
    ]


def gradients(
    found: Subject, forward: Callable[..., Any], backward: Any, made: Call, dy: Any
) -> Outputs:
    """Gradients of one call, through any forward and backward pass of the right form.

    Examples
    --------
    >>> from cnnlab.check.subjects import subject
    >>> from cnnlab.scratch import functional as F
    >>> made = Call("", {"x": np.array([-1.0, 2.0])}, {})
    >>> gradients(subject("relu"), F.relu, F.relu_backward, made, np.array([3.0, 3.0]))
    (array([0., 3.]),)
    """
    _, cache = forward(*made.args, **made.settings)
    result = backward(cache) if not np.ndim(dy) else backward(np.copy(dy), cache)
    every = result if isinstance(result, tuple) else (result,)
    return tuple(np.asarray(g) for g in every if g is not None)


def _of_mutant(name: str, found: Subject, mutant: Mutant) -> Row:
    def model(made: Call) -> Outputs:
        return outputs(found, mutant.forward(*made.args, **made.settings))

    return Misconception(mutant.name, model, sentence(name, mutant))


def _of_backward(name: str, found: Subject, mutant: Mutant) -> Misconception[tuple[Call, Array]]:
    def model(setting: tuple[Call, Array]) -> Outputs:
        return gradients(found, mutant.forward, mutant.backward, *setting)

    return Misconception(mutant.name, model, sentence(name, mutant))


def _without(key: str, found: Subject) -> Row:
    def model(made: Call) -> Outputs:
        rest = {name: value for name, value in made.settings.items() if name != key}
        return outputs(found, found.forward(*made.args, **rest))

    text = f"This is what comes out without the {key}: does your code use it?"
    return Misconception(f"{key} left out", model, text)


def _of_inputs(model: Callable[..., Any]) -> Callable[[Call], Outputs]:
    return lambda made: (np.asarray(model(*made.args, **made.settings)),)


def _sizes() -> list[Row]:
    def lift(row: Misconception[SizeSettings]) -> Row:
        def model(made: Call) -> Outputs | None:
            rest = {"stride": 1, "padding": 0, "dilation": 1, "policy": "floor", **made.settings}
            value = row.model(SizeSettings(**made.named, **rest))
            return None if value is None else (np.asarray(value),)

        return Misconception(row.name, model, row.sentence)

    return [*map(lift, SIZES), lift(_NEAREST)]


# For a single number this is either right or rounded up; a function shows which.
_NEAREST: Misconception[SizeSettings] = Misconception(
    "rounded to the nearest",
    lambda s: round((s.padded - s.span) / s.stride) + 1,
    "You rounded to the nearest whole number: floor rounds down, however much is left over.",
)
