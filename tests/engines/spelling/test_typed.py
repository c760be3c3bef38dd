"""Which word a typing event completes."""

from __future__ import annotations

import pytest

from rapport.engines.spelling import Correction, check

pytestmark = pytest.mark.unit

THIS = ("tihs", "this")


@pytest.mark.parametrize(
    ("text", "start", "end", "position"),
    [
        ("How is tihs ", 11, 12, 7),
        ("tihs ", 4, 5, 0),
        ("How is tihs going", 11, 12, 7),
        ("How is tihs,", 11, 12, 7),
        ("How is (tihs)", 12, 13, 8),
        ("How is tihs ", 7, 12, 7),
        # A face takes two of a browser's units.
        ("\N{GRINNING FACE} is tihs ", 10, 11, 6),
        ("helo helo tihs ", 14, 15, 10),
    ],
)
def test_the_word_before_the_cursor_is_judged(
    text: str, start: int, end: int, position: int
) -> None:
    assert check(text, start, end) == Correction(*THIS, position)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("How is tihs", 10, 11),
        ("How is tihs is", 13, 14),
        ("tihs and that ", 13, 14),
        ("tihs  ", 5, 6),
        ("tihs ", 5, 4),
        ("tihs ", 5, 5),
        ("tihs ", 0, 99),
        ("tihs ", -1, 5),
        ("\N{GRINNING FACE}tihs ", 0, 1),
        ("see tihs.", 8, 9),
        ("", 0, 0),
        ("   ", 0, 3),
    ],
)
def test_nothing_is_judged_before_a_word_is_complete(text: str, start: int, end: int) -> None:
    assert check(text, start, end) is None


@pytest.mark.parametrize(
    "word",
    ["@tihs", "#tihs", "tihs@acme.test", "www.tihs.test", "tihs2", "x/tihs", "TIHS", "iTihs"],
)
def test_addresses_codes_and_handles_are_left_alone(word: str) -> None:
    text = f"How is {word} "
    assert check(text, len(text) - 1, len(text)) is None
