"""What is said: messages are redacted, made durable with their event, listed and marked."""
