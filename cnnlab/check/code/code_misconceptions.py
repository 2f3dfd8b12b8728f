"""Wrong models of functions: what a slip in the code puts out, and the sentence it deserves.

Most are the mutants of :mod:`cnnlab.scratch.mutants`; their sentences are in
:mod:`cnnlab.check.exercises.sentences`.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from cnnlab.check.code.trials import Call, Outputs, outputs
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.cases import Subject
from cnnlab.check.exercises.kernel_slips import SlipRow
from cnnlab.check.exercises.sentences import sentence
from cnnlab.check.exercises.slips import BACKWARD_SLIPS, SLIPS
from cnnlab.check.exercises.subjects import SUBJECTS
from cnnlab.check.exercises.window_slips import CODE_SLIPS, SHAPE_SLIPS
from cnnlab.check.numbers.sizes import IN_FUNCTIONS, SizeSettings
from cnnlab.check.numbers.sizes import MISCONCEPTIONS as SIZES
from cnnlab.geometry import output_size
from cnnlab.scratch import mutants
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.mutants import Mutant

Row = Misconception[Call]


def forward_rows(name: str, code: bool = True) -> list[Row]:
    """What students believe about a function, the most telling belief first.

    Parameters
    ----------
    name : str
        One of ``cnnlab.check.subjects.SUBJECTS``.
    code : bool
        Whether code made the answer, or else a pencil.

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
    slips = (*SLIPS.get(name, ()), *(CODE_SLIPS.get(name, ()) if code else ()))
    return [
        *(_of_mutant(name, found, mutant) for mutant in zoo if mutant.forward is not found.forward),
        *(_without(key, found) for key in ("stride", "padding", "dilation") if key in settings),
        *(Misconception(title, _of_inputs(model), text) for title, model, text in slips),
    ]


def shape_row(name: str, trials: Iterable[tuple[Call, Outputs, Outputs]]) -> SlipRow | None:
    """Find the slip that explains the shapes of a student's outputs, whatever their values are.

    Parameters
    ----------
    name : str
        One of ``cnnlab.check.subjects.SUBJECTS``.
    trials : iterable of (call, given, right)

    Returns
    -------
    tuple or None
        Its name, its model from the arguments to a shape, and its sentence.

    Examples
    --------
    >>> made = Call("", {"image": np.ones((4, 5)), "kernel": np.ones((2, 2))}, {})
    >>> shape_row("cross_correlate2d", [(made, (np.ones((4, 5)),), (np.ones((3, 4)),))])[0]
    'as large as the image'
    """
    every = list(trials)
    wrong = next((made for made in every if made[1][0].shape != made[2][0].shape), None)
    if wrong is None:
        return None
    rows = [row for row in SHAPE_SLIPS.get(name, ()) if _has_shape(row, *wrong[:2])]
    always = (row for row in rows if all(_has_shape(row, *made[:2]) for made in every))
    return next(always, rows[0] if rows else None)


def _has_shape(row: SlipRow, made: Call, given: Outputs) -> bool:
    try:
        return bool(given[0].shape == tuple(row[1](*made.args, **made.settings)))
    except Exception:  # a belief that this case leaves without an answer
        return False


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
    >>> from cnnlab.check.exercises.subjects import subject
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
        def model(made: Call) -> Outputs:
            rest = {"stride": 1, "padding": 0, "dilation": 1, "policy": "floor", **made.settings}
            settings = SizeSettings(**made.named, **rest)
            value = row.model(settings)  # None where the belief makes no difference
            return (np.asarray(output_size(*settings) if value is None else value),)

        return Misconception(row.name, model, row.sentence)

    return [*map(lift, (*SIZES, *IN_FUNCTIONS))]
