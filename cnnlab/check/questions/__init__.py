"""The question bank: what no formula computes, one module a lab.

A notebook names a question, so that neither the notebook nor the source of a check shows what
is right. A question's name begins with the number of its lab.
"""

from cnnlab.check.questions.base import (
    ChoiceQuestion,
    GivenQuestion,
    Idea,
    NumberQuestion,
    Option,
    Question,
    Shown,
    WordsQuestion,
    find,
    names,
    vary,
)

__all__ = [
    "ChoiceQuestion",
    "GivenQuestion",
    "Idea",
    "NumberQuestion",
    "Option",
    "Question",
    "Shown",
    "WordsQuestion",
    "find",
    "names",
    "vary",
]
