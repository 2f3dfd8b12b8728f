"""Many drawings that are much alike, in one small text.

Every document, a drawing or the data beside it, is cut into pieces; a piece that many share is
written once, and a document is a row of numbers of pieces. All of it is compressed together.
"""

import base64
import io
import json
import re
import zlib
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from cnnlab.course.live.scenes import Recording

_PIECE = re.compile(r"[^>,]*[>,]?")
_END = "\0"  # between pieces
FINE = 20  # a search for the number of states ends within one twentieth
QUICK, SMALL = 6, 9  # zlib's levels: while searching, and for what is written


class Pack:
    """The states of a recording, to be written as far as there is room for them.

    Parameters
    ----------
    recording : Recording
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._pieces: dict[str, int] = {}  # of all documents, in the order of the states
        self._rows: dict[str, Any] = {}  # by document: numbers of its pieces
        self._lengths: dict[int, int] = {}  # by number of states: characters, at most
        self.least = self._length(recording.starts)
        self.most = self._length(len(recording.states))

    def within(self, room: int) -> str:
        """As many of the states as there is room for, in base64.

        Those that explorers start in are always there.

        Parameters
        ----------
        room : int
            Characters.
        """
        low, high = self._recording.starts, len(self._recording.states)
        if self.most <= room:
            low = high
        while high - low > max(1, high // FINE):
            sizes = [self._length(count) for count in (low, high)]
            # Where a straight line meets the room, but never so near an end that it is for ever.
            part = (room - sizes[0]) / max(1, sizes[1] - sizes[0])
            middle = low + round((high - low) * min(max(part, 0.2), 0.8))
            middle = min(max(middle, low + 1), high - 1)
            low, high = (middle, high) if self._length(middle) <= room else (low, middle)
        return base64.b64encode(self._packed(low, SMALL)).decode()

    def _length(self, count: int) -> int:
        """Characters that so many states take in base64, squeezed in little time."""
        if count not in self._lengths:
            self._lengths[count] = -(-len(self._packed(count, QUICK)) // 3) * 4
        return self._lengths[count]

    def _packed(self, count: int, level: int) -> bytes:
        states = self._recording.states[:count]
        stops = _stops(state.values for state in states)
        documents: dict[str, int] = {}
        blobs: dict[bytes, int] = {}
        photos: dict[str, int] = {}
        scenes = []
        for state in states:
            parts = state.parts | {"controls": _narrowed(state.parts["controls"], stops)}
            scene = {name: documents.setdefault(t, len(documents)) for name, t in parts.items()}
            pixels = {
                name: blobs.setdefault(data, len(blobs)) for name, data in state.images.items()
            }
            scenes.append(
                {
                    "values": state.values,
                    "selected": state.selected,
                    "parts": scene,
                    "images": pixels,
                    "recipe": state.recipe and _written(state.recipe, photos),
                }
            )
        recording = self._recording
        steps = [[a, *gesture, b] for a, gesture, b in recording.steps if a < count and b < count]
        head = {
            "scenes": scenes,
            "steps": steps,
            "widths": recording.widths,
            "chosen": recording.chosen,
            "photos": [*photos],
            "blobs": [len(data) for data in blobs],
        }
        return zlib.compress(self._joined(head, documents, blobs), level)

    def _row(self, document: str) -> Any:
        """Numbers of the pieces of a document."""
        if document not in self._rows:
            pieces = self._pieces
            numbers = [pieces.setdefault(p, len(pieces)) for p in _PIECE.findall(document)]
            self._rows[document] = np.array(numbers, "<u4")
        return self._rows[document]

    def _joined(
        self, head: dict[str, Any], documents: Iterable[str], blobs: Iterable[bytes]
    ) -> bytes:
        rows = [self._row(text) for text in documents]
        used, numbers = np.unique(np.concatenate(rows), return_inverse=True)
        every = [*self._pieces]
        planes = [(numbers >> shift & 255).astype(np.uint8).tobytes() for shift in (0, 8, 16)]
        head = {**head, "documents": [len(row) for row in rows], "pieces": len(used)}
        pieces = [every[number] for number in used]
        table = _END.join([json.dumps(head, ensure_ascii=False, separators=(",", ":")), *pieces])
        text = table.encode()
        return b"".join([len(text).to_bytes(4, "little"), text, *planes, *blobs])


def _written(recipe: dict[str, Any], photos: dict[str, int]) -> dict[str, Any]:
    """How the page computes its images, with the number of the photograph."""
    photo = recipe["photo"]
    source = _webp(photo.tobytes(), photo.shape)
    number = photos.setdefault(source, len(photos))
    sizes = {name: recipe[name] for name in ("stride", "padding")}
    return {"photo": number, "kernel": recipe["kernel"].tolist(), **sizes}


@cache
def _webp(grey: bytes, shape: tuple[int, int]) -> str:
    """A grey photograph as an address, every pixel as it is."""
    target = io.BytesIO()
    pixels = np.frombuffer(grey, np.uint8).reshape(shape)
    Image.fromarray(pixels).save(target, "WEBP", lossless=True, method=2)
    return f"data:image/webp;base64,{base64.b64encode(target.getvalue()).decode()}"


def _stops(states: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
    """Values of each control that were computed."""
    found: dict[str, list[Any]] = {}
    for values in states:
        for name, value in values.items():
            if value not in (known := found.setdefault(name, [])):
                known.append(value)
    return found


def _narrowed(controls: str, stops: dict[str, list[Any]]) -> str:
    """The controls, with those stops alone that lead somewhere."""
    found = json.loads(controls)
    for control in found:
        known = stops.get(control["name"], [])
        if control["kind"] == "slider":
            control |= {"values": sorted(known), "step": 1}
        elif control["kind"] == "select":
            control["options"] = [each for each in control["options"] if each[0] in known]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
