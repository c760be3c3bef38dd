"""Timestamps as they come in: RFC 3339 in UTC with 0 to 12 digits of a second's fraction."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from rapport.conversations.errors import WrongTimestamp

_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?Z", re.ASCII)


def parse_timestamp(value: str, path: str) -> datetime:
    """Return the moment, to the microsecond. Raises WrongTimestamp with the property's path (PLT-015)."""
    form = _FORM.fullmatch(value)
    if form is None:
        raise WrongTimestamp(path=path, value=value[:64])
    fraction = (form[2] or "0")[:6].ljust(6, "0")
    try:
        moment = datetime.fromisoformat(form[1]).replace(microsecond=int(fraction), tzinfo=UTC)
    except ValueError:
        raise WrongTimestamp(path=path, value=value[:64]) from None
    return moment
