"""Finding and hiding sensitive text before anything is stored, published, logged or modelled."""

from rapport.engines.redaction.catalogue import CATALOGUE, DEFAULT_ACTIVE, LOCKED
from rapport.engines.redaction.context import EMPTY, MEMORY, Context
from rapport.engines.redaction.entity import Entity
from rapport.engines.redaction.redactor import Redacted, Redactor, UnknownEntity
from rapport.engines.redaction.rules import (
    PATTERN_LENGTH,
    InvalidPattern,
    Rule,
    compile_pattern,
    matches,
)
from rapport.engines.redaction.spans import Hidden

__all__ = [
    "CATALOGUE",
    "DEFAULT_ACTIVE",
    "EMPTY",
    "LOCKED",
    "MEMORY",
    "PATTERN_LENGTH",
    "Context",
    "Entity",
    "Hidden",
    "InvalidPattern",
    "Redacted",
    "Redactor",
    "Rule",
    "UnknownEntity",
    "compile_pattern",
    "matches",
]
