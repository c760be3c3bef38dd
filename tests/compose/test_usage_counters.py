"""The counters of a message's usages, for every combination there is."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.compose.usage.counters import FEATURES, KNOWN, NAMES, counters_of, summed

pytestmark = pytest.mark.unit

UNKNOWN = "TELEPATHY"
USAGES = sorted({*KNOWN, UNKNOWN})
ONLY = {
    "AUTOSUGGEST": "autosuggest_ct",
    "AUTOCOMPLETE": "autocomplete_ct",
    "PHRASE_AUTOCOMPLETE": "phrase_autocomplete_ct",
    "CUSTOM_DRAWER": "custom_drawer_ct",
    "CUSTOM_INSERT": "custom_insert_ct",
    "GLOBAL_INSERT": "global_insert_ct",
    UNKNOWN: "unknown_augmentation_ct",
}


def every_combination() -> list[tuple[str, ...]]:
    sizes = range(len(USAGES) + 1)
    return list(chain.from_iterable(combinations(USAGES, size) for size in sizes))


def expected(used: set[str]) -> dict[str, int]:
    """The table of 4.6, row by row."""
    features = [kind for kind in ONLY if kind in used]
    counted = {
        "augmented_utterances_ct": int(len(features) > 0),
        "multiple_augmentation_features_used_ct": int(len(features) > 1),
        "fluency_apply_ct": int("FLUENCY_APPLY" in used),
        "fluency_undo_ct": int("FLUENCY_UNDO" in used),
        "fluency_apply_utterance_ct": int("FLUENCY_APPLY" in used),
        "fluency_undo_utterance_ct": int("FLUENCY_UNDO" in used),
    }
    for kind, name in ONLY.items():
        counted[name] = int(features == [kind])
        if kind != UNKNOWN:
            counted[name.replace("_ct", "_utterance_ct")] = int(kind in used)
    return counted


@pytest.mark.spec("CMP-269")
def test_every_combination_counts_as_the_table_says() -> None:
    combinations_ = every_combination()

    assert len(combinations_) == 2**10
    for used in combinations_:
        assert counters_of(used) == expected(set(used)), used


@pytest.mark.spec("CMP-269")
@given(st.lists(st.sampled_from(USAGES), max_size=12))
def test_order_and_repeats_do_not_matter(types: list[str]) -> None:
    counted = counters_of(types)

    assert counted == expected(set(types)) == counters_of(types[::-1])
    alone = [name for name in ONLY.values() if counted[name]]
    parts = len(alone) + counted["multiple_augmentation_features_used_ct"]
    assert parts == counted["augmented_utterances_ct"]


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_usages_nobody_knows_are_counted_and_break_nothing(types: list[str]) -> None:
    counted = counters_of(types)
    unknown = set(types) - KNOWN

    assert counted.keys() == set(NAMES)
    if unknown and not set(types) & set(FEATURES):
        assert counted["unknown_augmentation_ct"] == int(len(unknown) == 1)
        assert counted["multiple_augmentation_features_used_ct"] == int(len(unknown) > 1)


@given(st.lists(st.lists(st.sampled_from(USAGES), max_size=6), max_size=8))
def test_a_conversations_counters_are_the_sums_of_its_messages(messages: list[list[str]]) -> None:
    each = [counters_of(types) for types in messages]

    assert summed(messages) == {name: sum(one[name] for one in each) for name in NAMES}
