"""A class is graded on a cluster: the same scores, everybody once, and nothing open to others."""

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from cnnlab.__main__ import main
from cnnlab.course.grading import lists, pools, remote, sandbox
from cnnlab.course.grading.course import Course
from tests import quick_worker, submissions, trial_lab
from tests.submissions import LAB, WRONG

ROOT = Path(__file__).resolve().parents[1]
WHY = 'a cluster needs: pip install -e ".[instructor,cluster]"'
there = all(map(importlib.util.find_spec, ("nbgrader", "distributed")))
clustered = pytest.mark.skipif(not there, reason=WHY)
OBSTACLE = sandbox.obstacle(sandbox.Limits())
confinable = pytest.mark.skipif(bool(OBSTACLE), reason=f"Nothing can be confined: {OBSTACLE}")
QUICK = ["--no-nanny", "--preload", "tests.quick_worker"]


class Cluster:
    """A scheduler and workers of this machine, as an instructor starts them."""

    def __init__(self, place: Path, *options: str, **settings: str) -> None:
        self.place, self.options = place, options
        self.env = os.environ | {f"DASK_DISTRIBUTED__{key}": settings[key] for key in settings}
        self.processes: list[subprocess.Popen[bytes]] = []
        known = place / "scheduler.json"
        self.start("scheduler", "--port", "0", "--scheduler-file", str(known), *options)
        while not known.exists() or not known.read_text():
            time.sleep(0.05)
        self.address: str = json.loads(known.read_text())["address"]

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        with (self.place / f"{words[0]}.log").open("ab") as log:
            started = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        self.processes.append(started)
        return started

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        words = ["--nthreads", "1", "--local-directory", str(self.place), *self.options]
        return self.start("worker", self.address, *words, *options)

    def end(self) -> None:
        for process in self.processes:
            process.kill()  # a worker and its scheduler that end together may wait for each other
            process.wait()


@pytest.fixture(scope="module")
def begin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Cluster]]:
    with contextlib.ExitStack() as ends:

        def started(*options: str, **settings: str) -> Cluster:
            options = options or ("--host", "127.0.0.1")
            made = Cluster(tmp_path_factory.mktemp("cluster"), *options, **settings)
            ends.callback(made.end)
            return made

        yield started


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("released")
    nbformat.write(trial_lab.source(), place / f"{LAB}.ipynb")
    Course(place / "course").release(place / f"{LAB}.ipynb")
    return place / "course"


def handed(released: Path, place: Path, **answers: str) -> Course:
    """Begin a course with what students answered to the second question."""
    course = Course(Path(shutil.copytree(released, place / "course")))
    for student, answer in answers.items():
        path = course.folder / "submitted" / student / LAB / f"{LAB}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(submissions.done(answer_2=answer) if answer else submissions.done(), path)
    return course


def scores(course: Course) -> dict[str, float | str]:
    rows = lists.grades(course.grades(LAB))
    assert len({row.student for row in rows}) == len(rows), "somebody is listed twice"
    return {row.student: row.score for row in rows}


@clustered
def test_a_worker_that_is_lost_costs_nobody_a_score(
    begin: Callable[..., Cluster],
    released: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cluster = begin()
    lost, _ = cluster.worker(*QUICK), cluster.worker(*QUICK)
    names = ["ada", "bo", "cy", "di", "ed"]
    course = handed(released, tmp_path, **dict.fromkeys(names, ""), zoe=WRONG["answer-2"])
    given = []
    for row in course.grade(LAB, scheduler=cluster.address):
        given.append(row.student)
        if len(given) == 2:
            lost.kill()
    assert sorted(given) == [*names, "zoe"]
    assert scores(course) == dict.fromkeys(names, 3.0) | {"zoe": 2.0}

    # The command says who takes part, and goes on where a run was stopped.
    words = ["grade", LAB, "--course", str(course.folder), "--scheduler", cluster.address]
    assert main([*words, "--only", "zoe", "bo"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"1 worker at {cluster.address}: up to 1 notebook at the same time.\n")
    assert "] zoe: 2 of 4. to be completed by hand\n" in said or "] zoe: 2 of 4\n" in said
    with contextlib.closing(course.grade(LAB, scheduler=cluster.address)) as rows:
        next(iter(rows))

    # Other code than the instructor's grades nobody, whether asked before or in the middle.
    monkeypatch.setattr(remote, "build", lambda: "0.0 (other)")
    with pytest.raises(
        SystemExit, match=r"All workers must grade alike, but tcp://127.* has cnnlab"
    ):
        main(words)
    with pytest.raises(PermissionError, match=r"where you have 0\.0 \(other\)"):
        list(course.grade(LAB, scheduler=cluster.address))
    assert scores(course) == dict.fromkeys(names, 3.0) | {"zoe": 2.0}


@pytest.mark.parametrize(
    "address", ["tcp://192.168.0.7:8786", "cluster.example:8786", "ws://127.0.0.1:8786"]
)
@clustered
def test_a_cluster_that_others_reach_is_refused(address: str) -> None:
    with pytest.raises(PermissionError, match=rf"unlike {address}\. Set up TLS"):
        pools.survey(address, sandbox.Limits())


@clustered
def test_where_no_scheduler_answers_one_learns_how_to_start_one(
    released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "ANSWERS", 0.2)
    words = ["grade", LAB, "--course", str(released), "--scheduler"]
    with pytest.raises(SystemExit, match="A scheduler must answer at localhost:9, but"):
        main([*words, "localhost:9"])
    with pytest.raises(SystemExit, match="always confined"):
        main([*words, "localhost:9", "--workers", "2"])


def test_without_the_extra_one_learns_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install -e \"\.\[cluster\]\""):
        pools.survey("localhost:9", sandbox.Limits())


def test_a_worker_without_a_box_is_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "obstacle", lambda most: "bubblewrap is not installed")
    why = remote.unfit(sandbox.Limits(), remote.build())
    assert why == "must confine students' code, but bubblewrap is not installed"


@clustered
@pytest.mark.full
def test_what_takes_all_its_workers_along_has_no_score(
    begin: Callable[..., Cluster], released: Path, tmp_path: Path
) -> None:
    cluster = begin(SCHEDULER__ALLOWED_FAILURES="1")
    for _ in range(3):
        cluster.worker(*QUICK)
    course = handed(released, tmp_path, ada="", bo=quick_worker.DEADLY, cy="")
    rows = {row.student: row for row in course.grade(LAB, scheduler=cluster.address)}
    assert rows["bo"].remark.startswith("It was tried on 2 workers, and each was lost")
    assert scores(course) == {"ada": 3.0, "bo": "", "cy": 3.0}


@clustered
@confinable
@pytest.mark.full
def test_workers_confine_and_an_interrupted_run_keeps_what_is_done(
    begin: Callable[..., Cluster], released: Path, tmp_path: Path
) -> None:
    cluster = begin()
    cluster.worker()
    cluster.worker()
    reads = f"print(open({str(ROOT / 'pyproject.toml')!r}).read())\nstrided = 3"
    slow = "import time\nfor _ in range(30):\n    time.sleep(1)\nstrided = 3"
    course = handed(released, tmp_path, ada="", bo=reads, cy=slow)
    start = (  # whoever runs tests in the background may ignore SIGINT
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from cnnlab.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    words = ["grade", LAB, "--course", str(course.folder), "--scheduler", cluster.address]
    command = [sys.executable, "-c", start, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as run:
        assert run.stdout is not None
        assert "2 workers" in run.stdout.readline()
        for _ in range(2):
            assert run.stdout.readline()
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "Stopped. 2 are graded" in said
    assert scores(course) == {"ada": 3.0, "bo": 2.0}
    assert main([*words, "--new"]) == 0
    assert scores(course) == {"ada": 3.0, "bo": 2.0, "cy": 3.0}


@clustered
@pytest.mark.full
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates.")
def test_by_tls_a_cluster_need_not_be_this_machine(
    begin: Callable[..., Cluster], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=cnnlab -keyout key.pem -out cert.pem"
    subprocess.run(make.split(), check=True, capture_output=True)
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    cluster = begin(
        "--protocol", "tls", "--tls-ca-file", cert, "--tls-cert", cert, "--tls-key", key
    )
    cluster.worker(*QUICK)
    ask = f"from cnnlab.course.grading import pools, sandbox; print(pools.survey({cluster.address!r}, sandbox.Limits()))"
    settings = {"CA_FILE": cert, "CLIENT__CERT": cert, "CLIENT__KEY": key}
    env = os.environ | {f"DASK_DISTRIBUTED__COMM__TLS__{name}": settings[name] for name in settings}
    done = subprocess.run(
        [sys.executable, "-c", ask], env=env, capture_output=True, text=True, check=False
    )
    assert f"1 worker at {cluster.address}" in done.stdout, done.stderr
    assert cluster.address.startswith("tls://")
    without = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=False
    )
    assert "A scheduler must answer at tls://" in without.stderr
