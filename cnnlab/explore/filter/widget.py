"""One kernel over one photograph, live: what a response map means."""

import re
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import traitlets

from cnnlab.explore.controls import Control, Whole, file, pixels, select, slider
from cnnlab.explore.examples import ExampleExplorer, example_control
from cnnlab.explore.filter import photos
from cnnlab.explore.filter.drawing import draw
from cnnlab.explore.filter.examples import EXAMPLES, USUAL
from cnnlab.explore.filter.fixes import RESIZABLE, kernel_fixes
from cnnlab.explore.filter.response import MAX_SIDE, Image, grey, within
from cnnlab.explore.filter.scene import FilterScene, filter_scene
from cnnlab.explore.image_explorer import ImageExplorer, on_paper
from cnnlab.explore.kernels import PRESETS, SIZES, Kernel, fitted, kernel, own_kernel
from cnnlab.explore.scene import Fix

PHOTOS = ("camera", "astronaut", "chelsea", "coffee", "coins", "rocket", "brick", "grass", "gravel")
OWN = "own"
CUSTOM = "custom"


class FilterExplorer(ExampleExplorer[FilterScene], ImageExplorer[FilterScene]):
    """Explore what a kernel makes of a photograph, pixel by pixel.

    Pictures are grey: of colours, their luminance is taken, and the explorer says so.

    Parameters
    ----------
    image : (H, W), (C, H, W) or (H, W, C) array, optional
        A picture of your own instead of ``photo``; one of more than 1,024 pixels a side is
        reduced.
    example : str
        Name of a worked example, see ``FilterExplorer.examples()``; other settings are then
        applied over it.
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
    drawing = staticmethod(draw)
    worked = EXAMPLES
    usual = USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        select("photo", "photograph", {name: name for name in PHOTOS} | {OWN: "your own"}),
        select("preset", "kernel", {name: name for name in PRESETS} | {CUSTOM: CUSTOM}),
        select(
            "kernel_size",
            "kernel size k",
            {size: f"{size} × {size}" for size in SIZES},
            when={"preset": [*RESIZABLE, CUSTOM]},
            hint="named kernels come in these sizes; one of your own is cut or padded",
        ),
        slider("stride", "stride s", 1, 4, hint="pixels from one window to the next"),
        slider("padding", "padding p per side", 0, 7, hint="zeros around the picture"),
        file("own_photo", "a picture of your own", hint="it stays on this computer"),
        slider("angle", "angle in degrees", 0, 175, 5, when={"preset": ["gabor"]},
               hint="direction across the stripes, clockwise from the right"),
        select(
            "colors",
            "colours",
            {"auto": "as the kernel needs", "signed": "by sign", "grey": "grey, from 0 to 1"},
            hint="how the response is coloured",
        ),
    )  # fmt: skip
    heights = (460, 600, 360)

    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    photo = traitlets.Enum((*PHOTOS, OWN), "camera").tag(sync=True)
    preset = traitlets.Enum((*PRESETS, CUSTOM), "sobel-x").tag(sync=True)
    kernel_size = Whole(3).tag(sync=True)
    angle = Whole(0).tag(sync=True)
    stride = Whole(1).tag(sync=True)
    padding = Whole(0).tag(sync=True)
    colors = traitlets.Enum(("auto", "signed", "grey"), "auto").tag(sync=True)
    _photo_shades, _photo_values = pixels(), pixels()
    _response_shades, _response_values = pixels(), pixels()

    def __init__(self, image: Any = None, *, kernel: Any = None, **settings: Any) -> None:
        self._pixel: tuple[int, int] | None = None
        self._own_name, self._aside = "your picture", ""
        self._own_image: Image | None = None
        if image is not None:
            self._own_image, self._aside = within(grey(image))
            settings.setdefault("photo", OWN)
        self._own_kernel = None if kernel is None else own_kernel(kernel)
        if worked := EXAMPLES.get(settings.get("example", "")):
            settings = worked.settings | settings
        if self._own_kernel is not None:
            settings.setdefault("preset", CUSTOM)
            if (side := _side(self._own_kernel)) in SIZES:
                settings.setdefault("kernel_size", side)
        sizes = PRESETS[settings["preset"]].sizes if settings.get("preset") in PRESETS else SIZES
        settings.setdefault("kernel_size", sizes[0])
        super().__init__(**settings)
        self.observe(self._choose, "selected")

    def settings(self) -> dict[str, Any]:
        found = super().settings()
        if self.photo == OWN and self._own_image is not None:
            found["image"] = self._own_image.copy()
        if self.preset == CUSTOM and self._own_kernel is not None:
            found["kernel"] = self._own_kernel.copy()
        return found

    def offered(self) -> tuple[Control, ...]:
        """Offer a picture of one's own once there is one."""
        if self._own_image is not None:
            return self.controls
        photos = select("photo", "photograph", {name: name for name in PHOTOS})
        return tuple(photos if c.name == "photo" else c for c in self.controls)

    def _restore(self, settings: dict[str, Any]) -> None:
        traits = dict(settings)
        self._own_image = traits.pop("image", self._own_image)
        own = traits.pop("kernel", None)
        super()._restore(traits)
        if own is not None:  # after the kernel size, which would cut it
            self._own_kernel = own
            self._refresh()

    @property
    def kernel(self) -> Kernel:
        """Weights as they are now, (kh, kw); a new array makes the kernel your own."""
        return self.scene.response.kernel.copy()

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
    def image(self) -> Image:
        """The picture as it is now, (H, W) float32; a new array makes it a picture of your own."""
        return self.scene.response.image.copy()

    @image.setter
    def image(self, pixels: npt.ArrayLike) -> None:
        self._take(grey(pixels), "your picture", "")

    @property
    def output(self) -> Image | None:
        """Response of the kernel, (H', W') float32; None where it does not fit."""
        response = self.scene.response.values
        return None if response is None else response.copy()

    def make_scene(self) -> FilterScene:
        picture, name, problem = self._picture()
        fixes = [Fix("another photograph", {"photo": PHOTOS[0]})] if problem else []
        try:
            weights = self._weights()
        except (ValueError, OverflowError) as error:
            weights, problem = self._last_kernel(), str(error)
            fixes = kernel_fixes(self.preset, self.kernel_size)
        own = self.photo == OWN
        scene = filter_scene(
            picture,
            weights,
            name=name,
            preset=self.preset,
            stride=self.stride,
            padding=self.padding,
            colors=self.colors,
            pixel=self._pixel,
            problem=problem,
            fixes=fixes,
            aside=self._aside if own else photos.aside(self.photo),
            source=_OWN_SOURCE if own else photos.loading(self.photo),
        )
        return self.with_note(scene)

    def arrays(self) -> dict[str, Image]:
        response = self.scene.response
        found = {"photo": response.image}
        return found if response.values is None else found | {"response": response.values}

    def edited(self, key: str, value: float) -> None:
        place, weights = _place("kernel", key), self.kernel
        if place and all(i < n for i, n in zip(place, weights.shape, strict=True)):
            weights[place] = value
            self.kernel = weights

    def received(self, name: Any, width: int, height: int, rgba: bytes, label: str) -> None:
        if max(width, height) <= MAX_SIDE:
            rgb, coloured = on_paper(width, height, rgba)
            aside = "It was in colour; its luminance is shown." if coloured else ""
            self._take(grey(rgb), label or "your picture", aside)

    def _choose(self, _change: Any) -> None:
        """Write out the sum of a response that was chosen; other cells leave the scene alone."""
        if pixel := _place("response", self.selected):
            self._pixel = pixel
            self._refresh()

    def _take(self, picture: Image, name: str, aside: str) -> None:
        self._own_image, reduced = within(picture)
        self._own_name, self._aside = name, f"{aside} {reduced}".strip()
        if self.photo == OWN:
            self._refresh()
        else:
            self.photo = OWN

    def _extra(self) -> Any:
        return self._pixel

    def _refresh(self, change: Any = None) -> None:
        if change is None or self._settle(change):
            super()._refresh(change)

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

    def _last_kernel(self) -> Kernel:
        return self.kernel if self._drawn else _ONE

    def _weights(self) -> Kernel:
        if self.preset == CUSTOM:
            return _ONE if self._own_kernel is None else self._own_kernel
        return kernel(self.preset, self.kernel_size, self.angle)

    def _picture(self) -> tuple[Image, str, str]:
        """Picture, its name, and what is wrong."""
        if self.photo != OWN:
            return photos.photo(self.photo), self.photo, ""
        if self._own_image is not None:
            return self._own_image, self._own_name, ""
        missing = "there is no picture of your own yet. Choose a file, or set image to an array."
        return np.zeros((64, 64), np.float32), "your picture", missing


_ONE = kernel("identity")
_OWN_SOURCE = ("# image: your own picture, grey, (H, W), float32, such as explorer.image",)


def _place(grid: str, key: str) -> tuple[int, int] | None:
    """Row and column of a key such as "response:3,4"."""
    found = re.fullmatch(rf"{grid}:(\d{{1,6}}),(\d{{1,6}})", key)
    return (int(found[1]), int(found[2])) if found else None


def _side(weights: Kernel) -> int | None:
    height, width = weights.shape
    return height if height == width else None
