"""A little shop that forked Oscar's `catalogue`, `dashboard` and `dashboard.catalogue`."""
