"""Passwords: PASSWORD (PLT-112, PLT-116, PLT-117).

A password has no form, so it is found by what leads to it ("password is", "password:"), by what
follows it ("as my password"), by its look (letters mixed with digits or signs), and by having been
asked for.
"""

import re
from collections.abc import Iterator

from rapport.engines.redaction.context import Context
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.spans import Span
from rapport.engines.redaction.topics import Mention, Topic, words

_VALUE_LINK = re.compile(
    r"(?:(?:is|was|es)?\s*(?P<sign>[:=\u2192]|->|=>|-(?=\s))"
    r"|(?:(?<=\s)|^)(?:is|was|are|be|it's|its|as|to|es|era|sera|son)(?=\s))"
    r"\s*[\"'“”`(\[]*(?P<value>\S+)"
)
# A value stands in the sentence that names it, or right behind the colon that ends it.
_PHRASE = re.compile(r"(?:[^.!?\n]|[.!?](?!\s)){0,60}")
# "the password … I typed hunter2", "typing hunter2 as my password", "ana / password hunter2"
_TYPED = (
    r"(?:put|puts|putting|typ(?:ed?|ing)|enter(?:ed|ing)?|us(?:ed?|ing)|tried|puse|escribi|uso)"
)
_TYPED_VALUE = re.compile(rf"[^.!?\n]{{0,40}}?\b{_TYPED}(?: in)?\s+[\"'`]*(?P<value>\S+)")
_VALUE_BEFORE = re.compile(
    rf"(?P<typed>\b{_TYPED}\s+)?[\"'`]*(?P<value>\S+?)[\"'`]*\s+(?:as|is|for|como|es|de)\s+"
    r"(?:(?:my|the|his|her|mi|la|su)\s+)?(?:\w+\s+)?$"
)
# "ana / password falcon", "user ana, password falcon", "tried password falcon"
_LISTED = re.compile(
    rf"(?:[/|]|\b(?:user(?:name)?|login|usuario)\W+\S+|\b{_TYPED}(?: (?:the|my|mi|la))?)\s*$"
)
_SET_OFF = re.compile(r"[^.!?\n]{0,40}?,\s+[\"'`]*(?P<value>[^\s,]+),")
_DIRECT_VALUE = re.compile(r"\s+[\"'`]*(?P<value>\S+)")
# "new password falcon does not work", "my password falcon was rejected"
_FAILS = re.compile(
    r"[\"'`]*\s+(?:(?:still|always|just|now|suddenly|ya|sigue)\s+)?"
    r"(?:(?:does|did|will|would|is|was|has|can) ?(?:not|n't|n’t)\b|(?:doesnt|didnt|wont|isnt|wasnt)\b"
    r"|(?:is|was|gets?|got|keeps?|has been) (?:being )?(?:wrong|rejected|refused|denied|failing|invalid)"
    r"|fails?\b|failed\b|stopped working|no (?:funciona|sirve|vale)\b)"
)
# "the password you gave me, falcon, fails"
_GIVEN_VALUE = re.compile(
    r"\s+(?:that\s+)?(?:you|they|i|we|he|she|it)\s+(?:just\s+)?"
    r"(?:gave|sent|told|set|chose|made|got|had|use|used|typed|picked|mailed|texted)\b[^.!?,\n]{0,20}"
    r",\s+[\"'`]*(?P<value>[^\s,]+?)[\"'`]*,"
)
_JSON_VALUE = re.compile(r"[a-z_]*[\"']\s*:\s*[\"'](?P<value>[^\"']+)[\"']")
_ANSWER = re.compile(
    r"^\s*(?:(?:ok|okay|sure|yes|yeah|si|claro|yep|hi|so|well)[,.:! ]+)?"
    r"(?:(?:it's|its|it is|that's|that is|this is|here it is|here you go|es|is)[,:. ]+)?"
    r"[\"'`]*(?P<value>\S+?)[\"'`]*\.?(?:[,. ]+(?:thanks|thank you|please|gracias)[.!]?)?\s*$"
)
_ANSWER_LENGTH = 120
# Farther from the word "password" than this, an ordinary word is more likely just that.
_NEAR = 30
_BEFORE_LENGTH = 80
_TRAILING = ".,;:!?\"'`)]}”"
# Words that follow "password is" without being one.
_NOT_A_VALUE = words(
    "a about account again all already also always an and any app are as at available back be been"
    " being blank broken but by can case changed compromised confirmed correct corrupt different"
    " disabled done down due easy email empty enough error even expired expiring failing fine for"
    " forgotten from given going gone good happening hard have having her here hers his i if in"
    " incorrect invalid is it its just link lol long locked log login long lost me mine missing my"
    " need needed needs never new no not nothing now of ok okay old on only or our out page please"
    " protected ready really recover rejected required requirements reset resetting right saved"
    " secure sensitive sent set short so some something still stored strong sure temporary thanks"
    " that the their them then there they this to too unable unknown up updated us use used valid"
    " wait was we weak well what when where whether which while who why will with work working"
    " works would wrong yes yet you your yours 1 characters hacked stolen unchanged secret private"
    " denied declined refused accepted entered recognized blocked deleted leaked exposed deactivated"
    " shared everything twice times both correctly manually carefully nothing anything others another"
    " which one ones same right wrong help"
    " manage access get see change check book try enter find case-sensitive"
    " caducada correcta de el en equivocada ella erronea esta incorrecta invalida la lo los mal mi"
    " muy ninguna no nueva obligatoria olvidada para pero por que requerida su tu un una vencida"
    " y ya yo"
    " hi hello hey hola done sorry gracias vale what? none nope nah yep yeah sure. idk"
)
# What belongs to a password in "password manager" and the like.
_GOES_WITH_PASSWORD = words(
    "manager page email mail field screen prompt recovery protection requirement hint box form"
    " generator policy option update verification problem problems issue issues error errors request"
    " requests support question questions reminder retrieval expiration expiry rules rule list"
    " strength length system settings setting website site tool function feature codes number entry"
    " input attempt attempts button message messages notification however though team service sync"
    " process step steps storage vault keeper autofill login-page lock locks saver checker characters"
    " gestor campo pantalla pagina correo formulario cambio restablecimiento"
)
_NUMBER = re.compile(r"[0-9.,:%$/\-]+")
_SECRET_LOOK = re.compile(
    r"(?=.*[0-9])|(?=.*[a-z][A-Z])|(?=.*[A-Za-z0-9][!@#$%^&*_+=~?/\\|]+[A-Za-z0-9])"
)


def passwords(folded: Folded, context: Context) -> Iterator[Span]:
    """Find passwords: what "password is" or "password:" leads to, or the answer to a request."""
    lower = folded.lower
    for mention in folded.mentions(Topic.PASSWORD):
        value = _value_near(folded, mention)
        if value is not None:
            yield value
    answer = _ANSWER.match(lower) if len(lower) <= _ANSWER_LENGTH else None
    if answer and context.asked_for(Topic.PASSWORD) and _may_be_value(answer["value"]):
        yield Span("PASSWORD", *answer.span("value"), whole=True)


def _value_near(folded: Folded, mention: Mention) -> Span | None:
    """Return the value that goes with a mention: what it leads to, else what leads to it."""
    text, lower, position = folded.text, folded.lower, mention.end
    json = _JSON_VALUE.match(lower, position)
    if json:
        return _password(*json.span("value"))
    for linked in _links(lower, position):
        place = _trimmed(text, *linked.span("value"))
        is_near = linked.start() - position <= _NEAR
        if _is_value(folded, place, plain=linked["sign"] is not None, may_be_plain=is_near):
            return _password(*place)
    direct = _DIRECT_VALUE.match(lower, position)
    if direct:
        place = _trimmed(text, *direct.span("value"))
        low = max(0, mention.start - _BEFORE_LENGTH)
        listed = _LISTED.search(lower, low, mention.start) is not None
        if _looks_secret(text[slice(*place)]) or (listed and _is_value(folded, place)):
            return _password(*place)
        if _is_named(folded, mention, place):
            return _password(*place)
    return _typed_value(folded, mention)


def _is_named(folded: Folded, mention: Mention, place: tuple[int, int]) -> bool:
    """Whether a plain word right behind "password" is one: it is said to fail, or is all that is said."""
    value = folded.lower[slice(*place)]
    if not _may_be_value(value) or value.strip(_TRAILING) in _GOES_WITH_PASSWORD:
        return False
    if _FAILS.match(folded.lower, place[1]):
        return True
    return mention.start == 0 and not folded.lower[place[1] :].strip(_TRAILING + " ")


def _links(lower: str, position: int) -> Iterator[re.Match[str]]:
    """Give what may lead to a value in the phrase that goes on at a position."""
    phrase = _PHRASE.match(lower, position)
    start, end = position, phrase.end() if phrase else position
    while start < end:
        # The value may run on behind the phrase: its own dots do not end it.
        found = _VALUE_LINK.search(lower, start)
        if found is None or found.start() >= end:
            return
        yield found
        start = found.start("value")


def _typed_value(folded: Folded, mention: Mention) -> Span | None:
    apart = _SET_OFF.match(folded.text, mention.end)
    if apart and _looks_secret(apart["value"]):
        return _password(*apart.span("value"))
    given = _GIVEN_VALUE.match(folded.lower, mention.end)
    if given and _may_be_value(given["value"]) and given["value"] not in _GOES_WITH_PASSWORD:
        return _password(*given.span("value"))
    after = _TYPED_VALUE.match(folded.lower, mention.end)
    if after:
        place = _trimmed(folded.text, *after.span("value"))
        if _is_value(folded, place):
            return _password(*place)
    low = max(0, mention.start - _BEFORE_LENGTH)
    before = _VALUE_BEFORE.search(folded.lower, low, mention.start)
    if before:
        value = folded.text[slice(*before.span("value"))]
        if _looks_secret(value) or (before["typed"] and _may_be_value(value)):
            return _password(*before.span("value"))
    return None


def _password(start: int, end: int) -> Span:
    return Span("PASSWORD", start, end, whole=True)


def _is_value(
    folded: Folded, place: tuple[int, int], *, plain: bool = False, may_be_plain: bool = True
) -> bool:
    """Whether a word is a value: by its look, or because the phrase ends with it."""
    value = folded.text[slice(*place)]
    if not _may_be_value(value):
        return False
    if plain or _looks_secret(value):
        return True
    return may_be_plain and _closes_phrase(folded.lower, place[1])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave the punctuation that closes a sentence out of a value; "!" may be part of it."""
    while end > start and text[end - 1] in _TRAILING and text[end - 1] != "!":
        end -= 1
    return start, end


def _may_be_value(value: str) -> bool:
    bare = value.strip(_TRAILING).lower()
    return (
        len(bare) >= 3
        and not bare.startswith("http")
        and bare not in _NOT_A_VALUE
        and not set(bare) <= set("*#.-_")
    )


def _looks_secret(value: str) -> bool:
    return (
        _may_be_value(value)
        and not value.startswith(("@", "#", "$"))
        and _NUMBER.fullmatch(value) is None
        and _SECRET_LOOK.match(value) is not None
    )


_GOES_ON = re.compile(
    r"\s*(?:$|[.!,;\n]|(?:but|and|for|many|does|doesn|fails|or|so|yesterday|today|now"
    r"|please|thanks|thank|last|this|can|then|user|username|email"
    r"|y|pero|o|ayer|hoy|por|gracias|usuario)\b)"
)


def _closes_phrase(lower: str, end: int) -> bool:
    """Whether a phrase ends here: an adverb or an adjective would go on."""
    return _GOES_ON.match(lower, end) is not None
