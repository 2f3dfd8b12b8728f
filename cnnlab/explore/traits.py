"""Kinds of settings that explorers share."""

import operator
from typing import Any

import traitlets


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
