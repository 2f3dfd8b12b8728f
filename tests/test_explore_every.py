"""What every explorer must do without a browser, whatever it shows."""

import random
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from cnnlab import explore, spec
from cnnlab.explore import controls
from cnnlab.explore.history import same
from cnnlab.explore.scene import WIDTHS

every_explorer = pytest.mark.parametrize("name", explore.names())


def fresh(name):
    return getattr(explore, name)()


def gesture(explorer, rng):
    """Move one control, as the page does."""
    moved = [c for c in explorer.offered() if controls.stops(c)]
    control = rng.choice(moved)
    value = rng.choice(controls.stops(control))
    explorer.set_state({control.name: value, "_settled": explorer._settled + 1})


EXAMPLES = ("example", "preset")  # settings that bring others with them


def shuffle(explorer, rng):
    """Take an example, then often set every other control to one of its stops."""
    for control in explorer.offered():
        if control.name in EXAMPLES:
            setattr(explorer, control.name, rng.choice(controls.stops(control)))
    if rng.random() < 0.2:
        return
    with explorer.hold_trait_notifications():
        for control in explorer.offered():
            if (stops := controls.stops(control)) and control.name not in EXAMPLES:
                setattr(explorer, control.name, rng.choice(stops))


def shapes(svg):
    ET.fromstring(svg)
    return len(re.findall(r"<(?:rect|path|circle|polygon)\b", svg))


def draw_many(name, count):
    explorer, rng = fresh(name), random.Random(name)
    for _ in range(count):
        shuffle(explorer, rng)
        svg = explorer.draw(explorer.stage(rng.choice(WIDTHS)))
        # One pixel under one window is three shapes, and all there is.
        least = 3 if name == "OutputSizeExplorer" and explorer.size == 1 else 5
        assert shapes(svg) >= least, f"{explorer.call()} draws nothing"
        if explorer.scene.problem:
            assert explorer.scene.fixes, f"{explorer.call()} shows no way out"


@every_explorer
def test_every_setting_of_the_controls_draws(name):
    draw_many(name, 60)


@pytest.mark.full
@every_explorer
def test_a_thousand_settings_draw(name):
    draw_many(name, 1000)


@every_explorer
def test_every_fix_is_a_way_out(name):
    explorer, rng = fresh(name), random.Random(name)
    for _ in range(40):
        shuffle(explorer, rng)
        if not explorer.scene.problem:
            continue
        before = explorer.settings()
        for fix in explorer.scene.fixes:
            explorer._hear(explorer, {"type": "fix", "label": fix.label}, [])
            assert not explorer.scene.problem, f"{fix.label}: {explorer.scene.problem}"
            explorer._hear(explorer, {"type": "undo"}, [])
            assert same(explorer.settings(), before), fix.label


@every_explorer
def test_undo_leads_back_redo_forth_and_reset_to_the_start(name):
    explorer, rng = fresh(name), random.Random(name)
    first, text = explorer.settings(), explorer.text
    assert explorer._can == [False, False]
    for _ in range(12):
        gesture(explorer, rng)
    last = explorer.settings()
    while explorer._can[0]:
        explorer._hear(explorer, {"type": "undo"}, [])
    assert same(explorer.settings(), first)
    assert explorer.text == text
    while explorer._can[1]:
        explorer._hear(explorer, {"type": "redo"}, [])
    assert same(explorer.settings(), last)
    explorer._hear(explorer, {"type": "reset"}, [])
    assert same(explorer.settings(), first)
    explorer._hear(explorer, {"type": "undo"}, [])
    assert same(explorer.settings(), last)


@every_explorer
def test_no_picture_reaches_the_page_before_the_controls_that_made_it(name):
    explorer, rng = fresh(name), random.Random(name)
    synced = [each for each in explorer.names() if each in explorer.keys]
    page, pictures = {each: getattr(explorer, each) for each in synced}, []

    def receive(key=None):
        names = {key} if isinstance(key, str) else set(key)
        page.update({each: getattr(explorer, each) for each in names if each in synced})
        if "_shown" in names:
            pictures.append(explorer._shown)
            assert page == {each: getattr(explorer, each) for each in synced}

    def send(values):
        page.update(values)
        explorer.set_state({**values, "_settled": explorer._settled + 1})

    explorer.send_state = receive
    for example in getattr(explorer, "worked", {}):
        send({explorer.chosen: example})
    for _ in range(10):
        control = rng.choice([c for c in explorer.offered() if controls.stops(c)])
        send({control.name: rng.choice(controls.stops(control))})
        explorer._hear(explorer, {"type": rng.choice(["undo", "redo", "reset"])}, [])
    assert pictures


@every_explorer
def test_its_call_makes_an_equal_explorer(name):
    explorer, rng = fresh(name), random.Random(name)
    for _ in range(4):
        gesture(explorer, rng)
    other = eval(explorer.call(), {"explore": explore})
    assert other.text == explorer.text
    assert other.call() == explorer.call()


WORKED = [
    (name, each)
    for name in explore.names()
    for each in getattr(getattr(explore, name), "worked", {})
]


@pytest.mark.parametrize(("name", "example"), WORKED)
def test_a_worked_example_shows_what_it_says_and_is_left_when_a_setting_differs(name, example):
    explorer = fresh(name)
    worked, chosen = type(explorer).worked[example], explorer.chosen
    explorer.set_state({chosen: example})
    assert getattr(explorer, chosen) == example
    refused = worked.settings.get("policy") == "error"  # an example of what does not fit
    assert bool(explorer.scene.problem) == refused
    assert worked.sentence in explorer.scene.note
    assert "?" in worked.question
    assert worked.question in explorer.scene.note
    call = f"explore.{name}({chosen}={example!r})"
    first = getattr(fresh(name), chosen)
    assert explorer.call() == (f"explore.{name}()" if example == first else call)
    assert same(eval(call, {"explore": explore}).settings(), explorer.settings())
    others = [c for c in explorer.offered() if c.name in explorer.of_example(example)]
    movable = [c for c in others if len(controls.stops(c)) > 1]
    control = min(movable, key=lambda c: c.kind != "slider")  # a slider if there is one
    value = getattr(explorer, control.name)
    explorer.set_state({control.name: next(s for s in controls.stops(control) if s != value)})
    assert getattr(explorer, chosen) != example


@pytest.mark.parametrize("name", list(dict(WORKED)))
def test_a_worked_example_is_computed_and_sent_once(name, monkeypatch):
    explorer, made = fresh(name), []
    kind, make = type(explorer), type(explorer).make_scene
    monkeypatch.setattr(kind, "make_scene", lambda self: made.append(1) or make(self))
    explorer.set_state({kind.chosen: list(kind.worked)[-1]})
    assert len(made) == 1


@every_explorer
def test_at_most_five_controls_at_first_sight_and_a_lecture_chooses_them(name):
    kind = getattr(explore, name)
    shown = [each for each in fresh(name)._controls if each["essential"]]
    assert 1 <= len(shown) <= 5
    last = kind.controls[-1].name
    chosen = kind(show=[last])._controls
    assert [each["name"] for each in chosen if each["essential"]] == [last]
    with pytest.raises(ValueError, match=r"show must list at most 5 controls"):
        kind(show=["nonsense"])


@every_explorer
def test_what_no_control_could_send_is_left_out(name):
    explorer = fresh(name)
    before = explorer.settings()
    for control in explorer.controls:
        explorer.set_state({control.name: "nonsense" if control.kind != "text" else 7})
    explorer.set_state({"_width": 10**9, "_settled": "x", "_controls": []})
    explorer._hear(explorer, "nonsense", [])
    explorer._hear(explorer, {"type": "fix", "label": 3}, [])
    assert same(explorer.settings(), before)
    assert explorer._width in WIDTHS


@every_explorer
def test_the_stage_has_one_height_for_each_width(name):
    explorer, rng = fresh(name), random.Random(name)
    stages = {tuple(explorer.stage(width)) for width in WIDTHS}
    for _ in range(10):
        gesture(explorer, rng)
        explorer.set_state({"_width": rng.choice(WIDTHS)})
        assert tuple(explorer._shown["stage"]) in stages


@every_explorer
def test_every_explorer_stands_in_the_appendix(name):
    appendix = Path(explore.__file__).parents[2] / "notebooks" / "90_appendix_explorers.ipynb"
    assert f"explore.{name}(" in appendix.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["ParameterExplorer", "ReceptiveFieldExplorer"])
def test_a_network_chosen_beside_ones_own_stays_chosen_in_its_call(name):
    kind = getattr(explore, name)
    explorer = kind(spec=spec.Conv(6, 5), input_shape=(3, 32, 32))
    own = explorer.settings()
    for gesture in ({"network": "lenet-5"}, {"example": [*kind.worked][-1]}):
        explorer.set_state(gesture)
        made = eval(explorer.call(), {"explore": explore, **vars(spec)})
        assert made.network == explorer.network
        assert repr(made) == repr(explorer)
    plain = kind()
    for settings in (explorer.settings(), own):
        plain._restore(settings)
        assert same(plain.settings(), settings)
