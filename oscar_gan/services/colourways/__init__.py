"""Colourways and palettes: who owns them, which serve a product, tables, cloth."""
