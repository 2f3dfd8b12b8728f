"""Networks of the zoo, unfolded block by block, alone or side by side."""

from dataclasses import replace
from typing import Any, ClassVar

import traitlets

from cnnlab import zoo
from cnnlab.explore.architecture.blocks import tree
from cnnlab.explore.architecture.drawing import draw
from cnnlab.explore.architecture.examples import EXAMPLES, USUAL
from cnnlab.explore.architecture.scene import MODES, SIDES, ArchitectureScene, architecture_scene
from cnnlab.explore.architecture.table import connections, toggled
from cnnlab.explore.controls import Control, button, select
from cnnlab.explore.examples import ExampleExplorer, example_control


def _by_year() -> dict[Any, tuple[str, str]]:
    """Networks of the zoo under the year of their first appearance."""
    known = sorted((zoo.get(name) for name in zoo.names()), key=_year)
    return {n.name: (str(n.published.year or "without a year"), n.name) for n in known}


def _year(network: zoo.Network) -> tuple[int, str]:
    return network.published.year or 9999, network.name


class ArchitectureExplorer(ExampleExplorer[ArchitectureScene]):
    """Explore any network of the zoo: its blocks, where weights and work are, and its history.

    Parameters
    ----------
    example : str
        Name of a worked example, see ``ArchitectureExplorer.examples()``; other settings are then
        applied over it.
    network : str
        Name in the zoo.
    beside : str
        Another one to compare it with, or "".
    mode : str
        "diagram"; "bars", where weights and work are; "params", "macs", "depth" or "top5_error",
        the course of history; "table", the connection table of a network that has one.
    inside : str
        Path of the block that is unfolded, such as "layer2", or ""; those around it are, too.
    connections : list of list of int
        For each output map the input maps that are ticked; empty for the published table.
    selected : str
        Key of the block under focus, such as ``"first:layer2"``.
    show : list of str, optional
        Names of at most five controls to see at first sight.

    Examples
    --------
    >>> ArchitectureExplorer(network="vgg-c", beside="vgg-d")
    vgg-c: 3×224×224 → 1000, 133,638,952 parameters, 11,770,888,192 MACs beside vgg-d: \
3×224×224 → 1000, 138,357,544 parameters, 15,470,264,320 MACs; 3 blocks of the first and 3 blocks \
of the second differ
    >>> explorer = ArchitectureExplorer(network="lenet-5", mode="table")
    >>> explorer.connections = [list(range(6))] * 16
    >>> explorer.scene.connections.params
    2416
    """

    purpose = "a network's blocks, where its weights and its work are, beside another network"
    drawing = staticmethod(draw)
    worked, usual = EXAMPLES, USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        select("network", "network", _by_year()),
        select(
            "beside", "beside", {"": ("", "none")} | _by_year(), hint="a network to compare with"
        ),
        select("mode", "shown", MODES),
        button("open", "open", hint="unfolds a block or folds it again; ticks a connection or not"),
        button("back", "back", hint="folds the innermost; all connections, or the published"),
        example_control(EXAMPLES),
    )
    state = ("inside", "connections")
    heights = (820, 620, 480)

    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    network = traitlets.Enum(zoo.names(), USUAL["network"]).tag(sync=True)
    beside = traitlets.Enum(("", *zoo.names()), USUAL["beside"]).tag(sync=True)
    mode = traitlets.Enum([*MODES], USUAL["mode"]).tag(sync=True)
    inside = traitlets.Unicode("")
    connections: "traitlets.List[list[int]]" = traitlets.List()

    def make_scene(self) -> ArchitectureScene:
        scene = architecture_scene(
            network=self.network,
            beside=self.beside,
            mode=self.mode,
            inside=self.inside,
            ticked=tuple(tuple(each) for each in self.connections),
        )
        return self.with_note(scene)

    def offered(self) -> tuple[Control, ...]:
        """A connection table is offered where there is one."""
        if self.mode == "table" or connections(tree(self.network), ()):
            return self.controls
        return tuple(
            replace(each, options=each.options[:-1]) if each.name == "mode" else each
            for each in self.controls
        )

    def pressed(self, name: str) -> None:
        """Unfold what is selected or fold it again, or go back."""
        grid, _, place = self.selected.partition(":")
        known = self.selected in self.scene.links
        if self.scene.connections:
            self._tick(name, place if known else "")
        elif name == "back":
            self._go_back()
        elif known and grid == "point":
            self._show_point(int(place))
        elif known:
            self._unfold(self.selected)

    def edited(self, key: str, value: float) -> None:
        """Tick a connection by a 1 that is typed, and take it away by a 0; or unfold a block."""
        found = self.scene.connections
        if key not in self.scene.links or value not in (0, 1):
            return
        if found is None:
            self._unfold(key)
            return
        source, output = map(int, key.removeprefix("table:").split(","))
        if (source in found.maps[output]) != bool(value):
            self.connections = [[*each] for each in toggled(found.maps, output, source)]

    @traitlets.validate("connections")
    def _check_connections(self, proposal: Any) -> list[list[int]]:
        for each in proposal["value"]:
            whole = isinstance(each, list | tuple) and all(type(i) is int for i in each)
            if not whole or len(set(each)) != len(each) or min(each, default=0) < 0:
                raise traitlets.TraitError(
                    "connections must list for each output map the input maps that it reads, each "
                    f"once and counted from 0, not {each!r}. Write it as [[0, 1], [1, 2], …]."
                )
        return [[*each] for each in proposal["value"]]

    def _tick(self, name: str, place: str) -> None:
        found = self.scene.connections
        if found is None:
            return
        every = [[*range(found.inputs)] for _ in found.maps]
        if name == "back":
            full = [[*each] for each in found.maps] == every
            self.connections = [] if full else every
        elif place:
            source, output = map(int, place.split(","))
            self.connections = [[*each] for each in toggled(found.maps, output, source)]

    def _unfold(self, key: str) -> None:
        """Show what is in a block where it stands, or fold it with all in it."""
        side, _, path = key.partition(":")
        level = self.scene.levels[SIDES.index(side)]
        block = level.tree.find(path)
        if block.path == path:  # it holds others
            self.inside = level.tree.above(path) if level.unfolds(block) else path

    def _show_point(self, place: int) -> None:
        if name := self.scene.points[place].milestone.network:
            with self.hold_trait_notifications():
                self.network, self.mode, self.inside = name, "diagram", ""

    def _go_back(self) -> None:
        if self.scene.levels:
            path = self.scene.levels[0].block.path or self.scene.levels[-1].block.path
            owner = next(level.tree for level in self.scene.levels if level.block.path == path)
            self.inside = owner.above(path)
        else:
            self.mode = "diagram"
