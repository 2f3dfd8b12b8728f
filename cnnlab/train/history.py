"""What a training run did, epoch by epoch."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnnlab.plots import Figure


class History(Mapping[str, list[float]]):
    """The metrics of a training run, one value an epoch.

    Epochs count from 1. Metrics are means over the epoch's examples; training metrics are
    taken while the weights still change, validation metrics after the epoch's last step.

    Parameters
    ----------
    metrics : mapping of str to list of float, optional
        One list a metric, all of one length: ``"loss"``, ``"accuracy"``, ``"val_loss"``,
        ``"val_accuracy"``, ``"learning_rate"`` and whatever else the stepper reports.
    seconds : list of float, optional
        Duration of each epoch. Kept apart from the metrics because it differs from run to
        run: neither ``repr`` nor ``==`` looks at it.
    stopped : str
        Why training ended: ``"finished"``, ``"early stopping"``, ``"interrupted"`` or
        ``"failed"``.
    restored_epoch : int, optional
        The epoch whose weights were put back at the end, if any were.

    Examples
    --------
    >>> history = History({"loss": [0.9, 0.4], "val_loss": [0.5, 0.6]})
    >>> history
    History(2 epochs, finished: loss 0.40, val_loss 0.60)
    >>> history["val_loss"], history.best_epoch
    ([0.5, 0.6], 1)

    Two runs, one after the other, are one longer run.

    >>> history + History({"loss": [0.3], "val_loss": [0.4]})
    History(3 epochs, finished: loss 0.30, val_loss 0.40)
    """

    def __init__(
        self,
        metrics: Mapping[str, list[float]] | None = None,
        seconds: list[float] | None = None,
        stopped: str = "finished",
        restored_epoch: int | None = None,
    ) -> None:
        self._metrics = {name: list(values) for name, values in (metrics or {}).items()}
        self.seconds = list(seconds or [])
        self.stopped = stopped
        self.restored_epoch = restored_epoch
        lengths = {name: len(values) for name, values in self._metrics.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(
                f"History: every metric needs one value an epoch, not {lengths}. "
                "Give lists of one length."
            )

    def append(self, metrics: Mapping[str, float], seconds: float) -> None:
        """Add one epoch.

        Parameters
        ----------
        metrics : mapping of str to float
            The epoch's value of every metric; the same names in every epoch.
        seconds : float
            How long the epoch took.

        Raises
        ------
        ValueError
            If the names differ from those of the epochs before.
        """
        if self._metrics and set(metrics) != set(self._metrics):
            raise ValueError(
                f"History: every epoch needs the metrics {', '.join(self._metrics)}, "
                f"not {', '.join(metrics)}. Let the stepper report the same names every time."
            )
        for name, value in metrics.items():
            self._metrics.setdefault(name, []).append(float(value))
        self.seconds.append(seconds)

    @property
    def epochs(self) -> int:
        """Number of epochs that were completed."""
        return len(next(iter(self._metrics.values()), []))

    @property
    def best_epoch(self) -> int | None:
        """The epoch to look at: the one restored, or the one of lowest (validation) loss.

        ``None`` before the first epoch ends.
        """
        if self.restored_epoch is not None or not self.epochs:
            return self.restored_epoch
        losses = self["val_loss" if "val_loss" in self else "loss"]
        # A loss that is not a number is no best one, wherever it stands.
        return losses.index(min(losses, key=lambda loss: (math.isnan(loss), loss))) + 1

    def plot(self, title: str | None = None, alt: str = "") -> "Figure":
        """Draw the training curves; see :func:`cnnlab.plots.training_curves`."""
        from cnnlab import plots

        return plots.training_curves(self, title, alt)

    def to_json(self, path: str | Path) -> None:
        """Write the history, every digit of it, to a JSON file.

        JSON has no infinity and no NaN; they are written in words, ``"inf"`` and ``"nan"``.
        """
        record = {
            "metrics": {name: list(map(_json_number, values)) for name, values in self.items()},
            "seconds": self.seconds,
            "stopped": self.stopped,
            "restored_epoch": self.restored_epoch,
        }
        Path(path).write_text(json.dumps(record, indent=1, allow_nan=False), encoding="utf-8")

    @classmethod
    def from_json(cls, path: str | Path) -> "History":
        """Read a history that :meth:`to_json` wrote."""
        try:
            record = json.loads(Path(path).read_text(encoding="utf-8"))
            metrics = {name: list(map(float, row)) for name, row in record.pop("metrics").items()}
            return cls(metrics, **record)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(
                f"History: {path} must be a file that to_json wrote, but it cannot be read as one "
                f"({type(error).__name__}: {error}). Give the path of a saved history."
            ) from error

    def __add__(self, later: "History") -> "History":
        """Join a run and the one that went on from it; epochs count through."""
        if not isinstance(later, History):
            return NotImplemented
        if self.epochs and later.epochs and set(self) != set(later):
            raise ValueError(
                f"History: both runs must have the same metrics, not {', '.join(self)} and "
                f"{', '.join(later)}. Train both with or without a validation set."
            )
        joined = {name: self.get(name, []) + later.get(name, []) for name in self or later}
        best = later.restored_epoch
        return History(
            joined,
            self.seconds + later.seconds,
            later.stopped,
            None if best is None else self.epochs + best,
        )

    def __getitem__(self, name: str) -> list[float]:
        try:
            return self._metrics[name]
        except KeyError:
            known = ", ".join(self._metrics) or "no metrics yet"
            raise KeyError(f"History has no {name!r}; it has {known}.") from None

    def __contains__(self, name: object) -> bool:
        return name in self._metrics

    def __iter__(self) -> Iterator[str]:
        return iter(self._metrics)

    def __len__(self) -> int:
        return len(self._metrics)

    def __repr__(self) -> str:
        # Two decimals: the third one may differ between processors.
        final = ", ".join(
            f"{name} {values[-1]:.2f}" for name, values in self.items() if name != "learning_rate"
        )
        restored = f", weights of epoch {self.restored_epoch}" if self.restored_epoch else ""
        epochs = "1 epoch" if self.epochs == 1 else f"{self.epochs} epochs"
        return f"History({epochs}, {self.stopped}{restored}" + (f": {final})" if final else ")")


def _json_number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
