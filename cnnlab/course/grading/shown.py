"""What of a student's notebook a page may show: text and pictures, nothing that runs or loads.

nbgrader's pages put Markdown and HTML of a notebook into themselves as they are, and the
instructor's browser would run what a student wrote with the instructor's rights. The hand-in
stays as it came; the copy that pages are made from is cleaned by bleach, which nbconvert uses too.
"""

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree

from bleach.css_sanitizer import CSSSanitizer
from bleach.sanitizer import ALLOWED_TAGS, Cleaner
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import from_dict
from nbformat.v4 import new_output

from cnnlab.course.pages.convert import PLACE, formula, markdown_to_html

if TYPE_CHECKING:
    from nbformat import NotebookNode


POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
RULE = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TAGS = ALLOWED_TAGS | _set(
    "br caption dd del details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img ins kbd mark p "
    "pre s samp small span sub summary sup table tbody td tfoot th thead tr u"
)
# None of these loads a file, and none moves a thing over the buttons of a page.
_STYLES = _set(
    "background-color border border-bottom border-collapse border-color border-left border-radius "
    "border-right border-top color display font-family font-size font-style font-weight height "
    "line-height list-style-type margin margin-bottom margin-left margin-right margin-top "
    "max-width padding padding-bottom padding-left padding-right padding-top text-align "
    "text-decoration vertical-align white-space width"
)
_VALUES = {  # what an attribute may hold, wherever it stands
    "alt title aria-label": "",
    "aria-hidden": "true|false",
    "class": "highlight|[a-z][a-z0-9]?",  # of code in colours; others mean something to the page
    "colspan height rowspan start width": r"\d{1,4}",
    "href": r"(https?://|mailto:|#).*|[^:&]*",
    "open": "(open)?",
    "role": "status|img",
    "scope": "row|col",
    "src": r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,].*",  # in an img, an SVG runs no script
    "style": ".*",
}
_ALLOWED = {name: rule for names, rule in _VALUES.items() for name in names.split()}
_RUNS = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
SAME = 256  # texts that are kept: the lab's own and its cards come again with every student
_PICTURES = {"image/png", "image/jpeg"}
_MATHML = r"\{http://www\.w3\.org/1998/Math/MathML\}m[a-z]+"
_MATHML_SETTINGS = _set(
    "accent columnalign depth display displaystyle fence form height linethickness lspace mathcolor "
    "mathvariant maxsize minsize movablelimits rspace scriptlevel separator stretchy voffset width"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def _may_stay(tag: str, name: str, value: str) -> bool:
    rule = None if PLACE in value else _ALLOWED.get(name)  # formulas go to places in the text
    return rule is not None and bool(not rule or re.fullmatch(rule, value, re.DOTALL))


@lru_cache(SAME)
def clean(html: str) -> str:
    """Leave nothing in HTML that runs, loads a file, or stands for a part of the page around it.

    Parameters
    ----------
    html : str
        What a student's code or text made.

    Returns
    -------
    str

    Examples
    --------
    >>> clean('<b onclick="x()">3</b><script>x()</script><img src="https://x.org/y.png">')
    '<b>3</b><img>'
    """
    cleaner = Cleaner(
        tags=_TAGS,
        attributes=_may_stay,
        protocols={"data", "http", "https", "mailto"},
        strip=True,
        css_sanitizer=CSSSanitizer(allowed_css_properties=_STYLES, allowed_svg_properties=()),
    )
    return str(cleaner.clean(_RUNS.sub("", html)))


def markdown(source: str, attachments: dict[str, Any] | None = None) -> str:
    """Leave Markdown as it is if a page may show it; else give the part that it may, as HTML.

    The HTML is one line, so that a program for Markdown passes it on as it is.

    Parameters
    ----------
    source : str
        What a student wrote.
    attachments : dict, optional
        Pictures that were pasted into the cell; they come to stand in the text.

    Returns
    -------
    str

    Examples
    --------
    >>> markdown("So *two* of them.")
    'So *two* of them.'
    >>> markdown("So <i onclick='x()'>two</i> of them.")
    '<div><p>So <i>two</i> of them.</p></div>'
    """
    pasted = attachments or {}
    try:
        if not pasted and _is_clean(source):
            return source
        safe = clean(_made(source, pasted))
    except Exception:
        safe = _as_written(source)
    return f"<div>{safe.strip()}</div>".replace("\n", "&#10;")


@lru_cache(SAME)
def _is_clean(source: str) -> bool:
    made = _made(source, {}, anchors=True)
    return clean(made) == made


def _as_written(source: str) -> str:
    """What cannot be read as Markdown, as when a picture that it names is not there."""
    return f"<pre>{escape(source)}</pre>"


def _made(source: str, attachments: dict[str, Any], anchors: bool = False) -> str:
    """The HTML that nbconvert makes of Markdown."""
    renderer = IPythonRenderer(
        escape=False, exclude_anchor_links=not anchors, attachments=attachments
    )
    return str(MarkdownWithMath(renderer=renderer).render(source))


def page(source: str) -> str:
    """Make HTML of Markdown for a page without a network, its formulas as MathML.

    Parameters
    ----------
    source : str
        Markdown.

    Returns
    -------
    str
        Cleaned; a formula that cannot be read stands there as it was written.

    Examples
    --------
    >>> print(page("So $x$ is <i onclick='x()'>small</i>."))
    <p>So <math ...><mrow><mi>x</mi></mrow></math> is <i>small</i>.</p>
    """
    try:
        return markdown_to_html(source, anchors=False, clean=clean, formula=_formula)
    except Exception:
        return _as_written(source)


def _formula(latex: str, display: bool) -> str:
    try:
        tree = ElementTree.fromstring(formula(latex, display))
    except Exception:  # of whatever kind: latex2mathml has many ways to fail
        return escape(f"$${latex}$$" if display else f"${latex}$")
    for part in tree.iter():
        if not re.fullmatch(_MATHML, part.tag):
            return escape(latex)
        for name in set(part.attrib) - _MATHML_SETTINGS:
            del part.attrib[name]
    ElementTree.register_namespace("", "http://www.w3.org/1998/Math/MathML")
    return ElementTree.tostring(tree, encoding="unicode")


def _output(output: "NotebookNode") -> "NotebookNode":
    content: dict[str, Any]
    if output.output_type == "stream":
        content = {"name": str(output.name), "text": str(output.text)}
    elif output.output_type == "error":
        content = {key: str(output[key]) for key in ("ename", "evalue")}
        content["traceback"] = [str(line) for line in output.traceback]
    else:
        content = {"data": _data(output.data), "metadata": _sizes(output.metadata)}
        if output.output_type == "execute_result":
            content["execution_count"] = output.get("execution_count")
    made: NotebookNode = new_output(output.output_type, **content)  # type: ignore[no-untyped-call]
    return made


def _data(given: dict[str, Any]) -> dict[str, str]:
    texts = {kind: str(value) for kind, value in given.items()}
    shown = {kind: text for kind, text in texts.items() if kind in ("text/plain", "text/latex")}
    shown |= {
        kind: text for kind, text in texts.items() if kind in _PICTURES and _BASE64.fullmatch(text)
    }
    if "image/svg+xml" in texts:
        picture = quote(texts["image/svg+xml"])
        shown["text/html"] = clean(f'<img src="data:image/svg+xml,{picture}">')
    if "text/markdown" in texts:
        shown["text/markdown"] = markdown(texts["text/markdown"])
    if "text/html" in texts:
        shown["text/html"] = clean(texts["text/html"])
    left_out = ", ".join(sorted(given)) or "nothing"
    return shown or {"text/plain": f"[An output is left out that no page may show: {left_out}.]"}


def _sizes(metadata: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Width and height of a picture, the only settings that pages take from an output."""
    return {
        kind: {
            key: value
            for key, value in dict(metadata.get(kind) or {}).items()
            if key in ("width", "height") and isinstance(value, int)
        }
        for kind in _PICTURES & set(metadata)
    }


def shown(nb: "NotebookNode") -> "NotebookNode":
    """Make the copy of a graded notebook that pages are made from.

    Parameters
    ----------
    nb : NotebookNode
        A notebook that has run, in its lab's form.

    Returns
    -------
    NotebookNode
        With the same cells and marks, cleaned.

    Examples
    --------
    >>> from nbformat import v4
    >>> shown(v4.new_notebook(cells=[v4.new_markdown_cell("<script>x()</script>")])).cells[0].source
    '<div></div>'
    """
    copy: NotebookNode = from_dict(nb)  # type: ignore[no-untyped-call]
    copy.metadata.clear()  # the kernel had a say in it
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = markdown(cell.source, cell.pop("attachments", None))
        elif cell.cell_type == "code":
            cell.outputs = [_output(output) for output in cell.outputs]
    return copy
