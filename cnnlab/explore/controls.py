"""Controls of an explorer: plain data that the page turns into native inputs; kinds of settings."""

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypedDict, Unpack

import traitlets

Kind = Literal["slider", "select", "toggle", "text", "button", "file"]


class More(TypedDict, total=False):
    """What any control may have beside its label; see :class:`Control`."""

    hint: str
    when: dict[str, list[Any]]
    group: str


@dataclass(frozen=True)
class Control:
    """One control: ``name`` is that of its setting, ``label`` is in words.

    ``hint`` is one sentence, read on hover and focus; ``when`` maps a setting to the values for
    which the control has a meaning; ``group`` gathers controls under one heading; an option is a
    value, its words and its heading.
    """

    kind: Kind
    name: str
    label: str
    hint: str = ""
    when: Mapping[str, list[Any]] = field(default_factory=dict)
    group: str = ""
    min: float = 0
    max: float = 0
    step: float = 1
    values: tuple[float, ...] = ()
    options: tuple[tuple[Any, str, str], ...] = ()

    def page(self) -> dict[str, Any]:
        """The control as plain data."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def slider(
    name: str,
    label: str,
    least: float,
    greatest: float,
    step: float = 1,
    **more: Unpack[More],
) -> Control:
    """Slide a number between two bounds.

    Examples
    --------
    >>> slider("stride", "stride", 1, 4).kind
    'slider'
    """
    return Control("slider", name, label, min=least, max=greatest, step=step, **more)


def ladder(name: str, label: str, values: tuple[float, ...], **more: Unpack[More]) -> Control:
    """Slide along given numbers, such as those of a logarithmic scale.

    Examples
    --------
    >>> stops(ladder("lr", "learning rate", (0.1, 1, 10)))
    [0.1, 1, 10]
    """
    return Control("slider", name, label, min=values[0], max=values[-1], values=values, **more)


def select(
    name: str, label: str, options: Mapping[Any, str | tuple[str, str]], **more: Unpack[More]
) -> Control:
    """Choose one of several values.

    Parameters
    ----------
    name, label : str
        Of the setting.
    options : mapping
        From each value to its words, or to the heading it stands under and its words.
    **more
        See :class:`More`.

    Examples
    --------
    >>> select("policy", "policy", {"floor": "drop the rest"}).options
    (('floor', 'drop the rest', ''),)
    >>> select("example", "example", {"rgb": ("colours", "three channels")}).options
    (('rgb', 'three channels', 'colours'),)
    """
    triples = tuple(
        (value, words, "") if isinstance(words, str) else (value, words[1], words[0])
        for value, words in options.items()
    )
    return Control("select", name, label, options=triples, **more)


def toggle(name: str, label: str, **more: Unpack[More]) -> Control:
    """Switch on or off."""
    return Control("toggle", name, label, **more)


def line(name: str, label: str, most: int, **more: Unpack[More]) -> Control:
    """Type a line of at most so many characters; it is sent with Enter or when one leaves it.

    Examples
    --------
    >>> accepts(line("expression", "expression", 9), "3*x", present="")
    True
    """
    return Control("text", name, label, max=most, **more)


def button(name: str, label: str, **more: Unpack[More]) -> Control:
    """Press: Python hears the name, see ``Explorer.pressed``."""
    return Control("button", name, label, **more)


def file(name: str, label: str, max_side: int = 512, **more: Unpack[More]) -> Control:
    """Choose an image of one's own, scaled in the page to at most ``max_side`` pixels a side."""
    return Control("file", name, label, max=max_side, **more)


def stops(control: Control) -> list[Any]:
    """All values that a control can send; none for a line, a button or a file.

    Examples
    --------
    >>> stops(slider("angle", "angle", 0, 20, 5))
    [0, 5, 10, 15, 20]
    >>> stops(toggle("flip", "turned kernel"))
    [False, True]
    """
    if control.kind == "toggle":
        return [False, True]
    if control.kind == "select":
        return [value for value, _, _ in control.options]
    if control.values:
        return list(control.values)
    if control.kind == "slider":
        least, step = control.min, control.step
        count = round((control.max - least) / step) + 1
        return [round(least + i * step, 9) for i in range(count)]
    return []


def accepts(control: Control, value: Any, present: Any) -> bool:
    """Whether a control could have sent this value; Python may set what it does not offer.

    Examples
    --------
    >>> stride = slider("stride", "stride", 1, 4)
    >>> accepts(stride, 3, present=1), accepts(stride, 10**9, present=1), accepts(stride, "3", 1)
    (True, False, False)
    """
    if control.kind == "toggle":
        return isinstance(value, bool)
    if control.kind == "select":
        return any(type(value) is type(known) and value == known for known in stops(control))
    if control.kind == "text":
        return isinstance(value, str) and len(value) <= control.max
    if control.kind != "slider":
        return False
    kinds = int if isinstance(present, int) else int | float
    if isinstance(value, bool) or not isinstance(value, kinds):
        return False
    least, greatest = min(control.min, present), max(control.max, present)
    return bool(least <= value <= greatest)


class Whole(traitlets.Int[int, int]):
    """An integer setting: NumPy's integers are welcome, booleans are not."""

    def validate(self, obj: Any, value: Any) -> int:
        """Return the value as ``int``, or raise a TraitError."""
        if not isinstance(value, bool) and type(value).__module__ == "numpy":
            try:
                value = operator.index(value)
            except TypeError:
                self.error(obj, value)
        if isinstance(value, bool):
            self.error(obj, value)
        return super().validate(obj, value)


def pixels() -> "traitlets.Bytes":
    """Bytes of a picture, which the page paints or reads out.

    Examples
    --------
    >>> pixels().metadata
    {'sync': True}
    """
    return traitlets.Bytes(b"").tag(sync=True)
