"""TranslationExplorer without a browser: what follows a shift, and what does not."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from traitlets import TraitError

from cnnlab.explore import TranslationExplorer
from cnnlab.explore.kernels import kernel
from cnnlab.explore.scene import Stage
from cnnlab.explore.translation.drawing import draw
from cnnlab.explore.translation.networks import MARGIN, TRAINED_ON, framed, networks
from cnnlab.explore.translation.scene import (
    SAMPLES,
    STEPS,
    difference,
    percent,
    translation_scene,
)

WIDE = Stage(900, 440)
SHIFT = st.integers(-MARGIN, MARGIN)
SETTINGS = st.tuples(
    st.integers(0, 9), st.integers(0, SAMPLES - 1), SHIFT, SHIFT, st.sampled_from(STEPS)
)
NAMES = ("digit", "sample", "dx", "dy", "step")
ANY = st.tuples(*[st.one_of(st.integers(-30, 30), st.integers(-(10**15), 10**15))] * 5)


def named(settings):
    return dict(zip(NAMES, settings, strict=True))


def middle(scene, name, dx, dy):
    """The output that a shift by whole pixels of its map should give, where it is known."""
    rest = scene.move.at_rest[name]
    return np.roll(rest, (dy, dx), axis=(0, 1))


@given(SETTINGS)
def test_the_response_map_follows_exactly(settings):
    scene = translation_scene(**named(settings))
    _, _, dx, dy, _ = settings
    assert scene.move.differences["response"] == 0
    # Not by leaving anything out: nothing but black enters or leaves the picture, and nothing
    # but its outermost row of responses, to a stroke that touches the edge.
    expected = middle(scene, "response", dx, dy)[1:-1, 1:-1]
    assert np.allclose(scene.move.maps["response"][1:-1, 1:-1], expected, atol=1e-5)
    assert np.array_equal(scene.move.maps["input"], middle(scene, "input", dx, dy))


@given(SETTINGS)
def test_pooled_and_strided_maps_follow_shifts_by_whole_steps(settings):
    digit, sample, dx, dy, step = settings
    dx, dy = dx // step * step, dy // step * step
    if max(abs(dx), abs(dy)) <= MARGIN:
        scene = translation_scene(digit=digit, sample=sample, dx=dx, dy=dy, step=step)
        assert scene.move.differences["pooled"] == scene.move.differences["strided"] == 0


def mean_difference(name, step, shifts, **more):
    scenes = [
        translation_scene(digit=digit, sample=sample, dx=dx, dy=dy, step=step)
        for digit in range(10)
        for sample in range(2)
        for dx, dy in shifts
    ]
    return np.mean([scene.move.differences[name] for scene in scenes])


@pytest.mark.parametrize("step", STEPS)
def test_pooling_follows_other_shifts_better_than_stride(step):
    shifts = [(1, 0), (0, 1), (step + 1, -1)]
    pooled, strided = (mean_difference(name, step, shifts) for name in ("pooled", "strided"))
    assert 0.1 < pooled < 0.9 * strided


def test_the_dense_network_falls_apart_and_the_other_does_not():
    two = networks()
    digits, labels = two.digits[:500], two.labels[:500]

    def right(net, dx=0, dy=0):
        return np.mean(net.forward(framed(digits, dx, dy)).argmax(axis=1) == labels)

    assert right(two.dense) > 0.87
    assert right(two.conv) > 0.82
    assert right(two.dense, dx=5, dy=-5) < 0.3
    at_rest = two.conv.forward(framed(digits[:50]))
    for shift in ((1, 0), (-MARGIN, MARGIN), (MARGIN, -3)):
        here = two.conv.forward(framed(digits[:50], *shift))
        assert np.allclose(here, at_rest, atol=1e-4)


def test_the_digits_shown_are_new_to_the_networks_and_the_networks_the_same_every_time():
    assert len(networks().digits) == 5000 - TRAINED_ON
    assert networks() is networks()
    again = networks.__wrapped__()
    for net, twin in zip(networks()[:2], again[:2], strict=True):
        for name, values in net.state_dict().items():
            assert np.array_equal(values, twin.state_dict()[name])


@given(SETTINGS)
def test_maps_equal_pytorchs(settings):
    step = settings[-1]
    maps = translation_scene(**named(settings)).move.maps
    x, weight = (
        torch.from_numpy(np.asarray(a, np.float32))[None, None]
        for a in (maps["input"], kernel("sobel-x"))
    )
    response = torch.nn.functional.conv2d(x, weight, padding=1)
    strided = torch.nn.functional.conv2d(x, weight, padding=1, stride=step)
    assert np.allclose(maps["response"], response[0, 0], atol=1e-5)
    assert np.allclose(maps["strided"], strided[0, 0], atol=1e-5)
    pooled = torch.nn.functional.max_pool2d(response, step)
    assert np.allclose(maps["pooled"], pooled[0, 0], atol=1e-5)


@pytest.mark.parametrize("settings", [(3, 0, 5, -2, 4), (0, 7, -1, 0, 2), (9, 19, 6, 6, 3)])
def test_the_code_computes_what_is_shown(settings):
    explorer = TranslationExplorer(**named(settings))
    names = {}
    exec(explorer.code(), names)
    output = explorer.output
    for name in ("response", "strided", "pooled"):
        assert np.allclose(names[name], output[name], atol=1e-5)
    for scores, name in (("dense", "dense"), ("conv", "convolutional")):
        probabilities = torch.softmax(torch.from_numpy(names[scores]), 0)
        assert np.allclose(probabilities, output[name], atol=1e-5)


@given(st.one_of(SETTINGS, ANY))
def test_any_settings_are_drawn_or_explained(settings):
    scene = translation_scene(**named(settings))
    bounds = ((0, 9), (0, SAMPLES - 1), *[(-MARGIN, MARGIN)] * 2, (STEPS[0], STEPS[-1]))
    wrong = [n for n, v, (a, b) in zip(NAMES, settings, bounds, strict=True) if not a <= v <= b]
    assert bool(scene.problem) == bool(wrong)
    assert scene.problem in scene.text
    assert ET.fromstring(draw(scene, WIDE)).get("aria-label") == scene.text
    assert bool(scene.images) == (not wrong)


@given(SETTINGS)
def test_scores_are_shares_and_bars_say_the_numbers(settings):
    scene = translation_scene(**named(settings))
    for scores in scene.move.scores.values():
        assert scores.sum() == pytest.approx(1, abs=1e-5)
    words = [
        n.text for n in ET.fromstring(draw(scene, WIDE)).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert [w.removeprefix("▸ ") for w in words if w.endswith("%")] == [
        percent(share) for share in scene.move.differences.values()
    ]
    assert sum("▸" in w for w in words) == sum(s > 1 for s in scene.move.differences.values())


def test_difference_is_a_share_of_what_was_there():
    rest = np.float32([[0, 2, 0, 0]])
    assert difference(rest, rest) == 0
    assert difference(np.float32([[0, 0, 2, 0]]), rest, dx=1) == 0
    assert difference(np.float32([[0, 0, 2, 0]]), rest) == 2
    assert difference(np.float32([[0, 1, 0, 0]]), rest) == 0.5
    assert difference(rest * 0, rest * 0) == 0


def test_settings_from_python_and_from_the_page():
    explorer = TranslationExplorer(dx=2, step=2)
    assert repr(explorer).startswith("digit 3 moved 2 right: response map differs 0 %, pooled 0 %")
    explorer.set_state({"dy": -3})
    assert "moved 2 right, 3 up" in repr(explorer)
    assert explorer.differences["response"] == 0
    assert explorer.differences["strided"] > 0
    explorer.set_state({"dx": 99, "digit": "3"})  # no control could have sent these
    assert (explorer.dx, explorer.digit) == (2, 3)
    twin = TranslationExplorer(**explorer.settings())
    assert repr(twin) == repr(explorer)
    explorer.dx = 99
    assert explorer.output == {}
    assert explorer.differences == {}
    assert "dx must be from -6 to 6, not 99. Choose another." in repr(explorer)
    with pytest.raises(TraitError):
        explorer.dx = 1.5


def test_the_page_gets_the_maps_and_where_the_digit_is():
    explorer = TranslationExplorer(dx=4, dy=-1)
    explorer.painted()
    for name, image in explorer.scene.images.items():
        values = np.frombuffer(getattr(explorer, image["values"]), np.float32)
        assert np.array_equal(
            values.reshape(image["height"], image["width"]), explorer.scene.move.maps[name]
        )
    assert explorer.scene.images["input"]["drag"]["at"] == [4, -1]


def test_the_stored_picture_shows_all_maps_and_says_the_result():
    stored = TranslationExplorer(dx=3)._repr_mimebundle_()[0]["text/html"]
    assert stored.count("data:image/png;base64,") == 4
    assert f'alt="{TranslationExplorer(dx=3)!r}. Convolution is equivariant' in stored
