"""A unit's line in the plane, and what hidden units add to it."""

from dataclasses import asdict
from typing import Any, ClassVar

import traitlets

from cnnlab.explore.base import Explorer
from cnnlab.explore.boundary.arrows import MOST, STEP
from cnnlab.explore.boundary.drawing import HEIGHTS, draw
from cnnlab.explore.boundary.examples import EXAMPLES, named
from cnnlab.explore.boundary.model import ACTIVATIONS, HIDDEN, NAMES, NO, WEIGHTS, Network, Settings
from cnnlab.explore.boundary.scene import BoundaryScene, boundary_scene
from cnnlab.explore.controls import Control, select, slider

OWN = "own"
LARGEST = 1000  # of a weight that Python may set
FIELDS = tuple(asdict(Settings()))


def _weight(name: str, label: str, hint: str, group: str = "", **when: list[Any]) -> Control:
    return slider(name, label, -MOST, MOST, STEP, hint=hint, group=group, when=when)


def _hidden_controls() -> tuple[Control, ...]:
    found = []
    for k in (1, 2, 3):
        units = [count for count in HIDDEN if count >= k]
        group = f"hidden unit {k}"
        for name, label, hint in (
            (f"w{k}1", "weight of x₁", "turns the line"),
            (f"w{k}2", "weight of x₂", "turns the line"),
            (f"c{k}", "bias", "shifts the line"),
        ):
            found.append(_weight(name, label, hint, group, hidden=units))
    return tuple(found)


class BoundaryExplorer(Explorer[BoundaryScene]):
    """Explore the line that a unit draws: drag it, and see the truth table follow.

    Parameters
    ----------
    example : str
        Name of a worked example; "own" once a number differs.
    hidden : {0, 2, 3}
        Hidden units; with 0, one unit reads the inputs itself.
    activation : str
        Of the one unit, or of the hidden units: step, sign, sigmoid, tanh, relu or softplus.
    no : {0, -1}
        The number that stands for no, in the inputs and in the answer.
    w1, w2, w3, b : float
        Weights and bias of the output unit, which is on where its sum is above 0.
    w11, w12, c1, w21, w22, c2, w31, w32, c3 : float
        Weights and bias of each hidden unit.
    found : list of int
        Functions found so far; the answers to 00, 01, 10, 11 are the binary digits of each.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = BoundaryExplorer()
    >>> explorer.function
    'OR'
    >>> explorer.b = -1.5
    >>> explorer
    one unit (step), z = 1·x₁ + 1·x₂ − 1.5: 00 → 0, 01 → 0, 10 → 0, 11 → 1: AND; 2 of 16 functions found
    >>> BoundaryExplorer(example="xor").answers
    [0, 1, 1, 0]
    """

    purpose = "a unit's line: drag it, watch the truth table, and find the 16 functions"
    drawing = staticmethod(draw)
    controls: ClassVar[tuple[Control, ...]] = (
        select(
            "example",
            "example",
            {name: (e.group, e.label) for name, e in EXAMPLES.items()} | {OWN: "own numbers"},
        ),
        select(
            "activation",
            "activation",
            {name: name for name in ACTIVATIONS},
            hint="of the one unit, or of the hidden units",
        ),
        _weight("w1", "weight w₁", "of x₁, or of h₁ where there are hidden units"),
        _weight("w2", "weight w₂", "of x₂, or of h₂ where there are hidden units"),
        _weight("b", "bias b", "shifts the output's line; as a threshold, it changes its sign"),
        select(
            "hidden",
            "hidden units",
            {0: "none: one unit", 2: "two", 3: "three"},
            hint="units between the inputs and the output",
        ),
        select(
            "no",
            "no is",
            {0: "0", -1: "−1"},
            hint="the number that stands for no, in the inputs and in the answer; yes is 1",
        ),
        _weight("w3", "weight w₃", "of h₃", hidden=[3]),
        *_hidden_controls(),
    )
    state = ("found",)
    heights = HEIGHTS

    selected = traitlets.Unicode("row:3").tag(sync=True)
    example = traitlets.Enum((*EXAMPLES, OWN), "or").tag(sync=True)
    hidden = traitlets.Enum(HIDDEN, 0).tag(sync=True)
    activation = traitlets.Enum(ACTIVATIONS, "step").tag(sync=True)
    no = traitlets.Enum(NO, 0).tag(sync=True)
    w1 = traitlets.Float(Settings.w1).tag(sync=True)
    w2 = traitlets.Float(Settings.w2).tag(sync=True)
    w3 = traitlets.Float(Settings.w3).tag(sync=True)
    b = traitlets.Float(Settings.b).tag(sync=True)
    w11 = traitlets.Float(Settings.w11).tag(sync=True)
    w12 = traitlets.Float(Settings.w12).tag(sync=True)
    c1 = traitlets.Float(Settings.c1).tag(sync=True)
    w21 = traitlets.Float(Settings.w21).tag(sync=True)
    w22 = traitlets.Float(Settings.w22).tag(sync=True)
    c2 = traitlets.Float(Settings.c2).tag(sync=True)
    w31 = traitlets.Float(Settings.w31).tag(sync=True)
    w32 = traitlets.Float(Settings.w32).tag(sync=True)
    c3 = traitlets.Float(Settings.c3).tag(sync=True)
    found: "traitlets.List[int]" = traitlets.List(traitlets.Int(min=0, max=15), [7])

    def __init__(self, **settings: Any) -> None:
        name = settings.get("example", "or")
        if name in (*EXAMPLES, OWN):  # else the trait says what it must be
            settings = (EXAMPLES[name].settings if name in EXAMPLES else {}) | settings
            choice = Settings(**{n: v for n, v in settings.items() if n in FIELDS})
            found = settings.get("found", [])
            ticked = isinstance(found, list | tuple) and {*map(type, found)} <= {int}
            if ticked and _is_right(choice):
                settings["example"] = named(choice) or OWN
                settings["found"] = sorted({*found, Network(choice).function})
        super().__init__(**settings)

    def make_scene(self) -> BoundaryScene:
        return boundary_scene(found=self.found, **self._choice())

    def _choice(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}

    @property
    def function(self) -> str:
        """Name of the Boolean function that it computes."""
        return NAMES[self.scene.network.function]

    @property
    def answers(self) -> list[int]:
        """Answers to the four inputs, in the order of the table."""
        return [int(answer) for answer in self.scene.network.answers]

    @traitlets.validate(*WEIGHTS)
    def _finite(self, proposal: Any) -> float:
        value: float = proposal["value"]
        if not abs(value) <= LARGEST:
            raise traitlets.TraitError(
                f"{proposal['trait'].name} must lie between -{LARGEST} and {LARGEST}, not {value}. "
                "Choose a smaller number."
            )
        return value

    @traitlets.observe("example")
    def _take_example(self, change: Any) -> None:
        if self.example == change["new"] and (example := EXAMPLES.get(change["new"])):
            with self.hold_trait_notifications():
                for name, value in asdict(Settings(**example.settings)).items():
                    setattr(self, name, value)

    @traitlets.observe(*FIELDS)
    def _follow(self, _change: Any) -> None:
        """Name the example, and tick the function off."""
        choice = Settings(**self._choice())
        self.example = named(choice) or OWN
        if (function := Network(choice).function) not in self.found:
            self.found = sorted({*self.found, function})


def _is_right(choice: Settings) -> bool:
    """Whether the traits will take it."""
    numbers = (getattr(choice, name) for name in WEIGHTS)
    fine = all(type(n) in (int, float) and abs(n) <= LARGEST for n in numbers)
    kinds = choice.hidden in HIDDEN and choice.activation in ACTIVATIONS and choice.no in NO
    return fine and kinds
