"""The course of history: networks by year, each with its numbers and their sources."""

from functools import lru_cache
from typing import NamedTuple

from cnnlab.zoo.history import Milestone, milestones

MEASURES = {
    "params": "parameters",
    "macs": "MACs",
    "depth": "weight layers",
    "top5_error": "top-5 error in %",
}


class Point(NamedTuple):
    """A network in the chart: what it is, and the number that is drawn."""

    milestone: Milestone
    value: float

    @property
    def sentence(self) -> str:
        """All that is known of it, with the source."""
        one = self.milestone
        said = [
            f"{one.params:,} parameters" if one.params else "",
            f"{one.macs:,} MACs" if one.macs else "",
            f"{one.depth} weight layers" if one.depth else "",
            f"top-5 error {one.top5_error:g} % ({one.views})" if one.top5_error else "",
        ]
        counted = "counted from its table" if one.network else "as published"
        return f"{one.name}, {one.year}: {', '.join(filter(None, said))}; {counted}. {one.source}."


@lru_cache(maxsize=1)
def _known() -> tuple[Milestone, ...]:
    return milestones()


def points(measure: str) -> list[Point]:
    """Networks for which a number is known, the oldest first.

    Parameters
    ----------
    measure : str
        One of :data:`MEASURES`.

    Examples
    --------
    >>> points("top5_error")[0].value
    18.2
    """
    known = ((one, getattr(one, measure)) for one in _known())
    return [Point(one, float(value)) for one, value in known if value]
