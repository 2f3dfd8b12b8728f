"""What a comparison of two networks found."""

from dataclasses import dataclass

from cnnlab._text import aligned


@dataclass(frozen=True, repr=False)
class Comparison:
    """What two networks made of the same input; ``str()`` says it in words.

    Attributes
    ----------
    rows : tuple of (str, str, float)
        Steps that were held against each other, ours and theirs, up to the first that differs:
        the largest difference, as a share of the numbers' size.
    ours, theirs : str
        The first layers that differ; empty where none does.
    difference : float
        The largest difference of their outputs as a share of our number's size and the mean
        size; infinite where the shapes part.
    conventions : tuple of str
        Each explains theirs by itself: with it, our layer gives their numbers.
    note : str
        What else helps.
    """

    rows: tuple[tuple[str, str, float], ...]
    ours: str = ""
    theirs: str = ""
    difference: float = 0.0
    conventions: tuple[str, ...] = ()
    note: str = ""

    @property
    def same(self) -> bool:
        """Whether both networks compute the same."""
        return not self.ours

    @property
    def convention(self) -> str:
        """The first convention that explains theirs; empty if none does."""
        return self.conventions[0] if self.conventions else ""

    def __str__(self) -> str:
        rows = [(ours, theirs, f"{gap:.1e}") for ours, theirs, gap in self.rows]
        head = ("ours", "theirs", "difference")
        return "\n".join([*aligned([head, *rows], ("left", "left", "right")), self.verdict])

    @property
    def verdict(self) -> str:
        """The outcome in a sentence or two."""
        if self.same:
            return f"The networks agree. {self.note}".strip()
        where = f"First difference: ours, {self.ours}, and theirs, {self.theirs}"
        if self.difference == float("inf"):
            gap = "in shape or by infinite numbers"
        else:
            gap = f"by up to {self.difference:.2g} of the numbers' size"
        if not self.conventions:
            because = "No known convention turns ours into theirs: compare settings and weights."
        else:
            because = f"What explains it: {'; or '.join(self.conventions)}."
        return f"{where}, {gap}. {because} {self.note}".strip()

    def __repr__(self) -> str:
        return str(self)
