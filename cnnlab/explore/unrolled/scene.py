"""One word through a recurrent network, in words."""

from dataclasses import dataclass
from math import log

from cnnlab.explore.numbers import literal, number, percent
from cnnlab.explore.scene import Grid, Line, Link, Play, Scene, Table
from cnnlab.explore.unrolled.model import Run, least_without_memory, run, trained


@dataclass(frozen=True, kw_only=True)
class UnrolledScene(Scene):
    """The word, what the network says of it, and whether it has a memory."""

    letters: str
    run: Run
    memory: bool

    @property
    def named(self) -> str:
        """The likeliest letter after each step."""
        return "".join(self.letters[i] for i in self.run.probabilities.argmax(axis=0))


def unrolled_scene(
    *,
    word: str = "hello",
    units: int = 3,
    steps: int = 100,
    memory: bool = True,
    temperature: float = 1.0,
) -> UnrolledScene:
    """Train on a word, and read it step by step.

    Examples
    --------
    >>> unrolled_scene(steps=0).text.partition(";")[0]
    'hello, 3 units, 0 steps of training → loss 5.57'
    """
    weights = trained(word, units, steps, memory)
    found = run(weights, word, temperature)
    scene = UnrolledScene(text="", letters=weights.letters, run=found, memory=memory)
    keys = [f"step:{i}" for i in range(len(found.reads))]
    return UnrolledScene(
        letters=weights.letters,
        run=found,
        memory=memory,
        text=_text(word, units, steps, memory, scene),
        formulas=_formulas(word, found),
        code=_code(word, units, steps, memory, temperature),
        grids=[Grid(name="step", label="steps", keys=[keys])],
        links={key: _link(scene, i) for i, key in enumerate(keys)},
        play=Play(grid="step", label="step by step"),
        tables=[_table(scene)],
        hint="Point at a step, or press ▸ and read along.",
    )


def _text(word: str, units: int, steps: int, memory: bool, scene: UnrolledScene) -> str:
    size = f"{units} unit{'s' * (units > 1)}{'' if memory else ' without memory'}"
    after = f"{word}, {size}, {steps} steps of training"
    loss = f"loss {scene.run.losses.sum():.2f}"
    hits = sum(a == b for a, b in zip(scene.named, scene.run.right, strict=True))
    return f"{after} → {loss}; names {hits} of {len(scene.run.right)} letters"


def _formulas(word: str, found: Run) -> list[str]:
    letters, count = len(set(word)), len(found.right)
    each = " + ".join(f"{loss:.2f}" for loss in found.losses)
    guessing = count * log(letters)
    return [
        f"loss: {each} = {found.losses.sum():.2f}",
        f"who knows nothing pays {count} · ln {letters} = {guessing:.3f}; "
        f"who sees one letter at a time pays at least {least_without_memory(word):.3f}",
    ]


def _link(scene: UnrolledScene, i: int) -> Link:
    found, named = scene.run, scene.named[i]
    state = ", ".join(number(round(value, 2)) for value in found.states[:, i].tolist())
    likely = percent(found.probabilities[:, i].max())
    verdict = "which is right" if named == found.right[i] else f"but it should be {found.right[i]}"
    said = (
        f"Step {i + 1} reads {found.reads[i]}. State: {state}. It names {named} ({likely}), "
        f"{verdict}. {_message(scene, i)}"
    )
    marks = {"window": [f"step:{i - 1}"]} if scene.memory and i else {}
    return Link(text=said, marks=marks)


def _message(scene: UnrolledScene, i: int) -> str:
    if i == len(scene.run.reads) - 1:
        return "Here the message of the last loss starts on its way back."
    if not scene.memory:
        return "Without memory, nothing of the last loss's message comes back to it."
    return f"Of the last loss's message, {percent(scene.run.arrived[i])} arrives here."


def _table(scene: UnrolledScene) -> Table:
    """Probabilities of all letters after each step."""
    found = scene.run
    return Table(
        label="probabilities of the next letter",
        walk=False,
        columns=(
            ("step", "right"),
            ("reads", "left"),
            *((letter, "right") for letter in scene.letters),
            ("right is", "left"),
            ("loss", "right"),
            ("message back", "right"),
        ),
        rows=[
            Line(
                key=f"row:{i}",
                text="",
                cells=[
                    str(i + 1),
                    read,
                    *(percent(p) for p in found.probabilities[:, i].tolist()),
                    found.right[i],
                    f"{found.losses[i]:.2f}",
                    percent(found.arrived[i]),
                ],
            )
            for i, read in enumerate(found.reads)
        ],
    )


def _code(word: str, units: int, steps: int, memory: bool, temperature: float) -> list[str]:
    return [
        "from cnnlab.explore.unrolled.model import run, trained",
        f'weights = trained("{word}", units={units}, steps={steps}, memory={memory})',
        f'found = run(weights, "{word}", temperature={literal(temperature)})',
        'print(f"loss {found.losses.sum():.2f}")',
        "print(found.probabilities.round(2))  # a row for each letter of weights.letters",
        "print(found.arrived.round(3))  # of the last loss's message, at each state",
    ]
