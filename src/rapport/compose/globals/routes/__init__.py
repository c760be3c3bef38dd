"""Routes of the global list, for those who use it and those who keep it."""

from rapport.compose.globals.routes.dictionary import DictionaryController
from rapport.compose.globals.routes.draft import DraftController
from rapport.compose.globals.routes.files import FilesController
from rapport.compose.globals.routes.public import GlobalsController
from rapport.compose.globals.routes.versions import VersionsController

controllers = [
    GlobalsController,
    DraftController,
    VersionsController,
    FilesController,
    DictionaryController,
]

__all__ = ["controllers"]
