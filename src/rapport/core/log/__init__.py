"""The event log: what became true, in order, for good.

*Current position*, defined before the code: everything at or below it has happened and will never be
joined by anything else. On SQLite one transaction writes at a time, ids are given in commit order, and
a position is an id. On PostgreSQL ids are drawn before their transaction commits, so a row with a low
id may appear after a row with a high one. Each row therefore carries the number of its writing
transaction, and the tail reads in windows: [low, high) are the transactions from where the last window
ended to the oldest one still running in this database. Inside a window rows are read by id. A position
is (low, high, id).

==========================================  =====================================================
two transactions                            why no event is skipped or turned round
==========================================  =====================================================
B draws a higher id and commits before A    B lies at or above the horizon while A runs: hidden;
                                            afterwards both are in one window or A's is the later
A began first, waits for B's stream, then   B committed before A did, so no horizon falls between
appends after B                             them: one window, read by id, and ids are drawn under
                                            the stream's lock
A rolls back                                its number ends with it, the horizon moves on
==========================================  =====================================================
"""

from rapport.core.log.events import Audience, Event, Recorded, Stream, event_type
from rapport.core.log.log import Append, Appended, Log, Row, RowInsert

__all__ = [
    "Append",
    "Appended",
    "Audience",
    "Event",
    "Log",
    "Recorded",
    "Row",
    "RowInsert",
    "Stream",
    "event_type",
]
