"""Settings worth computing ahead, and what an explorer shows for each."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, islice, product
from typing import Any, NamedTuple

import numpy as np

from cnnlab.course.live.lens import planes
from cnnlab.course.pictures import smaller
from cnnlab.explore import Explorer, controls
from cnnlab.explore.image_explorer import ImageExplorer
from cnnlab.explore.images import shades

STOPS, FEW = 13, 4  # of one control: alone, and beside another
CELLS = 24  # that a button is pressed on
IMAGES = 100_000  # bytes of a state's pixels

# Sentences about gestures that only Python can answer.
_WORDING = (
    (r" Enter changes (a number|it)\.|[;,] (or )?type [^.;]*(?=\.)", ""),
    (r"; press Enter or click to have the sum written out", ""),
    (r"(?<=[.?!] )(Type|Change the weight)(?=[^.?!]*[.?!:])", r"In the notebook: \1"),
)
_MENTIONED = re.compile("Enter|[Tt]ype|Change the weight")


class Gesture(NamedTuple):
    """What a learner does: set a control, press a button, take a way out, edit a table."""

    kind: str
    name: str
    value: Any = None


@dataclass
class State:
    """One setting of an explorer and all that the page shows of it."""

    settings: dict[str, Any]
    selected: str
    values: dict[str, Any]
    parts: dict[str, str]
    images: dict[str, bytes] = field(default_factory=dict)
    recipe: dict[str, Any] | None = None


@dataclass
class Recording:
    """States in the order of their worth, and which gesture leads from one to another."""

    states: list[State]
    starts: int  # of them: where explorers start, and these come first
    steps: list[tuple[int, Gesture, int]]
    widths: Sequence[int]
    chosen: str


class Recorder:
    """One kind of explorer, and every state of it that was computed in this run."""

    def __init__(self, kind: type[Explorer[Any]], widths: Sequence[int]) -> None:
        self._kind, self._widths = kind, widths
        self._explorer = kind()
        self._states: dict[str, State] = {}
        self._steps: dict[tuple[str, str, Gesture], str] = {}
        # Its own drawing is not wanted: each width is drawn once a state.
        self._explorer.shown = dict  # type: ignore[method-assign]
        if not hasattr(kind, "finish"):  # else a scene changes by itself
            self._scenes: dict[str, Any] = {}
            self._make = self._explorer.make_scene
            self._explorer.make_scene = self._scene  # type: ignore[method-assign]

    def start(self, explorer: Explorer[Any]) -> str:
        """Take in the state an explorer is in, and return its key."""
        return self._go(explorer.settings(), explorer.selected)

    def _scene(self) -> Any:
        """A scene is made once, for one comes back to a state before each of its gestures."""
        basis = _key(self._explorer._basis())
        if basis not in self._scenes:
            self._scenes[basis] = self._make()
        return self._scenes[basis]

    def record(self, starts: Sequence[str]) -> Recording:
        """Choose states breadth-first from where the explorers of a page start."""
        chosen = dict.fromkeys(starts)
        steps = {}
        for key, gesture in self._plan(starts):
            if key not in chosen:
                continue
            if len(chosen) >= self._kind.ahead:
                break
            after = self._step(key, gesture)
            if not self._is_small(self._states[after], self._states[starts[0]]):
                continue
            chosen.setdefault(after)
            steps[key, gesture] = after
        place = {key: i for i, key in enumerate(chosen)}
        return Recording(
            [self._states[key] for key in chosen],
            len(starts),
            [(place[a], gesture, place[b]) for (a, gesture), b in steps.items()],
            self._widths,
            getattr(self._kind, "chosen", "example"),
        )

    # ---- Which

    def _plan(self, starts: Sequence[str]) -> Iterator[tuple[str, Gesture]]:
        """Worked examples, each control by itself, then pairs, then controls of the examples."""
        example = getattr(self._kind, "chosen", "example")
        first = starts[0]
        singles = {key: self._gestures(key, STOPS) for key in starts}
        examples = [each for each in singles[first] if each.name == example]
        essential = self._kind._chosen(None)
        near = [[g for g in singles[key] if g.name in essential] for key in starts]
        yield from ((first, gesture) for gesture in examples)
        yield from ((key, g) for key, some in zip(starts, near, strict=True) for g in some)
        yield from ((first, g) for g in singles[first] if g.name not in essential)
        for one, other in combinations([name for name in essential if name != example], 2):
            pair = [[g for g in self._gestures(first, FEW) if g.name == n] for n in (one, other)]
            for a, b in product(*pair):
                yield self._step(first, a), b
        for gesture in examples:
            key = self._step(first, gesture)
            yield from ((key, g) for g in self._gestures(key, FEW) if g.name in essential)

    def _gestures(self, key: str, most: int) -> list[Gesture]:
        """What can be done in a state, each control at most so many times."""
        x = self._at(key)
        found = []
        for control in x.offered():
            present = getattr(x, control.name, None)
            if any(getattr(x, name) not in values for name, values in control.when.items()):
                continue
            if control.kind == "button":
                cells = [cell for grid in x.scene.grids for row in grid["keys"] for cell in row]
                found += [Gesture("press", control.name, cell) for cell in ("", *cells[:CELLS])]
                continue
            stops = [value for value in controls.stops(control) if value != present]
            kept = stops if control.kind == "select" and most == STOPS else spread(stops, most)
            found += [Gesture("set", control.name, value) for value in kept]
        found += [Gesture("fix", fix.label) for fix in x.fixes()]
        unfolding = [key for key, link in x.scene.links.items() if link.get("unfolds")]
        found += [Gesture("edit", key, 1) for key in unfolding]
        return found + list(_numbers(x))

    def _is_small(self, state: State, start: State) -> bool:
        """Whether a page can hold it: photographs are large, so there is one, that of the start."""
        if state.recipe and start.recipe:
            same = np.array_equal(state.recipe["photo"], start.recipe["photo"])
            return same and bool(state.recipe["exact"])
        return sum(map(len, state.images.values())) < IMAGES

    # ---- One state

    def _step(self, key: str, gesture: Gesture) -> str:
        """Do what a learner does, and take in what comes of it."""
        known = self._steps.get((key, "", gesture))
        if known is None:
            x, (kind, name, value) = self._at(key), gesture
            if kind == "set":
                x.set_state({name: value})
            else:
                if kind == "press" and value:
                    x.selected = value
                message = {"type": kind, "name": name, "key": name, "label": name, "value": value}
                x._hear(x, message, None)
            known = self._steps[key, "", gesture] = self._take()
        return known

    def _at(self, key: str) -> Explorer[Any]:
        state = self._states[key]
        self._go(state.settings, state.selected)
        return self._explorer

    def _go(self, settings: dict[str, Any], selected: str) -> str:
        self._explorer._restore(settings)
        self._explorer.selected = selected
        return self._take()

    def _take(self) -> str:
        x = self._explorer
        if hasattr(x, "finish"):
            x.finish()
        settings = x.settings()
        key = _key(settings)
        if key not in self._states:
            self._states[key] = self._state(settings)
        return key

    def _state(self, settings: dict[str, Any]) -> State:
        x = self._explorer
        offered = [control for control in x.offered() if control.kind != "file"]
        shown = {**x.scene.page(), "title": x.purpose, "code": x.code(), "call": x.call()}
        shown["typed"] = shown.pop("edits", ())
        parts = {
            "controls": [control.page() for control in offered],
            "tables": [dict(table) for table in x.scene.tables],
            "shown": worded(shown),
        }
        tell = cache(x.tell)  # the same for each width
        for width in self._widths:
            stage = x.stage(width)
            svg = x.draw(stage)
            parts[f"{width}"] = {"svg": svg, "stage": list(stage), "planes": planes(tell, svg)}
        own = {name: value for name, value in settings.items() if name not in _names(offered)}
        values = {name: getattr(x, name) for name in _names(offered)} | {"": _text(own)}
        texts = {name: smaller(_json(part), exact=False) for name, part in parts.items()}
        return State(settings, x.selected, values, texts, **_pixels(x))


def _names(offered: Sequence[controls.Control]) -> list[str]:
    return [control.name for control in offered if control.kind not in ("button", "file")]


def _numbers(explorer: Explorer[Any]) -> Iterator[Gesture]:
    """Numbers that can be typed into a table."""
    for table in explorer.scene.tables:
        for row in table["rows"]:
            for cell in row["cells"]:
                if isinstance(cell, dict) and "edit" in cell:
                    numbers = [*range(cell["min"], cell["max"] + 1)]
                    for value in islice(numbers, FEW):
                        if value != cell["value"]:
                            yield Gesture("edit", cell["edit"], value)


def _pixels(explorer: Explorer[Any]) -> dict[str, Any]:
    """What is painted and read out, or how the page can compute it.

    A photograph is stored as bytes, which say its grey values exactly if it is a grey one.
    """
    if not isinstance(explorer, ImageExplorer):
        return {}
    if recipe := explorer.scene.recipe:
        grey = np.rint(recipe.image * 255).astype(np.uint8)  # (H, W)
        exact = np.array_equal(grey / np.float32(255), recipe.image)
        settings = {name: getattr(recipe, name) for name in ("kernel", "stride", "padding")}
        return {"recipe": {**settings, "photo": grey, "exact": exact}}
    found, arrays = {}, explorer.arrays()
    for name, image in explorer.scene.images.items():
        found[image["shades"]] = shades(arrays[name], image["low"], image["high"])
        found[image["values"]] = arrays[name].tobytes()
    return {"images": found}


def spread(values: list[Any], most: int) -> list[Any]:
    """At most so many of the values, evenly spaced, with the first and the last.

    Examples
    --------
    >>> spread([1, 2, 3, 4, 5, 6, 7], 3)
    [1, 4, 7]
    """
    if len(values) <= most:
        return values
    return [values[round(i * (len(values) - 1) / (most - 1))] for i in range(most)]


def worded(shown: Any) -> Any:
    """Leave out of all texts what a page without Python cannot do.

    Examples
    --------
    >>> worded({"hint": "Point at a cell. Enter changes a number."})
    {'hint': 'Point at a cell.'}
    """
    if isinstance(shown, dict):
        return {k: v if k in ("code", "call") else worded(v) for k, v in shown.items()}
    if isinstance(shown, str) and _MENTIONED.search(shown):
        for pattern, words in _WORDING:
            shown = re.sub(pattern, words, shown)
    return shown


def _key(settings: dict[str, Any]) -> str:
    return "; ".join(f"{name} {_text(value)}" for name, value in settings.items())


def _text(value: Any) -> str:
    return repr(value.tolist()) if hasattr(value, "tolist") else repr(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    """NumPy's numbers, and mappings and sequences of other kinds."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return dict(value) if hasattr(value, "keys") else list(value)
