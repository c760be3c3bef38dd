"""The provider's two pages: say who you are; and carry an answer on by itself."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

_FIELDS = {"user": "User id", "email": "E-mail", "name": "Name", "fault": "Fault"}


def sign_in_page(action: str, kept: Mapping[str, str]) -> str:
    """Ask who signs in; what came with the request goes along."""
    shown = "".join(
        f'<p><label>{label} <input name="{name}"></label></p>' for name, label in _FIELDS.items()
    )
    form = f'<form method="post" action="{escape(action)}">{_hidden(kept)}{shown}'
    return f"<!doctype html><title>Provider</title><h1>Acme identity</h1>{form}<button>Sign in</button></form>"


def onward_page(action: str, fields: Mapping[str, str]) -> str:
    """Post an answer to whoever asked, without waiting for anybody."""
    form = f'<form method="post" action="{escape(action)}">{_hidden(fields)}</form>'
    return f"<!doctype html><title>Onward</title>{form}<script>document.forms[0].submit()</script>"


def _hidden(fields: Mapping[str, str]) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
