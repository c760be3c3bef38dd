"""From hits to answers: what is expected next, and one of each kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rapport.engines.retrieval.documents import Hit, Vector

# Texts nearer than this say the same: "I'm sorry for the delay. *TJ" and "Sorry for the delay!".
SAME_MEANING = 0.8

# How fast the say of a neighbour falls with its distance: one whose cosine is 0.05 lower than
# the best counts 1/e as much.
TEMPERATURE = 0.05

# Cosine of the nearest situation from which its replies begin to count, and count alone. With few
# past replies this keeps suggestions as good as searching by the situation itself.
STRANGE = 0.3
ALIKE = 0.6


def collapse(hits: Sequence[Hit], count: int, *, same_meaning: float = SAME_MEANING) -> list[Hit]:
    """The first `count` hits of which no two mean the same; the better placed one stays."""
    kept: list[Hit] = []
    seen: set[str] = set()
    for hit in hits:
        plain = hit.text.casefold().strip()
        if plain in seen or any(float(hit.meaning @ k.meaning) >= same_meaning for k in kept):
            continue
        kept.append(hit)
        seen.add(plain)
        if len(kept) == count:
            break
    return kept


def expected_meaning(neighbours: Sequence[Hit], situation: Vector) -> Vector:
    """What is most likely said next, given what was said in the nearest situations.

    The mean of the neighbours' meanings, weighted by their similarity; unit length, (d,). What
    many said in like situations outweighs what one said in the likest. As far as even the nearest
    neighbour is far, or there is none, the situation itself stands in.
    """
    if not neighbours:
        return _unit(situation)
    near = np.array([hit.similarity for hit in neighbours], dtype=np.float32)
    say = np.exp((near - near.max()) / TEMPERATURE)
    said = _unit(say @ np.stack([hit.meaning for hit in neighbours]))
    trust = np.clip((near.max() - STRANGE) / (ALIKE - STRANGE), 0, 1)
    return _unit(trust * said + (1 - trust) * _unit(situation))


def _unit(vector: Vector) -> Vector:
    unit: Vector = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return unit
