"""Choosing among hits."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rapport.engines.embedding import Embedder
from rapport.engines.retrieval import Document, Hit, Index, collapse, expected_meaning

pytestmark = pytest.mark.unit


def vector(*numbers: float) -> NDArray[np.float32]:
    return np.array(numbers, dtype=np.float32)


def hit(text: str, meaning: list[float], similarity: float = 0.5) -> Hit:
    direction = vector(*meaning)
    return Hit(
        key=text,
        text=text,
        score=similarity,
        similarity=similarity,
        lexical=0.0,
        starts=False,
        meaning=direction / np.float32(np.linalg.norm(direction)),
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

    expected = expected_meaning([likest, *others], situation=vector(1, 0))

    assert expected[1] > expected[0] > 0
    assert np.linalg.norm(expected) == pytest.approx(1)


def test_far_neighbours_have_no_say() -> None:
    neighbours = [hit("near", [1, 0], 0.9), hit("far", [0, 1], 0.1)]

    expected = expected_meaning(neighbours, situation=vector(0, 1))

    assert expected[0] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("neighbours", "expected"),
    [
        ([], [0.0, 1.0]),
        ([hit("strange", [1, 0], 0.3)], [0.0, 1.0]),
        ([hit("half", [1, 0], 0.45)], [0.7071, 0.7071]),
        ([hit("alike", [1, 0], 0.6)], [1.0, 0.0]),
    ],
)
def test_the_situation_stands_in_for_replies_nobody_gave(
    neighbours: list[Hit], expected: list[float]
) -> None:
    found = expected_meaning(neighbours, situation=vector(0, 2))

    assert found.tolist() == pytest.approx(expected, abs=1e-3)


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

    situation = embed(["my luggage is gone"])[0]
    near = replies_index.search(situation, count=3)
    found = responses.search(expected_meaning(near, situation), count=1)

    assert [h.text for h in found] == ["Please report the missing bag."]
