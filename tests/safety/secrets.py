"""Secrets that people tell where they should not, each told once and recognisable ever after."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from typing import NamedTuple

# How card numbers of each scheme begin, and how long they are.
SCHEMES = {
    "visa": ("4", 16),
    "mastercard": ("51", 16),
    "mastercard-2": ("2221", 16),
    "amex": ("34", 15),
    "discover": ("6011", 16),
    "diners": ("3056", 14),
    "jcb": ("3528", 16),
    "unionpay": ("621", 16),
}


class Secret(NamedTuple):
    """A text with a secret in it, every spelling of the secret, and a word that may be kept."""

    kind: str
    text: str
    spellings: tuple[str, ...]
    word: str

    def found_in(self, evidence: bytes) -> list[str]:
        """Return the spellings that somebody could read there."""
        return [spelling for spelling in self.spellings if spelling.encode() in evidence]


def secrets_for(door: str, *, everything: bool) -> list[Secret]:
    """Return what is told at one door; `everything`: also what only some companies hide."""
    chance = random.Random(door)
    told = [*_cards(chance), *_numbers(chance)]
    return [*told, *_personal(chance)] if everything else told


def _cards(chance: random.Random) -> Iterator[Secret]:
    for number, (scheme, (prefix, length)) in enumerate(SCHEMES.items()):
        digits = _card(chance, prefix, length)
        spellings = (digits, _grouped(digits, " "), _grouped(digits, "-"))
        shown = spellings[number % 3]
        word = _word(chance)
        yield Secret(scheme, f"my card is {shown} {word}", spellings, word)
    for separator in ("", " ", "-"):
        digits = _card(chance, "4", 16)
        word = _word(chance)
        yield Secret(
            f"visa{separator!r}",
            f"charge {_grouped(digits, separator)} please {word}",
            (digits, _grouped(digits, " "), _grouped(digits, "-")),
            word,
        )


def _numbers(chance: random.Random) -> Iterator[Secret]:
    word = _word(chance)
    code = f"{chance.randrange(100, 999)}"
    yield Secret("cvv", f"the cvv is {code}, thanks {word}", (f"{code}, thanks {word}",), word)
    word = _word(chance)
    code = f"{chance.randrange(1000, 9999)}"
    yield Secret("pin", f"my pin is {code}, thanks {word}", (f"{code}, thanks {word}",), word)
    for separator in ("-", " ", ""):
        word = _word(chance)
        parts = (
            f"{chance.randrange(100, 660)}",
            f"{chance.randrange(10, 99)}",
            f"{chance.randrange(1000, 9999)}",
        )
        spellings = tuple(between.join(parts) for between in ("-", " ", ""))
        shown = separator.join(parts)
        yield Secret("ssn", f"my social security number is {shown} {word}", spellings, word)
    word = _word(chance)
    password = f"Xy{_word(chance)}{chance.randrange(10, 99)}!"
    yield Secret("password", f"{word} my password is {password}", (password,), word)


def _personal(chance: random.Random) -> Iterator[Secret]:
    word = _word(chance)
    person = _word(chance)
    yield Secret("email", f"write to {person}@example.com {word}", (f"{person}@example",), word)
    word = _word(chance)
    parts = ("212", f"{chance.randrange(600, 999)}", f"{chance.randrange(1000, 9999)}")
    spellings = ("-".join(parts), "".join(parts), " ".join(parts), f"(212) {parts[1]}-{parts[2]}")
    yield Secret("phone", f"call me at {spellings[0]} {word}", spellings, word)
    word = _word(chance)
    born = f"{chance.randrange(1, 13):02}/{chance.randrange(13, 29)}/{chance.randrange(1940, 2005)}"
    yield Secret("dob", f"my date of birth is {born}, {word}", (f"{born}, {word}",), word)


def _card(chance: random.Random, prefix: str, length: int) -> str:
    """Return a number that passes the check of its last digit."""
    body = prefix + "".join(chance.choices(string.digits, k=length - len(prefix) - 1))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def _grouped(digits: str, separator: str) -> str:
    sizes = {15: (4, 6, 5), 14: (4, 6, 4)}.get(len(digits), (4, 4, 4, 4))
    groups, start = [], 0
    for size in sizes:
        groups.append(digits[start : start + size])
        start += size
    return separator.join(groups)


def _word(chance: random.Random) -> str:
    return "oak" + "".join(chance.choices(string.ascii_lowercase, k=9))
