"""The metadata dictionary: what texts may insert, and what responses may be filtered by (4.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.globals import access
from rapport.compose.globals.models import GlobalResponse, MetadataKey
from rapport.compose.globals.reading import all_responses
from rapport.compose.texts import inserts_in
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict, Invalid
from rapport.core.identity import Caller
from rapport.core.ids import new_id

RESOURCE = "metadata_key"
Kind = Literal["insert", "filter"]
# Named in one sentence; more are only counted.
SHOWN = 3


class DefaultInsert(NamedTuple):
    """An insert that every company has; other systems' names of the same value count as well."""

    key: str
    label: str
    example: str
    aliases: tuple[str, ...]


DEFAULT_INSERTS = (
    DefaultInsert(
        "NAME",
        "First name of the customer",
        "Sarah",
        ("firstname", "customername", "customerfirstname", "customer.name"),
    ),
    DefaultInsert(
        "rep_name",
        "First name of the agent",
        "Kim",
        ("agentname", "agentfirstname", "repfirstname", "agent.name"),
    ),
    DefaultInsert("TIME_OF_DAY", "Time of day: morning, afternoon or evening", "morning", ()),
)


class KeyTaken(Conflict):
    """The dictionary has this key. Facts: `key`."""

    sentence = "Conflict: the dictionary has a key {key} of this kind"


class KeyInUse(Conflict):
    """A key that texts use stays. Facts: `key`, `where`."""

    sentence = "Conflict: {key} is used by {where}"


class UnknownInserts(Invalid):
    """Texts with placeholders that the dictionary does not have (4.3)."""


def _plain(name: str) -> str:
    return re.sub(r"[ _-]", "", name).lower()


_DEFAULTS = frozenset(
    {_plain(each.key) for each in DEFAULT_INSERTS}
    | {alias for each in DEFAULT_INSERTS for alias in each.aliases}
)


async def keys_of(
    session: AsyncSession, company_id: str, kind: Kind | None = None
) -> Sequence[MetadataKey]:
    """Return what a company has added to its dictionary, by key."""
    query = select(MetadataKey).where(MetadataKey.company_id == company_id)
    if kind is not None:
        query = query.where(MetadataKey.kind == kind)
    return (await session.scalars(query.order_by(MetadataKey.key))).all()


async def inserts_of(session: AsyncSession, company_id: str) -> frozenset[str]:
    """Return the keys of conversations' metadata that texts of a company may insert (CMP-056)."""
    return frozenset(entry.key for entry in await keys_of(session, company_id, "insert"))


def unknown_inserts(text: str, bound: Sequence[str], custom: frozenset[str]) -> list[str]:
    """Return a text's placeholders that nothing has a value for.

    `bound` are the names that the response's own metadata binds, `custom` the company's inserts,
    whose case matters.
    """
    known = custom.union(bound)
    return [
        name
        for name in dict.fromkeys(inserts_in(text))
        if name not in known and _plain(name) not in _DEFAULTS
    ]


async def check_inserts(session: AsyncSession, company_id: str, number: int) -> None:
    """Raise UnknownInserts when a version has a text with a placeholder nobody knows (CMP-179)."""
    custom = await inserts_of(session, company_id)
    templates = all_responses(company_id, number).where(GlobalResponse.text.contains("{"))
    bad = [
        (row, unknown)
        for row in await session.scalars(templates)
        if (unknown := unknown_inserts(row.text, bound_in(row), custom))
    ]
    if bad:
        named = "; ".join(
            f"“{(row.title or row.text)[:60]}” has {', '.join(f'{{{each}}}' for each in unknown)}"
            for row, unknown in bad[:SHOWN]
        )
        more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise UnknownInserts(
            path="/responses", problem=f"inserts unknown to the dictionary: {named}{more}"
        )


def bound_in(row: GlobalResponse) -> list[str]:
    """Return the names that a response's own metadata has values for."""
    return [each["name"] for each in row.conditions if each["allowedValues"]]


async def add(
    session: WriteSession,
    caller: Caller,
    kind: Kind,
    key: str,
    label: str,
    example: str,
    values: list[str],
) -> MetadataKey:
    """Add a key (CMP-205). Raises KeyTaken."""
    entry = MetadataKey(
        id=new_id(),
        company_id=caller.scope.company_id,
        kind=kind,
        key=key,
        label=label,
        example=example,
        values=values,
        updated_at=clock.now(),
    )
    await _check_free(session, entry)
    session.add(entry)
    record(session, caller, AuditEvent.CREATE, _resource(entry))
    return entry


async def _check_free(session: WriteSession, entry: MetadataKey) -> None:
    is_default = entry.kind == "insert" and _plain(entry.key) in _DEFAULTS
    taken = await session.scalar(
        select(MetadataKey.id).where(
            MetadataKey.company_id == entry.company_id,
            MetadataKey.kind == entry.kind,
            MetadataKey.key == entry.key,
        )
    )
    if is_default or taken is not None:
        raise KeyTaken(key=entry.key)


async def change(
    session: WriteSession,
    caller: Caller,
    key_id: str,
    *,
    label: str | None,
    example: str | None,
    values: list[str] | None,
) -> MetadataKey:
    """Change what is said about a key; None leaves things as they are. Raises NotFound."""
    entry = await access.metadata_key(session, caller.scope.company_id, key_id)
    entry.label = entry.label if label is None else label
    entry.example = entry.example if example is None else example
    entry.values = entry.values if values is None else values
    entry.updated_at = clock.now()
    record(session, caller, AuditEvent.UPDATE, _resource(entry))
    return entry


def _resource(entry: MetadataKey) -> Resource:
    return Resource(RESOURCE, f"{entry.kind} {entry.key}", entry.id)
