"""A shop's fork of the dashboard, with one view of its own."""
