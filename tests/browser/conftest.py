"""One browser, one JupyterLab and one kernel for all tests of this folder."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.browser.lab import Lab


# For this folder only: Playwright's event loop would stand in the way of other tests.
@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    from tests.browser.lab import chromium

    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def shared_lab(browser: Any) -> Iterator["Lab"]:
    from tests.browser.lab import jupyterlab

    with jupyterlab(browser) as lab:
        yield lab


@pytest.fixture
def lab(shared_lab: "Lab") -> Iterator["Lab"]:
    """JupyterLab, wide and light, with a kernel that has imported every explorer.

    A test that leaves an error in the browser's console fails.
    """
    shared_lab.errors.clear()
    yield shared_lab
    errors = list(shared_lab.errors)
    shared_lab.reset()
    assert not errors, "\n".join(errors)
