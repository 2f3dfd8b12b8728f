"""An instructor's browser shows what students wrote, and does nothing that they say."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat import v4 as new

from tests import hostile_pages, submissions, trial_lab

pytest.importorskip("nbgrader")
LAB = trial_lab.NAME
JAX = "mathjax"  # Formgrader's own wish


@pytest.fixture
def site() -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """A server on this machine: its address, the pages that it gives, and what it was asked for."""
    pages: dict[str, str] = {}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages.get(self.path, "").encode())

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", pages, asked
        server.shutdown()


def executed(address: str) -> NotebookNode:
    """A graded notebook with everything in it that could do something."""
    from cnnlab.course.grading.locked_cells import reset

    nb = submissions.done(reflection="\n\n".join(hostile_pages.markup(address)))
    whole, _ = reset(nb, trial_lab.source())
    by_name = {cell.id: cell for cell in whole.cells}
    by_name["reflection"].attachments = hostile_pages.attachments()
    by_name["answer-1"].source = f"size = 5  # </pre><script>{hostile_pages.RUN}</script>"
    by_name["answer-2"].outputs = hostile_pages.outputs(address)
    by_name["test-1"].outputs = hostile_pages.outputs(address)[-1:]
    code = "\n\n".join(hostile_pages.markup(address))
    whole.cells += [new.new_markdown_cell(one) for one in hostile_pages.markup(address)]
    whole.cells += [new.new_raw_cell(code, metadata={"raw_mimetype": "text/html"})]
    return whole


def formgrader(path: Path, address: str) -> str:
    """The page that nbgrader's Formgrader makes of a graded notebook."""
    import nbgrader
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    templates = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
    settings = {"template_name": "formgrade", "extra_template_basedirs": [str(templates)]}
    exporter = HTMLExporter(config=Config({"HTMLExporter": settings}))
    resources = {
        "index": 0, "total": 1, "base_url": address, "student": "ada", "submission_id": "1",
        "assignment_id": LAB, "notebook_id": LAB, "notebook_path": f"{LAB}.ipynb",
        "first_name": None, "last_name": None}  # fmt: skip
    return str(exporter.from_filename(str(path), resources=resources)[0])


def test_no_script_of_a_student_runs_and_nothing_is_asked_for(
    browser: Any, site: tuple[str, dict[str, str], list[str]], tmp_path: Path
) -> None:
    from cnnlab.course.grading.course import Course
    from cnnlab.course.grading.gradebook import converters

    address, pages, asked = site
    nbformat.write(trial_lab.source(), tmp_path / f"{LAB}.ipynb")
    course = Course(tmp_path / "course")
    course.release(tmp_path / f"{LAB}.ipynb")
    handed_in = course.folder / "submitted" / "ada" / LAB / f"{LAB}.ipynb"
    handed_in.parent.mkdir(parents=True)
    nb = executed(address)
    nbformat.write(nb, handed_in)
    before = handed_in.read_bytes()
    converters.enter(course.folder, LAB, "ada", nb)
    graded = course.folder / "autograded" / "ada" / LAB / f"{LAB}.ipynb"
    pages["/formgrader"] = formgrader(graded, address)
    pages["/feedback"] = converters.feedback(course.folder, LAB, "ada").read_text("utf-8")
    bare = submissions.done(reflection=hostile_pages.markup(address)[2])
    nbformat.write(bare, tmp_path / "bare.ipynb")
    pages["/as-handed-in"] = formgrader(tmp_path / "bare.ipynb", address)
    assert handed_in.read_bytes() == before

    away: list[str] = []
    for name in ("formgrader", "feedback"):
        with browser.new_context() as context:
            context.route(lambda url: not url.startswith(address), lambda route: route.abort())
            page = context.new_page()
            page.on("request", lambda request: away.append(request.url))
            asked.clear()
            page.goto(f"{address}/{name}")
            page.wait_for_timeout(300)
            assert page.title() == LAB
            assert "document.title" in page.inner_text("body"), "it is shown as text"
            nbgraders_own = [path for path in asked if path.startswith("/formgrader")]
            assert asked == (nbgraders_own or ["/feedback"])
    assert not [url for url in away if not url.startswith((address, "data:")) and JAX not in url]
    with browser.new_context() as context:  # and as it was handed in, it would
        context.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page = context.new_page()
        page.goto(f"{address}/as-handed-in")
        page.wait_for_function("document.title === 'owned'")
    assert "/img" in asked
