"""Drag a digit: what follows it, what nearly does, what falls apart."""

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import traitlets

from cnnlab.explore.base import Explorer, Whole
from cnnlab.explore.controls import Control, select, slider
from cnnlab.explore.images import shades
from cnnlab.explore.translation import drawing
from cnnlab.explore.translation.networks import MARGIN
from cnnlab.explore.translation.scene import EXAMPLES, STEPS, translation_scene


class TranslationExplorer(Explorer):
    """Explore what happens to maps and scores when a digit moves.

    A response map follows the digit exactly; pooled and strided maps do so only when the shift
    is a multiple of their step. Two networks read the digit. Both were trained by this package,
    in about a second, on 1,000 of the packaged MNIST digits, all in the middle of the picture:
    a dense one with a hidden layer of 64 units, and a convolutional one whose 64 filters are cut
    out of training digits and only whose last layer is trained; it takes the largest response
    of each filter, wherever it is. See :func:`cnnlab.explore.translation.networks.networks`.

    Parameters
    ----------
    digit, example : int
        Class 0 … 9, and number 0 … 19 in its class, of digits that no network was trained on.
    dx, dy : int
        Pixels to the right and down, −6 … 6.
    step : int
        2, 3 or 4: window and stride of the pooling, stride of the strided convolution.

    Examples
    --------
    >>> explorer = TranslationExplorer(digit=3, dx=4)
    >>> explorer
    digit 3 moved 4 right: response map differs 0 %, pooled 0 %, strided 0 %; ...
    >>> explorer.dx = 5
    >>> explorer.output["response"].shape
    (40, 40)
    >>> explorer.differences["response"], explorer.differences["convolutional"]
    (0.0, 0.0)
    """

    purpose = "what follows a digit that moves, and what falls apart"
    controls: ClassVar[tuple[Control, ...]] = (
        select("digit", "digit", {digit: str(digit) for digit in range(10)}),
        slider("example", "example", 0, EXAMPLES - 1),
        slider("dx", "dx, right", -MARGIN, MARGIN),
        slider("dy", "dy, down", -MARGIN, MARGIN),
        slider("step", "pooling and stride step", STEPS[0], STEPS[-1]),
    )
    make_scene = staticmethod(translation_scene)
    draw = staticmethod(drawing.draw)

    digit = Whole(3).tag(sync=True)
    example = Whole(0).tag(sync=True)
    dx = Whole(0).tag(sync=True)
    dy = Whole(0).tag(sync=True)
    step = Whole(4).tag(sync=True)
    _input_shades = traitlets.Bytes(b"").tag(sync=True)
    _response_shades = traitlets.Bytes(b"").tag(sync=True)
    _pooled_shades = traitlets.Bytes(b"").tag(sync=True)
    _strided_shades = traitlets.Bytes(b"").tag(sync=True)
    _input_values = traitlets.Bytes(b"").tag(sync=True)
    _response_values = traitlets.Bytes(b"").tag(sync=True)
    _pooled_values = traitlets.Bytes(b"").tag(sync=True)
    _strided_values = traitlets.Bytes(b"").tag(sync=True)

    @property
    def output(self) -> dict[str, npt.NDArray[np.float32]]:
        """The maps "response", "pooled", "strided" and the scores "dense", "convolutional"."""
        scene = self._scene
        found = {k: v for k, v in scene["maps"].items() if k != "input"} | scene["scores"]
        return {name: values.copy() for name, values in found.items()}

    @property
    def differences(self) -> dict[str, float]:
        """Mean absolute difference of each output from what it was, moved with the digit.

        As a share of the mean absolute output at rest; for scores, which should stay, without
        moving them.
        """
        return dict(self._scene.get("differences", {}))

    def compute(self) -> dict[str, Any]:
        scene = super().compute()
        return scene | drawing.page(scene)

    def still(self) -> str:
        return drawing.still(self._scene)

    def _refresh(self, change: Any = None) -> None:
        with self.hold_sync():
            super()._refresh(change)
            for name, picture in self._scene["images"].items():
                values = self._scene["maps"][name]
                setattr(self, f"_{name}_shades", shades(values, picture["low"], picture["high"]))
                setattr(self, f"_{name}_values", values.tobytes())
