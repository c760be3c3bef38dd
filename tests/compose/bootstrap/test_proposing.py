"""What is proposed from what agents said, with the real model of meanings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rapport.compose.bootstrap.proposing import Message, Proposed, propose
from rapport.engines.embedding import Embedder

pytestmark = pytest.mark.unit

EMBEDDER = Embedder()

APOLOGY = "We are sorry for the delay of your order."
APOLOGY_TOO = "We're so sorry for the delay of your order!"
REFUND = "Your refund will arrive within a few days."


def proposed(said: Sequence[str]) -> list[Proposed]:
    messages = [Message(text, number) for number, text in enumerate(said)]
    return propose(messages, EMBEDDER.embed_now, lambda _done: None)


@pytest.mark.spec("CMP-211")
def test_frequent_messages_are_proposed_with_their_wordings() -> None:
    said = [APOLOGY] * 5 + [APOLOGY_TOO] * 4 + [REFUND] * 3 + ["Only once was this said."]

    found = proposed(said)

    assert [each.wordings for each in found] == [[APOLOGY, APOLOGY_TOO], [REFUND]]
    assert [each.conversations for each in found] == [9, 3]
    assert [each.coverage for each in found] == [0.6923, 0.9231]
    assert all(each.folder for each in found)


def test_what_one_conversation_repeats_is_not_frequent() -> None:
    messages = [Message(REFUND, 1)] * 20 + [Message(APOLOGY, n) for n in range(3)]

    found = propose(messages, EMBEDDER.embed_now, lambda _done: None)

    assert [each.text for each in found] == [APOLOGY]


def test_names_become_inserts_and_signatures_go() -> None:
    names = ["Anna", "Omar", "Eva", "Sam"]
    said = [f"Hi {name}, thanks for waiting so patiently. *KL" for name in names]
    said += [f"Thank you for calling, my name is {name}." for name in ("Kim", "Lee", "Joe")]

    found = {each.text for each in proposed(said)}

    assert found == {
        "Hi {NAME}, thanks for waiting so patiently.",
        "Thank you for calling, my name is {rep_name}.",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Your booking code is XKQ771, keep it well.",
        "Please send it to 12 Elm Street as agreed.",
        "I will tell Mr Featherstonehaugh about it.",
        "Write to me at kim@example.org about it.",
        "The card ending in **** was charged again.",
    ],
)
def test_what_is_one_customers_own_is_never_proposed(text: str) -> None:
    found = proposed([text] * 9 + [REFUND] * 3)

    assert [each.text for each in found] == [REFUND]


def test_a_sentence_that_is_only_said_within_a_message_is_not_proposed_twice() -> None:
    whole = "We are sorry to hear that. Please tell us more about your trip."

    assert [each.text for each in proposed([whole] * 4)] == [whole]


def test_many_responses_are_put_in_folders_of_their_topics() -> None:
    topics = {
        "refund": "Your refund {} will reach your bank account.",
        "luggage": "Our luggage team {} looks for your suitcase.",
        "seats": "You may choose seats {} in the aircraft.",
    }
    ways = ["soon", "today", "now", "shortly", "quickly", "gladly", "surely", "certainly"]
    ways += ["later", "early", "promptly", "rapidly", "directly", "safely", "easily", "simply"]
    said = [pattern.format(way) for pattern in topics.values() for way in ways for _ in range(3)]

    found = proposed(said)

    assert proposed(said) == found
    assert len({each.folder for each in found}) <= 4


def test_nothing_said_proposes_nothing() -> None:
    assert proposed([]) == []
    assert proposed(["Hello", "Bye"]) == []
