"""The lines of NumPy and PyTorch that compute what is shown."""

from typing import Any

from cnnlab.explore.convolution.layer import Array, Layer, sides

MAX_LITERAL = 300  # numbers


def code_lines(layer: Layer) -> list[str]:
    """Both versions; each ends with ``y``, of the shape that the explorer's output has.

    Where the picture is 1-D, so are the arrays.
    """
    return [*_arrays(layer), "", *_numpy(layer), "", *_torch(layer)]


def _arrays(layer: Layer) -> list[str]:
    flat = layer.settings.ndim == 1
    arrays = {
        "x": layer.input[:, 0] if flat else layer.input,
        "weight": layer.weight[:, :, 0] if flat else layer.weight,
        "bias": layer.bias,
    }
    lines = {name: [f"{name} = {_literal(array)}"] for name, array in arrays.items()}
    if layer.input.size > MAX_LITERAL and not any("input" in k for k in layer.settings.values):
        lines["x"] = _formula(layer)
    return ["import numpy as np", "", *(line for each in lines.values() for line in each)]


def _formula(layer: Layer) -> list[str]:
    """How :func:`default_input` makes its numbers, where there are too many to be listed."""
    channels, height, width = layer.input.shape
    if layer.settings.ndim == 1:
        first = f"c, column = np.indices(({channels}, {width}))"
        return [first, "x = (3.0 * column + c) % 7"]
    first = f"c, row, column = np.indices(({channels}, {height}, {width}))"
    return [first, "x = (2.0 * row + 3 * column + row * column + c) % 7"]


def _literal(array: Array) -> str:
    """Numbers that read back exactly, in whole numbers where they are whole."""
    values = array.tolist()
    words = str(_whole(values))
    dtype = ", dtype=float" if "." not in words else ""
    return f"np.array({words}{dtype})"


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(v) for v in value]
    return int(value) if value == int(value) else value


def _around(layer: Layer) -> list[tuple[int, int]]:
    both = [(axis.before, axis.after + axis.hanging) for axis in (layer.rows, layer.columns)]
    return both[1:] if layer.settings.ndim == 1 else both


def _options(layer: Layer) -> str:
    options = {name: getattr(layer.settings, name) for name in ("stride", "dilation")}
    options["groups"] = layer.groups
    return "".join(f", {name}={value}" for name, value in options.items() if value != 1)


def _crops(layer: Layer) -> list[tuple[int, int]]:
    vertical, horizontal = sides(layer.settings)
    return [horizontal] if layer.settings.ndim == 1 else [vertical, horizontal]


def _padding(layer: Layer) -> tuple[str, list[tuple[int, int]]]:
    """Return the argument that pads, or what must be padded by hand since it is lopsided."""
    around = _crops(layer) if layer.transposed else _around(layer)
    if len({side for pair in around for side in pair}) > 1:
        return "", around
    pixels = around[0][0]
    return (f", padding={pixels}" if pixels else ""), []


def _slices(crops: list[tuple[int, int]]) -> str:
    cuts = [f"{before}:{-after if after else ''}" for before, after in crops]
    return f"[..., {', '.join(cuts)}]"


def _numpy(layer: Layer) -> list[str]:
    flat, (padding, by_hand) = layer.settings.ndim == 1, _padding(layer)
    lines = ["# NumPy", "from cnnlab.scratch import functional", ""]
    x, w = "x[None]", "weight"
    if layer.settings.flip:
        lines.append(f"turned = weight{'[:, :, ::-1]' if flat else '[:, :, ::-1, ::-1]'}")
        w = "turned"
    if by_hand and not layer.transposed:
        lines.append(f"padded = np.pad(x, {((0, 0), *by_hand)})")
        x = "padded[None]"
    name, after, options = "conv1d" if flat else "conv2d", "", _options(layer)
    if layer.transposed:
        name = "conv_transpose2d"
        if flat:  # one row high
            x, w, after = "x[None, :, None]", f"{w}[:, :, None]", "[:, 0]"
            padding = padding.replace("=", "=(0, ") + ")" if padding else ""
            options = _flat_options(layer)
        cut = _slices(by_hand) if by_hand else ""
    lines.append(f"y, _ = functional.{name}({x}, {w}, bias{options}{padding})")
    if layer.transposed:
        lines.append(f"y = y[0]{after}{cut}")
    else:
        lines.append("y = y[0]")
    return lines


def _flat_options(layer: Layer) -> str:
    options = {name: getattr(layer.settings, name) for name in ("stride", "dilation")}
    words = "".join(f", {name}=(1, {value})" for name, value in options.items() if value != 1)
    return words + (f", groups={layer.groups}" if layer.groups != 1 else "")


def _torch(layer: Layer) -> list[str]:
    flat, (padding, by_hand) = layer.settings.ndim == 1, _padding(layer)
    lines = ["# PyTorch", "import torch", "import torch.nn.functional as F", ""]
    lines.append("image, kernel, b = (torch.from_numpy(a) for a in (x, weight, bias))")
    if layer.settings.flip:
        lines.append(f"kernel = kernel.flip({'2' if flat else '(2, 3)'})")
    if by_hand and not layer.transposed:
        # The last axis first.
        amounts = tuple(side for pair in reversed(by_hand) for side in pair)
        lines.append(f"image = F.pad(image, {amounts})")
    name = ("conv_transpose" if layer.transposed else "conv") + ("1d" if flat else "2d")
    lines.append(f"y = F.{name}(image[None], kernel, b{_options(layer)}{padding})[0]")
    if by_hand and layer.transposed:
        lines.append(f"y = y{_slices(by_hand)}")
    return lines
