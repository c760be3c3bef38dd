"""Identifiers: 26-character ULIDs, sortable by time, with 80 random bits (PLT-018)."""

from __future__ import annotations

from typing import NewType

from ulid import ULID

CompanyId = NewType("CompanyId", str)


def new_id() -> str:
    """Return a new ULID as text."""
    return str(ULID())
