"""Which texts are suggested, with real sentences and the real model."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from rapport.compose.suggestions.candidates import Candidate, Item, Source
from rapport.compose.suggestions.inserts import Dictionary, Facts, Template, facts_of
from rapport.compose.suggestions.library import (
    NOTHING,
    Desk,
    Heard,
    Lists,
    PastAnswers,
    found_by,
    prospect_of,
)
from rapport.compose.suggestions.pools import Pool
from rapport.compose.suggestions.prospects import Prospect
from rapport.compose.suggestions.scoring import Baseline, Turn
from rapport.engines.embedding import Embedder, Vectors
from rapport.engines.retrieval import Document

pytestmark = pytest.mark.unit

EMBEDDER = Embedder()
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BASELINE = Baseline()

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
BAG = ("customer", "My luggage never came")


def vector(text: str) -> Vectors:
    embedded: Vectors = EMBEDDER.embed_now([text])[0]
    return embedded


def candidate(text: str, source: Source = Source.GLOBAL, *items: Item) -> Candidate:
    return Candidate(f"{source}:{text}", source, text, "", items, vector(text))


def pool(texts: Sequence[str], source: Source = Source.GLOBAL) -> Pool:
    return Pool([candidate(text, source) for text in texts])


def heard(*said: tuple[str, str], agent: str = "kim") -> Heard:
    turns = [Turn(role, vector(text)) for role, text in said]
    sayings = frozenset(Template(text).saying for role, text in said if role == "agent")
    return Heard(turns, vector("Hello, I have a question."), agent, sayings)


def answers(past: Sequence[tuple[str, str]], agent: str = "someone") -> list[Document]:
    return [
        Document(
            key=f"{agent}:{question}",
            text="",
            vector=found_by(vector(question), vector(answer)),
            meaning=vector(answer),
            labels=frozenset({agent}),
        )
        for question, answer in past
    ]


def past(*documents: Sequence[Document]) -> PastAnswers:
    found = PastAnswers()
    for some in documents:
        found.put(some)
    return found


def lists(
    responses: Sequence[str] | Pool = RESPONSES,
    *,
    customs: Pool = NOTHING,
    organics: Pool = NOTHING,
    common: Pool = NOTHING,
    habits: Mapping[str, float] | None = None,
) -> Lists:
    everybodys = responses if isinstance(responses, Pool) else pool(responses)
    return Lists(Desk(customs, organics, habits or {}), everybodys, common, BASELINE)


def facts(**metadata: str) -> Facts:
    return facts_of("Sarah Jones", "Kim Lee", metadata, Dictionary({}), NOON)


def prospect(
    offered: Lists, conversation: Heard, before: PastAnswers | None = None, /, **metadata: str
) -> Prospect:
    before = past(answers(PAST)) if before is None else before
    return prospect_of(before, offered, conversation, facts(**metadata))


def texts(found: Prospect, query: str = "", count: int = 3) -> list[str]:
    return [offer.candidate.text for offer in found.suggest(query, count)]


def test_the_answers_that_fit_come_first() -> None:
    suggested = texts(prospect(lists(), heard(BAG)))

    assert len(suggested) == 3
    assert set(suggested[:2]) == set(RESPONSES[:2])


def test_another_question_gets_other_answers() -> None:
    bag = texts(prospect(lists(), heard(BAG)))
    money = texts(prospect(lists(), heard(("customer", "I'd like a refund please"))))

    assert "refund" in money[0]
    assert bag[0] != money[0]


@pytest.mark.spec("CMP-042")
def test_a_topic_nobody_has_met_gets_the_most_relevant_responses() -> None:
    unseen = heard(("customer", "refund please"))
    strange = past(answers([("great flight!", "Thanks a lot, we will tell the crew!")]))

    for before in (past(), strange):
        assert texts(prospect(lists(), unseen, before))[0] == RESPONSES[3]


def test_nothing_to_offer_suggests_nothing() -> None:
    nothing = prospect(lists([]), heard(("customer", "hi")))

    assert texts(nothing) == texts(nothing, "hi") == []


@pytest.mark.spec("CMP-035")
def test_what_colleagues_said_has_a_say_and_is_never_offered() -> None:
    found = prospect(lists([]), heard(BAG))

    assert texts(found) == texts(found, "we are") == []


def test_what_is_typed_comes_first_and_the_rest_may_follow() -> None:
    found = prospect(lists(), heard(BAG))

    assert texts(found, "sure")[0] == "Sure, may I have your booking number?"
    assert len(texts(found, "sure")) == 3


def test_going_back_shows_what_was_shown_before() -> None:
    found, again = prospect(lists(), heard(BAG)), prospect(lists(), heard(BAG))
    typed = ["", "s", "so", "sor", "so", "s", "", "y", "yo", "y", ""]

    shown = [texts(found, query) for query in typed]

    assert shown == [texts(again, query) for query in typed]
    assert shown == [shown[typed.index(query)] for query in typed]


def test_texts_that_mean_the_same_are_offered_once() -> None:
    same = [
        "We are sorry for the delay.",
        "We're sorry for the delay!",
        "We are so sorry for the delay.",
    ]

    suggested = texts(prospect(lists([*same, "It is late."]), heard(("customer", "late!"))))

    assert len(set(same) & set(suggested)) == 1


@pytest.mark.spec("CMP-040")
def test_of_several_wordings_the_agents_usual_one_comes_first() -> None:
    wordings = [
        "We are sorry for the delay.",
        "We're sorry for the delay!",
        "We are so sorry for the delay.",
    ]
    late = heard(("customer", "My flight is three hours late!"))

    for usual in wordings:
        habits = {Template(usual).saying: 3.0}
        suggested = texts(prospect(lists([*wordings, *RESPONSES], habits=habits), late))
        assert suggested[0] == usual


@pytest.mark.spec("CMP-039")
def test_two_agents_with_other_histories_get_another_order() -> None:
    report, sorry = RESPONSES[:2]
    before = past(
        answers([("my suitcase did not come", report), ("my bags are gone", report)], "kim"),
        answers([("my suitcase did not come", sorry), ("my bags are gone", sorry)], "lou"),
    )

    kim = texts(prospect(lists(), heard(BAG, agent="kim"), before))
    lou = texts(prospect(lists(), heard(BAG, agent="lou"), before))

    assert (kim[0], lou[0]) == (report, sorry)


@pytest.mark.spec("CMP-041")
def test_a_new_agent_is_helped_by_what_all_have_answered() -> None:
    before = past(answers([("how do I bring my cello", "Thank you for your kind words!")], "lou"))
    cello = heard(("customer", "can I bring my cello on board"), agent="new")

    assert texts(prospect(lists(), cello, before))[0] == "Thank you for your kind words!"
    assert texts(prospect(lists(), cello, past()))[0] != "Thank you for your kind words!"


def test_the_agents_own_text_is_offered_once_and_as_its_own() -> None:
    own = Pool([candidate(RESPONSES[0].upper(), Source.CUSTOM)])
    found = prospect(lists(customs=own), heard(BAG)).suggest("", 3)

    sources = {offer.candidate.text.casefold(): offer.candidate.source for offer in found}
    assert sources[RESPONSES[0].casefold()] is Source.CUSTOM
    assert len(found) == len(sources) == 3


@pytest.mark.spec("CMP-036")
@pytest.mark.parametrize("where", ["customs", "globals"])
def test_what_is_written_down_is_not_offered_as_only_said(where: str) -> None:
    said = "Sorry to hear that your bag is missing"
    written = candidate(said + "!", Source.CUSTOM, Item("queue", ("bags",)))
    organics = pool([said], Source.ORGANIC)
    everybodys = Pool([written]) if where == "globals" else NOTHING
    own = Pool([written]) if where == "customs" else NOTHING

    alone = prospect(lists([], organics=organics), heard(BAG))
    beside = prospect(lists(everybodys, customs=own, organics=organics), heard(BAG))

    assert texts(alone) == [said]
    # It is for another queue: being said often does not carry it into this one.
    assert texts(beside) == texts(beside, "sorry") == []


def test_what_was_just_answered_is_not_offered_again() -> None:
    said = "Your refund will arrive within seven days."
    asked = ("customer", "refund please")

    assert said in texts(prospect(lists(), heard(asked)))
    assert said not in texts(prospect(lists(), heard(asked, ("agent", said))))
    meant = heard(asked, ("agent", "You will get your refund within seven days."))
    assert said not in texts(prospect(lists(), meant))


@pytest.mark.spec("CMP-032")
def test_the_same_last_message_after_another_beginning_gets_other_answers() -> None:
    last = [
        ("agent", "Thank you for waiting."),
        ("customer", "ok"),
        ("agent", "I am still looking."),
        ("customer", "How long will that take?"),
    ]

    bag = texts(prospect(lists(), heard(("customer", "My suitcase is lost"), *last)))
    money = texts(prospect(lists(), heard(("customer", "I want my money back"), *last)))

    assert set(bag) != set(money)


def test_before_the_customer_says_anything_something_is_offered() -> None:
    assert len(texts(prospect(lists(), heard()))) == 3
    greeted = heard(("system", "An agent will be with you."))
    assert len(texts(prospect(lists(), greeted))) == 3


@pytest.mark.spec("CMP-047", "CMP-048", "CMP-049", "CMP-050")
def test_conditions_say_in_which_conversations_a_response_is_offered() -> None:
    queue = Item("queue", ("general", "escalation"))
    line = Item("line_of_business", ("air",))
    offered = lists(
        Pool(
            [
                candidate("one key", Source.GLOBAL, queue),
                candidate("two keys", Source.GLOBAL, queue, line),
                candidate("no key"),
            ]
        )
    )

    def offers(**metadata: str) -> set[str]:
        found = prospect(offered, heard(BAG), **metadata)
        by_words = {text for word in ("one", "two", "no") for text in texts(found, word)}
        assert by_words == set(texts(found))
        return by_words

    assert offers() == offers(queue="sales") == offers(line_of_business="air") == {"no key"}
    assert offers(queue="general") == offers(queue="escalation") == {"no key", "one key"}
    assert offers(queue="general", line_of_business="sea") == {"no key", "one key"}
    assert offers(queue="general", line_of_business="air") == {"no key", "one key", "two keys"}


def test_a_text_without_a_vector_is_found_by_its_words() -> None:
    fresh = Candidate("fresh", Source.GLOBAL, "Zebras are not allowed on board.")
    found = prospect(lists(Pool([*map(candidate, RESPONSES), fresh])), heard(BAG))

    assert fresh.text not in texts(found)
    assert texts(found, "zeb")[0] == fresh.text
