"""Configuration: what companies decide about how Rapport works for them."""

from rapport.configuration.redaction.redactors import PolicyRedactors
from rapport.configuration.redaction.routes import controllers

__all__ = ["PolicyRedactors", "controllers"]
