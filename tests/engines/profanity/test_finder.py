"""Which texts have a listed term, however it is written, and which only look like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.engines.profanity import Finder

pytestmark = pytest.mark.unit

FINDER = Finder()

DISGUISED = """
fuck|FUCK|f.u.c.k|f u c k|fu-ck|fuuuck|f**k|f*ck|f#ck|phuck|5h1t|$hit|sh!t|ｆｕｃｋ|fυсk|ѕһіт
f\u200bu\u200bc\u200bk|b!tch|b1tch|biiitch|a$$|@ss|a$$hole|assh0le|motherf*cker|mother fucker|s h i t
sh*t|s**t|f***|f***ing|fucking|fuckin|bull shit|d1ck|🇫🇺🇨🇰|🅵🆄🅲🅺|𝓯𝓾𝓬𝓴|ⓕⓤⓒⓚ|ꜰᴜᴄᴋ|fu ck|sh it|f_u_c_k
f-u-c-k-i-n-g|c*nt|c u n t|n1gger|fück|shít|f—u—c—k|f  u  c  k|F U C K you|fuck.you|a s s h o l e
p.u.t.a|m13rda|CABRÓN|c a b r o n|hijo de puta|vete a la mierda|coño|#FuckYou|(fuck)|fuck's|fucck|shiit
"""
CLEAN = """
Scunthorpe|Penistone|assess|class|passage|cockpit|Hi Dick, thanks|Hancock|therapist|analysis|Essex
shiitake|Matsushita|peacock|document|cucumber|title|grape|as soon as|a s a p|push it|Cockburn|bass
flight AA55|seat 5a|A55|p.m. and a.m.|U.S.A.|e.g. this|assign|assist|mass|as set|raccoon|spicy|tardy
Van Dyke|harassment|note*|***|50% off|x@y.test|No. 5|cono|año nuevo|pollo|cálculo|disputar|M&S|Fagin
""".replace("\n", "|")


@pytest.mark.spec("CMP-083")
@pytest.mark.parametrize("text", [t for t in DISGUISED.replace("\n", "|").split("|") if t])
def test_case_and_disguise_hide_nothing(text: str) -> None:
    assert FINDER.has(text)
    assert FINDER.has(f"You are {text}, aren't you?")


@pytest.mark.spec("CMP-083")
@pytest.mark.parametrize("text", [text for text in CLEAN.split("|") if text])
def test_words_that_only_contain_a_term_are_clean(text: str) -> None:
    assert not FINDER.has(text)


@pytest.mark.parametrize(
    "text", ["You idiot!", "Shut up.", "porn", "eres un imbécil", "go to hell"]
)
def test_other_unwanted_words_are_found_unless_only_obscenity_is_asked_for(text: str) -> None:
    assert FINDER.has(text)


def test_rudeness_is_told_from_obscenity() -> None:
    obscene = Finder(unwanted=False)
    assert not obscene.has("You idiot!")
    assert obscene.has("You asshole!")


def test_a_company_blocks_words_and_phrases_of_its_own() -> None:
    finder = Finder(blocked=["Wobble", "no refund ever", "Ñandú"])
    for text in ("wobble", "W.O.B.B.L.E", "w0bble", "WOBBLE!", "No refund, ever!", "ñandú"):
        assert finder.has(text), text
    for text in ("wobbled", "no refund", "refund ever", "nandu"):
        assert not finder.has(text), text


def test_a_company_allows_what_the_list_has() -> None:
    finder = Finder(allowed=["crap", "damn fine"])
    assert not finder.has("What a crap day, damn fine though")
    assert finder.has("damn")
    assert finder.has("c r a p p y")


def test_places_are_those_of_the_text() -> None:
    text = "So \N{GRINNING FACE} ﬁne, ｆｕｃｋ and s h i t."
    assert [text[start:end] for start, end in FINDER.places(text)] == ["ｆｕｃｋ", "s h i t"]


@given(st.text(max_size=200))
def test_any_text_can_be_judged(text: str) -> None:
    places = FINDER.places(text)
    assert bool(places) == FINDER.has(text)
    assert all(0 <= start < end <= len(text) for start, end in places)
