"""`/console/v1/metadata-dictionary`: what texts may insert and be filtered by (CMP-203..205)."""

from __future__ import annotations

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from rapport.compose.globals import dictionary
from rapport.compose.globals.schemas import Dictionary, KeyChange, KeyView, NewKey
from rapport.compose.globals.views import dictionary_view, key_view
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission


class DictionaryController(Controller):
    """The keys of conversations' metadata that a company's texts may use."""

    path = "/console/v1/metadata-dictionary"
    guards = (requires(Permission.MANAGE_RESPONSES),)
    tags = ("Responses",)

    @get(responses=refusals(401, 403))
    async def show(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> Dictionary:
        """List every insert, and every filter with its possible values."""
        company_id = caller.scope.company_id
        entries = await dictionary.keys_of(reading, company_id)
        return dictionary_view(entries, await dictionary.uses_of(reading, company_id))

    @post(responses=refusals(400, 401, 403, 409))
    async def add(
        self,
        data: JSONBody[NewKey],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> KeyView:
        """Add a key; texts may use it from now on (CMP-205)."""
        said = dictionary.Said(data.label, data.example, data.values)
        return key_view(await dictionary.add(session, caller, data.kind, data.key, said))

    @patch("/{key_id:str}", responses=refusals(400, 401, 403, 404))
    async def change(
        self,
        key_id: FromPath[str],
        data: JSONBody[KeyChange],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> KeyView:
        """Change what is said about a key."""
        said = dictionary.Said(data.label, data.example, data.values)
        return key_view(await dictionary.change(session, caller, key_id, said))

    @delete("/{key_id:str}", responses=refusals(401, 403, 404, 409))
    async def remove(
        self,
        key_id: FromPath[str],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> None:
        """Take a key out of the dictionary, unless responses use it."""
        await dictionary.remove(session, caller, key_id)
