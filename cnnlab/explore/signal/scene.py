"""Both signals through all layers, and what is said of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from cnnlab.explore.numbers import short
from cnnlab.explore.scene import Grid, Link, Play, Scene
from cnnlab.explore.signal.model import ACTIVATIONS, SCHEMES, Layer, factor, layers, passes, weights
from cnnlab.explore.signal.presets import DEFAULTS, EXAMPLES

KEPT = 10.0  # factor up to which a signal has kept its size


@dataclass(frozen=True, kw_only=True)
class SignalScene(Scene):
    """Layers, and what is said of them."""

    layers: tuple[Layer, ...]


def signal_scene(
    *,
    scheme: str = DEFAULTS["scheme"],
    activation: str = DEFAULTS["activation"],
    gain: float = DEFAULTS["gain"],
    depth: int = DEFAULTS["depth"],
    width: int = DEFAULTS["width"],
    seed: int = DEFAULTS["seed"],
    example: str = "",
) -> SignalScene:
    """Send a batch through a stack of dense layers, and an error signal back.

    Parameters
    ----------
    scheme : str
        One of ``SCHEMES``.
    activation : str
        One of ``ACTIVATIONS``.
    gain : float
        What all weights are multiplied by.
    depth, width : int
        Layers, and units of each.
    seed : int
        Of the weights and the batch.
    example : str
        Name of the worked example that these settings are, or "".

    Examples
    --------
    >>> signal_scene(depth=3, scheme="zeros").text
    '3 layers of 100 units, ReLU, zeros → signal 0 from layer 1 on, no weight has a gradient'
    """
    found = passes(weights(depth, width, scheme, gain, seed), activation, seed)
    made = tuple(layers(found, activation))
    begin = f"{depth} layer{'s' * (depth > 1)} of {width} unit{'s' * (width > 1)}, "
    begin += f"{ACTIVATIONS[activation].name}, {SCHEMES[scheme]}{_times(gain, scheme)}"
    return SignalScene(
        layers=made,
        text=f"{begin} → {', '.join(_outcome(made, scheme, width))}",
        formulas=list(_formulas(made, width, scheme, gain, activation)),
        code=_code(scheme, activation, gain, depth, width, seed),
        grids=_grids(depth),
        links={f"layer:{i}": Link(text=_about(made, i, width)) for i in range(depth + 1)},
        play=Play(grid="layer", label="layers"),
        hint="Point at a layer, or play; the error signal comes in behind the last one.",
        note=_note(example),
    )


def _times(gain: float, scheme: str) -> str:
    return "" if gain == 1 or scheme == "zeros" else f", × {gain:g}"


def _note(example: str) -> str:
    if example in EXAMPLES:
        return EXAMPLES[example].note
    return (
        "Above, the root mean square of the signal after each layer, and of the error signal in "
        "front of it, where a level line is what one wants. Below, how the single numbers "
        "lie: each layer's shape is wide where many of them are."
    )


def _outcome(made: tuple[Layer, ...], scheme: str, width: int) -> Iterator[str]:
    silent = next((i for i, layer in enumerate(made) if layer.signal == 0), None)
    if silent is not None:
        yield f"signal 0 from layer {silent} on"
    else:
        yield f"signal {_change(made[0].signal, made[-1].signal)}"
    moving = any(layer.weight_gradient for layer in made)
    yield (
        f"error signal {_change(made[-1].error, made[0].error)}"
        if moving
        else ("no weight has a gradient")
    )
    if scheme == "equal" and silent is None:
        yield "all units of a layer are the same"
    dead = sum(layer.dead for layer in made[1:])
    if dead and silent is None:
        yield f"{dead:,} of {width * (len(made) - 1):,} units dead"


def _change(before: float, after: float) -> str:
    if after == 0:
        return "fades to 0"
    if not after < float("inf"):
        return "explodes beyond all numbers"
    ratio = after / before
    return "explodes" if ratio > KEPT else "fades" if ratio < 1 / KEPT else "keeps its size"


def _formulas(
    made: tuple[Layer, ...], width: int, scheme: str, gain: float, activation: str
) -> Iterator[str]:
    expected = factor(width, scheme, gain, activation)
    if expected is not None:
        share = " · ½" if activation == "relu" else ""
        yield (
            f"expected: each layer multiplies the mean square by n·σ²{share} = {short(expected)}, "
            f"so {len(made) - 1} layers multiply the signal by "
            f"{short(expected ** ((len(made) - 1) / 2))}"
        )
    yield f"found: signal {short(made[0].signal)} → {short(made[-1].signal)}"
    yield f"error signal, from the end: {short(made[-1].error)} → {short(made[0].error)}"


def _grids(depth: int) -> list[Grid]:
    keys = [f"layer:{i}" for i in range(depth + 1)]
    return [Grid(name="layer", label="layers", keys=[keys])]


def _about(made: tuple[Layer, ...], i: int, width: int) -> str:
    layer = made[i]
    words = f"signal {short(layer.signal)}, error signal {short(layer.error)}"
    if layer.weight_gradient is None:
        return f"Input: {words}."
    said = [words, f"gradient of its {width}×{width} weights {short(layer.weight_gradient)}"]
    if layer.dead:
        said.append(f"{layer.dead} of {width} units dead")
    if layer.saturated > layer.dead:
        said.append(f"{layer.saturated - layer.dead} of {width} saturated for the whole batch")
    said.append(f"{layer.different} of {width} units different")
    return f"Layer {i}: {'; '.join(said)}."


def _code(
    scheme: str, activation: str, gain: float, depth: int, width: int, seed: int
) -> list[str]:
    act = ACTIVATIONS[activation].row
    rows = (
        f"spec.Linear({width}, bias=False), {act}" if act else f"spec.Linear({width}, bias=False),"
    )
    init = "zeros" if scheme in ("small", "equal") else scheme
    drawn = {
        "small": f"rng.normal(0, 0.01, ({width}, {width}))",
        "equal": f"np.full(({width}, {width}), 1 / {width})",
    }.get(scheme, "weight")
    return [
        "import numpy as np",
        "from cnnlab import spec",
        "from cnnlab.scratch import build",
        "",
        f"rows = [row for _ in range({depth}) for row in ({rows})]",
        f"net = build(spec.Chain(*rows), ({width},), {seed}, init={init!r}, dtype=np.float64)",
        f"rng = np.random.default_rng({seed})",
        f"state = {{key: {gain!r} * {drawn} for key, weight in net.state_dict().items()}}",
        "net.load_state_dict(state)",
        f"rng = np.random.default_rng([{seed}, 1])",
        f"y = net.forward(rng.normal(size=(64, {width})))",
        "x_bar = net.backward(rng.normal(size=y.shape))",
        "print(np.sqrt((y**2).mean()), np.sqrt((x_bar**2).mean()))",
    ]
