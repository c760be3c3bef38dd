"""`/console/v1/compose/models`: what the company's models are, and training them (CMP-207)."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from rapport.compose.training import access, service
from rapport.compose.training.schedule import Trainings
from rapport.compose.training.schemas import (
    ModelList,
    ModelView,
    RollBack,
    TrainingStarted,
    TrainingView,
    model_view,
    training_view,
)
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.log import Log


class ModelsController(Controller):
    """The trained models of the administrator's company, in the environment of the address."""

    path = "/console/v1/compose/models"
    guards = (requires(Permission.MANAGE_RESPONSES),)
    tags = ("Console",)

    @get(operation_id="listModels", responses=refusals(401, 403))
    async def list_models(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> ModelList:
        """List the versions that are kept, with their figures, the newest first."""
        found = await access.models_of(reading, caller.scope)
        return ModelList([model_view(model) for model in found])

    @post(
        "/{model_id:str}/deploy", status_code=200, operation_id="deployModel", responses=refusals()
    )
    async def deploy(
        self,
        model_id: FromPath[str],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> ModelView:
        """Put a version to work; every node answers with it a moment later."""
        return model_view(await service.deploy(session, log, caller, model_id))

    @post("/roll-back", status_code=200, operation_id="rollBackModel", responses=refusals())
    async def roll_back(
        self,
        data: JSONBody[RollBack],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> ModelView:
        """Put the version to work that is next older than the one at work."""
        return model_view(await service.roll_back(session, log, caller, data.kind))

    @post("/train", status_code=202, operation_id="trainModels", responses=refusals())
    async def train(
        self,
        session: NamedDependency[WriteSession],
        trainings: NamedDependency[Trainings],
        caller: NamedDependency[Caller],
    ) -> TrainingStarted:
        """Train a model of every kind now, in the background."""
        return TrainingStarted(await trainings.ask(session, caller))

    @get("/trainings/{training_id:str}", operation_id="showTraining", responses=refusals())
    async def show_training(
        self,
        training_id: FromPath[str],
        trainings: NamedDependency[Trainings],
        caller: NamedDependency[Caller],
    ) -> TrainingView:
        """Tell how a training is."""
        return training_view(await trainings.status(caller.scope, training_id))
