"""The lectures as slides: one whole file each, and nothing from a network."""

import base64
import re

import nbformat
import pytest
from nbconvert import SlidesExporter
from nbformat import v4

from cnnlab.__main__ import main
from cnnlab.course import slides
from cnnlab.course.live import Live
from cnnlab.course.pictures import smaller
from cnnlab.notebooks import notebook_paths
from tests.test_pages import Page

LECTURES = [path for path in notebook_paths() if "_lecture_" in path.name]


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    with pytest.MonkeyPatch.context() as patch:  # live explorers: tests/browser/test_slides_live.py
        patch.setattr(Live, "place", lambda self, notebook: {})
        assert main(["slides", str(folder)]) == 0
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture(scope="module")
def decks(texts):
    return {name: Page(text) for name, text in texts.items() if name != "slides.html"}


def test_there_is_a_deck_for_each_lecture_and_a_list(texts, decks):
    assert set(decks) == {f"{path.stem}.slides.html" for path in LECTURES}
    assert [attrs["href"] for attrs in Page(texts["slides.html"]).all("a")] == sorted(decks)


def test_nothing_is_fetched(texts, decks):
    for name, deck in decks.items():
        assert not deck.all("link"), name
        assert not any("src" in attrs for attrs in deck.all("script")), name
        assert all(attrs["src"].startswith("data:image/") for attrs in deck.all("img")), name
        for style in re.findall(r"<style.*?</style>", texts[name], re.DOTALL):
            assert "@import" not in style, name
            assert all(url.startswith("data:") for url in re.findall(r"url\(\W*(\w.{4})", style))


def test_every_picture_says_what_it_shows(decks):
    for name, deck in decks.items():
        assert all(attrs["alt"] for attrs in deck.all("img")), name


def test_mathematics_is_mathml(decks):
    deck = decks["05_lecture_stride_padding_pooling.slides.html"]
    assert deck.all("math")
    assert not re.search(r"\\(?:cdot|times|frac)\b", deck.words)


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_skipped_cells_are_on_no_slide_and_all_others_are(decks, path):
    deck = decks[f"{path.stem}.slides.html"]
    shown = {attrs["id"] for attrs in deck.all("div") if attrs.get("id", "").startswith("cell-id=")}
    for cell in nbformat.read(path, as_version=4).cells:
        marked = cell.metadata.slideshow.slide_type
        assert (f"cell-id={cell.id}" in shown) == (marked != "skip"), cell.source[:40]


def test_one_notebook_makes_one_deck(tmp_path):
    assert main(["slides", str(tmp_path / "out"), str(LECTURES[0])]) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == [
        f"{LECTURES[0].stem}.slides.html"
    ]


def test_the_licence_of_reveal_goes_with_it(texts, decks):
    for name in decks:
        assert "The above copyright notice and this permission notice" in texts[name]


def test_what_is_missing_is_said(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match=r"nowhere\.ipynb is none"):
        main(["slides", str(tmp_path), "nowhere.ipynb"])
    monkeypatch.setattr(slides, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=re.escape('pip install -e ".[instructor]"')):
        main(["slides", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_nbconverts_own_slides_still_work():
    deck, _ = SlidesExporter().from_filename(str(LECTURES[0]))
    assert "reveal.js" in deck
    assert deck.count("<section") == deck.count("</section")


def test_a_damaged_notebook_leaves_no_empty_folder(tmp_path):
    damaged = tmp_path / "damaged.ipynb"
    damaged.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match=r"damaged\.ipynb: .*JSON"):
        slides.write(tmp_path / "out", [damaged])
    assert list(tmp_path.iterdir()) == [damaged]


DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SHOWN = smaller(f"data:image/png;base64,{DOT}")


def own_deck(folder, *cells):
    path = folder / "mine.ipynb"
    nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("# Talk"), *cells]), path)
    return slides.write(folder / "out", [path])[0].read_text(encoding="utf-8")


def test_a_pasted_picture_is_in_the_deck(tmp_path):
    cell = v4.new_markdown_cell("![a dot](attachment:dot.png)")
    cell.attachments = {"dot.png": {"image/png": DOT}}
    deck = own_deck(tmp_path, cell)
    assert f'src="{SHOWN}"' in deck
    assert "attachment:" not in deck


def test_a_picture_beside_the_notebook_is_in_the_deck(tmp_path):
    (tmp_path / "my dot.png").write_bytes(base64.b64decode(DOT))
    deck = own_deck(
        tmp_path,
        v4.new_markdown_cell('![a dot](my%20dot.png)\n\n<img src="my dot.png" alt="again">'),
        v4.new_markdown_cell("![gone](gone.png)"),
    )
    assert deck.count(f'src="{SHOWN}"') == 2
    assert 'src="gone.png"' in deck


def test_mathematics_needs_no_dollars(tmp_path):
    deck = own_deck(
        tmp_path,
        v4.new_markdown_cell("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}"),
        v4.new_markdown_cell("`\\begin{align}` begins it."),
    )
    assert deck.count("<math") == 1
    assert deck.count("begin{align}") == 1


def test_a_notebook_that_cannot_be_converted_is_named(tmp_path, monkeypatch):
    def refuse(self, *arguments, **options):
        raise KeyError("state")

    monkeypatch.setattr(SlidesExporter, "from_notebook_node", refuse)
    with pytest.raises(ValueError, match=r"mine\.ipynb: .*KeyError: 'state'"):
        own_deck(tmp_path)
    with pytest.raises(SystemExit, match=r"mine\.ipynb"):
        main(["slides", str(tmp_path / "out"), str(tmp_path / "mine.ipynb")])
