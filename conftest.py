"""Settings that every test shares; they reach worker processes and notebook kernels too."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

# Before NumPy and PyTorch load: one thread each, since pytest-xdist already keeps every core
# busy, and so that sums come out the same on every machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("CNNLAB_QUIET", "1")  # no progress bars
os.environ["CNNLAB_WORK"] = os.devnull  # a learner's own copies are no part of the course
os.environ.pop("MPLBACKEND", None)  # or notebook kernels would not show figures inline

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from cnnlab.notebooks import is_made, is_source

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

mpl.use("agg")  # tests open no windows; unlike the variable, this leaves the kernels alone

# The same examples every time, and no verdict that depends on how busy the machine is.
settings.register_profile(
    "cnnlab",
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("cnnlab")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the students' labs: without outputs nbval has nothing to compare.

    tests/test_labs.py runs them and looks at what their checks say.
    """
    return is_made(collection_path) or None


@pytest.fixture(autouse=True)
def same_chance() -> None:
    """Start each test with the same random numbers, wherever and after whatever it runs."""
    import torch  # here, so that collecting tests stays quick

    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - for libraries that still draw from it
    torch.manual_seed(0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Start the kernel of a lab's source with strict checks: there every answer must pass."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNLAB_STRICT", str(int(is_source(item.path))))
        return (yield)


def pytest_xdist_make_scheduler(config: Any, log: Any) -> "LoadFileScheduling":
    """Give each worker whole files, and to one worker what must not run side by side.

    All browser tests share one JupyterLab; hostile submissions in the tests of grading take all
    the processors that a browser needs to answer.
    """
    from xdist.scheduler import LoadFileScheduling

    class OneByOne(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            one_by_one = nodeid.startswith(("tests/browser/", "tests/test_grading"))
            return "one by one" if one_by_one else str(super()._split_scope(nodeid))

    return OneByOne(config, log)
