"""What all explorers share: traits in, a scene out, a picture and its text."""

import html
import math
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import anywidget
import traitlets

from cnnlab.explore.controls import Control, accepts
from cnnlab.explore.svg import still

STATIC = Path(__file__).parent / "static"

# What the page may find beside title, picture and text; see Explorer.
OPTIONAL = ("grids", "links", "play", "edits", "images", "hint", "note")


class Whole(traitlets.Int[int, int]):
    """An integer setting: NumPy's integers are welcome, booleans are not."""

    def validate(self, obj: Any, value: Any) -> int:
        """Return the value as ``int``, or raise a TraitError."""
        if not isinstance(value, bool) and type(value).__module__ == "numpy":
            try:
                value = operator.index(value)
            except TypeError:
                self.error(obj, value)
        if isinstance(value, bool):
            self.error(obj, value)
        return super().validate(obj, value)


class Explorer(anywidget.AnyWidget):
    """A widget that draws one scene and says it in one line of text.

    A subclass declares its settings as synchronised traits, lists their ``controls`` and gives
    two pure functions: settings → scene, scene → SVG. The page draws and reports gestures.

    A scene holds at least ``text`` (the result in one line), ``problem`` (why there is none, or
    ""), ``formulas`` and ``code`` (lists of lines). What it holds of the following, the page
    brings to life without asking Python:

    - ``grids``: list of ``{"name", "label", "keys": rows of keys}``; each grid is one tab stop
      in which the arrow keys walk. The elements of the picture carry ``data-key``.
    - ``links``: key → ``{"text": sentence, "marks": {role: keys}}``, shown on hover and focus.
      A pattern ``"input:0,1 2,3 4"`` stands for the keys of a product of places. A ``"put"`` in it maps slots of the picture (see :func:`cnnlab.explore.svg.slot`) to words.
    - ``play``: ``{"grid", "label"}``, buttons and a slider that walk through a grid.
    - ``edits``: names of the grids whose numbers may be changed; see :meth:`edited`.
    - ``images``: name → pixels drawn on a canvas.
    - ``tables``: list of ``{"label", "walk", "columns": [(label, "left" or "right")], "rows"}``; a
      row is ``{"key", "cells", "text": sentence}``, a cell words, ``{"share", "text"}`` for a bar,
      or ``{"edit": key, "value", "min", "max", "label"}`` for a number one may change.
    - ``hint``: what to read while no cell is pointed at.
    - ``note``: what the picture means, below the result.
    """

    _esm = STATIC / "explorer.js"
    _css = STATIC / "explorer.css"

    purpose: ClassVar[str] = ""
    controls: ClassVar[tuple[Control, ...]] = ()
    state: ClassVar[tuple[str, ...]] = ()  # settings without a control
    make_scene: ClassVar[Callable[..., dict[str, Any]]]
    draw: ClassVar[Callable[..., str]]

    selected = traitlets.Unicode("", help="key of the cell under focus").tag(sync=True)
    _controls: "traitlets.List[dict[str, Any]]" = traitlets.List().tag(sync=True)
    _tables: "traitlets.List[dict[str, Any]]" = traitlets.List().tag(sync=True)
    _shown: "traitlets.Dict[str, Any]" = traitlets.Dict().tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        self._scene: dict[str, Any] = {}
        self._refuse_unknown(settings)
        super().__init__(_controls=list(self.controls), **settings)
        self.observe(self._refresh, list(self.settings()))
        self.on_msg(self._hear)
        self._refresh()

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the settings, in the order of their controls."""
        silent = ("button", "file")
        shown = [c["name"] for c in cls.controls if c["kind"] not in silent]
        return tuple(dict.fromkeys((*shown, *cls.state)))

    @classmethod
    def _refuse_unknown(cls, settings: dict[str, Any]) -> None:
        known = (*cls.names(), "selected")
        for name in settings:
            if name not in known:
                raise TypeError(
                    f"{cls.__name__} has no setting {name!r}. Choose from {', '.join(known)}."
                )

    def settings(self) -> dict[str, Any]:
        """Return the value of every setting; ``type(x)(**x.settings())`` is an equal explorer."""
        return {name: getattr(self, name) for name in self.names()}

    def _refresh(self, _change: Any = None) -> None:
        self._scene = self.compute()
        self._tables = self._scene.get("tables", [])
        self._shown = {
            "title": self.purpose,
            "svg": type(self).draw(self._scene),
            "text": self._scene["text"],
            "lines": self._scene["formulas"],
            "code": self.code(),
            **{key: self._scene[key] for key in OPTIONAL if self._scene.get(key)},
        }

    def compute(self) -> dict[str, Any]:
        """Make the scene of the present settings."""
        return type(self).make_scene(**self.settings())

    def still(self) -> str:
        """Return the SVG that is stored for readers without a kernel."""
        svg, link = self._shown["svg"], self._shown.get("links", {}).get(self.selected)
        return still(svg, self.selected, link) if link else str(svg)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends; what no control could have sent is quietly left out."""
        welcome = {name: v for name, v in sync_data.items() if self._is_welcome(name, v)}
        super().set_state(welcome)
        if refused := [name for name in sync_data if name not in welcome and name in self.keys]:
            self.send_state(refused)

    def _is_welcome(self, name: str, value: Any) -> bool:
        if name == "selected":
            return isinstance(value, str) and len(value) < 100
        for control in self.controls:
            if control["name"] == name:
                return accepts(control, value, getattr(self, name))
        return name not in ("_shown", "_tables", "_controls", *self.state)

    def _hear(self, _widget: Any, content: Any, buffers: Any) -> None:
        """Pass a gesture on; a malformed one is quietly dropped."""
        kind = content.get("type") if isinstance(content, dict) else None
        if kind == "press" and content.get("name") in {c["name"] for c in self.controls}:
            self.pressed(content["name"])
        elif kind == "edit" and isinstance(content.get("key"), str):
            value = content.get("value")
            if type(value) in (int, float) and math.isfinite(value) and abs(value) <= 1e6:
                self.edited(content["key"], value)
        elif kind == "file" and buffers:
            width, height = content.get("width"), content.get("height")
            if type(width) is type(height) is int and len(buffers[0]) == 4 * width * height > 0:
                label = str(content.get("label", ""))[:80]
                self.received(content.get("name"), width, height, bytes(buffers[0]), label)

    def pressed(self, name: str) -> None:
        """Answer the press of a button; a subclass with buttons overrides it."""

    def edited(self, key: str, value: float) -> None:
        """Answer a number typed into a cell; a subclass with ``edits`` overrides it."""

    def received(self, name: str, width: int, height: int, rgba: bytes, label: str) -> None:
        """Answer an image of the learner's own; a subclass with a file control overrides it."""

    @property
    def scene(self) -> dict[str, Any]:
        """Everything that is drawn, as a plain dict."""
        return self._scene

    def code(self) -> str:
        """Return the lines of code that compute what is shown.

        Returns
        -------
        str
        """
        return "\n".join(self._scene["code"])

    def __repr__(self) -> str:
        return str(self._scene["text"])

    def _said(self) -> str:
        """Say the result, the sentence of the cell that is marked, and what the picture means."""
        link = self._shown.get("links", {}).get(self.selected, {})
        said = repr(self), link.get("text", ""), self._shown.get("note", "")
        return " ".join(" ".join(words.split()).rstrip(".") + "." for words in said if words)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the live view, and a picture with its text for readers without a kernel."""
        live, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        # An image, because a notebook that is not trusted loses every inline <svg>.
        # The safe characters stand in pictures inside the picture, which stay recognisable so.
        source = "data:image/svg+xml," + quote(self.still(), safe="/:;,+=")
        alt, text = html.escape(self._said()), html.escape(repr(self))
        picture = f'<img alt="{alt}" src="{source}" style="max-width: 100%">'
        stored = {"text/html": f"{picture}<br>{text}", "text/plain": repr(self)}
        return live | stored, metadata
