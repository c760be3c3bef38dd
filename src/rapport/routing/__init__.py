"""Routing: which agent serves which conversation. No product knows how, they read what became true."""

from rapport.routing.absence import ABSENCE, Absence
from rapport.routing.live import protocol
from rapport.routing.readers import readers
from rapport.routing.settings import RoutingSettings

sections = [RoutingSettings]

__all__ = ["ABSENCE", "Absence", "RoutingSettings", "protocol", "readers", "sections"]
