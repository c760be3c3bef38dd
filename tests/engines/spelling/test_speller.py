"""What is corrected, and what is left alone."""

from __future__ import annotations

import time

import pytest

from rapport.engines.spelling import Correction, Place, check, correct, load
from rapport.engines.spelling.edits import cost

pytestmark = pytest.mark.unit

SLIPS = {
    "wil": "will",
    "teh": "the",
    "adn": "and",
    "becuase": "because",
    "refudn": "refund",
    "custmer": "customer",
    "acount": "account",
    "pasword": "password",
    "seperately": "separately",
    "tommorow": "tomorrow",
    "recieved": "received",
    "inconvinience": "inconvenience",
    "appologize": "apologize",
    "availible": "available",
    "fonetic": "phonetic",
    "embarassing": "embarrassing",
    "nkow": "know",
    "dont": "don't",
    "Im": "I'm",
    "i": "I",
    "alot": "a lot",
    "ofthe": "of the",
    "Wensday": "Wednesday",
    "wensday": "Wednesday",
    "personel": "personnel",
    "familer": "familiar",
    "avaiblity": "availability",
    "advantageos": "advantageous",
    "dessicate": "desiccate",
    "regrading": "regarding",
    "engish": "English",
    "Tommorow": "Tomorrow",
}
RIGHT = """
hello refund rebook itinerary wifi app okay thru baggage don't you're Philadelphia Kaylee check-in
e-mail passengers' company's colour color apologise apologize cancelled canceled shoutout flt mgmt
preboarding gonna y'all birthdate roomy makings
paris spain james texas easter cafe cafés façade résumé
"""
SPANISH = {
    "tambien": "también",
    "grasias": "gracias",
    "vuleo": "vuelo",
    "cancelasion": "cancelación",
    "qeu": "que",
    "porfavor": "por favor",
    "reserba": "reserva",
}


@pytest.mark.spec("CMP-079")
@pytest.mark.parametrize(("typed", "meant"), SLIPS.items())
def test_usual_slips_are_corrected(typed: str, meant: str) -> None:
    assert correct(typed, Place(), "en") == meant


@pytest.mark.parametrize("word", RIGHT.split())
def test_right_words_are_left_alone(word: str) -> None:
    assert correct(word, Place(), "en") is None


@pytest.mark.parametrize(("typed", "meant"), SPANISH.items())
def test_spanish_slips_are_corrected(typed: str, meant: str) -> None:
    assert correct(typed, Place(), "es") == meant


@pytest.mark.parametrize("name", ["Priya", "Guilherme", "Sascha", "Rekha", "Daniella"])
def test_names_of_people_are_left_alone(name: str) -> None:
    for text in (f"Hi {name} ", f"{name}, ", f"So sorry to hear that, {name}! "):
        end = text.index(name) + len(name)
        assert check(text[: end + 1], end, end + 1) is None


@pytest.mark.parametrize("word", ["fick", "panisse", "shitt"])
def test_nothing_becomes_an_obscenity(word: str) -> None:
    assert correct(word, Place(), "en") is None


@pytest.mark.parametrize(
    ("likely", "unlikely", "meant"),
    [
        ("tihs", "thps", "this"),
        ("acount", "ccount", "account"),
        ("fone", "bone", "phone"),
        ("sence", "sepse", "sense"),
        ("beleive", "beloeve", "believe"),
        ("enouhg", "enuff", "enough"),
        ("dont", "donit", "don't"),
    ],
)
def test_a_usual_slip_costs_less(likely: str, unlikely: str, meant: str) -> None:
    assert cost(meant, meant) == 0 < cost(likely, meant) < cost(unlikely, meant)


def test_the_language_is_that_of_the_text() -> None:
    text = "Gracias por su pasiencia "
    assert check(text, 24, 25) == Correction("pasiencia", "paciencia", 15)
    assert check("Hola grasias ", 12, 13, expected="es") == Correction("grasias", "gracias", 5)
    text = "Thank you for your pateince "
    assert check(text, 27, 28, expected="es") == Correction("pateince", "patience", 19)


def test_words_of_the_other_language_are_left_alone() -> None:
    for word in ("gracias", "hola", "señor"):
        assert check(f"We say {word} ", 7 + len(word), 8 + len(word)) is None


def test_a_curly_apostrophe_stays_curly() -> None:
    assert correct("did’nt", Place(), "en") == "didn’t"


def test_what_stands_beside_a_word_decides() -> None:
    assert correct("form", Place("flight", "london", begins=False), "en") is None
    assert correct("thier", Place("with", "bags", begins=False), "en") == "their"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is a apple ", Correction("a", "an", 8)),
        ("It takes a hour ", Correction("a", "an", 9)),
        ("You are an user ", Correction("an", "a", 8)),
        ("We are at the the ", Correction("the the", "the", 10)),
    ],
)
def test_safe_slips_of_grammar_are_corrected(text: str, expected: Correction) -> None:
    assert check(text, len(text) - 1, len(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["I know that that ", "She had had ", "It is a unique ", "an unusual ", "a one ", "an MRI "],
)
def test_what_may_be_meant_stays(text: str) -> None:
    assert check(text, len(text) - 1, len(text)) is None


def test_a_correction_takes_little_time() -> None:
    load()
    words = [f"{word}" for word in SLIPS] * 4
    began = time.perf_counter()
    for word in words:
        correct(word, Place(), "en")
    assert (time.perf_counter() - began) / len(words) < 0.02
