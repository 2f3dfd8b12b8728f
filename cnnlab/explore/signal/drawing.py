"""Both signals layer by layer: their size as curves, their numbers as shapes."""

from math import isfinite, log10

from cnnlab.explore.numbers import odd
from cnnlab.explore.scene import Stage
from cnnlab.explore.signal.model import BINS, FAR, Array
from cnnlab.explore.signal.scene import SignalScene
from cnnlab.explore.svg import BLUE, INK, LINE, MUTED, VERMILLION, path, picture, rect, target, text

MARGIN, EDGE, TITLE, TICKS = 6, 40, 20, 18  # pixels
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWEST, HIGHEST = -12.0, 12.0  # powers of ten that are drawn
Box = tuple[float, float, float, float]
NAMES = ("signal, forward", "error signal, backward")
COLORS, DASHES = (BLUE, VERMILLION), ("none", "6 3")


def draw(scene: SignalScene, stage: Stage) -> str:
    """Draw the sizes of both signals, and under them the shapes of their numbers.

    Examples
    --------
    >>> from cnnlab.explore.signal.scene import signal_scene
    >>> draw(signal_scene(depth=3, width=10), Stage(900, 430)).count('data-key="layer:3"')
    3
    """
    sizes, forward, backward = _layout(stage)
    shapes = [
        _shapes([layer.forward for layer in scene.layers], forward, 0),
        _shapes([layer.backward for layer in scene.layers], backward, 1),
    ]
    parts = [*_sizes(scene, sizes), *(part for each in shapes for part in each)]
    return picture(stage.width, stage.height, scene.text, parts)


def _layout(stage: Stage) -> tuple[Box, Box, Box]:
    wide = stage.width >= 900
    width = stage.width - EDGE - MARGIN
    rows = 2 if wide else 3
    each = (stage.height - rows * (TITLE + TICKS) - MARGIN) / rows
    tops = [TITLE + i * (each + TITLE + TICKS) for i in range(rows)]
    if wide:
        half = (stage.width - 2 * EDGE - 2 * MARGIN) / 2
        right = 2 * EDGE + half + MARGIN
        return (
            (EDGE, tops[0], width, each),
            (EDGE, tops[1], half, each),
            (right, tops[1], half, each),
        )
    first, second, third = ((EDGE, top, width, each) for top in tops)
    return first, second, third


def _sizes(scene: SignalScene, box: Box) -> list[str]:
    """Curves of the root mean squares, by powers of ten; 0 lies at the floor."""
    x, y, width, height = box
    count = len(scene.layers)
    slot = width / count
    values = ([layer.signal for layer in scene.layers], [layer.error for layer in scene.layers])
    powers = [[_power(value) for value in each] for each in values]
    inside = [p for each in powers for p in each if LOWEST < p < HIGHEST] or [0.0]
    low, high = min(*inside, -1.0) - 0.3, max(*inside, 1.0) + 0.3
    parts = [
        target(f"layer:{i}", [rect(x + i * slot, y, slot, height, "fill: transparent")])
        for i in range(count)
    ]
    level = y + height * high / (high - low)
    parts.append(path(f"M{x:g} {level:.0f}h{width:g}", LINE))
    for i, each in enumerate(powers):
        down = [y + height * (high - min(max(p, low), high)) / (high - low) for p in each]
        points = "L".join(f"{x + (k + 0.5) * slot:.0f} {d:.0f}" for k, d in enumerate(down))
        look = f"fill: none; stroke: {COLORS[i]}; stroke-width: 2.5; stroke-dasharray: {DASHES[i]}"
        parts.append(f'<path d="M{points}" style="{look}"/>')
    return [*parts, *_frame(box, count), *_scale(box, low, high, level), *_key(box)]


def _power(value: float) -> float:
    if not isfinite(value):
        return HIGHEST
    return min(max(log10(value), LOWEST), HIGHEST) if value > 0 else LOWEST


def _scale(box: Box, low: float, high: float, level: float) -> list[str]:
    x, y, _, height = box
    found = [text(x - 5, level + 4, "1", size=12, fill=MUTED, anchor="end")]
    for power, at in ((high, y + 12), (low, y + height)):
        words = f"10{str(round(power)).translate(RAISED)}"
        if abs(at - level) > 14:
            found.append(text(x - 5, at, words, size=12, fill=MUTED, anchor="end"))
    return found


def _frame(box: Box, count: int) -> list[str]:
    x, y, width, height = box
    below = y + height + 14
    return [
        rect(x, y, width, height, f"fill: none; stroke: {LINE}"),
        text(x, below, "input", size=12, fill=MUTED, anchor="start"),
        text(x + width, below, f"layer {count - 1}", size=12, fill=MUTED, anchor="end"),
    ]


def _key(box: Box) -> list[str]:
    """What the curves are, over them."""
    x, y, _, _ = box
    parts = []
    for i, words in enumerate(("signal", "error signal")):
        left = x + i * 90
        look = f"fill: none; stroke: {COLORS[i]}; stroke-width: 2.5; stroke-dasharray: {DASHES[i]}"
        parts.append(f'<path d="M{left:g} {y - 10:g}h26" style="{look}"/>')
        parts.append(text(left + 31, y - 6, words, size=12, anchor="start"))
    return parts


def _shapes(histograms: list[Array], box: Box, i: int) -> list[str]:
    """For each layer a shape as wide as many numbers lie there."""
    x, y, width, height = box
    slot = width / len(histograms)
    middle = y + height / 2
    parts = [
        path(f"M{x:g} {middle:.0f}h{width:g}", LINE),
        *(
            target(f"layer:{k}", [rect(x + k * slot, y, slot, height, "fill: transparent"), shape])
            for k, shape in enumerate(
                _shape(h, x + (k + 0.5) * slot, slot, (y, height), COLORS[i])
                for k, h in enumerate(histograms)
            )
        ),
    ]
    parts += _frame(box, len(histograms))
    parts += [
        text(x, y - 6, NAMES[i], size=12, anchor="start", fill=INK),
        text(x - 5, y + 12, f"{FAR:g}", size=12, fill=MUTED, anchor="end"),
        text(x - 5, middle + 4, "0", size=12, fill=MUTED, anchor="end"),
        text(x - 5, y + height, f"−{FAR:g}", size=12, fill=MUTED, anchor="end"),
    ]
    return parts


def _shape(shares: Array, centre: float, slot: float, span: tuple[float, float], color: str) -> str:
    """One layer's histogram, mirrored; a cross where no number is finite."""
    top, height = span
    if not shares.sum():
        middle = top + height / 2
        return (
            text(centre, middle + 4, odd(float("nan")), size=12)
            if slot >= 30
            else path(f"M{centre - 2:.1f} {middle - 4:.0f}l4 8m0 -8l-4 8", INK, 1.5)
        )
    edges = [f"V{top + k * height / BINS:.0f}" for k in range(BINS + 1)]
    half = (0.46 * slot / shares.max() * shares[::-1]).tolist()
    right = "".join(f"H{centre + h:.1f}{edges[k + 1]}" for k, h in enumerate(half))
    left = "".join(f"H{centre - h:.1f}{edges[k]}" for k, h in reversed([*enumerate(half)]))
    start = f"{centre:.1f} {top:.0f}"
    return f'<path d="M{start}{right}{left}Z" style="fill: {color}; stroke: none"/>'
