"""A project's study: question, data, split, baselines, seeds, one look at the test set; and its gates.

A :class:`Study` is told what was done, step by step, and keeps the evidence. Its gates then say
what a reader of the report would ask for.

Examples
--------
>>> from cnnlab import data, project
>>> study = project.Study("Can a linear network tell faces from other patches?")
>>> train, validation, test = data.load("faces").split((0.6, 0.2, 0.2))
>>> card = study.data(train, validation, test)
>>> study.baseline("majority").mean
0.5
>>> bool(study.baseline("linear").mean > 0.7)
True
>>> study.gates()["baselines"]
✓ passed: 2 baselines stand beside the candidates.
"""

from cnnlab.project.card import data_card
from cnnlab.project.groups import split_groups
from cnnlab.project.scores import Scores
from cnnlab.project.study import Study
from cnnlab.project.surfaces import surfaces

__all__ = ["Scores", "Study", "data_card", "split_groups", "surfaces"]
