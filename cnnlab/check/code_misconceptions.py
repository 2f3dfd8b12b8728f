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
from cnnlab.check.small_subjects import im2col
from cnnlab.check.subjects import SUBJECTS
from cnnlab.check.trials import Call, Outputs, outputs
from cnnlab.scratch import functional as F
from cnnlab.scratch import mutants, naive
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
            for title, model, text in _MORE.get(name, ())
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
    return [_of_backward(name, found, mutant) for mutant in zoo]


def gradients(
    found: Subject, forward: Callable[..., Any], backward: Any, made: Call, dy: Any
) -> Outputs:
    """Gradients of one call, through any forward and backward pass of the right form.

    Examples
    --------
    >>> from cnnlab.check.subjects import subject
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

    return [lift(row) for row in SIZES]


def _right(logits: Array, labels: Array) -> int:
    return int((logits.argmax(axis=1) == labels).sum())


def _same_size(image: Array, kernel: Array) -> Array:
    sides = [((size - 1) // 2, size // 2) for size in kernel.shape]
    return naive.cross_correlate2d(np.pad(image, sides), kernel)


_FLIPPED = (
    "The kernel is turned by 180 degrees before it slides: that is convolution in the strict "
    "sense. This asks for cross-correlation."
)
_NOT_FLIPPED = (
    "The kernel slides as it is: that is cross-correlation. This asks for convolution in the "
    "strict sense, which turns the kernel first."
)
_SAME_SIZE = "The image was padded to keep its size; here the kernel stays inside the image."
_MEAN = "The products are averaged, but this asks for their sum."
_LAST = "The last row and column of windows is missing: how many places does the kernel have?"

_MORE: dict[str, tuple[tuple[str, Callable[..., Any], str], ...]] = {
    "accuracy": (
        (
            "percent",
            lambda x, t: 100 * _right(x, t) / len(t),
            "This is in percent; give a share from 0 to 1.",
        ),
        (
            "number of right ones",
            _right,
            "This counts the right examples; divide by how many there are.",
        ),
        (
            "share of wrong ones",
            lambda x, t: 1 - _right(x, t) / len(t),
            "This is the share of wrong answers, not of right ones.",
        ),
    ),
    "convolve1d": (("not flipped", naive.cross_correlate1d, _NOT_FLIPPED),),
    "convolve2d": (
        ("not flipped", naive.cross_correlate2d, _NOT_FLIPPED),
        (
            "flipped upside down",
            lambda x, k: naive.cross_correlate2d(x, k[::-1]),
            "The kernel is mirrored along its rows only; convolution turns it by 180 degrees.",
        ),
        (
            "flipped left to right",
            lambda x, k: naive.cross_correlate2d(x, k[:, ::-1]),
            "The kernel is mirrored along its columns only; convolution turns it by 180 degrees.",
        ),
    ),
    "cross_correlate1d": (("flipped", naive.convolve1d, _FLIPPED),),
    "cross_correlate2d": (
        ("flipped", naive.convolve2d, _FLIPPED),
        ("same size", _same_size, _SAME_SIZE),
        ("mean of products", lambda x, k: naive.cross_correlate2d(x, k) / k.size, _MEAN),
        ("one window too few", lambda x, k: naive.cross_correlate2d(x, k)[:-1, :-1], _LAST),
    ),
    "im2col": (
        (
            "windows as rows",
            lambda *a, **s: im2col(*a, **s).swapaxes(1, 2),
            "Each row holds a window; this asks for windows as columns.",
        ),
        (
            "channels last",
            lambda x, k, **s: (
                im2col(x, k, **s)
                .reshape(len(x), x.shape[1], k * k, -1)
                .swapaxes(1, 2)
                .reshape(len(x), x.shape[1] * k * k, -1)
            ),
            "The channels of a pixel stand together; put each channel's window in one piece.",
        ),
    ),
    "mse_loss": (
        ("summed", lambda a, b: ((a - b) ** 2).sum(), "The squares are summed, not averaged."),
        (
            "summed over features",
            lambda a, b: ((a - b) ** 2).sum() / len(a),
            "The mean is over examples only; here it is over all numbers.",
        ),
        ("halved", lambda a, b: ((a - b) ** 2).mean() / 2, "There is a factor ½ too much."),
        ("root", lambda a, b: ((a - b) ** 2).mean() ** 0.5, "This is the root of the mean square."),
        (
            "absolute",
            lambda a, b: np.abs(a - b).mean(),
            "This averages sizes of errors: square them.",
        ),
        ("not squared", lambda a, b: (a - b).mean(), "Errors of both signs cancel: square them."),
    ),
    "sigmoid": (
        ("turned", lambda x: F.sigmoid(-x)[0], "It falls where it must rise: look at a sign."),
        ("tanh", lambda x: np.tanh(x), "This is tanh, which runs from −1 to 1."),
    ),
    "tanh": (("sigmoid", lambda x: F.sigmoid(x)[0], "This is the sigmoid, from 0 to 1."),),
}
