"""What agents made of the help they got: reported message by message, counted day by day."""
