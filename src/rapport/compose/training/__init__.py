"""What a company's models learn from its conversations: training, versions, and going back."""
