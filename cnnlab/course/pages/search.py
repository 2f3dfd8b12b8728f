"""Search over the course without a server: sections, and a library that finds words in them."""

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from importlib.util import find_spec
from pathlib import Path

_NEEDS_PDOC = (
    "The pages' search needs elasticlunr, which comes with the package pdoc, and that is not "
    'installed. In the folder of the course: python -m pip install -e ".[instructor]"'
)
HEADING = re.compile(r'<h(?P<level>[123]) id="(?P<id>[^"]+)">(?P<words>.*?)</h\1>', re.DOTALL)
_HIDDEN = re.compile(
    r"<(svg|style|script|math)\b.*?</\1>|<a class=\"anchor-link\".*?</a>|<pre>.*?</pre>|<[^>]+>",
    re.DOTALL,
)


def library() -> str:
    """Source of elasticlunr, which finds words in the page itself.

    Raises
    ------
    ModuleNotFoundError
        If the package that brings it is not installed.
    """
    package = find_spec("pdoc")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError(_NEEDS_PDOC)
    file = Path(package.submodule_search_locations[0]) / "templates/resources/elasticlunr.min.js"
    return file.read_text(encoding="utf-8")


def words(html: str) -> str:
    """Words of a piece of HTML as one line, without code, formulas and pictures.

    Examples
    --------
    >>> words('<h2>A <em>window</em></h2><pre>x = 3</pre> &amp; more')
    'A window & more'
    """
    return " ".join(unescape(_HIDDEN.sub(" ", html)).split())


def sections(name: str, title: str, body: str) -> Iterator[dict[str, str]]:
    """Cut a page into what stands below each heading.

    Examples
    --------
    >>> list(sections("a.html", "A", '<h2 id="b">B</h2><p>text</p>'))
    [{'href': 'a.html#b', 'page': 'A', 'title': 'B', 'text': 'text'}]
    """
    found = list(HEADING.finditer(body))
    ends = [match.start() for match in found[1:]] + [len(body)]
    for match, end in zip(found, ends, strict=False):
        yield {
            "href": f"{name}#{match['id']}",
            "page": title,
            "title": words(match["words"]),
            "text": words(body[match.end() : end]),
        }


def script(library: str, found: Sequence[dict[str, str]]) -> str:
    """Make the file that a page loads once a learner searches."""
    data = json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"{library}\nwindow.cnnlabSections = {data};\n"
