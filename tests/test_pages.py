"""The course as web pages: whole, readable, and without a network."""

import base64
import json
import re
import zlib
from html.parser import HTMLParser
from json import JSONDecodeError

import nbformat
import pytest
from nbformat import v4

from cnnlab import explore
from cnnlab.__main__ import main
from cnnlab.course import live, pages
from cnnlab.course.live.pack import Pack
from cnnlab.course.live.scenes import Recorder
from cnnlab.notebooks import notebook_paths

STORE = re.compile(r'data-store="[^"]*">([^<]*)')  # all that one explorer shows


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.text = [], "", html
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data

    @property
    def ids(self):
        return {attrs["id"] for _, attrs in self.tags if "id" in attrs}

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    assert main(["pages", str(folder)]) == 0
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    assert max(len(text.encode()) for text in found.values()) <= pages.MOST
    stores = [store for text in found.values() for store in STORE.findall(text)]
    assert max(map(len, stores)) <= live.MOST
    return {name: Page(text) for name, text in found.items()}


@pytest.mark.full
def test_there_is_a_page_for_each_notebook_and_a_map(course):
    assert set(course) == {"index.html", *(f"{path.stem}.html" for path in notebook_paths())}


@pytest.mark.full
def test_every_explorer_lives(course):
    stored = sum(
        "image/svg+xml," in path.read_text("utf-8").split('"text/html"', 1)[-1]
        for path in notebook_paths()
    )
    alive = {name for name, page in course.items() if "data-live" in str(page.tags)}
    assert len(alive) == stored


@pytest.mark.full
def test_every_link_leads_to_a_page(course):
    for name, page in course.items():
        links = [attrs["href"] for attrs in page.all("a") if "href" in attrs]
        own = [link for link in links if not link.startswith(("#", "https:", "mailto:"))]
        assert own, name
        for target, _, section in (link.partition("#") for link in own):
            assert target in course, name
            assert not section or section in course[target].ids, (name, section)


@pytest.mark.full
def test_one_can_walk_from_the_first_page_to_the_last(course):
    stems = [path.stem for path in notebook_paths()]
    here, walked = f"{stems[0]}.html", []
    while here:
        walked.append(here.removesuffix(".html"))
        following = [a["href"] for a in course[here].all("a") if a.get("rel") == "next"]
        here = following[0] if following else None
    assert walked == stems


@pytest.mark.full
def test_nothing_is_fetched(course):
    for name, page in course.items():
        assert not any("src" in script for script in page.all("script")), name
        assert not page.all("link"), name
        for image in page.all("img"):
            assert image["src"].startswith("data:image/"), name
            assert image["alt"], name


@pytest.mark.full
def test_mathematics_is_mathml(course):
    assert course["04_lecture_convolution.html"].all("math")
    for name, page in course.items():
        assert "MATHEMATICS" not in page.words, name
        assert not re.search(r"\\(?:cdot|times|frac)", page.words), name


def one_page(tmp_path, text):
    metadata = {
        "cnnlab": {"title": "A", "minutes": 1, "prerequisites": [], "goals": ["see"]},
    }
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(text)], metadata=metadata)
    nbformat.write(notebook, tmp_path / "01_lecture_a.ipynb")
    _, page, _ = pages.write(tmp_path / "out", tmp_path)
    return Page(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "formulas", "words"),
    [
        ("It is $3 \\cdot 3$ and $a_{ij}*b*c$.", 2, "It is "),
        ("$$\\frac{1}{2}\n+ x$$", 1, ""),
        ("Costs 5 $ or 7 $ here", 0, "Costs 5 $ or 7 $ here"),
        ("`$x$` stays", 0, "$x$ stays"),
        ("```\n$y$\n```", 0, "$y$"),
    ],
)
def test_what_is_mathematics(tmp_path, text, formulas, words):
    page = one_page(tmp_path, text)
    assert len(page.all("math")) == formulas
    assert words in page.words


def test_signs_stay_with_their_formula(tmp_path):
    text = one_page(tmp_path, "Take $x$ ($y$), MATHEMATICS9MATHEMATICS.").text
    assert re.search(r"Take <math.*?</math> <span class=.joined.>\(<math.*?</math>\),</span>", text)
    assert "MATHEMATICS9MATHEMATICS." in text


def test_nothing_is_written_before_every_page_is_made(tmp_path):
    out = tmp_path / "out"
    with pytest.raises(FileNotFoundError):
        pages.write(out, tmp_path / "nowhere")
    one_page(tmp_path, "a first page")
    (tmp_path / "02_lecture_b.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(JSONDecodeError):
        pages.write(tmp_path / "again", tmp_path)
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"out"}


def test_every_explorer_keeps_its_start_where_there_is_no_room():
    recorder = Recorder(explore.OutputSizeExplorer, (236,))
    calls = [explore.OutputSizeExplorer(size=size) for size in (3, 4, 5)]
    starts = [recorder.start(explorer) for explorer in calls]
    data = zlib.decompress(base64.b64decode(Pack(recorder.record(starts)).within(0)))
    length = int.from_bytes(data[:4], "little")
    head = json.loads(data[4 : 4 + length].split(b"\0")[0])
    assert [scene["values"]["size"] for scene in head["scenes"]] == [3, 4, 5]
