"""When a page with live explorers is first painted, beside the same page with still pictures.

    python -m benchmarks.first_paint                          # 8 openings of each page
    python -m benchmarks.first_paint --write docs/speed.md    # also put the table there

Chromium itself says when it painted first, and when the largest thing in view, after it began to
read the file from disk; both pages take turns, in either order, each in a fresh window. It needs
Chromium and the packages of ``pip install -e ".[test,instructor]"``.
"""

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

LECTURES = ("04", "06", "10")

# Milliseconds of the first and of the largest paint, half a second after all is read.
PAINTS = """async () => {
  await new Promise((done) => setTimeout(done, 500));
  const last = (type) => new Promise((found) => new PerformanceObserver(
    (list) => found(list.getEntries().at(-1).startTime)).observe({ type, buffered: true }));
  return [performance.getEntriesByName("first-contentful-paint")[0].startTime,
    await last("largest-contentful-paint")];
}"""


def still(live: Path) -> Path:
    """Write a page again, without all that makes its explorers live."""
    from cnnlab.course.live import style

    text, store, _ = live.read_text(encoding="utf-8").partition('<script type="text/plain"')
    if not store:
        raise SystemExit(f"{live.name} must hold a live explorer, but holds none.")
    page = live.with_name(f"still_{live.name}")
    page.write_text(f"{text.replace(style(), '')}</body>\n</html>\n", encoding="utf-8")
    return page


def paints(browser: Any, page: Path) -> list[float]:
    with browser.new_context(offline=True, viewport={"width": 1200, "height": 900}) as context:
        window = context.new_page()
        window.goto(page.as_uri())
        times: list[float] = window.evaluate(PAINTS)
    return times


def both(browser: Any, pair: Sequence[Path], turned: bool = False) -> list[list[float]]:
    """Paints of two pages, opened in this order or the other, for one may slow down the next."""
    found = {page: paints(browser, page) for page in pair[:: -1 if turned else 1]}
    return [found[page] for page in pair]


def row(browser: Any, live: Path, runs: int) -> list[str]:
    """Size of a page, medians and their ratios."""
    pair = (still(live), live)
    times = [both(browser, pair), *(both(browser, pair, turn % 2 == 1) for turn in range(runs))]
    before, after = np.median(times[1:], axis=0)
    cells = [
        cell
        for old, new in zip(before, after, strict=True)
        for cell in (f"{old:.0f}", f"{new:.0f}", f"{new / old:.2f}")
    ]
    return [live.stem, f"{live.stat().st_size / 1000:,.0f}", *cells]


def main() -> None:
    from benchmarks.tables import table, write
    from cnnlab.course import pages
    from cnnlab.notebooks import notebook_paths
    from tests.browser.lab import chromium

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=8, help="openings of each page")
    parser.add_argument("--write", type=Path, help="file to update between its markers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for path in notebook_paths():
            if path.stem.startswith(tuple(f"{number}_lecture" for number in LECTURES)):
                shutil.copy(path, folder)
        made = pages.write(Path(folder) / "pages", folder)[1:-1]
        rows = [row(browser, page, options.runs) for page in made]
    headings = ["page", "kB", "first paint: still ms", "live ms", "ratio"]
    lines = table([*headings, "largest paint: still ms", "live ms", "ratio"], rows)
    print(*lines, sep="\n")
    if options.write:
        write(options.write, "first paint", lines)


if __name__ == "__main__":
    main()
