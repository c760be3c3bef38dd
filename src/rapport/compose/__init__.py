"""Help for an agent who writes: what to say next, found in what the company says."""

from rapport.compose.globals.routes import ResponsesController
from rapport.compose.room import open_compose
from rapport.compose.sandbox.routes import SandboxController
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.routes import SuggestionsController
from rapport.core.settings import Section
from rapport.engines.embedding import Settings as EmbeddingSettings

controllers = [SuggestionsController, ResponsesController, SandboxController]
sections: list[type[Section]] = [ComposeSettings, EmbeddingSettings]

__all__ = ["controllers", "open_compose", "sections"]
