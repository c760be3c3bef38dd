"""Timers: rows with a due time, claimed by any node; not sleeping tasks, so a restart loses none."""

from rapport.core.timers.models import TimerRow
from rapport.core.timers.timers import Timer, Timers, cancel, schedule

__all__ = ["Timer", "TimerRow", "Timers", "cancel", "schedule"]
