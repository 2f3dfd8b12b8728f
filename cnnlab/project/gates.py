"""The gates of a study: each a question that a reader would ask, answered from the evidence."""

import json
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path

import numpy as np

from cnnlab._text import counted, listed, shortened
from cnnlab.check.core.result import Result
from cnnlab.project.groups import duplicates, shared
from cnnlab.project.scores import Evidence
from cnnlab.prose import claims

_SEEDS = 3
_FAIR = 1.2  # times its fair share: a class that is larger makes accuracy flattering


class Gates(Mapping[str, Result]):
    """The gates' results by name; true if all are passed."""

    def __init__(self, results: Mapping[str, Result]) -> None:
        self._results = dict(results)

    def __getitem__(self, name: str) -> Result:
        return self._results[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._results)

    def __len__(self) -> int:
        return len(self._results)

    def __bool__(self) -> bool:
        return all(self._results.values())

    def __repr__(self) -> str:
        return "\n".join(f"{name} {result!r}" for name, result in self.items())

    def _repr_html_(self) -> str:
        return "".join(
            f"<div><strong>{escape(name)}</strong>{result._repr_html_()}</div>"
            for name, result in self.items()
        )


def judge(study: Evidence, notebook: str | Path | None) -> Gates:
    """Results of all gates, in the order of the work."""
    results = {name: gate(study) for name, gate in _GATES.items()}
    return Gates(results | {"numbers": _numbers(notebook)})


def _question(study: Evidence) -> Result:
    if study.question.strip().endswith("?") and len(study.question.split()) >= 5:
        return Result("pass", "the question is one sentence with a question mark.")
    return Result(
        "fail",
        "The question must be one sentence that ends with a question mark.",
        "Say what you want to tell apart, how, and what it has to beat.",
    )


def _card(study: Evidence) -> Result:
    if not study.parts:
        return _todo("data(train, validation, test)")
    missing = [w for w in ("source", "licence") if not getattr(study.parts["train"], w)]
    if missing:
        return Result("fail", f"The data must have a {listed(missing)}.", "Set it on the Dataset.")
    return Result("pass", "the data have a source and a licence.")


def _leak(study: Evidence) -> Result:
    """Nothing of what is measured on was learned from."""
    if not study.parts:
        return _todo("data(train, validation, test)")
    for part in ("validation", "test"):
        common = shared(study.groups["train"], study.groups[part])
        if common:
            return Result(
                "fail",
                f"{counted(len(common), 'group')} of the {part} set were trained on too: "
                f"{shortened([str(group) for group in common], 3)}.",
                "Split by group, with project.split_groups.",
            )
        if twins := _twins(study, "train", part):
            return Result(
                "fail",
                f"The {part} set shares {counted(twins, 'image')} with the training set.",
                "Remove duplicates before you split.",
            )
    if any(groups is None for groups in study.groups.values()):
        return Result(
            "pass",
            "no image is in training and in what is measured on.",
            "Give groups too if examples belong together, such as patches of one photograph.",
        )
    return Result("pass", "no group and no image is in training and in what is measured on.")


def _stopping(study: Evidence) -> Result:
    """What decides when to stop, and which model to keep, is not what is reported."""
    if not study.parts:
        return _todo("data(train, validation, test)")
    if twins := _twins(study, "validation", "test"):
        return Result(
            "fail",
            f"The test set shares {counted(twins, 'image')} with the validation set, which decides "
            "when to stop and what to keep.",
            "Keep a part that nothing is decided by.",
        )
    return Result("pass", "validation and test share no image.")


def _twins(study: Evidence, first: str, second: str) -> int:
    """How many images of the second part the first one holds too."""
    pairs = duplicates(study.parts[first].images, study.parts[second].images)
    return len({place for _, place in pairs})


def _metric(study: Evidence) -> Result:
    if not study.parts:
        return _todo("data(train, validation, test)")
    labels = study.parts["test"].labels
    largest, classes = np.bincount(labels).max() / len(labels), study.parts["test"].num_classes
    if study.metric == "accuracy" and largest * classes > _FAIR:
        return Result(
            "fail",
            f"Accuracy flatters here: always naming the largest class reaches {100 * largest:.0f} %.",
            'Choose metric="balanced accuracy", the mean of the classes\' recalls.',
        )
    return Result("pass", f"{study.metric} suits classes of these sizes.")


def _baselines(study: Evidence) -> Result:
    if not study.baselines:
        return Result(
            "fail",
            "Without a baseline nobody can say whether the number is high.",
            'Call baseline("majority") and baseline("linear").',
        )
    if set(study.baselines) == {"majority"}:
        return Result(
            "fail",
            "One baseline must have learned something; the majority has not.",
            'Add baseline("linear") or baseline("mean colour").',
        )
    return Result("pass", f"{len(study.baselines)} baselines stand beside the candidates.")


def _seeds(study: Evidence) -> Result:
    if not study.candidates:
        return _todo("candidate(name, make)")
    few = [s.name for s in study.candidates.values() if len(s.each) < _SEEDS]
    if few:
        return Result(
            "fail",
            f"Each candidate must be trained with at least {_SEEDS} seeds; {listed(few)} was not.",
            "Seeds differ by chance, and the spread says by how much.",
        )
    return Result("pass", "each candidate has its spread over seeds.")


def _opened(study: Evidence) -> Result:
    if not study.opened:
        return _todo("open_test()")
    if len(study.opened) > 1:
        return Result(
            "fail",
            f"The test set must be opened once, but it was opened {len(study.opened)} times.",
            "Decide by the validation set; restart the kernel and run all cells.",
        )
    if study.opened[0] != study.chosen:
        return Result(
            "fail",
            f"The test set was opened for {study.opened[0]}, but {study.chosen} was trained after "
            "it and is better on the validation set.",
            "Open the test set when nothing is to be trained any more.",
        )
    return Result("pass", "the test set was opened once, for what the validation set chose.")


def _report(study: Evidence) -> Result:
    if study.reported is None or not study.tested:
        return _todo("open_test() and report(score)")
    scores, rounding = study.tested[study.opened[-1]], _rounding(study.reported)
    if abs(study.reported - scores.mean) <= rounding:
        return Result("pass", "the reported number is the mean over the seeds, on the test set.")
    if abs(study.reported - max(scores.each)) <= rounding:
        return Result(
            "fail",
            f"The reported number is the best of {len(scores.each)} seeds, not their mean.",
            "Report the mean with its deviation: the best is luck.",
        )
    return Result(
        "fail",
        f"The reported number must be the mean over the seeds on the test set, but "
        f"{study.reported:.3f} is not.",
        "Take it from the table of open_test().",
    )


def _rounding(reported: float) -> float:
    """Half of the last decimal place that was written, the second at least."""
    places = max(2, len(repr(reported).partition(".")[2]))
    return 0.5 * 10.0**-places + 1e-9  # the last term for the computer's own rounding


def _numbers(notebook: str | Path | None) -> Result:
    if notebook is None:
        return _todo('gates("your_notebook.ipynb"), saved with its outputs')
    read = json.loads(Path(notebook).read_text(encoding="utf-8"))
    alone = [claim for claim in claims(read, shown=True) if not claim.witness]
    if alone:
        places = [f"{claim.number} (under “{claim.section}”)" for claim in alone]
        return Result(
            "fail",
            f"No cell of its section shows {shortened(places, 3)}.",
            "Correct the sentence or caption, or add the cell that computes it.",
        )
    return Result("pass", "each number of the text stands in a cell of its section.")


def _todo(call: str) -> Result:
    return Result("todo", f"Call {call}.")


_GATES: dict[str, Callable[[Evidence], Result]] = {
    "question": _question,
    "data card": _card,
    "leak": _leak,
    "stopping": _stopping,
    "metric": _metric,
    "baselines": _baselines,
    "seeds": _seeds,
    "test set": _opened,
    "report": _report,
}
