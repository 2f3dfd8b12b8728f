"""What a page reports of a learner's gestures: settings that change, each change undone at will."""

import math
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import anywidget
import traitlets

from cnnlab.explore import controls as control
from cnnlab.explore.controls import Control, Whole
from cnnlab.explore.history import History
from cnnlab.explore.scene import WIDTHS, Fix


class Gestures(anywidget.AnyWidget):
    """A widget with controls; a gesture is checked, answered, and becomes a state to go back to."""

    controls: ClassVar[tuple[Control, ...]] = ()
    state: ClassVar[tuple[str, ...]] = ()  # settings without a control

    selected = traitlets.Unicode("", help="key of the cell under focus").tag(sync=True)
    _asked = traitlets.Unicode("", help="key of a cell that Python is to tell of").tag(sync=True)
    _width = Whole(WIDTHS[-1]).tag(sync=True)
    _settled = Whole(0, help="gestures that are done").tag(sync=True)
    _can: "traitlets.List[bool]" = traitlets.List([False, False]).tag(sync=True)

    _history: History
    _page_speaks = False
    _from_page: Collection[str] = ()

    def fixes(self) -> Sequence[Fix]:
        """Ways out that are offered now."""
        raise NotImplementedError

    # ---- Settings

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the settings, in the order of their controls."""
        shown = [c.name for c in cls.controls if c.kind not in ("button", "file")]
        return tuple(dict.fromkeys((*shown, *cls.state)))

    def offered(self) -> tuple[Control, ...]:
        """Return the controls as they are now; a subclass may leave choices out for a while."""
        return self.controls

    def settings(self) -> dict[str, Any]:
        """Return the value of every setting; ``type(x)(**x.settings())`` is an equal explorer."""
        return {name: getattr(self, name) for name in self.names()}

    def _restore(self, settings: dict[str, Any]) -> None:
        """Go back to earlier settings."""
        with self.hold_trait_notifications():
            for name, value in settings.items():
                setattr(self, name, value)
        for name, value in settings.items():  # one may have changed another
            if getattr(self, name) is not value:
                setattr(self, name, value)

    # ---- Gestures

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends; what no control could have sent is quietly left out."""
        welcome = {name: v for name, v in sync_data.items() if self._is_welcome(name, v)}
        self._from_page = welcome.keys()
        try:
            with self._page_speaking():
                super().set_state(welcome)
        finally:
            self._from_page = ()
        if "_settled" in welcome:
            self._note()
        if refused := [name for name in sync_data if name not in welcome and name in self.keys]:
            self.send_state(refused)

    @contextmanager
    def _page_speaking(self) -> Iterator[None]:
        """While a gesture is answered, it is not yet a state to go back to."""
        self._page_speaks = True
        try:
            yield
        finally:
            self._page_speaks = False

    def _is_welcome(self, name: str, value: Any) -> bool:
        if name in ("selected", "_asked"):
            return isinstance(value, str) and len(value) < 100
        if name == "_width":
            return type(value) is int and value in WIDTHS
        if name == "_settled":
            return type(value) is int
        for each in self.offered():
            if each.name == name and name in self.names():
                return control.accepts(each, value, getattr(self, name))
        return False

    def _hear(self, _widget: Any, content: Any, buffers: Any) -> None:
        """Pass a gesture on; a malformed one is quietly dropped."""
        if not isinstance(content, dict):
            return
        with self._page_speaking():
            self._history.note(self.settings())  # also what a gesture is still about to change
            if content.get("type") in ("undo", "redo"):
                self._restore(self._history.step(1 if content["type"] == "redo" else -1))
            else:
                self._answer(content, buffers)
        self._note()

    def _answer(self, content: dict[str, Any], buffers: Any) -> None:
        kind, name, key = (content.get(word) for word in ("type", "name", "key"))
        if kind == "painted":
            self.painted()
        elif kind == "reset":
            self._restore(self._history.first)
        elif kind == "fix":
            self._fix(content.get("label"))
        elif kind == "press" and name in {c.name for c in self.controls}:
            self.pressed(name)
        elif kind == "edit" and isinstance(key, str):
            value: Any = content.get("value")
            if type(value) in (int, float) and math.isfinite(value) and abs(value) <= 1e6:
                self.edited(key, value)
        elif kind == "file" and buffers:
            self._file(content, buffers)

    def _note(self) -> None:
        self._history.note(self.settings())
        self._can = self._history.can(self.settings())

    def _fix(self, label: Any) -> None:
        for fix in self.fixes():
            if fix.label == label:
                self._restore(fix.settings)
                return

    def _file(self, content: dict[str, Any], buffers: Any) -> None:
        width, height = content.get("width"), content.get("height")
        if type(width) is type(height) is int and len(buffers[0]) == 4 * width * height > 0:
            label = str(content.get("label", ""))[:80]
            self.received(content.get("name"), width, height, bytes(buffers[0]), label)

    def painted(self) -> None:
        """Send what the page needs only once it shows a picture."""

    def pressed(self, name: str) -> None:
        """Answer the press of a button; a subclass with buttons overrides it."""

    def edited(self, key: str, value: float) -> None:
        """Answer a number typed into a cell; a subclass with ``edits`` overrides it."""

    def received(self, name: Any, width: int, height: int, rgba: bytes, label: str) -> None:
        """Answer an image of the learner's own; a subclass with a file control overrides it."""
