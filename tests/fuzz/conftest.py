"""Say at the end of `make fuzz` how much was tried."""

from __future__ import annotations

from .trying import EXAMPLES, counts


def pytest_terminal_summary(terminalreporter) -> None:
    if not EXAMPLES or not counts:
        return
    terminalreporter.section("inputs tried")
    for name in sorted({name for name, _ending in counts}):
        taken, refused = counts[name, "taken"], counts[name, "refused"]
        terminalreporter.write_line(f"{name:56} {taken:7,} taken {refused:7,} refused")
    terminalreporter.write_line(f"{sum(counts.values()):,} inputs in all")
