"""A shop under faults: workers killed in every phase, servers cut off; then all is counted."""
