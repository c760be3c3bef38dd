"""A company's own patterns."""

import time

import pytest

from rapport.engines.redaction import (
    DEFAULT_ACTIVE,
    InvalidPattern,
    Redactor,
    Rule,
    compile_pattern,
    matches,
)

pytestmark = pytest.mark.unit


def redact(text: str, *rules: Rule, active: frozenset[str] = frozenset()) -> str:
    return Redactor(active, rules).redact(text).text


def test_each_match_is_masked_character_by_character() -> None:
    rule = Rule("badge", r"\bB-[0-9]{4}\b")

    assert redact("badge B-1234, not B-12", rule) == "badge ******, not B-12"


def test_rules_come_after_entities_and_in_their_order() -> None:
    redactor = Redactor(
        DEFAULT_ACTIVE, [Rule("first", "abc"), Rule("second", "[a-c1-4]+"), Rule("third", "d")]
    )

    redacted = redactor.redact("abcd 4111111111111111 ab")

    assert redacted.text == "**** **************** **"
    assert [hidden.entity for hidden in redacted.spans][:2] == ["rule:first", "rule:third"]


def test_matching_is_case_sensitive_unless_the_pattern_says_otherwise() -> None:
    assert redact("Omega omega", Rule("o", "omega")) == "Omega *****"
    assert redact("Omega omega", Rule("o", "(?i)omega")) == "***** *****"


def test_look_alike_characters_do_not_escape_a_rule() -> None:
    assert redact("badge B-１２３４ ok", Rule("badge", "B-[0-9]{4}")) == "badge ****** ok"
    assert redact("niño", Rule("n", "niño")) == "****"


@pytest.mark.spec("PLT-123")
def test_the_test_box_sees_where_a_pattern_matches() -> None:
    assert matches("[0-9]{3}", "año 123 456") == [(4, 7), (8, 11)]
    assert matches("x", "nothing") == []


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "empty"),
        ("(", "missing"),
        ("[a", "missing"),
        ("(?=x)", "invalid perl operator"),
        (r"(a)\1", "invalid escape"),
        ("a*", "empty text"),
        ("a" * 1_001, "longer"),
        ("((a{1000}){1000})", "repetition"),
    ],
)
def test_a_pattern_that_cannot_serve_is_refused_with_a_reason(pattern: str, reason: str) -> None:
    with pytest.raises(InvalidPattern) as refused:
        compile_pattern(pattern)

    assert reason in refused.value.reason
    with pytest.raises(InvalidPattern):
        Redactor(frozenset(), [Rule("bad", pattern)])


@pytest.mark.spec("PLT-125")
@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}", "(?:a?){30}a{30}b"])
def test_a_catastrophic_pattern_costs_no_more_than_any_other(pattern: str) -> None:
    rules = [Rule(f"r{n}", pattern) for n in range(3)]
    redactor = Redactor(frozenset(), rules)
    text = "a" * 10_000 + "!"

    began = time.process_time()
    redactor.redact(text)

    assert time.process_time() - began < 2
