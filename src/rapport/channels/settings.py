"""Settings of the channels."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from rapport.core.settings import Section


class ChatSettings(Section, frozen=True):
    """The web chat of customers."""

    section: ClassVar[str] = "chat"

    token_hours: Annotated[
        float, Meta(gt=0, description="How long a customer's token opens the chat")
    ] = 12.0
    return_days: Annotated[
        float,
        Meta(gt=0, description="How long afterwards it still gets the same customer a new token"),
    ] = 30.0
    sessions_per_second: Annotated[
        int, Meta(ge=1, description="Chat sessions that one address may begin in a second")
    ] = 10
    identity_hosts: Annotated[
        tuple[str, ...],
        Meta(
            description="Host names of companies' APIs that this server may ask about customers' "
            "tokens (comma separated); empty: any"
        ),
    ] = ()
    plain_http: Annotated[
        bool, Meta(description="Let companies' APIs be asked without https (to try things out)")
    ] = False
