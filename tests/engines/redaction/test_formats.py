"""What is hidden of each entity, and what stays readable."""

import pytest

from rapport.engines.redaction import CATALOGUE, DEFAULT_ACTIVE, LOCKED, Redactor, UnknownEntity

pytestmark = pytest.mark.unit

DOCUMENTED = {
    "CREDIT_CARD_NUMBER": (
        "it is 4111 1111 1111 1111 ok",
        "it is **** **** **** 1111 ok",
    ),
    "CVV": ("the cvv is 561", "the cvv is ***"),
    "PASSWORD": ("my password is qwer1234", "my password is ********"),
    "PIN": ("PIN: 5614", "PIN: ****"),
    "SSN": ("social 012-03-1134", "social ***-**-1134"),
    "EMAIL": ("write to jo.smith@shop.example.com", "write to ***@shop.example.com"),
    "PHONE_NUMBER": ("at +1 800-433-7300.", "at ** ***-***-****."),
    "DOB": ("born 01/02/1980", "born **/**/****"),
    "PROFANITY": ("what a shitty day", "what a ****** day"),
}


def redactor(*entities: str, mask: str = "*") -> Redactor:
    return Redactor(frozenset(entities), mask=mask)


DEFAULT = Redactor(DEFAULT_ACTIVE)


@pytest.mark.spec("PLT-112", "PLT-116")
@pytest.mark.parametrize("entity", DOCUMENTED)
def test_documented_entities_have_their_documented_masking(entity: str) -> None:
    clear, masked = DOCUMENTED[entity]

    redacted = redactor(entity).redact(clear)

    assert redacted.text == masked
    assert [hidden.entity for hidden in redacted.spans] == [entity]
    assert len(CATALOGUE) > 8


@pytest.mark.parametrize("entity", DOCUMENTED)
def test_an_inactive_entity_is_left_alone(entity: str) -> None:
    clear, _ = DOCUMENTED[entity]

    assert (
        Redactor(frozenset(CATALOGUE.keys() - set(DOCUMENTED)) & frozenset()).redact(clear).text
        == clear
    )


@pytest.mark.spec("PLT-113")
def test_payment_password_pin_and_ssn_are_active_by_default() -> None:
    assert {"CREDIT_CARD_NUMBER", "CVV", "PASSWORD", "PIN", "SSN"} == DEFAULT_ACTIVE
    assert {"CREDIT_CARD_NUMBER", "CVV"} == LOCKED


@pytest.mark.parametrize(
    "card",
    [
        "4111111111111111",
        "4111-1111-1111-1111",
        "4111-1111 1111.1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4111, 1111, 1111, 1111",
        "5555 5555 5555 4444",
        "2223 0031 2200 3222",
        "3782 822463 10005",
        "378282246310005",
        "3056 930902 5904",
        "6011 1111 1111 1117",
        "3530 1113 3330 0000",
        "6212 3456 7890 1232",
        "6759 6498 2643 8453",
        "2200 0000 0000 0053",
        "4111_1111_1111_1111",
        "４１１１ １１１１ １１１１ １１１１",
        "٤١١١ ١١١١ ١١١١ ١١١١",
        "4111\u200b1111\u200b1111\u200b1111",
        "4️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣",
        "4111–1111—1111‑1111",
        "4111\n1111\n1111\n1111",
        '["4111","1111","1111","1111"]',
    ],
)
def test_a_card_keeps_its_last_four_digits_and_its_separators(card: str) -> None:
    masked = DEFAULT.redact(f"use {card} please").text

    digits = [index for index, character in enumerate(card) if character.isdigit()]
    expected = list(card)
    for index in digits[:-4]:
        expected[index] = "*"
    assert masked == f"use {''.join(expected)} please"


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        (
            "four one one one one one one one one one one one one one one one",
            "**** *** *** *** *** *** *** *** *** *** *** *** one one one one",
        ),
        (
            "forty one eleven, eleven eleven, eleven eleven, eleven eleven",
            "***** *** ******, ****** ******, ****** ******, eleven eleven",
        ),
        (
            "double five double five 5555 double five double five forty four forty four",
            "****** **** ****** **** **** ****** **** ****** **** forty four forty four",
        ),
        (
            "cuatro uno uno uno uno uno uno uno uno uno uno uno uno uno uno uno",
            "****** *** *** *** *** *** *** *** *** *** *** *** uno uno uno uno",
        ),
    ],
)
def test_spoken_cards_are_cards(said: str, masked: str) -> None:
    assert DEFAULT.redact(said).text == masked


@pytest.mark.parametrize(
    ("clear", "masked"),
    [
        ("card 4111111111111111 exp 12/27 cvv 123", "card ************1111 exp 12/27 cvv ***"),
        ("4111111111111111 12/27 123", "************1111 12/27 ***"),
        ("amex 3782 822463 10005, cid 1234", "amex **** ****** *0005, cid ****"),
        ("the 3 digits on the back are 123", "the 3 digits on the back are ***"),
        ("security code: 9 8 7", "security code: * * *"),
        ("123 is the cvv", "*** is the cvv"),
        ("my card number is 4111 1111 1111 1112", "my card number is **** **** **** 1112"),
        ("my card number is 4111 1111 11", "my card number is **** **** **"),
        ("el número de mi tarjeta es 1234567890123", "el número de mi tarjeta es *********0123"),
        ("el código de seguridad es 123", "el código de seguridad es ***"),
        ("my ssn is 123456789", "my ssn is *****6789"),
        (
            "123 45 6789 is my social security number",
            "***-**-6789".replace("-", " ") + " is my social security number",
        ),
        ("mi número de seguro social es 078 05 1120", "mi número de seguro social es *** ** 1120"),
        ("pin 4821", "pin ****"),
        ("my card 4111111111111111|09|2028|123", "my card ************1111|09|2028|***"),
        ("5500-0000-0000-0004, exp 12/27, code 123", "****-****-****-0004, exp 12/27, code ***"),
        ("card# 4111111111111111 cvv2:123", "card# ************1111 cvv2:***"),
        ("ssn#123456789", "ssn#*****6789"),
        ("PIN=4821;", "PIN=****;"),
        ("my passwrd is hunter2", "my passwrd is *******"),
        ("user jane pass hunter2", "user jane pass *******"),
        ("login ana / password falcon", "login ana / password ******"),
        ("I keep typing falcon as my password", "I keep typing ****** as my password"),
        ("it says wrong password but I put falcon", "it says wrong password but I put ******"),
        ("Password (case sensitive): falcon", "Password (case sensitive): ******"),
        ("password is set to falcon", "password is set to ******"),
        ("the code at the back of my card is 123", "the code at the back of my card is ***"),
        ("sec code 123", "sec code ***"),
        ("full social please? ok 123456789", "full social please? ok *****6789"),
        ("the password for jo@x.com is Winter", "the password for jo@x.com is ******"),
        ("my pin is four eight two one", "my pin is **** ***** *** ***"),
        ("mi nip es 4821", "mi nip es ****"),
        ("the PIN for my account would be 482193", "the PIN for my account would be ******"),
        ("password: hunter2 and mail", "password: ******* and mail"),
        ("my password is Sunshine!", "my password is *********"),
        ("mi contraseña es perro123", "mi contraseña es ********"),
        (
            '{"cvv":"123","password":"let me in","pin":4821}',
            '{"cvv":"***","password":"*** ** **","pin":****}',
        ),
        ("changed my password to Tr0ub4dor&3 today", "changed my password to *********** today"),
    ],
)
def test_secrets_are_found_in_ordinary_sentences(clear: str, masked: str) -> None:
    assert DEFAULT.redact(clear).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "I'm on flight DL4047 to CLE, seat 3A, row 22",
        "flight 2222 LAX to ATL at 645am",
        "order 123-4567890-1234567 and confirmation GQ7KXM",
        "my order number is 1234567890123456",
        "I paid $1,234.56 on 12/25/2026 at 10:45",
        "call 800-433-7300 or +54 11 5480 0504",
        "@116125 #4923 @company 1/2",
        "ticket 0062345678901 or 526-2345678901",
        "incident Ref#1-23789704534",
        "my pin isn't working on flight 1403",
        "My password is not working, I reset the password twice",
        "password is wrong",
        "is my password case sensitive?",
        "the security code was sent at 10:45",
        "number on the back of the card is 800-555-0100",
        "the card ending in 1234",
        "one or two of three bags",
        "zip 90210, boarding pass: 12A",
        "The password is case-sensitive",
        "the passwords are given by the airline once Wi-Fi is purchased.",
        "my password was denied and it is supposed to be 15% off",
        "the social 2020 event",
        "we pinned 4821 notes while shopping 1234",
        "https://example.com/status/912345678901234567",
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    assert DEFAULT.redact(text).text == text


def test_the_mask_is_a_parameter() -> None:
    assert redactor("PIN", mask="#").redact("my PIN number is 4821").text == (
        "my PIN number is ####"
    )
    with pytest.raises(ValueError, match="one character"):
        redactor("PIN", mask="XX")


def test_an_entity_outside_the_catalogue_is_refused() -> None:
    with pytest.raises(UnknownEntity, match="SHOE_SIZE"):
        redactor("SHOE_SIZE")


def test_representations_show_no_text() -> None:
    redacted = redactor("PIN").redact("Jane's pin is 4821")

    assert "Jane" not in repr(redacted)
    assert "4821" not in repr(redacted)
