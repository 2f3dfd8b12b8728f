"""What a gradient check found."""

from dataclasses import dataclass
from typing import NamedTuple


class Entry(NamedTuple):
    """The verdict on one gradient.

    Attributes
    ----------
    ok : bool
    error : float
        Largest relative difference of a slope.
    where : tuple of int
        Index of the worst entry, if wrong.
    given, right : float
        What backward says there, and what differences say.
    cause : str
        The likely mistake; empty if right.
    """

    ok: bool
    error: float
    where: tuple[int, ...] = ()
    given: float = 0.0
    right: float = 0.0
    cause: str = ""


@dataclass(frozen=True, repr=False)
class Report:
    """The verdict on a backward pass; ``str()`` says it in words.

    Attributes
    ----------
    entries : dict of Entry
        One for each input and parameter, by name.
    moved : bool
        Whether the point lay at a kink, so that one close by was taken.
    """

    entries: dict[str, Entry]
    moved: bool = False

    @property
    def ok(self) -> bool:
        """Whether all gradients are right."""
        return all(entry.ok for entry in self.entries.values())

    def __str__(self) -> str:
        right = [name for name, entry in self.entries.items() if entry.ok]
        lines = [f"Gradients agree with differences: {', '.join(right)}"] if right else []
        for name, entry in self.entries.items():
            if entry.ok:
                continue
            line = f"Gradient of {name} is wrong: {entry.cause}."
            if entry.where:
                line += (
                    f" At {list(entry.where)} backward says {entry.given:.4g}, "
                    f"differences say {entry.right:.4g}."
                )
            lines.append(line)
        if self.moved:
            lines.append("The point lay at a kink, where no slope exists; one close by was taken.")
        return "\n".join(lines)

    __repr__ = __str__

    def require(self) -> None:
        """Raise an AssertionError that says what is wrong, if anything is."""
        if not self.ok:
            raise AssertionError(str(self))
