"""`python -m rapport`: the command line."""

from rapport.cli import app

app()
