"""Money and what gives access to it, off unless a company switches it on (PLT-112)."""

import re
from collections.abc import Iterator

from stdnum import iban

from rapport.engines.redaction.context import Context
from rapport.engines.redaction.entity import Entity
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.shapes import checked, digits, shape, value
from rapport.engines.redaction.spans import Span

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[ \-]?[A-Za-z0-9]){11,30}")
_IBAN_LENGTHS = range(15, 35)


def _ibans(folded: Folded, _context: Context) -> Iterator[Span]:
    """Find account numbers of the international form; the words after one are not part of it."""
    for found in _IBAN.finditer(folded.text):
        ends = [i + 1 for i in range(*found.span()) if folded.text[i].isalnum()]
        for end in reversed(ends[_IBAN_LENGTHS.start - 1 :]):
            closed = not folded.text[end : end + 1].isalnum()
            if closed and iban.is_valid(folded.text[found.start() : end]):
                yield Span("IBAN", found.start(), end)
                break


def _is_clabe(number: str) -> bool:
    """Whether 18 digits end in the check digit of a Mexican account."""
    plain = [int(character) for character in number if character.isdigit()]
    weighted = sum(
        digit * weight % 10 for digit, weight in zip(plain[:17], (3, 7, 1) * 6, strict=False)
    )
    return (10 - weighted % 10) % 10 == plain[17]


_ACCOUNT = (
    r"(?:bank |checking |savings |current )?account(?: number| no\b\.?| num\b| ?#)"
    r"|acct(?:ount)?(?: number| no\b\.?| ?#)?|checking account|savings account"
    r"|(?:numero de )?cuenta(?: bancaria| corriente| de ahorros?)?"
)

ENTITIES = (
    Entity(
        "CARD_EXPIRY",
        "Expiry dates of payment cards",
        shape(
            "CARD_EXPIRY",
            r"\b(?:exp(?:iry|ires|iring|iration)?|valid (?:thru|until|through)|good thru|vence"
            r"|caduca|vencimiento|caducidad|expira)(?: date| fecha)?(?: is| of| on| es| el)?"
            r"\W{0,3}(?P<value>(?:0?[1-9]|1[0-2])\s?[/\-. ]\s?(?:20)?[2-4][0-9])(?![0-9/])",
        ),
    ),
    Entity(
        "CARD_TRACK_DATA",
        "What is read from the magnetic stripe of a card",
        shape(
            "CARD_TRACK_DATA",
            r"%B[0-9 ]{12,19}\^[^^\n]{2,40}\^[0-9]{4}[^?\n]{0,60}\?|;[0-9]{12,19}=[0-9]{4}[0-9]*\?",
            whole=True,
        ),
    ),
    Entity("IBAN", "International bank account numbers", _ibans),
    Entity(
        "BIC",
        "Bank identifier codes (SWIFT)",
        shape(
            "BIC",
            r"(?<![A-Za-z0-9])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])",
            check=checked("bic"),
            words="bic|swift",
        ),
    ),
    Entity(
        "BANK_ACCOUNT_NUMBER",
        "Bank account numbers, after words that say so",
        value("BANK_ACCOUNT_NUMBER", _ACCOUNT, r"[0-9](?:[ \-]?[0-9]){5,19}(?![0-9])"),
    ),
    Entity(
        "US_ROUTING_NUMBER",
        "United States bank routing numbers",
        shape(
            "US_ROUTING_NUMBER",
            digits(9),
            check=checked("us.rtn"),
            words=r"routing|aba|rtn|transit",
        ),
    ),
    Entity(
        "UK_SORT_CODE",
        "United Kingdom bank sort codes",
        shape(
            "UK_SORT_CODE",
            r"(?<![0-9])[0-9]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}(?![0-9])",
            words=r"sort ?code",
        ),
    ),
    Entity(
        "ES_BANK_ACCOUNT",
        "Spanish bank account numbers (CCC)",
        shape("ES_BANK_ACCOUNT", digits(20), check=checked("es.ccc")),
    ),
    Entity(
        "MX_CLABE",
        "Mexican bank account numbers (CLABE)",
        shape("MX_CLABE", digits(18), check=_is_clabe),
    ),
    Entity(
        "AR_CBU",
        "Argentine bank account numbers (CBU)",
        shape("AR_CBU", digits(22), check=checked("ar.cbu")),
    ),
    Entity(
        "NZ_BANK_ACCOUNT",
        "New Zealand bank account numbers",
        shape(
            "NZ_BANK_ACCOUNT",
            r"(?<![0-9])[0-9]{2}-[0-9]{4}-[0-9]{7}-[0-9]{2,3}(?![0-9])",
            check=checked("nz.bankaccount"),
        ),
    ),
    Entity(
        "CRYPTO_WALLET",
        "Bitcoin and Ethereum addresses",
        shape(
            "CRYPTO_WALLET",
            r"(?<![A-Za-z0-9])(?:bc1[a-z0-9]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34}"
            r"|0x[0-9a-f]{40})(?![A-Za-z0-9])",
            check=lambda found: found[:2].lower() == "0x" or checked("bitcoin")(found),
        ),
    ),
)
