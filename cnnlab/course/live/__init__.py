"""Explorers that live on a page without Python: their scenes are computed ahead.

``cells`` finds the explorers of a notebook, ``scenes`` chooses settings and has the same Python
draw them, ``pack`` makes one small text of many drawings, and ``host.js`` plays Python's part in
the page: it answers the gestures of the very same ``explorer.js`` with what was computed.
"""

import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cnnlab.course.live.cells import explorers
from cnnlab.course.live.pack import Pack
from cnnlab.course.live.scenes import Recorder
from cnnlab.explore import Explorer, InsideExplorer, page
from cnnlab.explore.inside import module
from cnnlab.explore.inside import page as inside

HERE = Path(__file__).parent
PAGE_WIDTHS = (236, 560)  # of the drawings a page chooses from: on a telephone, and else
SLIDE_WIDTHS = (560,)  # beside the controls
MOST = 300_000  # bytes of one kind of explorer on a page


class Live:
    """The explorers of the pages of one run; what was computed for one page serves the next.

    Parameters
    ----------
    widths : sequence of int
        Of the drawings, from :data:`cnnlab.explore.scene.WIDTHS`.
    """

    def __init__(self, widths: Sequence[int] = PAGE_WIDTHS) -> None:
        self._widths = tuple(widths)
        self._recorders: dict[str, Recorder] = {}

    def place(self, notebook: Any) -> dict[str, list[str]]:
        """Mark the explorers in a notebook's outputs, whose stored pictures stay inside.

        Returns
        -------
        dict
            By kind of explorer: the states its explorers start from.
        """
        starts: dict[str, list[str]] = {}
        for output, explorer in explorers(notebook):
            kind = type(explorer).__name__
            states = starts.setdefault(kind, [])
            key = self._key(explorer)
            if key not in states:
                states.append(key)
            facts = {
                "kind": kind,
                "start": states.index(key),
                "selected": explorer.selected,
                "essentials": explorer._essentials,
            }
            data = html.escape(json.dumps(facts))
            still = output["data"]["text/html"]
            output["data"]["text/html"] = (
                f'<div class="cnnlab-live" data-live="{data}">{still}</div>'
            )
        return starts

    def _key(self, explorer: Explorer[Any]) -> str:
        """Its state; of one that a page computes itself, all that the page needs."""
        if isinstance(explorer, InsideExplorer):
            return inside.packed(explorer, self._widths)
        kind = type(explorer)
        recorder = self._recorders.setdefault(kind.__name__, Recorder(kind, self._widths))
        return recorder.start(explorer)

    def scripts(self, starts: dict[str, list[str]], room: int) -> str:
        """Everything a page's explorers need, in at most ``room`` bytes if it can."""
        ahead = {kind: states for kind, states in starts.items() if kind in self._recorders}
        texts = {
            f"{kind} {i}": text
            for kind, states in starts.items()
            if kind not in ahead
            for i, text in enumerate(states)
        }
        programs = [program()] * bool(ahead) + [_computing()] * (len(ahead) < len(starts))
        modules = [f'<script type="module">\n{source}\n</script>\n' for source in programs]
        around = [_store(kind, "") for kind in ahead]
        fixed = [*modules, *around, *(_store(name, text) for name, text in texts.items())]
        room -= sum(len(text.encode()) for text in fixed)
        packs = {kind: Pack(self._recorders[kind].record(of)) for kind, of in ahead.items()}
        room -= sum(pack.least for pack in packs.values())
        # Whoever needs little leaves the rest to the others.
        for kind in sorted(packs, key=lambda kind: packs[kind].most - packs[kind].least):
            pack = packs.pop(kind)
            texts[kind] = pack.within(min(MOST, pack.least + max(0, room) // (len(packs) + 1)))
            room -= len(texts[kind]) - pack.least
        return "".join([*(_store(name, text) for name, text in texts.items()), *modules])


def _store(name: str, text: str) -> str:
    return f'<script type="text/plain" data-store="{name}">{text}</script>\n'


def style() -> str:
    """The explorers' own style."""
    return page.STYLE


def program() -> str:
    """The explorers' own program, and what answers it in Python's place."""
    end = "export default { render };"
    if end not in page.SCRIPT:
        raise ValueError(f"explorer.js must end with {end!r}, which the page replaces.")
    return page.SCRIPT.replace(
        end, module.source("model.js") + _source("host.js") + _source("soon.js")
    )


def _computing() -> str:
    """The program of the explorer that a page computes itself."""
    return inside.program() + _source("alone.js") + _source("soon.js")


def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
