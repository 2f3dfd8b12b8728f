"""Sets that are computed: what is tested on is kept apart from what is learned from."""

import numpy as np
import pytest

from cnnlab import data
from cnnlab.data.made import INKS, RECIPES, patch
from cnnlab.data.registry import PHOTOS, SETS

PARTS = [(name, part, count) for name in RECIPES for part, count in SETS[name].splits]


@pytest.mark.parametrize(("name", "part", "count"), PARTS)
def test_each_part_has_its_size_and_is_balanced(name: str, part: str, count: int) -> None:
    loaded = data.load(name, split=part)
    assert loaded.images.shape == (count, *SETS[name].shape)
    assert 0 <= loaded.images.min() < 0.01 < 0.99 < loaded.images.max() <= 1
    shares = np.bincount(loaded.labels, minlength=loaded.num_classes)
    assert shares.tolist() == [count // loaded.num_classes] * loaded.num_classes


@pytest.mark.parametrize("name", RECIPES)
def test_a_set_is_the_same_each_time_but_its_parts_differ(name: str) -> None:
    train, again, test = (data.load(name, split=part) for part in ("train", "train", "test"))
    np.testing.assert_array_equal(train.images, again.images)
    np.testing.assert_array_equal(train.labels, again.labels)
    seen = {image.tobytes() for image in train.images}
    assert not any(image.tobytes() in seen for image in test.images)


def test_a_digit_inverts_the_patch_behind_it() -> None:
    train, _ = data.load("mnist-5k").split(0.8, seed=0)
    made = data.load("digits-on-photos")
    ink, paper = train.images[0, 0] == 1, train.images[0, 0] == 0
    behind = np.where(train.images[0] == 1, 1 - made.images[0], made.images[0])  # (3, 28, 28)
    photographs = [data.photo(name).image for name in PHOTOS]
    left = [image[..., : image.shape[2] // 2] for image in photographs]
    assert ink.any()
    assert any(_holds(image, behind, ink | paper) for image in left)


def test_halves_share_no_pixel() -> None:
    columns = np.broadcast_to(np.arange(101, dtype=np.float32), (1, 70, 101))
    rng = np.random.default_rng(0)
    near = {float(x) for _ in range(300) for x in patch(columns, 5, rng, right=False)[0, 0]}
    far = {float(x) for _ in range(300) for x in patch(columns, 5, rng, right=True)[0, 0]}
    assert near == set(range(50))
    assert far == set(range(50, 101))


@pytest.mark.parametrize(("part", "low", "high"), [("train", 0.94, 0.97), ("test", 0.07, 0.13)])
def test_colour_gives_the_class_away_in_training_only(part: str, low: float, high: float) -> None:
    worn = _inks(data.load("coloured-digits", split=part))
    assert low < np.mean(worn == data.load("coloured-digits", split=part).labels) < high


def test_all_agreeing_digits_wear_their_own_colour() -> None:
    agreeing = data.load("coloured-digits", split="agreeing")
    np.testing.assert_array_equal(_inks(agreeing), agreeing.labels)
    assert [row.name for row in SETS.values() if row.made_from] == [*RECIPES, "mnist-1d"]


def test_class_names_of_patches_are_the_photographs() -> None:
    assert data.load("photo-patches").class_names == tuple(data.photo_names())


def _holds(image: np.ndarray, piece: np.ndarray, where: np.ndarray) -> bool:
    """Whether a photograph holds a patch, compared where the digit is quite black or white."""
    size = piece.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image[0], (size, size))
    rows, columns = np.nonzero(where)
    near = np.abs(windows[:, :, rows[:40], columns[:40]] - piece[0, rows[:40], columns[:40]])
    return bool((near.max(axis=-1) < 1e-5).any())


def _inks(colours: data.Dataset) -> np.ndarray:
    """Which ink each digit wears, from its brightest pixel."""
    flat = colours.images.reshape(len(colours), 3, -1)  # (N, 3, H·W)
    brightest = flat.sum(axis=1).argmax(axis=1)
    worn = np.take_along_axis(flat, brightest[:, None, None], axis=2)[..., 0]  # (N, 3)
    scaled = worn / worn.max(axis=1, keepdims=True)
    return np.abs(scaled[:, None] - INKS).sum(axis=2).argmin(axis=1)
