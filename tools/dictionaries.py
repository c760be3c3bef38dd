"""Make the word lists of `rapport.engines.spelling` again, from packages with free licences.

    apt-get install scowl
    uv run --isolated --with symspellpy==6.10.1 --with names==0.3.0 --with simplemma==1.1.2 \
        --with wordfreq==3.1.1 --with-editable . python -m tools.dictionaries

A line of a list is `word TAB commonness`, the latter ten times the common logarithm of uses in a
thousand million words; a capital says that the word is a name. Sources and licences are named in
`src/rapport/engines/spelling/data/README.md`.
"""

import lzma
import math
import re
import struct
import zlib
from collections.abc import Iterable
from importlib import import_module, resources
from pathlib import Path

from rapport.engines.spelling.edits import bare

DATA = Path("src/rapport/engines/spelling/data")
SCOWL = Path("/usr/share/dict/scowl")

# What SCOWL calls words of these sizes is known to most writers; sizes above hold what is hardly
# ever meant, and are taken for names only.
KNOWN_SIZE, RARE_SIZE, NAME_SIZE = 70, 80, 80
# Commonness of a word of each size that the frequency list does not have.
DEFAULT = {10: 36, 20: 33, 35: 28, 40: 25, 50: 20, 55: 18, 60: 14, 70: 4, 80: -10}
# What is counted of a word few know is mostly somebody's slip for a better known one.
MOST = {60: 26, 70: 6, 80: -10}
# A word of this size that better known lists have as a name is nothing but a name to most writers.
MOSTLY_NAME = 60
KINDS = {"words", "upper", "proper-names", "contractions", "abbreviations"}
REGIONS = {"english", "american", "british", "british_z", "australian", "canadian"}
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")

# Bigrams rarer than this say nothing about a choice.
BIGRAM_COUNT = 2_000_000
# Words that a lemmatiser does not know are Spanish when they are this common, and not in English.
EVERYDAY, APART = 37, 12

CHAT = Path("tools/chat_words.txt")


def write_words(name: str, words: dict[str, int]) -> None:
    """Write a list, packed."""
    lines = "".join(f"{word}\t{common}\n" for word, common in sorted(words.items()))
    packed = lzma.compress(lines.encode(), preset=9 | lzma.PRESET_EXTREME)
    (DATA / f"{name}.txt.xz").write_bytes(packed)
    print(f"{name}: {len(words)} words, {len(packed) // 1000} kB")


def scowl() -> dict[str, int]:
    """Every word of SCOWL with the smallest size it is in."""
    sizes: dict[str, int] = {}
    for file in sorted(SCOWL.iterdir()):
        name, _, size = file.name.rpartition(".")
        region, _, kind = name.partition("-")
        if region not in REGIONS or kind not in KINDS:
            continue
        limit = NAME_SIZE if kind == "proper-names" else RARE_SIZE
        if int(size) > limit or (kind == "abbreviations" and int(size) > 50):
            continue
        for word in file.read_text("utf-8").split():
            if WORD.fullmatch(word) and not word.endswith("'s"):
                sizes[word] = min(int(size), sizes.get(word, 99))
    return sizes


def english() -> dict[str, int]:
    """English words: those of SCOWL, first names, and what is written in chats."""
    chat = dict(line.split() for line in CHAT.read_text("utf-8").splitlines() if line)
    sizes = scowl()
    names = {word.lower(): size for word, size in sizes.items() if word.istitle()}
    found: dict[str, int] = {}
    for word, size in sizes.items():
        lower = word.lower()
        value = commonness(lower, "en") or DEFAULT[size]
        is_word = sizes.get(lower, 99) < MOSTLY_NAME or len(lower) < 3
        if word == lower and not is_word and names.get(lower, 99) < size:
            # A paris is a plant, too: nobody means it.
            continue
        if word != lower and sizes.get(lower, 99) <= KNOWN_SIZE and (is_word or not word.istitle()):
            # Written small it is an ordinary word: what was counted is mostly that.
            value = min(value, 30)
        elif word == lower:
            value = min(value, MOST.get(size, 99))
        found[word] = value
    for word in [word for word in found if bare(word) != word]:
        # Many keyboards have no accents: a cafe is right, too.
        found.setdefault(bare(word), commonness(bare(word), "en") or found[word])
    for word in first_names():
        found.setdefault(word, 0)
    found.update({word: int(value) for word, value in chat.items()})
    return found


def first_names() -> set[str]:
    """First names of the census of the United States."""
    files = ("dist.male.first", "dist.female.first")
    return {line.split()[0].capitalize() for file in files for line in package_text("names", file)}


def commonness(word: str, language: str) -> int:
    """Uses in 10^9 words, as ten times the logarithm; 0 for a word that was never counted."""
    value: float = import_module("wordfreq").zipf_frequency(word, language, wordlist="large")
    return round(10 * value)


def spanish() -> dict[str, int]:
    """Spanish words: those counted and known to a lemmatiser, and greetings and the like."""
    wordfreq, simplemma = import_module("wordfreq"), import_module("simplemma")
    counted = [
        word
        for word in wordfreq.top_n_list("es", 500_000, wordlist="large")
        if WORD.fullmatch(word)
    ]
    found = {word: commonness(word, "es") for word in counted if simplemma.is_known(word, "es")}
    without_accents = {bare(word) for word in found if bare(word) != word}
    for word in counted:
        common = commonness(word, "es")
        is_slip = word in without_accents or len(word) < 4
        if common >= EVERYDAY and not is_slip and common - commonness(word, "en") >= APART:
            found.setdefault(word, common)
    return found


def bigrams() -> None:
    """Write which pairs of English words stand together, by the hash of the pair."""
    pairs = {}
    for line in package_text("symspellpy", "frequency_bigramdictionary_en_243_342.txt"):
        first, second, count = line.split()
        if int(count) >= BIGRAM_COUNT:
            pairs[zlib.crc32(f"{first} {second}".encode())] = min(
                255, round(20 * math.log10(int(count)))
            )
    ordered = sorted(pairs)
    keys = struct.pack(f"<{len(ordered)}I", *ordered)
    packed = lzma.compress(keys + bytes(pairs[key] for key in ordered), preset=9)
    (DATA / "en.pairs.xz").write_bytes(packed)
    print(f"en: {len(ordered)} pairs, {len(packed) // 1000} kB")


def package_text(package: str, file: str) -> Iterable[str]:
    """Lines of a file that a package ships."""
    return resources.files(package).joinpath(file).read_text("utf-8-sig").splitlines()


if __name__ == "__main__":
    write_words("en", english())
    write_words("es", spanish())
    bigrams()
