"""How keys and people prove who they are, for the guards of every route."""

from rapport.accounts.authentication.keys import KeyAuthenticator
from rapport.accounts.authentication.people import PersonAuthenticator

__all__ = ["KeyAuthenticator", "PersonAuthenticator"]
