"""Look inside a trained network, with a digit of one's own."""

from typing import Any, ClassVar

import traitlets

from cnnlab.explore.controls import Control, Whole, button, select, slider
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.inside import words
from cnnlab.explore.inside.drawing import HEIGHTS, draw
from cnnlab.explore.inside.examples import EXAMPLES, THREE, USUAL
from cnnlab.explore.inside.module import module
from cnnlab.explore.inside.network import LAYERS, SHAPES
from cnnlab.explore.inside.pen import checked
from cnnlab.explore.inside.samples import OWN, SAMPLES
from cnnlab.explore.inside.scene import InsideScene, inside_scene
from cnnlab.explore.inside.sums import Cell
from cnnlab.explore.page import once
from cnnlab.explore.scene import Link

PICTURES = {OWN: "your drawing"} | {name: ("not seen in training", name) for name in SAMPLES}


class InsideExplorer(ExampleExplorer[InsideScene]):
    """Look inside a trained network: every map of every layer, down to the single sum.

    A small network, 98 % of whose answers on unseen digits are right, reads a digit of the data
    set or one that is drawn on the pad. Point at a cell of any map: its window in the layer
    before is framed, and the sum is written out.

    A drawing is treated as MNIST treats digits: it is scaled until its longer side fills 20 of 28
    pixels, and moved until its centre of mass is in the middle. It is drawn with one pen, however
    large it was. What nobody would call a digit is read as one all the same.

    Parameters
    ----------
    example : str
        Name of a worked example, see ``InsideExplorer.examples()``; other settings are then
        applied over it.
    picture : str
        "digit 0" to "digit 9", or "drawn" for the strokes.
    layer : str
        "input", "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "dense" or
        "softmax".
    channel : int
        Of the map, from 0.
    row, column : int
        Of the number in its map; a class is a row of the last two layers. With row −1 the
        greatest number of the map is looked at.
    strokes : list of list of (x, y)
        A drawing on a pad of 28 by 28, ``y`` pointing down.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> explorer = InsideExplorer(picture="digit 4", layer="dense", row=4)
    >>> explorer
    digit 4: read as 4 (over 99 %); dense, class 4: ...
    >>> explorer.strokes = [[(14, 4), (14, 24)]]
    >>> explorer.picture = "drawn"
    >>> explorer.scene.found["softmax"].argmax()
    np.int64(1)
    """

    _esm = once(module())

    purpose = "a trained network from the inside: your own digit, every map, the single sum"
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        select("picture", "digit", PICTURES, hint="draw on the pad, or take one of the data set"),
        select("layer", "layer", {name: f"{i}: {name}" for i, name in enumerate(LAYERS)}),
        slider("channel", "map", 0, 7, when={"layer": [n for n in LAYERS if SHAPES[n][0] > 1]}),
        button("clear", "clear the pad"),
    )
    state = ("row", "column", "strokes")
    heights = HEIGHTS

    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    picture = traitlets.Enum((OWN, *SAMPLES), USUAL["picture"]).tag(sync=True)
    layer = traitlets.Enum(LAYERS, USUAL["layer"]).tag(sync=True)
    channel = Whole(USUAL["channel"], min=0, max=7).tag(sync=True)
    row = Whole(-1, min=-1).tag(sync=True)
    column = Whole(-1, min=-1).tag(sync=True)
    strokes: "traitlets.List[Any]" = traitlets.List(default_value=THREE).tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        self._place: Cell | None = None
        super().__init__(**settings)
        self.observe(self._choose, "_asked")

    @traitlets.validate("strokes")
    def _drawable(self, proposal: Any) -> list[Any]:
        return checked(proposal["value"])

    # ---- Scene

    def make_scene(self) -> InsideScene:
        settings = self.bare()
        return self.with_note(inside_scene(**settings, place=self._place))

    def tell(self, key: str) -> Link | None:
        at = _cell(key)
        if at is None or at != self.scene.here.cell:
            return None
        return Link(text=words.sentence(self.scene.here), near=words.near(self.scene.found, at))

    def _extra(self) -> Any:
        return self._place

    # ---- Gestures

    def _is_welcome(self, name: str, value: Any) -> bool:
        if name == "strokes":
            try:
                return isinstance(value, list) and checked(value) is not None
            except ValueError:
                return False
        return super()._is_welcome(name, value)

    def _choose(self, _change: Any) -> None:
        """Look at the number that is pointed at."""
        if at := _cell(self._asked):
            self._place = at
            self._refresh()

    def _refresh(self, change: Any = None) -> None:
        if change is not None and change["name"] in ("layer", "channel", "row", "column"):
            self._place = None  # a setting has the last word
        super()._refresh(change)

    def pressed(self, name: str) -> None:
        self._restore({"picture": OWN, "strokes": []})


def _cell(key: str) -> Cell | None:
    """The number that a key of the page means, if there is one."""
    layer, _, place = key.partition(":")
    parts = place.split(",")
    if layer not in SHAPES or len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    at = tuple(map(int, parts))
    inside = all(a < most for a, most in zip(at, SHAPES[layer], strict=True))
    return Cell(layer, *at) if inside else None
