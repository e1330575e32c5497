"""Small plots as SVG, written by hand: a page with a title, and text on it."""

from collections.abc import Sequence
from html import escape


def text(x: float, y: float, words: str, ink: str = "#222", anchor: str = "start") -> str:
    """Some words; `anchor` is start, middle or end."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{ink}" text-anchor="{anchor}">{escape(words)}</text>'
    )


def page(title: str, marks: Sequence[str], width: int, height: int, left: int) -> str:
    """A white page with its title at `left`, and marks."""
    body = "\n".join(marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' font-family="sans-serif" font-size="12">\n<title>{escape(title)}</title>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f'<text x="{left}" y="24" font-size="15" fill="#222">{escape(title)}</text>\n'
        f"{body}\n</svg>\n"
    )
