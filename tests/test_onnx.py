"""A network leaves the course: ONNX Runtime computes what its PyTorch twin does."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlab import zoo

PAGE = Path(__file__).parents[1] / "docs" / "networks.md"
WHY = 'taking a network away needs: pip install -e ".[onnx]"'
runtime = pytest.importorskip("onnxruntime", reason=WHY)
for package in ("onnx", "onnxscript"):
    pytest.importorskip(package, reason=WHY)

# PyTorch before 2.9 exports by tracing, and says at each size it meets that the trace holds for
# this size alone; that is what is asked for.
pytestmark = [
    pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning"),
    pytest.mark.filterwarnings("ignore:Constant folding:UserWarning"),
]


def outside(file: Path, image: np.ndarray) -> np.ndarray:
    """What ONNX Runtime makes of an image with the network in a file."""
    session = runtime.InferenceSession(file, providers=["CPUExecutionProvider"])
    (entry,) = session.get_inputs()
    (scores,) = session.run(None, {entry.name: image})
    return scores


# AlexNet as published, with response normalisation and a first convolution that rounds up;
# GoogLeNet, whose poolings do so too; padded shortcuts; and LeNet-5's connection table and codes.
@pytest.mark.parametrize("name", ["alexnet-224", "googlenet", "resnet-20-cifar", "lenet-5"])
def test_scores_outside_are_those_of_the_twin(name, tmp_path):
    network = zoo.get(name)
    module = network.torch(seed=0).eval()
    image = torch.rand(1, *network.input_shape, generator=torch.Generator().manual_seed(1))
    file = tmp_path / "network.onnx"
    torch.onnx.export(module, (image,), str(file))
    with torch.no_grad():
        ours = module(image).numpy()
    theirs = outside(file, image.numpy())
    for part in tmp_path.iterdir():  # 240 MB of AlexNet, which pytest would keep for three runs
        part.unlink()
    assert ours.std() > 0
    np.testing.assert_allclose(theirs, ours, rtol=1e-4, atol=1e-5 * abs(ours).max())


def test_the_lines_of_the_page_take_a_network_away(tmp_path, monkeypatch, capsys):
    section = PAGE.read_text("utf-8").partition("## Take a network away")[2]
    (lines,) = re.findall(r"```python\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(lines, {})
    assert capsys.readouterr().out.splitlines()[-1] == "(1, 10)"
    assert (tmp_path / "resnet-20.onnx").is_file()
