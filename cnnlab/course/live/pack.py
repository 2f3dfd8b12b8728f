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


def packed(recording: Recording, room: int) -> str:
    """As many of the states as there is room for, in base64.

    Parameters
    ----------
    recording : Recording
    room : int
        Characters, at most; the first state is there in any case.
    """
    count = len(recording.states)
    while True:
        text = _packed(recording, count)
        if len(text) <= room or count == 1:
            return text
        count = max(1, min(count - 1, int(count * room / len(text))))


def _packed(recording: Recording, count: int) -> str:
    states = recording.states[:count]
    stops = _stops(state.values for state in states)
    documents: dict[str, int] = {}
    blobs: dict[bytes, int] = {}
    photos: dict[str, int] = {}
    scenes = []
    for state in states:
        parts = state.parts | {"controls": _narrowed(state.parts["controls"], stops)}
        scene = {name: documents.setdefault(text, len(documents)) for name, text in parts.items()}
        pixels = {name: blobs.setdefault(data, len(blobs)) for name, data in state.images.items()}
        scenes.append(
            {
                "values": state.values,
                "selected": state.selected,
                "parts": scene,
                "images": pixels,
                "recipe": state.recipe and _written(state.recipe, photos),
            }
        )
    steps = [[a, *gesture, b] for a, gesture, b in recording.steps if a < count and b < count]
    head = {
        "scenes": scenes,
        "steps": steps,
        "widths": recording.widths,
        "chosen": recording.chosen,
        "photos": [*photos],
        "blobs": [len(data) for data in blobs],
    }
    return _compressed(head, documents, blobs)


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


def _compressed(head: dict[str, Any], documents: Iterable[str], blobs: Iterable[bytes]) -> str:
    pieces: dict[str, int] = {}
    rows = [
        np.array([pieces.setdefault(p, len(pieces)) for p in _PIECE.findall(text)], "<u4")
        for text in documents
    ]
    numbers = np.concatenate(rows)
    planes = [(numbers >> shift & 255).astype(np.uint8).tobytes() for shift in (0, 8, 16)]
    head = {**head, "documents": [len(row) for row in rows], "pieces": len(pieces)}
    table = _END.join([json.dumps(head, ensure_ascii=False, separators=(",", ":")), *pieces])
    text = table.encode()
    data = b"".join([len(text).to_bytes(4, "little"), text, *planes, *blobs])
    return base64.b64encode(zlib.compress(data, 9)).decode()


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
