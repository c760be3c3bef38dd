"""The desk: what agents and supervisors see and do over HTTP; what happens comes over the live protocol."""

from rapport.desk.routes import DeskController

controllers = [DeskController]
