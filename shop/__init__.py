"""The demo shop: settings and wiring, no business logic."""
