"""From a gesture to the painted answer in JupyterLab, beside ``interact`` with Matplotlib.

    python -m benchmarks.explorer_latency                     # 30 moves of each kind
    python -m benchmarks.explorer_latency --write docs/speed.md   # also put the table there
    python -m benchmarks.explorer_latency --before PATH       # also open those of an older checkout

A real mouse or key event starts the clock, in the browser; it stops in the animation frame
after the answer is in the page, images decoded. Opening is timed from the command that runs the
cell to the frame that shows the explorer. Both sides show the same picture in the same
JupyterLab, one after the other, and nothing else runs. It needs Chromium and the packages of
``pip install -e ".[test]"``.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tests.browser.lab import Lab

KERNEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
INPUT = np.arange(49).reshape(7, 7) * 3 % 10


# What the rivals draw, with what one would write in a notebook.


def draw_grid(axes: "Axes", values: np.ndarray, title: str) -> None:
    axes.imshow(np.zeros_like(values, float), cmap="Greys", vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(values):
        axes.text(column, row, f"{value:g}", ha="center", va="center")
    axes.set(title=title, xticks=np.arange(values.shape[1]) - 0.5, xticklabels=[])
    axes.set(yticks=np.arange(values.shape[0]) - 0.5, yticklabels=[])
    axes.grid(True)


def draw_sum(cell: int, stride: int) -> None:
    """Input, kernel and output of a convolution; one cell's window and sum."""
    from matplotlib import patches
    from matplotlib import pyplot as plt

    windows = np.lib.stride_tricks.sliding_window_view(INPUT, KERNEL.shape)[::stride, ::stride]
    output = (windows * KERNEL).sum((2, 3))
    row, column = np.unravel_index(cell % output.size, output.shape)
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.4))
    for each, values, title in zip(
        axes, (INPUT, KERNEL, output), ("input", "kernel", "output"), strict=True
    ):
        draw_grid(each, values, title)
    place = (column * stride - 0.5, row * stride - 0.5)
    axes[0].add_patch(patches.Rectangle(place, 3, 3, fill=False, lw=3, color="C0"))
    axes[2].add_patch(patches.Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, lw=3))
    terms = [f"{x}·{w}" for x, w in zip(windows[row, column].flat, KERNEL.flat, strict=True)]
    figure.suptitle(" + ".join(terms) + f" = {output[row, column]}", fontsize=10)
    plt.show()


@lru_cache
def photograph() -> np.ndarray:
    from skimage import data

    return data.camera().astype(np.float32) / 255


def draw_response(angle: int) -> None:
    """A photograph of 512×512, a 7×7 Gabor kernel at an angle, and its response."""
    from matplotlib import pyplot as plt

    from cnnlab.explore.filter.response import respond
    from cnnlab.explore.kernels import kernel

    weights = kernel("gabor", 7, angle)
    response = respond(photograph(), weights, 1, 3)
    figure, axes = plt.subplots(1, 3, figsize=(12, 5), width_ratios=(5, 1, 5))
    axes[0].imshow(photograph(), cmap="gray")
    axes[1].imshow(weights, cmap="RdBu")
    limit = np.abs(response).max()
    shown = axes[2].imshow(response, cmap="RdBu", vmin=-limit, vmax=limit)
    figure.colorbar(shown)
    plt.show()


class Race(NamedTuple):
    """One gesture, answered by an explorer and by ``interact``."""

    name: str
    goal: int  # times as quick
    explorer: str
    ours: Callable[["Lab", Any], "Gesture"]
    rival: str


class Gesture(NamedTuple):
    """Move ``i`` of a kind: what makes it, which event that is, and what shows its answer."""

    move: Callable[[int], None]
    event: str
    answer: str  # JavaScript: root → what changes


def hover(lab: "Lab", explorer: Any) -> Gesture:
    cells = explorer.locator("[data-key^='output:']:visible").all()
    boxes = [cell.bounding_box() for cell in cells]
    middles = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in boxes]
    read = "root.querySelector('.cnnlab-reading').textContent"

    def move(i: int) -> None:
        lab.page.mouse.move(*middles[(i + 1) % len(middles)])  # the first is shown at the start

    return Gesture(move, "pointerover", read)


def keys(name: str, answer: str) -> Callable[["Lab", Any], Gesture]:
    """Move the slider with this label to and fro."""

    def gesture(lab: "Lab", explorer: Any) -> Gesture:
        explorer.get_by_role("slider", name=name, exact=True).focus()
        return Gesture(lambda i: lab.page.keyboard.press(to_and_fro(i)), "keydown", answer)

    return gesture


def rival_keys(lab: "Lab", output: Any) -> Gesture:
    output.locator(".noUi-handle").focus()
    press = lambda i: lab.page.keyboard.press(to_and_fro(i))  # noqa: E731
    return Gesture(press, "keydown", "root.querySelector('img').src")


def to_and_fro(i: int) -> str:
    return "ArrowLeft" if i % 2 else "ArrowRight"


RESULT = "root.querySelector('.cnnlab-result').textContent"
RACES = [
    Race(
        "hover a cell of a convolution's output, answered in the page",
        40,
        "ConvolutionExplorer()",
        hover,
        "interact(draw_sum, cell=(0, 24), stride=fixed(1));",
    ),
    Race(
        "move the stride of that convolution, answered by Python",
        8,
        "ConvolutionExplorer()",
        keys("stride", RESULT),
        "interact(draw_sum, cell=fixed(0), stride=(1, 3));",
    ),
    Race(
        "turn a 7×7 kernel over a photograph of 512×512, answered by Python",
        12,
        "FilterExplorer(preset='gabor', kernel_size=7, padding=3, show=['preset', 'angle'])",
        keys("angle in degrees", RESULT),
        "interact(draw_response, angle=(0, 180, 5));",
    ),
]

# Promises the time from the next event of that kind to the frame that shows its answer.
WATCH = """(root, [event, answer]) => {
  const look = new Function("root", `return ${answer}`);
  const before = look(root);
  let start;
  const note = ({ timeStamp }) => { start = timeStamp; };
  window.addEventListener(event, note, { capture: true, once: true });
  window.painted = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer to a ${event} within 10 s`)), 10000);
    const watch = new MutationObserver(async () => {
      if (start === undefined || look(root) === before) return;
      watch.disconnect();
      await Promise.all([...root.querySelectorAll("img")].map((image) => image.decode()));
      requestAnimationFrame(() => resolve(performance.now() - start));
    });
    watch.observe(root, {
      attributes: true, childList: true, characterData: true, subtree: true,
    });
  });
}"""


def time_moves(lab: "Lab", root: Any, gesture: Gesture, moves: int) -> list[float]:
    """Milliseconds of each move, after three to warm up."""
    times = []
    for i in range(moves + 3):
        root.evaluate(WATCH, [gesture.event, gesture.answer])
        gesture.move(i)
        times.append(lab.page.evaluate("window.painted"))
        lab.page.wait_for_timeout(20 + 7 * i % 17)  # not in step with the screen's frames
    return times[3:]


def run(lab: "Lab", race: Race, moves: int) -> tuple[np.ndarray, np.ndarray]:
    explorer = lab.show(race.explorer)
    ours = time_moves(lab, explorer, race.ours(lab, explorer), moves)
    output = lab.show(race.rival, ".jp-OutputArea-output:has(.noUi-handle):has(img)")
    theirs = time_moves(lab, output, rival_keys(lab, output), moves)
    return np.array(ours), np.array(theirs)


# The least that Jupyter's widgets take: a number goes to Python and a number comes back.
ECHO = """import anywidget, traitlets
class Echo(anywidget.AnyWidget):
    asked = traitlets.Int(0).tag(sync=True)
    told = traitlets.Int(0).tag(sync=True)
    @traitlets.observe("asked")
    def _answer(self, change):
        self.told = change.new
    _esm = '''export default { render({ model, el }) {
      el.innerHTML = "<div class='cnnlab-explorer'><input type='range' data-lm-suppress-shortcuts='true'><output>0</output></div>";
      const [slider, output] = el.querySelectorAll("input, output");
      slider.addEventListener("input", () => {
        model.set("asked", Number(slider.value));
        model.save_changes();
      });
      model.on("change:told", () => { output.textContent = model.get("told"); });
    } }'''
"""


def time_echo(lab: "Lab", moves: int) -> list[float]:
    """Milliseconds of a slider's way to Python and back with nothing to draw."""
    lab.python(ECHO)
    root = lab.show("Echo()")
    root.locator("input").focus()
    move = lambda i: lab.page.keyboard.press(to_and_fro(i))  # noqa: E731
    gesture = Gesture(move, "keydown", "root.querySelector('output').textContent")
    return time_moves(lab, root, gesture, moves)


# Promises the time from the run of the only cell to the frame that shows its explorer.
OPEN = """async () => {
  const shown = new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector(".jp-OutputArea-output .cnnlab-explorer svg > *")) return;
      watch.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
    });
    watch.observe(panel.node, { childList: true, subtree: true });
  });
  jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
  const start = performance.now();
  jupyterapp.commands.execute("notebook:run-cell");
  return (await shown) - start;
}"""


def time_opening(labs: Sequence["Lab"], code: str, runs: int) -> np.ndarray:
    """Milliseconds from the run of a cell to its explorer, a column a lab, after three to warm up.

    The labs take turns, so that what else the machine does slows them all down alike.
    """
    for lab in labs:
        lab.show(code)
    times = []
    for _ in range(runs + 3):
        times.append([lab.page.evaluate(OPEN) for lab in labs])
        labs[0].page.wait_for_timeout(100)
    return np.array(times[3:])


EMPTY = """import anywidget
class Empty(anywidget.AnyWidget):
    _esm = '''export default { render({ el }) {
      el.innerHTML = "<div class='cnnlab-explorer'><svg><g></g></svg></div>";
    } }'''
"""


def compare_opening(before: Path, runs: int) -> None:
    """Print how long each explorer of an older checkout takes to open, here and there.

    First an empty anywidget, which no explorer can undercut.
    """
    from tests.browser.lab import chromium, jupyterlab

    with (
        chromium() as browser,
        jupyterlab(browser, package=before) as old,
        jupyterlab(browser) as new,
    ):
        old.python(EMPTY), new.python(EMPTY)
        print("milliseconds", "here", "there", "there / here", sep=" | ")
        for name in ["Empty", *old.python("print(*explore.names())").split()]:
            slow, quick = np.median(time_opening((old, new), f"{name}()", runs), axis=0)
            ratio = f"{slow / quick:.1f}"
            said = "open an empty anywidget" if name == "Empty" else f"open {name}"
            print(said, f"{quick:.0f}", f"{slow:.0f}", ratio, sep=" | ", flush=True)


def main() -> None:
    from benchmarks.tables import table, write
    from tests.browser.lab import jupyterlab

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--moves", type=int, default=30, help="of each kind")
    parser.add_argument("--write", type=Path, help="file to update between its markers")
    parser.add_argument("--before", type=Path, help="an older checkout, to open its explorers too")
    options = parser.parse_args()
    if options.before:
        compare_opening(options.before.resolve(), options.moves)
        return
    rows = []
    with jupyterlab() as lab:
        lab.python("from ipywidgets import fixed, interact")
        lab.python("from benchmarks.explorer_latency import draw_response, draw_sum")
        for race in RACES:
            ours, theirs = run(lab, race, options.moves)
            quick, slow = np.median(ours), np.median(theirs)
            rows.append([race.name, f"{quick:.0f}", f"{slow:.0f}", f"{slow / quick:.1f}"])
            print(*rows[-1], f"(goal {race.goal})", sep=" | ", flush=True)
        least = float(np.median(time_echo(lab, options.moves)))
    rows.append(["a number to Python and back, with nothing to draw", f"{least:.0f}", "", ""])
    headings = ["median of 30 moves", "explorer ms", "`interact` ms", "times as quick"]
    headings[0] = f"gesture to paint, median of {options.moves}"
    lines = table(headings, rows)
    print("", *lines, sep="\n")
    if options.write:
        write(options.write, "explorer latency", lines)


if __name__ == "__main__":
    main()
