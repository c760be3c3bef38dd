"""Custom responses: what an agent wrote for itself."""
