"""What is said of a text that filters read: sentences, formulas and code."""

from collections.abc import Iterator

import numpy as np

from cnnlab.explore.numbers import number, products, short
from cnnlab.explore.text.reading import Reading, Row

CHANNELS = ("feeling", "no")


def text(reading: Reading) -> str:
    """The result in one line."""
    found = [_found(reading, row) for row in reading.rows if row.pooled is not None]
    if not found:
        found = ["no window fits"]
    elif too_wide(reading):
        found.append("wider windows do not fit")
    return (
        f"{reading.kind}, bias {number(reading.bias)}, {reading.pooling} over time: "
        f'"{reading.sentence}"{_padding(reading)} → {", ".join(found)}'
    )


def _padding(reading: Reading) -> str:
    if not reading.padding:
        return ""
    masked = "masked " if reading.masked else ""
    return f" and {_counted(reading.padding, f'{masked}padding token')}"


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'s' * (count != 1)}"


def _found(reading: Reading, row: Row) -> str:
    """Number of a filter, and where it is from."""
    return f"{row.width} words: {short(row.pooled or 0)}{_source(reading, row)}"


def _source(reading: Reading, row: Row) -> str:
    if not row.winners:
        return ""
    if reading.pooling != "maximum":
        return f" (from {len(row.firing)} of {_counted(row.kept, 'window')})"
    ties = f", first of {len(row.winners)}" if len(row.winners) > 1 else ""
    return f' ("{reading.phrase(row.width, row.winners[0])}"{ties})'


def too_wide(reading: Reading) -> str:
    """Why some windows do not fit, or ""."""
    if all(row.pooled is not None for row in reading.rows):
        return ""
    has = f'"{reading.sentence}" has {_counted(len(reading.words), "word")}{_padding(reading)}'
    return f"{has}, so no window of more than {_counted(len(reading.tokens), 'word')} fits."


def about_word(reading: Reading, i: int) -> str:
    """A word and its two numbers."""
    feeling, no = (number(value) for value in reading.vectors[:, i])
    name = f"Token {i + 1} is padding" if i >= len(reading.words) else _named(reading, i)
    return f"{name}: feeling {feeling}, no {no}."


def _named(reading: Reading, i: int) -> str:
    return f'Word {i + 1} is "{reading.tokens[i]}"'


def about_number(reading: Reading, channel: int, i: int) -> str:
    """One of the two numbers of a word."""
    value = number(reading.vectors[channel, i])
    return f'The {CHANNELS[channel]} of "{reading.tokens[i]}" is {value}.'


def about_window(reading: Reading, row: Row, i: int) -> str:
    """The words of a window, their products, and what becomes of the sum."""
    part = reading.vectors[:, i : i + row.width]  # (2, k)
    pairs = [
        (float(row.weight[c, t]), float(part[c, t]))
        for t, c in np.ndindex(row.width, 2)
        if row.weight[c, t]
    ]
    sign = "−" if reading.bias < 0 else "+"
    bias = f" {sign} {number(abs(reading.bias))}" if reading.bias else ""
    found = number(row.sums[i])
    cut = ", and the ReLU makes it 0" if row.sums[i] < 0 else ""
    begin = f'Window {i + 1} of {row.width} words, "{reading.phrase(row.width, i)}"'
    return f"{begin}: {products(pairs)}{bias} = {found}{cut}.{_fate(reading, row, i)}"


def _fate(reading: Reading, row: Row, i: int) -> str:
    if i >= row.kept:
        return " It holds nothing but padding, so it is left out."
    if reading.pooling != "maximum" or i not in row.winners:
        return ""
    if i == row.winners[0]:
        return " It wins the maximum."
    return " It is as large as the window that wins, which comes first."


def about_pooled(reading: Reading, row: Row) -> str:
    """The one number of a filter."""
    return f"Windows of {row.width} words: {_pooled(reading, row)}{_source(reading, row)}."


def _pooled(reading: Reading, row: Row) -> str:
    """How the answers are pooled, written out."""
    kept = [number(value) for value in row.answers[: row.kept]]
    result = short(row.pooled or 0)
    if reading.pooling == "maximum":
        return f"max({', '.join(kept)}) = {result}"
    total = " + ".join(kept)
    return (
        f"{total} = {result}" if reading.pooling == "sum" else f"({total}) / {row.kept} = {result}"
    )


def formulas(reading: Reading) -> Iterator[str]:
    """What a filter looks for, and how its answers become one number."""
    bias = f"{'−' if reading.bias < 0 else '+'} {number(abs(reading.bias))}"
    seen = {
        "negated praise": "no of all words but the last + feeling of the last",
        "bad words": "−feeling of each word",
    }[reading.kind]
    yield f"answer of a window = ReLU({seen} {bias})"
    for row in reading.rows:
        if row.pooled is not None:
            yield f"{row.width} words: {_pooled(reading, row)}"


def note(reading: Reading) -> str:
    """What the picture means."""
    looks = {
        "negated praise": "a no that is followed, at the end of the window, by something good",
        "bad words": "bad words anywhere in the window",
    }[reading.kind]
    won = (
        "the window that wins is framed, with a bracket over its words"
        if reading.pooling == "maximum"
        else "all windows above 0 are framed"
    )
    return (
        f"The filters look for {looks}. Each answer stands under the middle of its window; {won}. "
        "The number that is kept stands at the end. A word outside a short list of good words, bad "
        "words and noes has the numbers 0."
    )


def code(reading: Reading) -> list[str]:
    """Lines that compute what is shown."""
    feeling, no = ([int(value) for value in row] for row in reading.vectors)
    weight = {
        "negated praise": "    weight[0, 1, :-1], weight[0, 0, -1] = 1, 1",
        "bad words": "    weight[0, 0] = -1",
    }[reading.kind]
    cut = f"[:, :, :{len(reading.words)}]" if reading.masked and reading.padding else ""
    pool = {"maximum": "max", "sum": "sum", "mean": "mean"}[reading.pooling]
    widths = [row.width for row in reading.rows if row.pooled is not None]
    return [
        "import numpy as np",
        "from cnnlab.scratch import functional",
        "",
        f"feeling = {feeling}",
        f"no      = {no}",
        "x = np.array([[feeling, no]], float)  # one text, two channels, its words",
        f"for k in {widths}:",
        "    weight = np.zeros((1, 2, k))",
        weight,
        f"    y, _ = functional.conv1d(x, weight, np.array([{reading.bias}]))",
        f"    y, _ = functional.relu(y{cut})",
        f"    print(k, y.{pool}())",
    ]
