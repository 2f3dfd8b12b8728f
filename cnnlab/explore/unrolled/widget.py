"""A recurrent network, unrolled: read a word step by step, and see the message go back."""

from typing import ClassVar

import traitlets

from cnnlab.explore.controls import Control, ladder, select, slider, toggle
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.scene import Stage
from cnnlab.explore.traits import Whole
from cnnlab.explore.unrolled.drawing import draw
from cnnlab.explore.unrolled.examples import EXAMPLES, USUAL
from cnnlab.explore.unrolled.model import STEPS, WORDS, Run
from cnnlab.explore.unrolled.scene import UnrolledScene, unrolled_scene

MOST_UNITS = 4


class UnrolledExplorer(ExampleExplorer[UnrolledScene]):
    """Explore a recurrent network that names the next letter of a word.

    Each step reads a letter, makes a state from it and from the state before, and gives odds for
    the next letter. The bars show how much of the message of the last loss arrives at each state.

    Parameters
    ----------
    example : str
        Name of a worked example, see ``UnrolledExplorer.examples()``; other settings are then
        applied over it.
    word : {"hello", "level", "banana"}
    units : int
        Of the state, 1 to 4.
    steps : int
        Of training: 0, 5, 10, 20, 50, 100, 200 or 500.
    memory : bool
        Whether the state is carried to the next step.
    temperature : float
        What the scores are divided by before the softmax, 0.25 to 4.
    selected : str
        Key of the step under focus, such as ``"step:0"``.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = UnrolledExplorer(memory=False, steps=500)
    >>> explorer
    hello, 3 units without memory, 500 steps of training → loss 1.39; names 3 of 4 letters
    >>> explorer.run.probabilities.shape
    (4, 4)
    """

    purpose = "a recurrent network step by step: states, odds, and the message that fades"
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        ladder("steps", "training steps", STEPS),
        toggle("memory", "memory", hint="whether the state is carried to the next step"),
        slider("units", "units", 1, MOST_UNITS, hint="numbers in the state"),
        slider("temperature", "temperature", 0.25, 4, 0.25, hint="what the scores are divided by"),
        select("word", "word", {word: word for word in WORDS}),
    )
    heights = (380, 380, 380)

    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    word = traitlets.Enum(WORDS, USUAL["word"]).tag(sync=True)
    units = Whole(USUAL["units"], min=1, max=MOST_UNITS).tag(sync=True)
    steps = traitlets.Enum(STEPS, USUAL["steps"]).tag(sync=True)
    memory = traitlets.Bool(USUAL["memory"]).tag(sync=True)
    temperature = traitlets.Float(USUAL["temperature"], min=0.25, max=4).tag(sync=True)

    def make_scene(self) -> UnrolledScene:
        return self.with_note(
            unrolled_scene(
                word=self.word,
                units=self.units,
                steps=self.steps,
                memory=self.memory,
                temperature=self.temperature,
            )
        )

    def draw(self, stage: Stage) -> str:
        return draw(self.scene, stage)

    @property
    def run(self) -> Run:
        """States, probabilities, losses and messages of the word."""
        return self.scene.run
