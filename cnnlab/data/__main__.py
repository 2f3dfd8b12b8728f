"""Write ``data/README.md`` from the registry: ``python -m cnnlab.data data/README.md``."""

import sys
from collections.abc import Iterable
from pathlib import Path

from cnnlab._text import by
from cnnlab.data.registry import PHOTOS, SETS
from cnnlab.data.registry_texts import TEXTS
from cnnlab.data.rows import SetRow, TextRow

_INTRO = """\
# Data

Every data set and photograph of the course, with source, licence and checksum. This page is
written from `cnnlab/data/registry.py` by `python -m cnnlab.data data/README.md`; change the
registry, not the page.

`cnnlab.data.load(name)` returns images `(N, C, H, W)`, float32 in [0, 1], and labels;
`cnnlab.data.photo(name)` returns one image `(C, H, W)`. Of the sets of texts, `load(name)`
returns texts and labels. Sets that come with a package or with the course, or are computed,
need no network. The others are downloaded once, through torchvision, into this folder, or into the folder that the environment variable `CNNLAB_DATA`
names; a complete folder is only read. A file whose size or checksum differs from this page is
refused.
"""


def readme() -> str:
    """Text of ``data/README.md``.

    Examples
    --------
    >>> readme().splitlines()[0]
    '# Data'
    """
    return "\n".join([_INTRO, *_sets(), *_texts(), *_photos(), *_files()])


def main(arguments: list[str]) -> None:
    """Write the page to the path given, else print it."""
    if arguments:
        Path(arguments[0]).write_text(readme(), encoding="utf-8", newline="\n")
    else:
        print(readme(), end="")


def _sets() -> Iterable[str]:
    yield "## Image sets\n"
    for row in SETS.values():
        size = f"{by(row.shape)} (channels × height × width)"
        yield from _set(row, f"images: {_counts(row)}, {size}")


def _texts() -> Iterable[str]:
    yield "## Sets of texts\n"
    for row in TEXTS.values():
        yield from _set(row, f"texts: {_counts(row)}")


def _set(row: SetRow | TextRow, size: str) -> Iterable[str]:
    yield f"### {row.name}\n"
    yield row.what + "\n"
    yield f"- {size}"
    yield f"- classes: {', '.join(row.class_names)}"
    yield f"- comes: {row.comes}"
    yield f"- source: {row.source}"
    yield f"- licence: {row.licence}"
    yield f"- cite: {row.citation}\n"


def _counts(row: SetRow | TextRow) -> str:
    return ", ".join(f"{count:,} ({split})" for split, count in row.splits)


def _photos() -> Iterable[str]:
    yield "## Photographs\n"
    yield "All come with scikit-image (`skimage.data`).\n"
    yield from _table(
        ("name", "what", "size", "source", "licence"),
        ((row.name, row.what, by(row.shape), row.source, row.licence) for row in PHOTOS.values()),
    )


def _files() -> Iterable[str]:
    yield "## Files\n"
    yield "Paths are below this folder, or below the named package.\n"
    placed = [(row.package, file) for row in SETS.values() for file in row.files]
    placed += [(None, file) for text in TEXTS.values() for file in text.files]
    placed += [("skimage", row.file) for row in PHOTOS.values()]
    yield from _table(
        ("file", "bytes", "checksum"),
        (
            (f"`{package + '/' if package else ''}{file.path}`", f"{file.size:,}", file.checksum)
            for package, file in placed
        ),
    )


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    titles = list(header)
    for cells in (titles, ["---"] * len(titles), *rows):
        yield f"| {' | '.join(cells)} |"
    yield ""


if __name__ == "__main__":
    main(sys.argv[1:])
