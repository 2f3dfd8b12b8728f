#!/usr/bin/env bash
# nbconvert 7.17.0: whether the alt text of a picture reaches the page depends on the template.
#
# IPython writes the alt text of Image(alt=...) into the output's metadata. The templates
# "classic" and "basic" hand it on to the page. The template "lab", which is the default of
# `nbconvert --to html`, and the slides put "No description has been provided for this image" in
# its place, so that a screen reader hears nothing of what the author wrote. An <img alt="...">
# that is part of an HTML output is kept by all four, which is the way round it.
#
# Seen: classic True, basic True, lab False, slides False; as HTML: True in all four.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
  nbconvert==7.17.0 nbformat==5.11.1 ipython==9.18.1
"$folder/env/bin/python" - <<'PYTHON'
import base64
import struct
import sys
import zlib
from importlib.metadata import version

import nbformat
from IPython.display import Image
from nbconvert import HTMLExporter, SlidesExporter


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# One grey pixel.
png = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    + chunk(b"IEND", b"")
)
ALT = "a single grey pixel"
picture, metadata = Image(data=png, alt=ALT)._repr_mimebundle_()
page = {"text/html": f'<img alt="{ALT}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'}


def kept(data: dict, metadata: dict) -> dict[str, bool]:
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    exporters = {name: HTMLExporter(template_name=name) for name in ("classic", "basic", "lab")}
    exporters["slides"] = SlidesExporter()
    return {name: ALT in tool.from_notebook_node(notebook)[0] for name, tool in exporters.items()}


as_picture, as_page = kept(picture, metadata), kept(page, {})
print("nbconvert", version("nbconvert"))
print("metadata written by IPython:", metadata)
print("alt text kept, Image(alt=...):", as_picture)
print("alt text kept, <img alt> in HTML:", as_page)
expected = {"classic": True, "basic": True, "lab": False, "slides": False}
sys.exit(0 if as_picture == expected and all(as_page.values()) else "This has changed.")
PYTHON
