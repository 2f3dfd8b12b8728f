"""What a check says: a card in JupyterLab, one stable line everywhere else."""

import html
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

Status: TypeAlias = Literal["todo", "pass", "fail"]


class Look(NamedTuple):
    """How an outcome is shown."""

    icon: str
    word: str
    color: str


# The colours mark the border and the icon only: in JupyterLab's themes they reach the 3:1 that
# graphics need, not everywhere the 4.5:1 that text needs. Icon and word say the same again.
LOOKS: dict[str, Look] = {
    "todo": Look("○", "to do", "var(--jp-info-color1, #0072B2)"),
    "pass": Look("✓", "passed", "var(--jp-success-color1, #00795A)"),
    "fail": Look("✗", "not yet", "var(--jp-error-color1, #C43C00)"),
}
CARD = (
    "box-sizing: border-box; max-width: 46em; margin: 2px 0; padding: 8px 12px; line-height: 1.5; "
    "border: 1px solid var(--jp-border-color1, #BDBDBD); border-radius: 4px; "
    "border-left: 6px solid {color}; color: var(--jp-content-font-color1, #1F1F1F); "
    "background: var(--jp-layout-color1, #FFFFFF); overflow-wrap: anywhere"
)


def in_html(text: str) -> str:
    """A sentence in HTML, with what stands between backticks as code.

    Examples
    --------
    >>> in_html("Begin with `a < b`.")
    'Begin with <code>a &lt; b</code>.'
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


@dataclass(frozen=True, repr=False)
class Result:
    """The outcome of one check; true if the answer passed.

    Parameters
    ----------
    status : {"todo", "pass", "fail"}
        Not answered yet, right, or wrong.
    message : str
        One sentence: what was recognised, or which idea went wrong.
    hint : str
        What to try next; empty if there is nothing to add.

    Raises
    ------
    ValueError
        If the status is none of the three or the message is empty.

    Examples
    --------
    >>> result = Result("fail", "The + 1 is missing.", hint="Count the first window too.")
    >>> result
    ✗ not yet: The + 1 is missing. Hint: Count the first window too.
    >>> bool(result)
    False
    """

    status: Status
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        if self.status not in LOOKS:
            raise ValueError(
                f"Result: status must be one of {', '.join(get_args(Status))}, "
                f"not {self.status!r}. Choose one."
            )
        if not self.message.strip():
            raise ValueError(
                "Result: message must say what the check found, but it is empty. Write a sentence."
            )

    def __bool__(self) -> bool:
        return self.status == "pass"

    def __repr__(self) -> str:
        look = LOOKS[self.status]
        hint = f" Hint: {self.hint}" if self.hint else ""
        return " ".join(f"{look.icon} {look.word}: {self.message}{hint}".split())

    def _repr_html_(self) -> str:
        look = LOOKS[self.status]
        icon = f'<span aria-hidden="true" style="color: {look.color}">{look.icon}</span>'
        hint = f"<br><em>Hint:</em> {in_html(self.hint)}" if self.hint else ""
        return (
            f'<div role="status" style="{CARD.format(color=look.color)}">'
            f"<strong>{icon} {look.word}:</strong> {in_html(self.message)}{hint}</div>"
        )

    def show(self) -> list[str]:
        """Show the card in place of a traceback; the line that stands for one."""
        from IPython.display import display

        display(self)  # type: ignore[no-untyped-call]
        return ["The cells below wait for it."]


class RefusedError(Exception):
    """Leaves a check early, with the result that it has by then.

    Examples
    --------
    >>> RefusedError(Result("fail", "The + 1 is missing.")).result
    ✗ not yet: The + 1 is missing.
    """

    def __init__(self, result: Result) -> None:
        super().__init__(result.message)
        self.result = result
