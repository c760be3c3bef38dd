"""How models of phrases are trained and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapport.compose.training.trainers import Kind, ModelRefused, Report, Trained, Transcript
from rapport.engines.completion import Completer, Line, Model, Rules, Source, judged, taught
from rapport.engines.completion import ModelRefused as UnreadableModel

# Agent messages a version is judged on, in the order they come.
JUDGED_BY = 1_000


class PhraseTrainer:
    """Learns which phrases agents use; a version is judged by what it would have saved them."""

    kind = Kind.COMPLETION
    measure = "saved_share"

    def prepare(self, transcripts: Sequence[Transcript]) -> bytes:  # noqa: ARG002
        """Nothing: counting takes less time than reading what was counted."""
        return b""

    def train(
        self,
        transcripts: Sequence[Transcript],
        prepared: Sequence[bytes],  # noqa: ARG002
        report: Report,
    ) -> Trained:
        """Count what agents say; a minute for 40,000 messages."""
        lines = _lines(transcripts)
        report(0.1)
        model = taught(lines)
        report(0.9)
        counts = {"messages": float(len(lines)), "size_bytes": float(model.size_bytes)}
        return Trained(model.stored(), counts)

    def evaluate(
        self,
        blob: bytes,
        transcripts: Sequence[Transcript],
        prepared: Sequence[bytes],  # noqa: ARG002
    ) -> Mapping[str, float]:
        """Type what agents wrote, word by word. Raises ModelRefused."""
        try:
            completer = Completer([Source(Model.restored(blob))])
        except UnreadableModel as error:
            raise ModelRefused(problem=str(error)) from None
        rules = Rules(words=1)
        texts = [line.text for line in _lines(transcripts)[:JUDGED_BY]]
        figures = judged(texts, lambda typed: completer.after_word(typed, None, rules))
        return {
            "saved_share": figures.saved_share,
            "acceptance": figures.acceptance,
            "offered": figures.offered,
        }


def _lines(transcripts: Sequence[Transcript]) -> list[Line]:
    return [
        Line(said.text, number)
        for number, transcript in enumerate(transcripts)
        for said in transcript.said
        if said.role == "agent"
    ]
