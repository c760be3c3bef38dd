"""Choosing among hits."""

import numpy as np
import pytest

from rapport.engines.embedding import Embedder
from rapport.engines.retrieval import Document, Hit, Index, collapse, expected_meaning

pytestmark = pytest.mark.unit


def hit(text: str, meaning: list[float], similarity: float = 0.5) -> Hit:
    vector = np.array(meaning, dtype=np.float32)
    return Hit(
        key=text,
        text=text,
        score=similarity,
        similarity=similarity,
        lexical=0.0,
        starts=False,
        meaning=vector / np.float32(np.linalg.norm(vector)),
    )


def test_one_of_each_kind_is_kept_in_order() -> None:
    hits = [
        hit("Sorry for the delay", [1, 0]),
        hit("So sorry for the delay", [1, 0.1]),
        hit("Please send your number", [0, 1]),
        hit("please send your number ", [-1, 0]),
        hit("Goodbye", [-1, -1]),
    ]

    assert [h.text for h in collapse(hits, 3)] == [
        "Sorry for the delay",
        "Please send your number",
        "Goodbye",
    ]
    assert [h.text for h in collapse(hits, 1)] == ["Sorry for the delay"]


def test_what_many_said_outweighs_what_one_said() -> None:
    likest = hit("one", [1, 0], similarity=0.80)
    others = [hit(f"many {n}", [0, 1], similarity=0.79) for n in range(4)]

    expected = expected_meaning([likest, *others])

    assert expected[1] > expected[0] > 0
    assert np.linalg.norm(expected) == pytest.approx(1)


def test_far_neighbours_have_no_say() -> None:
    expected = expected_meaning([hit("near", [1, 0], 0.9), hit("far", [0, 1], 0.1)])

    assert expected[0] == pytest.approx(1, abs=1e-4)


def test_nothing_is_expected_without_neighbours() -> None:
    with pytest.raises(ValueError, match="nothing is known"):
        expected_meaning([])


def test_the_reply_given_in_like_situations_is_expected() -> None:
    """Real sentences, the real model: past replies point to the response that fits."""
    embed = Embedder().embed_now
    past = [
        ("my bag never arrived", "So sorry! Please file a report at the baggage desk."),
        ("lost luggage in Rome", "Please give us your baggage claim number."),
        ("suitcase did not come off the belt", "Kindly fill in a lost baggage report."),
        ("great crew today", "Thank you, we will pass your praise on!"),
        ("how early can I check in", "Check-in opens 24 hours before departure."),
    ]
    situations, replies = embed([s for s, _ in past]), embed([r for _, r in past])
    replies_index = Index(384)
    replies_index.put(
        Document(key=reply, text=reply, vector=situations[n], meaning=replies[n])
        for n, (_, reply) in enumerate(past)
    )
    library = ["Happy to hear that, thanks!", "Please report the missing bag.", "Seats are free."]
    responses = Index(384)
    responses.put(
        Document(key=text, text=text, vector=vector)
        for text, vector in zip(library, embed(library), strict=True)
    )

    near = replies_index.search(embed(["my luggage is gone"])[0], count=3)
    found = responses.search(expected_meaning(near), count=1)

    assert [h.text for h in found] == ["Please report the missing bag."]
