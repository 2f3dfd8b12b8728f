"""Pictures of a notebook inside the page itself, so that a page is one file."""

import base64
import io
import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

_SOURCE = re.compile(
    r"(?P<start><img\b[^>]*?\bsrc=\")(?P<source>[^\":]+)(?P<end>\")", re.IGNORECASE
)

_PNG = re.compile(r"data:image/png;base64,(?P<data>[A-Za-z0-9+/=\s]+)")
_SVG = re.compile(r"(?<=data:image/svg\+xml,)[^\"]*")
_VARIABLE = re.compile(r"var\(--[a-z-]+, (#\w+)\)")
_GLIMPSE = 10_000  # bytes of a picture, from which on one that moves may lose what no eye sees


def unpacked(source: str, attachments: dict[str, dict[str, Any]]) -> str:
    """Put pictures that were pasted into a cell in the place of their names.

    Parameters
    ----------
    source : str
        The cell's Markdown, where a pasted picture stands as ``attachment:name``.
    attachments : dict of dicts
        By name: the picture's kind and its bytes in base64, as a notebook keeps them.

    Examples
    --------
    >>> unpacked("![dot](attachment:dot.png)", {"dot.png": {"image/png": "iVBO"}})
    '![dot](data:image/png;base64,iVBO)'
    """
    for name, kinds in attachments.items():
        for kind, data in list(kinds.items())[:1]:
            source = source.replace(f"attachment:{name}", f"data:{kind};base64,{data.strip()}")
    return source


def inlined(html: str, folder: Path) -> str:
    """Put pictures that lie beside a notebook in the place of their addresses.

    Parameters
    ----------
    html : str
        Addresses elsewhere, and of files that are not there, are left as they are.
    folder : Path
        Where the notebook lies.
    """

    def put(match: re.Match[str]) -> str:
        file = folder / unquote(match["source"])
        kind = mimetypes.guess_type(file.name)[0]
        if kind is None or not file.is_file():
            return match[0]
        data = base64.b64encode(file.read_bytes()).decode()
        return f"{match['start']}data:{kind};base64,{data}{match['end']}"

    return _SOURCE.sub(put, html)


def smaller(text: str, exact: bool = True) -> str:
    """Store each PNG in a text as WebP, where that is smaller.

    Parameters
    ----------
    text : str
        HTML or SVG with pictures inside.
    exact : bool
        Whether every pixel must stay as it is; else large pictures lose what no eye sees.

    Examples
    --------
    >>> smaller("no picture")
    'no picture'
    """
    return _PNG.sub(lambda match: _webp(match["data"], exact), text)


def fitted(text: str, room: int) -> str:
    """Store pictures as WebP, exactly if the text has room for that.

    Parameters
    ----------
    text : str
        HTML with pictures inside.
    room : int
        Characters.

    Examples
    --------
    >>> fitted("no picture", 2)
    'no picture'
    """
    exact = smaller(text)
    return exact if len(exact) < room else smaller(text, exact=False)


def unquoted(html: str) -> str:
    r"""Write the addresses of SVG pictures in a page with as few letters as HTML asks for.

    A picture's colours are those it has outside a page: no variable reaches into it.

    Examples
    --------
    >>> unquoted('<img src="data:image/svg+xml,%3Cg%20style=%22fill:%20var(--a,%20%23fff)%22/%3E">')
    '<img src="data:image/svg+xml,<g style=\'fill: %23fff\'/>">'
    """
    return _SVG.sub(_unquoted, html)


def _unquoted(match: re.Match[str]) -> str:
    svg = _VARIABLE.sub(r"\1", unquote(match[0])).replace("'", "&#39;")
    for letter, written in (("%", "%25"), ("#", "%23"), ("&", "%26"), ("\n", "%0A"), ('"', "'")):
        svg = svg.replace(letter, written)
    return svg


@cache
def _webp(data: str, exact: bool) -> str:
    from PIL import Image

    png = base64.b64decode(data)
    picture = Image.open(io.BytesIO(png))
    lossless = exact or len(png) < _GLIMPSE
    target = io.BytesIO()
    # Exact also where it is transparent; a little effort brings nearly all there is to gain.
    picture.save(target, "WEBP", lossless=lossless, quality=50 if lossless else 85, method=2)
    best, kind = min((png, "png"), (target.getvalue(), "webp"), key=lambda each: len(each[0]))
    return f"data:image/{kind};base64,{base64.b64encode(best).decode()}"
