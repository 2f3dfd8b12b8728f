"""What units see through a stack of layers, or through a network."""

from typing import Any, ClassVar

import traitlets

from cnnlab.explore.controls import Control, Whole, button, select, slider
from cnnlab.explore.examples import example_control
from cnnlab.explore.networks import NetworkExplorer, names
from cnnlab.explore.receptive_field.drawing import draw
from cnnlab.explore.receptive_field.examples import EXAMPLES, USUAL
from cnnlab.explore.receptive_field.model import LONG, MAX_LAYERS, PAGE, STACK
from cnnlab.explore.receptive_field.scene import ReceptiveFieldScene, receptive_field_scene
from cnnlab.explore.receptive_field.words import LIMITS, LayerRow
from cnnlab.geometry import ReceptiveField, integer

_STACK_ONLY = {"network": [STACK]}


class ReceptiveFieldExplorer(NetworkExplorer[ReceptiveFieldScene]):
    """Explore what a unit sees of every layer below it and of the input.

    Parameters
    ----------
    example : str
        Name of a worked example, see ``ReceptiveFieldExplorer.examples()``; other settings are
        then applied over it.
    network : str
        "own stack", a name in the zoo, or "own specification".
    layers : list of (int, int, int)
        One to five layers of the stack: kernel size, and stride and dilation if not 1.
    padding : {"valid", "same"}
        Of every layer of the stack.
    size : int
        Pixels of the stack's input along one axis.
    page : int
        Which layers of a long network are drawn, counted from 1.
    channels : int
        Channels in the comparison of stacks.
    spec : Row
        A specification of one's own; setting it chooses it.
    input_shape : tuple of int
        What enters it, without the batch.
    selected : str
        Key of the unit under focus, such as ``"layer2:4"``.

    Examples
    --------
    >>> explorer = ReceptiveFieldExplorer(layers=[(3,), (3, 2)])
    >>> explorer
    input 14, layers 3×3, 3×3 stride 2 → a unit of the last layer sees 5×5 pixels, jump 2, \
output 5×5
    >>> explorer.receptive_field.size
    5
    """

    purpose = "what a unit sees of every layer below it and of the input"
    drawing = staticmethod(draw)
    worked = EXAMPLES
    usual = USUAL
    controls: ClassVar[tuple[Control, ...]] = (
        example_control(EXAMPLES),
        select("network", "network", {name: name for name in (STACK, *names())}),
        slider("size", "input pixels n", 5, LONG, when=_STACK_ONLY),
        button("earlier", "earlier layers", when={"network": names()}),
        button("later", "later layers", when={"network": names()}),
        select(
            "padding",
            "padding",
            {"valid": "none", "same": "same size"},
            when=_STACK_ONLY,
        ),
        slider("channels", "channels", 1, 512, group="two 3×3 beside one 5×5, three beside 7×7"),
        button("add", "add a layer", when=_STACK_ONLY),
        button("remove", "remove the last layer", when=_STACK_ONLY),
    )
    ahead = 60
    state = ("layers", "page", "spec", "input_shape")
    example = traitlets.Enum(("", *EXAMPLES), "").tag(sync=True)
    network = traitlets.Enum((STACK, *names()), STACK).tag(sync=True)
    layers: "traitlets.List[list[int]]" = traitlets.List([[3, 1, 1]] * 3).tag(sync=True)
    padding = traitlets.Enum(("valid", "same"), "valid").tag(sync=True)
    size = Whole(14).tag(sync=True)
    page = Whole(1).tag(sync=True)
    channels = Whole(64).tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if not self.selected and self.scene.grids:
            deepest = self.scene.grids[0]["keys"][0]
            self.selected = deepest[len(deepest) // 2]

    def make_scene(self) -> ReceptiveFieldScene:
        return self.with_note(receptive_field_scene(**self.bare()))

    @traitlets.observe("selected")
    def _turn_page(self, change: Any) -> None:
        """Draw the layer whose row in the table is walked to."""
        number = change["new"].removeprefix("row:")
        if self.network != STACK and number.isdecimal() and change["new"] != number:
            self.page = max(int(number) - 1, 0) // PAGE + 1

    @traitlets.validate("layers")
    def _check_layers(self, proposal: Any) -> list[list[int]]:
        layers = proposal["value"]
        if not 1 <= len(layers) <= MAX_LAYERS:
            raise traitlets.TraitError(
                f"layers must be 1 to {MAX_LAYERS} rows, not {len(layers)}. "
                "Give a specification or a zoo network for more."
            )
        return [_layer(i, layer) for i, layer in enumerate(layers, start=1)]

    def pressed(self, name: str) -> None:
        """Add or remove a layer, or draw others of a network."""
        if name == "add" and len(self.layers) < MAX_LAYERS:
            self.layers = [*self.layers, [3, 1, 1]]
        elif name == "remove" and len(self.layers) > 1:
            self.layers = self.layers[:-1]
        elif name in ("earlier", "later"):
            page = self.scene.reach.page + (1 if name == "later" else -1)
            self.page = min(max(page, 1), self.scene.reach.pages)

    def edited(self, key: str, value: float) -> None:
        """Put a number typed into the table in its place."""
        place, _, name = key.removeprefix("layers:").partition(",")
        if not place.isdecimal() or int(place) >= len(self.layers) or name not in LIMITS:
            return
        if value == int(value) and 1 <= value <= LIMITS[name]:
            layers = [list(layer) for layer in self.layers]
            layers[int(place)][list(LIMITS).index(name)] = int(value)
            self.layers = layers

    @property
    def rows(self) -> list[LayerRow]:
        """Layers: kernel size, stride, dilation, output, receptive field and jump."""
        return list(self.scene.rows)

    @property
    def receptive_field(self) -> ReceptiveField | None:
        """What a unit of the last layer sees along the width; None where nothing fits."""
        return None if self.scene.problem else self.scene.reach.levels[-1].field

    @property
    def output(self) -> list[int]:
        """Units of each layer along the width."""
        return [level.length for level in self.scene.reach.levels[1:]]


def _layer(i: int, layer: Any) -> list[int]:
    """Kernel size, stride and dilation of a row of one to three numbers."""
    try:
        numbers = [layer] if isinstance(layer, int) else list(layer)
        if not 1 <= len(numbers) <= len(LIMITS):
            raise ValueError(
                f"it must be kernel size, stride and dilation, not {len(numbers)} numbers. "
                "Give one to three."
            )
        numbers += [1] * (len(LIMITS) - len(numbers))
        for (name, most), value in zip(LIMITS.items(), numbers, strict=True):
            if integer(name, value, 1) > most:
                raise ValueError(f"{name} must be at most {most} here, not {value}.")
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(f"layer {i}: {error}") from None
    return [int(number) for number in numbers]
