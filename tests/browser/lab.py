"""A real JupyterLab in a real browser, with a few verbs that tests and benchmarks share."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_PLAYWRIGHT = 'needs Playwright, which is not installed: pip install -e ".[test]"'
NO_BROWSER = (
    "needs Chromium or Chrome, and none is on the PATH or where it is usually installed: "
    "apt install chromium (Debian, Ubuntu), or see https://www.google.com/chrome/"
)
playwright = pytest.importorskip("playwright.sync_api", reason=NO_PLAYWRIGHT)
expect = playwright.expect

FLAGS = [
    "--no-sandbox",  # or Chromium refuses to run as root, as it must in most containers
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SECONDS = 60  # to wait at most for a server, a page or a kernel that busy cores slow down
expect.set_options(timeout=SECONDS * 1000)
WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 360, "height": 800}
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
EMPTY = {"cells": [], "metadata": {"kernelspec": PYTHON}, "nbformat": 4, "nbformat_minor": 5}
# No news from the network, and no question whether to fetch any.
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}


ON_THE_PATH = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "$PROGRAMFILES/Google/Chrome/Application/chrome.exe",
    "$LOCALAPPDATA/Google/Chrome/Application/chrome.exe",
    "$PROGRAMFILES/Microsoft/Edge/Application/msedge.exe",
)


def find_browser() -> str | None:
    """Return the path of Chromium or a relative of it, if there is one."""
    there = (path for path in map(os.path.expandvars, ELSEWHERE) if Path(path).is_file())
    found = (path for path in map(shutil.which, ON_THE_PATH) if path)
    return next(found, None) or next(there, None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(folder: Path, package: Path = ROOT) -> Iterator[str]:
    """Run JupyterLab on an empty notebook; its settings and files all lie in ``folder``.

    The kernel imports what lies in ``package``.
    """
    places = {key: folder / key.lower() for key in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")}
    notebook, settings = folder / "root" / "test.ipynb", folder / "settings"
    news = settings / "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    for path, content in ((notebook, EMPTY), (news, NO_NEWS)):
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content), "utf-8")
    port, token = free_port(), secrets.token_hex()
    environment = os.environ | {f"JUPYTER_{key}": str(path) for key, path in places.items()}
    environment |= {
        "JUPYTER_TOKEN": token,
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")])),
    }
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser"),
        *("--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={notebook.parent}",
    ]
    log = folder / "server.log"
    with (
        log.open("w") as out,
        subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/api?token={token}", process, log)
            yield f"http://127.0.0.1:{port}/lab/tree/{notebook.name}?token={token}"
        finally:
            process.terminate()


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return as soon as the server answers."""
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text('utf-8', 'replace')}")


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a browser, and end it."""
    browser = find_browser() or pytest.skip(NO_BROWSER)
    with playwright.sync_playwright() as player:
        running = player.chromium.launch(executable_path=browser, args=FLAGS)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def jupyterlab(browser: Any = None, scale: float = 1, package: Path = ROOT) -> Iterator["Lab"]:
    """Start server, kernel and, if none is given, browser, and end what was started.

    ``scale`` is screen dots per pixel; ``package`` is where the kernel imports from.
    """
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        server(Path(folder), package) as url,
        nullcontext(browser) if browser else chromium() as running,
        running.new_context(viewport=WIDE, device_scale_factor=scale) as context,
    ):
        yield Lab(context.new_page(), url)


class Lab:
    """One notebook in JupyterLab: its page, and what one does with it."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(error.stack or str(error)))
        page.set_default_timeout(SECONDS * 1000)
        page.goto(url)
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady")
        page.evaluate("jupyterapp.restored")
        page.evaluate("window.panel = jupyterapp.shell.currentWidget")
        page.evaluate("panel.sessionContext.session.kernel.info")
        if page.evaluate("jupyterapp.shell.leftCollapsed === false"):
            self.command("application:toggle-left-area")
        self.python(
            "import json, time, ipywidgets; from cnnlab import explore; from cnnlab.explore import *"
        )
        self.errors.clear()

    def _on_console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def command(self, name: str, **arguments: object) -> None:
        """Run one of JupyterLab's own commands."""
        self.page.evaluate("([name, a]) => jupyterapp.commands.execute(name, a)", [name, arguments])

    def python(self, code: str) -> str:
        """Run code in the kernel, as a cell would but without one; return what it printed.

        A value in the last line counts as printed.
        """
        reply = self.page.evaluate(
            """async (code) => {
              const kernel = panel.sessionContext.session.kernel;
              const run = kernel.requestExecute({ code, store_history: false });
              const said = [];
              run.onIOPub = ({ content }) =>
                said.push(content.text ?? content.data?.["text/plain"] ?? "");
              return [(await run.done).content, said.join("")];
            }""",
            code,
        )
        assert reply[0]["status"] == "ok", "\n".join(reply[0].get("traceback", []))
        return str(reply[1]).strip()

    def says(self, code: str, expected: str) -> None:
        """Wait until code prints what is expected.

        Widgets talk in a subshell: the kernel may run code before it has heard of a gesture.
        """
        self._wait(lambda: self.python(code), lambda said: said == expected)

    def agree(self, shown: Any, code: str) -> None:
        """Wait until an element of the page contains what code prints."""
        self._wait(
            lambda: (" ".join(shown.text_content().split()), self.python(code)),
            lambda both: both[1] in both[0],
        )

    def _wait(self, read: Callable[[], Any], holds: Callable[[Any], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not holds(found := read()):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)

    def show(self, code: str, output: str = ".jp-OutputArea-output .cnnlab-explorer") -> Any:
        """Run code in a fresh cell, alone in the notebook; return the explorer under it."""
        self.page.evaluate(
            """(source) => {
              const { model, widgets } = panel.content;
              model.sharedModel.transact(() => {
                model.sharedModel.deleteCellRange(0, widgets.length);
                model.sharedModel.insertCell(0, { cell_type: "code", source });
              });
              panel.content.activeCellIndex = 0;
              panel.content.mode = "command";
            }""",
            code,
        )
        self.command("notebook:run-cell")
        shown = self.page.locator(output)
        shown.wait_for()
        return shown

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Keep the kernel at work as long as the block runs."""
        # What the code prints tells that it runs. The kernel's status would not: widgets talk in
        # a subshell, and one that falls idle makes the whole kernel look idle.
        self.page.evaluate(
            """() => new Promise((started) => {
              const kernel = panel.sessionContext.session.kernel;
              const code = "print('busy', flush=True); time.sleep(600)";
              kernel.requestExecute({ code, store_history: false }).onIOPub = ({ content }) =>
                content.text?.startsWith("busy") && started();
            })"""
        )
        try:
            yield
        finally:
            self.page.evaluate("panel.sessionContext.session.kernel.interrupt()")
            self.python("0")

    def theme(self, name: str) -> None:
        """Choose JupyterLab's ``"light"`` or ``"dark"`` theme."""
        # JupyterLab removes its splash a moment after a change of themes; after two changes in that
        # moment it does so twice, and the second time is an error.
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.command("apputils:change-theme", theme=f"JupyterLab {name.title()}")
        light = json.dumps(name == "light")
        self.page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")

    def narrow(self) -> None:
        """Make the window as narrow as a telephone."""
        self.page.set_viewport_size(NARROW)

    def calm(self) -> None:
        """Ask for reduced motion, as the system's setting would."""
        self.page.emulate_media(reduced_motion="reduce")

    def violations(self, explorer: str = ".cnnlab-explorer") -> list[str]:
        """What axe-core finds serious or critical inside the explorer, one line a finding."""
        # JupyterLab's body has no height, so axe-core would take all text in it for hidden.
        self.page.evaluate("document.body.style.height = '100vh'")
        return violations(self.page, explorer)

    def reset(self) -> None:
        """Go back to a wide, light page and forget the widgets."""
        self.page.mouse.move(0, 0)
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(reduced_motion="no-preference")
        self.theme("light")
        self.python("ipywidgets.Widget.close_all()")


def violations(page: Any, inside: str = "html") -> list[str]:
    """What axe-core finds serious or critical in a part of a page, one line a finding."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("(inside) => axe.run(inside)", inside)["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html']}\n{node['failureSummary']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
