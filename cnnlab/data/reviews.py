"""Short reviews of medicines, put together from sentences of our own.

Nobody wrote one of them about a real medicine. A statement is of one of three kinds: *plain*,
where a word speaks for itself; *denied*, where a "not" some words before turns it round; and
*turned*, where one word of each side occurs and their order decides ("more sleep and less pain").
Reviews come in pairs, one negative and one positive, that are alike in everything else.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]
Pair = tuple[str, str]  # of the negative and the positive side
Frames = tuple[tuple[str, tuple[Pair, ...]], ...]

JUDGED = (
    ("bad", "good"), ("useless", "helpful"), ("awful", "great"), ("harsh", "gentle"),
    ("nasty", "pleasant"), ("painful", "soothing"), ("horrible", "lovely"),
    ("worthless", "effective"),
)  # fmt: skip
FELT = (
    ("sick", "well"), ("tired", "fit"), ("weak", "strong"), ("nervous", "calm"),
    ("dizzy", "rested"), ("miserable", "happy"),
)  # fmt: skip
_HAD = (
    ("pain", "sleep"), ("nausea", "energy"), ("itching", "strength"), ("coughing", "appetite"),
    ("trouble", "comfort"),
)  # fmt: skip
_TAKEN = (("the old tablets", "these drops"), ("the old syrup", "this medicine"))

# A plain statement takes a word of its own side, a denied one a word of the other side.
_PLAIN: Frames = (
    ("It is {}.", JUDGED), ("It is really {}.", JUDGED), ("I would call it {}.", JUDGED),
    ("It is what I would call {}.", JUDGED), ("I can say that it is {}.", JUDGED),
    ("To me it was {} from the first day.", JUDGED), ("It makes me feel {}.", FELT),
    ("I felt {} with it.", FELT), ("I always felt quite {} with it.", FELT),
    ("There is a lot of {}.", _HAD), ("It brought me {}.", _HAD), ("I have {} again.", _HAD),
)  # fmt: skip
_DENIED: Frames = (
    ("It is not {}.", JUDGED), ("It is not really {}.", JUDGED),
    ("I would not call it {}.", JUDGED), ("Nobody would call it {}.", JUDGED),
    ("It is not what I would call {}.", JUDGED), ("I can not say that it is {}.", JUDGED),
    ("It does not make me feel {}.", FELT), ("I never felt {} with it.", FELT),
    ("I never felt quite {} with it.", FELT), ("There is not a lot of {}.", _HAD),
    ("I have hardly any {}.", _HAD), ("There is no {} any more.", _HAD),
)  # fmt: skip
# A turned one takes both, the one of its own side first.
_TURNED: Frames = (
    ("It is {}, not {}.", JUDGED), ("It was {} where I had expected it to be {}.", JUDGED),
    ("I felt {} with it and {} without it.", FELT),
    ("I feel {} now, and I felt {} before.", FELT),
    ("I was {} when I took it and {} when I stopped.", FELT),
    ("I have more {} and less {}.", _HAD), ("There is a lot of {} and hardly any {}.", _HAD),
    ("It brought me {} and took away my {}.", _HAD), ("I like {} better than {}.", _TAKEN),
    ("For me {} did more than {}.", _TAKEN),
)  # fmt: skip
_BEFORE = (
    "", "", "I took it for my back.", "My doctor gave it to me.", "I have used it for three weeks.",
    "I take it for my skin.", "It was for my stomach.", "My sister told me about it.",
    "I bought it in spring.", "I needed something for my knee.",
)  # fmt: skip
_AFTER = (
    "", "", "I take it in the evening.", "The bottle is small.", "It comes in a blue box.",
    "I take one spoon a day.", "My neighbour takes it, too.", "The taste is that of mint.",
)  # fmt: skip

SHARES = {"plain": 0.6, "denied": 0.25, "turned": 0.15}  # of the statements
TRAINING = 2_000  # reviews that no other part may hold
_TWICE = 0.5  # share of the reviews of all kinds that make two statements
_FRAMES = {"plain": _PLAIN, "denied": _DENIED, "turned": _TURNED}
_SEEDS = {"train": 1, "test": 2, "plain": 3, "denied": 4, "turned": 5}
_Item = TypeVar("_Item")


def short_reviews(part: str, count: int) -> tuple[list[str], Labels]:
    """Reviews by turns negative and positive; no review of the training occurs in another part.

    Parameters
    ----------
    part : {"train", "test", "plain", "denied", "turned"}
        The first two hold reviews of one or two statements of all kinds, the others reviews of
        one statement of their kind.
    count : int
        An even number.

    Returns
    -------
    texts : list of str
    labels : (N,) int64 array
        0 is negative, 1 is positive.

    Examples
    --------
    >>> texts, labels = short_reviews("denied", 4)
    >>> labels
    array([0, 1, 0, 1])
    """
    seen = set() if part == "train" else set(short_reviews("train", TRAINING)[0])
    texts: list[str] = []
    rng = np.random.default_rng(_SEEDS[part])
    while len(texts) < count:
        pair = _review(rng, _kinds(rng, part))
        if seen.isdisjoint(pair):
            seen.update(pair)
            texts += pair
    return texts, np.arange(count, dtype=np.int64) % 2


def _kinds(rng: np.random.Generator, part: str) -> list[str]:
    """Kind of each statement of a review."""
    if part in _FRAMES:
        return [part]
    places = rng.random(1 + int(rng.random() < _TWICE))
    return [[*SHARES][k] for k in np.searchsorted(np.cumsum([*SHARES.values()]), places)]


def _review(rng: np.random.Generator, kinds: Sequence[str]) -> Pair:
    before, after = _one(rng, _BEFORE), _one(rng, _AFTER)
    sides = zip(*(_statement(rng, kind) for kind in kinds), strict=True)
    negative, positive = (" ".join(filter(None, (before, *side, after))) for side in sides)
    return negative, positive


def _statement(rng: np.random.Generator, kind: str) -> Pair:
    frame, words = _one(rng, _FRAMES[kind])
    first, second = _one(rng, words)[:: -1 if kind == "denied" else 1]
    return frame.format(first, second), frame.format(
        second, first
    )  # a frame of one takes the first


def _one(rng: np.random.Generator, items: Sequence[_Item]) -> _Item:
    return items[int(rng.integers(len(items)))]
