"""What stands below a check after it has run: its card, or why the step counts as failed."""

import textwrap
from typing import TYPE_CHECKING, Any

from nbformat.v4 import new_output

if TYPE_CHECKING:
    from nbformat import NotebookNode

WIDTH = 90  # characters of a line in the feedback


def error_output(content: dict[str, Any]) -> "NotebookNode":
    """Write what a kernel says of an error as an output."""
    fields = {key: content[key] for key in ("ename", "evalue", "traceback")}
    error: NotebookNode = new_output("error", **fields)  # type: ignore[no-untyped-call]
    return error


def shorten(cell: "NotebookNode") -> None:
    """Show what a check says, not where in the package it says it."""
    for output in cell.outputs:
        if output.output_type == "error" and output.ename == "CheckFailed":
            text = output.evalue.replace(" Hint: ", "\nHint: ")
            output.traceback = [
                line for part in text.splitlines() for line in textwrap.wrap(part, WIDTH)
            ]


def judged(cell: "NotebookNode", verdict: "list[NotebookNode]") -> None:
    """Show what the checks say of a test cell; of what its own kernel sent, only printed text stays."""
    printed = [
        new_output("stream", name=str(one.name), text=str(one.text))  # type: ignore[no-untyped-call]
        for one in cell.outputs
        if one.output_type == "stream"
    ]
    cell.outputs = [*verdict, *printed]
    prove(cell)
    shorten(cell)


def prove(cell: "NotebookNode") -> None:
    """Take a step for passed only if its card is there; nbgrader counts whatever is no error."""
    shown = [output for output in cell.outputs if output.output_type == "execute_result"]
    passed = any(one.data.get("text/plain", "").startswith("✓ passed: ") for one in shown)
    if not passed and not any(output.output_type == "error" for output in cell.outputs):
        line = "The check did not say that this step passed."
        cell.outputs.append(
            error_output({"ename": "NotPassed", "evalue": line, "traceback": [line]})
        )
    # nbgrader goes by the first output that says anything, so an error must come first.
    cell.outputs.sort(key=lambda output: output.output_type != "error")
    for output in cell.outputs if passed else ():
        if output.get("name") == "stderr":  # nbgrader takes any warning for a failure
            output.name = "stdout"
