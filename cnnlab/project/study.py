"""A study: what was asked and done, and the evidence for what is reported."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab._names import unknown
from cnnlab._text import listed
from cnnlab.data import Dataset
from cnnlab.project.baselines import BASELINES, Make, Predict
from cnnlab.project.card import DataCard, data_card
from cnnlab.project.gates import Gates, judge
from cnnlab.project.scores import PARTS, Evidence, Scores, Table
from cnnlab.scratch.metrics import accuracy, balanced_accuracy

METRICS = {"accuracy": accuracy, "balanced accuracy": balanced_accuracy}
_RESAMPLED = 1000


class Study(Evidence):
    """A question, the data to answer it with, and every model that was tried.

    Parameters
    ----------
    question : str
        One sentence that ends with a question mark.
    metric : {"accuracy", "balanced accuracy"}
        What models are compared by.

    Examples
    --------
    See :mod:`cnnlab.project`.
    """

    def __init__(self, question: str, *, metric: str = "accuracy") -> None:
        if metric not in METRICS:
            raise ValueError(unknown("Study: metric", metric, METRICS))
        super().__init__(question, metric)
        self._models: dict[str, list[Predict]] = {}

    def data(
        self,
        train: Dataset,
        validation: Dataset,
        test: Dataset,
        *,
        groups: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike] | None = None,
    ) -> DataCard:
        """Hand in the three parts, and what their examples belong to.

        Parameters
        ----------
        train, validation, test : Dataset
        groups : three (N,) arrays, optional
            Photograph, patient or writer of each example. Without them the study takes each
            example for a group of its own.

        Returns
        -------
        DataCard

        Raises
        ------
        ValueError
            If the parts name different classes, or a part and its groups differ in length.
        """
        _check_parts((train, validation, test), groups)
        self.parts = dict(zip(PARTS, (train, validation, test), strict=True))
        self.groups = dict(zip(PARTS, groups or (None,) * 3, strict=True))
        return data_card(self.parts, self.groups)

    def baseline(self, name: str, make: Make | None = None) -> Scores:
        """Train a simple model, and measure it on the validation set.

        Parameters
        ----------
        name : str
            ``"majority"``, ``"linear"`` and ``"mean colour"`` are known; any other needs `make`.
        make : function, optional
            As in :meth:`candidate`.

        Returns
        -------
        Scores
        """
        if make is None and name not in BASELINES:
            raise ValueError(unknown("baseline: name", name, BASELINES))
        self.baselines[name] = self._run(name, make or BASELINES[name], [0])
        return self.baselines[name]

    def candidate(self, name: str, make: Make, *, seeds: Iterable[int] = range(5)) -> Scores:
        """Train a model once for each seed, and measure it on the validation set.

        Parameters
        ----------
        name : str
        make : function (train, validation, seed) -> predict
            Trains a model; ``predict(images)`` returns a class for each image, or a row of
            scores, of which the highest counts. The test set is not handed over.
        seeds : iterable of int

        Returns
        -------
        Scores
        """
        self.candidates[name] = self._run(name, make, list(seeds))
        return self.candidates[name]

    def validation(self) -> Table:
        """Scores of all models on the validation set."""
        every = (*self.baselines.values(), *self.candidates.values())
        return Table(f"Validation set, {self.metric}", every)

    def open_test(self) -> Table:
        """Measure the chosen candidate and the baselines on the test set. Do this once.

        Returns
        -------
        Table

        Raises
        ------
        ValueError
            If there is no candidate yet.
        """
        names = [*self.baselines, self.chosen]
        self.opened.append(self.chosen)
        self.tested = {name: self._score(name, "test") for name in names}
        return Table(f"Test set, {self.metric}", tuple(self.tested.values()))

    def advantage(self, seed: int = 0) -> tuple[float, float]:
        """By how much the chosen candidate beats the best baseline on the test set.

        Groups of the test set are drawn again and again with replacement (a bootstrap), because
        examples of one group are not independent of each other.

        Returns
        -------
        low, high : float
            Between them lie 95 % of the differences.

        Raises
        ------
        ValueError
            If the test set is not open or there is no baseline.
        """
        if not self.tested or not self.baselines:
            raise ValueError(
                "advantage: a baseline must be there and the test set open. "
                "Call baseline(...) and open_test() first."
            )
        best = max((self.tested[name] for name in self.baselines), key=lambda s: s.mean).name
        labels, rng = self.parts["test"].labels, np.random.default_rng(seed)
        groups = np.arange(len(labels)) if self.groups["test"] is None else self.groups["test"]
        _, member = np.unique(np.asarray(groups), return_inverse=True)
        members = [np.flatnonzero(member == group) for group in range(member.max() + 1)]
        ours, theirs = self.answers(self.opened[-1], "test"), self.answers(best, "test")
        gains = []
        for _ in range(_RESAMPLED):
            drawn = rng.integers(len(members), size=len(members))
            pick = np.concatenate([members[group] for group in drawn])
            gains.append(self._mean(labels, ours, pick) - self._mean(labels, theirs, pick))
        low, high = np.quantile(gains, (0.025, 0.975))
        return float(low), float(high)

    def answers(self, name: str, part: str) -> list[npt.NDArray[Any]]:
        """What a model says of each image of a part, an array for each seed.

        Parameters
        ----------
        name : str
            A baseline or a candidate.
        part : {"train", "validation", "test"}

        Returns
        -------
        list of (N,) arrays
        """
        images = self.parts[part].images
        answers = [np.asarray(predict(images)) for predict in self._models[name]]
        return [own.argmax(axis=1) if own.ndim == 2 else own for own in answers]  # (N, K) to (N,)

    def report(self, score: float) -> None:
        """Say the number that the report gives for the chosen candidate on the test set."""
        self.reported = float(score)

    def gates(self, notebook: str | Path | None = None) -> Gates:
        """What a reader of the report would ask for, each with what was found.

        Parameters
        ----------
        notebook : path, optional
            The report itself, saved with its outputs: each number in its prose must stand in a
            cell of the same section.

        Returns
        -------
        Gates
            Shown as a list; ``gates["baselines"]`` is the result of one.
        """
        return judge(self, notebook)

    def _run(self, name: str, make: Make, seeds: list[int]) -> Scores:
        if not self.parts:
            raise ValueError("Study: the data must be handed in first. Call data(...).")
        train, validation = self.parts["train"], self.parts["validation"]
        self._models[name] = [make(train, validation, seed) for seed in seeds]
        return self._score(name, "validation")

    def _score(self, name: str, part: str) -> Scores:
        labels = self.parts[part].labels
        metric = METRICS[self.metric]
        return Scores(name, tuple(metric(labels, own) for own in self.answers(name, part)))

    def _mean(
        self, labels: npt.NDArray[Any], answers: list[npt.NDArray[Any]], pick: npt.NDArray[Any]
    ) -> float:
        metric = METRICS[self.metric]
        return float(np.mean([metric(labels[pick], own[pick]) for own in answers]))


def _check_parts(parts: Sequence[Dataset], groups: Sequence[npt.ArrayLike] | None) -> None:
    """Refuse parts that are not of one set, before anything is trained on them."""
    for name, part in zip(PARTS, parts, strict=True):
        if part.class_names != parts[0].class_names:
            raise ValueError(
                f"Study.data: all parts must have the same classes, but training has "
                f"{listed(parts[0].class_names)}, and {name} {listed(part.class_names)}. "
                "Split one Dataset, or name its classes alike."
            )
    for name, part, own in zip(PARTS, parts, groups or (), strict=False):
        if len(np.asarray(own)) != len(part):
            raise ValueError(
                f"Study.data: each example of {name} must have a group, but there are {len(part):,} "
                f"examples and {len(np.asarray(own)):,} groups. Give one of each."
            )
