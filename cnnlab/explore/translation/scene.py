"""A digit that moves: what moves with it, what nearly does, and what falls apart."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab.explore.kernels import kernel
from cnnlab.explore.threads import one_thread
from cnnlab.explore.translation.networks import MARGIN, framed, networks
from cnnlab.scratch import functional as F

Array = npt.NDArray[np.float32]
Maps = dict[str, Array]

EXAMPLES = 20  # digits of each class to choose from
STEPS = (2, 3, 4)
FILTER = "sobel-x"


def translation_scene(
    digit: int = 3, example: int = 0, dx: int = 0, dy: int = 0, step: int = 4
) -> dict[str, Any]:
    """Outputs for a digit in the middle and for the same digit moved, and how they differ.

    Parameters
    ----------
    digit, example : int
        Which of the digits that the networks have not seen: class, and number in its class.
    dx, dy : int
        Pixels to the right and down.
    step : int
        Window and stride of the pooling, and stride of the strided convolution.

    Returns
    -------
    dict
        ``problem``, what does not fit, or ""; ``maps`` and ``scores``, outputs for the moved
        digit by name, and ``at_rest``, both for the digit in the middle; ``read``, the class
        each network finds now and at rest; ``differences``, for each output, the mean absolute
        difference from the moved output at rest, as a share of the mean absolute output at
        rest; ``formulas``, ``code`` and ``text``, words.

    Examples
    --------
    >>> scene = translation_scene(digit=3, dx=5)
    >>> scene["differences"]["response"], scene["differences"]["convolutional"]
    (0.0, 0.0)
    """
    settings = {"digit": digit, "example": example, "dx": dx, "dy": dy, "step": step}
    problem = _problem(settings)
    scene: dict[str, Any] = {"settings": settings, "problem": problem, "maps": {}, "scores": {}}
    if problem:
        return scene | {
            "formulas": [],
            "code": [f"# {problem}"],
            "text": f"{_where(settings)}{problem}",
        }
    number = _number(digit, example)
    rest, now = _outputs(number, 0, 0, step), _outputs(number, dx, dy, step)
    names = ("dense", "convolutional")
    scene["maps"] = {name: now[name] for name in now if name not in names}
    scene["scores"] = {name: now[name] for name in names}
    scene["at_rest"] = rest
    scene["read"] = {name: (int(now[name].argmax()), int(rest[name].argmax())) for name in names}
    scene["differences"] = _differences(rest, now, dx, dy, step)
    scene["formulas"] = _lines(scene)
    scene["code"] = _code(settings, number)
    scene["text"] = _text(scene)
    return scene


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


def _problem(settings: dict[str, int]) -> str:
    bounds = {"digit": (0, 9), "example": (0, EXAMPLES - 1), "step": (STEPS[0], STEPS[-1])}
    bounds |= dict.fromkeys(("dx", "dy"), (-MARGIN, MARGIN))
    for name, (least, most) in bounds.items():
        if not least <= settings[name] <= most:
            return f"{name} must be from {least} to {most}, not {settings[name]}. Choose another."
    return ""


@cache
def _number(digit: int, example: int) -> int:
    return int(np.flatnonzero(networks().labels == digit)[example])


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
    for name in ("dense", "convolutional"):
        result[name] = difference(now[name][None], rest[name][None])
    return result


def _nearest(shift: int, step: int) -> int:
    return (2 * shift + step) // (2 * step)


def _where(settings: dict[str, int]) -> str:
    right, down = settings["dx"], settings["dy"]
    moves = [f"{abs(right)} {'right' if right > 0 else 'left'}"] * bool(right)
    moves += [f"{abs(down)} {'down' if down > 0 else 'up'}"] * bool(down)
    return (
        f"digit {settings['digit']} {'moved ' + ', '.join(moves) if moves else 'in the middle'}: "
    )


def percent(share: float) -> str:
    """Write a share as people read it.

    Examples
    --------
    >>> percent(0), percent(0.004), percent(1.234)
    ('0 %', 'under 1 %', '123 %')
    """
    return "under 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def _text(scene: dict[str, Any]) -> str:
    shares = {name: percent(share) for name, share in scene["differences"].items()}
    (dense, _), (conv, _) = scene["read"].values()
    return (
        f"{_where(scene['settings'])}response map differs {shares['response']}, pooled "
        f"{shares['pooled']}, strided {shares['strided']}; dense network reads {dense}, "
        f"convolutional network reads {conv}"
    )


def _lines(scene: dict[str, Any]) -> list[str]:
    dx, dy, step = (scene["settings"][name] for name in ("dx", "dy", "step"))
    near = _nearest(dx, step), _nearest(dy, step)
    exact = dx % step == dy % step == 0
    follow = "exactly" if exact else f"nearly: the shift is no multiple of {step}"
    return [
        f"response map:          compared with itself moved by ({dx}, {dy}): follows exactly",
        f"pooled, strided maps:  compared with themselves moved by {near}: follow {follow}",
        "scores:                should stay as they are",
    ]


def _code(settings: dict[str, int], number: int) -> list[str]:
    dx, dy, step = settings["dx"], settings["dy"], settings["step"]
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
