"""How often a caller may come: a rate for each key, and a quota for each day (PLT-029..031)."""

from rapport.core.limits.limits import Limits
from rapport.core.limits.models import DailyCount

__all__ = ["DailyCount", "Limits"]
