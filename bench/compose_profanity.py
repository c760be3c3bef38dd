"""Profanity: what is found however it is written, what is blocked wrongly, how long a message takes.

    python -m bench.compose --part profanity [--messages ../shared/data/airlines/train.jsonl] [--misses]

Terms are planted in clean messages of agents, written in a dozen disguises; the clean messages are the
same texts without them. The peer is better-profanity, in an environment of its own.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench._figures import percentile, tell
from rapport.engines.profanity import Finder

SEED = 20_260_401
CLEAN = 20_000
EACH = 200
# The peer takes some 10 ms a message.
PEERS = 20
TERMS = """
fuck fucking shit bullshit asshole bitch cunt whore slut bastard dickhead wanker faggot nigger
motherfucker mierda cabron pendejo gilipollas puta joder maricon
"""
LEET = str.maketrans("aeiost", "431057")
CYRILLIC = str.maketrans("aceiopsxyk", "асеіорѕхук")
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

# Runs in the peer's own environment.
PEER = """
import json, sys
from better_profanity import profanity
profanity.load_censor_words()
print(json.dumps([profanity.contains_profanity(text) for text in json.load(sys.stdin)]))
"""


def masked(term: str) -> str:
    """The middle hidden, as people do."""
    return (
        term[0] + "*" * (len(term) - 2) + term[-1] if len(term) < 6 else f"{term[:2]}**{term[4:]}"
    )


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "plain": lambda term, _: term,
    "capitals": lambda term, _: term.upper(),
    "digits for letters": lambda term, _: term.translate(LEET),
    "spaces": lambda term, _: " ".join(term),
    "full stops": lambda term, _: ".".join(term),
    "look-alikes": lambda term, _: term.translate(CYRILLIC),
    "full width": lambda term, _: term.translate(WIDE),
    "stretched": lambda term, _: term[0] + term[1] * 4 + term[2:],
    "zero width": lambda term, _: "\u200b".join(term),
    "masked": lambda term, _: masked(term),
    "one letter masked": lambda term, _: term[0] + "*" + term[2:],
    "punctuation": lambda term, chance: "(" + term + chance.choice("!?.,"),
}


def agents_texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        texts = [
            html.unescape(message["text"])
            for line in lines
            for message in json.loads(line)["messages"]
            if message["role"] == "agent"
        ]
    return texts[:CLEAN]


def planted(texts: Sequence[str], disguise: Callable[[str, random.Random], str]) -> list[str]:
    """Messages with a disguised term between two words."""
    chance = random.Random(SEED)
    found = []
    for text in chance.sample(texts, EACH):
        words = text.split()
        words.insert(
            chance.randrange(len(words) + 1), disguise(chance.choice(TERMS.split()), chance)
        )
        found.append(" ".join(words))
    return found


def ask_peer(texts: Sequence[str]) -> list[bool] | None:
    uv = shutil.which("uv") or ".tools/uv"
    command = [uv, "run", "--isolated", "--no-project", "--with", "better-profanity"]
    done = subprocess.run(
        [*command, "python", "-c", PEER], input=json.dumps(texts), capture_output=True, text=True
    )
    if done.returncode:
        print(done.stderr[-500:], file=sys.stderr)
        return None
    answer: list[bool] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--messages", default="../shared/data/airlines/train.jsonl", type=Path)
    parser.add_argument("--no-peer", action="store_true", help="leave better-profanity out")
    parser.add_argument("--misses", action="store_true", help="show what was judged wrongly")
    options = parser.parse_args()
    texts, finder = agents_texts(options.messages), Finder()
    finder.has("warm")
    seconds, blocked = [], []
    for text in texts:
        began = time.perf_counter()
        if finder.has(text):
            blocked.append(text)
        seconds.append(time.perf_counter() - began)
    all_planted = {name: planted(texts, disguise) for name, disguise in DISGUISES.items()}
    asked = [text for several in all_planted.values() for text in several[:PEERS]]
    peer = None if options.no_peer else ask_peer(asked)
    hits = []
    for number, (name, several) in enumerate(all_planted.items()):
        found = [finder.has(text) for text in several]
        hits += found
        theirs = peer and sum(peer[number * PEERS : (number + 1) * PEERS]) / PEERS
        share = sum(found) / EACH
        against = None if theirs is None else f"better-profanity: {theirs:.3f}"
        tell(f"recall, {name}", share, "share", target=">= 0.97", against=against,
             ratio=share / theirs if theirs else None)  # fmt: skip
        if options.misses:
            print(
                *(t for t, hit in zip(several, found, strict=True) if not hit),
                sep="\n",
                file=sys.stderr,
            )
    tell("recall of all", sum(hits) / len(hits), "share", target=">= 0.97")
    wrong = 100 * len(blocked) / len(texts)
    tell(f"of {len(texts)} clean messages blocked", wrong, "percent", target="<= 0.5")
    tell("time of a message, p50", 1_000 * percentile(seconds, 0.5), "ms")
    tell("time of a message, p99", 1_000 * percentile(seconds, 0.99), "ms")
    if options.misses:
        print(*blocked, sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
