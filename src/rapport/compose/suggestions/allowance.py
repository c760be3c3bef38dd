"""How much may be learnt from what agents say: under load a sample."""

from __future__ import annotations

from datetime import datetime

from rapport.core import clock


class Allowance:
    """How many replies may be learnt now: a bucket that fills with time and holds little.

    Learning a reply costs some 5 ms of a core. Under load a sample is as good as all, and leaves
    the cores to those who wait.
    """

    def __init__(self, per_minute: int, most: int | None = None) -> None:
        self._per_minute = per_minute
        # A full minute's worth at once would take the cores from those who wait, for seconds.
        self._most = max(1.0, per_minute / 30) if most is None else float(most)
        self._left = self._most
        self._since: datetime | None = None

    def take(self) -> bool:
        """Use one up; False when none is left."""
        now = clock.now()
        passed = (now - (self._since or now)).total_seconds()
        self._since = now
        self._left = min(self._most, self._left + passed * self._per_minute / 60)
        if self._left < 1:
            return False
        self._left -= 1
        return True
