"""The published accuracy on all of MNIST; minutes long, so only with ``-m full``."""

import pytest

from benchmarks import full_mnist
from cnnlab import data


@pytest.mark.full
def test_ds_4400_reaches_the_accuracy_of_the_deck():
    try:
        data.load("mnist", split="train", download=False)
    except FileNotFoundError as error:
        pytest.skip(str(error))
    assert full_mnist.pytorch().accuracy >= full_mnist.DECK_ACCURACY
