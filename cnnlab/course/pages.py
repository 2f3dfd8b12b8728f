"""The course as web pages that need neither Python nor a network.

Every notebook becomes one page, with its stored outputs, pictures inside, mathematics as MathML
and links to its neighbours; ``index.html`` is the map of the course.
"""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course import hosting
from cnnlab.course.pictures import inlined, unpacked
from cnnlab.notebooks import Notebook, course_map

if TYPE_CHECKING:
    from nbconvert import HTMLExporter

_CODE_OR_MATH = re.compile(
    r"(?P<code>^```.*?^```|`[^`\n]+`)"
    r"|\$\$(?P<display>.+?)\$\$"
    r"|(?P<environment>\\begin\{(?P<name>[a-z]+\*?)\}.+?\\end\{(?P=name)\})"
    r"|(?<![\\$\w])\$(?P<inline>[^$\s](?:[^$\n]*[^$\s\\])?)\$(?!\w)",
    re.DOTALL | re.MULTILINE,
)
# The name of a function keeps its distance from what follows, unless that is a bracket.
_FUNCTION = re.compile(r"(<mi>(?:log|exp|max|min)</mi>)(?!<mo)")
_PLACE = "MATHEMATICS{}MATHEMATICS"  # letters that Markdown leaves alone
_LINK = re.compile(r'href="(\d\d_[a-z0-9_]+)\.ipynb(#[^"]*)?"')

_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 0 16px 64px; max-width: 52em; color: #1f1f1f; background: #fff;
  font: 17px/1.55 system-ui, sans-serif; }
nav { display: flex; flex-wrap: wrap; gap: 4px 24px; padding: 12px 0;
  border-bottom: 1px solid #bdbdbd; }
a { color: #00588a; }
a:focus-visible, summary:focus-visible { outline: 2px solid #0072b2; outline-offset: 2px; }
h1, h2, h3 { line-height: 1.25; margin: 1.6em 0 0.5em; }
pre { margin: 8px 0; padding: 8px 12px; overflow-x: auto; font-size: 14px; line-height: 1.45; }
.highlight pre { background: #f8f8f8; border-left: 4px solid #0072b2; }
code { font-size: 0.92em; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: 4px 10px; border-bottom: 1px solid #dcdcdc; text-align: left;
  vertical-align: top; font-variant-numeric: tabular-nums; }
img { max-width: 100%; height: auto; }
.anchor-link, .jp-InputPrompt, .jp-OutputPrompt, .prompt { display: none; }
math { font-size: 1.1em; }
math[display="block"] { margin: 12px 0; overflow-x: auto; }
"""


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
        The pages, ``index.html`` first.

    Raises
    ------
    FileNotFoundError
        If there is no such folder of notebooks.

    Examples
    --------
    >>> pages = write("course")  # doctest: +SKIP
    """
    from nbconvert import HTMLExporter

    chart = course_map(notebooks)
    title = "Convolutional networks, from scratch to PyTorch"
    made = {"index.html": page(title, f"<h1>{title}</h1>\n{chart._repr_html_()}")}
    rows = chart.notebooks
    filters = {"markdown2html": markdown_to_html}
    exporter = HTMLExporter(template_name="basic", filters=filters)  # type: ignore[no-untyped-call]
    repo = hosting.repository()
    hosting.write_copies(folder, [row.path for row in rows], repo)
    for before, row, after in zip((None, *rows[:-1]), rows, (*rows[1:], None), strict=True):
        body = html(row.path, exporter)
        links = _links(before, after) + hosting.links(row.path.name, repo)
        made[f"{row.path.stem}.html"] = page(row.title, body, links)
    return save(made, folder)


def save(made: Mapping[str, str], folder: str | Path) -> list[Path]:
    """Write finished pages, by name, into a folder, which is made if need be."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (place / name).write_text(text, encoding="utf-8")
    return [place / name for name in made]


def _links(before: Notebook | None, after: Notebook | None) -> str:
    neighbours = [
        f'<a rel="{rel}" href="{row.path.stem}.html">{sign.format(escape(_named(row)))}</a>'
        for rel, sign, row in (("prev", "← {}", before), ("next", "{} →", after))
        if row
    ]
    return '<a href="index.html">The course</a>' + "".join(neighbours)


def _named(row: Notebook) -> str:
    return f"{row.number} {row.kind}: {row.title}"


def page(title: str, body: str, links: str = "") -> str:
    """Make a whole page in the course's style, with links on top if there are any."""
    from pygments.formatters import HtmlFormatter

    body = _LINK.sub(lambda match: f'href="{match[1]}.html{match[2] or ""}"', body)
    colors = HtmlFormatter(style="default").get_style_defs(".highlight")
    nav = f'<nav aria-label="course">{links}</nav>\n' if links else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{colors}{_STYLE}</style>\n</head>\n<body>\n"
        f"{nav}<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def html(path: Path, exporter: "HTMLExporter") -> str:
    """Have nbconvert make HTML of a notebook, its pictures inside.

    Raises
    ------
    ValueError
        If the notebook cannot be read or converted; the message names it.
    """
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        for cell in notebook.cells:
            if cell.cell_type == "markdown" and "attachments" in cell:
                cell.source = unpacked(cell.source, cell.attachments)
        text: str = exporter.from_notebook_node(notebook)[0]
    except Exception as error:  # of whatever kind: each names something inside, none the notebook
        raise ValueError(
            f"{path.name}: a notebook must be one that nbconvert can turn into a page, but this "
            f"one cannot be ({type(error).__name__}: {error}). Open it in JupyterLab, run it and "
            "save it again."
        ) from error
    return inlined(text, path.parent)


def markdown_to_html(source: str, anchors: bool = True) -> str:
    """Make HTML of a cell's Markdown, with its mathematics as MathML: a filter for nbconvert.

    Examples
    --------
    >>> print(markdown_to_html("So $x$ is *small*."))
    <p>So <math ...><mrow><mi>x</mi></mrow></math> is <em>small</em>.</p>
    """
    from latex2mathml.converter import convert
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        """Put a place for a formula into the text, so that Markdown leaves it alone."""
        if match["code"]:
            return match[0]
        latex = match["display"] or match["environment"]
        display = latex is not None
        latex = latex if display else match["inline"]
        formula = convert(latex, display="block" if display else "inline")
        formulas.append(_FUNCTION.sub(r'\1<mspace width="0.17em"/>', formula))
        return _PLACE.format(len(formulas) - 1)

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=not anchors)
    text: str = MarkdownWithMath(renderer=renderer).render(_CODE_OR_MATH.sub(keep, source))
    for number, formula in enumerate(formulas):
        text = text.replace(_PLACE.format(number), formula)
    return text
