"""Word scores against an independent BM25, and what typing means."""

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.engines.retrieval.lexical import K1, B, LexicalSearch, words_of

pytestmark = pytest.mark.unit

WORDS = st.sampled_from(["refund", "ticket", "bag", "the", "a", "please", "we", "flight"])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS, query=st.lists(WORDS, min_size=1, max_size=4, unique=True))
def test_scores_are_bm25_however_the_texts_came(texts: list[str], query: list[str]) -> None:
    index = LexicalSearch()
    for start in range(0, len(texts), 3):
        index.append(texts[start : start + 3])

    scores = index.scores(" ".join(query) + " ")

    reference = bm25s.BM25(method="lucene", k1=K1, b=B)
    reference.index([words_of(text) for text in texts], show_progress=False)
    known = [word for word in query if any(word in words_of(text) for text in texts)]
    expected = reference.get_scores(known) if known else np.zeros(len(texts))
    best_possible = sum(_weight(word, texts) for word in known)
    np.testing.assert_allclose(scores * best_possible, expected, rtol=1e-4, atol=1e-6)
    assert ((scores >= 0) & (scores <= 1)).all()


def _weight(word: str, texts: list[str]) -> float:
    holding = sum(word in words_of(text) for text in texts)
    return float(np.log1p((len(texts) - holding + 0.5) / (holding + 0.5)))


@given(texts=st.lists(st.text(max_size=30), max_size=10), typed=st.text(max_size=10))
def test_any_text_may_be_indexed_and_typed(texts: list[str], typed: str) -> None:
    index = LexicalSearch()
    index.append(texts)

    scores = index.scores(typed)

    assert len(scores) == len(texts)
    assert np.isfinite(scores).all()
    assert set(index.beginning_with(typed, 100)) <= set(range(len(texts)))


@given(text=st.text(min_size=1, max_size=40), cut=st.integers(1, 40))
def test_a_text_begins_with_its_own_beginning(text: str, cut: int) -> None:
    index = LexicalSearch()
    index.append([text])
    typed = text[:cut]
    complete = words_of(text)[: len(words_of(typed))] == words_of(typed)

    found = list(index.beginning_with(typed, 1))

    assert found == [0] or not words_of(typed) or not complete


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("su", {0, 1, 2}),
        ("sure", {0, 1, 2}),
        ("sure ", {0, 2}),
        ("SURE, h", {0}),
        ("sure!", {0, 2}),
        ("ure", set()),
        ("", set()),
    ],
)
def test_case_and_punctuation_do_not_matter_but_a_space_ends_a_word(
    typed: str, found: set[int]
) -> None:
    index = LexicalSearch()
    index.append(["Sure, happy to help", "Surely not", "sure", "Ah, sure"])

    assert set(index.beginning_with(typed, 10)) == found


def test_of_very_many_beginnings_a_spread_is_returned() -> None:
    index = LexicalSearch()
    index.append(f"hi {chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(500))

    rows = index.beginning_with("hi", 50)

    assert len(rows) <= 50
    assert rows.min() < 50
    assert rows.max() > 450
