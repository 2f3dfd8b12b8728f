"""Walks over a surface: those of ``scratch.optim`` and of PyTorch, and the words for their ends."""

import random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.explore import OptimizerExplorer
from cnnlab.explore.optimizer.plane import Box, Plane, hills
from cnnlab.explore.optimizer.presets import EXAMPLES
from cnnlab.explore.optimizer.scene import optimizer_scene
from cnnlab.explore.optimizer.surfaces import SURFACES
from cnnlab.explore.optimizer.walk import RULES, options, verdict, walk
from cnnlab.explore.optimizer.widget import RATES
from cnnlab.scratch import optim

every_surface = pytest.mark.parametrize("name", SURFACES)
SETTINGS = st.fixed_dictionaries(
    {
        "surface": st.sampled_from(sorted(SURFACES)),
        "optimizer": st.sampled_from(sorted(RULES)),
        "lr": st.sampled_from(RATES),
        "steps": st.integers(1, 60),
        "momentum": st.sampled_from([0.0, 0.5, 0.98]),
        "weight_decay": st.sampled_from([0.0, 0.3]),
        "w1": st.floats(-3, 3),
        "w2": st.floats(-2, 2),
    }
)


@every_surface
def test_gradients_are_those_of_the_surface(name):
    surface, rng = SURFACES[name], np.random.default_rng(0)
    left, right, bottom, top = surface.window
    for w in rng.uniform((left, bottom), (right, top), (20, 2)):
        for i, along in enumerate(1e-5 * np.eye(2)):
            difference = (surface.at(w + along) - surface.at(w - along)) / 2e-5
            assert surface.downhill(w)[i] == pytest.approx(difference, abs=1e-4, rel=1e-5)


@every_surface
def test_minima_are_all_inside_and_lower_than_what_is_around(name):
    surface = SURFACES[name]
    assert surface.holds(surface.start)
    for minimum in surface.minima:
        w = np.array(minimum)
        assert surface.holds(minimum)
        assert np.abs(surface.downhill(w)).max() < 1e-4
        for step in 0.01 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]]):
            assert surface.at(w + step) > surface.at(w)


def by_hand(settings):
    """The same walk with an optimiser of the course, step by step."""
    asked = options(*(settings[k] for k in ("optimizer", "lr", "momentum", "weight_decay")))
    optimizer = getattr(optim, RULES[settings["optimizer"]][0])(**asked)
    surface, params = (
        SURFACES[settings["surface"]],
        {"w": np.array([settings["w1"], settings["w2"]])},
    )
    path = [params["w"].copy()]
    with np.errstate(all="ignore"):
        for _ in range(settings["steps"]):
            optimizer.step(params, {"w": surface.downhill(params["w"])})
            path.append(params["w"].copy())
    return np.array(path)


@given(SETTINGS)
def test_walks_are_those_of_the_courses_optimisers(settings):
    (found,) = optimizer_scene(**settings).walks
    path = by_hand(settings)
    assert np.array_equal(found.path, path[: len(found.path)])
    if found.diverged is None:
        assert len(found.path) == len(path)
    else:
        last = path[found.diverged]
        assert found.diverged == len(found.path)
        assert not (np.isfinite(last).all() and np.abs(last).max() <= 1e9) or not np.isfinite(
            SURFACES[settings["surface"]].at(last)
        )


TWINS = {
    "SGD": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "Nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "Adagrad": (torch.optim.Adagrad, {}),
    "RMSprop": (torch.optim.RMSprop, {}),
    "Adam": (torch.optim.Adam, {}),
    "AdamW": (torch.optim.AdamW, {}),
    "NAdam": (torch.optim.NAdam, {}),
}


@pytest.mark.parametrize("rule", RULES)
@every_surface
def test_walks_are_pytorchs(rule, name):
    kind, given_ = TWINS[rule]
    weight = torch.tensor(SURFACES[name].start, dtype=torch.float64, requires_grad=True)
    optimizer = kind([weight], lr=0.001, weight_decay=0.1, **given_)
    found = walk(SURFACES[name], rule, options(rule, 0.001, 0.9, 0.1), SURFACES[name].start, 20)
    for place in found.path[1:]:
        weight.grad = torch.tensor(SURFACES[name].downhill(weight.detach().numpy()))
        optimizer.step()
        assert np.allclose(weight.detach().numpy(), place)


@pytest.mark.parametrize("name", ["", *EXAMPLES])
def test_the_code_walks_the_same_way(name):
    explorer, names = OptimizerExplorer(example=name), {}
    exec(explorer.code(), names)
    for end, path in zip(names["ends"], explorer.paths, strict=True):
        assert np.allclose(end, path[-1])


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_says_a_sentence_and_asks_a_question(name):
    explorer = OptimizerExplorer(example=name)
    *_, sentence, question = EXAMPLES[name]
    assert sentence.endswith(".")
    assert "?" in question or question.endswith(".")
    assert explorer.scene.note == f"{sentence} {question}"
    assert explorer.example == name


def test_an_example_is_left_as_soon_as_a_setting_differs_and_undo_leads_back():
    explorer = OptimizerExplorer()
    explorer.set_state({"example": "ridge", "_settled": 1})
    ridge = explorer.settings()
    assert (explorer.surface, explorer.w1, explorer.w2) == ("saddle", -1.8, 0.05)
    explorer.set_state({"surface": "plateau", "_settled": 2})
    assert explorer.example == ""
    assert (explorer.w1, explorer.w2) == SURFACES["plateau"].start
    explorer._hear(explorer, {"type": "undo"}, [])
    assert explorer.settings() == ridge


def test_a_start_of_ones_own_stays_on_another_surface_as_far_as_there_is_room():
    explorer = OptimizerExplorer(w1=-3.5, w2=1.9)
    explorer.surface = "Rosenbrock"
    assert (explorer.w1, explorer.w2) == (-2, 1.9)
    assert OptimizerExplorer(surface="plateau").w1 == -3
    assert "w1=-4.0" in OptimizerExplorer(surface="plateau", w1=-4).call()


def end(name, rule, lr, steps=100, start=None, **more):
    surface = SURFACES[name]
    asked = options(rule, lr, more.get("momentum", 0.9), 0.0)
    return verdict(walk(surface, rule, asked, start or surface.start, steps), surface)


def test_ends_are_said_in_words():
    assert end("long bowl", "SGD", 0.07).startswith("at the minimum (0, 0)")
    assert end("long bowl", "SGD", 0.08) == "still on its way"  # it jumps to and fro for ever
    assert end("long bowl", "SGD", 0.081).startswith("diverges: has left the picture")
    assert end("long bowl", "SGD", 10).startswith("diverges: beyond a billion at step 4")
    assert end("Rosenbrock", "SGD", 0.01).startswith("diverges")
    assert "level" in end("saddle", "SGD", 0.2, start=(-1.8, 0.0))
    assert end("saddle", "SGD", 0.2).startswith("at the minimum (0, 1)")
    assert "level" in end("plateau", "SGD", 0.1, start=(-4.0, 1.0))
    assert end("plateau", "Adam", 0.1).startswith("at the minimum (0, 0)")
    assert end("several minima", "SGD", 0.1).startswith("at a minimum that is not deepest, (−2, 0)")
    assert end("several minima", "momentum", 0.1).startswith("at the minimum (0, 0)")
    assert end("several minima", "momentum", 0.1, start=(-2.5, 0.6)).startswith(
        "at a minimum that is not deepest, (−2, 0)"
    )


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_leaves_the_picture_at_some_learning_rate_but_only_some_diverge(rule):
    """Steps of bounded length come back: the adaptive rules bounce in the bowl."""
    ends = [end("long bowl", rule, rate) for rate in RATES]
    assert any("picture" in words or "billion" in words for words in ends)
    bounded = rule in ("Adagrad", "RMSprop", "Adam", "AdamW")
    assert any("diverges" in words for words in ends) != bounded
    assert any("minimum (0, 0)" in words for words in ends)


def test_adams_first_step_is_its_learning_rate():
    scene = optimizer_scene(w1=-4, w2=1, optimizer="Adam", lr=0.2)
    assert "moved by (0.2, −0.2)" in scene.links["step:1"]["text"]
    assert "running mean of g, m (−0.4, 2.5)" in scene.links["step:1"]["text"]


def test_lines_end_where_the_picture_ends():
    plane = Plane(SURFACES["saddle"], Box(10, 20, 400, 320))
    assert plane.segment((0, 0), (9, 0)) == "M210.0 180.0L410.0 180.0"
    assert plane.segment((3, 0), (9, 5)) == ""
    assert plane.segment((0, 5), (1, 5)) == ""
    rng = random.Random(0)
    for _ in range(200):
        ends = [(rng.uniform(-5, 5), rng.uniform(-5, 5)) for _ in range(2)]
        line = plane.segment(*ends)
        for point in line[1:].split("L") if line else []:
            x, y = map(float, point.split())
            assert 9.9 <= x <= 410.1
            assert 19.9 <= y <= 340.1


@every_surface
def test_areas_shrink_with_height(name):
    assert all(hills(name, Box(0, 0, 300, 200)))
