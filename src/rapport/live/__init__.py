"""Live delivery: the readers of the log that sit at the other end of a socket (docs/protocol.md)."""
