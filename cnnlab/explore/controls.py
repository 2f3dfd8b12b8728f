"""Controls of an explorer: small dicts that the page turns into native inputs."""

from typing import Any, TypeAlias

Control: TypeAlias = dict[str, Any]
"""One control: ``kind``, ``name`` of its trait, ``label``, and what its kind needs.

``when`` maps a trait to the values for which the control is shown; ``group`` gathers controls
under one heading.
"""


def slider(
    name: str, label: str, least: float, greatest: float, step: float = 1, **more: Any
) -> Control:
    """Slide a number between two bounds.

    Examples
    --------
    >>> slider("stride", "stride", 1, 4)["kind"]
    'slider'
    """
    bounds = {"min": least, "max": greatest, "step": step}
    return {"kind": "slider", "name": name, "label": label, **bounds, **more}


def number(
    name: str, label: str, least: float, greatest: float, step: float = 1, **more: Any
) -> Control:
    """Type a number between two bounds."""
    return {**slider(name, label, least, greatest, step, **more), "kind": "number"}


def select(name: str, label: str, options: dict[Any, str], **more: Any) -> Control:
    """Choose one of several values; ``options`` maps each value to its words.

    Examples
    --------
    >>> select("policy", "policy", {"floor": "floor", "ceil": "ceil"})["options"]
    [['floor', 'floor'], ['ceil', 'ceil']]
    """
    pairs = [[value, words] for value, words in options.items()]
    return {"kind": "select", "name": name, "label": label, "options": pairs, **more}


def toggle(name: str, label: str, **more: Any) -> Control:
    """Switch on or off."""
    return {"kind": "toggle", "name": name, "label": label, **more}


def button(name: str, label: str, **more: Any) -> Control:
    """Press: Python hears the name."""
    return {"kind": "button", "name": name, "label": label, **more}


def file(name: str, label: str, max_side: int = 512, **more: Any) -> Control:
    """Choose an image of one's own, scaled in the page to at most ``max_side`` pixels a side."""
    return {"kind": "file", "name": name, "label": label, "max": max_side, **more}


def accepts(control: Control, value: Any, present: Any) -> bool:
    """Whether a control could have sent this value; Python may set what it does not offer.

    Examples
    --------
    >>> stride = slider("stride", "stride", 1, 4)
    >>> accepts(stride, 3, present=1), accepts(stride, 10**9, present=1), accepts(stride, "3", 1)
    (True, False, False)
    """
    if control["kind"] == "toggle":
        return isinstance(value, bool)
    if control["kind"] == "select":
        return any(type(value) is type(known) and value == known for known, _ in control["options"])
    kinds = int if isinstance(present, int) else int | float
    if isinstance(value, bool) or not isinstance(value, kinds):
        return False
    least, greatest = min(control["min"], present), max(control["max"], present)
    return bool(least <= value <= greatest)
