"""Settings of live delivery."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from rapport.core.settings import Section


class LiveSettings(Section, frozen=True):
    """Sockets and event streams."""

    section: ClassVar[str] = "live"

    heartbeat_seconds: Annotated[
        int, Meta(ge=1, description="How often a client asks for a pong")
    ] = 17
    silent_seconds: Annotated[
        int, Meta(ge=2, description="Silence after which a socket is closed")
    ] = 60
    hello_seconds: Annotated[int, Meta(ge=1, description="Time a client has to say who it is")] = 10
    backlog_frames: Annotated[int, Meta(ge=1, description="Frames queued for one slow reader")] = (
        256
    )
    backlog_bytes: Annotated[int, Meta(ge=1024, description="Bytes queued for one slow reader")] = (
        1 << 20
    )
    stuck_seconds: Annotated[
        float, Meta(gt=0, description="How long a reader may take nothing before it is cut")
    ] = 30.0
    poll_seconds: Annotated[
        float, Meta(gt=0, description="How often the log is read when no nudge came")
    ] = 1.0
    degraded_poll_seconds: Annotated[
        float, Meta(gt=0, description="The same while the bus is down")
    ] = 0.1
    frame_bytes: Annotated[int, Meta(ge=256, description="Largest message a client may send")] = (
        65_536
    )
