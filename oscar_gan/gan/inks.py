"""Inks and their even mixtures: what a printer decides between at each position.

A woven check shows threads of two colours side by side; from afar they mix. So beside the pure
inks there are states that are half of one and half of another, and as sharply bounded.
"""

from itertools import combinations

import numpy as np

INKS = 4
MIXED = tuple(combinations(range(INKS), 2))
"""Pairs of inks of the mixed states, which follow the pure ones."""
STATES = INKS + len(MIXED)
WEIGHTS = np.zeros((STATES, INKS), np.float32)
"""(STATES, INKS): how much of each ink a state holds."""
WEIGHTS[:INKS] = np.eye(INKS)
for _state, _pair in enumerate(MIXED, INKS):
    WEIGHTS[_state, list(_pair)] = 0.5


def mixed(one: int, other: int) -> int:
    """The state that is half of one ink and half of another."""
    if one == other:
        return one
    return INKS + MIXED.index((min(one, other), max(one, other)))


MIXTURE = np.array([[mixed(i, j) for j in range(INKS)] for i in range(INKS)], np.uint8)
"""(INKS, INKS): the state of two inks that meet."""
