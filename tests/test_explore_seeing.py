"""SeeingExplorer: maps equal the library's, words are true, long work is shown, stopped, resumed."""

import threading
import time

import numpy as np
import pytest
import torch

from cnnlab import data, explore, zoo
from cnnlab.explore import SeeingExplorer
from cnnlab.explore.scene import WIDTHS
from cnnlab.explore.seeing import job as jobs
from cnnlab.explore.seeing import maps, model, overlay, words
from cnnlab.explore.seeing.job import Job
from cnnlab.explore.seeing.maps import METHODS, Question, answers
from cnnlab.explore.seeing.model import DIGITS, FILLS, PHOTOS, Picture, own_picture
from cnnlab.pytorch import attribution

THREE = Picture("digit 3")
every_method = pytest.mark.parametrize("method", METHODS)


def ran(code):
    """Run the lines, and return the value of the last one."""
    names = {}
    *lines, last = code.splitlines()
    exec("\n".join(lines), names)
    return eval(last, names)


@pytest.fixture
def slow(monkeypatch):
    """Occlusion of a photograph waits before each step until it is let go."""
    going = threading.Event()

    def steps(question, net, x, start):
        for n in range(1, 5):
            going.wait(20)
            values = np.full((2, 2), np.nan, np.float32)
            values.flat[:n] = n
            under = (start.now,) * n
            yield maps.replace(start, done=n, total=4, values=values, under=under)

    monkeypatch.setitem(maps._STEPS, "occlusion", steps)
    monkeypatch.setattr(maps, "_kept", maps.OrderedDict())
    model.lite()
    yield going
    going.set()


def until(holds):
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# ---- Answers


@every_method
@pytest.mark.parametrize(
    "settings",
    [
        {"picture": "digit 8", "patch": 5, "stride": 4, "fill": "blurred", "steps": 10, "layer": 1},
        {"picture": "digit 5", "target": 3, "fill": "mean", "shuffled": 2, "steps": 20, "channel": 5},
        {"picture": "rocket", "target": 2, "patch": 21, "stride": 7, "fill": "black", "steps": 2,
         "shuffled": 12, "layer": 4},
    ],
)  # fmt: skip
def test_the_code_computes_the_map_that_is_shown(method, settings):
    explorer = SeeingExplorer(method=method, **settings)
    found = explorer.output
    np.testing.assert_allclose(found, ran(explorer.code()).numpy(), rtol=1e-4, atol=1e-6)


def test_the_class_asked_about_is_one_of_the_five_best_of_the_trained_network():
    net, x = zoo.pretrained("efficientnet-lite0"), zoo.preprocess(data.photo("rocket").image)
    with torch.inference_mode():
        shares, order = net(x)[0].softmax(0).topk(5)
    names = [zoo.imagenet_classes()[i] for i in order]
    explorer = SeeingExplorer(picture="rocket", target=4)
    assert [name for name, _ in explorer.best] == names
    assert [share for _, share in explorer.best] == pytest.approx(shares.tolist(), rel=1e-3)
    assert explorer.scene.answer.target.name == names[3]
    explorer.shuffled = 50
    assert explorer.best[0][0] != names[0]
    assert explorer.scene.answer.target.name == names[3]
    (target,) = (c for c in explorer.offered() if c.name == "target")
    assert [words for _, words, _ in target.options] == names


def test_under_each_patch_the_five_best_are_those_of_the_network():
    asked = Question(Picture("digit 7"), "occlusion", patch=9, stride=4, fill="black")
    *_, answer = answers(asked)
    known, x = model.digit_network(), model.batch(asked.picture)
    for place, logits in enumerate(attribution.covered_logits(known.net, x, 9, 4, 0.0)):
        best = logits[0].softmax(0).topk(5)
        assert [guess.number for guess in answer.under[place]] == best.indices.tolist()
        fall = answer.score - float(logits[0, answer.target.number])
        assert answer.values.flat[place] == pytest.approx(fall, abs=1e-5)


def test_answers_become_better_step_by_step_and_end_complete():
    asked = Question(THREE, "occlusion", patch=14, stride=7)
    found = list(answers(asked))
    assert [answer.done for answer in found] == list(range(10))
    assert [int(np.isfinite(answer.values).sum()) for answer in found] == list(range(10))
    assert [answer.is_complete for answer in found] == [False] * 9 + [True]


def test_integrated_gradients_of_a_digit_are_complete_within_a_hundredth():
    explorer = SeeingExplorer(example="complete")
    total, rise = explorer.scene.answer.sums
    assert total == pytest.approx(explorer.output.sum(), rel=1e-4)
    assert abs(total - rise) < 0.01 * abs(rise)
    assert f"{total:.2f}" in "\n".join(explorer.scene.formulas)


def test_the_digit_network_reads_its_ten_digits():
    for n, name in enumerate(DIGITS):
        assert SeeingExplorer(picture=name).best[0][0] == str(n)


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("name", ["coffee", "digit 3"])
def test_fillings_lie_between_black_and_white(fill, name):
    picture = Picture(name)
    known, x = picture.reader, model.batch(picture)
    found = model.filling(picture, fill).expand_as(x)
    assert found.min() >= known.low
    assert found.max() <= known.high
    means = {"black": known.low, "grey": (known.low + known.high) / 2, "mean": x.mean()}
    if fill in means:
        assert found.mean() == pytest.approx(float(means[fill]), abs=1e-5)
    if fill == "blurred":
        assert found.std() < x.std()


@pytest.mark.parametrize("name", ["coffee", "digit 3"])
def test_what_is_known_of_a_network_beforehand_is_true(name):
    picture = Picture(name)
    net, x = model.network_for(picture).net, model.batch(picture)
    assert attribution.depth(net) == picture.reader.depth
    assert x.shape[-2:] == (picture.reader.side,) * 2
    for layer in picture.reader.layers:
        assert attribution.responses(net, x, layer).ndim == 4
    white, black = (np.full((3, 300, 300), value, np.float32) for value in (1, 0))
    if not picture.is_digit:
        assert model.batch(own_picture(white)).mean() == pytest.approx(picture.reader.high)
        assert model.batch(own_picture(black)).mean() == pytest.approx(picture.reader.low)


# ---- Settings


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("target", 6, "target must be 1 to 5, not 6"),
        ("patch", 0, "patch must be 1 to 28, not 0"),
        ("stride", 29, "stride must be 1 to 28, not 29"),
        ("shuffled", 51, "shuffled must be 0 to 50, not 51"),
        ("steps", 0, "steps must be 1 to 1000, not 0"),
    ],
)
def test_numbers_beyond_their_bounds_are_refused(name, value, says):
    with pytest.raises(Exception, match=says):
        SeeingExplorer(**{"picture": "digit 3", name: value})
    explorer = SeeingExplorer(picture="digit 3")
    with pytest.raises(Exception, match=says):
        setattr(explorer, name, value)


def test_more_layers_than_there_are_mean_all_of_them():
    few, many = (SeeingExplorer(picture="digit 3", shuffled=n).output for n in (3, 50))
    assert np.array_equal(few, many)
    assert SeeingExplorer(picture="digit 3", layer=9).scene.answer.layer == "relu2"


def test_a_picture_of_ones_own_is_shown_to_the_network():
    rgb = data.photo("chelsea").image
    explorer = SeeingExplorer(rgb, method="saliency")
    assert explorer.picture == "own"
    expected = SeeingExplorer(picture="chelsea", method="saliency")
    np.testing.assert_allclose(explorer.output, expected.output, rtol=1e-3, atol=1e-5)
    assert (
        explorer.call() == "explore.SeeingExplorer(picture='own', method='saliency', image=image)"
    )
    other = SeeingExplorer(**explorer.settings())
    assert other.text == explorer.text


def test_a_file_from_the_page_becomes_ones_own_picture_and_can_be_undone():
    explorer = SeeingExplorer(picture="digit 3")
    rgba = np.zeros((30, 40, 4), np.uint8)
    rgba[..., 3] = 255
    content = {"type": "file", "name": "own_photo", "width": 40, "height": 30, "label": "mine.png"}
    explorer._hear(explorer, content, [rgba.tobytes()])
    assert explorer.text.startswith("mine.png: EfficientNet-Lite0 sees")
    assert any(value == "own" for value, *_ in _options(explorer, "picture"))
    explorer._hear(explorer, {"type": "undo"}, [])
    assert explorer.picture == "digit 3"


def _options(explorer, name):
    return next(c.options for c in explorer.offered() if c.name == name)


@pytest.mark.parametrize("shape", [(5, 700), (700, 5), (1, 1), (3, 40, 30), (40, 30, 4)])
def test_a_picture_of_any_shape_is_taken(shape):
    picture = own_picture(np.linspace(0, 1, np.prod(shape), dtype=np.float32).reshape(shape))
    assert model.batch(picture).shape == (1, 3, 224, 224)
    with pytest.raises(ValueError, match="read-only"):
        picture.image[0, 0, 0] = 1


def test_without_a_picture_of_ones_own_there_is_a_way_out():
    explorer = SeeingExplorer(picture="own")
    assert "there is no picture of your own yet" in explorer.scene.problem
    assert explorer.output is None
    assert explorer.best == []
    for width in WIDTHS:
        assert explorer.draw(explorer.stage(width))
    explorer._hear(explorer, {"type": "fix", "label": "a digit"}, [])
    assert not explorer.scene.problem


def test_weights_that_are_not_there_are_said_and_a_digit_is_offered(monkeypatch):
    def missing():
        raise ModuleNotFoundError("No package with the weights.")

    monkeypatch.setattr(model, "lite", missing)
    monkeypatch.setattr(maps, "_kept", maps.OrderedDict())
    explorer = SeeingExplorer()
    explorer.finish()
    assert explorer.scene.problem == "No package with the weights."
    assert explorer.text == "coffee: Grad-CAM: no answer"
    explorer._hear(explorer, {"type": "fix", "label": "a digit"}, [])
    assert explorer.text.startswith("digit 3: digit network sees 3")


# ---- Work that takes time


def test_while_it_computes_it_draws_and_says_how_far_it_is(slow):
    explorer = SeeingExplorer(method="occlusion")
    for width in WIDTHS:
        assert "<svg" in explorer.draw(explorer.stage(width))
    until(lambda: explorer.scene.state == "computing")
    assert [fix.label for fix in explorer.scene.fixes] == ["stop"]
    slow.set()
    assert "2×2 places" in explorer.text
    assert explorer.scene.fixes == []
    assert "steps" not in explorer.draw(explorer.stage(900))


def test_news_come_while_it_computes(slow, monkeypatch):
    monkeypatch.setattr(jobs, "EVERY", -1)
    explorer = SeeingExplorer(method="occlusion")
    until(lambda: "computing, 0 of 1 steps" in explorer._shown["text"])
    can = explorer._can
    slow.set()
    explorer.finish()
    assert "2×2 places" in explorer._shown["text"]
    assert explorer._can == can, "news are no gestures to undo"


def test_it_is_stopped_and_goes_on_where_it_was(slow):
    explorer = SeeingExplorer(method="occlusion")
    explorer._hear(explorer, {"type": "fix", "label": "stop"}, [])
    slow.set()
    assert "stopped, 0 of 1 steps" in explorer.text
    assert [fix.label for fix in explorer.scene.fixes] == ["go on"]
    assert explorer.output.shape == (1, 1)
    explorer._hear(explorer, {"type": "fix", "label": "go on"}, [])
    assert "2×2 places" in explorer.text
    assert explorer.output.tolist() == [[4, 4], [4, 4]]


def test_the_newest_setting_wins_and_the_older_work_ends(slow):
    explorer = SeeingExplorer(method="occlusion")
    older = explorer._job
    explorer.patch = 9
    assert explorer._job is not older
    slow.set()
    older.wait()
    assert not older.answer.is_complete
    assert explorer.scene.question.patch == 9
    assert "2×2 places" in explorer.text


def test_closing_it_ends_its_work(slow):
    explorer = SeeingExplorer(method="occlusion")
    work = explorer._job
    explorer.close()
    slow.set()
    work.wait()
    assert not work.answer.is_complete


def test_what_was_computed_once_is_there_at_once(slow):
    slow.set()
    explorer = SeeingExplorer(method="occlusion")
    explorer.finish()
    explorer.method = "saliency"
    explorer.finish()
    slow.clear()
    explorer.method = "occlusion"
    assert explorer.scene.state == ""
    assert explorer.scene.answer.is_complete


def test_many_answers_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(maps, "_kept", maps.OrderedDict())
    monkeypatch.setattr(maps, "KEPT", 3)
    for n in range(1, 6):
        Job(Question(THREE, "response", channel=n), lambda _: None, threading.Lock())
    assert [asked.channel for asked in maps._kept] == [3, 4, 5]


# ---- Words and drawing


@every_method
@pytest.mark.parametrize("name", ["digit 3", "coffee"])
def test_every_cell_of_a_map_can_be_read(method, name):
    explorer = SeeingExplorer(picture=name, method=method, patch=14, stride=14, steps=1)
    rows, columns = explorer.output.shape
    for row, column in ((0, 0), (rows - 1, columns - 1), (rows // 2, 0)):
        link = explorer.tell(f"map:0,{row},{column}")
        assert [len(line) for line in link["near"]] == [5] * 5
        value = explorer.output[row, column]
        assert link["near"][2][2] == explore.numbers.short(float(value))
        parts = [int(n) for n in link["marks"]["window"][0][8:].replace(",", " ").split()]
        assert 0 <= min(parts) <= max(parts) < maps.PARTS
    for key in ("map:0,9999,0", "map:0,0", "photo:0,28", "other:0,0,0", ""):
        assert explorer.tell(key) is None


def test_pointing_at_the_picture_reads_the_cell_of_the_map_over_it():
    explorer = SeeingExplorer(picture="digit 3", method="occlusion", patch=7, stride=3)
    rows = len(explorer.output)
    found = [words.cell(explorer.scene.question, explorer.scene.answer, f"photo:0,{n},0")[0]
             for n in range(28)]  # fmt: skip
    assert found == sorted(found)
    assert {*found} == {*range(rows)}
    for n, row in enumerate(found[3:-3], start=3):
        assert abs(row * 3 + 3 - n) <= 1.5


def test_the_patch_that_is_pointed_at_is_framed_and_its_classes_are_shown():
    explorer = SeeingExplorer(picture="digit 3", method="occlusion", patch=8, stride=4)
    strongest = words.strongest(explorer.scene.answer)
    assert explorer.scene.chosen == strongest
    assert explorer.output[strongest] == explorer.output.max()
    before = explorer._shown["svg"]
    explorer.set_state({"_asked": "map:0,0,5"})
    assert explorer.scene.chosen == (0, 5)
    assert explorer._shown["svg"] != before
    assert "Under it: " in explorer._told["text"]
    assert explorer._can == [False, False]


def test_a_fall_and_a_rise_are_told_apart():
    explorer = SeeingExplorer(picture="digit 8", method="occlusion", patch=8, stride=4)
    for row, column in np.ndindex(explorer.output.shape):
        verb = "falls" if explorer.output[row, column] >= 0 else "rises"
        assert f" {verb} by " in explorer.tell(f"map:0,{row},{column}")["text"]


def test_a_map_lies_over_the_places_it_is_about():
    values = np.arange(9, dtype=np.float32).reshape(3, 3)
    asked = Question(THREE, "occlusion", patch=8, stride=10)
    wide = overlay.spread(asked, values)
    assert wide.shape == (28, 28)
    assert wide[4, 14] == 1  # the middle of the second patch, columns 10 to 17
    assert wide[24, 24] == 8
    coarse = overlay.spread(Question(THREE, "grad-cam"), np.eye(14, dtype=np.float32))
    assert coarse.sum() == 4 * 14


def test_strong_colours_are_those_of_large_values():
    assert overlay.limit(np.array([[np.nan, -3.0]], np.float32)) == 3
    assert overlay.limit(np.full((2, 2), np.nan, np.float32)) == 0
    fine = np.zeros((100, 100), np.float32)
    fine[0, 0], fine[:5] = 100, 1
    assert overlay.limit(fine) == 1
    assert overlay.is_signed("occlusion", fine)
    assert not overlay.is_signed("grad-cam", fine)
    assert overlay.is_signed("response", -fine)


def test_an_empty_grad_cam_is_said():
    for shuffled in range(4):
        explorer = SeeingExplorer(picture="digit 5", shuffled=shuffled)
        empty = not explorer.output.any()
        assert ("nothing there adds to it" in explorer.text) == empty


def test_every_photograph_and_digit_is_offered_under_its_network():
    groups = {value: group for value, _, group in _options(SeeingExplorer(), "picture")}
    assert {*groups} == {*PHOTOS, *DIGITS}
    assert sorted(PHOTOS) == sorted(data.photo_names())
    assert {groups[name] for name in DIGITS} == {"digit network"}


def test_what_is_stored_waits_and_is_the_same_in_every_run(slow):
    timer = threading.Timer(0.2, slow.set)
    timer.start()
    stored = SeeingExplorer(method="occlusion")._repr_mimebundle_()[0]
    again = SeeingExplorer(method="occlusion")._repr_mimebundle_()[0]
    assert "2×2 places" in stored["text/plain"]
    assert stored["text/html"] == again["text/html"]
    assert "computing" not in stored["text/html"]
