"""What all explorers share: traits in, a scene out, a picture and its text."""

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import anywidget
import traitlets

STATIC = Path(__file__).parent / "static"

Control = tuple[str, str, int, int]
"""One slider: trait, label, least and greatest value."""


class Explorer(anywidget.AnyWidget):
    """A widget that draws one scene and says it in one line of text.

    A subclass declares its settings as integer traits, lists them in ``controls`` and gives
    the two pure functions: settings → scene, scene → SVG. The page only draws and reports
    gestures; native range inputs bring the keyboard, focus and the reading aloud.
    """

    _esm = STATIC / "explorer.js"
    _css = STATIC / "explorer.css"

    purpose: ClassVar[str] = ""
    controls: ClassVar[tuple[Control, ...]] = ()
    make_scene: ClassVar[Callable[..., dict[str, Any]]]
    draw: ClassVar[Callable[..., str]]

    _controls: "traitlets.List[dict[str, Any]]" = traitlets.List().tag(sync=True)
    _shown: "traitlets.Dict[str, Any]" = traitlets.Dict().tag(sync=True)

    def __init__(self, **settings: int) -> None:
        self._scene: dict[str, Any] = {}
        keys = ("name", "label", "min", "max")
        super().__init__(
            _controls=[dict(zip(keys, control, strict=True)) for control in self.controls],
            **settings,
        )
        names = [name for name, *_ in self.controls]
        self.observe(self._refresh, names)
        self._refresh()

    def _refresh(self, _change: Any = None) -> None:
        settings = {name: getattr(self, name) for name, *_ in self.controls}
        self._scene = type(self).make_scene(**settings)
        self._shown = {
            "title": self.purpose,
            "svg": type(self).draw(self._scene),
            "text": self._scene["text"],
            "lines": self._scene["formulas"],
        }

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

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the live view, and a picture with its text for readers without a kernel."""
        live, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        # An image, because a notebook that is not trusted loses every inline <svg>.
        source = "data:image/svg+xml," + quote(self._shown["svg"])
        text = html.escape(repr(self))
        picture = f'<img alt="{text}" src="{source}" style="max-width: 100%">'
        stored = {"text/html": f"{picture}<br>{text}", "text/plain": repr(self)}
        return live | stored, metadata
