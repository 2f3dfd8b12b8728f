"""The lines of NumPy and PyTorch that compute what is shown."""

from collections.abc import Callable, Sequence
from typing import Any

from cnnlab.explore.convolution.layer import Array, Layer, sides

MAX_LITERAL = 300  # numbers
TENSORS = "image, kernel, b = (torch.from_numpy(a) for a in (x, weight, bias))"
LEAVES = (
    "leaves = [torch.from_numpy(a).requires_grad_() for a in (x, weight, bias)]",
    "image, kernel, b = leaves",
)


def code_lines(layer: Layer, view: str = "forward") -> list[str]:
    """Both versions of what a view shows.

    Each computes ``y``, of the shape that the explorer's output has; where the picture is 1-D, so
    are the arrays. The backward pass adds ``dx``, ``dweight`` and ``dbias``, im2col computes ``y``
    from ``matrix``.
    """
    numpy, torch = VIEWS[view]
    return [*_arrays(layer), "", *numpy(layer), "", *torch(layer)]


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


def _turned(layer: Layer) -> tuple[list[str], str]:
    """The line that turns the kernel, if it is turned, and what the kernel is then called."""
    if not layer.settings.flip:
        return [], "weight"
    return [f"turned = weight{_reversed(layer)}"], "turned"


def _reversed(layer: Layer) -> str:
    return "[:, :, ::-1]" if layer.settings.ndim == 1 else "[:, :, ::-1, ::-1]"


def _numpy(layer: Layer, cache: str = "_") -> list[str]:
    flat, (padding, by_hand) = layer.settings.ndim == 1, _padding(layer)
    turned, w = _turned(layer)
    lines = ["# NumPy", "from cnnlab.scratch import functional", "", *turned]
    x = "x[None]"
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
    lines.append(f"y, {cache} = functional.{name}({x}, {w}, bias{options}{padding})")
    if layer.transposed:
        lines.append(f"y = y[0]{after}{cut}")
    else:
        lines.append("y = y[0]")
    return lines


def _flat_options(layer: Layer) -> str:
    options = {name: getattr(layer.settings, name) for name in ("stride", "dilation")}
    words = "".join(f", {name}=(1, {value})" for name, value in options.items() if value != 1)
    return words + (f", groups={layer.groups}" if layer.groups != 1 else "")


def _torch(layer: Layer, start: Sequence[str] = (TENSORS,)) -> list[str]:
    """The forward pass, from the lines that make the tensors."""
    flat, (padding, by_hand) = layer.settings.ndim == 1, _padding(layer)
    lines = _torch_start(layer, start)
    name = ("conv_transpose" if layer.transposed else "conv") + ("1d" if flat else "2d")
    lines.append(f"y = F.{name}(image[None], kernel, b{_options(layer)}{padding})[0]")
    if by_hand and layer.transposed:
        lines.append(f"y = y{_slices(by_hand)}")
    return lines


def _torch_start(layer: Layer, start: Sequence[str]) -> list[str]:
    """Imports and tensors, the kernel turned and the image padded where need be."""
    lines = ["# PyTorch", "import torch", "import torch.nn.functional as F", "", *start]
    if layer.settings.flip:
        lines.append(f"kernel = kernel.flip({'2' if layer.settings.ndim == 1 else '(2, 3)'})")
    if (by_hand := _padding(layer)[1]) and not layer.transposed:
        # The last axis first.
        amounts = tuple(side for pair in reversed(by_hand) for side in pair)
        lines.append(f"image = F.pad(image, {amounts})")
    return lines


def _numpy_back(layer: Layer) -> list[str]:
    flat, (_, by_hand) = layer.settings.ndim == 1, _padding(layer)
    lines = [
        *_numpy(layer, "cache"),
        "dy = np.arange(1.0, y.size + 1).reshape(y.shape)",
        f"dx, dweight, dbias = functional.conv{1 if flat else 2}d_backward(dy[None], cache)",
        f"dx = dx[0]{_slices(by_hand) if by_hand else ''}",
    ]
    if layer.settings.flip:
        lines.append(f"dweight = dweight{_reversed(layer)}")
    return lines


def _torch_back(layer: Layer) -> list[str]:
    return [
        *_torch(layer, LEAVES),
        "y.backward(torch.arange(1.0, y.numel() + 1, dtype=y.dtype).reshape(y.shape))",
        "dx, dweight, dbias = (leaf.grad for leaf in leaves)",
    ]


def _numpy_matrices(layer: Layer) -> list[str]:
    turned, w = _turned(layer)
    settings, around = layer.settings, _around(layer)
    flat, x = settings.ndim == 1, "x"
    lines = ["# NumPy", *turned]
    if any(side for pair in around for side in pair):
        lines.append(f"padded = np.pad(x, {((0, 0), *around)})")
        x = "padded"
    span = settings.dilation * (layer.columns.kernel_size - 1) + 1
    spans, axes, order = (
        (f"{span}", "1", "0, 2, 1") if flat else (f"({span}, {span})", "(1, 2)", "0, 3, 4, 1, 2")
    )
    steps = [f"::{settings.stride}"] * settings.ndim + [f"::{settings.dilation}"] * settings.ndim
    filters, *sizes = layer.output.shape[:1] + layer.output.shape[3 - settings.ndim :]
    taps = layer.weight[0].size
    return [
        *lines,
        f"windows = np.lib.stride_tricks.sliding_window_view({x}, {spans}, {axes})",
        f"windows = windows[:, {', '.join(steps)}]",
        f"matrix = windows.transpose({order}).reshape({taps}, -1)",
        f"y = {w}.reshape({filters}, -1) @ matrix + bias[:, None]",
        f"y = y.reshape({', '.join(map(str, (filters, *sizes)))})",
    ]


def _torch_matrices(layer: Layer) -> list[str]:
    padding, _ = _padding(layer)
    settings, flat = layer.settings, layer.settings.ndim == 1
    size = layer.columns.kernel_size
    image, kernel = ("image[None, :, None]", (1, size)) if flat else ("image[None]", size)
    options = _flat_options(layer) if flat else _options(layer)
    if flat and padding:
        padding = padding.replace("=", "=(0, ") + ")"
    shape = tuple(layer.output.shape[:1] + layer.output.shape[3 - settings.ndim :])
    return [
        *_torch_start(layer, [TENSORS]),
        f"matrix = F.unfold({image}, {kernel}{options}{padding})[0]",
        "y = kernel.flatten(1) @ matrix + b[:, None]",
        f"y = y.reshape{shape}",
    ]


VIEWS: dict[str, tuple[Callable[[Layer], list[str]], Callable[[Layer], list[str]]]] = {
    "forward": (_numpy, _torch),
    "backward": (_numpy_back, _torch_back),
    "im2col": (_numpy_matrices, _torch_matrices),
}
