"""Recurrent networks that spell: those of ``scratch`` and PyTorch, and words that are true."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.explore import UnrolledExplorer
from cnnlab.explore.scene import WIDTHS
from cnnlab.explore.unrolled.examples import EXAMPLES
from cnnlab.explore.unrolled.message import messages
from cnnlab.explore.unrolled.model import KINDS, LETTERS, TRAINING, fresh, learned, one_hot, run
from cnnlab.explore.unrolled.scene import unrolled_scene
from cnnlab.explore.unrolled.words import share
from cnnlab.scratch import functional

CELLS = {"rnn": torch.nn.RNNCell, "gru": torch.nn.GRUCell, "lstm": torch.nn.LSTMCell}
LAYERS = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
WORDS = st.text(LETTERS, min_size=2, max_size=8)
every_kind = pytest.mark.parametrize("kind", KINDS)


def twin(kind, weights, make):
    """PyTorch's network with the same weights."""
    units = weights.hh.shape[1]
    layer = make(4, units, bias=False).double()
    state = {"ih": weights.ih, "hh": weights.hh}
    for name, parameter in layer.named_parameters():
        parameter.data = torch.tensor(state[name.split("_")[1]])
    return layer


def large(kind, units, seed):
    """Weights that make all gates move."""
    rng = np.random.default_rng(seed)
    return type(fresh(kind, units))(*(rng.normal(size=w.shape) for w in fresh(kind, units)))


@settings(max_examples=15, deadline=None)
@given(word=WORDS, units=st.sampled_from([1, 2, 4, 8]), seed=st.integers(0, 99))
@every_kind
def test_probabilities_are_pytorchs_and_the_functions(kind, word, units, seed):
    weights = large(kind, units, seed)
    found = run(kind, weights, word)
    x = one_hot(word[:-1])  # (4, L)
    ours, _ = getattr(functional, kind)(x[None], weights.ih, weights.hh, return_sequences=True)
    assert np.allclose(found.states, ours[0])
    theirs, *_ = twin(kind, weights, LAYERS[kind])(torch.tensor(x.T))  # (L, H)
    scores = theirs @ torch.tensor(weights.hy).T  # (L, 4)
    for temperature in (1.0, 4.0):
        p = torch.softmax(scores / temperature, dim=1).detach().numpy()
        assert np.allclose(found.probabilities(temperature), p.T)
    wanted = torch.tensor([LETTERS.index(letter) for letter in word[1:]])
    losses = torch.nn.functional.cross_entropy(scores, wanted, reduction="none")
    assert np.allclose(found.losses, losses.detach().numpy())


@settings(max_examples=15, deadline=None)
@given(word=WORDS, units=st.sampled_from([1, 2, 4, 8]), seed=st.integers(0, 99))
@pytest.mark.parametrize("memory", [True, False])
@every_kind
def test_the_message_is_autograds(kind, memory, word, units, seed):
    weights = large(kind, units, seed)
    cell = twin(kind, weights, CELLS[kind])
    state, kept = None, []
    for column in one_hot(word[:-1]).T:
        state = cell(torch.tensor(column)[None], state if memory else None)
        kept.append(state[1] if kind == "lstm" else state)
        kept[-1].retain_grad()
    last = state[0] if kind == "lstm" else state
    scores = last @ torch.tensor(weights.hy).T
    target = torch.tensor([LETTERS.index(word[-1])])
    torch.nn.functional.cross_entropy(scores, target).backward()
    expected = [np.zeros(units) if s.grad is None else s.grad[0].numpy() for s in kept]
    found = messages(kind, weights, run(kind, weights, word, memory), memory)
    assert np.allclose(found, np.transpose(expected))


@every_kind
def test_without_a_memory_equal_letters_make_equal_columns(kind):
    reading = unrolled_scene(kind=kind, memory=False, units=4).reading
    first, second = 2, 3  # both read l
    assert np.array_equal(reading.run.states[:, first], reading.run.states[:, second])
    assert np.array_equal(reading.probabilities[:, first], reading.probabilities[:, second])
    assert reading.given[first] == reading.given[second] == "l/o"
    assert reading.right == [True, True, False, False]
    with_memory = unrolled_scene(kind=kind, units=4).reading
    assert with_memory.given == tuple("ello")
    assert not np.allclose(with_memory.run.states[:, first], with_memory.run.states[:, second])


def test_without_a_memory_is_a_plain_network_whose_recurrent_weights_are_zero():
    weights = large("rnn", 4, 0)
    still = weights._replace(hh=np.zeros((4, 4)))
    found, expected = run("rnn", weights, "hello", memory=False), run("rnn", still, "hello")
    assert np.allclose(found.states, expected.states)


@pytest.mark.parametrize("units", [2, 4, 8])
@every_kind
def test_two_units_spell_hello_and_one_does_not(kind, units):
    assert run(kind, learned(kind, units, "hello"), "hello").losses.sum() < 0.1
    assert run(kind, learned(kind, 1, "hello"), "hello").losses.sum() > 1


def test_training_is_the_same_each_time():
    first = learned("gru", 2, "hole")
    learned.cache_clear()
    assert all(np.array_equal(*pair) for pair in zip(first, learned("gru", 2, "hole"), strict=True))


@every_kind
def test_the_loss_falls_with_training_and_without_a_memory_it_has_a_floor(kind):
    losses = [run(kind, learned(kind, 8, "hello", training=n), "hello").losses for n in TRAINING]
    assert (np.diff(np.sum(losses, axis=1)) < 0).all()
    forgetful = run(kind, learned(kind, 8, "hello", memory=False), "hello", memory=False)
    assert 2 * np.log(2) < forgetful.losses.sum() < 2 * np.log(2) + 0.02
    assert np.sqrt(2) < forgetful.perplexity < np.sqrt(2) + 0.01
    assert abs(run(kind, fresh(kind, 8), "hello").perplexity - 4) < 0.05


def test_the_message_reaches_furthest_early_in_the_training():
    parts = []
    for n in TRAINING:
        sizes = UnrolledExplorer(example="learning", training=n).scene.reading.sizes
        parts.append(sizes[0] / sizes[-1])
    assert TRAINING[int(np.argmax(parts))] == 20
    learning = UnrolledExplorer(example="learning").scene.reading
    assert all(learning.right)
    assert learning.probabilities.max() < 0.95


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_the_text_and_the_drawing_name_the_step(direction):
    for step in (1, 2, 3, 4):
        explorer = UnrolledExplorer(step=step, direction=direction)
        assert f"step {step}" in explorer.text
        assert f'aria-label="{explorer.text}"'.replace('"hello"', "&quot;hello&quot;") in (
            explorer.draw(explorer.stage())
        )
    assert UnrolledExplorer(word="he", step=7).scene.reading.step == 0


def test_backward_says_the_size_that_arrives():
    explorer = UnrolledExplorer(example="fading", step=1)
    sizes = explorer.scene.reading.sizes
    assert sizes[0] / sizes[-1] < 0.001
    assert "hardly anything arrives" in explorer.scene.note
    explorer.kind = "lstm"
    sizes = explorer.scene.reading.sizes
    assert 0.01 < sizes[0] / sizes[-1] < 0.1
    assert "the cell of step 1" in explorer.text
    sizes = UnrolledExplorer(example="staying").scene.reading.sizes
    assert sizes[0] > 0.2 * sizes[-1]
    forgetful = UnrolledExplorer(direction="backward", memory=False, step=2)
    assert "none of that of step 4" in forgetful.text


def test_heat_evens_out_and_letters_are_drawn_from_it():
    cold, hot = (unrolled_scene(temperature=t).reading for t in (0.25, 4.0))
    assert cold.probabilities.max(axis=0).min() > 0.999 > hot.probabilities.max()
    drawn = {unrolled_scene(temperature=4.0, pick="drawn", seed=s).reading.given for s in range(10)}
    assert len(drawn) > 3
    assert all(len(letter) == 1 for given in drawn for letter in given)
    backward = unrolled_scene(temperature=4.0, direction="backward").reading
    assert np.array_equal(backward.probabilities, backward.run.probabilities())


@pytest.mark.parametrize("word", ["", "h", "hallo", "hellohello", "Hello", "123"])
def test_a_word_that_cannot_be_spelled_has_ways_out(word):
    explorer = UnrolledExplorer(word=word)
    assert repr(word) in explorer.scene.problem
    assert explorer.scene.fixes
    for width in WIDTHS:
        assert ">o<" in explorer.draw(explorer.stage(width))
    for fix in explorer.scene.fixes:
        assert not UnrolledExplorer(**fix.settings).scene.problem


@pytest.mark.parametrize("memory", [True, False])
@pytest.mark.parametrize("training", [0, 20])
@every_kind
def test_the_code_computes_what_is_shown(kind, training, memory, capsys):
    given = {"kind": kind, "training": training, "memory": memory, "units": 4}
    explorer, names = UnrolledExplorer(**given, temperature=2, pick="drawn", seed=3), {}
    exec(explorer.code(), names)
    assert np.allclose(names["p"], explorer.scene.reading.probabilities, atol=1e-4)
    assert capsys.readouterr().out.strip() == "".join(explorer.scene.reading.given)


def test_every_cell_of_the_drawing_can_be_pointed_at():
    for direction in ("forward", "backward"):
        explorer = UnrolledExplorer(direction=direction, word="helloooo")
        svg = explorer.draw(explorer.stage())
        keys = [key for grid in explorer.scene.grids for row in grid["keys"] for key in row]
        assert set(keys) == set(explorer.scene.links)
        assert all(f'data-key="{key}"' in svg for key in keys)


@given(st.floats(0, 1))
def test_a_share_never_says_sure_of_what_is_not(p):
    assert (share(p) == "0 %") == (p == 0)
    assert (share(p) == "100 %") == (p == 1)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_left_by_its_settings_but_not_by_walking(name):
    explorer = UnrolledExplorer(example=name)
    explorer.step = 2
    assert explorer.example == name
    explorer.units = 2
    assert explorer.example == ""
