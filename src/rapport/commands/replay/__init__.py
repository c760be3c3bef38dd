"""`rapport replay`: recorded conversations played through a running installation."""

from rapport.commands.replay.command import replay

__all__ = ["replay"]
