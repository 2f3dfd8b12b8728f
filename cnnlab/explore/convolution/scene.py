"""A convolution in numbers, links and sentences."""

from dataclasses import dataclass, replace
from typing import Any

from cnnlab._text import by
from cnnlab.explore.convolution.backward import NAMES, backward_links, gradients
from cnnlab.explore.convolution.code import code_lines
from cnnlab.explore.convolution.fixes import attempt, fixes
from cnnlab.explore.convolution.im2col import Patches, patch_grids, patch_links, patches
from cnnlab.explore.convolution.layer import (
    Axis,
    Layer,
    Settings,
    dimensions,
    make_layer,
    sides,
)
from cnnlab.explore.convolution.links import indices, key, make_links
from cnnlab.explore.convolution.plan import FORWARD
from cnnlab.explore.scene import Grid, Play, Scene

# Beyond these a picture of single numbers cannot be read; sizes and code still hold.
MAX_CELLS, MAX_PRODUCTS = 600, 4000

SIGNS = {
    False: "⋆ is cross-correlation: the kernel is laid on the input as it is.",
    True: "∗ is convolution: the kernel is turned by 180° before it is laid on the input.",
}
BACK = (
    "The upstream gradient dy counts 1, 2, 3, …, so that each can be recognised. dx is the sum of "
    "what comes back to a pixel, dw and db are sums over all places where a weight is used."
)
MATRICES = (
    "Each window stands as a column, each kernel as a row, so the whole layer is one product of "
    "matrices. Pixels that several windows read are copied, which costs memory and saves time."
)
HINT = (
    "Point at a cell, or walk with Tab and the arrow keys, to see what it is made of. "
    "Enter changes a number."
)
MANY = (
    "Too many numbers to write out: colours are drawn. Point at a cell, or go to the picture with "
    "Tab and walk with the arrow keys, to see the numbers around it and what it is made of."
)


@dataclass(frozen=True, kw_only=True)
class ConvolutionScene(Scene):
    """One layer, or why there is none; ``drawn`` says whether its numbers can be read.

    ``attempt`` is the layer as far as it goes where there is a problem; ``back`` its gradients and
    ``patches`` its matrix of windows, where they are asked for.
    """

    settings: Settings
    layer: Layer | None = None
    attempt: Layer | None = None
    back: Layer | None = None
    patches: Patches | None = None
    drawn: bool = False

    @property
    def names(self) -> dict[str, str]:
        """What the grids are called."""
        return NAMES if self.back else FORWARD


def convolution_scene(*, view: str = "forward", **choice: Any) -> ConvolutionScene:
    """Everything there is to show about one small layer.

    Parameters
    ----------
    view : {"forward", "backward", "im2col"}
        The numbers, the gradients in their place, or the product of matrices; the last two are
        not for a transposed layer, and the last is for one group only.
    **choice
        Fields of :class:`~cnnlab.explore.convolution.layer.Settings`; where they make no sense,
        ``problem`` says what would.

    Examples
    --------
    >>> from cnnlab.explore.convolution.presets import preset
    >>> scene = convolution_scene(**preset("rgb"))
    >>> scene.text
    'input 3×2×2, kernel 3×3, stride 1, padding (1, 0, 1, 0) → output 1×1'
    >>> scene.links["output:0,0,0"]["text"].splitlines()[0]
    'Output row 0, column 0: 308 − 498 + 164 + 1 = −25'
    """
    settings = Settings(**choice)
    try:
        layer = make_layer(settings)
    except ValueError as error:
        return _refused(settings, str(error))
    drawn = is_small(layer)
    scene = ConvolutionScene(
        settings=settings,
        layer=layer,
        drawn=drawn,
        text=_text(layer),
        formulas=_formulas(layer),
        code=code_lines(layer),
        grids=_grids(layer) if drawn else [],
        links=make_links(layer) if drawn else {},
        play=Play(grid="output", label="output") if drawn else None,
        edits=("input", "kernel", "bias") if drawn else (),
        note="" if layer.transposed else SIGNS[settings.flip],
        hint=HINT if drawn else MANY,
    )
    if view == "backward" and not layer.transposed:
        return _with_gradients(scene, layer)
    return _with_matrices(scene, layer) if view == "im2col" else scene


def _with_gradients(scene: ConvolutionScene, layer: Layer) -> ConvolutionScene:
    back = gradients(layer)
    return replace(
        scene,
        back=back,
        text=f"{scene.text}; backward pass for dy = 1, 2, 3, …",
        links=backward_links(layer, back, dict(scene.links)),
        code=code_lines(layer, "backward"),
        edits=(),
        note=BACK,
    )


def _with_matrices(scene: ConvolutionScene, layer: Layer) -> ConvolutionScene:
    found = patches(layer) if scene.drawn else None
    if found is None:
        return replace(scene, hint=f"Not drawn as matrices: too large, or not one group. {HINT}")
    taps, outputs = found.values.shape
    return replace(
        scene,
        patches=found,
        text=f"{scene.text}; im2col: {by((len(layer.output), taps))} times {by((taps, outputs))}",
        grids=patch_grids(found),
        links=patch_links(found, dict(scene.links)),
        code=code_lines(layer, "im2col"),
        edits=("kernel", "bias"),
        note=MATRICES,
    )


def _refused(settings: Settings, problem: str) -> ConvolutionScene:
    partial = attempt(settings)
    return ConvolutionScene(
        settings=settings,
        text=f"{_asked(settings)} → {problem}",
        problem=problem,
        fixes=fixes(settings) if partial else (),
        code=[f"# {problem}"],
        attempt=partial,
        drawn=partial is not None and is_small(partial),
    )


def is_small(layer: Layer) -> bool:
    """Whether a picture of all its numbers can be read."""
    area = len(layer.rows.positions) * len(layer.columns.positions)
    cells = len(layer.input) * area + layer.weight.size + layer.output.size
    if cells > MAX_CELLS:
        return False
    taps = sum(map(len, layer.rows.taps)) * sum(map(len, layer.columns.taps))
    return taps * len(layer.output) * len(layer.input) // layer.groups <= MAX_PRODUCTS


def _grids(layer: Layer) -> list[Grid]:
    """One grid for each kind of cell, its channels one under the other."""
    rows, columns = layer.rows.positions, layer.columns.positions
    inputs = [
        [key("input", c, row, column) for column in columns]
        for c in range(len(layer.input))
        for row in rows
    ]
    *planes, width = layer.weight.shape
    weights = [[key("kernel", *index, v) for v in range(width)] for index in indices((*planes,))]
    filters, height, width = layer.output.shape
    outputs = [
        [key("output", *index, j) for j in range(width)] for index in indices((filters, height))
    ]
    biases = [[key("bias", k) for k in range(filters)]]
    found = {"input": inputs, "kernel": weights, "bias": biases, "output": outputs}
    return [Grid(name=name, label=name, keys=keys) for name, keys in found.items()]


def _shape(numbers: tuple[int, ...], flat: bool) -> str:
    """Sizes as the one-line text gives them: a single channel is not worth a word."""
    kept = [numbers[0]] * (numbers[0] != 1) + list(numbers[2 if flat else 1 :])
    return by(kept)


def _padding_text(settings: Settings) -> str:
    """One number, or those of each side."""
    (top, bottom), (left, right) = sides(settings)
    each = (left, right) if settings.ndim == 1 else (top, bottom, left, right)
    return str(each[0] if len(set(each)) == 1 else each)


def _asked(settings: Settings) -> str:
    """What was asked for, whether or not it makes sense."""
    channels, filters, groups, kernel_size = dimensions(settings)
    flat = settings.ndim == 1
    kind = "" if settings.kind == "plain" else f"{settings.kind}: "
    parts = [
        f"{kind}input {_shape((channels, *(settings.size,) * 2), flat)}",
        f"{f'{filters} kernels' if filters != 1 else 'kernel'} {by([kernel_size] * settings.ndim)}",
        f"stride {settings.stride}",
        f"padding {_padding_text(settings)}",
    ]
    if settings.dilation != 1:
        parts.append(f"dilation {settings.dilation}")
    if groups != 1 and settings.kind != "depthwise":
        parts.append(f"groups {groups}")
    return ", ".join(parts + ["kernel turned"] * settings.flip)


def _text(layer: Layer) -> str:
    flat = layer.settings.ndim == 1
    text = f"{_asked(layer.settings)} → output {_shape(layer.output.shape, flat)}"
    if lost := _lost(layer):
        text += f", {lost} unread"
    return text


def _lost(layer: Layer) -> str:
    """Rows and columns that no window reads, counted."""
    flat = layer.settings.ndim == 1
    counted = []
    for axis, word in ((layer.rows, "row"), (layer.columns, "pixel" if flat else "column")):
        if number := len(axis.unread):
            counted.append(f"{number} {word}{'' if number == 1 else 's'}")
    return " and ".join(counted)


def _formulas(layer: Layer) -> list[str]:
    vertical, horizontal = sides(layer.settings)
    if layer.settings.ndim == 1:
        lines = [f"length: {_size(layer, layer.columns, horizontal)}"]
    elif vertical == horizontal:
        lines = [f"height = width: {_size(layer, layer.rows, vertical)}"]
    else:
        lines = [
            f"height: {_size(layer, layer.rows, vertical)}",
            f"width:  {_size(layer, layer.columns, horizontal)}",
        ]
    taps = layer.weight.shape[3:] if layer.settings.ndim == 1 else layer.weight.shape[2:]
    inner = len(layer.input) // layer.groups
    parameters = layer.weight.size + layer.bias.size
    lines.append(
        f"parameters: ({'·'.join(map(str, taps))}·{inner} + 1)·{len(layer.output)} = {parameters}"
    )
    return lines


def _size(layer: Layer, axis: Axis, side: tuple[int, int]) -> str:
    """Write the output size of one axis with its numbers."""
    stride, dilation = layer.settings.stride, layer.settings.dilation
    span = dilation * (axis.kernel_size - 1) + 1
    before, after = side
    spread = f" (kernel {axis.kernel_size} spans {dilation}·({axis.kernel_size} − 1) + 1 = {span})"
    note = spread if dilation > 1 and axis.kernel_size > 1 else ""
    outputs = len(axis.taps)
    if layer.transposed:
        return f"({axis.size} − 1)·{stride} + {span} − {before} − {after} = {outputs}{note}"
    room = axis.size + before + after - span
    policy = layer.settings.policy
    left, right = {"floor": "⌊⌋", "ceil": "⌈⌉", "error": ("(", ")")}[policy]
    fraction = f"({axis.size} + {before} + {after} − {span})/{stride}"
    if policy == "error":
        return f"{fraction} + 1 = {outputs}{note}"
    rounded = (-(-room // stride) if policy == "ceil" else room // stride) + 1
    if rounded != outputs:
        note += f", but the last window would start beyond the input, so {outputs}"
    return f"{left}{fraction}{right} + 1 = {rounded}{note}"
