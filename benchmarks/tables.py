"""Tables that a benchmark keeps up to date between two markers of a file."""

from collections.abc import Sequence
from pathlib import Path


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table, numbers to the right."""
    sides = [" --- ", *[" --: "] * (len(headings) - 1)]
    lines = [" | ".join(headings), "|".join(sides).strip(), *(" | ".join(row) for row in rows)]
    return [f"| {line} |" for line in lines]


def write(path: Path, name: str, lines: Sequence[str]) -> None:
    """Replace what stands between the markers of the benchmark ``name``."""
    begin, end = f"<!-- benchmark: {name} -->", "<!-- end -->"
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"{path} must hold {begin} and, below it, {end}. Add both lines.")
    path.write_text(before + "\n".join([begin, *lines, end]) + after, encoding="utf-8")
