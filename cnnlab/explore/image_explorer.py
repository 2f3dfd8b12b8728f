"""What explorers that show pixels share: canvases in the drawing, files of one's own."""

from typing import Any, TypeVar

import numpy as np

from cnnlab.explore.base import Explorer
from cnnlab.explore.images import Values, embedded, shaded, shades
from cnnlab.explore.scene import Scene

S = TypeVar("S", bound=Scene)

STORED = 240  # pixels of the longer side of a stored picture


class ImageExplorer(Explorer[S]):
    """An explorer whose scene has ``images``.

    For each image of the name NAME a subclass declares ``_NAME_shades = pixels()`` and
    ``_NAME_values = pixels()``, and its drawing holds a :func:`~cnnlab.explore.images.frame`.
    What is painted is sent together with the scene; the values, which are only read out, follow
    in messages of their own, the first ones when the page has painted.
    """

    _painted = False

    def arrays(self) -> dict[str, Values]:
        """Return the (H, W) float32 array of each image of the scene."""
        raise NotImplementedError

    def _publish(self) -> None:
        arrays = self.arrays()
        with self.hold_sync():
            super()._publish()
            for name, image in self.scene.images.items():
                painted = shades(arrays[name], image["low"], image["high"])
                setattr(self, f"_{name}_shades", painted)
        if self._painted:
            self._send_values()

    def _send_values(self) -> None:
        arrays = self.arrays()
        for name in self.scene.images:
            setattr(self, f"_{name}_values", arrays[name].tobytes())

    def painted(self) -> None:
        self._painted = True
        self._send_values()

    def still(self) -> str:
        svg, arrays = super().still(), self.arrays()
        for name, image in self.scene.images.items():
            scale = image["low"], image["high"], image["colors"]
            svg = embedded(svg, name, shaded(reduced(arrays[name], STORED), *scale))
        return svg


def on_paper(width: int, height: int, rgba: bytes) -> tuple[Values, bool]:
    """Pixels of a chosen file on white paper, (H, W, 3), and whether they have colours.

    Examples
    --------
    >>> rgb, coloured = on_paper(1, 1, bytes([255, 0, 0, 0]))
    >>> rgb.tolist(), coloured
    ([[[1.0, 1.0, 1.0]]], False)
    """
    values: Any = np.frombuffer(rgba, np.uint8).reshape(height, width, 4) / np.float32(255)
    opaque = values[..., 3:]
    rgb = values[..., :3] * opaque + 1 - opaque  # (H, W, 3)
    return rgb, bool((np.ptp(rgb, axis=2) > 0.02).any())


def reduced(values: Values, max_side: int) -> Values:
    """Make a picture smaller, if a side is longer, before its pixels are coloured.

    Examples
    --------
    >>> reduced(np.ones((300, 600), np.float32), 200).shape
    (100, 200)
    """
    from PIL import Image

    if max(values.shape) <= max_side:
        return values
    picture = Image.fromarray(np.asarray(values, np.float32))
    picture.thumbnail((max_side, max_side))
    return np.asarray(picture)
