"""Worked examples, each with what it shows and a question to try."""

from typing import Any

from cnnlab.explore.examples import Example
from cnnlab.explore.text.model import WIDTHS
from cnnlab.explore.text.scene import USUAL_SENTENCE

USUAL: dict[str, Any] = {
    "sentence": USUAL_SENTENCE,
    "longest": WIDTHS[-1],
    "looks_for": "negated praise",
    "pooling": "maximum",
    "bias": -1.0,
    "padding": 0,
    "masked": False,
}

_WIDTH, _ORDER, _POOL, _PAD = "how wide", "which order", "which pooling", "padding"

EXAMPLES: dict[str, Example] = {
    "not good": Example(
        _WIDTH,
        "not good",
        {},
        "All four filters find it, because the two words stand side by side.",
        "Put one word between them: which filter no longer finds it?",
    ),
    "not a very good": Example(
        _WIDTH,
        "not a very good film",
        {"sentence": "this is not a very good film"},
        "Two words lie between the no and the praise, so only windows of four and five words "
        "hold both.",
        "How many words can you put between them before the widest filter is blind?",
    ),
    "good not bad": Example(
        _ORDER,
        "good, not bad",
        {"sentence": "the film was good not bad"},
        "No filter answers, because the no stands behind the praise and in front of a bad word.",
        "Exchange the words good and bad: what does each filter say, and could a bag of words "
        "tell the two texts apart?",
    ),
    "bad not good": Example(
        _ORDER,
        "bad, not good",
        {"sentence": "the film was bad not good"},
        "The words are the same as in good, not bad, but now all filters answer.",
        "Why does the bad word do no harm to the wider windows?",
    ),
    "twice": Example(
        _POOL,
        "said twice, the sum",
        {"sentence": "not good and not nice", "longest": 2, "pooling": "sum"},
        "The sum counts two windows that say it.",
        "What does the maximum say, and what is lost when you take the mean?",
    ),
    "two noes": Example(
        _POOL,
        "two noes in one window",
        {"sentence": "not good and not nice"},
        "The window of five words counts both noes and answers 2, as if that were worse.",
        "Choose the bias so that only windows with two noes answer: which are they?",
    ),
    "short": Example(
        _PAD,
        "a text that is too short",
        {"sentence": "not good", "padding": 3},
        "Padding makes room, but the wider filters never find the two words, because no window of "
        "theirs ends with the praise.",
        "Take the padding away: which windows still fit?",
    ),
    "padding wins": Example(
        _PAD,
        "the padding wins",
        {
            "sentence": "good and nice",
            "looks_for": "bad words",
            "longest": 3,
            "bias": 0.5,
            "padding": 4,
        },
        "No word is bad, but a window of nothing but padding answers with the bias, and wins.",
        "Under more, leave out the padding: what is the maximum now?",
    ),
    "masked": Example(
        _PAD,
        "padding left out",
        {
            "sentence": "good and nice",
            "looks_for": "bad words",
            "longest": 3,
            "bias": 0.5,
            "padding": 4,
            "masked": True,
        },
        "Windows of nothing but padding are left out, so both filters say rightly that they have "
        "found nothing.",
        "Type a bad word in place of nice: why must windows that hold only some padding stay?",
    ),
}
