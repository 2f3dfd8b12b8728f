"""FilterExplorer without a browser: responses equal the layers', words and code are true."""

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from traitlets import TraitError

from cnnlab import data
from cnnlab.explore import FilterExplorer
from cnnlab.explore.filter.drawing import draw
from cnnlab.explore.filter.response import grey, within
from cnnlab.explore.filter.scene import filter_scene
from cnnlab.explore.filter.widget import PHOTOS
from cnnlab.explore.images import GREY, SIGNED, colored
from cnnlab.explore.kernels import PRESETS, SIZES, fitted, kernel, own_kernel
from cnnlab.explore.numbers import short
from cnnlab.explore.scene import Stage
from cnnlab.scratch import functional as F

NAMED = [(name, size) for name, preset in PRESETS.items() for size in preset.sizes]
SUM = {"horizontal-edges": 0, "vertical-edges": 0, "sobel-x": 0, "sobel-y": 0, "laplacian": 0}
SUM |= {"gabor": 0} | dict.fromkeys(("identity", "blur", "gaussian", "sharpen", "emboss"), 1)
SIDES = st.tuples(st.integers(1, 9), st.integers(1, 9))
IMAGES = arrays(np.float32, SIDES, elements=st.floats(0, 1, width=32))
KERNELS = arrays(float, SIDES, elements=st.integers(-9, 9).map(float))
SENSIBLE = st.tuples(IMAGES, KERNELS, st.integers(1, 4), st.integers(0, 5))
NUMBERS = st.one_of(st.integers(-3, 20), st.integers(-(10**15), 10**15))
WIDE = Stage(900, 360)
RAMP = np.linspace(0, 1, 48, dtype=np.float32).reshape(6, 8)


def ran(code, **names):
    """Run the lines and return what they named, with the value of the last one as "last"."""
    lines = code.splitlines()
    exec("\n".join(lines[:-1]), names)
    return names | {"last": eval(lines[-1], names)}


# ---- Kernels


@pytest.mark.parametrize(("name", "size"), NAMED)
def test_named_kernels_keep_brightness_or_ignore_it(name, size):
    weights = kernel(name, size, angle=35)
    assert weights.shape == (size, size)
    assert weights.sum() == pytest.approx(SUM[name], abs=1e-9)


def test_the_small_kernels_are_the_textbooks():
    assert kernel("sobel-y").tolist() == [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    assert kernel("vertical-edges").tolist() == [[-1, 0, 1]] * 3
    assert kernel("laplacian").tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    assert kernel("sharpen").tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert kernel("emboss").tolist() == [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
    assert (16 * kernel("gaussian")).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert kernel("sobel-x", 5)[2].tolist() == [-6, -12, 0, 12, 6]


@pytest.mark.parametrize("size", PRESETS["gabor"].sizes)
@given(st.integers(0, 175))
def test_a_gabor_kernel_turns_with_its_angle(size, angle):
    weights = kernel("gabor", size, angle)
    assert np.allclose(weights, weights[::-1, ::-1], atol=1e-3)
    quarter = kernel("gabor", size, angle + 90)
    assert np.allclose(np.rot90(weights), quarter, atol=1e-3)


@given(KERNELS, st.sampled_from(SIZES))
def test_a_resized_kernel_keeps_its_middle(weights, size):
    result = fitted(weights, size)
    assert result.shape == (size, size)
    here = [side // 2 for side in weights.shape]
    assert result[size // 2, size // 2] == weights[here[0], here[1]]
    if max(weights.shape) <= size and all(side % 2 for side in weights.shape):
        assert result.sum() == weights.sum()


@pytest.mark.parametrize(
    "wrong",
    [[], [1, 2], [[1, 2], [3]], "Sobel", [[np.nan]], [[np.inf]], [[1e9]], np.ones((16, 3)), None],
)
def test_what_is_no_kernel_is_refused_in_one_sentence(wrong):
    with pytest.raises(ValueError, match=r"^kernel must .*\. (Give|Choose) .*\.$"):
        own_kernel(wrong)
    with pytest.raises(ValueError, match="kernel must"):
        FilterExplorer(RAMP, kernel=wrong if wrong is not None else "none")


# ---- The scene


@given(SENSIBLE)
def test_the_response_is_that_of_the_layers(settings):
    image, weights, stride, padding = settings
    scene = filter_scene(image, weights, stride=stride, padding=padding)
    tensors = [
        torch.from_numpy(a.astype(np.float32))[None, None].double() for a in (image, weights)
    ]
    fits = all(n + 2 * padding >= k for n, k in zip(image.shape, weights.shape, strict=True))
    assert bool(scene.problem) != (fits and padding <= max(image.shape))
    if not scene.problem:
        expected = torch.nn.functional.conv2d(*tensors, stride=stride, padding=padding)[0, 0]
        assert np.allclose(scene.response.values, expected, atol=1e-4)
        small = weights.astype(np.float32)[None, None]
        y, _ = F.conv2d(image[None, None], small, stride=stride, padding=padding)
        assert np.array_equal(scene.response.values, y[0, 0])


@given(IMAGES, KERNELS, NUMBERS, NUMBERS)
def test_nonsense_is_explained_never_raised(image, weights, stride, padding):
    scene = filter_scene(image, weights, stride=stride, padding=padding)
    assert (scene.response.values is None) == bool(scene.problem)
    assert scene.problem in scene.text
    if scene.problem:
        assert scene.problem.endswith(".")
        assert scene.code == [f"# {scene.problem}"]
    ET.fromstring(draw(scene, WIDE))
    assert ("response" in scene.images) == (not scene.problem)


@given(SENSIBLE)
def test_the_code_computes_what_is_shown(settings):
    image, weights, stride, padding = settings
    scene = filter_scene(image, weights, stride=stride, padding=padding)
    if not scene.problem:
        found = ran("\n".join(scene.code), image=image)
        assert np.allclose(found["response"], scene.response.values, atol=1e-4)
        assert np.allclose(found["last"], scene.response.values, atol=1e-4)


@given(SENSIBLE, st.integers(0, 40), st.integers(0, 40))
def test_a_pixels_sum_is_written_out(settings, row, column):
    image, weights, stride, padding = settings
    scene = filter_scene(image, weights, stride=stride, padding=padding, pixel=(row, column))
    response = scene.response.values
    sums = [line for line in scene.formulas if line.startswith("response[")]
    inside = response is not None and row < response.shape[0] and column < response.shape[1]
    assert len(sums) == inside
    if inside and "more" not in sums[0]:
        _, terms, result = sums[0].split(" = ")
        value = eval(terms.replace("·", "*").replace("−", "-"))
        assert value == pytest.approx(response[row, column], abs=0.01 * (1 + np.abs(weights).sum()))
        assert result == short(response[row, column])


def test_flat_areas_and_edges_respond_as_the_words_say():
    step = np.repeat(np.float32([[0, 0, 0, 0, 1, 1, 1, 1]]), 8, axis=0)  # brighter to the right
    for name in ("sobel-x", "vertical-edges"):
        assert filter_scene(step, kernel(name)).response.values.max() > 0
        assert filter_scene(step, kernel(name)).response.values.min() == 0
        assert filter_scene(step[:, ::-1].copy(), kernel(name)).response.values.max() == 0
        assert not filter_scene(step.T.copy(), kernel(name)).response.values.any()
    for name in ("sobel-y", "horizontal-edges"):
        assert not filter_scene(step, kernel(name)).response.values.any()
        assert filter_scene(step.T.copy(), kernel(name)).response.values.max() > 0
    dot = np.zeros((5, 5), np.float32)
    dot[2, 2] = 1
    assert filter_scene(dot, kernel("laplacian")).response.values[1, 1] == -4
    assert np.array_equal(filter_scene(step, kernel("identity"), padding=1).response.values, step)


def test_the_size_formula_ends_in_the_size():
    scene = filter_scene(RAMP, kernel("blur"), stride=2, padding=1)
    assert scene.formulas[:2] == [
        "height: ⌊(6 + 2·1 − 3)/2⌋ + 1 = 3",
        "width:  ⌊(8 + 2·1 − 3)/2⌋ + 1 = 4",
    ]
    assert scene.response.values.shape == (3, 4)


# ---- Colours


def test_colours_go_by_sign_or_as_a_picture():
    assert filter_scene(RAMP, kernel("sobel-x")).response.colors == SIGNED
    assert filter_scene(RAMP, kernel("blur")).response.colors == GREY
    assert filter_scene(RAMP, kernel("blur"), colors="signed").response.colors == SIGNED
    assert filter_scene(RAMP, kernel("sobel-x"), colors="grey").response.colors == GREY


@given(arrays(np.float32, (3, 4), elements=st.floats(-2, 2, width=32)))
def test_zero_is_white_and_the_sign_is_seen(values):
    rgb = colored(values, -1.0, 1.0, SIGNED).astype(int)
    red, _, blue = np.moveaxis(rgb, -1, 0)
    assert np.all(rgb[values == 0] == 255)
    assert np.all(blue[values < -0.02] > red[values < -0.02])
    assert np.all(red[values > 0.02] > blue[values > 0.02])


# ---- Pictures


@pytest.mark.parametrize(
    "shape",
    [(4, 5), (1, 4, 5), (4, 5, 1), (3, 4, 5), (4, 5, 3), (4, 5, 4), (4, 6, 5), (6, 5, 2)],
)
def test_pictures_of_every_usual_shape_become_grey(shape):
    found = grey(np.full(shape, 255, np.uint8))
    assert found.shape == {(4, 6, 5): (6, 5), (6, 5, 2): (6, 5)}.get(shape, (4, 5))
    assert found.dtype == np.float32
    assert np.allclose(found, 1)


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 0, 1)])
def test_a_stroke_on_a_transparent_sheet_is_seen(axes):
    sheet = np.zeros((12, 9, 4), np.uint8)
    sheet[3:8, 4, 3] = 255
    explorer = FilterExplorer(sheet.transpose(axes))
    expected = np.ones((12, 9))
    expected[3:8, 4] = 0
    assert np.allclose(explorer.image, expected)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
def test_a_ramp_of_any_depth_is_the_same_picture(kind):
    white = {np.uint8: 255, np.uint16: 65535}.get(kind, 1)
    assert np.allclose(grey((RAMP * white).astype(kind)), RAMP, atol=1 / 250)


@pytest.mark.parametrize(
    ("shape", "reduced"),
    [((3, 3000, 4000), (750, 1000)), ((1025, 2), (512, 1)), ((1024, 1024), (1024, 1024))],
)
def test_a_large_photograph_is_reduced_by_the_mean_of_blocks(shape, reduced):
    image = np.zeros(shape, np.float32)
    image[..., ::2, :] = 1  # stripes that picking every second row would lose
    explorer = FilterExplorer(image)
    assert explorer.image.shape == reduced
    assert explorer.image.mean() == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    "wrong",
    [[], 3.0, [1.0, 2.0], np.ones((2, 4, 5)), np.ones((0, 3)), [[0, 255]], [[0.0, 255.0]],
     [[np.nan]], np.array([["a"]]), np.ones((1, 1, 4, 5))],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_one_sentence(wrong):
    with pytest.raises(ValueError, match=r"^image must .*\. (Pass|Find|Say|Read) .*\.$"):
        grey(wrong)


@pytest.mark.parametrize("name", PHOTOS)
def test_every_sample_photograph_has_a_response_that_its_code_gives(name):
    explorer = FilterExplorer(photo=name, preset="sobel-y", stride=4)
    assert explorer.image.shape == data.photo(name).image.shape[1:]
    found = ran(explorer.code())
    assert np.allclose(found["image"], explorer.image, atol=1e-5)
    assert np.allclose(found["response"], explorer.output, atol=1e-4)
    assert np.allclose(found["last"], explorer.output, atol=1e-4)


# ---- The explorer


def test_settings_are_set_read_and_taken_on():
    explorer = FilterExplorer(RAMP)
    explorer.preset, explorer.stride = "blur", 2
    y, _ = F.conv2d(
        RAMP[None, None], kernel("blur").astype(np.float32)[None, None], stride=2, padding=0
    )
    assert np.array_equal(explorer.output, y[0, 0])
    assert explorer.kernel.tolist() == kernel("blur").tolist()
    explorer.kernel = np.eye(5)
    assert (explorer.preset, explorer.kernel_size) == ("custom", 5)
    twin = FilterExplorer(**explorer.settings())
    assert repr(twin) == repr(explorer)
    assert np.array_equal(twin.output, explorer.output)
    explorer.kernel_size = 3
    assert explorer.kernel.tolist() == np.eye(3).tolist()
    explorer.output[:] = 9
    explorer.kernel[:] = 9
    assert explorer.output.max() < 9
    assert explorer.kernel.max() == 1


def test_custom_starts_from_the_kernel_that_was_there():
    explorer = FilterExplorer(RAMP, preset="sobel-y")
    explorer.preset = "custom"
    assert explorer.kernel.tolist() == kernel("sobel-y").tolist()
    explorer.preset = "blur"
    explorer.preset = "custom"
    assert explorer.kernel.tolist() == kernel("blur").tolist()


def test_a_preset_brings_a_size_that_it_has():
    explorer = FilterExplorer(RAMP, padding=3, kernel_size=7)
    explorer.preset = "emboss"
    assert explorer.kernel.shape == (3, 3)
    explorer.preset = "gabor"
    assert explorer.kernel.shape == (5, 5)
    explorer.kernel_size = 3
    assert explorer.output is None
    assert "kernel_size of gabor must be 5 or 7, not 3." in repr(explorer)
    assert FilterExplorer(RAMP, preset="gabor", padding=2).kernel_size == 5


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"photo": "mona lisa"}, TraitError),
        ({"preset": "best"}, TraitError),
        ({"stride": 1.5}, TraitError),
        ({"padding": "1"}, TraitError),
        ({"colors": "red"}, TraitError),
        ({"size": 3}, TypeError),
    ],
)
def test_wrong_types_and_names_raise(settings, error):
    with pytest.raises(error):
        FilterExplorer(**settings)


def test_a_weight_typed_into_the_page_makes_the_kernel_ones_own():
    explorer = FilterExplorer(RAMP)
    explorer._handle_custom_msg({"type": "edit", "key": "kernel:0,1", "value": 4}, [])
    assert explorer.preset == "custom"
    assert explorer.kernel.tolist() == [[-1, 4, 1], [-2, 0, 2], [-1, 0, 1]]
    for key, value in (("kernel:9,9", 1), ("kernel:-1,0", 1), ("x", 1), ("kernel:0,0", 1e99)):
        explorer._handle_custom_msg({"type": "edit", "key": key, "value": value}, [])
    assert explorer.kernel.tolist() == [[-1, 4, 1], [-2, 0, 2], [-1, 0, 1]]


def test_a_file_chosen_in_the_page_becomes_the_picture():
    explorer = FilterExplorer()
    rgba = np.full((4, 6, 4), 255, np.uint8)
    rgba[0, 0] = 0  # transparent
    rgba[1, 1] = (255, 0, 0, 255)
    message = {"type": "file", "name": "own_photo", "width": 6, "height": 4, "label": "cat.png"}
    explorer._handle_custom_msg(message, [memoryview(rgba.tobytes())])
    assert explorer.photo == "own"
    assert repr(explorer).startswith("cat.png 4×6, sobel-x 3×3")
    assert explorer.image[0, 0] == 1
    assert explorer.image[1, 1] == pytest.approx(0.299)
    wrong = ({"width": 5}, {"height": -4}, {"width": 10**9}, {"width": "6"})
    for change in wrong:
        explorer._handle_custom_msg(message | change, [memoryview(rgba.tobytes())])
    wide = np.zeros((1, 1025, 4), np.uint8)
    explorer._handle_custom_msg(
        message | {"width": 1025, "height": 1}, [memoryview(wide.tobytes())]
    )
    assert explorer.image.shape == (4, 6)


def test_a_pixel_chosen_in_the_page_is_written_out_and_stays():
    explorer = FilterExplorer(RAMP)
    explorer.set_state({"selected": "response:0,1"})
    assert explorer.scene.formulas[-1].startswith("response[0, 1] = ")
    for other in ("kernel:0,0", "response:999,0", "photo:1,1", "response:x,y", ""):
        explorer.set_state({"selected": other})
    assert explorer.scene.response.pixel is None  # the last response chosen lies outside
    explorer.set_state({"selected": "response:1,1"})
    assert explorer.scene.response.pixel == (1, 1)


def test_what_is_painted_is_sent_first_and_agrees_with_the_values_that_follow():
    explorer = FilterExplorer(RAMP)
    assert not explorer._response_values
    explorer._handle_custom_msg({"type": "painted"}, [])
    assert len(explorer._response_values) == 4 * explorer.output.size
    sent = []
    explorer.send_state = lambda key=None: sent.append({key} if isinstance(key, str) else set(key))
    explorer.stride = 2
    first, then = (i for i, names in enumerate(sent) if any("_response" in name for name in names))
    assert sent[first] >= {"_shown", "_response_shades"}
    assert sent[then] == {"_response_values"}
    assert not {"_photo_shades", "_photo_values"} & set.union(*sent)
    response = np.frombuffer(explorer._response_values, np.float32)
    assert np.array_equal(response.reshape(explorer.output.shape), explorer.output)
    painted = (np.frombuffer(explorer._response_shades, np.uint8) - 1.0) / 254
    low, high = (getattr(explorer.scene.response, name) for name in ("low", "high"))
    np.testing.assert_allclose(low + painted * (high - low), response, atol=(high - low) / 500)


def test_no_picture_of_ones_own_yet_is_explained():
    explorer = FilterExplorer(photo="own")
    assert "there is no picture of your own yet. Choose a file" in repr(explorer)
    explorer.image = RAMP
    assert explorer.output.shape == (4, 6)


def test_the_stored_picture_shows_all_three_and_says_so():
    explorer = FilterExplorer(RAMP, preset="sobel-x")
    stored = explorer._repr_mimebundle_()[0]["text/html"]
    assert stored.count("data:image/png;base64,") == 2
    alt = re.search('alt="([^"]*)"', stored)[1]
    assert alt == f"{explorer!r}. {explorer.scene.note}"
    svg = ET.fromstring(explorer.still())
    words = [node.text for node in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"your picture", "sobel-x 3×3", "response", "⋆", "=", "0"} <= set(words)


def test_stored_pixels_are_the_response():
    from base64 import b64decode

    from PIL import Image

    explorer = FilterExplorer(RAMP, preset="identity", padding=1)
    uris = re.findall(r"base64,([^\"]+)", explorer.still())
    pixels = np.asarray(Image.open(io.BytesIO(b64decode(uris[1]))).convert("RGB"))
    half = 0.5 / 254 + 0.5 / 255  # of a shade, and of what a colour can hold
    assert np.abs(pixels[..., 0] / 255 - RAMP).max() < half + 1e-6


def test_large_pictures_are_reduced_with_a_word():
    assert within(np.zeros((1024, 3), np.float32))[1] == ""
    explorer = FilterExplorer(np.zeros((3, 4000, 50)))
    assert explorer.image.shape == (1000, 12)
    assert "each pixel is the mean of a block of 4×4" in explorer.scene.note


def test_colours_that_are_lost_are_named():
    explorer = FilterExplorer(photo="astronaut")
    assert "is in colour; its luminance is shown" in explorer.scene.note
    assert "colour" not in FilterExplorer(photo="camera").scene.note


def test_a_kernel_larger_than_the_picture_can_be_mended_with_one_click():
    explorer = FilterExplorer(np.zeros((3, 3), np.float32), preset="blur", kernel_size=7)
    (fix,) = explorer.scene.fixes
    explorer._handle_custom_msg({"type": "fix", "label": fix.label}, [])
    assert explorer.output.shape == (1, 1)
