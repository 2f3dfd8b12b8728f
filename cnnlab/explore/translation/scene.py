"""A digit that moves: what moves with it, what nearly does, and what falls apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab.explore.images import GREY, SIGNED, image
from cnnlab.explore.kernels import kernel
from cnnlab.explore.numbers import percent
from cnnlab.explore.scene import Scene
from cnnlab.explore.threads import one_thread
from cnnlab.explore.translation.networks import MARGIN, framed, networks
from cnnlab.scratch import functional as F

Array = npt.NDArray[np.float32]
Maps = dict[str, Array]

SAMPLES = 20  # digits of each class to choose from
STEPS = (2, 3, 4)
FILTER = "sobel-x"
NETWORKS = ("dense", "convolutional")
NAMES = {
    "response": "response map",
    "pooled": "pooled map",
    "strided": "strided map",
    "dense": "dense scores",
    "convolutional": "conv scores",
}


@dataclass(frozen=True, kw_only=True)
class Move:
    """A digit moved, and what that does to maps and scores.

    Attributes
    ----------
    problem : str
        What does not fit, or "".
    maps : dict
        "input", "response", "pooled" and "strided", each (H, W).
    scores : dict
        Of the "dense" and the "convolutional" network, each (10,).
    at_rest : dict
        All of them for the digit in the middle.
    differences : dict
        For each output, the mean absolute difference from the output at rest, moved along, as a
        share of the mean absolute output at rest.
    """

    digit: int
    sample: int
    dx: int
    dy: int
    step: int
    problem: str = ""
    maps: Maps = field(default_factory=dict)
    scores: Maps = field(default_factory=dict)
    at_rest: Maps = field(default_factory=dict)
    differences: Mapping[str, float] = field(default_factory=dict)

    def read(self, network: str) -> tuple[int, int]:
        """Class that a network finds now, and for the digit in the middle."""
        return int(self.scores[network].argmax()), int(self.at_rest[network].argmax())


@dataclass(frozen=True, kw_only=True)
class TranslationScene(Scene):
    """A digit moved, and what is said of it."""

    move: Move


def translation_scene(
    *, digit: int = 3, sample: int = 0, dx: int = 0, dy: int = 0, step: int = 4
) -> TranslationScene:
    """Outputs for a digit in the middle and for the same digit moved, and how they differ.

    Parameters
    ----------
    digit, sample : int
        Which of the digits that the networks have not seen: class, and number in its class.
    dx, dy : int
        Pixels to the right and down.
    step : int
        Window and stride of the pooling, and stride of the strided convolution.

    Examples
    --------
    >>> scene = translation_scene(digit=3, dx=5)
    >>> scene.move.differences["response"], scene.move.differences["convolutional"]
    (0.0, 0.0)
    """
    move = make_move(Move(digit=digit, sample=sample, dx=dx, dy=dy, step=step))
    if move.problem:
        text, code = f"{_where(move)}{move.problem}", [f"# {move.problem}"]
        return TranslationScene(move=move, text=text, problem=move.problem, code=code)
    text = _text(move)
    return TranslationScene(
        move=move,
        text=text,
        formulas=_lines(move),
        code=_code(move, _number(digit, sample)),
        images=_images(move, text),
        note="Convolution is equivariant: moving the digit moves its response map by as much. "
        "Pooling and stride keep every few pixels only, so their maps follow a shift by whole "
        "steps. The dense network has a weight for each place and has seen digits in the middle "
        "only; the convolutional one takes the largest response, wherever it is.",
        hint="Drag the digit, or focus it and press the arrow keys.",
    )


def make_move(asked: Move) -> Move:
    """Compute what was asked for, or say what does not fit."""
    if problem := _problem(asked):
        return replace(asked, problem=problem)
    number = _number(asked.digit, asked.sample)
    rest = _outputs(number, 0, 0, asked.step)
    now = _outputs(number, asked.dx, asked.dy, asked.step)
    return replace(
        asked,
        maps={name: now[name] for name in now if name not in NETWORKS},
        scores={name: now[name] for name in NETWORKS},
        at_rest=rest,
        differences=_differences(rest, now, asked.dx, asked.dy, asked.step),
    )


def limit(move: Move) -> float:
    """Largest response, which the ends of the colour scale stand for."""
    return float(abs(move.maps["response"]).max()) or 1.0


def _images(move: Move, text: str) -> dict[str, Any]:
    """A digit to drag, maps to read."""
    images = {}
    for name, values in move.maps.items():
        height, width = values.shape
        title = "digit, to drag" if name == "input" else NAMES[name]
        scale: dict[str, Any] = {"low": -limit(move), "high": limit(move), "colors": SIGNED}
        if name == "input":
            drag = {"names": ["dx", "dy"], "at": [move.dx, move.dy], "limit": MARGIN}
            scale = {"colors": GREY, "drag": drag}
        label = f"{title}, {height} by {width} pixels; {text}"
        caption = f"{title.split(',')[0]} {height}×{width}"
        images[name] = image(name, (height, width), label, caption=caption, **scale)
    return images


def moved(values: Array, dx: int, dy: int) -> tuple[slice, slice]:
    """Part of a map that a shift by (dx, dy) keeps, as slices of rows and columns.

    Examples
    --------
    >>> moved(np.zeros((5, 5), np.float32), dx=2, dy=-1)
    (slice(1, 5, None), slice(0, 3, None))
    """
    height, width = values.shape
    return (
        slice(max(-dy, 0), height - max(dy, 0)),
        slice(max(-dx, 0), width - max(dx, 0)),
    )


def difference(now: Array, rest: Array, dx: int = 0, dy: int = 0) -> float:
    """Mean absolute difference of ``now`` from ``rest`` moved, over the mean of ``|rest|``.

    Pixels that leave or enter the map are left out.

    Examples
    --------
    >>> rest = np.eye(4, dtype=np.float32)
    >>> difference(np.roll(rest, 1, axis=1), rest, dx=1)
    0.0
    """
    left = rest[moved(rest, dx, dy)]
    here = now[moved(now, -dx, -dy)]
    size = float(np.abs(left).mean())
    share = float(np.abs(here - left).mean()) / size if size else 0.0
    return round(share, 5)  # beyond that float32 may differ with the order of a sum


def _problem(move: Move) -> str:
    bounds = {"digit": (0, 9), "sample": (0, SAMPLES - 1), "step": (STEPS[0], STEPS[-1])}
    bounds |= dict.fromkeys(("dx", "dy"), (-MARGIN, MARGIN))
    for name, (least, most) in bounds.items():
        value = getattr(move, name)
        if not least <= value <= most:
            return f"{name} must be from {least} to {most}, not {value}. Choose another."
    return ""


@cache
def _number(digit: int, sample: int) -> int:
    return int(np.flatnonzero(networks().labels == digit)[sample])


def _outputs(number: int, dx: int, dy: int, step: int) -> Maps:
    x = framed(networks().digits[[number]], dx, dy)
    weight = kernel(FILTER).astype(np.float32)[None, None]  # (1, 1, 3, 3)
    response, _ = F.conv2d(x, weight, padding=1)
    pooled, _ = F.max_pool2d(response, step)
    strided, _ = F.conv2d(x, weight, padding=1, stride=step)
    maps = {"input": x, "response": response, "pooled": pooled, "strided": strided}
    outputs = {name: values[0, 0] for name, values in maps.items()}
    two = networks()
    with one_thread():
        for name, net in (("dense", two.dense), ("convolutional", two.conv)):
            outputs[name] = _softmax(net.forward(x)[0])  # (10,)
    return outputs


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max())
    shares: Array = powers / powers.sum()
    return shares


def _differences(rest: Maps, now: Maps, dx: int, dy: int, step: int) -> dict[str, float]:
    near = _nearest(dx, step), _nearest(dy, step)  # nearest whole cells of the smaller maps
    shifts = {"response": (dx, dy), "pooled": near, "strided": near}
    result = {name: difference(now[name], rest[name], *shifts[name]) for name in shifts}
    for name in NETWORKS:
        result[name] = difference(now[name][None], rest[name][None])
    return result


def _nearest(shift: int, step: int) -> int:
    return (2 * shift + step) // (2 * step)


def _where(move: Move) -> str:
    right, down = move.dx, move.dy
    moves = [f"{abs(right)} {'right' if right > 0 else 'left'}"] * bool(right)
    moves += [f"{abs(down)} {'down' if down > 0 else 'up'}"] * bool(down)
    return f"digit {move.digit} {'moved ' + ', '.join(moves) if moves else 'in the middle'}: "


def _text(move: Move) -> str:
    shares = {name: percent(share) for name, share in move.differences.items()}
    dense, conv = (move.read(name)[0] for name in NETWORKS)
    return (
        f"{_where(move)}response map differs {shares['response']}, pooled "
        f"{shares['pooled']}, strided {shares['strided']}; dense network says {dense}, "
        f"convolutional network says {conv}"
    )


def _lines(move: Move) -> list[str]:
    dx, dy, step = move.dx, move.dy, move.step
    near = _nearest(dx, step), _nearest(dy, step)
    exact = dx % step == dy % step == 0
    follow = "exactly" if exact else f"nearly: the shift is no multiple of {step}"
    return [
        f"response map:          compared with itself moved by ({dx}, {dy}): follows exactly",
        f"pooled, strided maps:  compared with themselves moved by {near}: follow {follow}",
        "scores:                should stay as they are",
    ]


def _code(move: Move, number: int) -> list[str]:
    dx, dy, step = move.dx, move.dy, move.step
    return [
        "import numpy as np",
        "import torch",
        "from cnnlab.explore.translation.networks import framed, networks",
        "",
        f"digit = networks().digits[[{number}]]",
        f"x = framed(digit, dx={dx}, dy={dy})  # (1, 1, 40, 40)",
        "kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)",
        "",
        "# NumPy",
        "padded = np.pad(x[0, 0], 1)",
        "windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))",
        "response = np.einsum('ijkl,kl->ij', windows, kernel)",
        f"strided = response[::{step}, ::{step}]",
        "",
        "# PyTorch",
        "F, weight = torch.nn.functional, torch.from_numpy(kernel)[None, None]",
        "response_map = F.conv2d(torch.from_numpy(x), weight, padding=1)",
        f"pooled = F.max_pool2d(response_map, {step})[0, 0]",
        "",
        "# The two networks' scores, trained and computed in NumPy",
        "dense, conv = (net.forward(x)[0] for net in networks()[:2])",
    ]
