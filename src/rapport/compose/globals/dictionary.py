"""The metadata dictionary: what texts may insert, and what responses may be filtered by (4.3)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.globals import access
from rapport.compose.globals.models import GlobalResponse, MetadataKey
from rapport.compose.globals.reading import all_responses, deployed_to, stand_in
from rapport.compose.texts import holds, inserts_in
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict, Invalid
from rapport.core.identity import Caller, Environment, Scope
from rapport.core.ids import CompanyId, new_id

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
    return frozenset((await session.scalars(inserts(company_id))).all())


def inserts(company_id: str) -> Select[str]:
    """Ask for the keys that `inserts_of` returns."""
    is_ours = MetadataKey.company_id == company_id
    return select(MetadataKey.key).where(is_ours, MetadataKey.kind == "insert")


async def filters_of(session: AsyncSession, company_id: str) -> dict[str, set[str]]:
    """Return the values that a company's filters are known to have, where it has said so."""
    entries = await keys_of(session, company_id, "filter")
    return {entry.key: set(entry.values) for entry in entries if entry.values}


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


class Said(NamedTuple):
    """What is said about a key; None leaves things as they are."""

    label: str | None = None
    example: str | None = None
    values: list[str] | None = None


async def add(
    session: WriteSession, caller: Caller, kind: Kind, key: str, said: Said
) -> MetadataKey:
    """Add a key (CMP-205). Raises KeyTaken."""
    entry = MetadataKey(
        id=new_id(),
        company_id=caller.scope.company_id,
        kind=kind,
        key=key,
        label=said.label or "",
        example=said.example or "",
        values=said.values or [],
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


async def change(session: WriteSession, caller: Caller, key_id: str, said: Said) -> MetadataKey:
    """Change what is said about a key. Raises NotFound."""
    entry = await access.metadata_key(session, caller.scope.company_id, key_id)
    entry.label = entry.label if said.label is None else said.label
    entry.example = entry.example if said.example is None else said.example
    entry.values = entry.values if said.values is None else said.values
    entry.updated_at = clock.now()
    record(session, caller, AuditEvent.UPDATE, _resource(entry))
    return entry


async def remove(session: WriteSession, caller: Caller, key_id: str) -> None:
    """Take a key out of the dictionary. Raises NotFound, and KeyInUse saying where."""
    company_id = caller.scope.company_id
    entry = await access.metadata_key(session, company_id, key_id)
    places = await _places(session, entry)
    if places:
        raise KeyInUse(key=entry.key, where=" and ".join(places))
    record(session, caller, AuditEvent.DELETE, _resource(entry))
    await session.delete(entry)


async def _places(session: WriteSession, entry: MetadataKey) -> list[str]:
    """Return where a key is used, in words."""
    company_id = CompanyId(entry.company_id)
    draft = (await access.list_of(session, company_id)).saved + 1
    places = []
    versions: dict[str, int | ScalarSelect[Any]] = {"the draft": draft}
    versions |= {f"what {each} uses": deployed_to(Scope(company_id, each)) for each in Environment}
    for name, number in versions.items():
        rows = _using(entry, stand_in(GlobalResponse, company_id, number))
        count = await session.scalar(select(func.count()).select_from(rows.subquery()))
        first = await session.scalar(rows.order_by(GlobalResponse.folded).limit(1))
        if first is not None:
            shown = (first.title or first.text)[:60]
            noun = "response" if count == 1 else "responses"
            places.append(f"{count} {noun} of {name} (“{shown}”)")
    return places


def _using(entry: MetadataKey, among: ColumnElement[bool]) -> Select[GlobalResponse]:
    used = (
        holds(GlobalResponse.text, f"{{{entry.key}}}")
        if entry.kind == "insert"
        else holds(GlobalResponse.filters, f"\n{entry.key}\t")
    )
    return select(GlobalResponse).where(among, used)


class Uses(NamedTuple):
    """How often the draft's responses use what."""

    inserts: Mapping[str, int]
    filters: Mapping[str, int]
    values: Mapping[str, set[str]]


async def uses_of(session: AsyncSession, company_id: str) -> Uses:
    """Count what the draft's responses insert and are filtered by (CMP-204)."""
    draft = (await access.list_of(session, company_id)).saved + 1
    rows = await session.execute(
        select(GlobalResponse.text, GlobalResponse.filters).where(
            stand_in(GlobalResponse, company_id, draft),
            GlobalResponse.text.contains("{") | (GlobalResponse.filters != ""),
        )
    )
    inserts: Counter[str] = Counter()
    filters: Counter[str] = Counter()
    values: dict[str, set[str]] = {}
    for text, lines in rows:
        inserts.update(set(inserts_in(text)))
        pairs = [line.split("\t", 1) for line in lines.split("\n") if line]
        filters.update({name for name, _ in pairs})
        for name, value in pairs:
            values.setdefault(name, set()).add(value)
    return Uses(inserts, filters, values)


def _resource(entry: MetadataKey) -> Resource:
    return Resource(RESOURCE, f"{entry.kind} {entry.key}", entry.id)


def is_default(name: str, default: DefaultInsert) -> bool:
    """Tell whether a placeholder's name is one of a default insert's."""
    return _plain(name) in {_plain(default.key), *default.aliases}
