"""A product form with the season, and a view that says so."""
