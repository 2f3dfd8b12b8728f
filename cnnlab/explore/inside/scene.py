"""An image in a trained network, and the number that is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cnnlab.explore.inside import words
from cnnlab.explore.inside.network import Array, forward
from cnnlab.explore.inside.pen import Stroke
from cnnlab.explore.inside.samples import OWN, image_of
from cnnlab.explore.inside.sums import Cell, Origin, cell, origin
from cnnlab.explore.scene import Scene


@dataclass(frozen=True, kw_only=True)
class InsideScene(Scene):
    """What the network computes.

    Attributes
    ----------
    found : dict of str to (C, H, W) array
        Every number of every layer.
    here : Origin
        The number that is looked at, and what it was computed from.
    strokes : sequence of sequences of (x, y)
        What is drawn on the pad.
    """

    found: Mapping[str, Array]
    here: Origin
    strokes: Sequence[Stroke]


def inside_scene(
    picture: str = OWN,
    *,
    strokes: Sequence[Stroke] = (),
    layer: str = "conv1",
    channel: int = 0,
    row: int = -1,
    column: int = -1,
    place: Cell | None = None,
) -> InsideScene:
    """Send an image through the network and look at one number.

    Parameters
    ----------
    picture : str
        "digit 0" to "digit 9", or "drawn" for the strokes.
    strokes : sequence of sequences of (x, y)
    layer : str
    channel, row, column : int
        Of the number; a negative row means the greatest of the map.
    place : Cell, optional
        What is pointed at, instead.

    Examples
    --------
    >>> inside_scene("digit 4", layer="pool2", channel=2).text
    'digit 4: read as 4 (over 99 %); pool2, map 2, row ..., column ...: ...'
    """
    found = forward(image_of(picture, strokes))
    here = origin(found, place or cell(layer, channel, row, column, found))
    shown = picture if picture != OWN else "your drawing" if strokes else "an empty pad"
    return InsideScene(
        found=found,
        here=here,
        strokes=strokes if picture == OWN else (),
        text=words.text(shown, found, here),
        formulas=words.lines(found, here),
        code=words.code(picture, strokes, here),
        hint=words.sentence(here),
        note=f"{words.MEANING[words.kind(here.cell.layer)]} {words.COLOURS}",
    )
