"""Redaction: time for each message, what it finds of what was planted, what it touches wrongly.

    uv run bench/redaction.py [--messages ../shared/data/airlines/train.jsonl] [--no-peer]

Prints one JSON line a figure. The peer is presidio-analyzer with its pattern recognisers and no
statistical model, on the same texts in the same run, in an environment of its own.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapport.engines.redaction import DEFAULT_ACTIVE, EMPTY, Context, Redactor

WORDS = 40
TIMED_MESSAGES = 2_000
PLANTED_EACH = 1_000
PEER_SAMPLE = 20_000
SEED = 20_260_401
KEPT = 4


@dataclass(frozen=True)
class Planted:
    """A message with one secret in it; `kept` trailing characters may stay readable."""

    kind: str
    before: str
    secret: str
    after: str
    kept: int = 0
    question: str = ""

    @property
    def text(self) -> str:
        return self.before + self.secret + self.after

    def survives(self, redacted: str) -> bool:
        """Whether a letter or digit of the secret that should be hidden can still be read."""
        inner = redacted[len(self.before) : len(redacted) - len(self.after)]
        if self.kind == "EMAIL":
            inner = inner.partition("@")[0]
        readable = [character for character in inner if character.isalnum()]
        return len(readable) > self.kept


class Planter:
    """Makes secrets as people write them, from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def all(self) -> Iterator[Planted]:
        for kind, (values, carriers, kept) in self._kinds().items():
            for _ in range(PLANTED_EACH):
                before, _, after = self._pick(carriers).partition("{}")
                secret = values()
                yield Planted(kind, before, secret, after, kept)
        for kind, (values, questions, kept) in self._answers().items():
            for _ in range(PLANTED_EACH):
                before, _, after = self._pick(REPLIES).partition("{}")
                yield Planted(kind, before, values(), after, kept, self._pick(questions))

    def _kinds(self) -> dict[str, tuple[Callable[[], str], Sequence[str], int]]:
        return {
            "CREDIT_CARD_NUMBER": (self.card, CARD_CARRIERS, KEPT),
            "SSN": (self.ssn, SSN_CARRIERS, KEPT),
            "CVV": (self.cvv, CVV_CARRIERS, 0),
            "PIN": (self.pin, PIN_CARRIERS, 0),
            "PASSWORD": (self.password, PASSWORD_CARRIERS, 0),
            "EMAIL": (self.email, EMAIL_CARRIERS, 0),
            "PHONE_NUMBER": (self.phone, PHONE_CARRIERS, 0),
            "DOB": (self.birth_date, DOB_CARRIERS, 0),
        }

    def _answers(self) -> dict[str, tuple[Callable[[], str], Sequence[str], int]]:
        return {
            "CREDIT_CARD_NUMBER": (self.card, CARD_QUESTIONS, KEPT),
            "SSN": (self.ssn, SSN_QUESTIONS, KEPT),
            "CVV": (self.cvv, CVV_QUESTIONS, 0),
            "PIN": (self.pin, PIN_QUESTIONS, 0),
            "PASSWORD": (self.password, PASSWORD_QUESTIONS, 0),
        }

    def _pick(self, choices: Sequence[str]) -> str:
        return self._random.choice(choices)

    def _digits(self, count: int) -> str:
        return "".join(self._random.choices("0123456789", k=count))

    def card(self) -> str:
        prefix, length, groups = self._random.choice(SCHEMES)
        body = prefix + self._digits(length - len(prefix) - 1)
        number = next(body + d for d in "0123456789" if luhn(body + d))
        return self._written(number, groups)

    def _written(self, number: str, groups: Sequence[int]) -> str:
        if self._random.random() < 0.3:
            return number
        if self._random.random() < 0.05:
            groups = [1] * len(number)
        separator = self._pick([" ", "-", " ", ".", " - ", "\u2013", "\u00a0"])
        pieces, start = [], 0
        for size in groups:
            pieces.append(number[start : start + size])
            start += size
        return self._maybe_other_digits(separator.join(pieces))

    def _maybe_other_digits(self, text: str) -> str:
        if self._random.random() > 0.04:
            return text
        zero = self._random.choice([0xFF10, 0x0660])
        return text.translate({48 + value: zero + value for value in range(10)})

    def ssn(self) -> str:
        area = self._random.choice([n for n in range(1, 900) if n != 666])
        number = f"{area:03}{self._random.randint(1, 99):02}{self._random.randint(1, 9999):04}"
        return self._written(number, (3, 2, 4))

    def cvv(self) -> str:
        return self._digits(self._random.choice([3, 3, 3, 4]))

    def pin(self) -> str:
        return self._digits(self._random.choice([4, 4, 4, 6]))

    def password(self) -> str:
        word = self._pick(["falcon", "Bluebird", "summer", "qwerty", "Mi-casa", "tr0ut", "Kestrel"])
        return word + self._pick(["", "!", "99", "2024!", "#7", "_x", "Zz1"])

    def email(self) -> str:
        name = self._pick(["ana", "j.smith", "tom_b", "maria-jose", "k9", "o'neil", "x+shop"])
        host = self._pick(["example.com", "mail.example.org", "shop.co.uk", "empresa.com.mx"])
        return f"{name}{self._digits(2)}@{host}"

    def phone(self) -> str:
        area, exchange, line = (self._pick(AREAS), f"2{self._digits(2)}", self._digits(4))
        return self._pick(
            [
                f"{area}-{exchange}-{line}",
                f"({area}) {exchange}-{line}",
                f"{area}.{exchange}.{line}",
                f"+1 {area} {exchange} {line}",
                f"1-{area}-{exchange}-{line}",
                f"{area}{exchange}{line}",
                f"+34 6{self._digits(2)} {self._digits(3)} {self._digits(3)}",
                f"+44 20 7946 0{self._digits(3)}",
            ]
        )

    def birth_date(self) -> str:
        year, month, day = (
            self._random.randint(1935, 2008),
            self._random.randint(1, len(MONTHS)),
            self._random.randint(1, 28),
        )
        return self._pick(
            [
                f"{month:02}/{day:02}/{year}",
                f"{day}.{month}.{year}",
                f"{year}-{month:02}-{day:02}",
                f"{MONTHS[month - 1]} {day}, {year}",
                f"{day} {MONTHS[month - 1]} {year}",
                f"{day} de {MESES[month - 1]} de {year}",
                f"{month}/{day}/{year % 100:02}",
            ]
        )


def luhn(number: str) -> bool:
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


FOURS = (4, 4, 4, 4)
SCHEMES = [
    ("4", 16, FOURS),
    ("4", 16, FOURS),
    ("53", 16, FOURS),
    ("2511", 16, FOURS),
    ("34", 15, (4, 6, 5)),
    ("37", 15, (4, 6, 5)),
    ("6011", 16, FOURS),
    ("65", 16, FOURS),
    ("38", 14, (4, 6, 4)),
    ("3566", 16, FOURS),
    ("62", 16, FOURS),
    ("6761", 16, FOURS),
    ("2203", 16, FOURS),
]
MONTHS = ["January", "February", "March", "April", "May", "June"]
MESES = ["enero", "febrero", "marzo", "abril", "mayo", "junio"]
AREAS = ["212", "305", "415", "512", "617", "702", "808", "916"]

CARD_CARRIERS = [
    "{}",
    "Please charge {} instead of the old one",
    "I tried paying with {} but it keeps failing",
    "here you go: {}",
    "the number on my visa is {}, it expires next year",
    "can you check whether {} was billed twice?",
    "mi tarjeta es {} y quiero pagar ya",
    "Mastercard {} 09/28",
    '{"pan":"{}","name":"Ana"}',
    "I booked flight 1403 on 12/03 with {} and was charged $340",
]
SSN_CARRIERS = [
    "my social security number is {}",
    "SSN: {}",
    "ssn {} thanks",
    "My social is {}. What else do you need?",
    "You asked for the SSN, so: {}",
    "el número de seguro social es {}",
    "{} is my social security number",
    "I have my social security card here. The number on it reads {}",
]
CVV_CARRIERS = [
    "the cvv is {}",
    "cvv {}",
    "CVC: {}",
    "security code {}",
    "the three digits on the back are {}",
    "{} is the cvv",
    "exp 09/28, cvv2 {}",
    "el código de seguridad es {}",
    "and its security code would be {}",
    "cvv number is {} thank you",
]
PIN_CARRIERS = [
    "my pin is {}",
    "PIN {}",
    "pin: {}",
    "I set the PIN to {} last week",
    "the pin code for the account is {}",
    "it is not taking my pin number {}",
    "mi pin es {}",
    "{} is my pin",
    "PIN number: {}, please reset it",
]
PASSWORD_CARRIERS = [
    "my password is {}",
    "password: {}",
    "Password = {}",
    "the password is {} but it says wrong",
    "I changed my password to {} yesterday",
    "mi contraseña es {}",
    "pwd: {} user: ana",
    "my login password was {}, can you reset it?",
]
EMAIL_CARRIERS = [
    "write me at {}",
    "my email is {}.",
    "{}",
    "send it to {} please",
    "mi correo es {}, gracias",
]
PHONE_CARRIERS = [
    "call me at {}",
    "my cell is {}",
    "you can reach me on {} after 5pm",
    "{} is the best number",
    "phone: {}",
    "mi teléfono es {}",
]
DOB_CARRIERS = [
    "my date of birth is {}",
    "DOB {}",
    "dob: {} and my name is Ana",
    "I was born on {}",
    "born {}",
    "mi fecha de nacimiento es {}",
    "nací el {}",
]
REPLIES = ["{}", "it's {}", "sure, {}", "{} thanks", "ok it is {}", "yes: {}", "sí, es {}"]
CARD_QUESTIONS = [
    "Can I have the card number, please?",
    "What is the number of the credit card?",
    "¿Me da el número de su tarjeta?",
    "Please read me your credit card number.",
]
SSN_QUESTIONS = [
    "What is your social security number?",
    "Please confirm your SSN",
    "¿Cuál es su número de seguro social?",
]
CVV_QUESTIONS = [
    "And the security code?",
    "Could you give me the 3 digits on the back?",
    "cvv please",
    "¿Y el código de seguridad?",
]
PIN_QUESTIONS = [
    "4 digit pin?",
    "Please enter your PIN",
    "What's your pin number?",
    "¿Cuál es su PIN?",
]
PASSWORD_QUESTIONS = [
    "What is your password?",
    "Please tell me the password you use",
    "¿Cuál es su contraseña?",
]

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
