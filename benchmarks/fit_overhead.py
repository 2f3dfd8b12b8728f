"""What the training loop costs: ``cnnlab.train.fit`` against the same loop written by hand.

Both train the DS 4400 network on 5,000 random digits with the same shuffles, and report
loss and accuracy of training and validation. Runs alternate in one process after a warm-up,
and each pair of neighbours gives one ratio. Processor time is compared, so that other
programs disturb little. The target is a median of at most 1.03.

Run with ``python -m benchmarks.fit_overhead [--runs 41] [--threads 1]``.
"""

import argparse
import statistics
import time

import numpy as np
import torch
from torch import nn

from cnnlab.pytorch import Stepper
from cnnlab.train import fit

TARGET = 1.03
EXAMPLES, HELD_OUT, EPOCHS = 5000, 1000, 1


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 10, 3),  # (N, 10, 26, 26)
        nn.ReLU(),
        nn.MaxPool2d(2),  # (N, 10, 13, 13)
        nn.Conv2d(10, 5, 3),  # (N, 5, 11, 11)
        nn.ReLU(),
        nn.MaxPool2d(2),  # (N, 5, 5, 5)
        nn.Flatten(),  # (N, 125)
        nn.Linear(125, 64),
        nn.ReLU(),
        nn.Linear(64, 10),  # (N, 10)
    )


def digits(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.random((count, 1, 28, 28), dtype=np.float32)
    return x, rng.integers(0, 10, count)


def by_hand(train, validation, batch_size):
    """Return what ``fit`` returns, as plainly as PyTorch allows."""
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    rng = np.random.default_rng(0)
    x, y = train
    vx, vy = (torch.from_numpy(a) for a in validation)
    history = []
    for _ in range(EPOCHS):
        model.train()
        order = rng.permutation(len(x))
        sums = np.zeros(4)
        for start in range(0, len(x), batch_size):
            chosen = order[start : start + batch_size]
            xb, yb = torch.from_numpy(x[chosen]), torch.from_numpy(y[chosen])
            logits = model(xb)
            loss = nn.functional.cross_entropy(logits, yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            right = (logits.argmax(1) == yb).float().mean()
            sums[:2] += len(xb) * np.array([loss.item(), right.item()]) / len(x)
        model.eval()
        with torch.inference_mode():
            for xb, yb in zip(vx.split(batch_size), vy.split(batch_size), strict=True):
                logits = model(xb)
                loss = nn.functional.cross_entropy(logits, yb)
                right = (logits.argmax(1) == yb).float().mean()
                sums[2:] += len(xb) * np.array([loss.item(), right.item()]) / len(vx)
        history.append(sums)
    return np.array(history)


def with_fit(train, validation, batch_size):
    history = fit(
        Stepper(network(), threads=None),
        train,
        validation,
        epochs=EPOCHS,
        batch_size=batch_size,
        progress=False,
    )
    return np.array([history[n] for n in ("loss", "accuracy", "val_loss", "val_accuracy")]).T


def seconds(run, *arguments):
    started = time.process_time()
    result = run(*arguments)
    return time.process_time() - started, result


def compare(batch_size: int, runs: int) -> float:
    train, validation = digits(0, EXAMPLES), digits(1, HELD_OUT)
    np.testing.assert_allclose(  # the warm-up, and the proof that both do the same work
        with_fit(train, validation, batch_size),
        by_hand(train, validation, batch_size),
        rtol=1e-5,
    )
    ratios, hand = [], []
    for run in range(runs):
        # Whoever goes first changes from run to run, so that drift favours nobody.
        order = (by_hand, with_fit) if run % 2 == 0 else (with_fit, by_hand)
        took = {f: seconds(f, train, validation, batch_size)[0] for f in order}
        ratios.append(took[with_fit] / took[by_hand])
        hand.append(took[by_hand])
    median = statistics.median(ratios)
    low, _, high = statistics.quantiles(ratios, n=4)
    print(
        f"batch {batch_size:3d}: ratio median {median:.3f}, middle half {low:.3f} to {high:.3f}, "
        f"by hand {statistics.median(hand):.2f} s, {runs} pairs"
    )
    return median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=41)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    medians = [compare(batch_size, options.runs) for batch_size in (256, 64)]
    raise SystemExit(0 if max(medians) <= TARGET else f"slower than the target of {TARGET}")


if __name__ == "__main__":
    main()
