"""What to say when a name is not known: the one that was meant, if one is near."""

import difflib
import re
from collections.abc import Iterable, Mapping


def unknown(what: str, name: object, known: Iterable[str], also: Mapping[str, str] = {}) -> str:
    """The sentence for a name that is not among those known.

    Parameters
    ----------
    what : str
        What the name is of, as the sentence begins.
    name : object
        What was given.
    known : iterable of str
        In the order in which they are to be listed.
    also : mapping of str to str
        Other names that people use, and what they are called here.

    Examples
    --------
    >>> unknown("name", "LeNet5", ["lenet-1", "lenet-5"])
    "name must be one of lenet-1, lenet-5, not 'LeNet5'. Did you mean 'lenet-5'?"
    """
    listed = list(known)
    near = nearest(name, listed, also)
    advice = f"Did you mean {near!r}?" if near else "Choose one of these."
    return f"{what} must be one of {', '.join(listed)}, not {name!r}. {advice}"


def nearest(name: object, known: Iterable[str], also: Mapping[str, str] = {}) -> str | None:
    """The known name that was meant, or None: letters' case, spaces and dashes do not matter.

    Examples
    --------
    >>> nearest("ResNet_50", ["resnet-18", "resnet-50"]), nearest("zebra", ["resnet-18"])
    ('resnet-50', None)
    >>> nearest("04", ["04_lab_convolution", "05_lab_shapes"])
    '04_lab_convolution'
    """
    own = {_bare(one): one for one in known}
    meant = {_bare(other): one for other, one in also.items()} | own
    given = _bare(str(name))
    if given in meant:
        return meant[given]
    for names, letters in ((own, 1), (meant, 4)):  # of other names, "net" begins too many
        begins = len(given) >= letters
        begun = {one for bare, one in names.items() if begins and bare.startswith(given)}
        if len(begun) == 1:
            return begun.pop()
    close = difflib.get_close_matches(given, meant, 1, cutoff=0.8)
    return meant[close[0]] if close else None


def _bare(name: str) -> str:
    return re.sub(r"[\s_.-]+", "", name.lower())
