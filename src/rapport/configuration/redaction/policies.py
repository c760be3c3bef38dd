"""The five policies: which channel each is for, and what is on before anybody changes it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from rapport.engines.redaction import CATALOGUE, Entity


class Policy(StrEnum):
    """For whom an entity is hidden (PLT-110). Values are the wire names."""

    CUSTOMER_IMMEDIATE = "customerImmediate"  # live, to the customer
    CUSTOMER_DELAYED = "customerDelayed"  # what is stored: the floor under all others
    AGENT_IMMEDIATE = "agentImmediate"  # live, to the agent
    AUTO_TRANSCRIBE = "autoTranscribe"  # transcripts
    VOICE = "voice"  # speech


# Text is starred; in transcripts masked characters appear as hash marks (platform 2.7).
MASKS: Mapping[Policy, str] = {
    Policy.CUSTOMER_IMMEDIATE: "*",
    Policy.CUSTOMER_DELAYED: "*",
    Policy.AGENT_IMMEDIATE: "*",
    Policy.AUTO_TRANSCRIBE: "#",
    Policy.VOICE: "#",
}

Switches = Mapping[Policy, bool]


def default_switches(entity: Entity) -> Switches:
    """Return an entity's policies before anybody has changed them (PLT-113)."""
    return dict.fromkeys(Policy, entity.is_active_by_default)


DEFAULTS: Mapping[str, Switches] = {
    entity.id: default_switches(entity) for entity in CATALOGUE.values()
}
