"""Pictures of a notebook inside the page itself, so that a page is one file."""

import base64
import mimetypes
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

_SOURCE = re.compile(
    r"(?P<start><img\b[^>]*?\bsrc=\")(?P<source>[^\":]+)(?P<end>\")", re.IGNORECASE
)


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
