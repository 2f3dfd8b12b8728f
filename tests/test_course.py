"""course.py: what it decides and what it says, without installing anything."""

import ast
import importlib.util
import json
import os
import re
import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FILE = Path(__file__).resolve().parents[1] / "course.py"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, working in an empty folder instead of the project's."""
    spec = importlib.util.spec_from_file_location("course", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "LOG", tmp_path / ".venv" / "install.log")
    monkeypatch.setattr(module, "NEEDED_GB", 0)
    return module


class Calls(list[list[str]]):
    """Stands in for ``course.call``: notes commands, makes what they would make."""

    def __init__(self, course: ModuleType, fail: str = "") -> None:
        super().__init__()
        self.course, self.fail = course, fail

    def __call__(self, *command: str | Path) -> int:
        words = [str(word) for word in command]
        self.append(words)
        module = words[words.index("-m") + 1]
        if module == self.fail:
            self.course.VENV.mkdir(exist_ok=True)
            self.course.LOG.write_text("[Errno 28] No space left on device", "utf-8")
            return 7
        if module == "venv":
            self.course.VENV.mkdir(exist_ok=True)
            (self.course.VENV / "pyvenv.cfg").touch()
        return 0

    @property
    def modules(self) -> list[str]:
        return [words[words.index("-m") + 1] for words in self]


def patch(course: ModuleType, monkeypatch: pytest.MonkeyPatch, fail: str = "") -> Calls:
    calls = Calls(course, fail)
    monkeypatch.setattr(course, "call", calls)
    monkeypatch.setattr(course, "venv_works", (course.VENV / "pyvenv.cfg").is_file)
    return calls


def test_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is"):
        runpy.run_path(str(FILE))


def test_old_python_can_read_the_file() -> None:
    text = FILE.read_text("ascii")
    tree = ast.parse(text, feature_version=(3, 6))
    gate = next(node for node in tree.body if isinstance(node, ast.If))
    earlier = tree.body[: tree.body.index(gate)]
    assert all(isinstance(node, ast.Expr | ast.Import | ast.ImportFrom) for node in earlier)
    first = next(line for line in text.splitlines() if line.lstrip().startswith(("f'", 'f"')))
    assert "needs Python 3.11 or newer" in first, "Python 2 shows the first line it cannot read"


@pytest.mark.parametrize(
    ("exists", "works", "stamp", "steps"),
    [
        (False, False, "", ["create", "install"]),
        (True, False, "new", ["rebuild", "install"]),
        (True, True, "", ["install"]),
        (True, True, "old", ["install"]),
        (True, True, "new", []),
    ],
)
def test_plan(course: ModuleType, exists: bool, works: bool, stamp: str, steps: list[str]) -> None:
    assert course.plan(exists, works, stamp, "new") == steps


def test_fingerprint_depends_on_each_part(course: ModuleType) -> None:
    parts = [(b"a", "3.11", "/x"), (b"b", "3.11", "/x"), (b"a", "3.12", "/x"), (b"a", "3.11", "/y")]
    assert len({course.fingerprint(*part) for part in parts}) == len(parts)


@pytest.mark.parametrize(
    ("log", "word"),
    [
        ("ERROR: Operation cancelled by user", "Run the same command again"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("Could not fetch URL: connection error: Failed to establish", "PIP_INDEX_URL"),
        ("[Errno -3] Temporary failure in name resolution", "PIP_INDEX_URL"),
        ("NewConnectionError …\nERROR: No matching distribution found for numpy", "internet"),
        ("ERROR: No matching distribution found for hatchling", "internet"),
        ("ERROR: No matching distribution found for torch>=2.4", "Intel Macs there are none"),
        ("ERROR: No matching distribution found for torchvision", "x86-64 build"),
        ("ERROR: No matching distribution found for matplotlib", "conda"),
        ("SSLError(SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED", "PIP_CERT"),
        ("ERROR: ResolutionImpossible", "constraints"),
        ("PermissionError: [WinError 5] Access is denied", "Close every JupyterLab"),
        ("HINT: This error might have occurred … Windows Long Path support", "short"),
        ("error: something never seen before", "lines above"),
    ],
)
def test_remedy(course: ModuleType, log: str, word: str) -> None:
    assert word in course.remedy(log)


def test_first_run_makes_installs_and_opens(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = patch(course, monkeypatch)
    assert course.main([]) == 0
    assert calls.modules == ["venv", "pip", "jupyterlab"]
    assert calls[1][-2:] == ["--editable", "."]
    assert f"--ServerApp.root_dir={course.ROOT}" in calls[2]


def test_jupyterlab_is_told_not_to_ask_for_news(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch(course, monkeypatch)
    course.main([])
    settings = course.VENV / "share/jupyter/lab/settings/overrides.json"
    assert json.loads(settings.read_text()) == {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}
    }
    settings.write_text("{}")  # a learner's own choice stays
    course.main([])
    assert settings.read_text() == "{}"


def test_second_run_only_opens(course: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = patch(course, monkeypatch)
    course.main([])
    calls.clear()
    notebook = course.ROOT / "notebooks" / "00_lecture_start_here.ipynb"
    notebook.parent.mkdir()
    notebook.touch()
    assert course.main(["--no-browser"]) == 0
    assert calls.modules == ["jupyterlab"]
    assert str(notebook) in calls[0]
    assert calls[0][-1] == "--no-browser"


def test_tests_bring_their_extra_once(course: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = patch(course, monkeypatch)
    course.main([])
    calls.clear()
    for _ in range(2):
        assert course.main(["test", "-k", "geometry"]) == 0
    course.main(["open"])
    assert calls.modules == ["pip", "pytest", "pytest", "jupyterlab"]
    assert calls[0][-1] == ".[test]"
    assert calls[1][-2:] == ["-k", "geometry"]


def test_changed_requirements_are_installed(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = patch(course, monkeypatch)
    course.main([])
    calls.clear()
    (course.ROOT / "pyproject.toml").write_text("[project]\nname = 'y'\n", "utf-8")
    course.main([])
    assert calls.modules == ["pip", "jupyterlab"]


def test_setup_always_installs_and_passes_options_to_pip(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = patch(course, monkeypatch)
    course.main([])
    calls.clear()
    assert course.main(["setup", "--no-index"]) == 0
    assert calls.modules == ["pip"]
    assert "--no-index" in calls[0]


def test_failed_install_says_what_to_do_and_is_tried_again(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    patch(course, monkeypatch, fail="pip")
    assert course.main(["test"]) == 7
    assert "The disk is full" in capsys.readouterr().out
    calls = patch(course, monkeypatch)
    assert course.main(["test"]) == 0
    assert calls.modules == ["pip", "pytest"]


def test_unfinished_packages_are_forgotten(course: ModuleType) -> None:
    site = course.VENV / "lib" / "python3.11" / "site-packages"
    for name, file in (("whole", "INSTALLER"), ("half", "METADATA")):
        (site / f"{name}-1.0.dist-info").mkdir(parents=True)
        (site / f"{name}-1.0.dist-info" / file).touch()
    course.drop_unfinished()
    assert [path.name for path in site.iterdir()] == ["whole-1.0.dist-info"]


def test_environment_of_another_python_is_made_anew(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course.VENV.mkdir()
    (course.VENV / "pyvenv.cfg").touch()
    assert not course.venv_works(), "there is no Python in it"
    calls = Calls(course)
    monkeypatch.setattr(course, "call", calls)
    assert course.main(["setup"]) == 0
    assert calls.modules == ["venv", "pip"]
    assert "not made by Python" in capsys.readouterr().out


def test_obstacles_are_named(course: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert course.obstacle(0) == ""
    monkeypatch.setattr(course, "NEEDED_GB", 10)
    assert "needs about 10 GB of free disk" in course.obstacle(10**9)
    monkeypatch.setattr(course.importlib.util, "find_spec", lambda name: None)
    assert re.search(r"apt install python3\.\d+-venv", course.obstacle(10**12))


def test_a_folder_that_is_no_environment_is_left_alone(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course.VENV.mkdir()
    (course.VENV / "thesis.txt").write_text("years of work", "utf-8")
    calls = patch(course, monkeypatch)
    assert course.main([]) == 1
    assert not calls
    assert "Move it elsewhere" in capsys.readouterr().out


def test_call_runs_in_the_environment_and_gives_the_exit_code(
    course: ModuleType, tmp_path: Path
) -> None:
    code = (
        "import os, sys; from pathlib import Path; "
        "ok = os.environ['PATH'].startswith(os.environ['VIRTUAL_ENV']) "
        f"and Path.cwd() == Path({str(tmp_path)!r}); sys.exit(5 if ok else 1)"
    )
    assert course.call(sys.executable, "-c", code) == 5


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_call_reports_a_signal_as_shells_do(course: ModuleType) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert course.call(sys.executable, "-c", code) == 128 + 15


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--help"], 0), (["test", "-h"], 0), (["tset"], 2)]
)
def test_help(
    course: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert course.main(arguments) == code
    assert "python course.py test" in capsys.readouterr().out


def test_doctor_needs_no_environment(course: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Any = patch(course, monkeypatch)
    assert course.main(["doctor"]) == 0
    assert calls == [[sys.executable, "-m", "cnnlab", "doctor"]]


@pytest.mark.parametrize(
    ("user", "options"), [(0, ["--allow-root", "--ServerApp.ip=127.0.0.1"]), (1000, [])]
)
def test_root_gets_jupyterlab_on_this_machine_only(
    course: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    user: int,
    options: list[str],
) -> None:
    calls = patch(course, monkeypatch)
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert course.main([]) == 0
    opened = [str(word) for word in calls[-1]]
    assert [
        word for word in opened if word in ("--allow-root", "--ServerApp.ip=127.0.0.1")
    ] == options
    assert ("You are root" in capsys.readouterr().out) == (user == 0)
