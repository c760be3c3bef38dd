"""The tables of the global response list.

A company has one list. Its versions are numbered, and a row says in which of them it stands: from
`since` up to, but not with, `until`. So a version costs what it changed, and never changes itself.
The draft is the version to come: rows that begin with it may still be rewritten.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rapport.compose.texts import FOLDED
from rapport.core.database import Base
from rapport.core.ids import new_id


class ResponseList(Base):
    """A company's list: how many versions are saved, and how often its draft was changed."""

    __tablename__ = "response_list"

    company_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    saved: Mapped[int]
    revision: Mapped[int]
    # What the draft began as, which is what its version will be called: see ListVersion.
    origin: Mapped[str] = mapped_column(String(10))


class GlobalResponse(Base):
    """What a response says in some versions; `response_id` is the same in all of them."""

    __tablename__ = "global_response"
    __table_args__ = (
        Index("ix_global_response_list", "company_id", "until", "since"),
        Index("ix_global_response_of", "company_id", "response_id"),
        Index("ix_global_response_text", "company_id", "fingerprint"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    company_id: Mapped[str] = mapped_column(String(26))
    response_id: Mapped[str] = mapped_column(String(26))
    text: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))
    folder_id: Mapped[str] = mapped_column(String(26))
    # Filters and bindings of placeholders: {"name", "allowedValues"} each.
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # The filters among them as lines of name, tab and value: what lists are narrowed by.
    filters: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(16))
    folded: Mapped[str] = mapped_column(FOLDED)
    since: Mapped[int]
    until: Mapped[int | None]


class GlobalFolder(Base):
    """What a folder is called and where it lies in some versions."""

    __tablename__ = "global_folder"
    __table_args__ = (Index("ix_global_folder_list", "company_id", "until", "since"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    company_id: Mapped[str] = mapped_column(String(26))
    folder_id: Mapped[str] = mapped_column(String(26))
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[str] = mapped_column(String(26))
    folded: Mapped[str] = mapped_column(FOLDED)
    since: Mapped[int]
    until: Mapped[int | None]


class ListVersion(Base):
    """A saved version, and who saved it how (CMP-193)."""

    __tablename__ = "response_list_version"
    __table_args__ = (UniqueConstraint("company_id", "number"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    company_id: Mapped[str] = mapped_column(String(26))
    number: Mapped[int]
    description: Mapped[str] = mapped_column(Text)
    # save, upload, restore or proposal
    origin: Mapped[str] = mapped_column(String(10))
    count: Mapped[int]
    author: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class ListDeployment(Base):
    """What an environment uses from one deployment to the next; the highest number counts."""

    __tablename__ = "response_list_deployment"

    company_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Absent: nothing from then on.
    version: Mapped[int | None]
    author: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class DraftChange(Base):
    """Who did what to the draft: told to whoever did not know when changing it, too."""

    __tablename__ = "response_list_change"
    __table_args__ = (Index("ix_response_list_change_target", "company_id", "target"),)

    company_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    # The response or folder; absent for what concerned the whole list.
    target: Mapped[str | None] = mapped_column(String(26))
    name: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class MetadataKey(Base):
    """A key of conversations' metadata that texts may insert, or responses may ask for (4.3)."""

    __tablename__ = "metadata_key"
    __table_args__ = (UniqueConstraint("company_id", "kind", "key"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    company_id: Mapped[str] = mapped_column(String(26))
    # insert or filter
    kind: Mapped[str] = mapped_column(String(6))
    key: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(200))
    example: Mapped[str] = mapped_column(String(200))
    values: Mapped[list[str]]
    updated_at: Mapped[datetime]


class ResponseUse(Base):
    """How often agents of an environment have used a response, and when last."""

    __tablename__ = "global_response_use"

    company_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    response_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    count: Mapped[int]
    last_used_at: Mapped[datetime]
