"""A computation graph of one's own: forward, back, and a nudge."""

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import traitlets

from cnnlab.explore.base import Explorer
from cnnlab.explore.controls import Control, line, select, slider
from cnnlab.explore.graph.drawing import draw
from cnnlab.explore.graph.examples import EXAMPLES, named
from cnnlab.explore.graph.passes import given, read
from cnnlab.explore.graph.scene import GraphScene, graph_scene
from cnnlab.scratch.graph import MOST_CHARACTERS

OWN = "own"
FIRST = EXAMPLES["diamond"].settings


class GraphExplorer(Explorer[GraphScene]):
    """Explore a computation graph: values forward, messages back, and what a nudge changes.

    Parameters
    ----------
    example : str
        Name of a graph of the lecture; "own" once expression or values are others.
    expression : str
        As :func:`cnnlab.scratch.graph.parse` reads it. What cannot be read is explained.
    values : dict of str to float
        Of the leaves; one that is left out gets a value.
    leaf : str
        The leaf that is nudged.
    nudge : float
        What is added to it.
    selected : str
        Key of the step or node under focus, such as ``"step:0"`` or ``"node:x"``.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = GraphExplorer(nudge=0.5)
    >>> explorer.signals["x"]
    21.0
    >>> explorer.scene.formulas[0]
    'nudge x by 0.5: c moves by 10.5, its error signal predicts 21 · 0.5 = 10.5, as predicted'
    >>> GraphExplorer(expression="w*w", values={"w": 3.0})
    values: w 3, w·w 9; error signals: w·w 1, w 6
    """

    purpose = "a computation graph: values forward, messages back, and a nudge"
    drawing = staticmethod(draw)
    controls: ClassVar[tuple[Control, ...]] = (
        select(
            "example",
            "graph",
            {name: example.label for name, example in EXAMPLES.items()} | {OWN: "own expression"},
        ),
        line(
            "expression",
            "expression",
            MOST_CHARACTERS,
            hint="Names, numbers, + - * / **, parentheses, exp, log, sqrt, sin, cos, tanh, "
            "sigmoid, relu; parts are separated by semicolons. Press Enter.",
        ),
        select("leaf", "leaf", {"x": "x"}, hint="the leaf that is nudged"),
        slider("nudge", "nudge", -1, 1, 0.001, hint="what is added to the leaf"),
    )
    state = ("values",)
    heights = (720, 480, 464)

    example = traitlets.Enum((*EXAMPLES, OWN), "diamond").tag(sync=True)
    expression = traitlets.Unicode(FIRST["expression"]).tag(sync=True)
    values: "traitlets.Dict[str, float]" = traitlets.Dict(FIRST["values"])
    leaf = traitlets.Unicode("x").tag(sync=True)
    nudge = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        self._end = ""
        super().__init__(**_completed(settings))

    def make_scene(self) -> GraphScene:
        return graph_scene(
            expression=self.expression, values=self.values, leaf=self.leaf, nudge=self.nudge
        )

    def _publish(self) -> None:
        """Stay at the end if one is there; a step that another graph does not have is left."""
        if self.selected not in self.scene.links or self.selected == self._end:
            self.selected = self.scene.last
        self._end = self.scene.last
        super()._publish()

    def offered(self) -> tuple[Control, ...]:
        leaves = self.scene.passes.graph.variables
        options = tuple((name, name, "") for name in leaves)
        return tuple(replace(c, options=options) if c.name == "leaf" else c for c in self.controls)

    @property
    def signals(self) -> dict[str, float]:
        """Error signal of every node: the slope of the output in it."""
        return dict(self.scene.passes.backward.signals)

    def edited(self, key: str, value: float) -> None:
        """Give a leaf the value that was typed."""
        name = key.removeprefix("node:")
        if name in self.scene.passes.graph.variables and name != key:
            self.values = {**self.values, name: float(value)}

    @traitlets.validate("values")
    def _finite(self, proposal: Any) -> dict[str, float]:
        for name, value in proposal["value"].items():
            number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
            if not (isinstance(name, str) and number and np.isfinite(value)):
                raise traitlets.TraitError(
                    f"values must map names to finite numbers, not {name!r} to {value!r}. "
                    "Change it."
                )
        return {name: float(value) for name, value in proposal["value"].items()}

    @traitlets.observe("example")
    def _take_example(self, change: Any) -> None:
        if example := EXAMPLES.get(change["new"]):
            self._restore(example.settings)

    @traitlets.observe("expression", "values")
    def _name_example(self, _change: Any) -> None:
        leaves = read(self.expression)[0].variables
        if self._drawn and self.leaf not in leaves:  # what Python sets at first is not changed
            self.leaf = leaves[0]
        self.example = named(self.expression, given(leaves, self.values)) or OWN


def _completed(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings with an example's expression, values and leaf, where they are not given."""
    name = settings.get("example", "diamond")
    expression = settings.get("expression")
    if expression is None:
        expression = (EXAMPLES[name].settings if name in EXAMPLES else FIRST)["expression"]
    else:
        same = (n for n, e in EXAMPLES.items() if e.settings["expression"] == expression)
        name = next(same, OWN)
    values = settings.get("values", EXAMPLES[name].settings["values"] if name in EXAMPLES else {})
    if not isinstance(expression, str) or not isinstance(values, dict):
        return settings  # the traits say what they must be
    leaves = read(expression)[0].variables
    found = {"expression": expression, "values": values, "leaf": leaves[0], **settings}
    if settings.get("example", OWN) in (*EXAMPLES, OWN):
        found["example"] = named(expression, given(leaves, values)) or OWN
    return found
