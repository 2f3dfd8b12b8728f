"""Augmentation as data, and the transform made of it."""

import pytest
import torch

from cnnlab import zoo
from cnnlab.pytorch.augmentation import Brightness, Contrast, transform
from cnnlab.zoo import Augmentation


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def image(size=16):
    return 0.2 + 0.6 * torch.rand(3, size, size)


def test_alexnet_64_carries_the_augmentation_of_its_deck():
    assert zoo.get("alexnet-64").augmentation == Augmentation(
        horizontal_flip=True, rotation=0.05, translation=0.1, brightness=0.1, contrast=0.1
    )
    assert zoo.get("alexnet").augmentation is None


@pytest.mark.parametrize("name", ["rotation", "translation", "brightness", "contrast"])
@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_share_outside_its_range_is_refused(name, share):
    with pytest.raises(ValueError, match=rf"{name} must be a share in \[0, 1\], not {share}"):
        Augmentation(**{name: share})


def test_no_augmentation_changes_nothing():
    x = image()
    assert torch.equal(transform(Augmentation())(x), x)


def test_bytes_become_shares_of_the_range():
    x = torch.randint(0, 256, (3, 8, 8), dtype=torch.uint8)
    torch.testing.assert_close(transform(Augmentation())(x), x.float() / 255)


def test_half_the_images_are_mirrored():
    x = image()
    flip = transform(Augmentation(horizontal_flip=True))
    mirrored = 0
    for _ in range(200):
        y = flip(x)
        mirrored += torch.equal(y, x.flip(-1))
        assert torch.equal(y, x) or torch.equal(y, x.flip(-1))
    assert 70 < mirrored < 130


def test_rotation_is_a_share_of_a_full_turn():
    """A dot at the right edge stays within 18 degrees of it, and comes close to them."""
    dot = torch.zeros(1, 101, 101)
    dot[0, 48:53, 88:93] = 1.0
    turn = transform(Augmentation(rotation=0.05))
    rows, columns = torch.meshgrid(torch.arange(101.0), torch.arange(101.0), indexing="ij")
    angles = []
    for _ in range(100):
        y = turn(dot)[0]
        down, right = ((y * at).sum() / y.sum() - 50 for at in (rows, columns))
        angles.append(torch.rad2deg(torch.atan2(down, right)).item())
    assert max(map(abs, angles)) < 18.5
    assert min(angles) < -15
    assert max(angles) > 15


def test_translation_is_a_share_of_the_size():
    dot = torch.zeros(1, 41, 81)
    dot[0, 20, 40] = 1.0
    shift = transform(Augmentation(translation=0.1))
    places = [torch.nonzero(shift(dot)[0] > 0.5)[0] for _ in range(200)]
    down, right = (torch.stack(places) - torch.tensor([20, 40])).T
    assert (down.min(), down.max()) == (-4, 4)
    assert (right.min(), right.max()) == (-8, 8)


def test_brightness_adds_one_number_to_the_whole_image():
    x = image()
    changes = [Brightness(0.1)(x) - x for _ in range(100)]
    means = torch.stack([change.mean() for change in changes])
    assert all(change.std() < 1e-6 for change in changes)
    assert means.min() < -0.08
    assert means.max() > 0.08
    assert means.abs().max() <= 0.1 + 1e-6


def test_contrast_keeps_each_channels_mean():
    x = image()
    for _ in range(20):
        y = Contrast(0.1)(x)
        torch.testing.assert_close(y.mean(dim=(1, 2)), x.mean(dim=(1, 2)))
        factor = y.std(dim=(1, 2)) / x.std(dim=(1, 2))
        assert ((factor > 0.9 - 1e-5) & (factor < 1.1 + 1e-5)).all()


def test_values_stay_in_the_range_and_a_seed_repeats_them():
    change = transform(zoo.get("alexnet-64").augmentation)
    x = torch.rand(3, 64, 64)
    torch.manual_seed(3)
    first = change(x)
    torch.manual_seed(3)
    assert torch.equal(change(x), first)
    assert first.min() >= 0
    assert first.max() <= 1
