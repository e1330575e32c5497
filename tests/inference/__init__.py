"""Tests of ONNX sessions, the analyser and the shipped weights."""
