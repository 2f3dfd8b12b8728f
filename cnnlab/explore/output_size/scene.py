"""What there is to draw: settings in, a plain dict of numbers and sentences out."""

from typing import Any

from cnnlab import geometry

# Beyond this a strip of numbered pixels cannot be read; sizes and text still hold.
MAX_CELLS = 64


def output_size_scene(size: int, kernel_size: int, stride: int, padding: int) -> dict[str, Any]:
    """Windows of a convolution along one axis, under every policy.

    Parameters
    ----------
    size, kernel_size, stride, padding : int
        Any integers; where they make no sense, ``problem`` says so.

    Returns
    -------
    dict
        ``settings``; ``problem``, the sentence that says why there is no output, or "";
        ``outputs``, windows by policy, None where the policy refuses; ``windows``, the input
        positions each window reads under "floor"; ``hanging``, the ones of the window that
        "ceil" adds, or []; ``left_over``, pixels of the padded input after the last window of
        "floor"; ``cells``, one dict a pixel from left to right (``position``, ``kind``
        "pixel", "padding" or "outside", ``read`` under "floor"); ``formulas`` and ``code``,
        lines of text; ``text``, the scene in one line; ``grids``, ``links`` and ``play`` as in
        :class:`cnnlab.explore.Explorer`. Above ``MAX_CELLS`` padded pixels there
        are no ``windows``, no ``hanging`` and no ``cells``.

    Examples
    --------
    >>> scene = output_size_scene(7, 3, stride=3, padding=0)
    >>> scene["outputs"]
    {'floor': 2, 'ceil': 3, 'error': None}
    >>> scene["windows"], scene["hanging"]
    ([[0, 1, 2], [3, 4, 5]], [6, 7, 8])
    >>> scene["formulas"][0]
    'floor: ⌊(7 + 2·0 − 3)/3⌋ + 1 = 2'
    """
    numbers = (size, kernel_size, stride, padding)
    scene: dict[str, Any] = {
        "settings": dict(zip(("size", "kernel_size", "stride", "padding"), numbers, strict=True)),
        "problem": "",
        "outputs": dict.fromkeys(("floor", "ceil", "error")),
        "windows": [],
        "hanging": [],
        "left_over": 0,
        "cells": [],
        "formulas": [],
        "grids": [],
        "links": {},
        "play": {},
    }
    try:
        geometry.output_size(*numbers)
    except ValueError as error:
        scene["problem"] = str(error)
        if size >= 1 and padding >= 0 and size + 2 * padding <= MAX_CELLS:
            scene["cells"] = _cells(range(-padding, size + padding), size, padding, set())
            scene["grids"] = _grids(scene)
    else:
        scene |= _sizes(numbers)
        if size + 2 * padding <= MAX_CELLS:
            scene |= _strip(numbers)
            scene["grids"], scene["links"] = _grids(scene), _links(scene)
            scene["play"] = {"grid": "window", "label": "windows"}
            scene["hint"] = "Point at a window or a pixel, or walk with Tab and the arrow keys."
        scene["formulas"] = _formulas(scene)
    scene["code"] = _code(scene)
    scene["text"] = _text(scene)
    return scene


def _sizes(numbers: tuple[int, int, int, int]) -> dict[str, Any]:
    """Windows by policy, where at least one fits."""
    size, kernel_size, stride, padding = numbers
    left_over = (size + 2 * padding - kernel_size) % stride
    floor = geometry.output_size(*numbers)
    ceil = geometry.output_size(*numbers, policy="ceil")
    outputs = {"floor": floor, "ceil": ceil, "error": None if left_over else floor}
    return {"outputs": outputs, "left_over": left_over}


def _strip(numbers: tuple[int, int, int, int]) -> dict[str, Any]:
    """Where the windows lie, for an input short enough to be drawn."""
    size, _, _, padding = numbers
    windows, ceil = geometry.windows(*numbers), geometry.windows(*numbers, policy="ceil")
    hanging = list(ceil[-1]) if len(ceil) > len(windows) else []
    end = max([size + padding, *(position + 1 for position in hanging)])
    read = {position for window in windows for position in window}
    return {
        "windows": [list(window) for window in windows],
        "hanging": hanging,
        "cells": _cells(range(-padding, end), size, padding, read),
    }


def _cells(positions: range, size: int, padding: int, read: set[int]) -> list[dict[str, Any]]:
    return [
        {"position": position, "kind": _kind(position, size, padding), "read": position in read}
        for position in positions
    ]


def _kind(position: int, size: int, padding: int) -> str:
    if 0 <= position < size:
        return "pixel"
    return "padding" if position < size + padding else "outside"


def _grids(scene: dict[str, Any]) -> list[dict[str, Any]]:
    cells = [f"input:{cell['position']}" for cell in scene["cells"]]
    grids = [{"name": "input", "label": "input", "keys": [cells]}]
    if bars := [f"window:{i}" for i in range(len(_bars(scene)))]:
        grids.append({"name": "window", "label": "windows", "keys": [bars]})
    return grids


def _bars(scene: dict[str, Any]) -> list[list[int]]:
    """Windows of "floor", then the one that only "ceil" has."""
    return [*scene["windows"], *([scene["hanging"]] if scene["hanging"] else [])]


def _links(scene: dict[str, Any]) -> dict[str, Any]:
    """What a window reads, and which windows read a pixel."""
    bars, links = _bars(scene), {}
    kinds = {cell["position"]: cell["kind"] for cell in scene["cells"]}
    stride, padding = scene["settings"]["stride"], scene["settings"]["padding"]
    for i, window in enumerate(bars):
        pixels = [_place(position, kinds[position]) for position in window]
        extra = " It hangs over the edge: only ceil has it." if i >= len(scene["windows"]) else ""
        text = (
            f"Window {i} begins at {i}·{stride} − {padding} = {_signed(window[0])} and reads "
            f"{', '.join(pixels)}.{extra}"
        )
        marks = {"window": [f"input:{position}" for position in window]}
        links[f"window:{i}"] = {"text": text, "marks": marks}
    for position, kind in kinds.items():
        readers = [i for i, window in enumerate(bars) if position in window]
        marks = {"output": [f"window:{i}" for i in readers]}
        text = f"{_place(position, kind).capitalize()}: {_readers(readers)}."
        links[f"input:{position}"] = {"text": text, "marks": marks}
    return links


def _place(position: int, kind: str) -> str:
    names = {"pixel": "pixel", "padding": "padding at", "outside": "nothing at"}
    return f"{names[kind]} {_signed(position)}"


def _signed(number: int) -> str:
    return str(number).replace("-", "−")


def _readers(readers: list[int]) -> str:
    if not readers:
        return "no window reads it, so it cannot change the output"
    many = "s" if len(readers) > 1 else ""
    return f"read by window{many} {', '.join(map(str, readers))}"


def _formulas(scene: dict[str, Any]) -> list[str]:
    size, kernel_size, stride, padding = scene["settings"].values()
    room = size + 2 * padding - kernel_size
    fraction = f"({size} + 2·{padding} − {kernel_size})/{stride}"
    floor, ceil, error = scene["outputs"].values()
    rounded_up = -(-room // stride) + 1
    beyond = ""
    if rounded_up > ceil:
        beyond = f", but that window would start beyond the input, so {ceil}"
    whole = f"= {error}" if error else f"= {room / stride + 1:.2f} is not whole, so it is refused"
    return [
        f"floor: ⌊{fraction}⌋ + 1 = {floor}",
        f"ceil:  ⌈{fraction}⌉ + 1 = {rounded_up}{beyond}",
        f"error: {fraction} + 1 {whole}",
    ]


def _code(scene: dict[str, Any]) -> list[str]:
    size, kernel_size, stride, padding = scene["settings"].values()
    if scene["problem"]:
        return [f"# {scene['problem']}"]
    keras = f"keras.layers.Conv2D(1, kernel_size={kernel_size}, strides={stride})"
    if padding:
        keras = f"keras.Sequential([keras.layers.ZeroPadding2D({padding}), {keras}])"
    return [
        "# PyTorch",
        f"conv = torch.nn.Conv2d(1, 1, kernel_size={kernel_size}, stride={stride}, "
        f"padding={padding})",
        f"conv(torch.zeros(1, 1, {size}, {size})).shape[-1]  # {scene['outputs']['floor']}",
        "# Keras",
        f"conv = {keras}",
        f"conv(keras.ops.zeros((1, {size}, {size}, 1))).shape[-2]  # {scene['outputs']['floor']}",
    ]


def _text(scene: dict[str, Any]) -> str:
    size, kernel_size, stride, padding = scene["settings"].values()
    start = f"input {size}, kernel {kernel_size}, stride {stride}, padding {padding} → "
    if scene["problem"]:
        return f"{start}{scene['problem']}"
    floor, ceil, error = scene["outputs"].values()
    text = f"{start}floor {floor}, ceil {ceil}, " + (
        f"error {error}" if error else "error: does not fit"
    )
    if scene["left_over"]:
        text += f", {_pixels(scene['left_over'])} left over"
    if stride > kernel_size and floor > 1:
        text += f", {_pixels(stride - kernel_size)} skipped between windows"
    return text


def _pixels(number: int) -> str:
    return f"{number} pixel{'' if number == 1 else 's'}"
