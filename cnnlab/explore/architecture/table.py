"""A connection table: which maps each map reads, ticked by hand and counted anew."""

from dataclasses import dataclass

from cnnlab.count import summarize
from cnnlab.explore.architecture.blocks import Tree
from cnnlab.spec import TableConv

Maps = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Connections:
    """The table of one layer, as it is ticked now.

    Attributes
    ----------
    path : str
        Of the layer.
    maps : tuple of tuple of int
        For each output map, the input maps that it reads.
    inputs, area : int
        Input maps, and numbers of one kernel.
    params : int or None
        Counted by :func:`cnnlab.count.summarize`; None where a map reads nothing.
    total : int or None
        Parameters of the whole network with it.
    """

    path: str
    maps: Maps
    inputs: int
    area: int
    params: int | None
    total: int | None

    @property
    def kernels(self) -> int:
        """Ticks: one kernel each."""
        return sum(map(len, self.maps))

    @property
    def empty(self) -> list[int]:
        """Output maps that read nothing."""
        return [i for i, each in enumerate(self.maps) if not each]


def connections(found: Tree, ticked: Maps) -> Connections | None:
    """Count a network's connection table as ticked; None if it has none.

    Parameters
    ----------
    found : Tree
        The network.
    ticked : tuple of tuple of int
        The table; another network's, or an empty one, stands for the published one.

    Examples
    --------
    >>> from cnnlab.explore.architecture.blocks import tree
    >>> published = connections(tree("lenet-5"), ())
    >>> published.kernels, published.params
    (60, 1516)
    >>> connections(tree("lenet-5"), (tuple(range(6)),) * 16).params
    2416
    """
    rows = found.summary.rows
    row = next((each for each in rows if isinstance(each.row, TableConv)), None)
    if row is None or not isinstance(row.row, TableConv):
        return None
    before = rows[rows.index(row) - 1].output_shape
    fits = len(ticked) == len(row.row.table)
    maps = ticked if fits and all(i < before[0] for each in ticked for i in each) else row.row.table
    params = total = None
    if all(maps):
        params = summarize(TableConv(maps, row.row.kernel_size), before).params
        total = found.summary.params - row.params + params
    kernel = row.row.param_shapes(before)["weight"][1:]
    return Connections(row.path, maps, before[0], kernel[0] * kernel[1], params, total)


def toggled(maps: Maps, output: int, source: int) -> Maps:
    """Tick one connection, or take its tick away.

    Examples
    --------
    >>> toggled(((0,), (1,)), 0, 1)
    ((0, 1), (1,))
    """
    changed = tuple(sorted({*maps[output]} ^ {source}))
    return (*maps[:output], changed, *maps[output + 1 :])
