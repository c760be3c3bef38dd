"""Training what completes phrases: learnt from transcripts, judged by typing what it has not seen."""

from __future__ import annotations

import pytest

from rapport.compose.completions.trainer import PhraseTrainer
from rapport.compose.training.registry import TRAINERS
from rapport.compose.training.trainers import Kind, ModelRefused, Said, Transcript
from rapport.engines.completion import Completer, Model, Source

pytestmark = pytest.mark.unit

SORRY = "We are very sorry for the delay with your order."


def transcripts(*said: str) -> list[Transcript]:
    return [
        Transcript(f"c-{number}", [Said("customer", "Secret customers words"), Said("agent", text)])
        for number, text in enumerate(said)
    ]


def test_phrases_are_trained_like_every_model() -> None:
    assert isinstance(TRAINERS[Kind.COMPLETION], PhraseTrainer)


def test_a_version_is_worth_what_it_saves_on_messages_it_has_not_seen() -> None:
    trainer = PhraseTrainer()
    shares: list[float] = []

    trained = trainer.train(transcripts(*[SORRY] * 12), [], shares.append)
    figures = trainer.evaluate(trained.blob, transcripts(SORRY, "Nothing alike at all here."), [])

    assert trained.counts["messages"] == 12
    assert shares == sorted(shares)
    assert figures[trainer.measure] > 0.3
    assert figures["acceptance"] == 1.0


def test_customers_words_are_not_learnt() -> None:
    trained = PhraseTrainer().train(transcripts(*[SORRY] * 12), [], lambda _share: None)

    completer = Completer([Source(Model.restored(trained.blob))])

    assert completer.complete("Secret customers words") is None
    assert not any("Secret" in surface for surface in Model.restored(trained.blob)._surfaces)


def test_a_foreign_model_is_refused() -> None:
    with pytest.raises(ModelRefused):
        PhraseTrainer().evaluate(b"nonsense", transcripts(SORRY), [])
