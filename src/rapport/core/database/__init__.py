"""The system of record: SQLite embedded, PostgreSQL in a cluster."""

from rapport.core.database.base import Base, UtcTime
from rapport.core.database.database import Database, ReadSession, WriteSession

__all__ = ["Base", "Database", "ReadSession", "UtcTime", "WriteSession"]
