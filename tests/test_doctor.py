"""The doctor names what is missing, too old or broken, and never trips over it."""

import importlib
import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cnnlab.course import doctor

ROOT = Path(__file__).resolve().parents[1]
REQUIRES = ["numpy>=1.26", "torch>=2.4", 'pytest>=8.2; extra == "test"']
VERSIONS = {"numpy": "2.4.6", "torch": "2.15.0+cu130", "pytest": "9.2.0"}


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is installed, as a dictionary that a test may change."""
    installed = dict(VERSIONS)

    def version(name: str) -> str:
        if name not in installed:
            raise importlib.metadata.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(doctor, "requirements", lambda: REQUIRES)
    monkeypatch.setattr(importlib.metadata, "version", version)
    return installed


def statuses(findings: Iterable[doctor.Finding]) -> dict[str, str]:
    return {finding.what.split()[0]: finding.status for finding in findings}


def test_all_is_well(versions: dict[str, str]) -> None:
    assert statuses(doctor.packages()) == {"numpy": "ok", "torch": "ok", "pytest": "ok"}


def test_missing_and_too_old_packages_come_with_a_remedy(versions: dict[str, str]) -> None:
    del versions["numpy"]
    versions["torch"] = "2.3.1"
    found = list(doctor.packages())
    assert statuses(found) == {"numpy": "missing", "torch": "too old", "pytest": "ok"}
    assert found[1].what == "torch 2.3.1, needs >=2.4"
    assert all(finding.remedy.startswith("Run: ") for finding in found[:2])
    # The name cnnlab belongs to nobody on the package index: who takes it, takes our readers.
    assert not any(re.search(r"install (-\S+ )*cnnlab", finding.remedy) for finding in found)


@pytest.mark.parametrize("version", [None, "7.0"])
def test_what_only_the_tests_need_is_a_note(versions: dict[str, str], version: str | None) -> None:
    versions.pop("pytest")
    if version:
        versions["pytest"] = version
    assert statuses(doctor.packages())["pytest"] == "note"


def test_a_development_version_is_new_enough(versions: dict[str, str]) -> None:
    versions["torch"] = "2.16.0.dev20261101"
    assert statuses(doctor.packages())["torch"] == "ok"


def test_a_checkout_reads_pyproject(monkeypatch: pytest.MonkeyPatch) -> None:
    def requires(name: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", requires)
    lines = doctor.requirements()
    assert any(line.startswith("torch>=") for line in lines)
    assert any(line.endswith('; extra == "test"') for line in lines)


def test_widgets_need_their_extensions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = tmp_path / "share" / "jupyter" / "labextensions" / "anywidget" / "package.json"
    manifest.parent.mkdir(parents=True)
    manifest.touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    found = list(doctor.jupyter())[:2]
    assert [finding.status for finding in found] == ["missing", "ok"]
    assert "@jupyter-widgets/jupyterlab-manager" in found[0].what


@pytest.mark.parametrize(
    ("program", "status"),
    [("python", "ok"), (sys.executable, "ok"), ("/elsewhere/bin/python3", "note")],
)
def test_kernel_of_another_python_is_noted(
    monkeypatch: pytest.MonkeyPatch, program: str, status: str
) -> None:
    kernelspec: Any = pytest.importorskip("jupyter_client.kernelspec")
    spec = kernelspec.KernelSpec(argv=[program, "-m", "ipykernel_launcher"])
    monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", lambda self, name: spec)
    assert list(doctor.jupyter())[-1].status == status


@pytest.mark.parametrize("name", ["torch", "torchvision"])
def test_a_library_that_does_not_load_is_broken_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    load = importlib.import_module

    def import_module(wanted: str) -> ModuleType:
        if wanted == name:
            raise OSError("libcudart.so: cannot open shared object file\nmore")
        return load(wanted)

    monkeypatch.setattr(importlib, "import_module", import_module)
    last = list(doctor.hardware())[-1]
    assert last.status == "missing"
    assert last.what == (
        f"{name} is installed but does not load: libcudart.so: cannot open shared object file"
    )


def test_data_sets_are_ready_or_tell_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNLAB_DATA", str(tmp_path))
    found = {finding.what.split(":")[0]: finding for finding in doctor.data_sets()}
    assert found["mnist-5k"].status == "ok"
    assert found["mnist"].status == "note"
    assert "cnnlab.data.load('mnist')" in found["mnist"].remedy


def test_little_disk_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FEW_GB", 10**6)
    assert [finding.status for finding in doctor.disk()] == ["note"]


@pytest.mark.parametrize(
    ("status", "code"), [("ok", 0), ("note", 0), ("missing", 1), ("too old", 1)]
)
def test_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: Any, code: int
) -> None:
    findings = [doctor.Finding("ok", "Python"), doctor.Finding(status, "a library", "Run: this")]
    monkeypatch.setattr(doctor, "examine", lambda: findings)
    assert doctor.main() == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split(maxsplit=len(status.split()))[-1] == "a library"
    assert lines[2].strip() == "Run: this"


def test_bare_python_gets_an_answer_not_a_traceback() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
        "from cnnlab.__main__ import main; sys.exit(main(['doctor']))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert "missing  The course's packages" in done.stdout


@pytest.mark.parametrize(
    ("cuda", "mps", "says"),
    [
        (False, False, "no GPU was found"),
        (True, False, "device='cuda') takes the GPU H100"),
        (False, True, "device='mps') takes the Mac's GPU, which has no float64"),
    ],
)
def test_lessons_compute_on_the_cpu_whatever_else_is_there(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, says: str
) -> None:
    import torch

    from cnnlab.pytorch import Stepper

    assert Stepper(torch.nn.Linear(2, 2)).device.type == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda number: "H100")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    (found,) = (f.what for f in doctor.hardware() if f.what.startswith("PyTorch computes on"))
    assert found.startswith("PyTorch computes on the CPU, ")
    assert says in found
