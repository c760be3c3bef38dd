"""Live delivery: the readers of the log at the other end of a socket (docs/protocol.md)."""
