"""What earlier utterances of a conversation say about the next one."""

import pytest

from rapport.engines.redaction import DEFAULT_ACTIVE, EMPTY, MEMORY, Context, Redactor

pytestmark = pytest.mark.unit

REDACTOR = Redactor(DEFAULT_ACTIVE)


def told(*utterances: str, redactor: Redactor = REDACTOR) -> list[str]:
    """Redact a conversation utterance by utterance, as it is stored."""
    stored: list[str] = []
    context = EMPTY
    for utterance in utterances:
        stored.append(redactor.redact(utterance, context).text)
        context = context.after(stored[-1])
    return stored


@pytest.mark.spec("PLT-117")
@pytest.mark.parametrize(
    ("utterances", "stored"),
    [
        (
            ["my social is coming up. 078. then 05. then 1120"],
            ["my social is coming up. ***. then **. then ****"],
        ),
        (
            ["I will tell you my social security number.", "One moment.", "123456789"],
            ["I will tell you my social security number.", "One moment.", "*****6789"],
        ),
        (
            ["What is your SSN?", "078", "and then 05", "and the last part is 1120"],
            ["What is your SSN?", "***", "and then **", "and the last part is ****"],
        ),
        (
            ["Could I get the card number?", "sure", "4111 1111", "1111", "1111"],
            ["Could I get the card number?", "sure", "**** ****", "****", "****"],
        ),
        (
            ["my card number is", "4111 1111 1111 1111"],
            ["my card number is", "**** **** **** 1111"],
        ),
        (["4111 1111", "1111 1111"], ["4111 1111", "**** ****"]),
        (["4111", "1111", "1111", "1111"], ["4111", "1111", "****", "****"]),
        (["3782 822463", "10005"], ["3782 822463", "*****"]),
    ],
)
def test_numbers_split_over_utterances_are_hidden(utterances: list[str], stored: list[str]) -> None:
    assert told(*utterances) == stored


@pytest.mark.parametrize(
    ("utterances", "answer"),
    [
        (["4 digit pin?", "4821"], "****"),
        (["And your PIN please", "it's 4821, thanks"], "it's ****, thanks"),
        (["And your PIN please", "four eight two one"], "**** ***** *** ***"),
        (["¿Cuál es su NIP?", "4821"], "****"),
        (["What's the code on the back?", "561"], "***"),
        (["¿Me da el código de seguridad?", "sí, 561"], "sí, ***"),
        (["4111 1111 1111 1111", "12/27", "561"], "***"),
        (["What is your password?", "sunshine"], "********"),
        (["What is your password?", "It's hunter2!"], "It's ********"),
        (["¿Cuál es su contraseña?", "perro"], "*****"),
        (["Last four of your social?", "1120"], "****"),
        (["your card number?", "let me look", "one sec", "4111111111111112"], "************1112"),
    ],
)
def test_an_answer_is_read_in_the_light_of_its_question(utterances: list[str], answer: str) -> None:
    assert told(*utterances)[-1] == answer


@pytest.mark.parametrize(
    "utterances",
    [
        ["I forgot my pin", "What is your order number?", "48213"],
        ["I forgot my pin", "That was on flight 1403 at 10:45, gate 4821, row 12, seat 3"],
        ["What is your password?", "no"],
        ["my card was declined", "which flight?", "DL4047"],
        ["your SSN?", "it costs $120 and opens at 10:30am"],
        ["What's your order number?", "48213", "and the amount?", "1200"],
        ["Is it the card ending in 1234?", "yes, ending in 1234"],
        ["the card was 4111 1111 1111 1111", "order 112-1234567-1234567 from 2026"],
        ["1234", "5678", "9012"],
    ],
)
def test_other_numbers_stay(utterances: list[str]) -> None:
    assert told(*utterances)[-1] == utterances[-1]


@pytest.mark.parametrize(
    ("entity", "question", "answer", "stored"),
    [
        ("DOB", "What is your date of birth?", "3/4/80", "*/*/**"),
        ("DOB", "¿Su fecha de nacimiento?", "el 5 de mayo de 80", "el * ** **** ** **"),
        ("PHONE_NUMBER", "What number can I call you on? A phone number?", "5550123", "*******"),
    ],
)
def test_off_by_default_entities_answer_too(
    entity: str, question: str, answer: str, stored: str
) -> None:
    redactor = Redactor(frozenset({entity}))

    assert told(question, answer, redactor=redactor) == [question, stored]


def test_an_answer_ends_the_question() -> None:
    assert told("your pin?", "4821", "and I paid 1999")[-1] == "and I paid 1999"


def test_a_topic_is_forgotten() -> None:
    chatter = ["hello"] * MEMORY

    assert told("What is your pin?", *chatter, "4821")[-1] == "4821"


def test_context_is_the_last_utterances_and_nothing_else() -> None:
    texts = ["my card number is", "4111", "ok", "go on", "1111", "yes", "1111", "1111", "thanks"]

    assert Context.of(texts) == Context.of(texts[-MEMORY:])
    assert "4111" not in repr(Context.of(texts))
