"""The console's shapes of trained models."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from rapport.compose.training.models import ComposeModel
from rapport.compose.training.trainers import Kind
from rapport.core import clock
from rapport.core.jobs import JobStatus


class ModelView(Struct, rename="camel"):
    """One version of a model."""

    id: str
    kind: str
    version: int
    state: str
    trained_on: dict[str, Any]
    metrics: dict[str, Any]
    size_bytes: int
    created_at: str
    live_at: str | None


class ModelList(Struct):
    """The versions that are kept, the newest first."""

    items: list[ModelView]


class RollBack(Struct, forbid_unknown_fields=True):
    """Which model is to go back to the version before."""

    kind: Kind


class TrainingStarted(Struct, rename="camel"):
    """A training that was asked for, to be asked about by its id."""

    training_id: str


class TrainingView(Struct):
    """How a training is: waiting, running, done, failed or unknown; done of total parts."""

    state: str
    done: int
    total: int


def model_view(model: ComposeModel) -> ModelView:
    """Shape a version for the wire."""
    return ModelView(
        id=model.id,
        kind=model.kind,
        version=model.version,
        state=model.state,
        trained_on=model.trained_on,
        metrics=model.metrics,
        size_bytes=model.size_bytes,
        created_at=clock.wire(model.created_at),
        live_at=clock.wire(model.live_at) if model.live_at else None,
    )


def training_view(status: JobStatus) -> TrainingView:
    """Shape the state of a training."""
    return TrainingView(status.state, status.done, status.total)
