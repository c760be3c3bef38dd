"""What the reference contract says of the operations that exist here, as a table of facts."""

from __future__ import annotations

from typing import NamedTuple

_ALL = {400, 401, 403, 404, 409, 413, 429, 503}

_NAMED = {"externalId", "name"}
_MESSAGE_IN = {"text", "sender", "sender.role", "sender.externalId", "timestamp"}
_MESSAGE_OUT = {
    "messageId",
    "text",
    "sender",
    "sender.role",
    "sender.externalId",
    "createdTimestamp",
    "clientTimestamp",
}
_POLICIES = {
    f"policies.{name}"
    for name in (
        "customerImmediate",
        "customerDelayed",
        "agentImmediate",
        "autoTranscribe",
        "voice",
    )
}
_ENTITY = {"id", "description", "policies", *_POLICIES}
_PARTIES = {f"{party}.{name}" for party in ("customer", "agent") for name in _NAMED}
_CONVERSATION = {"id", "externalId", "customer", "agent", "metadata", *_PARTIES}


_SWITCHES = {
    "suggestionsWhileTypingDisabled",
    "phraseCompletionsDisabled",
    "spellcheckDisabled",
    "autopilotGreetingsDisabled",
    "autocomposeDisabled",
}
_MESSAGE_SENT = {
    "conversationId",
    "messageId",
    "augmentationType",
    "numEdits",
    "selectedSuggestionText",
    "selectedSuggestionsId",
    "selectedSuggestionIndex",
    "initialSuggestionsId",
    "timeToAction",
    "craftingTime",
    "dwellTime",
    "phraseAutocompletePresentedCt",
    "phraseAutocompleteSelectedCt",
}
_DETAILS = {
    "spellcheckApplied",
    "spellcheckUndone",
    "customResponseDrawerInserted",
    "customPanelInserted",
    "globalPanelInserted",
}
_NEEDED_DETAILS = {
    "spellcheckApplied.correctionId",
    "spellcheckUndone.correctionId",
    "customResponseDrawerInserted.query",
    "customResponseDrawerInserted.text",
    "customPanelInserted.text",
    "globalPanelInserted.text",
}
_GREETINGS = {"greetingGeneric", "greetingCustomerName"}
_AUTOPILOT = {"text", "templateText", "title", "delaySeconds", "triggerAfterSeconds"}


class Operation(NamedTuple):
    """Where it is, what a request must and may hold, what an answer holds, how it may be refused."""

    method: str
    path: str
    success: int = 200
    required: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    query: frozenset[str] = frozenset()
    refused: frozenset[int] = frozenset(_ALL)


def _in(prefix: str, names: set[str]) -> frozenset[str]:
    return frozenset({prefix, *(f"{prefix}.{name}" for name in names)})


_CONVERSATIONS = "/conversation/v1/conversations"
_ONE = f"{_CONVERSATIONS}/{{conversationId}}"
_AUTOPILOT_GREETINGS = "/autocompose/v1/autopilot/greetings"
_ENTITIES = "/configuration/v1/redaction-entities"
_READ_ONLY = frozenset(_ALL - {409, 413})
_GLOBALS = "/autocompose/v1/responses/globals"
_CUSTOMS = "/autocompose/v1/responses/customs"
_OF_AGENT = frozenset({"agentId"})
_LISTED = {"folderId", "resourceType", "searchTerm", "pageToken", "maxPerPage"}
_METADATA = {"metadata", "metadata.name", "metadata.allowedValues"}
_RESPONSE = {"text", "title", "folderId", *_METADATA}
_FOLDER = {"name", "parentFolderId"}
_LIST = (
    _in("responsesList", {"id", *_RESPONSE}) | _in("folderList", {"id", *_FOLDER}) | {"pageToken"}
)
_WRITTEN = Operation(
    "put",
    f"{_CUSTOMS}/response/{{responseId}}",
    # An item without a name would bind and filter nothing.
    required=frozenset({"text", "title", "metadata.name"}),
    accepted=frozenset(_RESPONSE),
    query=_OF_AGENT,
)
_FILED = Operation(
    "put",
    f"{_CUSTOMS}/folder/{{folderId}}",
    required=frozenset({"name"}),
    accepted=frozenset(_FOLDER),
    query=_OF_AGENT,
)

DOCUMENTED: dict[str, Operation] = {
    "checkHealth": Operation("get", "/v1/health", answered=frozenset({"healthCheck"})),
    "createOrUpdateConversation": Operation(
        "post",
        _CONVERSATIONS,
        # The reference asks for the customer always, the guides only when a conversation begins.
        required=frozenset({"externalId", "timestamp", "customer.externalId", "agent.externalId"}),
        accepted=frozenset(_CONVERSATION - {"id"} | {"timestamp"}),
        answered=frozenset({"id"}),
    ),
    "getConversations": Operation(
        "get",
        _CONVERSATIONS,
        query=frozenset({"externalId"}),
        answered=_in("items", _CONVERSATION),
        refused=_READ_ONLY,
    ),
    "getConversation": Operation(
        "get", _ONE, answered=frozenset(_CONVERSATION), refused=_READ_ONLY
    ),
    "postAuthenticate": Operation(
        "post",
        f"{_ONE}/authenticate",
        success=204,
        required=frozenset({"customerExternalId", "auth"}),
        accepted=frozenset({"customerExternalId", "auth", "streamId"}),
        refused=_READ_ONLY,
    ),
    "createMessage": Operation(
        "post",
        f"{_ONE}/messages",
        required=frozenset(_MESSAGE_IN),
        accepted=frozenset(_MESSAGE_IN),
        answered=frozenset({"id"}),
    ),
    "getMessages": Operation("get", f"{_ONE}/messages", answered=_in("items", _MESSAGE_OUT)),
    "createBatchMessages": Operation(
        "post",
        f"{_ONE}/messages/batch",
        required=_in("messages", _MESSAGE_IN),
        accepted=_in("messages", _MESSAGE_IN),
    ),
    "getMessage": Operation(
        "get", f"{_ONE}/messages/{{messageId}}", answered=frozenset(_MESSAGE_OUT)
    ),
    "getMessagesByExternalId": Operation(
        "get",
        "/conversation/v1/conversation/messages",
        query=frozenset({"externalId"}),
        answered=_in("items", _MESSAGE_OUT),
    ),
    "getSuggestions": Operation(
        "post",
        "/autocompose/v1/conversations/{conversationId}/suggestions",
        required=frozenset(f"message.{name}" for name in _MESSAGE_IN),
        accepted=frozenset({"query"}) | _in("message", _MESSAGE_IN),
        answered=frozenset({"id", "message", "message.id"})
        | _in("suggestions", {"text", "templateText", "title"})
        | _in("phraseCompletion", {"text"})
        | _in("autopilotMessage", _AUTOPILOT),
    ),
    "createMessageSentEvent": Operation(
        "post",
        "/autocompose/v1/analytics/message-sent",
        # The reference asks for the conversation, too; the guides leave it out.
        required=frozenset({"messageId", "augmentationType"}),
        accepted=frozenset(_MESSAGE_SENT),
    ),
    "createMessageAnalyticEvent": Operation(
        "post",
        "/autocompose/v1/conversations/{conversationId}/message-analytic-events",
        required=frozenset({"type", "suggestionsId", *_NEEDED_DETAILS}),
        accepted=frozenset({"type", "suggestionsId", *_DETAILS, *_NEEDED_DETAILS}),
    ),
    "getSettings": Operation(
        "get",
        "/autocompose/v1/settings",
        query=frozenset({"agentId"}),
        answered=frozenset(_SWITCHES),
    ),
    "getAutopilotGreetings": Operation(
        "get", _AUTOPILOT_GREETINGS, query=frozenset({"agentId"}), answered=frozenset(_GREETINGS)
    ),
    "updateAutopilotGreetings": Operation(
        "put",
        _AUTOPILOT_GREETINGS,
        query=frozenset({"agentId"}),
        required=frozenset(_GREETINGS),
        accepted=frozenset(_GREETINGS),
        answered=frozenset(_GREETINGS),
    ),
    "getAutopilotGreetingsStatus": Operation(
        "get",
        f"{_AUTOPILOT_GREETINGS}/status",
        query=frozenset({"agentId"}),
        answered=frozenset({"enabled"}),
    ),
    "updateAutopilotGreetingsStatus": Operation(
        "put",
        f"{_AUTOPILOT_GREETINGS}/status",
        query=frozenset({"agentId"}),
        required=frozenset({"enabled"}),
        accepted=frozenset({"enabled"}),
        answered=frozenset({"enabled"}),
    ),
    "getEvaluation": Operation(
        "post",
        "/autocompose/v1/profanity/evaluation",
        required=frozenset({"text"}),
        accepted=frozenset({"text"}),
        answered=frozenset({"hasProfanity"}),
    ),
    "getSpellingCorrection": Operation(
        "post",
        "/autocompose/v1/spellcheck/correction",
        required=frozenset({"text", "typingEvent"})
        | _in("typingEvent", {"cursorStart", "cursorEnd"}),
        accepted=_in("typingEvent", {"cursorStart", "cursorEnd"}) | {"text", "userDictionary"},
        answered=frozenset({"id", "misspelledText", "correctedText", "position"}),
    ),
    "getGlobalResponses": Operation(
        "get",
        _GLOBALS,
        query=frozenset(_LISTED),
        answered=frozenset({"version", "version.id", "version.description"})
        | _in("responses", set(_LIST)),
    ),
    "getCustomResponseCollection": Operation(
        "get", _CUSTOMS, query=frozenset(_LISTED) | _OF_AGENT, answered=frozenset(_LIST)
    ),
    "addCustomResponse": _WRITTEN._replace(
        method="post", path=f"{_CUSTOMS}/response", answered=frozenset({"id", *_RESPONSE})
    ),
    "updateCustomResponse": _WRITTEN,
    "deleteCustomResponse": Operation("delete", _WRITTEN.path, query=_OF_AGENT),
    "addCustomResponseFolder": _FILED._replace(
        method="post", path=f"{_CUSTOMS}/folder", answered=frozenset({"id", *_FOLDER})
    ),
    "updateFolder": _FILED,
    "deleteFolder": Operation("delete", _FILED.path, query=_OF_AGENT),
    "listRedactionEntities": Operation(
        "get",
        _ENTITIES,
        query=frozenset({"cursor", "limit"}),
        answered=_in("redactionEntities", _ENTITY) | {"nextCursor", "prevCursor"},
    ),
    "getRedactionEntity": Operation(
        "get", f"{_ENTITIES}/{{entityId}}", answered=frozenset(_ENTITY)
    ),
    "updateRedactionEntity": Operation(
        "patch",
        f"{_ENTITIES}/{{entityId}}",
        required=frozenset({"policies"}),
        accepted=frozenset({"policies", *_POLICIES}),
        answered=frozenset(_ENTITY),
    ),
}
