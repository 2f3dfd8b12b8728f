"""What to say and to mark when a cell of the pooling explorer is touched."""

from collections.abc import Iterator

from cnnlab._text import listed
from cnnlab.explore.numbers import number
from cnnlab.explore.pooling.model import Place, Pooling
from cnnlab.explore.scene import Link

MANY = 4  # beyond this, places are counted instead of listed


def key(grid: str, place: Place) -> str:
    """Name a cell.

    Examples
    --------
    >>> key("input", (-1, 0))
    'input:-1,0'
    """
    return f"{grid}:{place[0]},{place[1]}"


def links(pooling: Pooling) -> dict[str, Link]:
    """Sentence and marks for each cell that can be touched.

    Parameters
    ----------
    pooling : Pooling
        With an output.

    Returns
    -------
    dict
        By key; each ``{"text": sentence, "marks": {role: keys}}``.
    """
    backward = pooling.settings.backward
    found: dict[str, Link] = {}
    for place in pooling.windows:
        found[key("output", place)] = _output(pooling, place)
        if backward:
            found[key("upstream", place)] = _upstream(pooling, place)
    readers = _readers(pooling)
    for place, kind in pooling.kinds.items():
        found[key("input", place)] = _input(pooling, place, readers.get(place, []))
        if backward and kind == "pixel":
            found[key("gradient", place)] = _gradient(pooling, place, readers.get(place, []))
    return found


def routed(pooling: Pooling, place: Place) -> dict[Place, float]:
    """What each pixel is given of one output's upstream gradient.

    Parameters
    ----------
    pooling : Pooling
        With an output.
    place : (int, int)
        Row and column of the output.
    """
    dy = pooling.upstream[place[0]][place[1]]
    if pooling.settings.kind == "max":
        winners = pooling.winners[place]
        if pooling.settings.ties == "first":
            return {winners[0]: dy}
        return dict.fromkeys(winners, dy / len(winners))
    counted = divisor(pooling, place)
    return dict.fromkeys(pooling.pixels(pooling.windows[place]), dy / counted)


def divisor(pooling: Pooling, place: Place) -> int:
    """How many cells of a window count in its mean."""
    kinds = [pooling.kinds[cell] for cell in pooling.windows[place]]
    padding = pooling.settings.count_include_pad
    return int(kinds.count("pixel") + padding * kinds.count("padding"))


def at(place: Place) -> str:
    """Say where a cell is."""
    return f"row {place[0]}, column {place[1]}"


def _readers(pooling: Pooling) -> dict[Place, list[Place]]:
    """For each input position, the outputs that read it."""
    readers: dict[Place, list[Place]] = {}
    for place, window in pooling.windows.items():
        for cell in window:
            readers.setdefault(cell, []).append(place)
    return readers


def _output(pooling: Pooling, place: Place) -> Link:
    window, value = pooling.windows[place], number(pooling.output[place[0]][place[1]])
    words, winners = f"output {at(place)}: ", pooling.winners.get(place, [])
    if pooling.settings.kind == "max":
        terms = ", ".join(_terms(pooling, window, "−∞"))
        words += f"max({terms}) = {value}, at input {at(winners[0])}"
        if len(winners) > 1:
            words += f"; {len(winners)} cells tie"
    else:
        counts = [c for c in window if pooling.kinds[c] == "pixel" or _counts(pooling, c)]
        words += f"({_sum(_terms(pooling, counts, '0'))})/{divisor(pooling, place)} = {value}"
        if len(counts) < len(window):
            words += f", {_left_out(pooling, window, counts)}"
    return {"text": words, "marks": _marks(pooling, place, "output")}


def _left_out(pooling: Pooling, window: list[Place], counts: list[Place]) -> str:
    left_out = {pooling.kinds[cell] for cell in set(window) - set(counts)}
    which = {"padding": "padding", "outside": "what hangs over"}
    return f"{' and '.join(which[kind] for kind in sorted(left_out))} does not count"


def _counts(pooling: Pooling, cell: Place) -> bool:
    return bool(pooling.settings.count_include_pad) and pooling.kinds[cell] == "padding"


def _terms(pooling: Pooling, places: list[Place], padding: str) -> Iterator[str]:
    for r, c in places:
        yield number(pooling.input[r][c]) if pooling.kinds[r, c] == "pixel" else padding


def _sum(terms: Iterator[str]) -> str:
    """Join with plus signs, or minus where the next term is negative."""
    return " + ".join(terms).replace("+ −", "− ")


def _marks(pooling: Pooling, place: Place, grid: str) -> dict[str, list[str]]:
    """Cells that belong to one output."""
    window, winners = pooling.windows[place], pooling.winners.get(place, [])
    marks = {"window": [key("input", cell) for cell in window]}
    others = {"output", "upstream"} if pooling.settings.backward else {"output"}
    marks["output"] = [key(other, place) for other in sorted(others)]
    if winners:
        marks["winner"] = [key("input", winners[0])]
        marks["tie"] = [key("input", cell) for cell in winners[1:]]
    if pooling.settings.backward:
        marks["route"] = [key("gradient", cell) for cell in routed(pooling, place)]
    return {role: keys for role, keys in marks.items() if keys}


def _upstream(pooling: Pooling, place: Place) -> Link:
    given = routed(pooling, place)
    dy = number(pooling.upstream[place[0]][place[1]])
    words = f"upstream gradient {dy} of output {at(place)} "
    if pooling.settings.kind != "max":
        share = number(next(iter(given.values())))
        words += f"is shared: {dy}/{divisor(pooling, place)} = {share} to each of {_cells(given)}"
    elif len(given) > 1:
        share = number(next(iter(given.values())))
        words += f"is shared by the tie: {dy}/{len(given)} = {share} to each of {_cells(given)}"
    else:
        (winner,) = given
        tied = len(pooling.winners[place])
        first = f", the first of {tied} that tie" if tied > 1 else ", the maximum"
        words += f"goes to input {at(winner)}{first}"
    return {"text": words, "marks": _marks(pooling, place, "upstream")}


def _cells(given: dict[Place, float]) -> str:
    return f"{len(given)} {'cell' if len(given) == 1 else 'cells'}"


def _input(pooling: Pooling, place: Place, readers: list[Place]) -> Link:
    kind, maximum = pooling.kinds[place], pooling.settings.kind == "max"
    marks: dict[str, list[str]] = {"window": [key("input", place)]}
    if readers:
        marks["output"] = [key("output", reader) for reader in readers]
    if kind != "pixel":
        value = "−∞, so it never wins" if maximum else "0, and counts in the mean"
        if not maximum and not _counts(pooling, place):
            value = "0, and does not count in the mean"
        name = "padding" if kind == "padding" else "beyond the padding"
        return {"text": f"{name}: {value}; {_used(readers)}", "marks": marks}
    words = f"input {at(place)} = {number(pooling.input[place[0]][place[1]])}: {_used(readers)}"
    won = [reader for reader in readers if pooling.winners.get(reader, [None])[0] == place]
    if readers and maximum:
        words += ", wins " + (_outputs(won) if won else "none of them")
    if won:
        marks["winner"] = [key("output", reader) for reader in won]
    return {"text": words, "marks": marks}


def _used(readers: list[Place]) -> str:
    return f"read by {_outputs(readers)}" if readers else "no window reads it, it is dropped"


def _outputs(places: list[Place]) -> str:
    if len(places) > MANY:
        return f"{len(places)} outputs"
    return "output " * (len(places) == 1) + (
        "outputs " * (len(places) > 1) + listed([f"({i}, {j})" for i, j in places])
    )


def _gradient(pooling: Pooling, place: Place, readers: list[Place]) -> Link:
    shares = {reader: routed(pooling, reader).get(place) for reader in readers}
    given = {reader: share for reader, share in shares.items() if share is not None}
    total = number(pooling.gradient[place[0]][place[1]])
    words = f"gradient of input {at(place)}: "
    if not given:
        why = "it wins no window" if readers else "no window reads it"
        words += f"0, {why}"
    else:
        terms = _sum(iter([number(share) for share in given.values()]))
        words += f"{terms} = {total}" if len(given) > 1 else total
        words += f", from {_outputs(list(given))}"
    marks = {"route": [key("gradient", place)], "window": [key("input", place)]}
    if given:
        marks["output"] = [key("upstream", reader) for reader in given]
    return {"text": words, "marks": marks}
