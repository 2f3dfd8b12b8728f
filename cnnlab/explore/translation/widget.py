"""Drag a digit: what follows it, what nearly does, what falls apart."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import traitlets

from cnnlab.explore.controls import Control, Whole, pixels, select, slider
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.image_explorer import ImageExplorer
from cnnlab.explore.translation.drawing import draw
from cnnlab.explore.translation.examples import EXAMPLES, USUAL
from cnnlab.explore.translation.networks import MARGIN
from cnnlab.explore.translation.scene import SAMPLES, STEPS, TranslationScene, translation_scene


class TranslationExplorer(ExampleExplorer[TranslationScene], ImageExplorer[TranslationScene]):
    """Explore what happens to maps and scores when a digit moves.

    A response map follows the digit exactly; pooled and strided maps do so only when the shift
    is a multiple of their step. Two networks read the digit. Both were trained by this package,
    in about a second, on 1,000 of the packaged MNIST digits, all in the middle of the picture:
    a dense one with a hidden layer of 64 units, and a convolutional one whose 64 filters are cut
    out of training digits and only whose last layer is trained; it takes the largest response
    of each filter, wherever it is. See :func:`cnnlab.explore.translation.networks.networks`.

    Parameters
    ----------
    example : str
        Name of a worked example, see ``TranslationExplorer.examples()``; other settings are then
        applied over it.
    digit, sample : int
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
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        select("digit", "digit", {digit: str(digit) for digit in range(10)}),
        slider("dx", "shift to the right", -MARGIN, MARGIN, hint="pixels"),
        slider("dy", "shift down", -MARGIN, MARGIN, hint="pixels"),
        slider(
            "step",
            "step of pooling, stride",
            STEPS[0],
            STEPS[-1],
            hint="window and stride of the pooling, stride of the strided convolution",
        ),
        slider("sample", "sample", 0, SAMPLES - 1, hint="which digit of its class"),
    )
    heights = (660, 380, 440)

    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    digit = Whole(3).tag(sync=True)
    sample = Whole(0).tag(sync=True)
    dx = Whole(0).tag(sync=True)
    dy = Whole(0).tag(sync=True)
    step = Whole(4).tag(sync=True)
    _input_shades, _input_values = pixels(), pixels()
    _response_shades, _response_values = pixels(), pixels()
    _pooled_shades, _pooled_values = pixels(), pixels()
    _strided_shades, _strided_values = pixels(), pixels()

    def make_scene(self) -> TranslationScene:
        return self.with_note(translation_scene(**self.bare()))

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        return dict(self.scene.move.maps)

    @property
    def output(self) -> dict[str, npt.NDArray[np.float32]]:
        """The maps "response", "pooled", "strided" and the scores "dense", "convolutional"."""
        move = self.scene.move
        found = {k: v for k, v in move.maps.items() if k != "input"} | move.scores
        return {name: values.copy() for name, values in found.items()}

    @property
    def differences(self) -> dict[str, float]:
        """Mean absolute difference of each output from what it was, moved with the digit.

        As a share of the mean absolute output at rest; for scores, which should stay, without
        moving them.
        """
        return dict(self.scene.move.differences)
