"""Pooling in lines of text: formulas, the scene in one line, and the code that computes it."""

from cnnlab.explore.numbers import literal, number
from cnnlab.explore.pooling.model import Pooling, Settings


def formulas(pooling: Pooling) -> list[str]:
    """Size of the output, and the rule of the mode, in one line each.

    Parameters
    ----------
    pooling : Pooling
    """
    if pooling.problem:
        return []
    settings = pooling.settings
    kernel, stride, padding = settings.kernel_size, settings.stride, settings.padding
    left, right = "⌈⌉" if settings.policy == "ceil" else "⌊⌋"
    lines = []
    sizes = (
        (len(pooling.input), len(pooling.output)),
        (
            len(pooling.input[0]),
            len(pooling.output[0]),
        ),
    )
    for name, (size, count) in zip(("height:", "width: "), sizes, strict=True):
        fraction = f"({size} + 2·{padding} − {kernel})/{stride}"
        rounded = f"{left}{fraction}{right}"
        room = size + 2 * padding - kernel
        up = -(-room // stride) + 1
        beyond = settings.policy == "ceil" and up > count
        result = f"{up}, but that window would start beyond the input, so {count}"
        lines.append(f"{name} {rounded} + 1 = {result if beyond else count}")
    lines.append("parameters: 0; pooling learns nothing and keeps the number of maps")
    if settings.backward:
        lines.append(_rule(settings))
    return lines


def _rule(settings: Settings) -> str:
    if settings.kind != "max":
        return "backward: each upstream gradient is shared by the pixels that counted"
    tie = "the first of equal ones, row by row, as in PyTorch"
    if settings.ties == "share":
        tie = "equal ones share it"
    return f"backward: each upstream gradient goes to the maximum of its window ({tie})"


def summary(pooling: Pooling) -> str:
    """Say the scene in one line.

    Parameters
    ----------
    pooling : Pooling
    """
    settings = pooling.settings
    kind = "max pooling" if settings.kind == "max" else "average pooling"
    size = f"{len(pooling.input)}×{len(pooling.input[0])}" if pooling.input else "empty"
    kernel = f"{settings.kernel_size}×{settings.kernel_size}"
    start = f"{kind} {kernel}, stride {settings.stride}, padding {settings.padding}: "
    if pooling.problem:
        return f"{start}input {size} → {pooling.problem}"
    output = pooling.output
    words = f"{start}input {size} → output {len(output)}×{len(output[0])}: {rows(output)}"
    if settings.backward:
        words += f"; gradient of the input: {rows(pooling.gradient)}"
    return words


def rows(grid: list[list[float]]) -> str:
    """Write a grid on one line.

    Examples
    --------
    >>> rows([[6.0, 8.0], [3.0, 4.0]])
    '6 8 / 3 4'
    """
    return " / ".join(" ".join(map(number, row)) for row in grid)


def code(pooling: Pooling) -> list[str]:
    """Lines of NumPy and PyTorch that compute the scene.

    Parameters
    ----------
    pooling : Pooling
    """
    if pooling.problem:
        return [f"# {pooling.problem}"]
    return ["# NumPy", *_numpy(pooling), "", "# PyTorch", *_torch(pooling)]


def _array(grid: list[list[float]]) -> str:
    return "[" + ", ".join(f"[{', '.join(map(literal, row))}]" for row in grid) + "]"


def _numpy(pooling: Pooling) -> list[str]:
    settings = pooling.settings
    name = "max_pool2d" if settings.kind == "max" else "avg_pool2d"
    options = f"{settings.kernel_size}, stride={settings.stride}"
    if settings.padding:
        options += f", padding={settings.padding}"
    if settings.policy != "floor":
        options += f', policy="{settings.policy}"'
    if settings.kind != "max" and not settings.count_include_pad:
        options += ", count_include_pad=False"
    if settings.kind == "max" and settings.ties != "first":
        options += ', ties="share"'
    lines = [
        "import numpy as np",
        "from cnnlab.scratch.functional import " + f"{name}, {name}_backward",
        f"x = np.array({_array(pooling.input)}, float)[None, None]  # (1, 1, H, W)",
        f"y, cache = {name}(x, {options})",
    ]
    if settings.backward:
        lines.append(f"dy = np.array({_array(pooling.upstream)}, float)[None, None]")
        lines.append(f"dx = {name}_backward(dy, cache)")
    return lines


def _torch(pooling: Pooling) -> list[str]:
    settings = pooling.settings
    if 2 * settings.padding > settings.kernel_size:
        return ["# PyTorch refuses a padding of more than half the kernel."]
    name = "max_pool2d" if settings.kind == "max" else "avg_pool2d"
    options = f"{settings.kernel_size}, stride={settings.stride}"
    if settings.padding:
        options += f", padding={settings.padding}"
    if settings.policy == "ceil":
        options += ", ceil_mode=True"
    if settings.kind != "max" and not settings.count_include_pad:
        options += ", count_include_pad=False"
    back = settings.backward
    grad = ", requires_grad=True" if back else ""
    lines = [
        "import torch",
        f"x = torch.tensor([[{_array(pooling.input)}]], dtype=torch.float64{grad})",
        f"y = torch.nn.functional.{name}(x, {options})",
    ]
    if back:
        lines.append(
            f"y.backward(torch.tensor([[{_array(pooling.upstream)}]], dtype=torch.float64))"
        )
        shares = settings.kind == "max" and settings.ties == "share"
        first = "  # a tie goes to the first; PyTorch cannot share it" if shares else ""
        lines.append(f"dx = x.grad{first}")
    return lines
