"""A word as a network has read it: the numbers that are drawn and spoken of."""

from dataclasses import dataclass

import numpy as np

from cnnlab.explore.unrolled.model import KINDS, Array, Run


@dataclass(frozen=True)
class Reading:
    """What a network computes over a word, one column for each step.

    Attributes
    ----------
    training : int
        Steps of the training.
    step : int
        The one looked at, from 0.
    run : Run
        States and scores.
    probabilities : (4, L) array
        Of the next letter, at the temperature.
    given : tuple of str
        The letter that each step gives; several, with "/" between them, where they are equal.
    message : (H, L) array
        Gradient of the last step's loss with respect to each state, or an LSTM's cell.
    """

    word: str
    kind: str
    memory: bool
    training: int
    step: int
    backward: bool
    temperature: float
    drawn: bool
    run: Run
    probabilities: Array
    given: tuple[str, ...]
    message: Array

    @property
    def name(self) -> str:
        """The network in words."""
        units = f"{self.units} unit{'s' * (self.units > 1)}"
        memory = "" if self.memory else " without a memory"
        state = f"{self.training} training steps" if self.training else "fresh weights"
        return f"{KINDS[self.kind].name}, {units}{memory}, {state}"

    @property
    def steps(self) -> int:
        """Letters that are read."""
        return len(self.word) - 1

    @property
    def units(self) -> int:
        """Numbers of the state."""
        return len(self.run.states)

    @property
    def wanted(self) -> str:
        """The letter that follows each step."""
        return self.word[1:]

    @property
    def right(self) -> list[bool]:
        """Whether each step gives the letter that follows."""
        return [given == wanted for given, wanted in zip(self.given, self.wanted, strict=True)]

    @property
    def sizes(self) -> Array:
        """Length of the message at each step, (L,)."""
        return np.asarray(np.linalg.norm(self.message, axis=0))

    @property
    def carrier(self) -> str:
        """What the message is handed along."""
        return "cell" if self.kind == "lstm" else "state"
