"""One kernel over one photograph, live: what a response map means."""

import re
from functools import cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import traitlets

from cnnlab.explore.base import Explorer, Whole
from cnnlab.explore.controls import Control, file, select, slider
from cnnlab.explore.filter import drawing
from cnnlab.explore.filter import scene as scenes
from cnnlab.explore.images import shades
from cnnlab.explore.kernels import PRESETS, SIZES, Kernel, fitted, kernel, own_kernel

PHOTOS = ("camera", "astronaut", "chelsea", "coffee", "coins", "rocket", "brick", "grass", "gravel")
OWN = "own"
CUSTOM = "custom"
_RESIZABLE = [name for name, preset in PRESETS.items() if len(preset.sizes) > 1]


class FilterExplorer(Explorer):
    """Explore what a kernel makes of a photograph, pixel by pixel.

    Pictures are grey: of colours, their luminance is taken.

    Parameters
    ----------
    image : (H, W), (C, H, W) or (H, W, C) array, optional
        A picture of your own instead of ``photo``; one of more than 1,024 pixels a side is
        reduced.
    kernel : (kh, kw) array, optional
        A kernel of your own, up to 15 weights a side, instead of ``preset``.
    photo : str
        A sample photograph, or "own" for the picture of your own.
    preset : str
        A named kernel, one of ``cnnlab.explore.kernels.PRESETS``, or "custom".
    kernel_size : int
        3, 5 or 7, where the named kernel comes in this size; a kernel of your own is cut or
        padded with zeros.
    angle : int
        Direction across the stripes of the Gabor kernel, in degrees.
    stride, padding : int
        As in ``torch.nn.functional.conv2d``.
    colors : {"auto", "signed", "grey"}
        How responses are coloured: by sign, or as a picture from 0 to 1; "auto" takes grey for
        kernels that keep the brightness.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an array cannot be a picture or a kernel, or a setting has a value of another type.

    Examples
    --------
    >>> explorer = FilterExplorer(preset="sobel-x", padding=1)
    >>> explorer
    camera 512×512, sobel-x 3×3, stride 1, padding 1 → 512×512, responses from −3.37 to 3.72
    >>> explorer.output.shape
    (512, 512)
    >>> explorer.kernel = [[0, 0, 0], [0, 1, -1], [0, 0, 0]]
    >>> explorer.preset
    'custom'
    """

    purpose = "what a kernel responds to in a photograph, also your own"
    controls: ClassVar[tuple[Control, ...]] = (
        select("photo", "photograph", {name: name for name in PHOTOS} | {OWN: "your own"}),
        file("own_photo", "your own file"),
        select("preset", "kernel", {name: name for name in PRESETS} | {CUSTOM: CUSTOM}),
        select(
            "kernel_size",
            "kernel size",
            {size: f"{size} × {size}" for size in SIZES},
            when={"preset": [*_RESIZABLE, CUSTOM]},
        ),
        slider("angle", "angle in degrees", 0, 175, 5, when={"preset": ["gabor"]}),
        slider("stride", "stride", 1, 4),
        slider("padding", "padding per side", 0, 7),
        select(
            "colors",
            "colours",
            {"auto": "as the kernel needs", "signed": "by sign", "grey": "grey, from 0 to 1"},
        ),
    )
    draw = staticmethod(drawing.draw)

    photo = traitlets.Enum((*PHOTOS, OWN), "camera").tag(sync=True)
    preset = traitlets.Enum((*PRESETS, CUSTOM), "sobel-x").tag(sync=True)
    kernel_size = Whole(3).tag(sync=True)
    angle = Whole(0).tag(sync=True)
    stride = Whole(1).tag(sync=True)
    padding = Whole(0).tag(sync=True)
    colors = traitlets.Enum(("auto", "signed", "grey"), "auto").tag(sync=True)
    _photo_shades = traitlets.Bytes(b"").tag(sync=True)
    _response_shades = traitlets.Bytes(b"").tag(sync=True)
    _photo_values = traitlets.Bytes(b"").tag(sync=True)
    _response_values = traitlets.Bytes(b"").tag(sync=True)

    def __init__(self, image: Any = None, *, kernel: Any = None, **settings: Any) -> None:
        self._pixel: tuple[int, int] | None = None
        self._own_image = None if image is None else scenes.grey(image)
        self._own_name = "your picture"
        self._own_kernel = None if kernel is None else own_kernel(kernel)
        if image is not None:
            settings.setdefault("photo", OWN)
        if self._own_kernel is not None:
            settings.setdefault("preset", CUSTOM)
            if (side := _side(self._own_kernel)) in SIZES:
                settings.setdefault("kernel_size", side)
        sizes = PRESETS[settings["preset"]].sizes if settings.get("preset") in PRESETS else SIZES
        settings.setdefault("kernel_size", sizes[0])
        super().__init__(**settings)
        self.observe(self._choose, "selected")

    def settings(self) -> dict[str, Any]:
        own = {"image": self._own_image, "kernel": self._own_kernel}
        needed = {"image": self.photo == OWN, "kernel": self.preset == CUSTOM}
        return super().settings() | {
            name: value.copy() for name, value in own.items() if value is not None and needed[name]
        }

    @property
    def kernel(self) -> Kernel:
        """Weights as they are now, (kh, kw); a new array makes the kernel your own."""
        weights: Kernel = self._scene["kernel"].copy()
        return weights

    @kernel.setter
    def kernel(self, weights: npt.ArrayLike) -> None:
        self._own_kernel = own_kernel(weights)
        side = _side(self._own_kernel)
        with self.hold_trait_notifications():
            self.preset = CUSTOM
            if side in SIZES:
                self.kernel_size = side
        self._refresh()

    @property
    def image(self) -> scenes.Image:
        """The picture as it is now, (H, W) float32; a new array makes it a picture of your own."""
        pixels: scenes.Image = self._scene["image"].copy()
        return pixels

    @image.setter
    def image(self, pixels: npt.ArrayLike) -> None:
        self._take(scenes.grey(pixels), "your picture")

    @property
    def output(self) -> scenes.Image | None:
        """Response of the kernel, (H', W') float32; None where it does not fit."""
        response = self._scene["response"]
        return None if response is None else response.copy()

    def compute(self) -> dict[str, Any]:
        picture, name, problem = self._picture()
        try:
            weights = self._weights()
        except (ValueError, OverflowError) as error:
            weights, problem = self._scene["kernel"] if self._scene else _ONE, str(error)
        scene = scenes.filter_scene(
            picture,
            weights,
            name=name,
            preset=self.preset,
            stride=self.stride,
            padding=self.padding,
            colors=self.colors,
            pixel=self._pixel,
            problem=problem,
            source=_loading(self.photo) if self.photo != OWN else _OWN_SOURCE,
        )
        return scene | drawing.page(scene)

    def still(self) -> str:
        return drawing.still(self._scene)

    def edited(self, key: str, value: float) -> None:
        place, weights = _place("kernel", key), self.kernel
        if place and all(i < n for i, n in zip(place, weights.shape, strict=True)):
            weights[place] = value
            self.kernel = weights

    def received(self, name: str, width: int, height: int, rgba: bytes, label: str) -> None:
        if max(width, height) > scenes.MAX_SIDE:
            return
        pixels = np.frombuffer(rgba, np.uint8).reshape(height, width, 4)
        self._take(scenes.grey(pixels), label or "your picture")

    def _choose(self, _change: Any) -> None:
        """Write out the sum of a response that was chosen; other cells leave the scene alone."""
        if pixel := _place("response", self.selected):
            self._pixel = pixel
            self._refresh()

    def _take(self, pixels: scenes.Image, name: str) -> None:
        self._own_image, self._own_name = pixels, name
        if self.photo == OWN:
            self._refresh()
        else:
            self.photo = OWN

    def _refresh(self, change: Any = None) -> None:
        if change is not None and not self._settle(change):
            return
        with self.hold_sync():
            super()._refresh(change)
            pixels = {"photo": self._scene["image"], "response": self._scene["response"]}
            for name, picture in self._scene["images"].items():
                painted = shades(pixels[name], picture["low"], picture["high"])
                setattr(self, f"_{name}_shades", painted)
        # Values are only read out: they follow in messages of their own, once the page can paint.
        for name in self._scene["images"]:
            setattr(self, f"_{name}_values", pixels[name].tobytes())

    def _settle(self, change: Any) -> bool:
        """Let one setting follow another; False if that has brought the new scene already."""
        if change.name == "preset" and self.preset == CUSTOM and self._own_kernel is None:
            self._own_kernel = self.kernel
        if change.name == "preset" and self.preset in PRESETS:
            self._own_kernel = None
            sizes = PRESETS[self.preset].sizes
            if self.kernel_size not in sizes:
                self.kernel_size = sizes[0]
                return False
        resized = change.name == "kernel_size" and self.kernel_size in SIZES
        if resized and self._own_kernel is not None:
            self._own_kernel = fitted(self._own_kernel, self.kernel_size)
        return True

    def _weights(self) -> Kernel:
        if self.preset == CUSTOM:
            return _ONE if self._own_kernel is None else self._own_kernel
        return kernel(self.preset, self.kernel_size, self.angle)

    def _picture(self) -> tuple[scenes.Image, str, str]:
        """Picture, its name, and what is wrong."""
        if self.photo != OWN:
            return _photo(self.photo), self.photo, ""
        if self._own_image is not None:
            return self._own_image, self._own_name, ""
        missing = "there is no picture of your own yet. Choose a file, or set image to an array."
        return np.zeros((64, 64), np.float32), "your picture", missing


_ONE = kernel("identity")
_OWN_SOURCE = ("# image: your own picture, grey, (H, W), float32, such as explorer.image",)


@cache
def _photo(name: str) -> scenes.Image:
    from cnnlab import data

    return scenes.grey(data.photo(name).image)


@cache
def _loading(photo: str) -> tuple[str, ...]:
    """Lines of code that load a sample photograph as grey."""
    from cnnlab import data

    image = f'data.photo("{photo}").image'
    if len(data.photo(photo).image) == 1:
        return "from cnnlab import data", "", f"image = {image}[0]"
    luminance = f"np.float32({list(scenes.LUMINANCE)})"
    return "from cnnlab import data", "", f"image = np.tensordot({luminance}, {image}, 1)"


def _place(grid: str, key: str) -> tuple[int, int] | None:
    """Row and column of a key such as "response:3,4"."""
    found = re.fullmatch(rf"{grid}:(\d{{1,6}}),(\d{{1,6}})", key)
    return (int(found[1]), int(found[2])) if found else None


def _side(weights: Kernel) -> int | None:
    height, width = weights.shape
    return height if height == width else None
