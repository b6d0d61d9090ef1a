"""Where the package's own templates and schema lie: in a wheel, or in a checkout.

A wheel carries them in ``toolkit/share``; in a checkout (and an editable install)
they are the top-level folders ``templates`` and ``schema``.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def share(kind: str) -> Path:
    """Return the folder of the package's own ``templates`` or ``schema``.

    Args:
        kind: ``"templates"`` or ``"schema"``.

    Raises:
        FileNotFoundError: The package was installed without its data.
    """
    for folder in (_PACKAGE / "share" / kind, _PACKAGE.parent / kind):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"the folder {kind!r} of the package is missing; install the package again"
    )
