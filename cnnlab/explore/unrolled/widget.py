"""A recurrent network that spells, unrolled in time."""

from dataclasses import replace
from typing import ClassVar

import traitlets

from cnnlab.explore.controls import Control, Whole, ladder, line, select, slider, toggle
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.unrolled.drawing import draw
from cnnlab.explore.unrolled.examples import EXAMPLES, USUAL
from cnnlab.explore.unrolled.model import KINDS, LONGEST, TRAINING
from cnnlab.explore.unrolled.scene import UnrolledScene, unrolled_scene

UNITS = (1, 2, 4, 8)
TEMPERATURES = (0.25, 0.5, 1, 1.5, 2, 3, 4)
_FORWARD = {"direction": ["forward"]}


class UnrolledExplorer(ExampleExplorer[UnrolledScene]):
    """Explore a recurrent network that spells a word, forward and back through time.

    The network reads the word letter by letter and names the next letter at each step. It is
    trained on this one word when it is first asked for, and can be looked at while it learns.

    Parameters
    ----------
    example : str
        Name of a worked example; other settings are then applied over it. See
        ``UnrolledExplorer.examples()``.
    word : str
        Two to eight of the letters h, e, l, o.
    kind : {"rnn", "gru", "lstm"}
    units : {1, 2, 4, 8}
        Of the state.
    memory : bool
        Without one, each step starts from the state 0, as if W_hh were 0 in a plain network.
    training : {0, 5, 10, 20, 50, 100, 200, 600}
        Number of training steps; 0 leaves the fresh weights.
    step : int
        The step that is looked at, from 1.
    direction : {"forward", "backward"}
        Backward shows the gradient of the last step's loss with respect to each state, of an
        LSTM to each cell.
    temperature : float
        Divides the scores before the softmax, 0.25 to 4; forward only.
    pick : {"best", "drawn"}
        Whether the most probable letter is given, or one drawn from the probabilities.
    seed : int
        Of the drawing.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = UnrolledExplorer(step=3)
    >>> explorer
    plain RNN, 8 units, 600 training steps: "hello" → 4 of 4 letters right; step 3 reads l, gives l \
(over 99 %), wanted l
    >>> explorer.memory = False
    >>> explorer
    plain RNN, 8 units without a memory, 600 training steps: "hello" → 2 of 4 letters right; step 3 reads l, \
gives l or o (50 % each), wanted l
    """

    purpose = "a recurrent network that spells: its memory, and the message back through time"
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        select("kind", "network", {name: kind.name for name, kind in KINDS.items()}),
        toggle("memory", "memory", hint="without it, every step starts from the state 0"),
        select(
            "direction",
            "direction",
            {"forward": "forward: letters", "backward": "backward: message"},
        ),
        slider("step", "step", 1, LONGEST - 1, hint="the step that is looked at"),
        ladder("training", "training steps", TRAINING, hint="0 leaves the fresh weights"),
        line("word", "word", LONGEST, hint="two to eight of the letters h, e, l, o"),
        ladder("units", "units", UNITS, hint="numbers of the state"),
        ladder(
            "temperature",
            "temperature",
            TEMPERATURES,
            hint="divides the scores before the softmax",
            when=_FORWARD,
        ),
        select(
            "pick",
            "letter given",
            {"best": "the most probable", "drawn": "drawn"},
            when=_FORWARD,
        ),
        slider("seed", "seed", 0, 9, hint="other letters are drawn", when={"pick": ["drawn"]}),
    )
    heights = (456, 456, 456)

    example = traitlets.Enum(["", *EXAMPLES], "").tag(sync=True)
    word = traitlets.Unicode("hello").tag(sync=True)
    kind = traitlets.Enum(list(KINDS), "rnn").tag(sync=True)
    units = traitlets.Enum(UNITS, 8).tag(sync=True)
    memory = traitlets.Bool(True).tag(sync=True)
    training = traitlets.Enum(TRAINING, USUAL["training"]).tag(sync=True)
    step = Whole(3, min=1, max=LONGEST - 1).tag(sync=True)
    direction = traitlets.Enum(["forward", "backward"], "forward").tag(sync=True)
    temperature = traitlets.Float(1.0, min=0.25, max=4).tag(sync=True)
    pick = traitlets.Enum(["best", "drawn"], "best").tag(sync=True)
    seed = Whole(0, min=0).tag(sync=True)

    def offered(self) -> tuple[Control, ...]:
        last = max(2, min(len(self.word), LONGEST)) - 1
        return tuple(replace(c, max=last) if c.name == "step" else c for c in self.controls)

    def make_scene(self) -> UnrolledScene:
        return self.with_note(unrolled_scene(**self.bare()))
