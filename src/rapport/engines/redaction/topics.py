"""What people call the things that must not be kept, in English and Spanish.

Every pattern is matched against lower-case folded text, so accents are already gone
("contraseña" reads "contrasena").
"""

import re
from dataclasses import dataclass
from enum import IntEnum


def words(text: str) -> frozenset[str]:
    """Return the words of a text, for lists that read better as prose."""
    return frozenset(text.split())


class Topic(IntEnum):
    """A secret that is recognised by the words around it."""

    CARD = 0
    CVV = 1
    PIN = 2
    PASSWORD = 3
    SSN = 4
    DOB = 5
    PHONE = 6


_CARD_BRAND = r"(?:visa|master ?card|amex|american express|discover|diners|jcb|maestro)"
PATTERNS: dict[Topic, str] = {
    Topic.CARD: (
        r"(?<!green )(?<!boarding )(?<!business )(?<!security )(?<!member )(?<!membership )"
        r"(?<!gift )\bcard(?:\s*(?:number|num|nbr|no\b\.?|#|digits|details|info(?:rmation)?))"
        r"|\b(?:my|your|the|this|new|credit|debit|bank|payment) card"
        r"(?=\s*(?:is|:|=|to use is|ending))"
        r"|\b(?:your|su|tu) (?:credit|debit|bank|payment) card\b"
        r"|\b(?:credit|debit) ?card\b(?=\W{0,4}[0-9])"
        rf"|\b{_CARD_BRAND}\b(?=\s*(?:card|number|is\b|:|#|=|\W{{0,3}}[0-9]))"
        r"|\bcc\s*(?:#|number|num\b|no\b)"
        r"|\blong number (?:on|across)"
        r"|\b(?:numeros?|num|nro|no)\.? (?:completo )?(?:de |en )?"
        r"(?:la |mi |su |tu |una )?tarjeta\b"
        r"|\b(?:mi|su|tu|la) tarjeta(?: de (?:credito|debito))?(?=\s*(?:es\b|:|=|\W{0,3}[0-9]))"
    ),
    Topic.CVV: (
        r"\b(?:cvv2?|cvc2?|cvn2?|csc)(?![a-z])|\bcid\b(?=\s*(?:number|code|is\b|[:#=]|\W?[0-9]))"
        r"|\bcard (?:verification|security) (?:code|value|number)\b"
        r"|(?<!social )\bsec(?:urity|\.)? (?:code|digits|number)\b"
        r"|\b(?:[34]|three|four)[ -]digits? (?:security )?(?:code|number)\b"
        r"|\b(?:code|digits?|numbers?) (?:printed )?(?:on|from|at|in) the"
        r" (?:back|front|reverse)\b|\bback of (?:the |my )?card(?: code)?\b"
        r"|\bverification (?:code|value|number) (?:on|of) (?:the|my|your) card\b"
        r"|\bcodigo de (?:seguridad|verificacion)\b"
        r"|\b(?:(?:tres|cuatro|3|4) )?(?:digitos|numeros) (?:de|del|en|al) (?:la )?"
        r"(?:atras|reverso|dorso|detras|parte (?:de atras|trasera|posterior))\b"
    ),
    Topic.PIN: (
        r"(?<![a-z])pin(?:[ -]?(?:code|number|num|no\b|#))?(?![a-z])"
        r"|\bpincode\b|\bp\.i\.n\b\.?|\bnip\b|\bnumero secreto\b|\bpasscode\b"
        r"|\bclave (?:numerica|secreta|del? (?:cajero|tarjeta|la tarjeta))\b"
        r"|\bclave\b(?=\W{0,3}[0-9])"
    ),
    Topic.PASSWORD: (
        r"\bpas{1,2}[ -]?w(?:ord|rod|rd|od|d)s?\b|\bpassowrds?\b|\bpwd\b|\bpw\b(?=\s*[:=]| is\b)"
        r"|\bpass[ -]?codes?\b"
        r"|\bpass[ -]?phrase\b|\bcontrasena\b|\bclave(?: de acceso| secreta)?\b"
        r"|(?:^|[\n,;/({]\s?|\")pass(?=\s*[:=])|\bpass(?==)|\bpalabra clave\b"
        r"|\b(?:user(?:name)?|login|usuario)\b[^\n]{1,40}\bpass\b"
    ),
    Topic.SSN: (
        r"(?<![a-z])ssn(?![a-z])|\bs\.s\.n\b\.?|\bss ?#"
        r"|\bsoc(?:ial)?\.? ?sec(?:urity)?\b"
        r"(?!,? (?:administration|office|benefits?|agent))(?:\s*(?:number|num\b|no\b\.?|#))?"
        r"|\bsocial(?=\s*(?:number|is\b|:|#|=|\W{0,3}[0-9]{3}\W?[0-9]{2}\W?[0-9]{4}))"
        r"|\b(?:my|your|his|her|su) social(?=\W{0,3}[0-9])"
        r"|\b(?:your|my|his|her) social\b(?=\W*(?:$|[?.,!;]|so\b|please))"
        r"|\bfull social\b|\bseguro social\b|\bseguridad social\b|\bnss\b"
    ),
    Topic.DOB: (
        r"\bd\.?o\.?b\b\.?|\bdate of birth\b|\bbirth ?(?:date|day)\b|\bborn\b"
        r"|\bnaci(?:miento|do|da|o)?\b|\bfecha de nac\b|\bcumpleanos\b"
    ),
    Topic.PHONE: (
        r"\b(?:tele)?phone(?: ?(?:number|no\b|#))?\b|\bcall(?: me| us| them)?\b|\bcell(?:phone)?\b"
        r"|\bmobile\b|\btel(?:efono)?\b|\btext me\b|\bwhats ?app\b|\bmovil\b|\bcelular\b"
        r"|\bllam(?:ar|e|ame|eme|enme)\b|\bcontact number\b|\bmy number\b|\breach me\b"
    ),
}
_COMPILED = {topic: re.compile(pattern) for topic, pattern in PATTERNS.items()}


@dataclass(slots=True, frozen=True)
class Mention:
    """Where a topic is named in a folded text."""

    topic: Topic
    start: int
    end: int


def mentions(lower: str, topic: Topic) -> list[Mention]:
    """Find every place where a topic is named in lower-case folded text."""
    found = _COMPILED[topic].finditer(lower)
    return [Mention(topic, match.start(), match.end()) for match in found]


ASKS = re.compile(
    r"\?|\b(?:please|pls|provide|enter|send|give|confirm|tell|type|need|share|reply|repeat|verify"
    r"|what is|what's|whats|have your|get your|go ahead"
    r"|cual|digame|dime|indique|escriba|proporcione|deme|envie|confirme|por favor|necesito)\b"
)


def asks(lower: str) -> bool:
    """Whether a text reads like a request for something."""
    return ASKS.search(lower) is not None


OTHER_SUBJECT = re.compile(
    r"\b(?:order|flight|confirmation|reservation|booking|tracking|ticket|case|reference|invoice"
    r"|record locator|zip|postal|pedido|vuelo|reserva|factura|referencia|member(?:ship)?|skymiles"
    r"|rapid rewards|loyalty|frequent flyer|amount|price|quantity|how many|gate|seat)\b"
)


def changes_subject(lower: str) -> bool:
    """Whether a text asks about a number that is no secret (an order, a flight, an amount)."""
    return OTHER_SUBJECT.search(lower) is not None and asks(lower)


_NOT_SECRET_BEFORE = re.compile(
    r"(?:[$€£@]|\b(?:flight|flt|vuelo|gate|puerta|seat|asiento|row|fila|terminal|room|zone|group"
    r"|order|pedido|confirmation|reservation|reference|ref|conf|ticket|case|booking|apt|suite"
    r"|building|street|highway|route|boeing|airbus|version|zip|postal|ios|windows|android|step|page|paso"
    r"|chapter|year|ano|in|at|since|until|by|before|after|around|about|over|under|than|en|las"
    r"|hace|desde|hasta|antes|despues|within|every|another|least|most|between|dl|aa|ba|ua|wn|vs))"
    r"\s{0,2}(?:number|numero|no\.?|num|#|:)?\s{0,2}[#:]?\s{0,2}$"
)
_NOT_SECRET_AFTER = re.compile(
    r"\s?(?:%|:[0-9]{2}\b|(?:a\.?m|p\.?m|hrs?|hours?|h|min(?:ute)?s?|secs?|seconds?|days?|weeks?"
    r"|months?|years?|usd|dollars?|bucks|eur|euros?|pesos|percent|miles|points|km|lbs?|kg|times"
    r"|people|passengers|st|nd|rd|th|dias?|horas?|minutos?|anos?|meses|semanas?|veces|puntos"
    r"|millas|digits?|digitos?|characters?|letters?|attempts?|tries|options?)\b)"
)


def is_ordinary_number(lower: str, start: int, end: int) -> bool:
    """Whether the words right around a number say it is a time, a price, a flight and the like."""
    window = lower[max(0, start - 30) : start]
    return bool(_NOT_SECRET_BEFORE.search(window) or _NOT_SECRET_AFTER.match(lower, end))


_AMOUNT_BEFORE = re.compile(r"[$€£]\s?$")
_CLOCK_AFTER = re.compile(r"\s?(?:a\.?m\b|p\.?m\b|:[0-9]{2}\b|%)")


def is_amount_or_time(lower: str, start: int, end: int) -> bool:
    """Whether a number is plainly money, a share or a time of day."""
    before = lower[max(0, start - 2) : start]
    return bool(_AMOUNT_BEFORE.search(before) or _CLOCK_AFTER.match(lower, end))
