"""For who keeps the shop running: doctor, health endpoints, metrics. docs/operations.md."""
