"""Comparing: a challenger measured beside the champion and `classic` before anyone may promote it.

Cases come from the frozen bench and from the shop's own photos that no training saw (shadow);
every generator makes the same pictures of them; what is measured, the limits and the statistics
are told in docs/comparing.md.
"""

from .running import compare
from .shadow import manifest_for
from .showing import FOLDER

__all__ = ["FOLDER", "compare", "manifest_for"]
