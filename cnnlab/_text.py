"""Words, numbers and tables as text and as HTML; any room may use them, and they need nothing."""

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import category


def by(sizes: int | Iterable[int]) -> str:
    """Write a size, or several, as books do.

    Examples
    --------
    >>> by((64, 28, 28)), by(3)
    ('64×28×28', '3')
    """
    return str(sizes) if isinstance(sizes, int) else "×".join(map(str, sizes))


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def shortened(words: Sequence[str], limit: int = 32) -> str:
    """Join words with commas, and cut a long list short.

    Examples
    --------
    >>> shortened(["a", "b", "c"], limit=2)
    'a, b, …'
    """
    return ", ".join(words[:limit]) + (", …" if len(words) > limit else "")


def visible(text: str) -> str:
    r"""Write what a terminal would take for an order, or not show at all, as an escape.

    Examples
    --------
    >>> print(visible("\x1b[2Jgone"), visible("two\nlines"))
    \x1b[2Jgone two lines
    """
    return "".join(
        char if char.isprintable() or category(char) == "Zs" else _written(char) for char in text
    )


def _written(char: str) -> str:
    return " " if char in "\t\n\r" else ascii(char)[1:-1]


def counted(number: int, noun: str) -> str:
    """Write a number and its noun.

    Examples
    --------
    >>> counted(1, "class"), counted(2, "class"), counted(3, "image")
    ('1 class', '2 classes', '3 images')
    """
    plural = noun + ("es" if noun.endswith("s") else "s")
    return f"{number} {noun if number == 1 else plural}"


def aligned(rows: Iterable[Sequence[str]], sides: Sequence[str]) -> list[str]:
    """Write the lines of a table, each column as wide as its widest cell.

    Parameters
    ----------
    rows : iterable of sequence of str
    sides : sequence of str
        For each column, "left" or "right".

    Examples
    --------
    >>> aligned([("Row", "MACs"), ("conv1", "9")], ("left", "right"))
    ['Row    MACs', 'conv1     9']
    """
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]

    def cells(row: Sequence[str]) -> Iterator[str]:
        for cell, width, side in zip(row, widths, sides, strict=True):
            yield cell.ljust(width) if side == "left" else cell.rjust(width)

    return ["  ".join(cells(row)).rstrip() for row in table]


def html_table(
    caption: str,
    headings: Sequence[str],
    sides: Sequence[str],
    rows: Iterable[Sequence[str]],
    names: int = 0,
) -> str:
    """Write a table that a screen reader can tell: one of its columns names the rows.

    Parameters
    ----------
    caption : str
    headings : sequence of str
    sides : sequence of str
        For each column, "left" or "right".
    rows : iterable of sequence of str
        Cells as HTML: what may hold a "<" is to be escaped first.
    names : int
        Place of the column that names the rows.

    Examples
    --------
    >>> html_table("Rows", ["Row"], ["left"], [["conv1"]])
    '<table><caption>Rows</caption><thead><tr><th scope="col" style="text-align:left">Row</th>\
</tr></thead><tbody><tr><th scope="row" style="text-align:left">conv1</th></tr></tbody></table>'
    """

    def line(cells: Sequence[str], tags: Iterable[str]) -> str:
        every = zip(tags, sides, cells, strict=True)
        return "".join(
            f'<{tag} style="text-align:{side}">{cell}</{tag.split()[0]}>'
            for tag, side, cell in every
        )

    head = line(headings, ['th scope="col"'] * len(headings))
    tags = ['th scope="row"' if place == names else "td" for place in range(len(headings))]
    body = "".join(f"<tr>{line(row, tags)}</tr>" for row in rows)
    return (
        f"<table><caption>{caption}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
