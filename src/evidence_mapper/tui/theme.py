"""Two calm themes, and the few colours with a meaning. Every meaning is also a word or a mark."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="evidence-dark",
    primary="#7fb0de",
    secondary="#9db7cf",
    accent="#e6c36a",
    foreground="#e8e6e1",
    background="#14181c",
    surface="#14181c",
    panel="#222a32",
    success="#8fd19e",
    warning="#e6c36a",
    error="#f0a08c",
    dark=True,
    variables={
        "em-dim": "#9aa5b0",
        "em-good": "#8fd19e",
        "em-bad": "#f2a391",
        "em-suggest": "#e6c36a",
        "em-cursor": "#2c3d50",
        "em-title": "#222a32",
        "em-key": "#8fbfe8",
    },
)

LIGHT: Final = Theme(
    name="evidence-light",
    primary="#1f5a96",
    secondary="#3d5c78",
    accent="#7a5900",
    foreground="#1b2127",
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#e8e5de",
    success="#1c6632",
    warning="#7a5900",
    error="#9c2f18",
    dark=False,
    variables={
        "em-dim": "#59636d",
        "em-good": "#1c6632",
        "em-bad": "#9c2f18",
        "em-suggest": "#7a5900",
        "em-cursor": "#cfe0f1",
        "em-title": "#e8e5de",
        "em-key": "#1f5a96",
    },
)

FALLBACK: Final[dict[str, str]] = {
    "em-dim": "ansi_bright_black",
    "em-good": "ansi_green",
    "em-bad": "ansi_red",
    "em-suggest": "ansi_yellow",
    "em-cursor": "ansi_blue",
    "em-title": "ansi_bright_black",
    "em-key": "ansi_cyan",
}
"""For Textual's own themes, which a person may pick in the command palette."""
