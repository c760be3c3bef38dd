"""Placeholders are filled or the text is left out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.compose.suggestions.inserts import fill, generalise, values_of

pytestmark = pytest.mark.unit

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def filled(template: str, **more: str) -> str | None:
    return fill(template, values_of("Sarah Jones", "Kim Lee", more, NOON))


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Sure {NAME}, happy to help.", "Sure Sarah, happy to help."),
        ("{name}, this is {rep_name}.", "Sarah, this is Kim."),
        ("Hi {First Name} {customer.name}", "Hi Sarah Sarah"),
        ("Your {plan} plan", "Your gold plan"),
        ("No placeholder { here } or {}", "No placeholder { here } or {}"),
        ("{NAME} has {unknown}", None),
    ],
)
def test_every_placeholder_is_filled_or_the_text_left_out(template: str, text: str | None) -> None:
    assert filled(template, plan="gold") == text


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Europe/Berlin", "Good afternoon"),
        ("America/New_York", "Good morning"),
        ("Asia/Tokyo", "Good evening"),
        ("Mars/Olympus", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_the_time_of_day_is_the_customers(zone: str, text: str | None) -> None:
    assert filled("Good {TIME_OF_DAY}", CUSTOMER_TIMEZONE=zone) == text


def test_unknown_people_leave_their_templates_out() -> None:
    values = values_of(None, "", {"count": 3}, NOON)

    assert fill("Hi {NAME}", values) is None
    assert fill("I am {agent_name}", values) is None
    assert fill("You have {count}", values) is None
    assert fill("Hello", values) == "Hello"


def test_a_reply_becomes_a_template_for_others() -> None:
    text = "Hi Sarah, Sarah's bag is here. Kim"

    assert generalise(text, "Sarah Jones", "Kim") == "Hi {NAME}, {NAME}'s bag is here. {rep_name}"
    assert generalise(text, None, None) == text
    assert generalise("I am Al", "I", "Al Bo") == "I am Al"


@given(text=st.text(max_size=60), name=st.text(min_size=3, max_size=10), other=st.text(max_size=9))
def test_generalising_and_filling_give_the_text_back(text: str, name: str, other: str) -> None:
    template = generalise(text, name, other)
    values = values_of(name, other, {}, NOON)

    assert template == text or fill(template, values) == fill(text, values)
