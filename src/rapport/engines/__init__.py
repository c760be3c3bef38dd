"""Engines: computation that knows no database and no customer."""
