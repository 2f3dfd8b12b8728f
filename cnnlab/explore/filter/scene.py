"""One kernel over one photograph: the response map and what it says."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab import geometry
from cnnlab.explore.kernels import PRESETS, Kernel
from cnnlab.explore.numbers import by
from cnnlab.explore.threads import one_thread
from cnnlab.scratch import functional as F

Image = npt.NDArray[np.float32]

SIGNED = ("#0072b2", "#ffffff", "#d55e00")  # blue is negative, white 0, vermilion positive
GREY = ("#000000", "#ffffff")
LUMINANCE = (0.299, 0.587, 0.114)
MAX_SIDE = 1024


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
    source: Sequence[str] = ("# image: a grey picture, (H, W), float32",),
) -> dict[str, Any]:
    """Response of a kernel to a grey picture, with its meaning in words.

    Parameters
    ----------
    image : (H, W) float32 array
    kernel : (kh, kw) array
    name, preset : str
        What the picture and the kernel are called.
    stride, padding : int
        Any integers; where they make no sense, ``problem`` says so.
    colors : {"auto", "signed", "grey"}
        How the response is coloured: by its sign, or as a picture from 0 to 1; "auto" takes
        grey for kernels that keep the brightness, whose weights sum to 1.
    pixel : (row, column), optional
        A response whose sum is to be written out.
    problem : str
        What was wrong before, so that there is nothing to compute.
    source : sequence of str
        Lines of code that load the picture.

    Returns
    -------
    dict
        ``problem``, the sentence that says why there is no response, or ""; ``response``,
        (H', W') float32 array or None; ``low``, ``high`` and ``colors``, the colour scale;
        ``meaning``, ``formulas``, ``code`` and ``text``, words.

    Examples
    --------
    >>> ramp = np.tile(np.arange(5, dtype=np.float32), (4, 1))
    >>> scene = filter_scene(ramp, np.array([[-1.0, 1.0]]), name="ramp")
    >>> scene["response"][0]
    array([1., 1., 1., 1.], dtype=float32)
    >>> scene["text"]
    'ramp 4×5, custom 1×2, stride 1, padding 0 → 4×4, responses from 1 to 1'
    """
    kernel = np.asarray(kernel, float)
    scene: dict[str, Any] = {
        "settings": {"name": name, "preset": preset, "stride": stride, "padding": padding},
        "image": image,
        "kernel": kernel,
        "problem": problem,
        "source": source,
        "response": None,
        "low": -1.0,
        "high": 1.0,
        "colors": SIGNED,
        "pixel": None,
    }
    if not problem:
        try:
            geometry.output_shape(image.shape, kernel.shape, stride, padding)
            scene["response"] = respond(image, kernel, stride, padding)
        except ValueError as error:
            scene["problem"] = str(error)
        else:
            scene |= _scale(scene["response"], kernel, colors)
            scene["pixel"] = _inside(pixel, scene["response"].shape)
    scene["meaning"] = _meaning(preset, kernel)
    scene["formulas"] = [] if scene["problem"] else _lines(scene)
    scene["text"] = _text(scene)
    scene["code"] = _code(scene)
    return scene


def respond(image: Image, kernel: Kernel, stride: int, padding: int) -> Image:
    """Slide the kernel over the picture, in float32 as layers do.

    Raises
    ------
    ValueError
        If the padding is more than the kernel could use, or numbers grow beyond float32.

    Examples
    --------
    >>> respond(np.ones((3, 3), np.float32), np.ones((3, 3)), 1, 1)[0]
    array([4., 6., 4.], dtype=float32)
    """
    if padding > max(image.shape):
        raise ValueError(
            f"padding must be at most {max(image.shape)}, the size of the picture, "
            f"not {padding}. Choose less."
        )
    weight = kernel.astype(np.float32)[None, None]  # (1, 1, kh, kw)
    with one_thread():
        y, _ = F.conv2d(image[None, None], weight, stride=stride, padding=padding)
    response: Image = y[0, 0]
    if not np.isfinite(response).all():
        raise ValueError(
            "the kernel's weights are too large: the sums go beyond float32. Choose smaller weights."
        )
    return response


def grey(image: npt.ArrayLike) -> Image:
    """Turn a picture into one channel of float32, 0 black and 1 white: its luminance.

    Parameters
    ----------
    image : (H, W), (C, H, W) or (H, W, C) array
        Grey or colour, channels first or last, also with transparency, under which white paper
        lies; bytes, 16-bit numbers, or floats of which 1 is white. What is larger than 1,024
        pixels a side is reduced, each pixel being the mean of a block.

    Returns
    -------
    (H, W) float32 array

    Raises
    ------
    ValueError
        If it is no such picture, or has values that are not finite or far beyond white.

    Examples
    --------
    >>> grey(np.full((3, 2, 2), 255, np.uint8))[0]
    array([1., 1.], dtype=float32)
    """
    from cnnlab.data.pictures import as_unit, on_paper

    values = as_unit(image)
    if values.ndim == 3 and values.shape[0] in (1, 3, 4) and values.shape[2] not in (1, 2, 3, 4):
        values = values.transpose(1, 2, 0)  # (H, W, C)
    if values.ndim == 3 and values.shape[2] in (2, 4):
        values = on_paper(values)
    if values.ndim == 3 and values.shape[2] in (1, 3):
        weights = LUMINANCE if values.shape[2] == 3 else (1.0,)
        values = values @ np.array(weights, np.float32)  # (H, W)
    if values.ndim != 2 or not values.size:
        raise ValueError(
            f"image must have shape (H, W), (C, H, W) or (H, W, C) with 1 to 4 channels, "
            f"not {np.shape(image)}. Pass one picture."
        )
    return np.ascontiguousarray(_reduced(values))


def _reduced(values: Image) -> Image:
    factor = -(-max(values.shape) // MAX_SIDE)
    rows, columns = (min(factor, side) for side in values.shape)
    height, width = values.shape[0] // rows, values.shape[1] // columns
    blocks = values[: height * rows, : width * columns].reshape(height, rows, width, columns)
    means: Image = blocks.mean(axis=(1, 3))  # (H, W)
    return means


def short(value: float) -> str:
    """Write a number in at most three digits, with the sign that books use.

    Examples
    --------
    >>> [short(v) for v in (-0.0625, 2.0, 1234.5, -0.00001, 1 / 3)]
    ['−0.0625', '2', '1230', '−1e-05', '0.333']
    """
    number = float(f"{value:.3g}") + 0.0
    digits = f"{number:.0f}" if 1000 <= abs(number) < 1e6 else f"{number:.3g}"
    return digits.replace("-", "−", 1) if number < 0 else digits


def _scale(response: Image, kernel: Kernel, colors: str) -> dict[str, Any]:
    if colors == "grey" or (colors == "auto" and _keeps_brightness(kernel)):
        return {"low": 0.0, "high": 1.0, "colors": GREY}
    # All but the largest hundredth: a few glints would leave the rest pale.
    sample = np.abs(response[:: len(response) // 128 + 1, :: response.shape[1] // 128 + 1])
    limit = float(np.quantile(sample, 0.99)) or float(np.abs(response).max()) or 1.0
    return {"low": -limit, "high": limit, "colors": SIGNED}


def _keeps_brightness(kernel: Kernel) -> bool:
    return bool(abs(kernel.sum() - 1) < 1e-3)


def _inside(pixel: tuple[int, int] | None, shape: tuple[int, int]) -> tuple[int, int] | None:
    if pixel is None or not all(0 <= i < n for i, n in zip(pixel, shape, strict=True)):
        return None
    return pixel


def _meaning(preset: str, kernel: Kernel) -> str:
    total = kernel.sum()
    if preset in PRESETS:
        return PRESETS[preset].meaning
    if _keeps_brightness(kernel):
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


def _lines(scene: dict[str, Any]) -> list[str]:
    (height, width), (kh, kw) = scene["image"].shape, scene["kernel"].shape
    stride, padding = scene["settings"]["stride"], scene["settings"]["padding"]
    rows, columns = scene["response"].shape
    axes = ("height", height, kh, rows), ("width", width, kw, columns)
    lines = [
        f"{axis + ':':8}⌊({size} + 2·{padding} − {k})/{stride}⌋ + 1 = {out}"
        for axis, size, k, out in axes
    ]
    lines.append(f"sum of the weights: {short(round(scene['kernel'].sum(), 9))}")
    if scene["pixel"]:
        lines.append(_sum(scene))
    return lines


def _sum(scene: dict[str, Any]) -> str:
    """Write out the sum behind one response; only terms whose weight is not 0."""
    row, column = scene["pixel"]
    stride, padding = scene["settings"]["stride"], scene["settings"]["padding"]
    image, kernel = scene["image"], scene["kernel"]
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
    result = short(scene["response"][row, column])
    return f"response[{row}, {column}] = {' + '.join(terms) or '0'} = {result}"


def _text(scene: dict[str, Any]) -> str:
    settings = scene["settings"]
    start = (
        f"{settings['name']} {by(scene['image'].shape)}, {settings['preset']} "
        f"{by(scene['kernel'].shape)}, stride {settings['stride']}, "
        f"padding {settings['padding']} → "
    )
    if scene["problem"]:
        return start + str(scene["problem"])
    response = scene["response"]
    span = f"responses from {short(response.min())} to {short(response.max())}"
    return f"{start}{by(response.shape)}, {span}"


def _code(scene: dict[str, Any]) -> list[str]:
    if scene["problem"]:
        return [f"# {scene['problem']}"]
    settings = scene["settings"]
    stride, padding = settings["stride"], settings["padding"]
    rows = ",\n".join(f"    {[float(w) for w in row]}" for row in scene["kernel"])
    return [
        "import numpy as np",
        "import torch",
        "",
        *scene["source"],
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
