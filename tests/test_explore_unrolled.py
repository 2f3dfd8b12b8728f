"""UnrolledExplorer: it reads, learns and sends back what PyTorch does, and a forgetful one cannot."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from cnnlab.explore import UnrolledExplorer
from cnnlab.explore.unrolled.model import (
    STEPS,
    WORDS,
    least_without_memory,
    run,
    trained,
)


def twin(weights, word):
    """Losses and states of PyTorch's network with the same weights; the states keep gradients."""
    letters = weights.letters
    x = torch.eye(len(letters), dtype=torch.float64)[[letters.index(c) for c in word[:-1]]]
    y = torch.tensor([letters.index(c) for c in word[1:]])
    inputs, carry, outputs = (
        torch.tensor(each) for each in (weights.inputs, weights.states, weights.outputs)
    )
    h, states = torch.zeros(len(carry), dtype=torch.float64, requires_grad=True), []
    for value in x:
        h = torch.tanh(inputs @ value + carry @ h)
        h.retain_grad()
        states.append(h)
    scores = torch.stack(states) @ outputs.T
    return torch.nn.functional.cross_entropy(scores, y, reduction="none"), states


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("steps", [0, 20])
def test_states_losses_and_messages_are_pytorch_s(word, steps):
    weights = trained(word, units=3, steps=steps)
    found = run(weights, word)
    losses, states = twin(weights, word)
    np.testing.assert_allclose(found.losses, losses.detach(), rtol=1e-9)
    np.testing.assert_allclose(found.states.T, torch.stack(states).detach(), rtol=1e-9)
    losses[-1].backward()
    np.testing.assert_allclose(found.messages, [h.grad.norm() for h in states], rtol=1e-9)
    assert found.arrived[-1] == 1


@pytest.mark.parametrize("word", WORDS)
def test_training_goes_on_where_it_was_and_helps(word):
    losses = [run(trained(word, 3, steps), word).losses.sum() for steps in STEPS]
    assert all(after < before for before, after in pairwise(losses))
    assert losses[-1] < 0.05


@pytest.mark.parametrize("word", WORDS)
def test_without_memory_nothing_is_carried_and_the_loss_has_a_floor(word):
    weights = trained(word, units=4, steps=500, memory=False)
    assert not weights.states.any()
    found = run(weights, word)
    assert not found.messages[:-1].any()
    assert least_without_memory(word) < found.losses.sum() < least_without_memory(word) + 0.05
    for letter in set(found.reads):
        same = [i for i, read in enumerate(found.reads) if read == letter]
        assert np.ptp(found.states[:, same], axis=1).max() == 0


def test_temperature_keeps_the_order_and_changes_how_sure_it_is():
    weights = trained("hello", units=3, steps=20)
    cold, usual, hot = (run(weights, "hello", t).probabilities for t in (0.25, 1.0, 4.0))
    for other in (cold, hot):
        np.testing.assert_array_equal(other.argsort(axis=0), usual.argsort(axis=0))
    assert (cold.max(axis=0) > usual.max(axis=0)).all()
    assert (hot.max(axis=0) < usual.max(axis=0)).all()


def test_a_step_says_what_it_reads_names_and_hears():
    explorer = UnrolledExplorer(example="forgetful")
    first, *_, last = (link["text"] for link in explorer.scene.links.values())
    assert first.startswith("Step 1 reads h.")
    assert "which is right. Without memory, nothing of the last loss's message" in first
    assert last.endswith("Here the message of the last loss starts on its way back.")
    explorer.memory = True
    assert "arrives here" in explorer.scene.links["step:0"]["text"]
    assert explorer.scene.links["step:1"]["marks"] == {"window": ["step:0"]}


def test_its_code_runs_and_gives_the_same(capsys):
    explorer = UnrolledExplorer(word="level", units=2, steps=50, temperature=2.0)
    exec(explorer.code(), {})
    assert f"loss {explorer.run.losses.sum():.2f}" in capsys.readouterr().out
