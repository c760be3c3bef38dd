"""Which texts are suggested, with real sentences and the real model."""

from collections.abc import Sequence

import pytest

from rapport.compose.suggestions.library import (
    Context,
    Library,
    TitledDocument,
    Turn,
    context_of,
    found_by,
)
from rapport.engines.embedding import Embedder, Vectors
from rapport.engines.retrieval import Document

pytestmark = pytest.mark.unit

EMBEDDER = Embedder()

RESPONSES = [
    "Please file a missing baggage report at the airport.",
    "Sorry to hear your bag is missing!",
    "Check-in opens 24 hours before departure.",
    "Your refund will arrive within seven days.",
    "Thank you for your kind words!",
    "Sure, may I have your booking number?",
]
PAST = [
    ("where is my suitcase", "We are so sorry about your luggage, please report it missing."),
    ("bag did not arrive", "Apologies! Please go to the baggage desk to file a report."),
    ("when can I check in", "You can check in one day ahead."),
    ("I want my money back", "We will refund your ticket."),
    ("great flight!", "Thanks a lot, we will tell the crew!"),
]


def vector(text: str) -> Vectors:
    embedded: Vectors = EMBEDDER.embed_now([text])[0]
    return embedded


def conversation(*said: tuple[str, str]) -> Context:
    turns = [Turn(role, vector(text)) for role, text in said]
    return context_of(turns, vector("Hello, I have a question."))


def library(
    responses: Sequence[str] = RESPONSES, past: Sequence[tuple[str, str]] = PAST
) -> Library:
    filled = Library()
    filled.put_responses(
        [
            TitledDocument("", Document(key=text, text=text, vector=vector(text)))
            for text in responses
        ]
    )
    filled.put_replies(
        [
            Document(
                key=answer,
                text=answer,
                vector=found_by(vector(question), vector(answer)),
                meaning=vector(answer),
            )
            for question, answer in past
        ]
    )
    return filled


def texts(found: Library, context: Context, query: str = "", count: int = 3) -> list[str]:
    return [each.template for each in found.suggest(found.prospect(context), query, count)]


def test_the_answers_that_fit_come_first() -> None:
    suggested = texts(library(), conversation(("customer", "My luggage never came")))

    assert len(suggested) == 3
    assert "Please file a missing baggage report at the airport." in suggested
    assert all("check" not in text.lower() for text in suggested)


def test_another_question_gets_other_answers() -> None:
    found = library()

    bag = texts(found, conversation(("customer", "My luggage never came")))
    money = texts(found, conversation(("customer", "I'd like a refund please")))

    assert "refund" in money[0]
    assert bag[0] != money[0]


def test_a_company_without_past_replies_gets_its_responses() -> None:
    suggested = texts(library(past=[]), conversation(("customer", "refund please")))

    assert suggested[0] == "Your refund will arrive within seven days."


def test_a_company_without_responses_gets_its_past_replies() -> None:
    suggested = texts(library(responses=[]), conversation(("customer", "refund please")))

    assert suggested[0] == "We will refund your ticket."


def test_an_empty_library_suggests_nothing() -> None:
    assert texts(library([], []), conversation(("customer", "hi"))) == []


def test_what_is_typed_comes_first_and_the_rest_may_follow() -> None:
    context = conversation(("customer", "My luggage never came"))

    assert texts(library(), context, "sure")[0] == "Sure, may I have your booking number?"
    assert len(texts(library(), context, "sure")) == 3


def test_texts_that_mean_the_same_are_offered_once() -> None:
    same = [
        "We are sorry for the delay.",
        "We're sorry for the delay!",
        "We are so sorry for the delay.",
    ]

    suggested = texts(library([*same, "It is late."], []), conversation(("customer", "late!")))

    assert len(set(same) & set(suggested)) == 1


def test_what_was_just_answered_is_not_offered_again() -> None:
    said = "Your refund will arrive within seven days."
    asked = ("customer", "refund please")

    assert said in texts(library(), conversation(asked))
    assert said not in texts(library(), conversation(asked, ("agent", said)))


@pytest.mark.spec("CMP-032")
def test_the_same_last_message_after_another_history_gets_other_answers() -> None:
    last = ("customer", "How long will that take?")
    found = library()

    bag = texts(found, conversation(("customer", "My suitcase is lost"), last))
    money = texts(found, conversation(("customer", "I want my money back"), last))

    assert bag != money


def test_before_the_customer_says_anything_something_is_offered() -> None:
    assert len(texts(library(), conversation())) == 3
    assert len(texts(library(), conversation(("system", "An agent will be with you.")))) == 3
