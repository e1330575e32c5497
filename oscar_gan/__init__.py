"""Colour variants of product photos for django-oscar."""

__version__ = "0.1.0"
