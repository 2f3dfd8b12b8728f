"""Series, texts and tables of digits: what they hold, and what is refused."""

import gzip
import importlib.util
import random
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import data
from cnnlab.data.registry import SETS
from cnnlab.data.registry_texts import TEXTS
from cnnlab.data.series import CURVES, one_series

PROJECT = Path(__file__).parents[1]

# Series


@pytest.mark.parametrize(("part", "count"), SETS["mnist-1d"].splits)
def test_series_are_balanced_and_the_same_each_time(part: str, count: int) -> None:
    first, again = (data.load("mnist-1d", split=part) for _ in range(2))
    assert first.images.shape == (count, 1, 1, 40)
    assert np.bincount(first.labels).tolist() == [count // 10] * 10
    np.testing.assert_array_equal(first.images, again.images)


def test_no_series_of_the_test_is_in_training() -> None:
    seen = {row.tobytes() for row in data.load("mnist-1d").images}
    assert not any(row.tobytes() in seen for row in data.load("mnist-1d", split="test").images)


@given(st.integers(0, 9), st.integers(0, 10**6))
def test_a_series_is_its_curve_moved_between_rests(label: int, seed: int) -> None:
    series = one_series(CURVES[label], np.random.default_rng(seed))
    low, high = CURVES[label].min(), CURVES[label].max()
    # Height at most 1.2 times, tilt at most 0.375, and noise of a deviation of 0.2.
    assert min(low, 0) * 1.2 - 1.6 < series.min()
    assert series.max() < max(high, 0) * 1.2 + 1.6


def test_curves_differ_and_stay_within_one() -> None:
    assert CURVES.shape == (10, 12)
    assert np.abs(CURVES).max() == 1
    apart = np.linalg.norm(CURVES[:, None] - CURVES, axis=-1)
    assert apart[~np.eye(10, dtype=bool)].min() > 0.7


# Texts


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make", PROJECT / "data" / "make_syllables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_words_have_one_to_four_syllables() -> None:
    words = data.load("syllables")
    assert len(words) == len(set(words.texts)) == 12_000
    assert list(words.texts) == sorted(words.texts)
    assert words.class_names == ("1", "2", "3", "4")
    count = dict(zip(words.texts, words.labels + 1, strict=True))
    assert [count[word] for word in ("banana", "science", "hello", "frosts")] == [3, 2, 2, 1]


def test_the_file_is_small_and_its_notice_lies_beside_it() -> None:
    (file,) = TEXTS["syllables"].files
    assert file.size < 100_000
    notice = " ".join((PROJECT / "data" / "syllables.LICENSE.txt").read_text("utf-8").split())
    assert "Copyright (C) 1993-2015 Carnegie Mellon University" in notice
    assert "Redistributions in binary form must reproduce the above copyright notice" in notice


def test_syllables_are_vowels_and_doubtful_words_are_left_out(script: ModuleType) -> None:
    lines = [
        "banana B AH0 N AE1 N AH0",
        "aalborg AO1 L B AO0 R G # place, danish",
        "fire F AY1 ER0",
        "fire(2) F AY1 R",
        "record R AH0 K AO1 R D",
        "record(2) R EH1 K ER0 D",
        "can't K AE1 N T",
        "a AH0",
        "hmm HH M AH1 M",
        "tsk T IH1 S K",
        "university Y UW2 N AH0 V ER1 S AH0 T IY0",
    ]
    found = {"banana": 3, "aalborg": 2, "record": 2}
    assert script.syllables(lines) == found
    assert script.table(found) == "aalborg 2\nbanana 3\nrecord 2\n"


def test_the_script_draws_as_many_words_as_it_says(script: ModuleType) -> None:
    letters = random.Random(1)
    words = {"".join(letters.choices("abcde", k=9)): 1 for _ in range(13_000)}
    drawn = script.table(words).splitlines()
    assert len(set(drawn)) == script.WORDS
    assert drawn == sorted(drawn)


def test_texts_divide_as_images_do() -> None:
    words = data.load("syllables")
    train, test = words.split(0.8, seed=3)
    assert sorted(train.texts + test.texts) == list(words.texts)
    shares = np.bincount(test.labels) / np.bincount(words.labels)
    np.testing.assert_allclose(shares, 0.2, atol=1e-3)
    np.testing.assert_array_equal(train.subset([5, 1]).texts, [train.texts[5], train.texts[1]])
    assert train.subset([]).texts == ()
    with pytest.raises(IndexError, match=r"0 … 9599, not 9600 … 9600\. The set has 9,600 members"):
        train.subset([9600])


# Short reviews

PARTS = [part for part, _ in TEXTS["short-reviews"].splits]


@pytest.mark.parametrize(("part", "count"), TEXTS["short-reviews"].splits)
def test_reviews_come_in_pairs_and_are_the_same_each_time(part: str, count: int) -> None:
    first, again = (data.load("short-reviews", split=part) for _ in range(2))
    assert len(set(first.texts)) == len(first) == count
    assert first.labels.tolist() == [0, 1] * (count // 2)
    assert first.texts == again.texts
    assert all(re.fullmatch(r"([A-Z][A-Za-z, ]+\. ?)+", text) for text in first.texts)


def test_no_review_of_another_part_is_in_training() -> None:
    training, *others = (set(data.load("short-reviews", split=part).texts) for part in PARTS)
    assert all(training.isdisjoint(part) for part in others)


def bag(text: str) -> list[str]:
    return sorted(re.findall("[a-z]+", text.lower()))


@pytest.mark.parametrize(("part", "alike"), [("plain", 0), ("denied", 0), ("turned", 200)])
def test_a_bag_of_words_sees_no_difference_in_a_turned_pair(part: str, alike: int) -> None:
    texts = data.load("short-reviews", split=part).texts
    pairs = [*zip(texts[::2], texts[1::2], strict=True)]
    assert sum(bag(negative) == bag(positive) for negative, positive in pairs) == alike
    longest = max(len(set(bag(one)) ^ set(bag(other))) for one, other in pairs)
    assert longest == (0 if alike else 2)


def test_a_denied_review_has_the_words_of_the_other_side() -> None:
    texts = data.load("short-reviews", split="denied").texts
    assert any("not good" in text for text in texts[::2])
    assert not any("not good" in text for text in texts[1::2])


LABELS = np.zeros(2, np.int64)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: data.Texts(("a", "b"), [0, 0], ("x",), "t"), TypeError, "must be an int64 array"),
        (lambda: data.Texts(("a",), LABELS, ("x",), "t"), ValueError, r"shape \(1,\)"),
        (lambda: data.Texts(("a", "b"), LABELS + 1, ("x",), "t"), ValueError, "0 … 0, not 1 … 1"),
    ],
)
def test_labels_that_do_not_fit_are_refused(
    make: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


REVIEWS = (
    "\tdrugName\tcondition\treview\trating\tdate\tusefulCount\n"
    '206\tA\tCough\t"""It&#039;s calm\nnow"""\t9.0\tMay 20, 2012\t27\n'
    '95\tB\tCough\t"""No good"""\t4.0\tApril 27, 2010\t192\n'
    '92\tB\tCough\t"""So so"""\t5.0\tDecember 14, 2009\t17\n'
)


def write_reviews(root: Path, text: str) -> None:
    folder = root / "drug-reviews"
    folder.mkdir(exist_ok=True)
    (folder / "drugsComTrain_raw.tsv").write_text(text, "utf-8")


def test_reviews_are_read_from_ones_own_copy(tmp_path: Path) -> None:
    write_reviews(tmp_path, REVIEWS)
    reviews = data.load("drug-reviews", root=tmp_path)
    assert reviews.texts == ("It's calm\nnow", "No good", "So so")
    named = [reviews.class_names[label] for label in reviews.labels]
    assert named == ["positive", "negative", "neutral"]


def test_missing_reviews_say_where_they_come_from(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"hands out no review.*archive\.ics\.uci\.edu"):
        data.load("drug-reviews", split="test", root=tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (REVIEWS.replace("\t", ","), "columns review and rating, separated by tabs"),
        (REVIEWS.replace("9.0", "nine"), "a review and a number as rating in every row"),
        (REVIEWS + "7\n", "a review and a number as rating in every row"),
    ],
)
def test_other_tables_are_refused(tmp_path: Path, text: str, message: str) -> None:
    write_reviews(tmp_path, text)
    with pytest.raises(OSError, match=message):
        data.load("drug-reviews", root=tmp_path)


def test_a_damaged_file_of_the_course_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = TEXTS["syllables"].files
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / file.path).write_bytes(gzip.compress(b"sun 1\n", mtime=0))
    monkeypatch.setattr("cnnlab.data.files.__file__", str(tmp_path / "files.py"))
    with pytest.raises(OSError, match=r"cut short. Install the course again"):
        data.load("syllables")


# Tables of digits

HEADER = ",".join(["label", *(f"pixel{number}" for number in range(784))])
UNLABELLED = HEADER.removeprefix("label,")


def rows(digits: data.Dataset, *, labelled: bool) -> str:
    pixels = np.rint(digits.images.reshape(len(digits), -1) * 255).astype(int)
    table = np.column_stack([digits.labels, pixels]) if labelled else pixels
    return "".join(",".join(map(str, row)) + "\n" for row in table)


@pytest.mark.parametrize("labelled", [True, False])
def test_digits_of_a_table_are_read(tmp_path: Path, labelled: bool) -> None:
    digits = data.load("mnist-5k").subset([0, 700, 4999])
    header = HEADER if labelled else UNLABELLED
    (tmp_path / "digits.csv").write_text(f"{header}\n{rows(digits, labelled=labelled)}")
    images, labels = data.read_digits(tmp_path / "digits.csv")
    np.testing.assert_array_equal(images, digits.images)
    assert labels is None if not labelled else labels.tolist() == [0, 1, 9]
    if labels is not None:
        own = data.Dataset(images, labels, digits.class_names, "own")
        assert repr(own) == "own: 3 images 1x28x28, 10 classes"


def test_a_table_without_rows_holds_no_digit(tmp_path: Path) -> None:
    (tmp_path / "digits.csv").write_text(HEADER + "\n")
    images, labels = data.read_digits(tmp_path / "digits.csv")
    assert images.shape == (0, 1, 28, 28)
    assert labels is not None
    assert labels.shape == (0,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must begin with label,pixel0,…"),
        ("a,b\n1,2\n", "must begin with label,pixel0,…,pixel783, or pixel0,…,pixel783, not a,b"),
        (HEADER.replace("pixel1,", "pixel01,") + "\n", r"not label,pixel0,pixel01,… \(785 columns"),
        (HEADER + "\n1,2\n", "785 numbers in a row, as its header says, not 2"),
        (HEADER + "\n" + 785 * "1,2\n", "785 numbers in a row, as its header says, not 2"),
        (HEADER + "\n1" + 784 * ",0" + "\n1,2\n", "in rows of one length"),
        (HEADER + "\n" + ",".join(["1"] * 784) + "\n", "header says, not 784"),
        (HEADER + "\n1" + 783 * ",0" + ",256\n", "from 0 to 255"),
        (HEADER + "\n1" + 783 * ",0" + ",-1\n", "from 0 to 255"),
        (HEADER + "\n1" + 783 * ",0" + ",0.5\n", "from 0 to 255"),
        (HEADER + "\n10" + 784 * ",0" + "\n", "labels from 0 to 9, not 10"),
    ],
)
def test_tables_of_another_form_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "digits.csv").write_text(text)
    with pytest.raises(ValueError, match=message):
        data.read_digits(tmp_path / "digits.csv")
