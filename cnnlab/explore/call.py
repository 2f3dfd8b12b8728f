"""An explorer as the line of code that makes it."""

from typing import Any

import numpy as np

LISTED = 400  # numbers of an array that are still written out


def written(name: str, settings: dict[str, Any]) -> str:
    """Write the call that makes an explorer.

    Parameters
    ----------
    name : str
        Of the class.
    settings : dict
        Its arguments; of an array with many numbers only the name is written.

    Examples
    --------
    >>> written("ConvolutionExplorer", {"stride": 2, "bias": np.ones(1)})
    'explore.ConvolutionExplorer(stride=2, bias=[1.0])'
    """
    arguments = ", ".join(f"{key}={_value(key, value)}" for key, value in settings.items())
    return f"explore.{name}({arguments})"


def _value(name: str, value: Any) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    return repr(value.tolist()) if value.size <= LISTED else name
