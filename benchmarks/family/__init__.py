"""The family of adversarial objectives on Fashion-MNIST: `python -m benchmarks.family --help`."""
