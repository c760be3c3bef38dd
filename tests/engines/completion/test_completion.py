"""What is offered while a message is typed, from texts small enough to read."""

from __future__ import annotations

import pytest

from rapport.engines.completion import (
    Completer,
    Line,
    Model,
    ModelRefused,
    Rules,
    Source,
    Wording,
    judged,
    taught,
    train,
)

pytestmark = pytest.mark.unit

SORRY = "We are very sorry for the delay with your order."
THANKS = "Thank you so much for your patience today."
# Ways of saying the same, by several agents: what is shared is worth offering.
SAID = [SORRY, SORRY, SORRY, SORRY, SORRY, THANKS, THANKS, THANKS, "How can I help?"]


def lines(*texts: str, first: int = 0) -> list[Line]:
    return [Line(text, number) for number, text in enumerate(texts, first)]


def completer(*texts: str, wording: Wording | None = None) -> Completer:
    return Completer([Source(train(lines(*texts)))], None if wording is None else [wording])


def completed(typed: str, found: Completer, **inserts: str) -> str | None:
    phrase = found.complete(typed, inserts)
    return None if phrase is None else typed + phrase.text


def test_what_was_said_often_is_offered_after_several_words() -> None:
    found = completer(*SAID)

    assert completed("We are very", found) == SORRY
    assert completed("We are very ", found) == SORRY
    assert completed("thank you so", found) == "thank you so much for your patience today."


def test_nothing_is_offered_after_few_words() -> None:
    found = completer(*SAID)

    assert completed("", found) is None
    assert completed("We", found) is None
    assert completed("We are", found) is None
    assert found.complete("We are", None, Rules(words=2)) is not None


def test_nothing_is_offered_after_words_that_nobody_said() -> None:
    found = completer(*SAID)

    assert completed("Purple elephants rarely", found) is None
    assert completed("Purple elephants rarely dance on ", found) is None


def test_a_higher_threshold_offers_less() -> None:
    found = completer(*SAID, "We are very happy to help.", "We are very happy to help.")

    assert found.complete("We are very", None, Rules(confidence=0.3)) is not None
    assert found.complete("We are very", None, Rules(confidence=0.999)) is None


def test_an_unfinished_word_is_finished() -> None:
    found = completer(*SAID)

    for typed in ("We are very so", "We are very SORR", "We are very sorry f", "We are very sorry"):
        offered = completed(typed, found)
        assert offered is not None
        assert offered.startswith(typed)
        assert offered.casefold() == SORRY.casefold()


def test_what_is_offered_stands_while_it_is_typed() -> None:
    found = completer(*SAID)
    begin = len("We are very")

    offers = {completed(SORRY[:end], found) for end in range(begin, len(SORRY))}

    assert offers == {SORRY}


def test_the_phrase_said_more_often_is_offered() -> None:
    often = ["Please let us know your flight number."] * 6
    seldom = ["Please let us know your seat number and the whole of your travel plans."] * 4

    assert completed("Please let us know your", completer(*often, *seldom)) == often[0]
    swapped = completer(*often[:4], *seldom, *seldom)
    assert completed("Please let us know your", swapped) == seldom[0]


def test_a_name_is_filled_in_and_never_another_customers() -> None:
    names = ["Eric", "Anna", "Omar", "Li", "Eva", "Sam", "Eric", "Anna", "Omar", "Eric"]
    greeted = [f"Thanks for reaching out, {name}. How can we help you today?" for name in names]
    found = completer(*greeted)

    assert completed("Thanks for reaching", found) == "Thanks for reaching out,"
    known = completed("Thanks for reaching", found, NAME="Zoë")
    assert known == "Thanks for reaching out, Zoë. How can we help you today?"
    after = completed("Thanks for reaching out, Zoë.", found, NAME="Zoë")
    assert after == "Thanks for reaching out, Zoë. How can we help you today?"


SECRETS = {
    "name": ("the passenger is", "Wilhelmina", "Featherstonehaugh"),
    "street": ("we ship it to", "Abernathy", "Crescent"),
    "number": ("the booking code is", "83XKQ7", "771204"),
    "mail": ("we write to you at", "w.featherstone@example.org", ""),
}


@pytest.mark.parametrize("said", SECRETS.values(), ids=SECRETS)
def test_what_one_customer_was_told_is_neither_offered_nor_stored(said: tuple[str, ...]) -> None:
    """However often one conversation repeats it, in words that all conversations use."""
    frame, *secrets = said
    planted = [Line(f"I see that {frame} {' '.join(secrets)} as you said.", 5)] * 40
    others = [Line(f"I see that {frame} known to us as you said.", 100 + n) for n in range(2)]
    model = train([*lines(*SAID, first=200), *planted, *others])
    blob = model.stored().lower()

    offered = Completer([Source(Model.restored(model.stored()))]).complete(f"I see that {frame}")

    for secret in filter(None, secrets):
        assert secret.lower().encode() not in blob
        assert offered is None or secret not in offered.text
        assert not any(secret in surface for surface in model._surfaces)


def test_numbers_of_a_text_that_the_company_wrote_are_offered() -> None:
    written = Line("Check-in opens 24 hours before departure.")
    found = Completer([Source(train([written]))])

    assert completed("Check-in opens 24", found) == written.text


def test_only_the_wording_of_the_lists_is_offered() -> None:
    found = completer(*SAID, wording=Wording(["Thank you so much for your call.", "For the delay"]))

    assert completed("We are very", found) is None
    assert completed("We are very sorry", found) == "We are very sorry for the delay"
    assert completed("Thank you so", found) == "Thank you so much for your"


def test_the_lists_alone_are_enough_to_begin_with() -> None:
    texts = ["Sure {NAME}, may I have your booking number?", "Your refund takes seven days."]
    found = Completer([Source(train([Line(text) for text in texts]))], [Wording(texts)])

    assert completed("Your refund takes", found) == texts[1]
    assert (
        completed("Sure Eva, may", found, NAME="Eva") == "Sure Eva, may I have your booking number?"
    )


def test_a_model_is_restored_as_it_was_and_a_foreign_one_is_refused() -> None:
    model = taught(lines(*SAID * 3))

    restored = Model.restored(model.stored())

    assert completed("We are very", Completer([Source(restored)])) == SORRY
    assert restored.weights == model.weights
    for blob in (b"", b"nonsense", model.stored()[:200]):
        with pytest.raises(ModelRefused):
            Model.restored(blob)


def test_no_texts_make_a_model_that_offers_nothing() -> None:
    found = Completer([Source(train([]))])

    assert completed("We are very sorry", found) is None
    assert completed("We are very sorry", Completer([])) is None


def test_typing_counts_what_is_saved_and_what_is_taken() -> None:
    found = completer(*SAID)
    rules = Rules(words=3)

    figures = judged(
        [SORRY, "We are very glad."], lambda typed: found.after_word(typed, None, rules)
    )

    saved = len(SORRY) - len("We are very")
    assert figures.messages == 2
    assert figures.characters == len(SORRY) + len("We are very glad.")
    assert (figures.offered, figures.accepted, figures.saved) == (2, 1, saved)
    assert figures.acceptance == 0.5


@pytest.mark.parametrize(
    "typed", ["  ", "\n\n\n", "{{{ {} }", "日本 語 の ", "😀 😀 😀", "a" * 9_000]
)
def test_any_text_may_be_typed(typed: str) -> None:
    assert completed(typed, completer(*SAID)) is None
