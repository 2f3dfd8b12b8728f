"""A lab of three steps, built by code, for the tests of everything around labs."""

from nbformat import NotebookNode
from nbformat import v4 as new

from cnnlab.course import generated, refresh
from cnnlab.course.labs import cells

NAME = "03_lab_trial"
FACTS = {"title": "Trial", "minutes": 9, "prerequisites": [], "goals": ["count windows"]}


def solved(placeholder: str, solution: str, indent: str = "") -> str:
    lines = [placeholder, "### BEGIN SOLUTION", solution, "### END SOLUTION"]
    return f"\n{indent}".join(lines)


def source() -> NotebookNode:
    """The source, not run yet."""
    nb = new.new_notebook(metadata={"cnnlab": FACTS})
    hint = "<details><summary>Hint</summary>\n\nCount the first window too.\n\n</details>"
    function = solved('def size_of(size, kernel_size):\n    """Windows."""',
                      "return size - kernel_size + 1", "    ")  # fmt: skip
    texts = iter(["## Sizes", hint])
    nb.cells = [
        new.new_markdown_cell(generated.opening(nb.metadata)),
        new.new_markdown_cell(next(texts)),
        cells.fixed("setup", SETUP),
        new.new_markdown_cell(next(texts)),
        cells.answer("answer-1", solved("size = ...", "size = 7 - 3 + 1")),
        cells.step("test-1", 'check.output_size(size, size=7, kernel_size=3, step="1")'),
        cells.answer("answer-2", solved("strided = ...", "strided = (7 - 3) // 2 + 1")),
        cells.step("test-2", 'check.output_size(strided, size=7, kernel_size=3, stride=2, step="2")'),
        cells.answer("answer-3", function),
        cells.step("test-3", HIDDEN),
        cells.reflection("reflection", "A window must fit into the input."),
        cells.fixed("score", "check.score(steps=3)"),
    ]  # fmt: skip
    for number, cell in enumerate(nb.cells):
        cell.metadata.setdefault("slideshow", {"slide_type": "slide"})
        if "nbgrader" not in cell.metadata:
            cell.id = f"text-{number}"
    refresh.clean(nb)
    return nb


SETUP = """\
import math

from cnnlab import check

check.lab("Trial", steps=["1", "2", "3"])"""
HIDDEN = """\
check.output_size(size_of(9, 3), size=9, kernel_size=3, step="3")
### BEGIN HIDDEN TESTS
check.output_size(size_of(12, 5), size=math.isqrt(144), kernel_size=5, step="3")
### END HIDDEN TESTS"""
