"""What was said to one customer is never offered to another."""

from __future__ import annotations

import pytest

from rapport.compose.suggestions.anonymous import is_anonymous
from tests.support.house import House

pytestmark = pytest.mark.unit

# What is one customer's, and how agents said it; each is looked for in everything that is offered.
PLANTED = {
    "Wilhelmina": "Wilhelmina is on the booking as well.",
    "margaret": "thanks margaret, everything is arranged now",
    "Featherstone": "I have noted Mrs Featherstone as your contact.",
    "biscuit": "We will take good care of biscuit on the flight.",
    "84417": "Your order 84417 is on its way to you.",
    "four two seven": "The number ends in four two seven as you said.",
    "Nightingale": "We will send it to Nightingale Lane in Springfield.",
    "willow lane": "we deliver to willow lane from now on",
    "XKQPLM": "Your booking code is XKQPLM, please keep it.",
    "wilma@example.org": "I will write to wilma@example.org in a minute.",
    "555": "We will call you at 555 0147 later.",
    "tuesday": "the engineer will come on tuesday morning",
    "abcxyz": "Open https://example.org/track?id=abcxyz to follow it.",
    "sesame": "Your word for the hotline is sesame, is that right?",
}
HARMLESS = "I am sorry to hear that, let me look into it for you."
ASKED = ("customer", "Hello, where is my delivery?")


async def history(house: House, customers: list[str]) -> None:
    """Have two agents say everything planted, again and again, to some customers."""
    for agent in ("a-1", "a-2"):
        for customer in customers:
            for _ in range(2):
                said = [("agent", text) for text in (*PLANTED.values(), HARMLESS)]
                await house.conversation(
                    ASKED,
                    *said,
                    agent=agent,
                    customer="Wilma Biscuit",
                    customer_id=customer,
                    metadata={"hotline": "sesame"},
                )
    await house.learnt()


async def everything_offered(house: House) -> set[str]:
    """All that agents are offered in conversations with another customer, whatever they type."""
    offered: set[str] = set()
    for agent in ("a-1", "a-2", "new"):
        asking = await house.conversation(ASKED, agent=agent, customer="Ann Ode")
        for planted, text in PLANTED.items():
            words = text.split()
            for query in ("", text[0], planted, *(" ".join(words[:n]) for n in (1, 2, 3, 4))):
                found = await house.offered(asking, query)
                offered.update(each.text for each in found.suggestions)
                offered.update(each.template for each in found.suggestions)
                offered.add(found.phrase or "")
    return offered


@pytest.mark.parametrize("customers", [["wilma"], ["wilma", "wilma-at-work", "wilmas-mother"]])
async def test_nothing_of_one_customer_is_offered_to_another(
    house: House, customers: list[str]
) -> None:
    await history(house, customers)

    offered = await everything_offered(house)

    found = [
        secret for secret in PLANTED if any(secret.casefold() in t.casefold() for t in offered)
    ]
    assert found == []
    assert (HARMLESS in offered) is (len(customers) > 1)


@pytest.mark.parametrize(
    "text",
    [
        "Happy to help you with that today!",
        "Hello {NAME}, how can I help?",
        "Hi there! How are you?",
        "I'm sorry to hear that. Let me look into this for you.",
        "Gracias por contactarnos, ¿en qué puedo ayudarle?",
        "Your refund will arrive within seven days.",
        "See www.example.org/help for more.",
        "What is your street address?",
        "Check-in opens soon.",
        "That is OK, I'll wait for you.",
    ],
)
def test_what_names_nobody_may_be_said_to_anybody(text: str) -> None:
    assert is_anonymous(text)


@pytest.mark.parametrize(
    "text",
    [
        *(text for secret, text in PLANTED.items() if secret not in {"biscuit", "sesame"}),
        "Ok",
        "Thanks",
        "Your card is ****1234",
        "Hola Margarita, buenos días",
        "{NAME and more",
        "long " * 100,
    ],
)
def test_what_may_be_somebodys_is_nobody_elses(text: str) -> None:
    assert not is_anonymous(text)


def test_words_of_the_conversation_itself_are_its_customers() -> None:
    text = "We will take good care of biscuit on the flight."

    assert is_anonymous(text)
    assert not is_anonymous(text, theirs=["Biscuit"])
    assert is_anonymous("Please go to our Juniper shop.", usual={"juniper"})
    assert not is_anonymous("Please go to our Juniper shop.")
