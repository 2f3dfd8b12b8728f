"""One convolution in single numbers, with every sum written out."""

import re
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import traitlets

from cnnlab.explore.controls import Control, Whole, select, slider, toggle
from cnnlab.explore.convolution.drawing import draw
from cnnlab.explore.convolution.layer import KINDS, Array
from cnnlab.explore.convolution.near import tell
from cnnlab.explore.convolution.presets import DEFAULTS, PRESETS, values
from cnnlab.explore.convolution.scene import ConvolutionScene, convolution_scene
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.scene import Link

POLICIES = {
    "error": "error: refuse",
    "floor": "floor: drop the rest",
    "ceil": "ceil: hang over",
}
VIEWS = {"forward": "forward pass", "backward": "backward pass", "im2col": "im2col: matrices"}
_CELL = re.compile(r"(input:\d+,\d+,\d+|kernel:\d+,\d+,\d+,\d+|bias:\d+)")


LAYER = "layer"


def _side(name: str, **when: list[Any]) -> Control:
    return slider(name, name, 0, 4, when={"each_side": [True], **when}, group=LAYER)


def _controls() -> tuple[Control, ...]:
    several = ["plain", "pointwise", "transposed"]
    sized = [*KINDS[:2], KINDS[3]]
    return (
        example_control(PRESETS, "preset", "own numbers"),
        slider("size", "input size", 1, 10, group=LAYER),
        slider("kernel_size", "kernel size", 1, 7, when={"kind": sized}, group=LAYER),
        slider("stride", "stride", 1, 4, group=LAYER),
        slider("padding", "padding", 0, 4, when={"each_side": [False]}, group=LAYER),
        select("kind", "kind", {kind: kind for kind in KINDS}, group=LAYER),
        select("view", "show", VIEWS, when={"kind": list(KINDS[:3])}, group=LAYER),
        select("ndim", "dimensions", {2: "2-D", 1: "1-D"}, group=LAYER),
        select(
            "flip",
            "operation",
            {False: "cross-correlation", True: "true convolution: kernel turned"},
            group=LAYER,
        ),
        slider("channels", "channels", 1, 4, group=LAYER),
        slider("filters", "filters", 1, 3, when={"kind": several}, group=LAYER),
        slider("dilation", "dilation", 1, 3, group=LAYER),
        toggle("each_side", "each side apart", group=LAYER),
        _side("top", ndim=[2]),
        _side("bottom", ndim=[2]),
        _side("left"),
        _side("right"),
        slider("groups", "groups", 1, 4, when={"kind": ["plain", "transposed"]}, group=LAYER),
        select("policy", "does not fit", POLICIES, when={"kind": list(KINDS[:3])}, group=LAYER),
    )


class ConvolutionExplorer(ExampleExplorer[ConvolutionScene]):
    """Explore one small layer: what each output is the sum of, and where each input goes.

    Parameters
    ----------
    preset : str
        Name of a worked example; other settings are then applied over it. See
        ``ConvolutionExplorer.presets()``.
    kind : {"plain", "depthwise", "pointwise", "transposed"}
    ndim : {1, 2}
    size, channels, filters, kernel_size, stride, padding, dilation, groups : int
        As in PyTorch; input and kernel are square.
    each_side : bool
        Whether ``top``, ``bottom``, ``left`` and ``right`` are used in place of ``padding``.
    policy : {"floor", "error", "ceil"}
        What to do when the stride does not fit.
    flip : bool
        True convolution: the kernel is turned by 180 degrees.
    view : {"forward", "backward", "im2col"}
        The numbers, the gradients in their place for an upstream gradient 1, 2, 3, …, or the
        layer as one product of matrices.
    values : dict
        Numbers that differ from the default ones, by cell, as ``{"kernel:0,0,1,1": 5}``.
    input, kernel, bias : array, optional
        All numbers at once; shapes as the properties of the same names return them.

    Notes
    -----
    Everything can be set and read at any time; settings that make no sense are explained in the
    picture's place.

    Examples
    --------
    >>> x = ConvolutionExplorer(stride=3)
    >>> x
    input 7×7, kernel 3×3, stride 3, padding 0 → output 2×2, 1 row and 1 column unread
    >>> x.output.shape
    (1, 2, 2)
    >>> float(ConvolutionExplorer(preset="rgb").output[0, 0, 0])
    -25.0
    """

    purpose = "one sum at a time: window, products, and where every number goes"
    drawing = staticmethod(draw)
    controls: ClassVar[tuple[Control, ...]] = _controls()
    state: ClassVar[tuple[str, ...]] = ("values",)
    heights = (540, 460, 480)
    ahead = 70
    worked, usual, chosen = PRESETS, DEFAULTS, "preset"
    selected = traitlets.Unicode("output:0,0,0").tag(sync=True)
    preset = traitlets.Enum(["", *PRESETS], "").tag(sync=True)
    kind = traitlets.Enum(KINDS, "plain").tag(sync=True)
    ndim = traitlets.Enum([1, 2], 2).tag(sync=True)
    flip = traitlets.Bool(False).tag(sync=True)
    size = Whole(7).tag(sync=True)
    channels = Whole(1).tag(sync=True)
    filters = Whole(1).tag(sync=True)
    kernel_size = Whole(3).tag(sync=True)
    stride = Whole(1).tag(sync=True)
    dilation = Whole(1).tag(sync=True)
    padding = Whole(0).tag(sync=True)
    each_side = traitlets.Bool(False).tag(sync=True)
    top = Whole(0).tag(sync=True)
    bottom = Whole(0).tag(sync=True)
    left = Whole(0).tag(sync=True)
    right = Whole(0).tag(sync=True)
    groups = Whole(1).tag(sync=True)
    policy = traitlets.Enum(list(POLICIES), "floor").tag(sync=True)
    view = traitlets.Enum(list(VIEWS), "forward").tag(sync=True)
    values: "traitlets.Dict[str, float]" = traitlets.Dict()

    def __init__(self, **settings: Any) -> None:
        arrays = {n: settings.pop(n) for n in ("input", "kernel", "bias") if n in settings}
        super().__init__(**settings)
        for name, array in arrays.items():
            setattr(self, name, array)

    @classmethod
    def presets(cls) -> dict[str, str]:
        """Return the name and title of every worked example."""
        return cls.examples()

    def make_scene(self) -> ConvolutionScene:
        # The numbers of a worked example are among the other settings.
        choice = {name: getattr(self, name) for name in DEFAULTS}
        scene = convolution_scene(view=self.view, **choice)
        if example := PRESETS.get(self.preset):
            words = f"{example.sentence} To try: {example.question}"
            return replace(scene, note=f"{words} {scene.note}".rstrip())
        return scene

    def tell(self, key: str) -> Link | None:
        return None if self.scene.links else tell(self.scene, key)

    @traitlets.validate("values")
    def _known_cells(self, proposal: Any) -> dict[str, float]:
        for key, value in proposal["value"].items():
            if not (isinstance(key, str) and _CELL.fullmatch(key)):
                raise traitlets.TraitError(
                    f"values must name cells such as 'input:0,1,2', 'kernel:0,0,1,2' or 'bias:0', "
                    f"not {key!r}. Correct the name."
                )
            whole = isinstance(value, int | float | np.number) and not isinstance(value, bool)
            if not (whole and np.isfinite(value)):
                raise traitlets.TraitError(
                    f"values must be finite numbers, and that of {key} is {value!r}. Change it."
                )
        return {key: float(value) for key, value in proposal["value"].items()}

    def edited(self, key: str, value: float) -> None:
        """Put a number into a cell of the input, the kernel or the bias."""
        known = key in self.scene.links and key.partition(":")[0] in self.scene.edits
        if known and _CELL.fullmatch(key):
            self.values = {**self.values, key: float(value)}

    def _array(self, name: str, axis: int) -> Array | None:
        """Return a copy, without the row that a 1-D layer is high."""
        if (layer := self.scene.layer) is None:
            return None
        array: Array = getattr(layer, name)
        if self.ndim == 1 and axis:
            array = array[:, 0] if axis == 1 else array[:, :, 0]
        return array.copy()

    @property
    def input(self) -> Array | None:
        """(C, H, W) array, or (C, L) if 1-D; None while the settings make no sense."""
        return self._array("input", 1)

    @input.setter
    def input(self, array: Any) -> None:
        found = np.asarray(array, float)
        if found.ndim != self.ndim + 1 or len(set(found.shape[1:])) != 1:
            shape = "(C, L)" if self.ndim == 1 else "(C, size, size)"
            raise ValueError(
                f"input must have shape {shape}, not {found.shape}. Reshape or crop it."
            )
        with self.hold_trait_notifications():
            self.channels, self.size = found.shape[:2]
            self._put("input", found[:, None] if self.ndim == 1 else found)

    @property
    def kernel(self) -> Array | None:
        """(K, C // groups, k, k) array, as in PyTorch; (C, K // groups, k, k) if transposed."""
        return self._array("weight", 2)

    @kernel.setter
    def kernel(self, array: Any) -> None:
        found, groups = np.asarray(array, float), 1 if self.kind == "pointwise" else self.groups
        inner = 1 if self.kind == "depthwise" else self.channels // groups
        turned, size = self.kind == "transposed", "1" if self.kind == "pointwise" else "k"
        fixed = found.ndim == self.ndim + 2 and len(set(found.shape[2:])) == 1
        if fixed and self.kind == "depthwise":
            fixed = len(found) == self.channels
        if fixed and self.kind == "pointwise":
            fixed = found.shape[2] == 1
        if not fixed or (len(found) != self.channels if turned else found.shape[1] != inner):
            first = "filters" if self.kind in ("plain", "pointwise") else self.channels
            second = "filters // groups" if turned else inner
            wanted = ", ".join(map(str, (first, second, *[size] * self.ndim)))
            raise ValueError(
                f"kernel of a {self.kind} layer of {self.channels} channels must have shape "
                f"({wanted}), not {found.shape}. Reshape it."
            )
        with self.hold_trait_notifications():
            self.filters = found.shape[1] * groups if turned else len(found)
            self.kernel_size = found.shape[2]
            self._put("kernel", found[:, :, None] if self.ndim == 1 else found)

    @property
    def bias(self) -> Array | None:
        """(K,) array."""
        return self._array("bias", 0)

    @bias.setter
    def bias(self, array: Any) -> None:
        found, filters = np.asarray(array, float), self.settings()["filters"]
        if self.kind == "depthwise":
            filters = self.channels
        if found.shape != (filters,):
            raise ValueError(
                f"bias must have shape ({filters},), one number for each filter, not "
                f"{found.shape}. Reshape it."
            )
        self._put("bias", found)

    @property
    def output(self) -> Array | None:
        """(K, H', W') array, or (K, L') if 1-D; None while the settings make no sense."""
        return self._array("output", 1)

    def _put(self, name: str, array: Array) -> None:
        others = {k: v for k, v in self.values.items() if not k.startswith(f"{name}:")}
        self.values = others | values(**{name: array})
