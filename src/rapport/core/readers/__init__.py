"""Readers: what is kept true from the log, each from its own cursor.

A reader sees each event at least once; what it writes in the session it is given is kept exactly once,
because its cursor moves in the same transaction and only from where it stood.
"""

from rapport.core.readers.models import ReaderFailure
from rapport.core.readers.readers import Reader, Readers

__all__ = ["Reader", "ReaderFailure", "Readers"]
