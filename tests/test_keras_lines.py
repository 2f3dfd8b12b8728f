"""Appendix 92 says of Keras what Keras answered, and our rows answer alike."""

from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from cnnlab import count, pytorch, zoo
from cnnlab.scratch import losses
from cnnlab.spec import BatchNorm, Conv
from tests.keras_lines import ANSWERS, SUMMARIES

APPENDIX = Path(__file__).parents[1] / "notebooks" / "92_appendix_deck_lines.ipynb"
NAMES = {"Conv": "Conv2D", "MaxPool": "MaxPooling2D", "Linear": "Dense"}


@pytest.mark.parametrize("name", SUMMARIES)
def test_our_table_turns_into_keras_summary(name):
    ours = [
        (NAMES.get(kind, kind), (*row.output_shape[1:], row.output_shape[0]), row.params)
        for row in zoo.get(name).summary().rows
        if (kind := type(row.row).__name__) != "ReLU"
    ]
    assert ours == SUMMARIES[name]


def test_same_padding_puts_the_zeros_where_keras_does():
    module = pytorch.build(Conv(1, 3, stride=2, padding="same", bias=False), (1, 4, 4))
    module.load_state_dict(dict.fromkeys(module.state_dict(), torch.ones(1, 1, 3, 3)))
    answer = module(torch.arange(16.0).reshape(1, 1, 4, 4)).ravel().tolist()
    assert answer == ANSWERS["same padding with stride 2, ones over 0 to 15"]


def test_batch_normalisation_has_a_row_with_keras_settings():
    module = pytorch.build(BatchNorm(eps=1e-3, momentum=0.01), (1,)).train()
    normal = module(torch.tensor([[0.0], [0.1]])).ravel().tolist()
    assert normal == pytest.approx(ANSWERS["batch normalisation of 0 and 0.1"], abs=1e-3)


def test_the_loss_is_that_of_both_label_formats():
    p = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]])
    loss, _ = losses.cross_entropy(np.log(p), np.array([0, 2]))
    assert loss == pytest.approx(ANSWERS["loss by label"], abs=1e-3)
    assert loss == pytest.approx(ANSWERS["loss by row"], abs=1e-3)


def test_the_parallel_paths_count_as_in_keras():
    paths = count.summarize(zoo.get("smu-parallel").spec["block1"], (96, 8, 8))
    assert paths.params == ANSWERS["parameters of the parallel paths"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("same padding with stride 2, ones over 0 to 15", "45, 39, 66, 50 (measured)"),
        ("batch normalisation of 0 and 0.1", "±0.845 (measured)"),
        ("running variance of 0 and 2", "keeps 1 (measured)"),
        ("share of an l2 that is a string", "means 0.01 (measured)"),
        ("loss by label", "1.33 for both (measured)"),
        ("accuracy of labels encoded twice", "gives 0.90 to this network"),
        ("parameters of the parallel paths", "104,832 parameters"),
        ("parameters of a convolution called twice", "counts 147,584"),
    ],
)
def test_the_appendix_tells_the_answer(answer, told):
    prose = " ".join(cell.source for cell in nbformat.read(APPENDIX, 4).cells)
    assert told in prose
    first = float(np.abs(np.ravel(ANSWERS[answer]))[0])
    assert f"{first:,g}" in told
