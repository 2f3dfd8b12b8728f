"""What all explorers share: settings in, a scene out, a picture and its text.

To add an explorer, make one folder and one line:

1. ``explore/NAME/scene.py``: a frozen dataclass of the numbers (``Windows``, ``Layer``, …), a
   ``Scene`` that holds it, and a pure function ``NAME_scene(*, …)`` from settings to that scene.
   What makes no sense becomes ``problem``, with ``fixes`` one can click; it never raises.
2. ``explore/NAME/drawing.py``: a pure function of scene and :class:`~cnnlab.explore.scene.Stage`
   to SVG, from the pieces in ``svg.py``. It fills the stage for every setting the controls can
   reach: cells too small for digits become coloured, what does not fit is drawn as far as it goes.
   At ``stage.narrow`` it stacks. No words under 12 pixels.
3. ``explore/NAME/widget.py``: a subclass of :class:`Explorer` (of
   :class:`~cnnlab.explore.image_explorer.ImageExplorer` if it shows pixels) with ``purpose``,
   ``controls``, the settings as synchronised traits, and the two methods ``make_scene`` and
   ``draw``. The first five controls are seen at first sight; the rest stand under *more*.
4. Its line in ``explore/__init__.py``; its cell in the appendix on explorers; ``test_explore_NAME``
   and its gestures in ``tests/browser``. What every explorer must do is tested for all.

Reset, undo, redo, copying as code, keys, the steady stage and the text for readers who see no
picture come with the base.
"""

import html
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import quote

import anywidget
import traitlets

from cnnlab.explore import controls as control
from cnnlab.explore.call import written
from cnnlab.explore.controls import Control
from cnnlab.explore.history import History, same
from cnnlab.explore.scene import WIDTHS, Scene, Stage
from cnnlab.explore.svg import still
from cnnlab.explore.traits import Whole

STATIC = Path(__file__).parent / "static"
ESSENTIALS = 5  # controls at first sight, at most

S = TypeVar("S", bound=Scene)


class Explorer(anywidget.AnyWidget, Generic[S]):
    """A widget that draws one scene and says it in one line of text.

    See the head of this file for what a subclass declares. The page draws and reports gestures;
    all arithmetic is Python.
    """

    _esm = STATIC / "explorer.js"
    _css = STATIC / "explorer.css"

    purpose: ClassVar[str] = ""
    controls: ClassVar[tuple[Control, ...]] = ()
    state: ClassVar[tuple[str, ...]] = ()  # settings without a control
    heights: ClassVar[tuple[int, int, int]] = (480, 380, 380)  # of the stage, by WIDTHS

    selected = traitlets.Unicode("", help="key of the cell under focus").tag(sync=True)
    _width = Whole(WIDTHS[-1]).tag(sync=True)
    _controls: "traitlets.List[dict[str, Any]]" = traitlets.List().tag(sync=True)
    _tables: "traitlets.List[dict[str, Any]]" = traitlets.List().tag(sync=True)
    _shown: "traitlets.Dict[str, Any]" = traitlets.Dict().tag(sync=True)
    _settled = Whole(0, help="gestures that are done").tag(sync=True)
    _can: "traitlets.List[bool]" = traitlets.List([False, False]).tag(sync=True)

    def make_scene(self) -> S:
        """Make the scene of the present settings."""
        raise NotImplementedError

    def draw(self, stage: Stage) -> str:
        """Draw the present scene as SVG."""
        raise NotImplementedError

    def __init__(self, *, show: Sequence[str] | None = None, **settings: Any) -> None:
        self._refuse_unknown(settings)
        self._essentials = self._chosen(show)
        self._drawn: dict[str, Any] = {}
        self._page_speaks = False
        super().__init__(**settings)
        self._scene = self.make_scene()
        self._history = History(self.settings())
        self.observe(self._refresh, [*self.names(), "_width"])
        self.on_msg(self._hear)
        self._refresh()

    # ---- Settings

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the settings, in the order of their controls."""
        shown = [c.name for c in cls.controls if c.kind not in ("button", "file")]
        return tuple(dict.fromkeys((*shown, *cls.state)))

    @classmethod
    def stops(cls) -> dict[str, list[Any]]:
        """Every value that each control can send; a scene of each can be computed ahead."""
        return {c.name: stops for c in cls.controls if (stops := control.stops(c))}

    @classmethod
    def _refuse_unknown(cls, settings: dict[str, Any]) -> None:
        known = (*cls.names(), "selected")
        for name in settings:
            if name not in known:
                raise TypeError(
                    f"{cls.__name__} has no setting {name!r}. Choose from {', '.join(known)}."
                )

    @classmethod
    def _chosen(cls, show: Sequence[str] | None) -> list[str]:
        names = list(dict.fromkeys(c.name for c in cls.controls))
        if show is None:
            return names[:ESSENTIALS]
        if isinstance(show, str) or len(show) > ESSENTIALS or not set(show) <= set(names):
            raise ValueError(
                f"show must list at most {ESSENTIALS} controls, not {show!r}. "
                f"Choose from {', '.join(names)}."
            )
        return list(show)

    def offered(self) -> tuple[Control, ...]:
        """Return the controls as they are now; a subclass may leave choices out for a while."""
        return self.controls

    def _offered(self) -> list[dict[str, Any]]:
        """Controls as the page gets them, the essential ones first and in their order."""
        place = {name: i for i, name in enumerate(self._essentials)}
        ranked = sorted(self.offered(), key=lambda c: place.get(c.name, ESSENTIALS))
        return [{**c.page(), "essential": c.name in place} for c in ranked]

    def settings(self) -> dict[str, Any]:
        """Return the value of every setting; ``type(x)(**x.settings())`` is an equal explorer."""
        return {name: getattr(self, name) for name in self.names()}

    def _restore(self, settings: dict[str, Any]) -> None:
        """Go back to earlier settings."""
        with self.hold_trait_notifications():
            for name, value in settings.items():
                setattr(self, name, value)

    def call(self) -> str:
        """Return the line of code that makes this explorer as it is now.

        Returns
        -------
        str
        """
        return written(type(self).__name__, self._differing())

    def _differing(self) -> dict[str, Any]:
        """Settings that are not what an explorer starts with."""
        traits = self.traits()
        found = self.settings()
        return {
            name: value
            for name, value in found.items()
            if name not in traits or not same({name: value}, {name: traits[name].default(self)})
        }

    # ---- Scene

    @property
    def scene(self) -> S:
        """Everything that is drawn, as plain data."""
        return self._scene

    @property
    def text(self) -> str:
        """The result in one line."""
        return self._scene.text

    def code(self) -> str:
        """Return the lines of code that compute what is shown.

        Returns
        -------
        str
        """
        return "\n".join(self._scene.code)

    def stage(self, width: int = WIDTHS[-1]) -> Stage:
        """Return the room for a drawing of one of the widths ``WIDTHS``."""
        return Stage(width, self.heights[WIDTHS.index(width)])

    def shown(self) -> dict[str, Any]:
        """Return all that the page shows, as plain data.

        Returns
        -------
        dict
        """
        stage = self.stage(self._width)
        return {
            **self._scene.page(),
            "title": self.purpose,
            "svg": self.draw(stage),
            "stage": list(stage),
            "code": self.code(),
            "call": self.call(),
        }

    def _refresh(self, _change: Any = None) -> None:
        now = {**self.settings(), "_width": self._width, "_extra": self._extra()}
        if same(now, self._drawn):
            return  # one of several changes at once, already shown
        self._drawn = now
        self._scene = self.make_scene()
        self._publish()
        if self._page_speaks:
            self._can = self._history.can(self.settings())
        else:
            self._note()

    def _extra(self) -> Any:
        """What beside the settings a scene is made of."""

    def _publish(self) -> None:
        self._controls = self._offered()
        self._tables = [dict(table) for table in self._scene.tables]
        self._shown = self.shown()

    # ---- Gestures

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends; what no control could have sent is quietly left out."""
        welcome = {name: v for name, v in sync_data.items() if self._is_welcome(name, v)}
        with self._page_speaking():
            super().set_state(welcome)
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
        if name == "selected":
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
        if kind == "reset":
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
        for fix in self._scene.fixes:
            if fix.label == label:
                self._restore(fix.settings)
                return

    def _file(self, content: dict[str, Any], buffers: Any) -> None:
        width, height = content.get("width"), content.get("height")
        if type(width) is type(height) is int and len(buffers[0]) == 4 * width * height > 0:
            label = str(content.get("label", ""))[:80]
            self.received(content.get("name"), width, height, bytes(buffers[0]), label)

    def pressed(self, name: str) -> None:
        """Answer the press of a button; a subclass with buttons overrides it."""

    def edited(self, key: str, value: float) -> None:
        """Answer a number typed into a cell; a subclass with ``edits`` overrides it."""

    def received(self, name: Any, width: int, height: int, rgba: bytes, label: str) -> None:
        """Answer an image of the learner's own; a subclass with a file control overrides it."""

    # ---- Text and stored picture

    def __repr__(self) -> str:
        return self._scene.text

    def still(self) -> str:
        """Return the SVG that is stored for readers without a kernel."""
        svg, link = self.draw(self.stage()), self._scene.links.get(self.selected)
        return still(svg, self.selected, link) if link else svg

    def _said(self) -> str:
        """Say the result, the sentence of the cell that is marked, and what the picture means."""
        link = self._scene.links.get(self.selected)
        said = repr(self), link["text"] if link else "", self._scene.note
        lines = (" ".join(words.split()).rstrip(".") for words in said if words)
        return " ".join(line if line[-1] in "?!" else f"{line}." for line in lines)

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
