"""A ranker learns which reply belongs to which situation, and is read again as it was written."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from rapport.compose.training.trainers import Transcript
from rapport.engines.embedding import Embedder
from rapport.engines.ranking import (
    Learnt,
    Line,
    RankerRefused,
    TooLittle,
    examples_of,
    features_of,
    judge,
    read,
    situation_of,
    train,
    written,
)
from tests.support.talks import transcripts

pytestmark = pytest.mark.unit

EMBEDDER = Embedder()


def lines_of(talks: Sequence[Transcript]) -> list[list[Line]]:
    texts = sorted({said.text for talk in talks for said in talk.said})
    vectors = dict(zip(texts, EMBEDDER.embed_now(texts), strict=True))
    return [
        [Line(said.role, features_of(said.text), vectors[said.text]) for said in talk.said]
        for talk in talks
    ]


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return train(lines_of(transcripts(400)))


def ranked(learnt: Learnt, texts: list[str], *said: tuple[str, str]) -> list[str]:
    candidates = learnt.ranker.candidates(
        [features_of(text) for text in texts], EMBEDDER.embed_now(texts)
    )
    vectors = EMBEDDER.embed_now([text for _, text in said])
    situation = situation_of(
        [
            Line(role, features_of(text), vector)
            for (role, text), vector in zip(said, vectors, strict=True)
        ]
    )
    scores = learnt.ranker.scores(situation, candidates)
    return [texts[place] for place in np.argsort(-scores)]


REPLIES = [
    "Please file a report at the baggage desk in Lima.",
    "Your refund for Lima takes seven days.",
    "You are welcome, good bye!",
    "The seat map to Lima shows what is free.",
]


def test_the_reply_that_belongs_to_what_was_asked_comes_first(learnt: Learnt) -> None:
    asked = {
        "I lost a bag in Lima": REPLIES[0],
        "When is the Lima ticket refunded?": REPLIES[1],
        "I need an aisle seat to Lima": REPLIES[3],
    }

    for question, answer in asked.items():
        assert ranked(learnt, REPLIES, ("customer", question))[0] == answer


@pytest.mark.spec("CMP-032")
def test_what_was_said_before_decides_between_the_same_last_words(learnt: Learnt) -> None:
    thanks = ("customer", "Thanks a lot")

    answered = ranked(
        learnt, REPLIES, ("customer", "I lost a bag in Lima"), ("agent", REPLIES[0]), thanks
    )
    unanswered = ranked(learnt, REPLIES, ("customer", "I lost a bag in Lima"), thanks)

    assert answered[0] == REPLIES[2]
    assert unanswered != answered


def test_rare_words_in_common_decide_between_like_replies(learnt: Learnt) -> None:
    places = [f"Please file a report at the baggage desk in {place}." for place in ("Oslo", "Lima")]

    assert ranked(learnt, places, ("customer", "I lost a bag in Lima"))[0] == places[1]
    assert ranked(learnt, places, ("customer", "I lost a bag in Oslo"))[0] == places[0]


def test_on_conversations_it_has_not_seen_it_is_far_better_than_chance(learnt: Learnt) -> None:
    figures = judge(learnt.ranker, examples_of(lines_of(transcripts(120, seed=2))))

    assert figures.judged == 180
    assert figures.first_three > 0.15


def test_a_ranker_is_read_again_as_it_was_written(learnt: Learnt) -> None:
    examples = examples_of(lines_of(transcripts(40, seed=3)))
    texts = [each.reply.features for each in examples]
    vectors = np.stack([each.reply.vector for each in examples])
    again = read(written(learnt.ranker))

    for each in examples[:10]:
        before = learnt.ranker.scores(each.situation, learnt.ranker.candidates(texts, vectors))
        after = again.scores(each.situation, again.candidates(texts, vectors))
        assert np.allclose(before, after, atol=0.05)
        assert np.argmax(before) == np.argmax(after)


def test_no_word_can_be_read_from_a_stored_ranker(learnt: Learnt) -> None:
    blob = written(learnt.ranker)

    assert not any(word in blob for word in (b"suitcase", b"refund", b"Lima", b"lima"))


def changed(blob: bytes, **arrays: Any) -> bytes:
    with np.load(io.BytesIO(blob)) as file:
        content = {name: file[name] for name in file.files}
    out = io.BytesIO()
    np.savez(out, **{**content, **arrays})
    return out.getvalue()


def test_foreign_bytes_are_refused(learnt: Learnt) -> None:
    blob = written(learnt.ranker)

    for foreign, problem in (
        (b"", "no model"),
        (b"something else", "no model"),
        (blob[: len(blob) // 2], "cut short"),
        (changed(blob, format=np.array(99)), "format"),
        (changed(blob, embedding=np.array("another")), "sentence model"),
    ):
        with pytest.raises(RankerRefused) as refused:
            read(foreign)
        assert problem in refused.value.message


def test_too_little_to_learn_from_is_said() -> None:
    with pytest.raises(TooLittle):
        train(lines_of(transcripts(10)))


def test_nobody_has_spoken_and_odd_texts_are_situations_too(learnt: Learnt) -> None:
    texts = ["Hello, how may I help?", "", "\ud800", "🙂" * 3_000]
    candidates = learnt.ranker.candidates(
        [features_of(text) for text in texts], EMBEDDER.embed_now(texts)
    )

    for lines in ([], lines_of(transcripts(1))[0][1:2]):
        scores = learnt.ranker.scores(situation_of(lines), candidates)
        assert scores.shape == (len(texts),)
        assert np.isfinite(scores).all()
    assert learnt.ranker.scores(
        situation_of([]), learnt.ranker.candidates([], np.zeros((0, 384), np.float32))
    ).shape == (0,)
