"""Tests of the training lab; skipped where torch is not installed."""
