"""Conversations: who takes part, what was said, and the events that say so."""

from rapport.conversations.credentials.routes import CredentialsController
from rapport.conversations.messages.routes import MessagesByExternalIdController, MessagesController
from rapport.conversations.record.routes import ConversationsController
from rapport.conversations.settings import ConversationSettings

controllers = [
    ConversationsController,
    MessagesController,
    MessagesByExternalIdController,
    CredentialsController,
]
sections = [ConversationSettings]
