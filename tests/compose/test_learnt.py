"""Texts ranked by what a company's conversations have taught."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from rapport.compose.suggestions.candidates import Candidate, Source
from rapport.compose.suggestions.learnt import Learnt
from rapport.compose.suggestions.pools import Pool
from rapport.compose.suggestions.scoring import NO_ANSWERS, Answers, Situation, Turn
from rapport.engines.embedding import Embedder
from rapport.engines.ranking import Line, features_of, train
from tests.support.talks import transcripts

pytestmark = pytest.mark.unit

EMBEDDER = Embedder()

REPORT = "Please file a report at the baggage desk in Lima."
SORRY = "Sorry about your bag in Lima!"
TEXTS = [REPORT, SORRY, "Your refund for Lima takes seven days.", "You are welcome, good bye!"]
LOST = ("customer", "No luggage at Lima")


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    talks = transcripts(300)
    texts = sorted({said.text for talk in talks for said in talk.said})
    vectors = dict(zip(texts, EMBEDDER.embed_now(texts), strict=True))
    conversations = [
        [Line(said.role, features_of(said.text), vectors[said.text]) for said in talk.said]
        for talk in talks
    ]
    return Learnt(1, train(conversations).ranker)


def pool() -> Pool:
    vectors = EMBEDDER.embed_now(TEXTS)
    return Pool(
        [
            Candidate(text, Source.GLOBAL, text, vector=vector)
            for text, vector in zip(TEXTS, vectors, strict=True)
        ]
    )


def situation(*said: tuple[str, str], own: Sequence[str] = ()) -> Situation:
    vectors = EMBEDDER.embed_now([text for _, text in said])
    turns = [Turn(role, vector, text) for (role, text), vector in zip(said, vectors, strict=True)]
    answers = NO_ANSWERS
    if own:
        answers = Answers(np.full(len(own), 0.9, np.float32), EMBEDDER.embed_now(own))
    return Situation(turns, EMBEDDER.embed_now(["Hello"])[0], "kim", NO_ANSWERS, answers)


def ranked(
    learnt: Learnt, situation: Situation, habits: Sequence[float] = (0, 0, 0, 0)
) -> list[str]:
    scores = learnt.scores(situation, pool(), np.array(habits, np.float32))
    return [TEXTS[row] for row in np.argsort(-scores)]


def test_what_was_answered_to_the_like_comes_first(learnt: Learnt) -> None:
    assert set(ranked(learnt, situation(LOST))[:2]) == {REPORT, SORRY}
    thanked = situation(LOST, ("agent", REPORT), ("customer", "Thanks a lot"))
    assert ranked(learnt, thanked)[0] == TEXTS[3]


@pytest.mark.spec("CMP-039")
def test_agents_of_different_histories_get_a_different_order(learnt: Learnt) -> None:
    said_before = (REPORT.replace("Lima", "Oslo"), SORRY.replace("Lima", "Oslo"))

    orders = [ranked(learnt, situation(LOST, own=[text]))[0] for text in said_before]

    assert orders == [REPORT, SORRY]


@pytest.mark.spec("CMP-040")
def test_of_several_wordings_the_agents_usual_one_comes_first(learnt: Learnt) -> None:
    assert ranked(learnt, situation(LOST), habits=(20, 0, 0, 0))[0] == REPORT
    assert ranked(learnt, situation(LOST), habits=(0, 20, 0, 0))[0] == SORRY


def test_scores_are_of_the_size_of_cosines(learnt: Learnt) -> None:
    scores = learnt.scores(situation(LOST), pool(), np.zeros(4, np.float32))

    assert 0.1 < float(scores.max() - scores.min()) < 2


def test_a_pool_is_read_once(learnt: Learnt) -> None:
    texts = pool()
    first = learnt.scores(situation(LOST), texts, np.zeros(4, np.float32))
    read = texts.derived[learnt]

    assert np.array_equal(first, learnt.scores(situation(LOST), texts, np.zeros(4, np.float32)))
    assert texts.derived[learnt] is read
    assert learnt.scores(situation(LOST), Pool(()), np.zeros(0, np.float32)).shape == (0,)
