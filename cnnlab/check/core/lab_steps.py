"""The steps of the course's labs, so that a lab need not list what its headings say.

``python -m cnnlab labs`` writes the file from the headings of the labs' sources.
"""

import json
from pathlib import Path

from cnnlab._names import unknown

FILE = Path(__file__).with_name("lab_steps.json")


def steps_of(title: str) -> dict[str, str]:
    """Names of a lab's steps, with their titles, in order.

    Parameters
    ----------
    title : str
        What the score calls the lab.

    Raises
    ------
    ValueError
        If the course has no such lab.

    Examples
    --------
    >>> steps_of("Convolution from scratch")["2"]
    'Loops'
    >>> steps_of("Convolution from scrap")
    Traceback (most recent call last):
        ...
    ValueError: lab: title must be one of ... Did you mean 'Convolution from scratch'? ...
    """
    labs: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    if title not in labs:
        raise ValueError(
            f"{unknown('lab: title', title, labs)} A lab of your own lists its steps: "
            'check.lab("Title", steps=["1", "2"]).'
        )
    return labs[title]
