"""Client settings: which help an agent gets, switched by the company and for single agents."""

from rapport.compose.switches.board import SwitchBoard, Switches

__all__ = ["SwitchBoard", "Switches"]
