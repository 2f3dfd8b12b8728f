"""Networks put together in another way: what a specification becomes, told by its parameters."""

from collections.abc import Callable
from dataclasses import replace

from cnnlab import spec
from cnnlab.check.core.misconception import Misconception, first_match
from cnnlab.check.core.result import Result
from cnnlab.check.networks.network_misconceptions import swap
from cnnlab.check.networks.own import OwnNetwork
from cnnlab.spec import Row, Shape, trace

Join = Callable[[dict[str, Row]], Row]


def structure_rows() -> list[Misconception[Row]]:
    """What goes wrong between layers, so that they have other parameters; models change a row.

    Returns
    -------
    list of Misconception

    Examples
    --------
    >>> paths = spec.Concat(a=spec.Conv(2, 1), b=spec.Conv(3, 3, padding=1))
    >>> structure_rows()[0].model(paths)
    Chain(a=Conv(2, 1), b=Conv(3, 3, padding=1))
    """
    return [
        Misconception(
            "paths in a row",
            lambda row: _joined(row, lambda paths: spec.Chain(**paths)),
            "The paths come one after the other. All paths read the same maps, and a "
            "`spec.Concat` stacks what they make.",
        ),
        Misconception(
            "paths added",
            lambda row: _joined(row, lambda paths: spec.Add(**paths)),
            "What the paths make is added. A `spec.Concat` stacks their maps.",
        ),
        Misconception(
            "paths turned round",
            lambda row: _joined(row, lambda paths: spec.Concat(**dict(reversed(paths.items())))),
            "The paths are right, but in another order.",
        ),
        Misconception(
            "single pixels in all paths",
            lambda row: _joined(row, _with_kernels(1)),
            "All paths have kernels of a single pixel; some should have larger ones.",
        ),
        Misconception(
            "single pixels in no path",
            lambda row: _joined(row, _with_kernels(3)),
            "No path has kernels of a single pixel, and one should.",
        ),
        Misconception(
            "no batch normalisation",
            lambda row: swap(
                row, lambda one: spec.Identity() if isinstance(one, spec.BatchNorm) else one
            ),
            "The batch normalisation is missing.",
        ),
    ]


def other_structure(own: OwnNetwork, task: Row, input_shape: Shape) -> Result | None:
    """Name the misconception whose parameters are those of the student's network.

    Parameters
    ----------
    own : OwnNetwork
        A network whose parameters are not those of the task.
    task : Row
        What it should be.
    input_shape : tuple of int
        Without the batch.

    Returns
    -------
    Result or None
        None if nothing explains all of its parameters.
    """
    mine = [array.shape for array in own.params().values()]
    if mine == _shapes(task, input_shape):
        return None
    row = first_match(structure_rows(), task, lambda slipped: mine == _shapes(slipped, input_shape))
    hint = "Compare it with the task layer by layer."
    return None if row is None else Result("fail", row.sentence, hint)


def _shapes(row: Row, input_shape: Shape) -> list[Shape] | None:
    """Shapes of all parameters, or None where the rows do not fit together."""
    try:
        steps = trace(row, input_shape)
    except ValueError:  # this task leaves no room for the misconception
        return None
    return [
        shape
        for step in steps
        if not isinstance(step.row, spec.Combinator)
        for shape in step.row.param_shapes(step.in_shape).values()
    ]


def _joined(row: Row, join: Join) -> Row:
    """A specification with the paths of each module joined in another way."""
    if not isinstance(row, spec.Combinator):
        return row
    children = {name: _joined(child, join) for name, child in row.children}
    return join(children) if isinstance(row, spec.Concat) else type(row)(**children)


def _with_kernels(size: int) -> Join:
    """Paths side by side whose convolutions all have kernels of this size, and keep the map's."""

    def change(row: Row) -> Row:
        if isinstance(row, spec.Conv):
            return replace(row, kernel_size=size, padding=size // 2)
        return row

    return lambda paths: spec.Concat(**{name: swap(path, change) for name, path in paths.items()})
