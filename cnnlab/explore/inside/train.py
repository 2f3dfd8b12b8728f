"""Train the digit network and store its weights: ``python -m cnnlab.explore.inside.train``.

It learns 4,000 of the packaged digits, each epoch turned, stretched and moved a little otherwise,
since what people draw with a mouse is more varied than what is in the set.
"""

import json
from typing import Any

import numpy as np

from cnnlab.explore.inside.network import FILE, TABLE, TRAINED_ON

EPOCHS, BATCH, RATE = 40, 40, 3e-3
DIGITS = 5  # significant ones of a weight that are kept


def trained(seed: int = 0) -> tuple[Any, float]:
    """Train it; return the network and its accuracy on the other 1,000 digits."""
    import torch
    from torchvision.transforms import v2

    from cnnlab import data
    from cnnlab.pytorch import Stepper, build

    known, unseen = data.load("mnist-5k").split((TRAINED_ON,), seed=0)
    net = build(TABLE, (1, 28, 28), seed=seed, init="he-normal")
    stepper, rng = Stepper(net, lr=RATE, metrics=()), np.random.default_rng(seed)
    moved = v2.RandomAffine(12, (0.04, 0.04), (0.9, 1.1), 10, v2.InterpolationMode.BILINEAR)
    torch.manual_seed(seed)
    for epoch in range(EPOCHS):
        stepper.learning_rate = RATE * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS))
        for batch in np.array_split(rng.permutation(TRAINED_ON), TRAINED_ON // BATCH):
            images = torch.stack([moved(each) for each in torch.from_numpy(known.images[batch])])
            stepper.step(images.numpy(), known.labels[batch])
    right = stepper.predict(unseen.images).argmax(axis=1) == unseen.labels
    return net, float(right.mean())


def stored(net: Any) -> str:
    """The weights as JSON, each rounded."""
    rounded = {
        name: np.vectorize(lambda value: float(f"{value:.{DIGITS}g}"))(values.numpy()).tolist()
        for name, values in net.state_dict().items()
    }
    return json.dumps(rounded, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    made, accuracy = trained()
    FILE.write_text(stored(made), "utf-8")
    print(f"accuracy on 1,000 digits that it has not seen: {accuracy:.1%}")
