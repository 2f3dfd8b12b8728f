"""Worked examples, each with what it shows and a question to try."""

from typing import Any

from cnnlab.explore.examples import Example

USUAL: dict[str, Any] = {
    "word": "hello",
    "kind": "rnn",
    "units": 8,
    "memory": True,
    "training": 600,
    "direction": "forward",
    "temperature": 1.0,
    "pick": "best",
}

_MEMORY, _ODDS, _BACK = "what a memory is for", "how sure it is", "back through time"

EXAMPLES: dict[str, Example] = {
    "hello": Example(
        _MEMORY,
        "hello",
        {},
        "The two columns that read l differ in their states, so different letters can follow.",
        "Which units tell the first l from the second?",
    ),
    "no memory": Example(
        _MEMORY,
        "without a memory",
        {"memory": False},
        "Both columns that read l are the same, so l and o share the probability.",
        "Is there a word in which a network without a memory gets every letter right?",
    ),
    "one unit": Example(
        _MEMORY,
        "one unit: too few",
        {"units": 1},
        "A single number has to name the letter and say how far the word has come, and it fails.",
        "How many units does it take? Do a GRU and an LSTM need as many?",
    ),
    "learning": Example(
        _ODDS,
        "after 10 training steps",
        {"training": 10},
        "The right letter is the most probable one at every step, but none is sure yet.",
        "Look backward: after how many training steps does the largest part of the message "
        "arrive at step 1?",
    ),
    "hot": Example(
        _ODDS,
        "hot",
        {"temperature": 4.0, "pick": "drawn"},
        "The scores are divided by 4, so even a network that knows the word gives other letters.",
        "How cold must it be until all seeds give the right letters?",
    ),
    "fading": Example(
        _BACK,
        "the message fades",
        {"word": "hellohel", "training": 0, "direction": "backward"},
        "Each step back multiplies the message by small weights, and hardly anything arrives.",
        "Choose the LSTM: how much of the message arrives at step 1 now?",
    ),
    "staying": Example(
        _BACK,
        "the message stays",
        {"word": "hoooooll", "direction": "backward"},
        "To spell this word the network must count, so training has made weights that let the "
        "message through.",
        "Set the training steps to 0: what is left at step 1?",
    ),
}
