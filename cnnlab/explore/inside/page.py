"""What a page needs to show this explorer without Python: drawings to fill in, and the weights."""

import base64
import json
import re
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlab.explore.inside import words
from cnnlab.explore.inside.drawing import HEIGHTS, draw
from cnnlab.explore.inside.module import module
from cnnlab.explore.inside.network import LAYERS, weights
from cnnlab.explore.inside.samples import SAMPLES, image_of
from cnnlab.explore.inside.scene import inside_scene
from cnnlab.explore.scene import WIDTHS, Stage

if TYPE_CHECKING:
    from cnnlab.explore.inside.widget import InsideExplorer

_PIXELS = re.compile(r'href="[^"]*"')


def program() -> str:
    """JavaScript that exports ``enliven(element, text)`` for the text of :func:`packed`.

    Examples
    --------
    >>> "export async function enliven" in program()
    True
    """
    return module("model.js", "page.js")


def facts(explorer: "InsideExplorer", widths: Sequence[int] = WIDTHS) -> dict[str, Any]:
    """Everything that the page starts from, as plain data.

    Parameters
    ----------
    explorer : InsideExplorer
    widths : sequence of int
        Of the drawings, from :data:`cnnlab.explore.scene.WIDTHS`.
    """
    kind = type(explorer)
    stages = {width: Stage(width, HEIGHTS[WIDTHS.index(width)]) for width in widths}
    first = kind()
    return {
        "title": kind.purpose,
        "settings": explorer.settings(),
        "first": first.settings(),
        "usual": dict(kind.usual),
        "controls": explorer._offered(),
        "worked": {
            name: {"settings": each.settings, "note": each.note}
            for name, each in kind.worked.items()
        },
        "meaning": {name: f"{each} {words.COLOURS}" for name, each in words.MEANING.items()},
        "weights": {name: _rounded(each) for name, each in weights().items()},
        "samples": {
            name: np.round(255 * image_of(name, [])).astype(int).ravel().tolist()
            for name in SAMPLES
        },
        "stages": {width: list(stage) for width, stage in stages.items()},
        "skeletons": {
            width: {layer: _skeleton(layer, stage) for layer in LAYERS}
            for width, stage in stages.items()
        },
    }


def _rounded(values: Any) -> Any:
    return [_rounded(each) for each in values] if np.ndim(values) else float(f"{values:.5g}")


def _skeleton(layer: str, stage: Stage) -> str:
    """The drawing of a layer without its pictures."""
    scene = inside_scene(layer=layer)
    return _PIXELS.sub('href=""', draw(scene, stage)).replace(scene.text, "a trained network")


def packed(explorer: "InsideExplorer", widths: Sequence[int] = WIDTHS) -> str:
    """The facts, compressed, in base64.

    Examples
    --------
    >>> from cnnlab.explore import InsideExplorer
    >>> len(packed(InsideExplorer())) < 150_000
    True
    """
    text = json.dumps(facts(explorer, widths), ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()
