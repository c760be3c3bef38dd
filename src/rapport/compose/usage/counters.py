"""The counters of one message's list of usages, and of many messages (4.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

FREEHAND = "FREEHAND"
AUTOSUGGEST = "AUTOSUGGEST"
AUTOCOMPLETE = "AUTOCOMPLETE"
PHRASE_AUTOCOMPLETE = "PHRASE_AUTOCOMPLETE"
CUSTOM_DRAWER = "CUSTOM_DRAWER"
CUSTOM_INSERT = "CUSTOM_INSERT"
GLOBAL_INSERT = "GLOBAL_INSERT"
FLUENCY_APPLY = "FLUENCY_APPLY"
FLUENCY_UNDO = "FLUENCY_UNDO"

FEATURES = (
    AUTOSUGGEST,
    AUTOCOMPLETE,
    PHRASE_AUTOCOMPLETE,
    CUSTOM_DRAWER,
    CUSTOM_INSERT,
    GLOBAL_INSERT,
)
FLUENCY = (FLUENCY_APPLY, FLUENCY_UNDO)
KNOWN = frozenset({FREEHAND, *FEATURES, *FLUENCY})
# They replace the whole text of the composer: what is typed afterwards are edits.
REPLACING = frozenset({AUTOSUGGEST, AUTOCOMPLETE, CUSTOM_DRAWER})

AUGMENTED = "augmented_utterances_ct"
MULTIPLE = "multiple_augmentation_features_used_ct"
UNKNOWN = "unknown_augmentation_ct"
NAMES = (
    AUGMENTED,
    MULTIPLE,
    *(f"{feature.lower()}_ct" for feature in FEATURES),
    UNKNOWN,
    *(f"{kind.lower()}_ct" for kind in FLUENCY),
    *(f"{kind.lower()}_utterance_ct" for kind in (*FEATURES, *FLUENCY)),
)


def counters_of(types: Sequence[str]) -> dict[str, int]:
    """Return every counter of one message, 0 or 1 each, from the usages it was written with.

    Order and repeats do not matter here. A usage of no known type is one of its own kind: alone it
    counts as unknown, with another one as several features.
    """
    used = set(types)
    features = used - {FREEHAND, *FLUENCY}
    counted = dict.fromkeys(NAMES, 0)
    for kind in used.intersection((*FEATURES, *FLUENCY)):
        counted[f"{kind.lower()}_utterance_ct"] = 1
    for kind in used.intersection(FLUENCY):
        counted[f"{kind.lower()}_ct"] = 1
    if features:
        counted[AUGMENTED] = 1
        counted[_only(features)] = 1
    return counted


def summed(messages: Iterable[Sequence[str]]) -> dict[str, int]:
    """Return the counters of many messages together, as for a conversation (CMP-270)."""
    total: Counter[str] = Counter(dict.fromkeys(NAMES, 0))
    for types in messages:
        total.update(counters_of(types))
    return dict(total)


def _only(features: set[str]) -> str:
    """The counter of messages that used just these features."""
    if len(features) > 1:
        return MULTIPLE
    (feature,) = features
    return f"{feature.lower()}_ct" if feature in FEATURES else UNKNOWN
