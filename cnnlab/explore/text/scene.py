"""A sentence read by filters of several widths, and what is said of it."""

from dataclasses import dataclass

from cnnlab.explore.scene import Fix, Grid, Link, Play, Scene
from cnnlab.explore.text import words
from cnnlab.explore.text.model import MOST_LETTERS, MOST_WORDS, PADDINGS, WIDTHS, fault, words_of
from cnnlab.explore.text.reading import Reading, Row, read

USUAL_SENTENCE = "I think it is not good"


@dataclass(frozen=True, kw_only=True)
class TextScene(Scene):
    """What each filter answers at each window; nothing where the sentence cannot be read."""

    reading: Reading | None


def text_scene(
    *,
    sentence: str = USUAL_SENTENCE,
    longest: int = WIDTHS[-1],
    looks_for: str = "negated praise",
    pooling: str = "maximum",
    bias: float = -1.0,
    padding: int = 0,
    masked: bool = False,
) -> TextScene:
    """Slide filters of 2 to ``longest`` words along a sentence, and pool what each of them answers.

    Parameters
    ----------
    sentence : str
        One to twelve words in at most 60 characters; otherwise ``problem`` says so.
    longest : int
        Words of the widest filter, 2 to 5; where it is wider than the sentence, ``problem`` says so.
    looks_for : {"negated praise", "bad words"}
        What the filters look for, see :func:`cnnlab.explore.text.model.weights`.
    pooling : {"maximum", "sum", "mean"}
        Of the answers, over time.
    bias : float
        Of all filters.
    padding : int
        Padding tokens behind the sentence, 0 to 4.
    masked : bool
        Whether windows of nothing but padding are left out.

    Examples
    --------
    >>> text_scene(sentence="it is not good", longest=3).text
    'negated praise, bias −1, maximum over time: "it is not good" → 2 words: 1 ("not good"), \
3 words: 1 ("is not good")'
    """
    if problem := fault(sentence):
        return TextScene(
            reading=None,
            text=f"{problem} Choose another sentence.",
            problem=problem,
            fixes=_texts(sentence),
            code=[f"# {problem}"],
        )
    reading = read(sentence, longest, looks_for, pooling, bias, padding, masked)
    problem = words.too_wide(reading)
    windows = any(row.kept for row in reading.rows)
    return TextScene(
        reading=reading,
        text=words.text(reading),
        problem=problem,
        fixes=_room(reading) if problem else (),
        formulas=list(words.formulas(reading)),
        code=words.code(reading),
        grids=_grids(reading),
        links=_links(reading),
        play=Play(grid="window", label="windows") if windows else None,
        hint="Point at a word, a window or a result, or walk with Tab and the arrow keys.",
        note=words.note(reading),
    )


def _texts(sentence: str) -> list[Fix]:
    """As much of a sentence as can be read, and one that surely can."""
    kept: list[str] = []
    for word in words_of(sentence)[:MOST_WORDS]:
        if len(" ".join([*kept, word])) > MOST_LETTERS:
            break
        kept.append(word)
    beginning = (
        [Fix(f"only the first {len(kept)} words", {"sentence": " ".join(kept)})] if kept else []
    )
    return [*beginning, Fix(f'"{USUAL_SENTENCE}"', {"sentence": USUAL_SENTENCE})]


def _room(reading: Reading) -> list[Fix]:
    """More padding, or narrower windows."""
    size, widest = len(reading.words), reading.rows[-1].width
    fixes = []
    if widest - size in PADDINGS:
        fixes.append(Fix(f"padding {widest - size}", {"padding": widest - size}))
    if (fits := size + reading.padding) in WIDTHS:
        fixes.append(Fix(f"windows of at most {fits} words", {"longest": fits}))
    return fixes


def _grids(reading: Reading) -> list[Grid]:
    tokens = range(len(reading.tokens))
    rows = [row for row in reading.rows if row.pooled is not None]
    windows = [[f"window:{row.width},{i}" for i in range(len(row.sums))] for row in rows]
    channels = [[f"number:{channel},{i}" for i in tokens] for channel in (0, 1)]
    results = [[f"pooled:{row.width}"] for row in rows]
    grids = [
        Grid(name="word", label="words", keys=[[f"word:{i}" for i in tokens]]),
        Grid(name="number", label="numbers of the words", keys=channels),
        Grid(name="window", label="windows", keys=windows),
        Grid(name="pooled", label="results", keys=results),
    ]
    return [grid for grid in grids if grid["keys"]]


def _links(reading: Reading) -> dict[str, Link]:
    """What is said of each cell, and what belongs to it."""
    links: dict[str, Link] = {}
    for i in range(len(reading.tokens)):
        marks = {"window": [f"number:0 1,{i}"], "output": _around(reading, i)}
        links[f"word:{i}"] = Link(text=words.about_word(reading, i), marks=marks)
        for channel in (0, 1):
            said = words.about_number(reading, channel, i)
            marks = {"window": [f"word:{i}"]}
            links[f"number:{channel},{i}"] = Link(text=said, marks=marks)
    for row in reading.rows:
        for i in range(len(row.sums)):
            said = words.about_window(reading, row, i)
            links[f"window:{row.width},{i}"] = Link(text=said, marks=_below(row, i))
        if row.pooled is not None:
            links[f"pooled:{row.width}"] = _result(reading, row)
    return links


def _around(reading: Reading, i: int) -> list[str]:
    """All windows that hold a word."""
    found = []
    for row in reading.rows:
        places = range(max(0, i - row.width + 1), min(i, len(row.sums) - 1) + 1)
        if places:
            found.append(f"window:{row.width},{' '.join(map(str, places))}")
    return found


def _below(row: Row, i: int) -> dict[str, list[str]]:
    """The words of a window, the numbers that have a weight, and the result it goes into."""
    read = [
        f"number:{channel},{i + t}"
        for channel in (0, 1)
        for t in range(row.width)
        if row.weight[channel, t]
    ]
    result = {"output": [f"pooled:{row.width}"]} if i < row.kept else {}
    return {"window": [f"word:{_places(i, row.width)}"], "weight": read, **result}


def _places(start: int, count: int) -> str:
    return " ".join(map(str, range(start, start + count)))


def _result(reading: Reading, row: Row) -> Link:
    """The windows of a result; those that matter are marked, and the words that won."""
    said = words.about_pooled(reading, row)
    if reading.pooling != "maximum":
        return Link(text=said, marks={"window": [f"window:{row.width},{_places(0, row.kept)}"]})
    if not row.winners:
        return Link(text=said)
    won = row.winners[0]
    marks = {"window": [f"word:{_places(won, row.width)}"], "output": [f"window:{row.width},{won}"]}
    return Link(text=said, marks=marks)
