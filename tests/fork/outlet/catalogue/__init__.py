"""Products with a season."""
