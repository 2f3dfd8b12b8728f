"""Worked examples: a sentence and a question each, one click away."""

from typing import Any

from cnnlab.explore.examples import Example

USUAL: dict[str, Any] = {
    "word": "hello",
    "units": 3,
    "steps": 100,
    "memory": True,
    "temperature": 1.0,
}

_TRAINING, _MEMORY, _ODDS = "training", "memory", "temperature"

EXAMPLES = {
    "start": Example(
        _TRAINING,
        "before training",
        {"steps": 0},
        "All letters are about equally likely, so each step costs about ln 4.",
        "Which letter is learned first? Let the training go on, and watch.",
    ),
    "forgetful": Example(
        _MEMORY,
        "hello without memory",
        {"memory": False, "steps": 500},
        "Both times it reads l it says the same: l or o, half and half.",
        "Can more training or more units help?",
    ),
    "one": Example(
        _MEMORY,
        "a single unit",
        {"units": 1, "steps": 500},
        "One number has to tell the letters apart and to remember as well.",
        "What does a second unit change?",
    ),
    "banana": Example(
        _MEMORY,
        "no memory needed",
        {"word": "banana", "memory": False, "steps": 500},
        "Here each letter that is read has only one follower, so no memory is needed.",
        "Would that still hold if the network also had to say where the word ends?",
    ),
    "hot": Example(
        _ODDS,
        "temperature 4",
        {"temperature": 4.0},
        "The scores are divided by 4, so the odds come closer together; the order stays.",
        "What happens at the lowest temperature?",
    ),
}
