"""Redaction: time for each message, what it finds of what was planted, what it touches wrongly.

    python -m bench.redaction [--messages ../shared/data/airlines/train.jsonl] [--no-peer]

Prints one JSON line a figure. The peer is presidio-analyzer with its pattern recognisers and no
statistical model, on the same texts in the same run, in an environment of its own.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench._planted import Planted, Planter
from rapport.engines.redaction import DEFAULT_ACTIVE, EMPTY, Context, Redactor

WORDS = 40
TIMED_MESSAGES = 2_000
PEER_SAMPLE = 20_000
SEED = 20_260_401


# Runs in the peer's own environment: texts on standard input, what it found on standard output.
PEER = """
import json, statistics, sys, time
import presidio_analyzer, spacy
from importlib.metadata import version
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine

asked = json.load(sys.stdin)
nlp = SpacyNlpEngine()
nlp.nlp = {"en": spacy.blank("en")}
registry = RecognizerRegistry()
registry.load_predefined_recognizers(languages=["en"])
registry.remove_recognizer("SpacyRecognizer")
engine = AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])

def find(text, entities):
    return [(r.start, r.end) for r in engine.analyze(text, language="en", entities=entities)]

def median(texts, entities):
    times = []
    for text in texts:
        began = time.perf_counter()
        find(text, entities)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000

entities = asked["entities"]
print(json.dumps({
    "version": version("presidio-analyzer"),
    "clean_ms": median(asked["timed_clean"], entities),
    "with_entities_ms": median(asked["timed_entities"], entities),
    "touched": sum(bool(find(text, asked["default_entities"])) for text in asked["clean"]),
    "found": [find(text, entities) for text in asked["planted"]],
}))
"""
PEER_ENTITIES = {
    "CREDIT_CARD_NUMBER": "CREDIT_CARD",
    "SSN": "US_SSN",
    "EMAIL": "EMAIL_ADDRESS",
    "PHONE_NUMBER": "PHONE_NUMBER",
    "DOB": "DATE_TIME",
}


def report(
    figure: str,
    value: float,
    unit: str,
    target: str,
    against: str | None = None,
    ratio: float | None = None,
) -> None:
    row = {"figure": figure, "value": round(value, 5), "unit": unit, "target": target}
    ratio = None if ratio is None else round(ratio, 2)
    print(json.dumps({**row, "against": against, "ratio": ratio}), flush=True)


def read_conversations(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8") as lines:
        return [[message["text"] for message in json.loads(line)["messages"]] for line in lines]


def messages_of(words: int, conversations: list[list[str]], count: int) -> list[str]:
    """Real texts cut and joined to messages of so many words."""
    flowing = " ".join(text for conversation in conversations[: count * 3] for text in conversation)
    every = flowing.split()
    cut = [" ".join(every[i : i + words]) for i in range(0, len(every) - words, words)]
    return cut[:count]


def median_ms(redactor: Redactor, texts: Sequence[str]) -> float:
    times = []
    for text in texts:
        began = time.perf_counter()
        redactor.redact(text)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1_000


def touched(redactor: Redactor, conversations: list[list[str]]) -> tuple[int, int]:
    """How many messages of real conversations are changed, with context, of how many."""
    count = changed = 0
    for conversation in conversations:
        context = EMPTY
        for text in conversation:
            redacted = redactor.redact(text, context)
            context = context.after(redacted.text)
            count += 1
            changed += redacted.text != text
    return changed, count


@dataclass(frozen=True)
class Peer:
    """What the peer took and found."""

    name: str
    clean_ms: float
    with_entities_ms: float
    touched_percent: float
    found: Sequence[Sequence[Sequence[int]]]


def ask_peer(
    clean: Sequence[str], entities: Sequence[str], sample: Sequence[str], planted: Sequence[Planted]
) -> Peer | None:
    command = ["uv", "run", "--isolated", "--no-project", "--python", "3.11"]
    command += ["--with", "presidio-analyzer", "python", "-c", PEER]
    asked = {
        "entities": list(PEER_ENTITIES.values()),
        "default_entities": ["CREDIT_CARD", "US_SSN"],
        "timed_clean": clean,
        "timed_entities": entities,
        "clean": sample,
        "planted": [secret.text for secret in planted],
    }
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-2_000:], file=sys.stderr)
        return None
    answer = json.loads(done.stdout.splitlines()[-1])
    return Peer(
        f"presidio-analyzer {answer['version']}",
        answer["clean_ms"],
        answer["with_entities_ms"],
        100 * answer["touched"] / len(sample),
        answer["found"],
    )


def covered(secret: Planted, spans: Sequence[Sequence[int]]) -> bool:
    """Whether spans of a text cover what must be hidden of its secret."""
    start = len(secret.before)
    end = start + len(secret.secret) - secret.kept
    return all(any(a <= index < b for a, b in spans) for index in range(start, end))


def recall(redactor: Redactor, planted: Sequence[Planted]) -> dict[str, float]:
    found: dict[str, list[bool]] = {}
    for secret in planted:
        context = Context.of([secret.question]) if secret.question else EMPTY
        kind = f"{secret.kind}, answered" if secret.question else secret.kind
        hidden = not secret.survives(redactor.redact(secret.text, context).text)
        found.setdefault(kind, []).append(hidden)
        if not hidden and "--misses" in sys.argv:
            print("missed:", kind, secret.question, "|", secret.text, file=sys.stderr)
    return {kind: statistics.fmean(values) for kind, values in found.items()}


def with_entities(planter: Planter, texts: Sequence[str]) -> list[str]:
    return [
        f"{text} card {planter.card()} ssn {planter.ssn()} mail {planter.email()} {planter.phone()}"
        for text in texts
    ]


def report_times(default: Redactor, clean: list[str], dirty: list[str], peer: Peer | None) -> None:
    for name, texts, target, theirs in (
        ("clean", clean, "<= 0.1", peer and peer.clean_ms),
        ("with entities", dirty, "<= 2", peer and peer.with_entities_ms),
    ):
        ours = median_ms(default, texts)
        report(
            f"redaction of a {WORDS}-word message, {name}, median",
            ours,
            "ms",
            target,
            f"{peer.name}: {theirs:.3f} ms" if peer and theirs else None,
            theirs / ours if theirs else None,
        )


def report_recall(wide: Redactor, planted: list[Planted], peer: Peer | None) -> None:
    found = recall(wide, planted)
    for kind, share in found.items():
        theirs = None
        if peer and kind in PEER_ENTITIES:
            theirs = statistics.fmean(
                covered(secret, spans)
                for secret, spans in zip(planted, peer.found, strict=True)
                if secret.kind == kind and not secret.question
            )
        report(
            f"recall of planted {kind}",
            share,
            "share",
            ">= 0.99",
            f"{peer.name}: {theirs:.3f}" if peer and theirs is not None else None,
            share / theirs if theirs else None,
        )
    report("recall of all planted", statistics.fmean(found.values()), "share", ">= 0.99")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--messages", default="../shared/data/airlines/train.jsonl", type=Path)
    parser.add_argument("--no-peer", action="store_true", help="leave presidio-analyzer out")
    parser.add_argument("--misses", action="store_true", help="show what was not found")
    options = parser.parse_args()

    conversations = read_conversations(options.messages)
    planter = Planter(SEED)
    planted = list(planter.all())
    clean = messages_of(WORDS, conversations, TIMED_MESSAGES)
    dirty = with_entities(planter, messages_of(WORDS - 10, conversations, TIMED_MESSAGES))
    sample = [text for conversation in conversations for text in conversation][:PEER_SAMPLE]
    peer = None if options.no_peer else ask_peer(clean, dirty, sample, planted)
    default = Redactor(DEFAULT_ACTIVE)
    wide = Redactor(DEFAULT_ACTIVE | {"EMAIL", "PHONE_NUMBER", "DOB"})

    report_times(default, clean, dirty, peer)
    changed, count = touched(default, conversations)
    report(
        "clean messages touched",
        100 * changed / count,
        "percent",
        "<= 0.5",
        f"{peer.name}: {peer.touched_percent:.2f} percent" if peer else None,
    )
    report_recall(wide, planted, peer)


if __name__ == "__main__":
    main()
