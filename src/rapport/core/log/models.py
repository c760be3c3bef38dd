"""The log's own tables: events, and the head of each stream."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database.base import Base

# SQLite counts rows by itself only in a column of type INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")


class StreamHead(Base):
    """The last sequence number given in a stream; its row is the stream's lock."""

    __tablename__ = "stream"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    head: Mapped[int] = mapped_column(BigInteger, default=0)


class LoggedEvent(Base):
    """One event. `id` is the tail order, `seq` the order within the stream."""

    __tablename__ = "event"
    __table_args__ = (
        Index("uq_event_stream_kind_stream_id_seq", "stream_kind", "stream_id", "seq", unique=True),
        Index("ix_event_txid", "txid").ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    txid: Mapped[int] = mapped_column(BigInteger, default=0)
    company_id: Mapped[str] = mapped_column(String(26))
    environment: Mapped[str] = mapped_column(String(10))
    stream_kind: Mapped[str] = mapped_column(String(32))
    stream_id: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[str] = mapped_column(String(64))
    audience: Mapped[int] = mapped_column(SmallInteger)
    actor: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[str] = mapped_column(Text)


class AppendKey(Base):
    """The key under which a client asked for an append, so that asking again stores nothing new."""

    __tablename__ = "append_key"

    stream_kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    stream_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(Text)


class ReaderCursor(Base):
    """How far a reader has come in the log."""

    __tablename__ = "reader_cursor"

    reader: Mapped[str] = mapped_column(String(64), primary_key=True)
    cursor: Mapped[str] = mapped_column(String(64))
