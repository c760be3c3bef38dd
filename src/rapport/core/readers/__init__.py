"""Readers: what is kept true from the log, each from its own cursor.

A reader sees each event at least once; what it writes in the session it is given is kept exactly once,
because its cursor moves in the same transaction and only from where it stood. A reader under load is a
`BatchReader`: it reads before the transaction, and writes a batch in one go.
"""

from rapport.core.readers.models import ReaderFailure
from rapport.core.readers.readers import AnyReader, BatchReader, Reader, Readers

__all__ = ["AnyReader", "BatchReader", "Reader", "ReaderFailure", "Readers"]
