"""Wire shape of customer credentials."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from rapport.conversations.record.schemas import LooseExternalId


class AuthenticateRequest(Struct, rename="camel"):
    """Credentials of the customer, in a form agreed with the company."""

    customer_external_id: LooseExternalId
    auth: Annotated[dict[str, Any], Meta(min_length=1)]
    stream_id: str | None = None
