"""What is said of a word that a network reads: sentences, formulas and code."""

from collections.abc import Iterable, Iterator

from cnnlab.explore.numbers import number, short
from cnnlab.explore.unrolled.model import DEVIATION, KINDS, LETTERS, RATE
from cnnlab.explore.unrolled.reading import Reading

LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def share(value: float) -> str:
    """Write a probability, without rounding what is nearly sure to what is sure.

    Examples
    --------
    >>> share(0.001), share(0.5), share(0.999), share(1)
    ('under 1 %', '50 %', 'over 99 %', '100 %')
    """
    if 0 < value < 0.005:
        return "under 1 %"
    return "over 99 %" if 0.995 < value < 1 else f"{100 * value:.0f} %"


def brief(value: float) -> str:
    """Write a probability in percent, where there is room for three letters.

    Examples
    --------
    >>> brief(0.001), brief(0.5), brief(0.999)
    ('<1', '50', '>99')
    """
    return share(value).replace("under ", "<").replace("over ", ">").removesuffix(" %")


def text(reading: Reading) -> str:
    """The result in one line."""
    begin = f'{reading.name}: "{reading.word}" → '
    t, last = reading.step, reading.steps - 1
    if not reading.backward:
        right = f"{sum(reading.right)} of {reading.steps} letters right"
        return f"{begin}{right}; step {t + 1} {_reads(reading, t)}, {_gives(reading, t)}"
    loss = f"the loss of step {last + 1} is {short(reading.run.losses[-1])}"
    return f"{begin}{loss}; {_size(reading, t)}"


def _reads(reading: Reading, t: int) -> str:
    return f"reads {reading.word[t]}"


def _gives(reading: Reading, t: int) -> str:
    letters = reading.given[t].split("/")
    odds = [reading.probabilities[LETTERS.index(letter), t] for letter in letters]
    each = " each" if len(letters) > 1 else ""
    verb = "draws" if reading.drawn else "gives"
    return f"{verb} {' or '.join(letters)} ({share(max(odds))}{each}), wanted {reading.wanted[t]}"


def _size(reading: Reading, t: int) -> str:
    last = reading.steps - 1
    size, whole = reading.sizes[t], reading.sizes[last]
    words = f"its message to the {reading.carrier} of step {t + 1} has the size {short(size)}"
    return (
        words
        if t == last or not whole
        else f"{words}, {_part(size / whole)} of that of step {last + 1}"
    )


def _part(ratio: float) -> str:
    return "none" if not ratio else f"{short(100 * ratio)} %"


def about_step(reading: Reading, t: int) -> str:
    """What a step reads, keeps and gives; or what comes back to it."""
    begin = f"Step {t + 1} {_reads(reading, t)}"
    if reading.backward:
        size = _size(reading, t).removeprefix("its ").capitalize()
        return f"{begin}. {size}: {_listed(reading.message[:, t])}."
    odds = (share(p) for p in reading.probabilities[:, t])
    following = ", ".join(f"{letter} {p}" for letter, p in zip(LETTERS, odds, strict=True))
    state = _listed(reading.run.states[:, t])
    return f"{begin}. State: {state}. Next letter: {following}. It {_gives(reading, t)}."


def about_unit(reading: Reading, i: int, t: int) -> str:
    """A number of a state, or of the message to it."""
    if reading.backward:
        value = short(reading.message[i, t])
        return f"Message to unit {i + 1} of the {reading.carrier} at step {t + 1}: {value}."
    made = f"made from the letter {reading.word[t]}"
    if reading.memory:
        made += f" and the {'state 0' if t == 0 else f'state of step {t}'}"
    cell = f", its cell {number(reading.run.cells[i, t])}" if reading.kind == "lstm" else ""
    return f"Unit {i + 1} after step {t + 1}: {number(reading.run.states[i, t])}{cell}, {made}."


def about_next(reading: Reading, k: int, t: int) -> str:
    """The probability of a letter after a step."""
    letter, score = LETTERS[k], number(reading.run.scores[k, t])
    p = short(reading.probabilities[k, t])
    wanted = "It is the wanted one." if letter == reading.wanted[t] else ""
    return f"After step {t + 1} the letter {letter} has the score {score} and the probability {p}. {wanted}".strip()


def about_size(reading: Reading, t: int) -> str:
    """The size of the message at a step."""
    return f"{_size(reading, t).removeprefix('its ').capitalize()}."


def _listed(values: Iterable[float]) -> str:
    return ", ".join(short(value) for value in values)


def formulas(reading: Reading) -> Iterator[str]:
    """What is computed at the step looked at."""
    t = reading.step
    now, before = (str(n).translate(LOW) for n in (t + 1, t))
    if reading.backward:
        sizes = ", ".join(short(size) for size in reading.sizes[::-1])
        yield f"sizes of the message, from the last step back: {sizes}"
        yield {
            "rnn": "message to h_{t−1} = W_hhᵀ · ((1 − h_t²) · message to h_t)",
            "gru": "message to h_{t−1} = z_t · message to h_t, plus what comes through the gates",
            "lstm": "message to c_{t−1} = f_t · message to c_t, plus what comes through the gates",
        }[reading.kind]
        return
    layer = {
        "rnn": f"h{now} = tanh(W_xh · x{now} + W_hh · h{before})",
        "gru": f"h{now} = z{now} · h{before} + (1 − z{now}) · n{now}",
        "lstm": f"c{now} = f{now} · c{before} + i{now} · g{now}, h{now} = o{now} · tanh(c{now})",
    }[reading.kind]
    start = "" if reading.memory else f", always from h{before} = 0"
    yield f"{layer}{start}"
    heat = "" if reading.temperature == 1 else f" / {reading.temperature:g}"
    yield f"p{now} = softmax(W_hy · h{now}{heat})"
    sets, h = KINDS[reading.kind].sets, reading.units
    inner = f"{sets} · ({h}·4 + {h}·{h})" if sets > 1 else f"{h}·4 + {h}·{h}"
    yield f"weights: {inner} + 4·{h} = {sets * (4 * h + h * h) + 4 * h}, the same at every step"
    losses, perplexity = reading.run.losses, reading.run.perplexity
    each = " + ".join(map(short, losses))
    cold = " at temperature 1" if heat else ""
    yield f"loss{cold}: {each} = {short(losses.sum())}; perplexity: {short(perplexity)}"


def note(reading: Reading) -> str:
    """What the picture means."""
    if reading.backward:
        return (
            f"Colours are the gradient of the last step's loss with respect to the {reading.carrier} "
            "of each step, orange above 0 and blue below; bars are its length. It comes in at the "
            "last step and is handed back, step by step, with the same weights each time."
        )
    return (
        "One column for each step, from top to bottom: the letter that is read, the state, orange "
        "above 0 and blue below, the probability of each letter to come next, the letter that is "
        "given, and the one that is wanted."
    )


def code(reading: Reading, seed: int) -> list[str]:
    """Lines that compute what is shown."""
    kind, h, sets = reading.kind, reading.units, KINDS[reading.kind].sets
    shape = "x.T[None]" if reading.memory else "x[:, :, None]"
    sizes = f"({sets * h}, 4), ({sets * h}, {h}), (4, {h})"
    lines = [
        "import numpy as np",
        "from cnnlab.scratch import functional",
        "",
        f"letters, word = {LETTERS!r}, {reading.word!r}",
        "x, wanted = (np.eye(4)[[letters.index(c) for c in s]] for s in (word[:-1], word[1:]))",
        f"x = {shape}  # sequences, letters, steps",
        "rng = np.random.default_rng(0)",
        f"w_ih, w_hh, w_hy = (rng.normal(0, {DEVIATION}, s) for s in ({sizes}))",
        "",
        "def run():",
        f"    y, cache = functional.{kind}(x, w_ih, w_hh, return_sequences=True)",
        f"    states = y.transpose(1, 0, 2).reshape({h}, -1)",
        "    return states, w_hy @ states, cache",
        "",
    ]
    if reading.training:
        lines += [
            f"for _ in range({reading.training}):",
            "    states, scores, cache = run()",
            "    ds = functional.softmax(scores, axis=0)[0] - wanted.T",
            f"    dy = (w_hy.T @ ds).reshape({h}, len(x), -1).transpose(1, 0, 2)",
            f"    _, dih, dhh, *_ = functional.{kind}_backward(dy, cache)",
            f"    w_ih, w_hh = w_ih - {RATE} * dih, w_hh - {RATE} * dhh",
            f"    w_hy = w_hy - {RATE} * ds @ states.T",
        ]
    return [
        *lines,
        "states, scores, _ = run()",
        f"p, _ = functional.softmax(scores / {reading.temperature:g}, axis=0)",
        *_said(reading, seed),
    ]


def _said(reading: Reading, seed: int) -> list[str]:
    if not reading.drawn:
        return ['print("".join(letters[k] for k in p.argmax(axis=0)))']
    return [
        f"rng = np.random.default_rng({seed})",
        'print("".join(letters[rng.choice(4, p=column)] for column in p.T))',
    ]
