"""A stepper for tests of the training loop, and examples that carry their own number."""

import numpy as np


class Recorder:
    """A stepper that learns nothing and writes down what it is given, once training began."""

    def __init__(self, losses=None, val_losses=None):
        self.learning_rate = 0.1
        self.weights = 0
        self.batches = []
        self.evaluated, self.rehearsed = [], []
        self.losses = iter(losses) if losses is not None else None
        self.val_losses = iter(val_losses) if val_losses is not None else None

    def step(self, x, y):
        self.weights += 1
        self.batches.append((x, y))
        return {"loss": next(self.losses) if self.losses else float(x.mean())}

    def evaluate(self, x, y):
        if not self.weights:
            self.rehearsed.append(x)
            return {"loss": 0.0}
        self.evaluated.append(x)
        return {"loss": next(self.val_losses) if self.val_losses else float(x.mean())}

    def predict(self, x):
        return x

    def state(self):
        return self.weights

    def restore(self, state):
        self.weights = state


def numbered(count):
    x = np.arange(count, dtype=np.float64)[:, None]
    return x, np.arange(count)
