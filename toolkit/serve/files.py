"""What the preview sends: files of the site, pages with a script that follows them."""

from __future__ import annotations

import html
import re
from mimetypes import MimeTypes
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from toolkit.serve.board import State

#: The folder of addresses that are the preview's own, not the site's.
OWN: Final = "/_preview/"
EVENTS: Final = f"{OWN}events"
HTML: Final = "text/html; charset=utf-8"

_HERE: Final = Path(__file__).parent
_OWN_FILES: Final = ("preview.css", "preview.js")
#: Types that not every version of the standard library knows, or names alike.
_TYPES: Final = {
    ".bib": "application/x-bibtex",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".ris": "application/x-research-info-systems",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_KNOWN: Final = MimeTypes()  # ours and Python's; those of the machine do not matter
_POLICY: Final = re.compile(
    r"""(http-equiv=["']?Content-Security-Policy["']?\s+content=["'])""", re.IGNORECASE
)
_HEAD_END: Final = "</head>"
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{title}</title>
</head>
<body>
<h1>{title}</h1>
<p>{words}</p>
<p><a href="/">The edition’s front page</a></p>
</body>
</html>
"""


def found(site: Path, address: str) -> Path | None:
    """Return the file that an address means; None: there is none.

    Nothing outside the site is found, whatever the address says and wherever links
    in the folder lead.

    Args:
        site: The folder that is shown.
        address: The path of a request, perhaps with a query.
    """
    path = unquote(urlsplit(address).path)
    if path.startswith(OWN):
        name = path.removeprefix(OWN)
        return _HERE / name if name in _OWN_FILES else None
    if not path.startswith("/") or "\0" in path or "\\" in path:
        return None
    try:
        whole = site.resolve()
        file = (whole / f".{path}").resolve()
        if file == whole:
            file = whole / "index.html"
        return file if file.is_relative_to(whole) and file.is_file() else None
    except (OSError, RuntimeError):  # a name too long, a link to itself
        return None


def type_of(file: Path) -> str:
    """Return the media type of a file, by its name."""
    suffix = file.suffix.lower()
    kind = _TYPES.get(suffix) or _KNOWN.guess_type(f"x{suffix}")[0]
    if kind is None:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def following(page: str, state: State) -> str:
    """Return a page with the script that loads it anew when it has changed.

    The page's own policy must allow the script to listen: an address of its own host.

    Args:
        page: The page as it is built.
        state: What the page shows.
    """
    ours = (
        f'<link rel="stylesheet" href="{OWN}preview.css"/>\n'
        f'<script src="{OWN}preview.js" data-events="{EVENTS}" '
        f'data-version="{html.escape(state.version)}" defer></script>\n'
    )
    page = _POLICY.sub(r"\1connect-src 'self'; ", page)
    head, end, rest = page.partition(_HEAD_END)
    return f"{head}{ours}{end}{rest}"


def message(title: str, words: str) -> str:
    """Return a page of the preview's own.

    Args:
        title: Its heading.
        words: What it says, plain text.
    """
    return _PAGE.format(title=html.escape(title), words=html.escape(words))
