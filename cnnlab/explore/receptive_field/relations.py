"""What a unit of one level sees of another level, in units of that one."""

from collections.abc import Sequence

from cnnlab import spec
from cnnlab.explore.receptive_field.levels import Level, last_axis
from cnnlab.geometry import ReceptiveField
from cnnlab.spec import Row, TraceStep


def relations_in_stack(levels: Sequence[Level]) -> dict[tuple[int, int], ReceptiveField]:
    """What a unit of each level sees of each level below, counted in units of that one.

    Parameters
    ----------
    levels : list of Level
        From :func:`stacked`.

    Examples
    --------
    >>> from cnnlab.explore.receptive_field.levels import stacked
    >>> relations_in_stack(stacked(9, [(3, 1, 1), (3, 2, 1)], "valid"))[2, 1]
    ReceptiveField(size=3, jump=2, start=0)
    """
    found: dict[tuple[int, int], ReceptiveField] = {}
    for j in range(len(levels)):
        field = ReceptiveField()
        for i in range(j + 1, len(levels)):
            field = field.then(*levels[i].window)
            found[i, j] = field
    return found


def relations_in_network(
    net: Row, steps: list[TraceStep], levels: Sequence[Level], drawn: Sequence[int]
) -> dict[tuple[int, int], ReceptiveField]:
    """What a unit of each level sees of the levels below, through whatever lies between them.

    Rows on two branches do not see one another.

    Parameters
    ----------
    net : Row
        The specification.
    steps : list of TraceStep
        The same, followed row by row.
    levels : list of Level
        From :func:`of_network`.
    drawn : list of int
        Numbers of the levels wanted.
    """
    wanted = {levels[i].name: i for i in drawn if i}
    shapes = {step.path: step.in_shape for step in steps}
    found: dict[tuple[int, int], ReceptiveField] = {}

    def follow(row: Row, path: str, fields: dict[int, ReceptiveField]) -> dict[int, ReceptiveField]:
        if isinstance(row, spec.Scale):
            return fields
        if isinstance(row, spec.Combinator):
            ends = [fields]
            for name, child in row.children:
                before = ends[-1] if row.in_series else fields
                ends.append(follow(child, f"{path}.{name}" if path else name, before))
            return ends[-1] if row.in_series else _joined(ends[1:])
        path = path or type(row).__name__.lower()
        reach = row.reach(shapes[path])
        if isinstance(reach, spec.Window):
            fields = {j: field.then(*last_axis(reach, shapes[path])) for j, field in fields.items()}
            if path in wanted:
                i = wanted[path]
                found.update({(i, j): field for j, field in fields.items()})
                fields = {**fields, i: ReceptiveField()}
        return fields if reach == "point" or isinstance(reach, spec.Window) else {}

    follow(net, "", {0: ReceptiveField()})
    return found | _dense(levels, drawn)


def _dense(levels: Sequence[Level], drawn: Sequence[int]) -> dict[tuple[int, int], ReceptiveField]:
    """A dense layer sees all units of the levels below."""
    return {
        (i, j): ReceptiveField(size=levels[j].length, jump=levels[j].length)
        for i in drawn
        if levels[i].kind.endswith(" all")
        for j in drawn
        if j < i
    }


def _joined(branches: list[dict[int, ReceptiveField]]) -> dict[int, ReceptiveField]:
    fields: dict[int, ReceptiveField] = {}
    for branch in branches:
        for j, field in branch.items():
            fields[j] = fields[j].union(field) if j in fields else field
    return fields


def seen(field: ReceptiveField, unit: int, length: int) -> range:
    """Units of a level below that a unit sees, cut to the ones there are.

    Parameters
    ----------
    field : ReceptiveField
        Of the unit's level, counted in units of the level below.
    unit : int
        Its number.
    length : int
        Units of the level below.

    Examples
    --------
    >>> seen(ReceptiveField(size=3, jump=2, start=-1), 0, 9)
    range(0, 2)
    """
    begin = field.start + unit * field.jump
    return range(max(begin, 0), max(min(begin + field.size, length), 0))


def exactly(levels: Sequence[Level], i: int, unit: int) -> dict[int, list[int]]:
    """Every unit below that a unit of a stack reads, directly or not; dilation leaves gaps.

    Parameters
    ----------
    levels : list of Level
        From :func:`stacked`.
    i, unit : int
        Number of the level and of its unit.

    Returns
    -------
    dict
        Units by number of the level, without those in the padding.

    Examples
    --------
    >>> from cnnlab.explore.receptive_field.levels import stacked
    >>> exactly(stacked(9, [(3, 1, 2)], "valid"), 1, 0)
    {0: [0, 2, 4]}
    """
    found: dict[int, list[int]] = {}
    units = {unit}
    for j in range(i, 0, -1):
        window, count = levels[j].window, levels[j - 1].length
        taps = range(0, window.kernel_size * window.dilation, window.dilation)
        starts = [each * window.stride - window.before for each in units]
        read = (start + tap for start in starts for tap in taps)
        units = {position for position in read if 0 <= position < count}
        found[j - 1] = sorted(units)
    return found
