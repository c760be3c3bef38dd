"""Channels: how customers reach a company. The first is the chat on its web pages."""

from rapport.channels.authentication import CustomerAuthenticator
from rapport.channels.chat.live import protocol
from rapport.channels.chat.routes import ChatController
from rapport.channels.chat.sessions import Chat
from rapport.channels.cors import OpenToPages
from rapport.channels.identity.bearer import Companies
from rapport.channels.identity.recognising import Registrar
from rapport.channels.identity.routes import (
    IdentityKeysController,
    IdentityPolicyController,
    SimulatedLoginsController,
)
from rapport.channels.settings import ChatSettings
from rapport.channels.tokens import CustomerTokens

controllers = [
    ChatController,
    IdentityKeysController,
    IdentityPolicyController,
    SimulatedLoginsController,
]
sections = [ChatSettings]

__all__ = [
    "Chat",
    "ChatSettings",
    "Companies",
    "CustomerAuthenticator",
    "CustomerTokens",
    "OpenToPages",
    "Registrar",
    "controllers",
    "protocol",
    "sections",
]
