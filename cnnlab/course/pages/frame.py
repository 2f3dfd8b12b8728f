"""What is around the text of a page: head, navigation, contents, and the page's own program."""

import re
from functools import cache
from html import escape
from pathlib import Path

from cnnlab.course import live
from cnnlab.course.pages.search import HEADING, words

_STATIC = Path(__file__).parent / "static"
_LINK = re.compile(r'href="(\d\d_[a-z0-9_]+)\.ipynb(#[^"]*)?"')
_SCROLLED = re.compile(r'<table\b.*?</table>|<math\b[^>]*display="block".*?</math>', re.DOTALL)
# Before anything is seen, so that a dark page does not start white.
_THEME = (
    'try { document.documentElement.dataset.theme = localStorage.getItem("cnnlab-theme")\n'
    '  ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"); } catch {}'
)


def page(title: str, body: str, links: str | None = None, alive: bool = False) -> str:
    """Make a whole page in the course's style.

    Parameters
    ----------
    title : str
    body : str
        HTML.
    links : str, optional
        Of the pages before and after, for both ends; without, the page is none of the course.
    alive : bool
        Whether there are explorers in it.
    """
    body = _LINK.sub(lambda match: f'href="{match[1]}.html{match[2] or ""}"', body)
    body = _SCROLLED.sub(r'<span class="scroll">\g<0></span>', body)
    home = "" if links is None else f'<a href="index.html">The course</a>{links}'
    search = home and (
        '<search><label for="search">Search the course</label> '
        '<input id="search" type="search" autocomplete="off" data-source="search.js">'
        '<div id="found" role="status"></div></search>'
    )
    theme = '<button type="button" id="theme" hidden>dark</button>'
    css = _style() + (live.style() if alive else "")
    foot = f'<nav aria-label="next pages">{home}</nav>\n' if links else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<script>{_THEME}</script>\n"
        f"<style>{css}</style>\n</head>\n<body>\n"
        f'<header><nav aria-label="course">{home}{theme}</nav>\n{search}</header>\n'
        f"<main>\n{body}\n</main>\n{foot}"
        f"<script>{_program()}</script>\n</body>\n</html>\n"
    )


def contents(body: str) -> str:
    """List the sections of a page, with links to them; nothing if there are few."""
    found = [match for match in HEADING.finditer(body) if match["level"] == "2"]
    if len(found) < 3:
        return ""
    items = "\n".join(
        f'<li><a href="#{match["id"]}">{escape(words(match["words"]))}</a></li>' for match in found
    )
    return (
        f'<details class="contents"><summary>On this page</summary>\n<ul>{items}</ul></details>\n'
    )


@cache
def _style() -> str:
    from pygments.formatters import HtmlFormatter

    light: str = HtmlFormatter(style="xcode").get_style_defs(".highlight")
    dark: str = HtmlFormatter(style="monokai").get_style_defs("[data-theme=dark] .highlight")
    return light + dark + (_STATIC / "page.css").read_text(encoding="utf-8")


@cache
def _program() -> str:
    return (_STATIC / "page.js").read_text(encoding="utf-8")
