"""The course as web pages that need neither Python nor a network.

Every notebook becomes one page, with its stored outputs, pictures inside, mathematics as MathML,
explorers that live, and links to its neighbours; ``index.html`` is the map of the course.
``search.js``, which a page loads once a learner searches, brings elasticlunr and the course's
sections.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from cnnlab.course import hosting
from cnnlab.course.live import Live
from cnnlab.course.pages import given, search
from cnnlab.course.pages.convert import exporter, html
from cnnlab.course.pages.frame import contents, page
from cnnlab.course.pictures import fitted, unquoted
from cnnlab.notebooks import Notebook, course_map, is_made

MOST = 1_500_000  # bytes of a page
PICTURES = 1_200_000  # characters from which on large pictures lose what no eye sees


def write(folder: str | Path, notebooks: str | Path | None = None) -> list[Path]:
    """Write the course as web pages.

    Parameters
    ----------
    folder : str or Path
        Where to; it is made if need be, and pages of earlier runs are replaced.
    notebooks : str or Path, optional
        Folder of the notebooks, by default those of the course.

    Returns
    -------
    list of Path
        The pages, ``index.html`` first, and the file for the search.

    Raises
    ------
    FileNotFoundError
        If there is no such folder of notebooks.
    ModuleNotFoundError
        If the library for the search is not installed.

    Examples
    --------
    >>> pages = write("course")  # doctest: +SKIP
    """
    library = search.library()
    chart = course_map(notebooks)
    title = "Convolutional networks, from scratch to PyTorch"
    made = {"index.html": page(title, f"<h1>{title}</h1>\n{chart._repr_html_()}", "")}
    rows = chart.notebooks
    plain = exporter()
    repo = hosting.repository()
    hosting.write_copies(folder, [row.path for row in rows], repo)
    live = Live()
    sections: list[dict[str, str]] = []
    for before, row, after in zip((None, *rows[:-1]), rows, (*rows[1:], None), strict=True):
        notebook = given.outputs(row.path) if is_made(row.path) else None
        body, starts = html(row.path, plain, live, notebook)
        body = fitted(body, PICTURES)
        name = f"{row.path.stem}.html"
        links = _links(before, after) + hosting.links(row.path.name, repo)
        sections += search.sections(name, _named(row), body)
        frame = unquoted(page(row.title, contents(body) + body, links, bool(starts)))
        room = MOST - len(frame.encode())
        made[name] = frame.replace("</body>", f"{live.scripts(starts, room)}</body>")
    made["search.js"] = search.script(library, sections)
    return save(made, folder)


def save(made: Mapping[str, str], folder: str | Path) -> list[Path]:
    """Write finished pages, by name, into a folder, which is made if need be."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (place / name).write_text(text, encoding="utf-8")
    return [place / name for name in made]


def _links(before: Notebook | None, after: Notebook | None) -> str:
    return "".join(
        f'<a rel="{rel}" href="{row.path.stem}.html">{sign.format(escape(_named(row)))}</a>'
        for rel, sign, row in (("prev", "← {}", before), ("next", "{} →", after))
        if row
    )


def _named(row: Notebook) -> str:
    kind = "" if row.kind.title() in row.title else f"{row.kind}: "
    return f"{row.number} {kind}{row.title}"
