"""How likely each text is said next: one interface, so that what a company has learnt can answer.

`Baseline` needs no training. A company with a trained model gets a `Scorer` of its own from `Scorers`;
nothing else of the suggestions knows which of the two answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rapport.compose.suggestions.pools import Pool
from rapport.core.identity import Scope
from rapport.engines.embedding import DIMENSIONS, Vectors

# Shares in what a conversation is about: of the last customer message, of the first (what it is all
# about), and of everything else that was said. The first counts because the last is often only a
# number or a yes (docs/decisions/0005-suggestions.md).
LAST_SHARE = 0.55
FIRST_SHARE = 0.25
REST_SHARE = 0.2

# How fast the say of a neighbour falls with its distance: one whose cosine is 0.05 lower than
# the best counts 1/e as much.
TEMPERATURE = 0.05

# What an agent answered itself says more of what it will answer than what a colleague did.
OWN_SAY = 4.0

# Cosine of the nearest situation from which its replies begin to count, and count alone. With few
# past replies this keeps suggestions as good as searching by the situation itself.
STRANGE = 0.3
ALIKE = 0.6

# A text somebody wrote to be used beats one that was only said whose cosine is this much higher;
# so does one the agent uses often, and by half of it one it has used once.
WRITTEN_WEIGHT = 0.05
HABIT_WEIGHT = 0.05
HABIT_USES = 3.0


class Turn(NamedTuple):
    """One message of a conversation: who said it (customer, agent, system), its vector and its text."""

    role: str
    vector: Vectors
    text: str = ""


class Answers(NamedTuple):
    """What was answered in like situations: cosines of the situations, and what the answers mean.

    `near` is (k,), `meanings` (k, 384) of unit length; nearest first, k may be 0.
    """

    near: Vectors
    meanings: Vectors


NO_ANSWERS = Answers(np.zeros(0, np.float32), np.zeros((0, DIMENSIONS), np.float32))


class Situation(NamedTuple):
    """A conversation at the moment its agent has to say something.

    `turns` is all of it, oldest first (of very long ones the beginning and the end). `opening` is
    what a customer who has said nothing yet is taken to have said. `everyone` and `own` are what
    all agents of the company, and this one alone, answered in like situations.
    """

    turns: Sequence[Turn]
    opening: Vectors
    agent: str
    everyone: Answers
    own: Answers


class Scorer(Protocol):
    """Says how likely each text is the next message of an agent.

    `version` names what was learnt, "" where nothing was. Scores are asked once after each message
    of a conversation, in a worker thread, and kept while the agent types: for 5,000 texts they
    should take a few milliseconds. What depends on the pool alone belongs in `pool.derived`, under
    a key of the scorer's own: a pool never changes.
    """

    @property
    def version(self) -> str:
        """The version of what was learnt."""
        ...

    def scores(
        self, situation: Situation, pool: Pool, habits: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """One number for each text of the pool, (n,), comparable between the pools of a request.

        `habits` (n,) counts how often this agent has sent exactly this text. The scale is that of a
        cosine: what is typed adds up to 0.5 for a text that has all of its words.
        """
        ...


class Scorers(Protocol):
    """Gives the scorer that answers for a company now; asked at every request, so it must be quick."""

    def of(self, scope: Scope) -> Scorer:
        """The company's scorer; the same object as long as nothing new was learnt."""
        ...


class Baseline:
    """Ranks by nearness to what was answered in like situations; needs no training.

    A company without past replies has its texts ranked by nearness to the situation itself (CMP-042).
    """

    version = ""

    def scores(
        self, situation: Situation, pool: Pool, habits: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """See `Scorer.scores`."""
        expected = expected_meaning(situation)
        scores: NDArray[np.float32] = (
            pool.nearness(expected)
            + WRITTEN_WEIGHT * pool.written
            + HABIT_WEIGHT * habit_of(habits)
        )
        return scores


def situation_vector(turns: Sequence[Turn], opening: Vectors) -> Vectors:
    """What a conversation is about, by which like situations are found; unit length, (384,)."""
    asked = [place for place, turn in enumerate(turns) if turn.role == "customer"]
    if not asked:
        return opening
    first, last = asked[0], asked[-1]
    others = [turn.vector for place, turn in enumerate(turns) if place not in {first, last}]
    about = LAST_SHARE * turns[last].vector
    if first != last:
        about = about + FIRST_SHARE * turns[first].vector
    if others:
        about = about + REST_SHARE * np.mean(others, axis=0)
    return _unit(about)


def habit_of(habits: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of a habit each text is, 0 to 1, given how often the agent has sent it."""
    habit: NDArray[np.float32] = np.log1p(np.minimum(habits, HABIT_USES)) / np.log1p(HABIT_USES)
    return habit


def own_meaning(situation: Situation) -> Vectors:
    """What the agent itself answered in like situations, on average, unit length; there is some."""
    near = situation.own.near
    return _unit(np.exp((near - near.max()) / TEMPERATURE) @ situation.own.meanings)


def expected_meaning(situation: Situation) -> Vectors:
    """The meaning most likely said next, unit length, (384,).

    The mean of what was answered in like situations, weighted by how like they are; the agent's own
    answers count more. As far as even the nearest is far, or there is none, the situation itself
    stands in. With few past replies suggestions are so as good as searching by the situation.
    """
    about = situation_vector(situation.turns, situation.opening)
    near = np.concatenate([situation.everyone.near, situation.own.near])
    if not len(near):
        return about
    own = np.arange(len(near)) >= len(situation.everyone.near)
    say = np.exp((near - near.max()) / TEMPERATURE) * np.where(own, OWN_SAY, 1.0)
    said = _unit(say @ np.concatenate([situation.everyone.meanings, situation.own.meanings]))
    trust = float(np.clip((near.max() - STRANGE) / (ALIKE - STRANGE), 0, 1))
    return _unit(trust * said + (1 - trust) * about)


def _unit(vector: Vectors) -> Vectors:
    unit: Vectors = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return unit
