"""The HTTP edge: request ids, environments, guards and the one renderer of errors."""
