#!/usr/bin/env bash
# Keras 3.15.1: ReduceLROnPlateau acts alike with patience 0 and with patience 1.
#
# Its documentation calls patience the "number of epochs with no improvement after which learning
# rate will be reduced". The waiting epoch is counted before it is compared, so the first epoch
# without improvement is already as many as 1 asks for, and 0 asks for nothing less. PyTorch's
# scheduler of the same name bears `patience` epochs and acts on the next: its 0, 1, 2 are
# Keras' 1, 2, 3, and settings that are carried over from one to the other act an epoch apart.
#
# Seen, from rate 1, halved, for the losses 0.9, 0.7, 0.8, 0.8, 0.8, 0.8:
#   patience 0 and 1: 1, 1, 0.5, 0.25, 0.125, 0.0625; patience 2: 1, 1, 1, 0.5, 0.5, 0.25.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2
KERAS_BACKEND=jax "$folder/env/bin/python" - <<'PYTHON'
import sys

import keras

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(1.0), "mse")


def rates(patience: int) -> list[float]:
    model.optimizer.learning_rate = 1.0
    halving = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=patience)
    halving.set_model(model)
    halving.on_train_begin()
    found = []
    for epoch, loss in enumerate((0.9, 0.7, 0.8, 0.8, 0.8, 0.8)):
        halving.on_epoch_end(epoch, {"val_loss": loss})
        found.append(float(model.optimizer.learning_rate.value))
    return found


print("Keras", keras.__version__)
found = {patience: rates(patience) for patience in (0, 1, 2)}
for patience, after in found.items():
    print(f"patience {patience}: {after}")
soon = [1, 1, 0.5, 0.25, 0.125, 0.0625]
sys.exit(0 if found == {0: soon, 1: soon, 2: [1, 1, 1, 0.5, 0.5, 0.25]} else "This has changed.")
PYTHON
