"""Spelling: what is corrected, what is changed wrongly, and how long a word takes.

    python -m bench.compose --part spelling [--lists ../shared/data/spelling] [--list wikipedia]
        [--messages ../shared/data/airlines/dev.jsonl] [--misses]

Peers are aspell and hunspell, where they are installed (apt-get install aspell-en hunspell-en-us), and
symspellpy in an environment of its own, on the same words in the same run. A false positive is a
right word of the list that is changed. Of agents' messages every change is counted, right ones too.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench._compose import Client, make_company, serving
from bench._figures import percentile, tell
from rapport.core.database import Database
from rapport.core.database.upgrade import upgrade
from rapport.engines.spelling import Correction, Place, check, correct, load

MESSAGES = 5_000
REQUESTS = 3_000

# Runs in the peer's own environment: words on standard input, its first suggestions on output.
SYMSPELL = """
import json, sys
from importlib import resources
from symspellpy import SymSpell, Verbosity
spell = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
words = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
spell.load_dictionary(str(words), 0, 1)
found = [spell.lookup(word.lower(), Verbosity.TOP, 2) for word in json.load(sys.stdin)]
print(json.dumps([each[0].term if each else None for each in found]))
"""


class Lists(NamedTuple):
    """Misspellings with what they may stand for, and the right words among those."""

    slips: Mapping[str, frozenset[str]]
    right: Sequence[str]


def read_list(path: Path) -> Lists:
    """Read `misspelling TAB correction`; an underscore stands for a space."""
    slips: dict[str, set[str]] = defaultdict(set)
    right: dict[str, None] = {}
    for line in path.read_text("utf-8").splitlines():
        misspelled, _, meant = line.partition("\t")
        slips[misspelled].add(meant.replace("_", " ").lower())
        if "_" not in meant:
            right[meant] = None
    return Lists({word: frozenset(meant) for word, meant in slips.items()}, list(right))


Answers = Sequence[str | None]


def ours(words: Sequence[str]) -> Answers:
    return [correct(word, Place(), "en") for word in words]


def piped(command: Sequence[str], words: Sequence[str]) -> Answers | None:
    """Ask a program that speaks ispell's protocol; None where it is not installed."""
    if shutil.which(command[0]) is None:
        print(f"{command[0]} is not installed: left out", file=sys.stderr)
        return None
    lines = "".join(f"^{word.replace('_', ' ')}\n" for word in words)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    answers: list[str | None] = []
    answer: str | None = None
    for line in done.stdout.splitlines()[1:]:
        if line.startswith("&"):
            answer = line.partition(": ")[2].split(", ")[0]
        elif line.startswith("#"):
            answer = ""
        elif not line:
            answers.append(answer)
            answer = None
    return answers


def symspell(words: Sequence[str]) -> Answers | None:
    command = ["uv", "run", "--isolated", "--no-project", "--with", "symspellpy", "python", "-c"]
    given = json.dumps(list(words))
    if shutil.which("uv") is None and not Path(".tools/uv").exists():
        return None
    command[0] = shutil.which("uv") or ".tools/uv"
    done = subprocess.run([*command, SYMSPELL], input=given, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-500:], file=sys.stderr)
        return None
    found: list[str | None] = json.loads(done.stdout.splitlines()[-1])
    return [
        None if answer == word.lower() else answer
        for word, answer in zip(words, found, strict=True)
    ]


def shares(lists: Lists, slips: Answers, right: Answers) -> tuple[float, float]:
    """Which share of the misspellings became what was meant, and which percent of right words changed."""
    hits = sum(
        (answer or "").lower() in meant
        for answer, meant in zip(slips, lists.slips.values(), strict=True)
    )
    wrong = sum(answer is not None for answer in right)
    return hits / len(lists.slips), 100 * wrong / len(lists.right)


def measure_list(name: str, lists: Lists) -> None:
    words, right = list(lists.slips), lists.right
    peers = {
        "aspell": lambda w: piped(["aspell", "-a", "--lang=en_US", "--sug-mode=normal"], w),
        "hunspell": lambda w: piped(["hunspell", "-a", "-d", "en_US"], w),
        "symspellpy": symspell,
    }
    top, false = shares(lists, ours(words), ours(right))
    theirs = {}
    for peer, ask in peers.items():
        answers, others = ask(words), ask(right)
        if answers is not None and others is not None:
            theirs[peer] = shares(lists, answers, others)
    best = max(theirs.values(), default=None)
    told = "; ".join(f"{peer} {hit:.3f}, {wrong:.1f} %" for peer, (hit, wrong) in theirs.items())
    against = told or None
    ratio = top / best[0] if best else None
    tell(f"top-1, {name}", top, "share", target=">= 0.93", against=against, ratio=ratio)
    least = min((wrong for _, wrong in theirs.values()), default=0.0)
    ratio = false / least if least else None
    tell(
        f"right words changed, {name}",
        false,
        "percent",
        target="<= 1",
        against=against,
        ratio=ratio,
    )


def typed_words(path: Path) -> Iterator[tuple[str, int]]:
    """Texts of agents, and in each the places of the spaces that complete a word."""
    with path.open(encoding="utf-8") as lines:
        texts = [
            html.unescape(message["text"])
            for line in lines
            for message in json.loads(line)["messages"]
            if message["role"] == "agent"
        ]
    for text in texts[:MESSAGES]:
        yield from ((text[: at + 1], at) for at, letter in enumerate(text) if letter == " ")


def measure_agents(path: Path, show: bool) -> None:
    changed: list[Correction] = []
    count, began = 0, time.perf_counter()
    for text, at in typed_words(path):
        start = len(text[:at].encode("utf-16-le")) // 2
        found = check(text, start, start + 1)
        count += 1
        if found is not None:
            changed.append(found)
    seconds = time.perf_counter() - began
    tell("words of agents changed", 100 * len(changed) / count, "percent", target="<= 0.3")
    tell("mean time of a typed word, in process", 1_000 * seconds / count, "ms", target="<= 1")
    if show:
        for found in changed:
            print(found.misspelled, "->", found.corrected, file=sys.stderr)


def measure_time(words: Sequence[str]) -> None:
    seconds = []
    for word in words:
        began = time.perf_counter()
        correct(word, Place(), "en")
        seconds.append(time.perf_counter() - began)
    tell("median time of a correction", 1_000 * percentile(seconds, 0.5), "ms", target="<= 1")
    tell("p99 time of a correction", 1_000 * percentile(seconds, 0.99), "ms")


async def measure_endpoint(words: Sequence[str]) -> None:
    """Ask a running server for right and wrong words in turn, one request after the other."""
    path = "/autocompose/v1/spellcheck/correction"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/rapport.db")
        await upgrade(database.url.render_as_string())
        company = await make_company(database)
        await database.close()
        async with serving(Path(folder)) as server:
            client = Client(server.address, company.headers)
            await client.connect()
            seconds = []
            for number in range(REQUESTS):
                word = words[number % len(words)] if number % 10 == 0 else "this"
                text = f"Thank you for waiting, I will {word} "
                event = {"cursorStart": len(text) - 1, "cursorEnd": len(text)}
                began = time.perf_counter()
                await client.post(path, {"text": text, "typingEvent": event})
                seconds.append(time.perf_counter() - began)
    # The first requests wait for the dictionaries, once in a server's life.
    seconds = seconds[20:]
    tell("endpoint, p50", 1_000 * percentile(seconds, 0.5), "ms")
    tell("endpoint, p99", 1_000 * percentile(seconds, 0.99), "ms", target="<= 5")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--lists", default="../shared/data/spelling", type=Path)
    parser.add_argument("--list", action="append", help="the name of a list (wikipedia)")
    parser.add_argument("--messages", default="../shared/data/airlines/dev.jsonl", type=Path)
    parser.add_argument("--misses", action="store_true", help="show what is changed in messages")
    options = parser.parse_args()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    load()
    tell("loading both dictionaries", time.perf_counter() - began, "s")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1_000
    tell("memory of both dictionaries", grown, "MB", target="<= 80")
    for name in options.list or ["wikipedia"]:
        lists = read_list(options.lists / f"{name}.txt")
        measure_list(name, lists)
        measure_time(list(lists.slips))
    measure_agents(options.messages, options.misses)
    asyncio.run(measure_endpoint(list(read_list(options.lists / "wikipedia.txt").slips)))


if __name__ == "__main__":
    main()
