"""A unit's sums in words, its line as a formula, and the code that computes the table."""

import numpy as np

from cnnlab.explore.boundary.model import NAMES, Network, activate, slope
from cnnlab.explore.numbers import literal, number

FLAT = 0.05  # a slope below it lets hardly anything pass


def weighted(weights: list[float], names: list[str]) -> str:
    """A weighted sum without a bias.

    Examples
    --------
    >>> weighted([1.0, -2.0], ["x₁", "x₂"])
    '1·x₁ − 2·x₂'
    """
    parts = [f"{number(weights[0])}·{names[0]}"]
    parts += [
        f"{'+' if w >= 0 else '−'} {number(abs(w))}·{n}"
        for w, n in zip(weights[1:], names[1:], strict=True)
    ]
    return " ".join(parts)


def affine(weights: list[float], names: list[str], bias: float) -> str:
    """A weighted sum with its bias.

    Examples
    --------
    >>> affine([1.0, -2.0], ["x₁", "x₂"], -0.5)
    '1·x₁ − 2·x₂ − 0.5'
    """
    return f"{weighted(weights, names)} {'+' if bias >= 0 else '−'} {number(abs(bias))}"


def reads(network: Network) -> list[str]:
    """What the output unit reads."""
    return [f"{'hx'[not network.settings.hidden]}{'₁₂₃'[i]}" for i in range(len(network.output[0]))]


def formulas(network: Network) -> list[str]:
    """The sums of all units; that of the output as a bias and as a threshold has it.

    Parameters
    ----------
    network : Network
    """
    weights, bias = network.output
    name, act = network.settings.activation, network.settings.hidden
    lines = [
        f"h{'₁₂₃'[k]} = {name}({affine(list(row), ['x₁', 'x₂'], float(c))})"
        for k, (row, c) in enumerate(zip(*network.layer, strict=True))
    ]
    last = f"z = {affine(list(weights), reads(network), bias)}"
    end = "on where z > 0" if act else f"answer {name}(z), on where z > 0"
    alone = weighted(list(weights), reads(network))
    threshold = f"the same with a threshold: on where {alone} > {number(0.0 - bias)}"
    return [*lines, f"{last}, {end}", threshold]


def row(network: Network, i: int) -> str:
    """How one row of the truth table is answered.

    Parameters
    ----------
    network : Network
    i : int
        0 to 3, in the order of the table.
    """
    weights, bias = network.output
    hidden = network.hidden(network.inputs[i : i + 1])[0]
    z = float(network.table[i])
    start = f"{network.rows[i]}: "
    if network.settings.hidden:
        each = ", ".join(f"h{'₁₂₃'[k]} = {number(v)}" for k, v in enumerate(hidden))
        start += f"{each}, so "
    products = affine(
        list(weights), [f"({number(v)})" if v < 0 else number(v) for v in hidden], bias
    )
    end = f"{start}z = {products} = {number(z)}, {'on' if z > 0 else 'off'}."
    if z == 0:
        end += " Exactly on the line: the unit is undecided, and we say off."
    if network.settings.hidden:
        return end
    name = network.settings.activation
    at = np.array([z])
    steep = float(slope(name, at)[0])
    end += f" {name}({number(z)}) = {number(float(activate(name, at)[0]))}, slope {number(steep)}."
    if name in ("sigmoid", "tanh") and steep < FLAT:
        end += " Saturated: hardly any gradient gets through."
    return end


def summary(network: Network, found: list[int]) -> str:
    """The result in one line.

    Parameters
    ----------
    network : Network
    found : list of int
        Functions found so far.
    """
    pairs = zip(network.rows, network.answers, strict=True)
    table = ", ".join(f"{name} → {number(answer)}" for name, answer in pairs)
    kind = f"{network.settings.hidden} hidden units" if network.settings.hidden else "one unit"
    last = formulas(network)[-2].split(",")[0]
    words = f"{kind} ({network.settings.activation}), {last}: {table}: {NAMES[network.function]}"
    words += f"; {len(found)} of 16 functions found"
    return words + ("; dead: no input brings the sum above 0" if is_dead(network) else "")


def is_dead(network: Network) -> bool:
    """Whether it is a single ReLU whose sum is above 0 for no input."""
    alone = not network.settings.hidden and network.settings.activation == "relu"
    return alone and not network.on.any()


def function(network: Network, i: int, found: list[int]) -> str:
    """What is known of one Boolean function.

    Parameters
    ----------
    network : Network
    i : int
        Its place in ``NAMES``.
    found : list of int
        Functions found so far.
    """
    ones = [name for k, name in enumerate(network.rows) if i >> (3 - k) & 1]
    where = f"1 for {', '.join(ones)}" if ones else f"always {number(network.settings.no)}"
    state = "found" if i in found else "not found yet"
    now = " This is what you see." if i == network.function else ""
    return f"{NAMES[i]}: {where if len(ones) < 4 else 'always 1'}; {state}.{now}"


def code(network: Network) -> list[str]:
    """Lines of NumPy and PyTorch that compute the truth table.

    Parameters
    ----------
    network : Network
    """
    (w, b), (weight, bias), name = network.output, network.layer, network.settings.activation
    inputs = str(network.inputs.astype(int).tolist())
    last = f"np.array({_list(w)}) + {literal(b)}"
    if not network.settings.hidden:
        return [
            "import numpy as np",
            "from cnnlab.scratch import functional",
            f"x = np.array({inputs}, float)  # (4, 2)",
            f"z = np.round(x @ {last}, 9)  # without what rounding leaves of a 0",
            f"answers, _ = functional.{name}(z)",
        ]
    rows = "[" + ", ".join(_list(row) for row in weight) + "]"
    return [
        "import numpy as np",
        "from cnnlab.scratch import functional",
        f"x = np.array({inputs}, float)  # (4, 2)",
        f"sums = np.round(x @ np.array({rows}).T + np.array({_list(bias)}), 9)",
        f"h, _ = functional.{name}(sums)  # (4, {len(bias)})",
        f"z = np.round(h @ {last}, 9)  # without what rounding leaves of a 0",
        "answers = " + ("np.where(z > 0, 1, -1)" if network.settings.no else "z > 0"),
    ]


def _list(values: np.ndarray) -> str:
    return f"[{', '.join(literal(float(v)) for v in values)}]"
