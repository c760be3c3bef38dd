"""Fan-out between connections and nodes: nudges and signals, never the truth.

What travels here may be lost. A reader that misses a nudge reads the log anyway; a signal (typing,
presence) is replaced by the next one. `is_healthy` tells readers when to look at the log more often.
"""

from rapport.core.bus.bus import Bus, Handler, MemoryBus
from rapport.core.bus.redis import RedisBus
from rapport.core.settings import DataSettings, Settings

__all__ = ["Bus", "Handler", "MemoryBus", "RedisBus", "open_bus"]


async def open_bus(settings: Settings) -> Bus:
    """Open the configured bus: Redis or Valkey where there is one, else within the process."""
    url = settings[DataSettings].redis_url
    bus: Bus = RedisBus(url) if url else MemoryBus()
    await bus.open()
    return bus
