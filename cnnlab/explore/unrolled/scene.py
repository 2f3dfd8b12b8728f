"""A word read letter by letter, forward and back through time, and what is said of it."""

from dataclasses import dataclass

import numpy as np

from cnnlab.explore.scene import Fix, Grid, Link, Scene
from cnnlab.explore.unrolled import words
from cnnlab.explore.unrolled.message import messages
from cnnlab.explore.unrolled.model import LETTERS, LONGEST, TRAINING, Array, fault, learned, run
from cnnlab.explore.unrolled.reading import Reading

TIE = 0.005  # probabilities that differ by less are called equal


@dataclass(frozen=True, kw_only=True)
class UnrolledScene(Scene):
    """What a network computes at each step; nothing where the word cannot be spelled."""

    reading: Reading | None


def unrolled_scene(
    *,
    word: str = "hello",
    kind: str = "rnn",
    units: int = 8,
    memory: bool = True,
    training: int = TRAINING[-1],
    step: int = 1,
    direction: str = "forward",
    temperature: float = 1.0,
    pick: str = "best",
    seed: int = 0,
) -> UnrolledScene:
    """Read a word letter by letter and name the next one at each step.

    Parameters
    ----------
    word : str
        Two to eight of the letters h, e, l, o; where it is something else, ``problem`` says so.
    kind : {"rnn", "gru", "lstm"}
    units : int
        Of the state.
    memory : bool
        Without one, each step starts from the state 0, as if W_hh were 0 in a plain network.
    training : int
        Number of training steps, one of ``TRAINING``; 0 leaves the fresh weights.
    step : int
        The step looked at, from 1; past the end, it is the last one.
    direction : {"forward", "backward"}
        Backward shows the gradient of the last step's loss with respect to each state.
    temperature : float
        Divides the scores before the softmax, forward only.
    pick : {"best", "drawn"}
        Whether the most probable letter is given, or one drawn from the probabilities.
    seed : int
        Of the drawing.

    Examples
    --------
    >>> unrolled_scene(step=3).text
    'plain RNN, 8 units, 600 training steps: "hello" → 4 of 4 letters right; step 3 reads l, gives l \
(over 99 %), wanted l'
    """
    if problem := fault(word):
        return UnrolledScene(
            reading=None,
            text=f"{problem} Choose another word.",
            problem=problem,
            fixes=_fixes(word),
            code=[f"# {problem}"],
        )
    backward = direction == "backward"
    temperature = 1.0 if backward else temperature
    net = learned(kind, units, word, memory, training)
    found = run(kind, net, word, memory)
    p = found.probabilities(temperature)  # (4, L)
    reading = Reading(
        word=word,
        kind=kind,
        memory=memory,
        training=training,
        step=min(step, len(word) - 1) - 1,
        backward=backward,
        temperature=temperature,
        drawn=pick == "drawn",
        run=found,
        probabilities=p,
        given=_drawn(p, seed) if pick == "drawn" else tuple(map(_best, p.T)),
        message=messages(kind, net, found, memory),
    )
    return UnrolledScene(
        reading=reading,
        text=words.text(reading),
        formulas=list(words.formulas(reading)),
        code=words.code(reading, seed),
        grids=_grids(reading),
        links=_links(reading),
        hint="Point at a step, a unit or a bar, or walk with Tab and the arrow keys.",
        note=words.note(reading),
    )


def _best(p: Array) -> str:
    """The most probable letter, or those that are equally probable."""
    return "/".join(LETTERS[k] for k in np.flatnonzero(p > p.max() - TIE))


def _drawn(p: Array, seed: int) -> tuple[str, ...]:
    """One letter for each step, drawn from its probabilities."""
    rng = np.random.default_rng(seed)
    return tuple(LETTERS[rng.choice(len(LETTERS), p=column)] for column in p.T)


def _fixes(word: str) -> list[Fix]:
    """The letters of the word that are known, and a word that is well known."""
    kept = "".join(letter for letter in word.lower() if letter in LETTERS)[:LONGEST]
    found = dict.fromkeys(each for each in (kept, "hello") if not fault(each))
    return [Fix(f"word {each}", {"word": each}) for each in found]


def _grids(reading: Reading) -> list[Grid]:
    steps, units = range(reading.steps), range(reading.units)
    grids = [
        Grid(name="step", label="steps", keys=[[f"step:{t}" for t in steps]]),
        Grid(name="unit", label="units", keys=[[f"unit:{i},{t}" for t in steps] for i in units]),
    ]
    if reading.backward:
        keys = [[f"size:{t}" for t in steps]]
        return [*grids, Grid(name="size", label="sizes of the message", keys=keys)]
    keys = [[f"next:{k},{t}" for t in steps] for k in range(len(LETTERS))]
    return [*grids, Grid(name="next", label="probabilities", keys=keys)]


def _links(reading: Reading) -> dict[str, Link]:
    """What is said of each cell, and what it is made from."""
    units = " ".join(map(str, range(reading.units)))
    letters = " ".join(map(str, range(len(LETTERS))))
    links: dict[str, Link] = {}
    for t in range(reading.steps):
        before = {"weight": [f"unit:{units},{t - 1}"]} if reading.memory and t else {}
        after = (
            {"weight": [f"unit:{units},{t + 1}"]}
            if reading.memory and t + 1 < reading.steps
            else {}
        )
        near = after if reading.backward else before
        made = [f"size:{t}"] if reading.backward else [f"next:{letters},{t}"]
        marks = {"window": [f"unit:{units},{t}"], "output": made}
        links[f"step:{t}"] = Link(text=words.about_step(reading, t), marks=marks | near)
        for i in range(reading.units):
            marks = {"window": [f"step:{t}"], "output": made} | near
            links[f"unit:{i},{t}"] = Link(text=words.about_unit(reading, i, t), marks=marks)
        source = {"window": [f"unit:{units},{t}"]}
        if reading.backward:
            links[f"size:{t}"] = Link(text=words.about_size(reading, t), marks=source)
            continue
        for k in range(len(LETTERS)):
            links[f"next:{k},{t}"] = Link(text=words.about_next(reading, k, t), marks=source)
    return links
