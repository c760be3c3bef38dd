"""Traces of people and of what they use: names, places, documents, devices, keys (PLT-112).

Off unless a company switches them on.
"""

import ipaddress

from rapport.engines.redaction.cards import has_luhn_check
from rapport.engines.redaction.entity import Entity
from rapport.engines.redaction.shapes import checked, digits, shape, value

_EDGE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"
_REFERENCE = r"(?=[A-Z0-9\-]*[0-9])[A-Z0-9](?:-?[A-Z0-9])"
_CA_LETTER = "[abceghj-nprstv-z]"
_CAPITAL = r"(?-i:[A-Z][\w'\-]+)"
_NAME_END = r"(?!and\b|but\b|i\b|from\b|with\b|my\b|the\b|not\b|on\b|in\b|y\b|pero\b|mi\b|de\b)"
_STREETS = (
    r"(?:street|st|avenue|ave|boulevard|blvd|road|rd|lane|ln|drive|dr|court|ct|circle|cir|way"
    r"|place|pl|square|sq|terrace|ter|parkway|pkwy|highway|hwy|trail|trl|alley|crescent|close)"
)
_NOT_STREET = (
    r"(?!(?:on|the|of|to|in|at|a|an|my|your|our|their|for|and|or|is|was|are|were|by|out|this|that|no"
    r"|any|all|more|minutes?|hours?|days?|people|bags?|miles)\b)"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ"
    "|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR"
)


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


_VIN_VALUES = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ0123456789",
        map(int, "123456781234579234567890123456789"),
        strict=True,
    )
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def _is_vin(text: str) -> bool:
    """Whether seventeen characters carry the check digit of a vehicle number."""
    plain = text.upper()
    total = sum(_VIN_VALUES[c] * w for c, w in zip(plain, _VIN_WEIGHTS, strict=True))
    return plain[8] == "0123456789X"[total % 11]


def _plain_digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _is_npi(text: str) -> bool:
    return has_luhn_check("80840" + _plain_digits(text))


def _is_dea(text: str) -> bool:
    """Whether a prescriber's number ends in its check digit."""
    number = [int(digit) for digit in text[2:]]
    return (sum(number[0:6:2]) + 2 * sum(number[1:6:2])) % 10 == number[6]


ENTITIES = (
    Entity(
        "NAME",
        "Names of people, where someone is named as such",
        shape(
            "NAME",
            r"(?:\b(?:my|your|her|his) (?:full |first |last |legal )?name(?: is|'s|:)|\bme llamo|"
            r"\b(?:mi|su|tu) nombre(?: completo)? es|\b(?:full|first|last|sur|customer|passenger) ?"
            r"name\s*[:=]|\bnombre\s*[:=]|\bname\s*[:=]|\b(?:mr|mrs|ms|miss|dr|sr|sra|srta)\.?)\s+"
            rf"(?P<value>{_NAME_END}[a-z][\w'\-]+(?:\s+(?:{_CAPITAL}|(?-i:[A-Z])\.))*)"
            rf"|\bthis is (?P<self>{_CAPITAL})(?= (?:speaking|here))",
        ),
    ),
    Entity(
        "ADDRESS",
        "Street addresses and post office boxes",
        shape(
            "ADDRESS",
            rf"{_EDGE}[0-9]{{1,6}}[a-z]?,? (?:(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)\.? )?"
            rf"(?:{_NOT_STREET}[a-z0-9][\w'.\-]* ){{1,4}}{_STREETS}\b\.?"
            r"(?:,? (?:apt|apartment|suite|ste|unit|#|floor|fl)\.? ?#?[0-9a-z\-]{1,6})?"
            r"|\bp\.? ?o\.? ?box \#?[0-9]{1,7}"
            r"|\b(?:calle|avenida|avda|av|plaza|paseo|camino|carretera|c/)\.? ?[a-z][\w'\-]*"
            r"(?: [a-z][\w'\-]*){0,5},? (?:n(?:o|um|umero)?\.? ?|# ?)?[0-9]{1,5}"
            r"(?:,? ?[0-9a-z]{1,3}(?![0-9a-z]))?",
        ),
    ),
    Entity(
        "ZIP",
        "Postal codes of the United States and Spain",
        shape(
            "ZIP",
            rf"(?<![A-Za-z])(?-i:{_STATES}),? +(?P<value>[0-9]{{5}}(?:-[0-9]{{4}})?){_END}"
            r"|\b(?:zip|post(?:al)?|codigo postal|c\.p\.)(?: ?code)?(?: is| es)?\W{0,3}"
            rf"(?P<after>[0-9]{{5}}(?:-[0-9]{{4}})?){_END}",
        ),
    ),
    Entity(
        "GB_POSTCODE",
        "British postcodes",
        shape(
            "GB_POSTCODE", rf"{_EDGE}[a-z]{{1,2}}[0-9][0-9a-z]? [0-9][abd-hjlnp-uw-z]{{2}}{_END}"
        ),
    ),
    Entity(
        "CA_POSTAL_CODE",
        "Canadian postal codes",
        shape(
            "CA_POSTAL_CODE",
            rf"{_EDGE}[abceghj-nprstvxy][0-9]{_CA_LETTER}[ \-]?[0-9]{_CA_LETTER}[0-9]{_END}",
        ),
    ),
    Entity(
        "AGE",
        "How old someone is",
        shape(
            "AGE",
            r"\b(?:(?:i am|i'm|he is|she is|he's|she's|aged?(?: is| of)?:?|tengo|tiene)\s+)"
            r"(?P<value>[0-9]{1,3})(?=\s*(?:years?(?:[ \-]old)?|yrs?|y/?o\b|anos|$|[.,]))",
        ),
    ),
    Entity(
        "MAIDEN_NAME",
        "A mother's maiden name, the classic security answer",
        value(
            "MAIDEN_NAME",
            r"maiden name|apellido de soltera(?: de mi madre)?",
            r"(?!is\b|es\b)[a-z][\w'\-]+",
        ),
    ),
    Entity(
        "USERNAME",
        "User names and login ids",
        value(
            "USERNAME",
            r"user ?name|user ?id|login ?id|log-?in name|nombre de usuario",
            r"(?!is\b|was\b|es\b|and\b|or\b|not\b|but\b|y\b)[a-z0-9][\w.\-@]{2,}",
            whole=True,
        ),
    ),
    Entity(
        "PASSPORT_NUMBER",
        "Passport numbers",
        value(
            "PASSPORT_NUMBER",
            r"passports?(?: number| no\b\.?| ?#)?|pasaporte",
            rf"(?=[A-Z0-9]*[0-9]{{4}})[A-Z0-9]{{6,10}}{_END}",
        ),
    ),
    Entity(
        "DRIVER_LICENSE",
        "Driving licence numbers",
        value(
            "DRIVER_LICENSE",
            r"driv(?:er'?s?|ing) licen[cs]e|licen[cs]e number|dl ?(?:number|no\b|#)"
            r"|licencia de conducir|permiso de conducir",
            rf"{_REFERENCE}{{4,19}}{_END}",
        ),
    ),
    Entity(
        "LICENSE_PLATE",
        "Vehicle registration plates",
        value(
            "LICENSE_PLATE",
            r"(?:license|licence|number|registration) plate|plate (?:number|no\b)|plates?"
            r"|matricula|placas?",
            r"(?=[A-Z0-9 \-]*[0-9])[A-Z0-9]{1,4}[ \-]?[A-Z0-9]{2,4}(?:[ \-]?[A-Z0-9]{1,3})?" + _END,
        ),
    ),
    Entity(
        "VEHICLE_ID",
        "Vehicle identification numbers (VIN)",
        shape("VEHICLE_ID", rf"{_EDGE}[a-hj-npr-z0-9]{{17}}{_END}", check=_is_vin),
    ),
    Entity(
        "MEDICARE_NUMBER",
        "United States Medicare beneficiary numbers",
        shape(
            "MEDICARE_NUMBER",
            rf"{_EDGE}[1-9][ac-hj-km-np-rt-y][ac-hj-km-np-rt-y0-9][0-9]-?[ac-hj-km-np-rt-y]"
            rf"[ac-hj-km-np-rt-y0-9][0-9]-?[ac-hj-km-np-rt-y]{{2}}[0-9]{{2}}{_END}",
        ),
    ),
    Entity(
        "HEALTH_INSURANCE_ID",
        "Health insurance policy and member numbers",
        value(
            "HEALTH_INSURANCE_ID",
            r"(?:health |medical )?insurance (?:id|number|policy|no\b|card)"
            r"|policy (?:number|no\b|id)|seguro medico|poliza",
            rf"{_REFERENCE}{{4,19}}{_END}",
        ),
    ),
    Entity(
        "MEDICAL_RECORD_NUMBER",
        "Medical record numbers",
        value(
            "MEDICAL_RECORD_NUMBER",
            r"medical record|mrn|patient (?:id|number)|historia clinica",
            rf"{_REFERENCE}{{3,14}}{_END}",
        ),
    ),
    Entity(
        "US_NPI",
        "United States health care provider numbers",
        shape("US_NPI", digits(10), check=_is_npi, words=r"npi|provider"),
    ),
    Entity(
        "US_DEA",
        "United States prescriber numbers",
        shape("US_DEA", rf"{_EDGE}[abcdefghjklmprstux][a-z9][0-9]{{7}}{_END}", check=_is_dea),
    ),
    Entity(
        "IP_ADDRESS",
        "Internet addresses",
        shape(
            "IP_ADDRESS",
            r"(?<![0-9A-Za-z.:])(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})"
            r"(?![0-9A-Za-z:]|\.[0-9])",
            check=_is_ip,
        ),
    ),
    Entity(
        "MAC_ADDRESS",
        "Hardware addresses of network devices",
        shape(
            "MAC_ADDRESS",
            rf"{_EDGE}[0-9a-f]{{2}}(?:([:\-])[0-9a-f]{{2}})(?:\1[0-9a-f]{{2}}){{4}}{_END}",
        ),
    ),
    Entity(
        "IMEI",
        "Serial numbers of mobile phones",
        shape("IMEI", digits("14,17"), check=checked("imei"), words=r"imei|meid|serial|device"),
    ),
    Entity(
        "COORDINATES",
        "Geographic positions",
        shape(
            "COORDINATES",
            r"(?<![0-9.])[+\-]?(?:[1-8]?[0-9]|90)\.[0-9]{3,},\s?[+\-]?(?:1[0-7][0-9]|[1-9]?[0-9]|180)"
            r"\.[0-9]{3,}(?![0-9.])",
        ),
    ),
    Entity(
        "API_KEY",
        "Keys and tokens of well-known services, and signed web tokens",
        shape(
            "API_KEY",
            r"(?<![A-Za-z0-9])(?:(?-i:A(?:KIA|SIA)[A-Z0-9]{16})|(?-i:gh[pousr]_[A-Za-z0-9]{20,})"
            r"|(?-i:[rsp]k_(?:live|test)_[A-Za-z0-9]{16,})|(?-i:xox[abprs]-[A-Za-z0-9\-]{10,})"
            r"|(?-i:AIza[\w\-]{35})|(?-i:sk-[A-Za-z0-9_\-]{20,})"
            r"|(?-i:eyJ[\w\-]{8,}\.[\w\-]{8,}\.[\w\-]{8,}))",
            whole=True,
        ),
    ),
    Entity(
        "PRIVATE_KEY",
        "Private keys",
        shape(
            "PRIVATE_KEY",
            r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?P<value>[A-Za-z0-9+/=\s]+)",
            whole=True,
        ),
    ),
    Entity(
        "ONE_TIME_CODE",
        "One-time sign-in codes",
        value(
            "ONE_TIME_CODE",
            r"(?:verification|one[ -]?time|otp|2fa|authentication|sign-?in|login|sms|access"
            r"|confirmation) (?:pass)?code|one[ -]?time password|otp"
            r"|codigo de (?:verificacion|acceso|confirmacion|un solo uso)",
            rf"(?:G-)?[0-9](?:[ \-]?[0-9]){{3,7}}{_END}",
        ),
    ),
    Entity(
        "LOYALTY_NUMBER",
        "Numbers of loyalty programmes",
        value(
            "LOYALTY_NUMBER",
            r"(?:frequent fl[iy]er|skymiles|rapid rewards|loyalty|membership|member|rewards"
            r"|aadvantage|mileage ?plus|miles|socio|viajero frecuente)"
            r"(?: (?:number|no\b\.?|id)| ?#)",
            rf"{_REFERENCE}{{4,15}}{_END}",
        ),
    ),
    Entity(
        "BOOKING_REFERENCE",
        "Booking and confirmation codes",
        value(
            "BOOKING_REFERENCE",
            r"(?:confirmation|booking|reservation)"
            r"(?: (?:number|code|ref(?:erence)?|no\b\.?|id)| ?#)"
            r"|record locator|pnr|localizador|codigo de reserva",
            rf"(?:(?-i:[A-Z]{{6}})|(?=[A-Z]*[0-9])[A-Z0-9]{{5,10}}){_END}",
        ),
    ),
    Entity(
        "ORDER_NUMBER",
        "Order and tracking numbers",
        value(
            "ORDER_NUMBER",
            r"(?:order|tracking|invoice|purchase)(?: (?:number|no\b\.?|id)| ?#)"
            r"|numero de (?:pedido|factura|seguimiento)|pedido",
            rf"{_REFERENCE}{{3,29}}{_END}",
        ),
    ),
)
