"""What one may set, and how far."""

from cnnlab.explore.controls import Control, file, ladder, select, slider
from cnnlab.explore.examples import example_control
from cnnlab.explore.seeing import maps
from cnnlab.explore.seeing.examples import EXAMPLES
from cnnlab.explore.seeing.maps import METHODS
from cnnlab.explore.seeing.model import DIGITS, FILLS, OWN, PHOTOS

SIDE = 512  # pixels of a chosen file, at most
RANKS = ("best", "second best", "third best", "fourth best", "fifth best")
SHUFFLES = (0, 1, 2, 3, 4, 6, 8, 12, 20, 35, 50)
BOUNDS = {
    "target": (1, maps.BEST), "patch": (1, maps.PARTS), "stride": (1, maps.PARTS),
    "layer": (1, 9), "channel": (1, 8), "steps": (1, 1000), "shuffled": (0, SHUFFLES[-1]),
}  # fmt: skip

_COVERING = {"method": ["occlusion"]}
PICTURES = {name: ("EfficientNet-Lite0", name) for name in PHOTOS} | {
    name: ("digit network", name) for name in DIGITS
}

CONTROLS: tuple[Control, ...] = (
    example_control(EXAMPLES),
    select("picture", "picture", PICTURES | {OWN: "your own"}),
    select("method", "method", METHODS, hint="how the map is computed"),
    select("target", "class", dict(enumerate(RANKS, start=1)), hint="the score of which class"),
    ladder("shuffled", "layers shuffled", SHUFFLES,
           hint="weights shuffled, from the top: does the map notice?"),
    slider("patch", "patch", 1, 14, when=_COVERING,
           hint="its side: pixels of a digit, times 8 of a photograph"),
    slider("stride", "stride", 1, 7, when=_COVERING,
           hint="from one place to the next: pixels of a digit, times 8 of a photograph"),
    select("fill", "filling, baseline", {fill: fill for fill in FILLS},
           when={"method": ["occlusion", "integrated-gradients"]},
           hint="what the patch shows, or where the path begins"),
    slider("layer", "layer", 1, 9, when={"method": ["grad-cam", "response"]},
           hint="stage 1 to 9 of EfficientNet-Lite0; the digit network has two"),
    slider("channel", "map", 1, 8, when={"method": ["response"]},
           hint="those that respond most on average come first"),
    ladder("steps", "steps", (10, 20, 50, 100), when={"method": ["integrated-gradients"]},
           hint="gradients on the way from the baseline to the picture"),
    file("own_photo", "a picture of your own", SIDE, hint="it stays on this computer"),
)  # fmt: skip
