"""A season in a shop whose new sort of product the shipped generator does badly (`make season`).

The pictures are renders of our own with exact outlines, so what simulated staff decide can be
worked out, and what a training is worth can be measured on photos that nobody ever decided about.
"""
