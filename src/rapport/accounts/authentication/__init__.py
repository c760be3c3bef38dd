"""How keys and people prove who they are, for the guards of every route."""

from rapport.accounts.authentication.keys import KeyAuthenticator
from rapport.accounts.authentication.people import PersonAuthenticator, is_persons

__all__ = ["KeyAuthenticator", "PersonAuthenticator", "is_persons"]
