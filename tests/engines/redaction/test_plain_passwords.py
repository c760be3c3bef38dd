"""Passwords that are ordinary words: known by what is said of them, not by their look."""

from __future__ import annotations

import pytest

from rapport.engines.redaction import DEFAULT_ACTIVE, Redactor

pytestmark = pytest.mark.unit

REDACTOR = Redactor(DEFAULT_ACTIVE)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("the new password sunrise does not work", "sunrise"),
        ("my password marigold was rejected", "marigold"),
        ("the password they sent me, Marigold, is wrong", "Marigold"),
        ("Password sunrise!", "sunrise"),
        ("passcode sunrise", "sunrise"),
        ("mi clave girasol no funciona", "girasol"),
    ],
)
def test_a_plain_word_is_hidden_where_it_is_the_password(text: str, secret: str) -> None:
    assert secret not in REDACTOR.redact(text).text


@pytest.mark.parametrize(
    "text",
    [
        "your password manager does not work",
        "my password reset didn't work",
        "password email never came, it fails",
        "the password field you gave me, however, fails",
        "password help",
        "password recovery stopped working",
        "the password you sent, thanks, fails",
        "Password page isn't loading",
        "password is still not working",
        "the password that you set, again, fails",
        "password keeps failing",
    ],
)
def test_talk_about_passwords_stays_readable(text: str) -> None:
    assert REDACTOR.redact(text).text == text
