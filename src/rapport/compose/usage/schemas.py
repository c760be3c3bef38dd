"""Wire shapes of what clients report, exactly as documented (3.6, 3.7)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, structs

from rapport.core.errors import Invalid

Id = Annotated[str, Meta(max_length=255)]
Usage = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=10_000)]
# More than any message has, and what both databases can keep.
Count = Annotated[int, Meta(ge=-(2**31), lt=2**31)]
Seconds = Annotated[float, Meta(ge=-1e9, le=1e9)]


class MessageSentEvent(Struct, rename="camel"):
    """How a message was written; what is left out is empty or 0.

    `augmentation_type` holds the usages in their order, with repeats; others than the nine known
    ones are kept and counted as unknown.
    """

    message_id: Id
    augmentation_type: Annotated[list[Usage], Meta(max_length=1_000)]
    conversation_id: Id = ""
    num_edits: Count = 0
    selected_suggestion_text: Text = ""
    selected_suggestions_id: Id = ""
    selected_suggestion_index: Count = 0
    initial_suggestions_id: Id = ""
    time_to_action: Seconds = 0.0
    crafting_time: Seconds = 0.0
    dwell_time: Seconds = 0.0
    phrase_autocomplete_presented_ct: Count = 0
    phrase_autocomplete_selected_ct: Count = 0


ActionType = Literal[
    "suggestion-1-inserted",
    "suggestion-2-inserted",
    "suggestion-3-inserted",
    "phrase-completion-accepted",
    "spellcheck-applied",
    "spellcheck-undone",
    "custom-response-drawer-inserted",
    "custom-panel-inserted",
    "global-panel-inserted",
]


class CorrectionDetails(Struct, rename="camel"):
    """Which correction it was."""

    correction_id: Id


class DrawerDetails(Struct):
    """What was typed to find it, and what was inserted."""

    query: Text
    text: Text


class InsertedDetails(Struct):
    """What was inserted."""

    text: Text


class MessageAnalyticEvent(Struct, rename="camel"):
    """Something an agent did with our help; the details that its type asks for come with it."""

    type: ActionType
    suggestions_id: Id
    spellcheck_applied: CorrectionDetails | None = None
    spellcheck_undone: CorrectionDetails | None = None
    custom_response_drawer_inserted: DrawerDetails | None = None
    custom_panel_inserted: InsertedDetails | None = None
    global_panel_inserted: InsertedDetails | None = None

    def details(self) -> Details:
        """Return the details that the type asks for; empty ones when it asks for none.

        Raises Invalid when they are missing.
        """
        name = _DETAILS.get(self.type)
        if name is None:
            return Details()
        given = {
            "spellcheckApplied": self.spellcheck_applied,
            "spellcheckUndone": self.spellcheck_undone,
            "customResponseDrawerInserted": self.custom_response_drawer_inserted,
            "customPanelInserted": self.custom_panel_inserted,
            "globalPanelInserted": self.global_panel_inserted,
        }
        found = given[name]
        if found is None:
            raise Invalid(path=f"/{name}", problem=f"is required for {self.type}")
        return Details(**structs.asdict(found))


class Details(Struct, frozen=True):
    """What comes with an action, whichever of it its type has."""

    correction_id: str | None = None
    query: str = ""
    text: str = ""


_DETAILS = {
    "spellcheck-applied": "spellcheckApplied",
    "spellcheck-undone": "spellcheckUndone",
    "custom-response-drawer-inserted": "customResponseDrawerInserted",
    "custom-panel-inserted": "customPanelInserted",
    "global-panel-inserted": "globalPanelInserted",
}
