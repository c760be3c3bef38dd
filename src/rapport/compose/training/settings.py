"""Settings of training."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from rapport.core.settings import Section


class TrainingSettings(Section, frozen=True):
    """Training of a company's models."""

    section: ClassVar[str] = "training"

    every_days: Annotated[
        int, Meta(ge=0, le=365, description="Days between trainings; 0: only when asked for")
    ] = 7
    least_conversations: Annotated[
        int, Meta(ge=10, description="Conversations with an agent a company needs to be trained on")
    ] = 500
    most_conversations: Annotated[
        int, Meta(ge=100, description="Newest conversations that are learnt from")
    ] = 40_000
    slice_conversations: Annotated[
        int, Meta(ge=10, description="Conversations prepared in one step; 2,000 take some 20 s")
    ] = 2_000
    threads: Annotated[
        int, Meta(ge=1, le=64, description="Cores training may use, after everything else")
    ] = 2
    niceness: Annotated[
        int, Meta(ge=0, le=19, description="How far training stands back; 19: idle cores only")
    ] = 15
    keep_versions: Annotated[
        int, Meta(ge=2, le=100, description="Versions of a model that are kept to go back to")
    ] = 5
