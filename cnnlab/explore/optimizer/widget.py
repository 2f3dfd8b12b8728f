"""Paths of optimisers over a surface, from one start."""

from dataclasses import replace
from typing import Any, ClassVar

import traitlets

from cnnlab.explore.controls import Control, Whole, ladder, select, slider
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.optimizer.drawing import draw
from cnnlab.explore.optimizer.presets import DEFAULTS, EXAMPLES
from cnnlab.explore.optimizer.scene import NONE, RESOLUTION, OptimizerScene, optimizer_scene
from cnnlab.explore.optimizer.surfaces import SURFACES, Array
from cnnlab.explore.optimizer.walk import RULES

MOST = 100  # steps
_RUNGS = (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 8.5, 9)
RATES = (*(round(rung * 10.0**e, 6) for e in (-4, -3, -2, -1, 0) for rung in _RUNGS), 10)
_START = ("w1", "w2")


class OptimizerExplorer(ExampleExplorer[OptimizerScene]):
    """Explore how one or two optimisers walk over a loss of two weights.

    Parameters
    ----------
    example : str
        Name of a worked example; other settings are then applied over it. See
        ``OptimizerExplorer.examples()``.
    surface : {"long bowl", "Rosenbrock", "saddle", "plateau", "several minima"}
    optimizer, other : str
        "SGD", "momentum", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW" or "NAdam", as in
        :mod:`cnnlab.scratch.optim`; ``other`` walks beside it and may be "none".
    lr, other_lr : float
        Their learning rates.
    steps : int
        1 to 100.
    momentum, weight_decay : float
        For those of the two that use them.
    w1, w2 : float
        The start; without it, that of the surface.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = OptimizerExplorer(lr=0.04)
    >>> explorer
    long bowl, start (−4, 1), 40 steps → SGD, learning rate 0.04, still on its way
    >>> explorer.lr = 0.085
    >>> explorer
    long bowl, start (−4, 1), 40 steps → SGD, learning rate 0.085, diverges: has left the picture \
since step 6
    >>> explorer.paths[0].shape
    (41, 2)
    """

    worked, usual = EXAMPLES, DEFAULTS
    purpose = "optimisers that walk downhill: who arrives, who lingers, who diverges"
    drawing = staticmethod(draw)
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        select("optimizer", "optimiser", {name: name for name in RULES}),
        ladder("lr", "learning rate", RATES, hint="length of a step, up to where it diverges"),
        select("other", "beside it", {name: name for name in (NONE, *RULES)}),
        ladder("other_lr", "its learning rate", RATES, hint="learning rate of the other one"),
        select("surface", "surface", {name: name for name in SURFACES}),
        slider("steps", "steps", 1, MOST),
        slider("w1", "start w₁", -4.5, 3, RESOLUTION, group="start"),
        slider("w2", "start w₂", -3, 3, RESOLUTION, group="start"),
        slider(
            "momentum",
            "momentum",
            0,
            0.98,
            0.02,
            hint="share of the velocity that is kept, for momentum and Nesterov",
            group="rules",
        ),
        slider(
            "weight_decay",
            "weight decay",
            0,
            1,
            0.05,
            hint="pull towards 0; AdamW applies it apart from the gradient",
            group="rules",
        ),
    )
    heights = (520, 560, 430)
    ahead = 60

    example = traitlets.Enum(["", *EXAMPLES], "").tag(sync=True)
    surface = traitlets.Enum(list(SURFACES), DEFAULTS["surface"]).tag(sync=True)
    optimizer = traitlets.Enum(list(RULES), DEFAULTS["optimizer"]).tag(sync=True)
    other = traitlets.Enum([NONE, *RULES], DEFAULTS["other"]).tag(sync=True)
    lr = traitlets.Float(DEFAULTS["lr"], min=0, max=RATES[-1]).tag(sync=True)
    other_lr = traitlets.Float(DEFAULTS["other_lr"], min=0, max=RATES[-1]).tag(sync=True)
    steps = Whole(DEFAULTS["steps"], min=1, max=MOST).tag(sync=True)
    momentum = traitlets.Float(DEFAULTS["momentum"], min=0, max=1).tag(sync=True)
    weight_decay = traitlets.Float(DEFAULTS["weight_decay"], min=0, max=1).tag(sync=True)
    w1 = traitlets.Float(SURFACES["long bowl"].start[0]).tag(sync=True)
    w2 = traitlets.Float(SURFACES["long bowl"].start[1]).tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        chosen = EXAMPLES.get(settings.get("example", ""))
        asked = (chosen.settings if chosen else {}) | settings
        if (ground := SURFACES.get(asked.get("surface", ""))) is not None:
            settings = dict(zip(_START, ground.start, strict=True)) | settings
        super().__init__(**settings)
        self.observe(self._move_start, "surface")

    def make_scene(self) -> OptimizerScene:
        return optimizer_scene(**self.settings())

    def offered(self) -> tuple[Control, ...]:
        """Return the controls; the start stays on the surface."""
        left, right, bottom, top = SURFACES[self.surface].window
        ends = {"w1": (left, right), "w2": (bottom, top)}
        return tuple(
            replace(c, min=ends[c.name][0], max=ends[c.name][1]) if c.name in ends else c
            for c in self.controls
        )

    @property
    def paths(self) -> list[Array]:
        """Places of each walk, (T, 2)."""
        return [found.path for found in self.scene.walks]

    def of_example(self, name: str) -> dict[str, Any]:
        """Return all settings of a worked example, and the start that belongs to its surface."""
        found = super().of_example(name)
        return found | dict(zip(_START, SURFACES[found["surface"]].start, strict=True))

    def _move_start(self, change: Any) -> None:
        before, now = SURFACES[change["old"]], SURFACES[change["new"]]
        start = self.w1, self.w2
        with self.hold_trait_notifications():
            self.w1, self.w2 = now.start if start == before.start else now.clipped(start)

    def _restore(self, settings: dict[str, Any]) -> None:
        super()._restore(settings)
        super()._restore(settings)  # the start once more, which another surface has moved

    def _differing(self) -> dict[str, Any]:
        found = super()._differing()
        for name, value in zip(_START, SURFACES[self.surface].start, strict=True):
            found.pop(name, None)
            if getattr(self, name) != value:
                found[name] = getattr(self, name)
        return found
