"""The knobs of single sign-on: where browsers reach us, and which providers may be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from rapport.core.settings import Section


class SingleSignOnSettings(Section, frozen=True):
    """Single sign-on of people."""

    section: ClassVar[str] = "sso"

    production_url: Annotated[
        str,
        Meta(
            pattern=r"^$|^https?://[^/?#]+$",
            description="Where browsers reach production, such as https://talk.example.com; "
            "empty: as the request says",
        ),
    ] = ""
    sandbox_url: Annotated[
        str,
        Meta(
            pattern=r"^$|^https?://[^/?#]+$",
            description="The same for the sandbox; empty: as the request says",
        ),
    ] = ""
    provider_hosts: Annotated[
        tuple[str, ...],
        Meta(
            description="Host names of identity providers that this server may ask "
            "(comma separated); empty: any"
        ),
    ] = ()
    plain_http: Annotated[
        bool, Meta(description="Let identity providers be asked without https (to try things out)")
    ] = False
    minutes: Annotated[
        float, Meta(gt=0, le=60, description="How long somebody may take at the identity provider")
    ] = 10.0
