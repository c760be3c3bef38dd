"""Every kind of model there is, and who trains it."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.compose.completions.trainer import PhraseTrainer
from rapport.compose.training.replies import ReplyTrainer
from rapport.compose.training.trainers import Kind, Trainer

_EVERY: tuple[Trainer, ...] = (ReplyTrainer(), PhraseTrainer())

TRAINERS: Mapping[Kind, Trainer] = {trainer.kind: trainer for trainer in _EVERY}
