"""Inserts are filled or the text is left out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.compose.suggestions.candidates import Item
from rapport.compose.suggestions.inserts import (
    Dictionary,
    Facts,
    Template,
    facts_of,
    generalise,
    holds,
)

pytestmark = pytest.mark.unit

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DICTIONARY = Dictionary({"plan": "metadata.plan", "Order": "metadata.order_id"}, "")


def facts(dictionary: Dictionary = DICTIONARY, /, **metadata: str) -> Facts:
    return facts_of("Sarah Jones", "Kim Lee", metadata, dictionary, NOON)


def filled(template: str, *items: Item, **metadata: str) -> str | None:
    return Template(template, items).fill(facts(**metadata))


@pytest.mark.spec("CMP-051", "CMP-052", "CMP-056", "CMP-057", "CMP-060")
@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Sure {NAME}, happy to help.", "Sure Sarah, happy to help."),
        ("{name}, this is {rep_name}.", "Sarah, this is Kim."),
        ("Hi {First Name} {customer.name}", "Hi Sarah Sarah"),
        ("Your {plan} plan, {NAME}, and {Order}", "Your gold plan, Sarah, and 17"),
        ("{NAME} has {unknown}", None),
        ("{NAME} has {secret}", None),
        ("{NAME} and {plan} and {order}", None),
        ("No placeholder { here } or {}", None),
        ("A brace } too many", None),
    ],
)
def test_every_insert_is_filled_or_the_text_left_out(template: str, text: str | None) -> None:
    assert filled(template, plan="gold", order_id="17", secret="nobody configured this") == text


@pytest.mark.spec("CMP-058")
def test_a_response_binds_its_inserts_itself() -> None:
    bound = Item("WHO", ("customer.name",))

    assert filled("Hi {WHO}", bound) == "Hi Sarah"
    assert filled("Hi {WHO}", Item("WHO", ("agent.name",))) == "Hi Kim"
    assert filled("Hi {NAME}", Item("NAME", ("agent.name",))) == "Hi Kim"
    assert filled("{WHO}, order {N}", bound, Item("N", ("metadata.order",)), order="9") == (
        "Sarah, order 9"
    )
    assert filled("{WHO}, order {N}", bound, Item("N", ("metadata.order",))) is None
    assert filled("Hi {WHO}", Item("WHO", ("customer.shoe_size",))) is None
    assert filled("Hi {WHO}", Item("WHO", ("metadata.nick", "customer.name"))) == "Hi Sarah"


def test_an_item_is_a_condition_unless_the_text_has_its_insert() -> None:
    items = (Item("queue", ("billing", "sales ")), Item("NAME", ("customer.name",)))
    template = Template("Hi {NAME}", items)

    assert template.conditions == {"queue": {"billing", "sales"}}
    assert holds(template.conditions, {"queue": "sales"})
    assert not holds(template.conditions, {"queue": "general"})
    assert not holds(template.conditions, {})


@pytest.mark.spec("CMP-054", "CMP-055")
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


@pytest.mark.spec("CMP-053")
def test_a_company_may_have_one_time_zone() -> None:
    tokyo = Dictionary({}, "Asia/Tokyo")
    template = Template("Good {TIME_OF_DAY}")

    assert template.fill(facts(tokyo)) == "Good evening"
    assert template.fill(facts(tokyo, CUSTOMER_TIMEZONE="Europe/Berlin")) == "Good afternoon"
    assert template.fill(facts(tokyo, CUSTOMER_TIMEZONE="Mars/Olympus")) is None


def test_unknown_people_leave_their_templates_out() -> None:
    unknown = facts_of(None, "", {"plan": 3}, DICTIONARY, NOON)

    assert Template("Hi {NAME}").fill(unknown) is None
    assert Template("I am {agent_name}").fill(unknown) is None
    assert Template("You have {plan}").fill(unknown) is None
    assert Template("Hello").fill(unknown) == "Hello"


def test_texts_that_say_the_same_are_told_by_what_they_say() -> None:
    assert Template("Sure, {NAME}!").saying == Template("sure {first_name}").saying
    assert (
        Template("Sure {X}", [Item("X", ("customer.name",))]).saying
        == Template("Sure {NAME}").saying
    )
    assert Template("Sure {NAME}").saying != Template("Sure {rep_name}").saying
    assert Template("Sure Name").saying != Template("Sure {NAME}").saying


def test_a_reply_becomes_a_template_for_others() -> None:
    text = "Hi Sarah, Sarah's bag is here. Kim"

    assert generalise(text, "Sarah Jones", "Kim") == "Hi {NAME}, {NAME}'s bag is here. {rep_name}"
    assert generalise(text, None, None) == text
    assert generalise("I am Al", "I", "Al Bo") == "I am Al"


@given(text=st.text(max_size=60), name=st.text(min_size=3, max_size=10), other=st.text(max_size=9))
def test_generalising_and_filling_give_the_text_back(text: str, name: str, other: str) -> None:
    template = generalise(text, name, other)
    known = facts_of(name, other, {}, DICTIONARY, NOON)
    filled_in = Template(template).fill(known)

    assert template == text or filled_in is None or filled_in == text
