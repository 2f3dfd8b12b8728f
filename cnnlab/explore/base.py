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
   ``drawing``, ``controls``, the settings as synchronised traits, and the method ``make_scene``.
   The first five controls are seen at first sight; the rest stand under *more*.
4. Its line in ``explore/__init__.py``; its cell in the appendix on explorers; ``test_explore_NAME``
   and its gestures in ``tests/browser``. What every explorer must do is tested for all.

Reset, undo, redo, copying as code, keys, the steady stage and the text for readers who see no
picture come with the base.
"""

import html
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
import traitlets

from cnnlab.explore import controls as control
from cnnlab.explore.gestures import Gestures
from cnnlab.explore.history import History, same
from cnnlab.explore.page import once
from cnnlab.explore.scene import WIDTHS, Fix, Link, Scene, Stage
from cnnlab.explore.svg import quoted, still

ESSENTIALS = 5  # controls at first sight, at most

S = TypeVar("S", bound=Scene)


class Explorer(Gestures, Generic[S]):
    """A widget that draws one scene and says it in one line of text.

    See the head of this file for what a subclass declares. The page draws and reports gestures;
    all arithmetic is Python.
    """

    _esm = once()

    purpose: ClassVar[str] = ""
    drawing: "ClassVar[staticmethod[[Any, Stage], str]]"  # of a scene
    heights: ClassVar[tuple[int, int, int]] = (480, 380, 380)  # of the stage, by WIDTHS
    ahead: ClassVar[int] = 100  # states that are computed for a page without Python, at most

    _controls: "traitlets.List[dict[str, Any]]" = traitlets.List().tag(sync=True)
    _tables: "traitlets.List[dict[str, Any]]" = traitlets.List().tag(sync=True)
    _shown: "traitlets.Dict[str, Any]" = traitlets.Dict().tag(sync=True)
    _told: "traitlets.Dict[str, Any]" = traitlets.Dict().tag(sync=True)

    def make_scene(self) -> S:
        """Make the scene of the present settings."""
        raise NotImplementedError

    def draw(self, stage: Stage) -> str:
        """Draw the present scene as SVG."""
        return self.drawing(self.scene, stage)

    def fixes(self) -> Sequence[Fix]:
        return self._scene.fixes

    def tell(self, key: str) -> Link | None:
        """Link one of the cells that are too many for the scene to link them all."""
        return None

    def __init__(self, *, show: Sequence[str] | None = None, **settings: Any) -> None:
        self._refuse_unknown(settings)
        self._essentials = self._chosen(show)
        self._drawn: dict[str, Any] = {}
        super().__init__(**settings)
        self._made = self._basis()
        self._scene = self.make_scene()
        self._history = History(self.settings())
        self.observe(self._refresh, [*self.names(), "_width"])
        self.observe(self._tell, "_asked")
        self.on_msg(self._hear)
        self._refresh()
        self.open()

    def open(self) -> None:
        """Meet the page as soon as there is a scene: one message brings all there is to show."""
        if self._drawn:
            super().open()

    # ---- Settings

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

    def _offered(self) -> list[dict[str, Any]]:
        """Controls as the page gets them, the essential ones first and in their order."""
        place = {name: i for i, name in enumerate(self._essentials)}
        ranked = sorted(self.offered(), key=lambda c: place.get(c.name, ESSENTIALS))
        return [{**c.page(), "essential": c.name in place} for c in ranked]

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
        basis = self._basis()
        now = {**basis, "_width": self._width}
        if same(now, self._drawn):
            return  # one of several changes at once, already shown
        self._send_controls_first()
        self._drawn = now
        if not same(basis, self._made):
            self._made, self._scene = basis, self.make_scene()
        self._publish()
        if self._page_speaks:
            self._can = self._history.can(self.settings())
        else:
            self._note()

    def _send_controls_first(self) -> None:
        """Send settings that change together before their picture is sent.

        Each would be sent in its turn, the first one with the picture of all: for a moment the
        page would show the new picture with old sliders, and a key would move these.
        """
        late = [
            name
            for name in self.names()
            if name in self.keys
            and name not in self._from_page
            and name in self._drawn
            and not same({name: getattr(self, name)}, {name: self._drawn[name]})
        ]
        if late:
            self.send_state(late)

    def _basis(self) -> dict[str, Any]:
        """All that a scene is made of."""
        return {**self.settings(), "_extra": self._extra()}

    def _extra(self) -> Any:
        """What beside the settings a scene is made of."""

    def _publish(self) -> None:
        self._controls = self._offered()
        self._tables = [dict(table) for table in self._scene.tables]
        self._shown = self.shown()
        self._tell()

    def _tell(self, _change: Any = None) -> None:
        link = self.tell(self._asked) if self._asked else None
        self._told = {"key": self._asked, **link} if link else {}

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
        source = f"data:image/svg+xml,{quoted(self.still())}"
        alt, text = html.escape(self._said()), html.escape(repr(self))
        picture = f'<img alt="{alt}" src="{source}" style="max-width: 100%">'
        stored = {"text/html": f"{picture}<br>{text}", "text/plain": repr(self)}
        return live | stored, metadata


LISTED = 400  # numbers of an array that are still written out


def written(name: str, settings: dict[str, Any]) -> str:
    """Write the call that makes an explorer.

    Parameters
    ----------
    name : str
        Of the class.
    settings : dict
        Its arguments; of an array with many numbers only the name is written.

    Examples
    --------
    >>> written("ConvolutionExplorer", {"stride": 2, "bias": np.ones(1)})
    'explore.ConvolutionExplorer(stride=2, bias=[1.0])'
    """
    arguments = ", ".join(f"{key}={_value(key, value)}" for key, value in settings.items())
    return f"explore.{name}({arguments})"


def _value(name: str, value: Any) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    return repr(value.tolist()) if value.size <= LISTED else name
