"""What an agent goes on to write: phrases of the company's lists, as often as agents use them."""
