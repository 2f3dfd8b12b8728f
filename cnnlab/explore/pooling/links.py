"""What to say and to mark when a cell of the pooling explorer is touched."""

from collections.abc import Iterator
from typing import Any

from cnnlab.explore.numbers import listed, number

Place = tuple[int, int]
MANY = 4  # beyond this, places are counted instead of listed


def key(grid: str, place: Place) -> str:
    """Name a cell.

    Examples
    --------
    >>> key("input", (-1, 0))
    'input:-1,0'
    """
    return f"{grid}:{place[0]},{place[1]}"


def ties_in(scene: dict[str, Any]) -> dict[Place, list[Place]]:
    """Positions that hold the maximum of each window, the first first; none for an average."""
    if scene["settings"]["kind"] != "max":
        return {}
    x, y = scene["input"], scene["output"]
    return {
        (i, j): [(r, c) for r, c in _pixels(scene, window) if x[r][c] == y[i][j]]
        for (i, j), window in scene["windows"].items()
    }


def links(scene: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Sentence and marks for each cell that can be touched.

    Parameters
    ----------
    scene : dict
        With everything but the words.

    Returns
    -------
    dict
        By key; each ``{"text": sentence, "marks": {role: keys}}``.
    """
    backward = scene["settings"]["backward"]
    found: dict[str, dict[str, Any]] = {}
    for place in scene["windows"]:
        found[key("output", place)] = _output(scene, place)
        if backward:
            found[key("upstream", place)] = _upstream(scene, place)
    readers = _readers(scene)
    for place, kind in scene["kinds"].items():
        found[key("input", place)] = _input(scene, place, readers.get(place, []))
        if backward and kind == "pixel":
            found[key("gradient", place)] = _gradient(scene, place, readers.get(place, []))
    return found


def routed(scene: dict[str, Any], place: Place) -> dict[Place, float]:
    """What each pixel is given of one output's upstream gradient.

    Parameters
    ----------
    scene : dict
        From :func:`cnnlab.explore.pooling.scene.pooling_scene`.
    place : (int, int)
        Row and column of the output.
    """
    dy = scene["upstream"][place[0]][place[1]]
    if scene["settings"]["kind"] == "max":
        winners = scene["winners"][place]
        if scene["settings"]["ties"] == "first":
            return {winners[0]: dy}
        return dict.fromkeys(winners, dy / len(winners))
    counted = divisor(scene, place)
    return dict.fromkeys(_pixels(scene, scene["windows"][place]), dy / counted)


def divisor(scene: dict[str, Any], place: Place) -> int:
    """How many cells of a window count in its mean."""
    kinds = [scene["kinds"][cell] for cell in scene["windows"][place]]
    padding = scene["settings"]["count_include_pad"]
    return int(kinds.count("pixel") + padding * kinds.count("padding"))


def at(place: Place) -> str:
    """Say where a cell is."""
    return f"row {place[0]}, column {place[1]}"


def _pixels(scene: dict[str, Any], places: list[Place]) -> list[Place]:
    return [place for place in places if scene["kinds"][place] == "pixel"]


def _readers(scene: dict[str, Any]) -> dict[Place, list[Place]]:
    """For each input position, the outputs that read it."""
    readers: dict[Place, list[Place]] = {}
    for place, window in scene["windows"].items():
        for cell in window:
            readers.setdefault(cell, []).append(place)
    return readers


def _output(scene: dict[str, Any], place: Place) -> dict[str, Any]:
    window, value = scene["windows"][place], number(scene["output"][place[0]][place[1]])
    words, winners = f"output {at(place)}: ", scene["winners"].get(place, [])
    if scene["settings"]["kind"] == "max":
        terms = ", ".join(_terms(scene, window, "−∞"))
        words += f"max({terms}) = {value}, at input {at(winners[0])}"
        if len(winners) > 1:
            words += f"; {len(winners)} cells tie"
    else:
        counts = [c for c in window if scene["kinds"][c] == "pixel" or _counts(scene, c)]
        words += f"({_sum(_terms(scene, counts, '0'))})/{divisor(scene, place)} = {value}"
        if len(counts) < len(window):
            words += f", {_left_out(scene, window, counts)}"
    return {"text": words, "marks": _marks(scene, place, "output")}


def _left_out(scene: dict[str, Any], window: list[Place], counts: list[Place]) -> str:
    left_out = {scene["kinds"][cell] for cell in set(window) - set(counts)}
    which = {"padding": "padding", "outside": "what hangs over"}
    return f"{' and '.join(which[kind] for kind in sorted(left_out))} does not count"


def _counts(scene: dict[str, Any], cell: Place) -> bool:
    return bool(scene["settings"]["count_include_pad"]) and scene["kinds"][cell] == "padding"


def _terms(scene: dict[str, Any], places: list[Place], padding: str) -> Iterator[str]:
    for r, c in places:
        yield number(scene["input"][r][c]) if scene["kinds"][r, c] == "pixel" else padding


def _sum(terms: Iterator[str]) -> str:
    """Join with plus signs, or minus where the next term is negative."""
    return " + ".join(terms).replace("+ −", "− ")


def _marks(scene: dict[str, Any], place: Place, grid: str) -> dict[str, list[str]]:
    """Cells that belong to one output."""
    window, winners = scene["windows"][place], scene["winners"].get(place, [])
    marks = {"window": [key("input", cell) for cell in window]}
    others = {"output", "upstream"} if scene["settings"]["backward"] else {"output"}
    marks["output"] = [key(other, place) for other in sorted(others)]
    if winners:
        marks["winner"] = [key("input", winners[0])]
        marks["tie"] = [key("input", cell) for cell in winners[1:]]
    if scene["settings"]["backward"]:
        marks["route"] = [key("gradient", cell) for cell in routed(scene, place)]
    return {role: keys for role, keys in marks.items() if keys}


def _upstream(scene: dict[str, Any], place: Place) -> dict[str, Any]:
    given = routed(scene, place)
    dy = number(scene["upstream"][place[0]][place[1]])
    words = f"upstream gradient {dy} of output {at(place)} "
    if scene["settings"]["kind"] != "max":
        share = number(next(iter(given.values())))
        words += f"is shared: {dy}/{divisor(scene, place)} = {share} to each of {_cells(given)}"
    elif len(given) > 1:
        share = number(next(iter(given.values())))
        words += f"is shared by the tie: {dy}/{len(given)} = {share} to each of {_cells(given)}"
    else:
        (winner,) = given
        tied = len(scene["winners"][place])
        first = f", the first of {tied} that tie" if tied > 1 else ", the maximum"
        words += f"goes to input {at(winner)}{first}"
    return {"text": words, "marks": _marks(scene, place, "upstream")}


def _cells(given: dict[Place, float]) -> str:
    return f"{len(given)} {'cell' if len(given) == 1 else 'cells'}"


def _input(scene: dict[str, Any], place: Place, readers: list[Place]) -> dict[str, Any]:
    kind, maximum = scene["kinds"][place], scene["settings"]["kind"] == "max"
    marks: dict[str, list[str]] = {"window": [key("input", place)]}
    if readers:
        marks["output"] = [key("output", reader) for reader in readers]
    if kind != "pixel":
        value = "−∞, so it never wins" if maximum else "0, and counts in the mean"
        if not maximum and not _counts(scene, place):
            value = "0, and does not count in the mean"
        name = "padding" if kind == "padding" else "beyond the padding"
        return {"text": f"{name}: {value}; {_used(readers)}", "marks": marks}
    words = f"input {at(place)} = {number(scene['input'][place[0]][place[1]])}: {_used(readers)}"
    won = [reader for reader in readers if scene["winners"].get(reader, [None])[0] == place]
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


def _gradient(scene: dict[str, Any], place: Place, readers: list[Place]) -> dict[str, Any]:
    shares = {reader: routed(scene, reader).get(place) for reader in readers}
    given = {reader: share for reader, share in shares.items() if share is not None}
    total = number(scene["gradient"][place[0]][place[1]])
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
