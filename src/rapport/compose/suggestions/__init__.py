"""What an agent may say next: found, filled in, ranked."""
