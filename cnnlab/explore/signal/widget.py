"""Signals through many layers, forward and back."""

from typing import ClassVar

import traitlets

from cnnlab.explore.controls import Control, Whole, ladder, select, slider
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.signal.drawing import draw
from cnnlab.explore.signal.model import ACTIVATIONS, SCHEMES
from cnnlab.explore.signal.presets import DEFAULTS, EXAMPLES
from cnnlab.explore.signal.scene import SignalScene, signal_scene

DEEPEST, WIDEST = 50, 100
GAINS = (0.1, 0.2, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.4142, 1.6, 1.8, 2, 3, 5, 10, 20)
WIDTHS = (1, 2, 5, 10, 20, 50, WIDEST)


class SignalExplorer(ExampleExplorer[SignalScene]):
    """Explore what becomes of a signal in a deep network, and of the error signal on the way back.

    A batch of 64 random examples goes through layers of equal width without biases, and a random
    error signal comes back.

    Parameters
    ----------
    example : str
        Name of a worked example; other settings are then applied over it. See
        ``SignalExplorer.examples()``.
    scheme : str
        How the weights are drawn: "he-normal", "glorot-normal", "lecun-normal" or "torch", as in
        :mod:`cnnlab.scratch.init`; "small" with a deviation of 0.01; "equal", one number for all;
        or "zeros".
    activation : {"relu", "leaky_relu", "tanh", "sigmoid", "none"}
    gain : float
        What all weights are multiplied by.
    depth : int
        Layers, 1 to 50.
    width : int
        Units of each, 1 to 100.
    seed : int
        Of weights and batch.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = SignalExplorer(scheme="glorot-normal")
    >>> explorer
    30 layers of 100 units, ReLU, Glorot, 2/(n + n′) → signal fades, error signal fades, \
600 of 3,000 units dead
    >>> explorer.gain = 1.4142
    >>> explorer
    30 layers of 100 units, ReLU, Glorot, 2/(n + n′), × 1.4142 → signal keeps its size, \
error signal keeps its size, 600 of 3,000 units dead
    >>> len(explorer.sizes["signal"])
    31
    """

    worked, usual = EXAMPLES, DEFAULTS
    purpose = "signals through many layers, forward and back: who fades, who explodes"
    drawing = staticmethod(draw)
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        select("scheme", "weights", SCHEMES, hint="how the first weights are drawn"),
        select("activation", "activation", {k: a.name for k, a in ACTIVATIONS.items()}),
        ladder("gain", "gain", GAINS, hint="what all weights are multiplied by"),
        slider("depth", "layers", 1, DEEPEST),
        ladder("width", "units a layer", WIDTHS),
        slider("seed", "seed", 0, 9, hint="other random weights, another random batch"),
    )
    heights = (540, 540, 430)
    ahead = 40

    example = traitlets.Enum(["", *EXAMPLES], "").tag(sync=True)
    scheme = traitlets.Enum(list(SCHEMES), DEFAULTS["scheme"]).tag(sync=True)
    activation = traitlets.Enum(list(ACTIVATIONS), DEFAULTS["activation"]).tag(sync=True)
    gain = traitlets.Float(DEFAULTS["gain"], min=0, max=GAINS[-1]).tag(sync=True)
    depth = Whole(DEFAULTS["depth"], min=1, max=DEEPEST).tag(sync=True)
    width = Whole(DEFAULTS["width"], min=1, max=WIDEST).tag(sync=True)
    seed = Whole(DEFAULTS["seed"], min=0).tag(sync=True)

    def make_scene(self) -> SignalScene:
        return signal_scene(**self.settings())

    @property
    def sizes(self) -> dict[str, list[float]]:
        """Root mean squares of "signal" and "error signal", of the input and after each layer."""
        return {
            "signal": [layer.signal for layer in self.scene.layers],
            "error signal": [layer.error for layer in self.scene.layers],
        }
