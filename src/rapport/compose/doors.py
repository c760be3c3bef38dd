"""What the application takes from this room: its routes, its settings, and how it is opened."""

from __future__ import annotations

from rapport.compose.bootstrap.routes import ProposalsController
from rapport.compose.customs.routes import CustomsController
from rapport.compose.fluency.routes import SpellcheckController
from rapport.compose.fluency.settings import FluencySettings
from rapport.compose.globals.routes import controllers as globals_controllers
from rapport.compose.greetings.routes import GreetingPolicyController, GreetingsController
from rapport.compose.profanity.routes import BlocklistController, ProfanityController
from rapport.compose.room import open_compose
from rapport.compose.sandbox.routes import SandboxController
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.routes import SuggestionsController
from rapport.compose.switches.routes import ClientSettingsController, SwitchesController
from rapport.compose.training.routes import ModelsController
from rapport.compose.training.schedule import LOOK as TRAINING
from rapport.compose.training.schedule import Trainings
from rapport.compose.training.settings import TrainingSettings
from rapport.compose.usage.routes import controllers as usage_controllers
from rapport.core.settings import Section
from rapport.engines.embedding import Settings as EmbeddingSettings

controllers = [
    SuggestionsController,
    ProposalsController,
    *globals_controllers,
    CustomsController,
    SandboxController,
    ClientSettingsController,
    SwitchesController,
    GreetingsController,
    GreetingPolicyController,
    SpellcheckController,
    ModelsController,
    *usage_controllers,
    ProfanityController,
    BlocklistController,
]
sections: list[type[Section]] = [
    ComposeSettings,
    EmbeddingSettings,
    FluencySettings,
    TrainingSettings,
]

__all__ = ["TRAINING", "Trainings", "controllers", "open_compose", "sections"]
