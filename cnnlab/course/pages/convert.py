"""A notebook as HTML: mathematics as MathML, pictures inside, explorers marked."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnlab.course.live import Live
from cnnlab.course.pictures import inlined, unpacked

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
PLACE = "MATHEMATICS"  # with a number behind it; letters that Markdown leaves alone
_FORMULA = re.compile(rf"(?P<before>[(“]*){PLACE}(?P<number>\d+){PLACE}(?P<after>[.,:;?!)”’]*)")


def exporter() -> "HTMLExporter":
    """Make what turns notebooks that one trusts into the inside of pages."""
    from nbconvert import HTMLExporter
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbconvert.filters import Highlight2HTML

    class Plain(HTMLExporter):
        """HTMLExporter reads its page once more, for what our pages have: words of pictures."""

        from_notebook_node = TemplateExporter.from_notebook_node

    filters = {
        "markdown2html": markdown_to_html,
        "highlight_code": Highlight2HTML(),  # type: ignore[no-untyped-call]
        "clean_html": "{}".format,  # code in colours, which is clean
    }
    return Plain(template_name="basic", filters=filters)  # type: ignore[no-untyped-call]


def html(
    path: Path, exporter: "HTMLExporter", live: Live | None = None, notebook: Any = None
) -> tuple[str, dict[str, list[str]]]:
    """Have nbconvert make HTML of a notebook, its pictures inside.

    Parameters
    ----------
    path : Path
    exporter : HTMLExporter
    live : Live, optional
        Where explorers are to live: marks them.
    notebook : NotebookNode, optional
        What to convert, if it is not what lies at ``path``.

    Returns
    -------
    str, dict
        The HTML, and what :meth:`~cnnlab.course.live.Live.place` found.

    Raises
    ------
    ValueError
        If the notebook cannot be read or converted; the message names it.
    """
    import nbformat

    try:
        if notebook is None:
            notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        for cell in notebook.cells:
            if cell.cell_type == "markdown" and "attachments" in cell:
                cell.source = unpacked(cell.source, cell.attachments)
        starts = live.place(notebook) if live else {}
        text: str = exporter.from_notebook_node(notebook)[0]
    except Exception as error:  # of whatever kind: each names something inside, none the notebook
        raise ValueError(
            f"{path.name}: a notebook must be one that nbconvert can turn into a page, but this "
            f"one cannot be ({type(error).__name__}: {error}). Open it in JupyterLab, run it and "
            "save it again."
        ) from error
    return inlined(text, path.parent), starts


def formula(latex: str, display: bool) -> str:
    """Make MathML of a formula, for a line of its own (display) or inside a line.

    Examples
    --------
    >>> formula("x", display=False)
    '<math ...><mrow><mi>x</mi></mrow></math>'
    """
    from latex2mathml.converter import convert

    made = convert(latex, display="block" if display else "inline")
    return _FUNCTION.sub(r'\1<mspace width="0.17em"/>', made)


def markdown_to_html(
    source: str,
    anchors: bool = True,
    clean: Callable[[str], str] = str,
    formula: Callable[[str, bool], str] = formula,
) -> str:
    """Make HTML of a cell's Markdown, with its mathematics as MathML: a filter for nbconvert.

    What ``clean`` makes of the HTML, before the formulas are put into it, becomes the page.

    Examples
    --------
    >>> print(markdown_to_html("So $x$ is *small*."))
    <p>So <math ...><mrow><mi>x</mi></mrow></math> is <em>small</em>.</p>
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        """Put a place for a formula into the text, so that Markdown leaves it alone."""
        if match["code"]:
            return match[0]
        latex = match["display"] or match["environment"]
        formulas.append(formula(latex or match["inline"], latex is not None))
        return f"{PLACE}{len(formulas) - 1}{PLACE}"

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=not anchors)
    text = clean(MarkdownWithMath(renderer=renderer).render(_CODE_OR_MATH.sub(keep, source)))
    made = {str(number): each for number, each in enumerate(formulas)}
    return _FORMULA.sub(lambda match: _joined(made.get(match["number"]), match), text)


def _joined(formula: str | None, match: re.Match[str]) -> str:
    """A formula on one line with the signs around it, as a word would be."""
    if formula is None:  # words that only look like a place
        return match[0]
    whole = f"{match['before']}{formula}{match['after']}"
    return whole if whole == formula else f'<span class="joined">{whole}</span>'
