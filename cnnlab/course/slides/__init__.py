"""The lectures as slides that need neither Python nor a network.

Every deck is one file: text, figures, mathematics, and the reveal.js that turns its pages. The
marks of a notebook's cells (Slide, Sub-Slide, Fragment, Skip in JupyterLab) say what is on which
slide, :mod:`~cnnlab.course.slides.words` puts fewer words on it, and explorers live there as on the pages of :mod:`cnnlab.course.pages`. In a browser, arrow
keys and Page Down turn the pages, Esc shows all of them, S opens the speaker's view; inside an
explorer the keys are its own, and Esc leads out. The address with ``?print-pdf`` prints.
"""

from collections.abc import Sequence
from functools import partial
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab import notebooks
from cnnlab.course.live import SLIDE_WIDTHS, Live
from cnnlab.course.pages import save
from cnnlab.course.pages.convert import html, markdown_to_html
from cnnlab.course.pages.frame import page
from cnnlab.course.pictures import fitted
from cnnlab.course.slides import words
from cnnlab.explore.page import STATIC

if TYPE_CHECKING:
    from traitlets.config import Config

MOST = 2_500_000  # bytes of a deck
PICTURES = 2_000_000  # characters from which on large pictures lose what no eye sees
_HERE = Path(__file__).parent
_NEEDS_REVEAL = (
    "Slides need reveal.js, which comes with the package sphinx-revealjs, and that is not "
    'installed. In the folder of the course: python -m pip install -e ".[instructor]"'
)


def write(folder: str | Path, paths: Sequence[str | Path] | None = None) -> list[Path]:
    """Write decks of slides.

    Parameters
    ----------
    folder : str or Path
        Where to; it is made if need be, and decks of earlier runs are replaced.
    paths : sequence of str or Path, optional
        Notebooks, by default all lectures of the course, with ``slides.html`` as their list.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    FileNotFoundError
        If a notebook is not there.
    ModuleNotFoundError
        If reveal.js is not installed.

    Examples
    --------
    >>> decks = write("talks")  # doctest: +SKIP
    """
    from nbconvert import SlidesExporter

    chosen = [Path(path) for path in paths or ()]
    for path in chosen:
        if not path.is_file():
            raise FileNotFoundError(f"A notebook must be a file, but {path} is none.")
    rows = [] if chosen else [row for row in notebooks.notebooks() if row.kind == "lecture"]
    exporter = SlidesExporter(config=_config())  # type: ignore[no-untyped-call]
    live = Live(SLIDE_WIDTHS)
    made = {"slides.html": _list(rows)} if rows else {}
    for path in chosen or [row.path for row in rows]:
        deck, starts = html(path, exporter, live)
        deck = fitted(deck, PICTURES)
        scripts = live.scripts(starts, MOST - len(deck.encode())) if starts else ""
        start, _, end = deck.rpartition("</body>")  # reveal.js writes others
        made[f"{path.stem}.slides.html"] = f"{start}{scripts}</body>{end}"
    return save(made, folder)


def _reveal() -> Path:
    """Folder of reveal.js in the package that brings it; Sphinx itself is not loaded."""
    package = find_spec("sphinx_revealjs")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError(_NEEDS_REVEAL)
    return Path(package.submodule_search_locations[0]) / "_static" / "revealjs"


def _config() -> "Config":
    """Settings by which nbconvert makes decks that need no network."""
    from traitlets.config import Config

    exporter = {
        "template_name": "deck",
        "extra_template_basedirs": [str(_HERE)],
        "extra_template_paths": [str(_reveal()), str(STATIC)],
        "filters": {"markdown2html": partial(markdown_to_html, anchors=False)},
        "preprocessors": [words.own],
        "exclude_input_prompt": True,
        "exclude_output_prompt": True,
    }
    return Config({"SlidesExporter": exporter, "CSSHTMLHeaderPreprocessor": {"style": "default"}})


def _list(rows: Sequence[notebooks.Notebook]) -> str:
    items = "\n".join(
        f'<li><a href="{row.path.stem}.slides.html">{row.number} {escape(row.title)}</a></li>'
        for row in rows
    )
    return page("Slides", f"<h1>Slides</h1>\n<ul>\n{items}\n</ul>")
