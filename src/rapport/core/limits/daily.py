"""Daily quotas: counted in memory, written down each second for the other nodes and for a restart."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from rapport.core import clock
from rapport.core.database import Database
from rapport.core.limits.models import DailyCount


class DailyCounts:
    """How often each key with a quota came today (UTC)."""

    def __init__(self) -> None:
        self._day = ""
        self._counts: dict[str, int] = {}
        self._unwritten: Counter[str] = Counter()

    def take(self, key: str, quota: int) -> bool:
        """Count one request; false when the day's quota is used up. A refused one is not counted."""
        self._turn_page()
        count = self._counts.get(key, 0)
        if count >= quota:
            return False
        self._counts[key] = count + 1
        self._unwritten[key] += 1
        return True

    def is_known(self, key: str) -> bool:
        """Tell whether today's count of a key has been read or begun."""
        self._turn_page()
        return key in self._counts

    async def read(self, database: Database, key: str) -> None:
        """Continue where this key's day stood before this process, or on other nodes."""
        async with database.reading() as session:
            found = await session.get(DailyCount, (key, self._day))
        self._counts.setdefault(key, found.count if found else 0)

    async def write(self, database: Database) -> None:
        """Add what was counted since the last time, and learn what the other nodes counted."""
        self._turn_page()
        day, unwritten = self._day, self._unwritten.copy()
        if not unwritten:
            return
        totals: dict[str, int] = {}
        dialect: Any = sqlite if database.is_sqlite else postgresql
        async with database.writing() as session:
            for key, count in sorted(unwritten.items()):
                statement = (
                    dialect.insert(DailyCount)
                    .values(key=key, day=day, count=count)
                    .on_conflict_do_update(
                        index_elements=["key", "day"], set_={"count": DailyCount.count + count}
                    )
                    .returning(DailyCount.count)
                )
                totals[key] = (await session.execute(statement)).scalar_one()
        if day == self._day:
            self._unwritten -= unwritten
            self._counts.update({key: totals[key] + self._unwritten[key] for key in totals})

    def _turn_page(self) -> None:
        today = clock.now().date().isoformat()
        if today != self._day:
            self._day = today
            self._counts.clear()
            self._unwritten.clear()
