"""One kernel over one photograph: the response map and what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlab._text import by
from cnnlab.explore.filter.response import (
    Image,
    Response,
    brightness,
    keeps_brightness,
    make_response,
)
from cnnlab.explore.images import GREY
from cnnlab.explore.images import image as picture
from cnnlab.explore.kernels import PRESETS, Kernel
from cnnlab.explore.numbers import short
from cnnlab.explore.scene import Fix, Grid, Link, Scene


@dataclass(frozen=True, kw_only=True)
class FilterScene(Scene):
    """A response, and what is said of it."""

    response: Response

    @property
    def recipe(self) -> Response | None:
        return None if self.response.values is None else self.response


def filter_scene(
    image: Image,
    kernel: Kernel,
    *,
    name: str = "picture",
    preset: str = "custom",
    stride: int = 1,
    padding: int = 0,
    colors: str = "auto",
    pixel: tuple[int, int] | None = None,
    problem: str = "",
    fixes: Sequence[Fix] = (),
    aside: str = "",
    source: Sequence[str] = ("# image: a grey picture, (H, W), float32",),
) -> FilterScene:
    """Response of a kernel to a grey picture, with its meaning in words.

    Parameters
    ----------
    image : (H, W) float32 array
    kernel : (kh, kw) array
    name, preset : str
        What the picture and the kernel are called.
    stride, padding : int
        Any integers; where they make no sense, ``problem`` says so.
    colors, pixel, problem
        As in :func:`cnnlab.explore.filter.response.make_response`.
    fixes : sequence of Fix
        Ways out of that problem.
    aside : str
        What was done to the picture, such as turning it grey.
    source : sequence of str
        Lines of code that load the picture.

    Examples
    --------
    >>> ramp = np.tile(np.arange(5, dtype=np.float32), (4, 1))
    >>> scene = filter_scene(ramp, np.array([[-1.0, 1.0]]), name="ramp")
    >>> scene.response.values[0]
    array([1., 1., 1., 1.], dtype=float32)
    >>> scene.text
    'ramp 4×5, custom 1×2, stride 1, padding 0 → 4×4, responses from 1 to 1'
    """
    kernel = np.asarray(kernel, float)
    response = make_response(
        image, kernel, name=name, preset=preset, stride=stride, padding=padding, colors=colors,
        pixel=pixel, problem=problem,
    )  # fmt: skip
    meaning = _meaning(preset, kernel)
    return FilterScene(
        response=response,
        text=_text(response),
        problem=response.problem,
        fixes=list(fixes or _fixes(response)),
        formulas=_lines(response),
        code=_code(response, source),
        grids=[_grid(kernel)],
        links=_links(kernel),
        edits=["kernel"],
        images=_images(response, meaning),
        note=f"{meaning} {aside}".strip(),
        hint="Point at a picture, or walk in it with the arrow keys, to read its values; "
        "press Enter or click to have the sum written out.",
    )


def _fixes(response: Response) -> Iterator[Fix]:
    """Padding that makes room for one window, if the kernel is larger than the picture."""
    if response.values is None and response.padding >= 0 and response.stride >= 1:
        sizes = zip(response.kernel.shape, response.image.shape, strict=True)
        missing = max(kernel - size for kernel, size in sizes)
        if missing > 2 * response.padding:
            yield Fix(f"padding {-(-missing // 2)}", {"padding": -(-missing // 2)})


def weights_in_words(kernel: Kernel) -> str:
    """The weights, row by row, for readers who do not see them.

    Examples
    --------
    >>> weights_in_words(np.eye(2))
    'kernel: 1, 0; 0, 1'
    """
    rows = "; ".join(", ".join(short(weight) for weight in row) for row in kernel)
    return f"kernel: {rows}"


def _grid(kernel: Kernel) -> Grid:
    rows, columns = kernel.shape
    keys = [[f"kernel:{i},{j}" for j in range(columns)] for i in range(rows)]
    return Grid(name="kernel", label=weights_in_words(kernel), keys=keys)


def _links(kernel: Kernel) -> dict[str, Link]:
    return {
        f"kernel:{i},{j}": Link(
            text=f"weight in row {i}, column {j}: {short(weight)}. Enter changes it."
        )
        for (i, j), weight in np.ndenumerate(kernel)
    }


def _images(response: Response, meaning: str) -> dict[str, Any]:
    height, width = response.image.shape
    low, high = brightness(response)
    words = f"{response.name}, a grey picture of {height} by {width} pixels"
    caption = f"{response.name} {height}×{width}"
    photo = picture("photo", (height, width), words, low=low, high=high, colors=GREY,
                    caption=caption)  # fmt: skip
    if response.values is None:
        return {"photo": photo}
    window = {
        "image": "photo",
        "caption": response.name,
        "size": response.kernel.shape,
        "stride": [response.stride] * 2,
        "offset": [-response.padding] * 2,
    }
    rows, columns = response.values.shape
    words = f"response map: {_text(response)}. {meaning}"
    scale: dict[str, Any] = {name: getattr(response, name) for name in ("low", "high", "colors")}
    caption = f"response {rows}×{columns}"
    shown = picture("response", (rows, columns), words, caption=caption, windows=[window], **scale)
    return {"photo": photo, "response": shown}


def _meaning(preset: str, kernel: Kernel) -> str:
    total = kernel.sum()
    if preset in PRESETS:
        return PRESETS[preset].meaning
    if keeps_brightness(kernel):
        return "Your own kernel. Its weights sum to 1: even areas keep their brightness."
    if abs(total) < 1e-3:
        return (
            "Your own kernel. Its weights sum to 0: even areas give 0, only differences show. "
            "Large and positive where the picture looks like the kernel, negative where it "
            "looks like its opposite."
        )
    return (
        f"Your own kernel. Its weights sum to {short(total)}: an even area gives "
        f"{short(total)} times its brightness."
    )


def _lines(response: Response) -> list[str]:
    (height, width), (kh, kw) = response.image.shape, response.kernel.shape
    if response.values is None:
        return []
    stride, padding = response.stride, response.padding
    rows, columns = response.values.shape
    axes = ("height", height, kh, rows), ("width", width, kw, columns)
    lines = [
        f"{axis + ':':8}⌊({size} + 2·{padding} − {k})/{stride}⌋ + 1 = {out}"
        for axis, size, k, out in axes
    ]
    lines.append(f"sum of the weights: {short(round(float(response.kernel.sum()), 9))}")
    if response.pixel:
        lines.append(_sum(response, response.values, response.pixel))
    return lines


def _sum(response: Response, values: Image, pixel: tuple[int, int]) -> str:
    """Write out the sum behind one response; only terms whose weight is not 0."""
    row, column = pixel
    stride, padding = response.stride, response.padding
    image, kernel = response.image, response.kernel
    terms = []
    for (i, j), weight in np.ndenumerate(kernel):
        y, x = row * stride - padding + i, column * stride - padding + j
        inside = 0 <= y < image.shape[0] and 0 <= x < image.shape[1]
        value = short(image[y, x]) if inside else "0"
        if weight:
            factor = short(weight)
            terms.append(f"{value}·{f'({factor})' if weight < 0 else factor}")
    if len(terms) > 12:
        terms = [*terms[:6], f"… {len(terms) - 12} more …", *terms[-6:]]
    result = short(values[row, column])
    return f"response[{row}, {column}] = {' + '.join(terms) or '0'} = {result}"


def _text(response: Response) -> str:
    start = (
        f"{response.name} {by(response.image.shape)}, {response.preset} "
        f"{by(response.kernel.shape)}, stride {response.stride}, "
        f"padding {response.padding} → "
    )
    values = response.values
    if values is None:
        return f"{start}{response.problem}"
    span = f"responses from {short(float(values.min()))} to {short(float(values.max()))}"
    return f"{start}{by(values.shape)}, {span}"


def _code(response: Response, source: Sequence[str]) -> list[str]:
    if response.problem:
        return [f"# {response.problem}"]
    stride, padding = response.stride, response.padding
    rows = ",\n".join(f"    {[float(w) for w in row]}" for row in response.kernel)
    return [
        "import numpy as np",
        "import torch",
        "",
        *source,
        f"kernel = np.array([\n{rows},\n], np.float32)",
        "",
        "# NumPy: every window times the kernel, summed",
        f"padded = np.pad(image, {padding})",
        "windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)",
        f"response = np.einsum('ijkl,kl->ij', windows[::{stride}, ::{stride}], kernel)",
        "",
        "# PyTorch",
        "x, weight = torch.from_numpy(image)[None, None], torch.from_numpy(kernel)[None, None]",
        f"torch.nn.functional.conv2d(x, weight, stride={stride}, padding={padding})[0, 0]",
    ]
