"""The dashboard, forked so that Oscar finds the fork below it."""
