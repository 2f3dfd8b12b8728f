"""Compound scaling: move φ and its three bases, beside the published networks."""

from typing import ClassVar

import traitlets

from cnnlab.explore.controls import Control, slider
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.scaling.drawing import draw
from cnnlab.explore.scaling.examples import EXAMPLES, USUAL
from cnnlab.explore.scaling.model import Sizes
from cnnlab.explore.scaling.scene import MOST, ScalingScene, scaling_scene


class ScalingExplorer(ExampleExplorer[ScalingScene]):
    """Explore EfficientNet's scaling: deeper, wider and finer by one number φ.

    Channels are rounded to multiples of 8 and never below 90 %, layers are rounded up; the
    parameters and MACs of the rounded network are counted exactly.

    Parameters
    ----------
    example : str
        Name of a worked example, see ``ScalingExplorer.examples()``; other settings are then
        applied over it.
    phi : float
        0 to 7.
    alpha, beta, gamma : float
        Bases of depth (1 to 2), width and resolution (1 to 1.5).
    selected : str
        Key of the published network under focus, such as ``"stop:1"`` for B1.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = ScalingExplorer(phi=0)
    >>> explorer.sizes.params
    5288548
    >>> explorer.phi = 7
    >>> explorer.sizes.depth
    3.5831808
    """

    purpose = "deeper, wider and finer by one number, beside EfficientNet B0 to B7"
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        slider("phi", "φ", 0, MOST, 0.25, hint="how many steps the budget grows"),
        slider("alpha", "α, depth", 1, 2, 0.01, hint="depth is α^φ"),
        slider("beta", "β, width", 1, 1.5, 0.01, hint="width is β^φ"),
        slider("gamma", "γ, resolution", 1, 1.5, 0.01, hint="resolution is 224·γ^φ"),
    )
    heights = (420, 420, 400)

    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    phi = traitlets.Float(USUAL["phi"], min=0, max=MOST).tag(sync=True)
    alpha = traitlets.Float(USUAL["alpha"], min=1, max=2).tag(sync=True)
    beta = traitlets.Float(USUAL["beta"], min=1, max=1.5).tag(sync=True)
    gamma = traitlets.Float(USUAL["gamma"], min=1, max=1.5).tag(sync=True)

    def make_scene(self) -> ScalingScene:
        return self.with_note(
            scaling_scene(phi=self.phi, alpha=self.alpha, beta=self.beta, gamma=self.gamma)
        )

    @property
    def sizes(self) -> Sizes:
        """Width, depth, resolution, parameters and MACs of the formula's network."""
        return self.scene.sizes
