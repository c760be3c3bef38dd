"""The routes of redaction: entities for integrators, entities and rules for administrators."""

from rapport.configuration.redaction.routes.console import (
    ConsoleEntitiesController,
    RulesController,
)
from rapport.configuration.redaction.routes.entities import (
    EntitiesController,
    OlderEntitiesController,
)

controllers = [
    EntitiesController,
    OlderEntitiesController,
    ConsoleEntitiesController,
    RulesController,
]
