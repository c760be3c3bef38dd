"""The catalogue of what Rapport can hide, closed for companies and open for us (PLT-112..115).

Companies switch entities on and off for each policy; they can neither create, rename nor delete
one. Entities stand in order of importance: where two claim the same characters, the first has them.
"""

from collections.abc import Mapping
from types import MappingProxyType

from rapport.engines.redaction import (
    cards,
    finance,
    identifiers,
    identities,
    passwords,
    personal,
    profanity,
    traces,
)
from rapport.engines.redaction.entity import Entity

_DOCUMENTED = (
    Entity(
        "CREDIT_CARD_NUMBER",
        "Payment card numbers; the last four digits stay readable",
        cards.card_numbers,
        is_locked=True,
        is_active_by_default=True,
    ),
    Entity(
        "CVV",
        "The three or four digit security code of a payment card",
        cards.card_codes,
        is_locked=True,
        is_active_by_default=True,
    ),
    Entity(
        "SSN",
        "United States social security numbers; the last four digits stay readable",
        identifiers.social_security_numbers,
        is_active_by_default=True,
    ),
    Entity("PIN", "Personal identification numbers", identifiers.pins, is_active_by_default=True),
    Entity("PASSWORD", "Passwords", passwords.passwords, is_active_by_default=True),
    Entity("EMAIL", "E-mail addresses; the domain stays readable", personal.emails),
    Entity("PHONE_NUMBER", "Digit sequences shaped like telephone numbers", personal.phone_numbers),
    Entity("DOB", "Dates of birth", personal.birth_dates),
    Entity("PROFANITY", "Listed bad words, in English and Spanish", profanity.profanities),
)

_ALL = (*_DOCUMENTED, *finance.ENTITIES, *identities.ENTITIES, *traces.ENTITIES)

CATALOGUE: Mapping[str, Entity] = MappingProxyType({entity.id: entity for entity in _ALL})
DEFAULT_ACTIVE = frozenset(e.id for e in _ALL if e.is_active_by_default)
LOCKED = frozenset(entity.id for entity in _ALL if entity.is_locked)
